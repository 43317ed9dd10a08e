"""Lamps outside once a batch of effects has landed (rules 2, 5, 6), each "on", "off" or "unknown".

What automatic lights will do is the car's own affair and not known here: handing a lit low beam
over to them counts as darkening unless it is known that nobody needs it.
"""

from edgewise.act.light_switch import FOG, HIGH, LIGHTS, LOW, SWITCH, low_beam_in, puts_out
from edgewise.act.outside import is_bright_and_dry
from edgewise.core.call import Effect
from edgewise.core.freshness import after, named, settled
from edgewise.core.signal import JsonValue, Snapshot

_HIGH = (HIGH, LIGHTS + "IsHighBeamSwitchOn")
"""The lever and its lamp are one light: whichever is on counts."""


def lamp_classes(
    classes: frozenset[str], effects: tuple[Effect, ...], snapshot: Snapshot
) -> frozenset[str]:
    """Rule 2: what the batch does to the lamps besides what its effects say one by one:
    `light.exterior.darken`, and `light.exterior.hand_over` where automatic lights could do it."""
    found: set[str] = set()
    if any(e.target == SWITCH and puts_out(e.value, snapshot) for e in effects):
        found.add("light.exterior.darken")
    if "light.high_beam.off" in classes and not _stays_lit(effects, snapshot):
        found.add("light.exterior.darken")
    if _hands_over_needed_light(effects, snapshot):
        found |= {"light.exterior.darken", "light.exterior.hand_over"}
    return frozenset(found)


def lamp_facts(
    classes: frozenset[str], effects: tuple[Effect, ...], snapshot: Snapshot
) -> dict[str, JsonValue]:
    """`low_beam_after`, `high_beam_after`, `fog_after` where fog lights or high beam change."""
    if not any(name.startswith(("light.fog", "light.high_beam")) for name in classes):
        return {}
    return {
        "low_beam_after": _low_beam_after(effects, snapshot),
        "high_beam_after": _lamps_after(_HIGH, effects, snapshot),
        "fog_after": _lamps_after(FOG, effects, snapshot),
    }


def _stays_lit(effects: tuple[Effect, ...], snapshot: Snapshot) -> bool:
    """Whether the low beam lights the road once the high beam is off. A switch in BEAM says so
    where the lamp cannot be read; automatic lights do not: they may have put it out."""
    low = _low_beam_after(effects, snapshot)
    return low == "on" or (low == "unknown" and after(SWITCH, effects, snapshot) == "BEAM")


def _hands_over_needed_light(effects: tuple[Effect, ...], snapshot: Snapshot) -> bool:
    """Whether automatic lights could put out a low beam that is lit and may be needed."""
    automatic = any(e.target == SWITCH and e.value == "AUTO" for e in effects)
    lit = settled(LOW, snapshot) is not False
    return automatic and lit and not is_bright_and_dry(snapshot)


def _low_beam_after(effects: tuple[Effect, ...], snapshot: Snapshot) -> str:
    """A switch and a lamp written against each other leave it unknown."""
    written = {effect.target: effect.value for effect in effects}
    if SWITCH not in written:
        return _lamps_after((LOW,), effects, snapshot)
    by_switch = low_beam_in(written[SWITCH])
    by_lamp = named(written[LOW]) if LOW in written else by_switch
    return by_switch if by_lamp == by_switch else "unknown"


def _lamps_after(lamps: tuple[str, ...], effects: tuple[Effect, ...], snapshot: Snapshot) -> str:
    """`on` if any is on, `off` if all are known to be off, else `unknown`."""
    values = [after(lamp, effects, snapshot) for lamp in lamps]
    if any(value is True for value in values):
        return "on"
    return "off" if all(value is False for value in values) else "unknown"
