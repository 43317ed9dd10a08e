"""Several things at once that the dialogue spoke of one by one: "close them both", 把它们都关上.

They are the things of the last calls, not all that the car has. Where these calls worked different
functions, or one function cannot be given just these places, nobody can tell here: it is asked.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

import re
from collections.abc import Sequence
from typing import cast

import msgspec

from edgewise.core.call import Call
from edgewise.core.capability import Capability, Kind
from edgewise.core.label import join as join_labels
from edgewise.core.regex import regex
from edgewise.core.signal import JsonValue
from edgewise.core.zone import SINGLE_ZONES, Zone, members
from edgewise.think.understanding.normalise import Normal

_VERB_EN = r"(?:turn|switch|shut|put|open|close|start|stop|enable|disable|lock|unlock|raise|lower)"
_WAY = r"(?: (?:on|off|up|down|again|back|now|please|halfway|all the way))*"
_SAID = regex(
    rf"(?:please |and |then |now |just )*{_VERB_EN}(?: on| off| up| down)? (?P<en>(?P<two>them both|both(?: of (?:them|these|those))?)|them all|all of (?:them|these|those)){_WAY}"
    r"|(?:请|帮我|再)*(?:把|将)?(?P<zh>(?P<two_zh>(?:它们|这|那)?(?:两[个扇]|俩))|它们)(?:都|全都?|一起|也)*(?:给我)?(?:打开|开启|关上|关闭|关掉|锁上|解锁|升起|降下|[开关锁])(?:一半|了|吧|上|起来)*"
)


def singular(clause: Normal) -> tuple[Normal, bool] | None:
    """ "Close them both" as "close it", and whether it is said of two; `None` for other clauses."""
    plain = clause.plain.strip(" ,.!?")
    match = _SAID.fullmatch(plain)
    if match is None:
        return None
    group = "en" if match["en"] else "zh"
    start, end = match.span(group)
    said = plain[:start] + ("it" if group == "en" else "它") + plain[end:]
    said = said if group == "en" else re.sub(r"(?<=它)(?:都|全都?|一起|也)+", "", said)
    return Normal(said, said), bool(match["two"] or match["two_zh"])


def gathered(calls: Sequence[Call], capability: Capability, *, two: bool) -> Call | None:
    """The last of `calls` on all places that the last calls named, of two the last two; as it is
    when it names none or several itself; `None` when these are not two or more of one function."""
    argument = next((a for a in capability.arguments if a.kind in (Kind.ZONE, Kind.ZONES)), None)
    last = calls[-1]
    if argument is None:
        return None
    named = _zones(last.arguments.get(argument.name))
    if len(named) > 1 or (not named and not two):
        return last
    used = [last]
    for call in reversed(calls[:-1]):
        if two and len(named) > 1:
            break
        if call.capability != last.capability:
            if two:
                return None
            continue
        named |= _zones(call.arguments.get(argument.name))
        used.append(call)
    value = _value(named, argument.kind)
    if len(named) < 2 or (two and len(named) != 2) or value is None:
        return None
    label = join_labels(tuple(call.label_of(argument.name) for call in used))
    return msgspec.structs.replace(
        last,
        arguments=last.arguments | {argument.name: value},
        labels=last.labels | {argument.name: label},
    )


def _zones(value: JsonValue) -> set[Zone]:
    if value is None:
        return set()
    entries = cast("list[JsonValue]", value) if isinstance(value, list) else [value]
    return {zone for entry in entries for zone in members(Zone(str(entry)))}


def _value(zones: set[Zone], kind: Kind) -> JsonValue:
    """The zones as the argument takes them; `None` where it cannot take just these."""
    if kind is Kind.ZONES:
        return [zone.value for zone in SINGLE_ZONES if zone in zones]
    groups = (Zone.FRONT, Zone.REAR, Zone.ALL)
    return next((group.value for group in groups if set(members(group)) == zones), None)
