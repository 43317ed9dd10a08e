"""What an order leaves out: "all the windows but mine", 除主驾外的所有窗户.

The words of an exception are taken out of their clause, which is then read as if they were not
there; the zones that they name are taken from those of the call. Where that leaves no zones that
the function can be given, the call is dropped and the person is asked: what was excepted is never
moved, and neither is all of it.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

import re
from dataclasses import replace
from typing import cast

import msgspec

from edgewise.core.capability import Argument, Capability, Kind
from edgewise.core.regex import regex
from edgewise.core.signal import JsonValue
from edgewise.core.thought import MessageKind
from edgewise.core.zone import SINGLE_ZONES, Zone, members
from edgewise.think.understanding import words as say
from edgewise.think.understanding.join import Part
from edgewise.think.understanding.normalise import Normal
from edgewise.think.understanding.things import find_things
from edgewise.think.understanding.zones import find_places

_NOT_DEED = r"(?<![删解免排去清消扫开])除(?![霜雾冰味尘湿])"
_KEPT = r"(?:(?:keep|leave)|(?:do not|don'?t) (?:touch|open|close|shut|move|turn (?:on|off)|heat|cool|lock|unlock|change|include))"
_NAMED = regex(
    rf"{_NOT_DEED}了?[^,]{{1,12}}?(?:以外|之外|外(?![循边面后]))的?,?"
    rf"|{_NOT_DEED}了[^,]{{1,12}}?(?:,|(?=其他|其它|别的|剩|另外|所有|全部|都|$))"
    r"|,? ?(?:(?:with the )?except(?:ion of|ing)?(?: for| from)?|apart from|aside from|other than|excluding|save for) [^,;.]+,?"
    r"|(?<=\w),? (?:but|just|only)? ?(?<!or )(?<!if )(?<!why )not (?!too\b|so\b|that\b|very\b|all the way\b|more\b|less\b|yet\b|now\b|completely\b|fully\b|quite\b)(?=(?:the|my|mine|on|in|for|at)\b)[^,;.]+"
    rf"|,? but {_KEPT} [^,;.]+"
    r"|(?<=\w) but (?=(?:the|my|mine)\b)[^,;.]+"
    r"|,?(?:但是?|不过|可是?|只是|就)[^,]{0,10}?(?:别|不要|不用|不包括|除外|例外)[^,]{0,10}$"
    r"|,[^,]{1,8}(?:除外|例外|的?(?:不要|别动|不用|不算|别[开关动锁]))$"
    r"|(?<=[窗门灯热风户乐调])(?:而)?(?:不|别|不要)[开关锁动][^,]{1,6}$"
)
"""An exception and the words that lead to it."""
_TAIL = regex(
    rf"(?:but )?(?:not\b|{_KEPT}\b|except|apart from|aside from|other than|excluding|save for)"
    r"|(?:但是?|不过|可是?|只是|就)?(?:除了|别|不要|不用|不包括)|(?:但是?|不过|可是?|只是|就)?[^,]{1,8}(?:除外|例外|不要|别动|不用|不算|别[开关])"
)
_HEAD = regex(
    rf"{_NOT_DEED}了?[^,]{{1,12}}|(?:except(?:ing)?(?: for)?|apart from|aside from|other than) [^,]+"
)
_NO_MORE = regex(
    r"\b(?:but|just|not|do|don'?t|keep|leave|touch|open|close|closed|shut|move|turn|on|off|heat|cool|lock|locked|unlock|unlocked|change|include|except(?:ing)?|apart|aside|from|other|than|excluding|save|for|"
    r"the|my|of|in|at|one|ones|alone|as|it|they|is|are|side|windows?|seats?|doors?|lights?|please)\b|['’]s?"
    r"|但是?|不过|可是?|只是|就|除了|以外|之外|外|别|不要|不用|不包括|除外|例外|动|算|打开|关上|关掉|关闭|开|关|把|的|那|这|边|个|扇|车窗|窗户|窗|座椅|座位|车门|门|阅读灯|灯|加热|通风|了|[ ,.!]"
)
_THINGS = (
    regex(r"\bwindows?\b|窗"), regex(r"\bseats?\b|座椅|座位|加热|通风"),
    regex(r"\bdoors?\b|门"), regex(r"\blights?\b|灯"),
)  # fmt: skip
_SIDE = regex(r"\bside\b|边|侧")
"""A place that may be unknown: "not on the kid's side"."""
WHOSE = regex(
    r"(?:\b(?:my |the |our )?(?:kids?|child|children|baby|wife|husband|mom|mum|dad|son|daughter|mother|father|friend)(?:'s|s') (?:side|seat|window|one)\b(?! lock)"
    r"|(?:孩子|小孩|宝宝|老婆|老公|妈妈|爸爸|儿子|女儿|朋友)(?:的|那|这)?(?:边|侧|座位|位置))"
)
"""The side of somebody of whom nobody knows where he sits."""
_SOME = regex(r"\b(?:all|every\w*|both|windows|seats|doors|lights)\b|所有|全部|都|全车|两|每|四")


def trails(before: str, tail: str) -> bool:
    """Whether `tail` only names what the order `before` it leaves out: "but keep mine closed"."""
    tail = tail.strip(" ,.!?")
    if _TAIL.match(tail) is None:
        return False
    if re.match(r"(?:但是?|不过)?除了|except|apart|aside|other than|excluding|save for", tail):
        return True
    if re.match(r"(?:but )?not (?:the|my|mine)\b", tail) and (
        of_another_thing(before, tail) or _only_places(tail)
    ):
        return True
    several = _SOME.search(before) is not None or _is_group(before)
    return several and _only_places(tail) and _same_thing(before, tail)


def leads(head: str) -> bool:
    """Whether a part names nothing but what the next one shall leave out: 除了副驾."""
    return _HEAD.fullmatch(head.strip(" ,.!?")) is not None


def without_exception(clause: Normal) -> tuple[Normal, str]:
    """A clause without the words of its exception, and those words; empty when it has none."""
    for match in _NAMED.finditer(clause.plain):
        start, end = match.span()
        words = clause.plain[start:end]
        named = (
            find_places(words)
            or _SIDE.search(words)
            or of_another_thing(clause.plain[:start], words)
        )
        if named or not _only_optional(words):
            kept = Normal(clause.text[:start] + clause.text[end:], clause.plain[:start] + clause.plain[end:])  # fmt: skip
            return kept.cut(0, len(kept.plain)), words
    return clause, ""


def of_another_thing(order: str, exception: str) -> bool:
    """Whether what is not meant is no part of what is ordered: "turn off the music, not the AC"."""
    ordered = {thing.name for thing in find_things(order)}
    excepted = {thing.name for thing in find_things(exception)}
    return (
        bool(ordered and excepted) and not excepted & ordered and _NOT.match(exception) is not None
    )


_NOT = regex(r"[ ,]*(?:but |just |only )?not\b|[,而]*(?:但|可|不过)?(?:不|别|不要)")


def left_out(part: Part, words: str, capability: Capability, speaker: Zone | None) -> Part:
    """The part with its call on exactly the zones that `words` do not except; a question to the
    person where the function cannot be given these."""
    assert part.call is not None
    argument = next((a for a in capability.arguments if a.kind in (Kind.ZONE, Kind.ZONES)), None)
    found = _others(part, argument, words, speaker)
    if argument is None or found is None:
        return replace(part, kind=MessageKind.UNKNOWN, call=None, question=say.NO_EXCEPTIONS)
    arguments = part.call.arguments | {argument.name: found}
    return replace(part, call=msgspec.structs.replace(part.call, arguments=arguments))


def _others(part: Part, argument: Argument | None, words: str, speaker: Zone | None) -> JsonValue:
    """The zones of the call but for those that `words` name, as the argument takes them."""
    if part.call is None or argument is None:
        return None
    named: JsonValue = part.call.arguments.get(argument.name, Zone.ALL.value)
    entries = cast("list[JsonValue]", named) if isinstance(named, list) else [named]
    base = {zone for entry in entries for zone in members(Zone(str(entry)))}
    spared = {zone for place in find_places(words, speaker) for zone in place.zones}
    rest = [zone for zone in SINGLE_ZONES if zone in base - spared]
    if spared and not spared & base and _NOT.match(words):
        return cast("JsonValue", named)  # "the left ones, not the right one" leaves nothing out
    if not spared & base or not rest:
        return None
    group = next((g for g in (Zone.FRONT, Zone.REAR) if list(members(g)) == rest), None)
    if argument.kind is Kind.ZONES:
        return [group.value] if group else [zone.value for zone in rest]
    if group or len(rest) == 1:
        return (group or rest[0]).value
    return None


def _only_optional(words: str) -> bool:
    """Whether the words may as well speak of another thing than of a part of the first:
    "but not the fan"."""
    return re.match(r",? ?(?:(?:but|just|only)? ?not\b|but\b)|,?[但不可只就]|,", words) is not None


def _is_group(plain: str) -> bool:
    return any(len(place.zones) > 1 for place in find_places(plain))


def _only_places(tail: str) -> bool:
    """Whether nothing is left of the words but places."""
    rest, unknown = WHOSE.subn(" ", tail)
    places = find_places(rest)
    for place in reversed(places):
        rest = rest[: place.start] + " " + rest[place.end :]
    return bool(places or unknown) and not re.sub(r"\W", "", _NO_MORE.sub(" ", rest))


def _same_thing(before: str, tail: str) -> bool:
    """Whether the tail names no other kind of thing than the order before it."""
    return all(thing.search(before) for thing in _THINGS if thing.search(tail))
