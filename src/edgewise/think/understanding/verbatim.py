"""Somebody's own words inside an order: a message's text, a title in quotation marks.

What stands behind 说, a colon, "that" or "saying" in a message is its text to the last word, and
what a title's marks hold is its name. Neither says what shall be done: the function, a denial and
a question are read from the rest.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

import re
from dataclasses import dataclass

from edgewise.core.regex import regex
from edgewise.think.understanding.normalise import QUOTES, Normal

_COLON = r"(?:(?<!\d):|:(?!\d)) ?"
_DICTATED = regex(
    r"(?:(?:(?:text|message|sms|wechat|email|e-mail|mail)(?! back)|tell(?! me\b)|let(?! me\b| us\b)) [^:,;.!?]{1,40}?|(?:reply|respond|(?:text|write|message) back)(?: to [^:,;.!?]{1,30}?)?"
    r"|(?:send|write|shoot|drop) [^:,;.!?]{0,40}?\b(?:text|text message|message|sms|wechat|email|e-mail|mail|line)\b[^:,;.!?]{0,40}?)"
    rf"(?: ?{_COLON}| (?:saying that|saying|that says|to say|(?:know )?that)\b[:,]? ?)(?=\S)"
    r"|(?:给|向|[把将])?[^:,]{0,12}?(?:发|写|编辑|回)(?:送|个|条|一条|一封|一个|封)?(?:短信|消息|微信消息|微信|电子邮件|邮件|信息)[^:,说]{0,12}?,?(?:说|内容是|内容)[:,]?(?=.)"
    rf"|(?:给|向)?[^:,]{{0,12}}?(?:发|写|编辑|回|告诉(?!我)|转告|通知)[^:]{{0,24}}?{_COLON}(?=.)"
    r"|(?:给|向)[^:, ]{1,12}?发(?:送|个|条|一条|一个)?(?:短信|消息|微信消息|微信|信息) (?=.)"
    r"|(?:跟|和|告诉|转告|通知|回复)(?!我)[^:,]{1,8}?说(?:一声|一下)?[:,]?(?=.)|回复(?!我)[^:,]{0,8}?"
    rf"{_COLON}(?=.)|(?:告诉|转告)(?!我)[^:,说]{{1,3}},(?=.)"
)
_CONTRAST = regex(
    r",? (?:and |but )?not (?:the|my|on|in|by) [a-z' ]{2,30}$|,?(?:而)?不是[^,]{1,8}$"
)
"""What is named in order to be left alone: "turn off the music, not the AC"."""
_TITLE = regex(r"《[^》]+》|\"[^\"]+\"")
_COURTESY = regex(r"(?:please |can you |could you |and |then |请你?|麻烦你?|帮我|再|然后)*")


@dataclass(frozen=True, slots=True)
class Dictation:
    """An order to send something (`order`) and the text to send (`body`), as it was said."""

    order: Normal
    body: str


def dictation(clause: Normal) -> Dictation | None:
    """The two halves of a clause that dictates a message; `None` when it dictates none."""
    at = dictated_from(clause.plain)
    if at is None:
        return None
    head = clause.cut(0, at)
    end = len(
        re.sub(r"(?:[:, ]|说|saying that|saying|that says|to say|that|内容是?)+$", "", head.plain)
    )
    body = clause.text[at:].strip(" " + QUOTES)
    return Dictation(head.cut(0, end), body) if body else None


def dictated_from(plain: str) -> int | None:
    """Where the text of a dictated message starts in a clause."""
    opening = _COURTESY.match(plain)
    match = _DICTATED.match(plain, opening.end() if opening else 0)
    return match.end() if match else None


def titles(plain: str) -> list[tuple[int, int]]:
    """Where titles stand, with their marks."""
    return [match.span() for match in _TITLE.finditer(plain)]


def for_model(plain: str) -> str:
    """A clause as the command model reads it: a dictated text is another one, whose words order
    nothing; titles stay, as they tell a song from a street."""
    said = dictation(Normal(plain, plain))
    if said is None:
        return _CONTRAST.sub("", plain) or plain
    return f"{said.order.plain}: ok" if plain.isascii() else f"{said.order.plain}说好的"


def without_titles(plain: str) -> str:
    """A clause with blanks where titles stand: nothing in them is named for what it is."""
    return _TITLE.sub(lambda match: " " * len(match.group()), plain)


def order_of(plain: str) -> str:
    """What of a clause says what shall be done: without a message's text and without titles."""
    said = dictation(Normal(plain, plain))
    return _TITLE.sub(" ", said.order.plain if said else plain).strip()
