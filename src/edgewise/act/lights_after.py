"""Lamps outside once a batch of effects has landed (rules 2, 5, 6), each "on", "off" or "unknown".

What automatic lights will do is the car's own affair and not known here: handing a lit low beam
over to them counts as darkening unless it is known that nobody needs it.
"""

from edgewise.act.outside import is_bright_and_dry
from edgewise.core.call import Effect
from edgewise.core.freshness import after, named, settled
from edgewise.core.signal import JsonValue, Snapshot

_LIGHTS = "Vehicle.Body.Lights."
_SWITCH = _LIGHTS + "LightSwitch"
_LOW = _LIGHTS + "Beam.Low.IsOn"


def lamp_facts(
    classes: frozenset[str], effects: tuple[Effect, ...], snapshot: Snapshot
) -> dict[str, JsonValue]:
    """`low_beam_after`, `high_beam_after`, `fog_after` where fog lights or high beam change."""
    if not any(name.startswith(("light.fog", "light.high_beam")) for name in classes):
        return {}
    # The lever and its lamp are one light: whichever is on counts.
    high = (_LIGHTS + "Beam.High.IsOn", _LIGHTS + "IsHighBeamSwitchOn")
    fog = (_LIGHTS + "Fog.Front.IsOn", _LIGHTS + "Fog.Rear.IsOn")
    return {
        "low_beam_after": _low_beam_after(effects, snapshot),
        "high_beam_after": _lamps_after(high, effects, snapshot),
        "fog_after": _lamps_after(fog, effects, snapshot),
    }


def stays_lit(effects: tuple[Effect, ...], snapshot: Snapshot) -> bool:
    """Whether the road stays lit (or the car sees to it) once the high beam is off."""
    switch = after(_SWITCH, effects, snapshot)
    return switch in ("AUTO", "BEAM") or _low_beam_after(effects, snapshot) == "on"


def hands_over_needed_light(effects: tuple[Effect, ...], snapshot: Snapshot) -> bool:
    """Rule 2: whether automatic lights could put out a low beam that is lit and may be needed."""
    automatic = any(e.target == _SWITCH and e.value == "AUTO" for e in effects)
    lit = settled(_LOW, snapshot) is not False
    return automatic and lit and not is_bright_and_dry(snapshot)


def _low_beam_after(effects: tuple[Effect, ...], snapshot: Snapshot) -> str:
    """The switch carries the lamp along: in BEAM it is lit, in AUTO it may be either, else out. A
    switch and a lamp written against each other leave it unknown."""
    written = {effect.target: effect.value for effect in effects}
    if _SWITCH not in written:
        return _lamps_after((_LOW,), effects, snapshot)
    by_switch = {"BEAM": "on", "AUTO": "unknown"}.get(str(written[_SWITCH]), "off")
    by_lamp = named(written[_LOW]) if _LOW in written else by_switch
    return by_switch if by_lamp == by_switch else "unknown"


def _lamps_after(lamps: tuple[str, ...], effects: tuple[Effect, ...], snapshot: Snapshot) -> str:
    """`on` if any is on, `off` if all are known to be off, else `unknown`."""
    values = [after(lamp, effects, snapshot) for lamp in lamps]
    if any(value is True for value in values):
        return "on"
    return "off" if all(value is False for value in values) else "unknown"
