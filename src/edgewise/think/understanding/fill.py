"""Typed arguments of a call from the words of its clause, driven by the declaration.

Each kind of argument has one filler (`switches.py`, `amounts.py`, `spans.py`, `times.py`). What the
words do not say is left out: the declaration's default holds or the device asks.
"""

from dataclasses import dataclass

from edgewise.core.capability import Argument, Kind
from edgewise.core.regex import regex
from edgewise.core.signal import JsonValue
from edgewise.core.zone import Zone
from edgewise.think.understanding.amounts import number_of
from edgewise.think.understanding.courtesy import strip_courtesy
from edgewise.think.understanding.declared import Declared
from edgewise.think.understanding.normalise import Normal
from edgewise.think.understanding.reading import Reading, read_clause
from edgewise.think.understanding.shapes import SHAPES
from edgewise.think.understanding.shapes_told import moves
from edgewise.think.understanding.switches import boolean_of, choice_of, choices_of
from edgewise.think.understanding.zones import many_zones, one_zone


@dataclass(frozen=True, slots=True)
class Filled:
    """Arguments as far as the words give them; `doubt` says why a person must be asked first."""

    arguments: dict[str, JsonValue]
    doubt: str = ""


def fill(
    declared: Declared, clause: Normal, names: tuple[str, ...], now: str, speaker: Zone | None
) -> Filled:
    """The arguments that `clause` gives for the capability. Never raises for any text."""
    bare = strip_courtesy(clause)
    for plain in (clause.plain, bare.plain):
        known = declared.exact.get(plain.strip(" .!?"))
        if known is not None:
            return Filled(dict(known))
    if not declared.slots:
        clause, bare = _without_origin(clause), _without_origin(bare)
    reading = read_clause(declared, clause, bare, names, now, speaker)
    for argument in declared.capability.arguments:
        if argument.name not in reading.arguments:
            _fill_one(reading, argument)
    _settle(reading)
    shape = SHAPES.get(declared.capability.name)
    if shape is not None:
        reading.arguments = shape(reading.arguments, bare.plain)
    ordered = {
        a.name: reading.arguments[a.name]
        for a in declared.capability.arguments
        if a.name in reading.arguments
    }
    return Filled(ordered, reading.doubt)


_ORIGIN = regex(
    r"\bfrom (?!the (?:start|beginning))[^,;]{1,24}? (?=(?:in)?to )"
    r"|从[^,;到改换调切变]{1,8}(?=[改换调切变转设移]?[到成为回])"
)
"""Where a change comes from: "from auto to off" is about off."""


def _without_origin(clause: Normal) -> Normal:
    match = _ORIGIN.search(clause.plain)
    if match is None or len(clause.plain) != len(clause.text):
        return clause
    start, end = match.span()
    return Normal(
        clause.text[:start] + clause.text[end:], clause.plain[:start] + clause.plain[end:]
    )


def _fill_one(reading: Reading, argument: Argument) -> None:
    match argument.kind:
        case Kind.BOOLEAN:
            value = boolean_of(reading, argument)
        case Kind.CHOICE:
            value = choice_of(reading, argument)
        case Kind.CHOICES:
            value = choices_of(reading, argument)
        case Kind.ZONE:
            zone = one_zone(reading.places)
            value = zone.value if zone else None
        case Kind.ZONES:
            value = [zone.value for zone in many_zones(reading.places)] or None
        case Kind.NUMBER | Kind.INTEGER:
            value = number_of(reading, argument)
        case Kind.DURATION:
            value = reading.durations[0].seconds if reading.durations else None
        case Kind.MOMENT:
            value = _moment(reading, argument)
        case Kind.TEXT | Kind.OBJECT:
            value = None
    if value is not None:
        reading.arguments[argument.name] = value


def _moment(reading: Reading, argument: Argument) -> str | None:
    """The moment said at the argument's place among those that take one: "from seven to eight"; of
    an event that is moved the last, to which it goes."""
    moved = reading.declared.capability.name == "calendar.upsert" and moves(reading.clause.plain)
    if reading.moments and argument.name == "start" and moved:
        return reading.moments[-1].value
    timed = [a.name for a in reading.declared.capability.arguments if a.kind is Kind.MOMENT]
    place = timed.index(argument.name)
    return reading.moments[place].value if place < len(reading.moments) else None


def _settle(reading: Reading) -> None:
    """Rules between arguments: one of a group, "all" said once, a unit said with a number."""
    found, capability = reading.arguments, reading.declared.capability
    if any(found.get(a.name) == "all" and a.kind is Kind.CHOICE for a in capability.arguments):
        for argument in capability.arguments:
            if argument.kind is Kind.ZONE and found.get(argument.name) == Zone.ALL.value:
                del found[argument.name]
    if "unit" in found or capability.argument("unit") is not None:
        fahrenheit = any(number.unit == "fahrenheit" for number in reading.numbers)
        fahrenheit = fahrenheit or "fahrenheit" in reading.plain
        found.pop("unit", None)
        if fahrenheit:
            found["unit"] = "fahrenheit"
    timed = [a for a in capability.arguments if a.kind in (Kind.MOMENT, Kind.DURATION)]
    names = {a.kind: a.name for a in reversed(timed)}  # the first of each kind
    moment, duration = names.get(Kind.MOMENT), names.get(Kind.DURATION)
    if moment in found and duration in found and moment and duration:
        ahead = any(
            m.start <= d.start and d.end <= m.end
            for m in reading.moments
            for d in reading.durations
        )
        if ahead:
            del found[moment if capability.family == "alarm" else duration]
    if "range" in found and moment in found and moment:
        del found[moment]
    for group in capability.one_of:
        there = [name for name in _by_weight(group, reading) if name in found]
        for name in there[1:]:
            del found[name]


def _by_weight(group: tuple[str, ...], reading: Reading) -> list[str]:
    """A group's arguments, numbers before switches: "brightness to 60" is no switching on."""
    order = {Kind.CHOICE: 0, Kind.NUMBER: 1, Kind.INTEGER: 1, Kind.BOOLEAN: 2}
    capability = reading.declared.capability
    return sorted(
        group,
        key=lambda name: order.get(a.kind, 3) if (a := capability.argument(name)) else 9,
    )
