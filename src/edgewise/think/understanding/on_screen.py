"""Orders to type or tap on a screen, read from their first words: "type I am here, open the sunroof
in the message field", 在搜索框输入“你好”然后点击发送.

What follows an order to type is text to its last word, and never another command; with quotation
marks the text is what they hold, and only what stands behind the closing one may be another clause.
A field is named at the end ("in the X field", "into X") or before (在X中输入). The name of what is
tapped ends where another step or order begins. It knows no screen.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

import re
from collections.abc import Sequence
from dataclasses import dataclass

from edgewise.core.regex import regex
from edgewise.core.signal import JsonValue
from edgewise.think.understanding.clauses import begins_with_verb
from edgewise.think.understanding.normalise import Normal
from edgewise.think.understanding.screen_heads import (
    BUTTON,
    CLEAR,
    FIELD_EN,
    FIELD_ZH,
    LATIN,
    PAGES,
    PLAIN_STEPS,
    POLITE,
    SCROLL,
    TAP,
    TYPE,
    WRITE_ZH,
)

_BEHIND = regex(
    rf" ?(?:,? ?(?:in|into|in to|on)(?:to)? (?P<en>{FIELD_EN})|(?:输入|填|写|打)?(?:到|进|在)(?P<zh>{FIELD_ZH})(?:里面?|中|内)?)"
)
_AT_END = regex(
    rf"(?P<text>.+) (?:in|into|in to)(?:to)? (?P<en>{FIELD_EN})(?: please)?[ .!]*$"
    rf"|(?P<text2>.+) into (?P<into>(?:the |my )?(?:[\w-]+ ){{0,2}}[\w-]+)[ .!]*$"
    rf"|(?P<text3>.+?)(?:到|进)(?P<zh>{FIELD_ZH})(?:里面?|中|内)?[ .!]*$"
)
_AND_THEN = regex(
    rf"(?:,| and| then)(?: and| then)* (?:tap|click|press|hit|submit) |(?:然后|接着|再|并|,)(?:再)?(?:点击|点一下|按一下|按下|按|点(?=发送|确[定认]|搜索|提交|登[录陆]|下一步|{LATIN})|回车)"
)
"""A step behind words without marks: which of them are to be typed is not known."""
_CLOSING = {'"': '"', "“": "”", "”": "”", "「": "」", "『": "』", "'": "'", "‘": "’", "’": "’"}
_NEXT = regex(
    r"[ .!。！]*$|[ ,.;!]*(?:please|thanks|thank you|谢谢)[ .!]*$|[ ,.;]*(?:(?:and then|and|then)(?![a-z])|然后|接着|再|并且?)[ ,]*|[ ]*[,.;][ ]*"
)
"""What may stand behind a closing mark: nothing, or what leads to another clause."""
_TO = regex(r"[^,;\"]+?(?=[ .!?]*$)")
_NO_ORDER = regex(r"[吧吗]$")
_AND = regex(
    r",? (?P<then>and then|then) |(?P<also>,? and )|(?P<ended>[,;.] ?)|[ ,]*(?P<then_zh>然后|接着|之后再?)[ ,]*|(?P<also_zh>再|并且?)"
)
"""What may join a step and another clause, or two words of one name."""


@dataclass(frozen=True, slots=True)
class ScreenOrder:
    """The arguments of `gui.act`, and what is still to be read behind it."""

    arguments: dict[str, JsonValue]
    rest: Normal


def screen_order(said: Normal, *, behind: bool = False) -> ScreenOrder | None:
    """What `said` orders on a screen if it begins with such an order; `behind` another step also
    the mere name of a button: "and close"."""
    found = _typed(said) or _plain_step(said) or _cleared(said) or _tapped(said)
    return found or (_button(said) if behind else None)


def begins_on_screen(said: Normal) -> bool:
    """Whether `said` begins as an order to type or tap, whatever comes of it: it is no question for
    a language model."""
    begin = TYPE.match(said.plain)
    return TAP.match(said.plain) is not None or (begin is not None and not begin["named"])


def step_within(said: Normal, *, typed: bool) -> tuple[int, int] | None:
    """Where a clause ends behind which an order to type begins, or unless only what is `typed` is
    looked for one to touch, and where that begins; what stands from there is read by
    `screen_order`."""
    for link in _LINKS.finditer(said.plain):
        rest = said.cut(link.end(), len(said.plain))
        if _HEADS.match(rest.plain) and _typed(rest) is not None:
            return link.span()
        touches = _TOUCHES.match(rest.plain) and not _is_named(said, link.end())
        if not typed and touches and screen_order(rest) is not None:
            return link.span()
    return None


def is_of_page(order: ScreenOrder, before: Sequence[str]) -> bool:
    """Whether an order that stands behind calls of the capabilities `before` is one to the screen:
    "navigate to work, then go back" does not mean a page."""
    return order.arguments.get("action") != "back" or not before or before[-1] in PAGES


_LINKS = regex(
    r"[,.;!?] ?(?:and |then |然后|再)*| (?:and|then|and then) |然后|接着|再(?=在|输入|填|点|长?按|清空)|并(?=在|输入|填|点击|长按|清空)"
)
_HEADS = regex(
    r"(?:please |then |请)*(?:type |enter |write |fill |in(?:to)? the |在|往|输入|填写|键入)"
)
_TOUCHES = regex(rf"{TAP.pattern}|{CLEAR.pattern.replace('?P<', '?P<c_')}")


def _is_named(said: Normal, at: int) -> bool:
    """Whether the word there is written as part of a name: "Save and Close"."""
    return at > 0 and said.text[at : at + 1].isupper()


def _typed(said: Normal) -> ScreenOrder | None:
    begin = TYPE.match(said.plain)
    if begin is None:
        return _put_into(said)
    field = next(
        (
            said.text[slice(*begin.span(name))]
            for name in ("f1", "f2", "f3", "f4", "f5", "f6")
            if begin[name]
        ),
        "",
    )
    start = begin.end()
    found = _marked(said, start)
    if found is not None:
        text, target, rest = found
        if begin["named"] and not target:
            return None
        return ScreenOrder(_type(text, target or field), rest)
    text = said.text[start:].strip(_SPACES)
    at_end = None if field else _AT_END.match(said.plain, start)
    if at_end is not None:
        name = next(n for n in ("text", "text2", "text3") if at_end[n])
        of = next(n for n in ("en", "into", "zh") if at_end[n])
        field = said.text[slice(*at_end.span(of))]
        text = said.text[slice(*at_end.span(name))].strip(_SPACES)
    if begin["named"] and not field:
        return None
    several = _AND_THEN.search(said.plain, start) is not None
    if several and at_end is None:
        return ScreenOrder({"action": "enter", "text": text}, _NOTHING)
    return ScreenOrder(_type(text, field), _NOTHING)


def _put_into(said: Normal) -> ScreenOrder | None:
    match = _PUT.match(said.plain)
    if match is None:
        return None
    text = said.text[slice(*match.span("text"))].strip(_SPACES + "".join(_CLOSING))
    return ScreenOrder(_type(text, said.text[slice(*match.span("field"))]), _NOTHING)


_PUT = regex(
    rf"{POLITE}[把将](?P<text>.+?)(?:输入|填写?|写|打)(?:到|进|在)(?P<field>{FIELD_ZH})(?:里面?|中|内)?[ .!]*$"
)


def _marked(said: Normal, start: int) -> tuple[str, str, Normal] | None:
    """The text in quotation marks from `start`, the field named behind it, and what follows."""
    closing = _CLOSING.get(said.text[start : start + 1])
    if closing is None:
        return None
    kinds = closing if closing != "”" else '”“"'
    for at in range(start + 1, len(said.text)):
        if said.text[at] not in kinds:
            continue
        behind = at + 1
        field = _BEHIND.match(said.plain, behind)
        target = ""
        if field is not None:
            target = said.text[slice(*field.span("en" if field["en"] else "zh"))]
            behind = field.end()
        after = _NEXT.match(said.plain, behind)
        if after is not None:
            rest = said.cut(after.end(), len(said.plain))
            return said.text[start + 1 : at], target, rest
    return None


def _type(text: str, target: str) -> dict[str, JsonValue]:
    said: dict[str, JsonValue] = {"action": "type"}
    if target:
        said["target"] = _named(target)
    if text:
        said["text"] = text
    return said


def _named(words: str) -> str:
    return re.sub(r"^(?:the|my|this|that) ", "", words.strip(_SPACES), flags=re.IGNORECASE)


def _plain_step(said: Normal) -> ScreenOrder | None:
    for pattern, action in PLAIN_STEPS:
        found = _whole(pattern, said)
        if found is not None:
            return ScreenOrder({"action": action}, found[1])
    scroll = _whole(SCROLL, said)
    if scroll is None:
        return None
    way = next((scroll[0][name] for name in ("en", "zh", "zh2", "zh3") if scroll[0][name]), "下")
    return ScreenOrder({"action": "scroll", "target": way}, scroll[1])


def _cleared(said: Normal) -> ScreenOrder | None:
    found = _whole(CLEAR, said)
    if found is None:
        return None
    name = next((name for name in ("en", "zh", "zh2") if found[0][name]), "")
    field = _named(said.text[slice(*found[0].span(name))]) if name else ""
    return ScreenOrder({"action": "clear"} | ({"target": field} if field else {}), found[1])


def _whole(pattern: re.Pattern[str], said: Normal) -> tuple[re.Match[str], Normal] | None:
    """What `said` begins with, if nothing stands behind it or what leads to another clause, and
    that."""
    found = pattern.match(said.plain)
    after = _NEXT.match(said.plain, found.end()) if found is not None else None
    if found is None or after is None:
        return None
    return found, said.cut(after.end(), len(said.plain))


def _button(said: Normal) -> ScreenOrder | None:
    name = BUTTON.match(said.plain)
    if name is None or said.text[:1].isupper():
        return None
    return ScreenOrder({"action": "tap", "target": said.text[slice(*name.span("name"))]}, _NOTHING)


def _tapped(said: Normal) -> ScreenOrder | None:
    begin = TAP.match(said.plain)
    if begin is None:
        return None
    action, start = "long_press" if begin["hold"] else "tap", begin.end()
    marked = _marked(said, start)
    if marked is not None:
        return ScreenOrder({"action": action, "target": marked[0]}, marked[2])
    end, rest = _name_from(said, start)
    to = _TO.match(said.plain[:end], start)
    if to is None:
        return None if said.plain[start:].strip() else ScreenOrder({"action": action}, _NOTHING)
    if _NO_ORDER.search(to[0]):
        return None
    return ScreenOrder({"action": action, "target": said.text[to.start() : to.end()]}, rest)


def _name_from(said: Normal, start: int) -> tuple[int, Normal]:
    """Where a name without marks ends, and the clause that follows it, if one does: "Terms and
    Conditions" is a name, "post and then tap Help" are two steps."""
    for link in _AND.finditer(said.plain, start):
        rest = said.cut(link.end(), len(said.plain))
        if rest.plain and link.start() > start and _is_clause(said, link, rest):
            return link.start(), rest
    return len(said.plain), _NOTHING


def _is_clause(said: Normal, link: re.Match[str], rest: Normal) -> bool:
    """Whether another clause stands behind a link and not more of a name."""
    if link["then"] or link["then_zh"] or link["ended"]:
        return True
    if link["also"] and _is_named(said, link.end()):
        return False
    step = TAP.match(rest.plain) or _TYPES.match(rest.plain) or BUTTON.match(rest.plain)
    if step or _plain_step(rest) is not None or _cleared(rest) is not None:
        return True
    words = len(rest.plain.split()) if rest.plain.isascii() else len(rest.plain)
    return words > 1 and begins_with_verb(rest.plain)


_TYPES = regex(rf"{POLITE}(?:type |{WRITE_ZH}|[在往][^,.;]{{1,16}}{WRITE_ZH})")
_NOTHING = Normal("", "")
_SPACES = " ,.;:，。；："
