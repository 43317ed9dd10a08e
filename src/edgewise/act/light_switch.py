"""What a position of the light switch does to the lamps outside: the one place that knows it.

The switch carries lamps along: turned to a position, it lights what belongs there and puts out the
rest, also a lamp that was lit by itself (by its own signal, or by a hand at the lever). So whether
a turn darkens is read from the lamps, not from where the switch stood; but what AUTO lights, now or
at dusk, is the car's own affair and not known here, so leaving it for less than the low beam
darkens. Source: VSS 6.0, Body.Lights.
"""

from edgewise.core.freshness import FRESH_S
from edgewise.core.signal import JsonValue, Snapshot

LIGHTS = "Vehicle.Body.Lights."
SWITCH = LIGHTS + "LightSwitch"
LOW = LIGHTS + "Beam.Low.IsOn"
HIGH = LIGHTS + "Beam.High.IsOn"
FOG = (LIGHTS + "Fog.Front.IsOn", LIGHTS + "Fog.Rear.IsOn")
PARKING = LIGHTS + "Parking.IsOn"
RUNNING = LIGHTS + "Running.IsOn"
LICENSE_PLATE = LIGHTS + "LicensePlate.IsOn"

_LIT: dict[str, tuple[str, ...]] = {
    "OFF": (),
    "POSITION": (PARKING, LICENSE_PLATE),
    "DAYTIME_RUNNING_LIGHTS": (RUNNING,),
    "BEAM": (LOW, PARKING, LICENSE_PLATE),
}
_CARRIED = (LOW, HIGH, *FOG, PARKING, RUNNING)
"""High beam and fog lights need the low beam and go out with it. The plate's lamp says nothing: it
is lit with the position lights and no car is seen by it alone."""


def low_beam_in(position: JsonValue) -> str:
    """The low beam with the switch there: `on`, `off`, or `unknown` in AUTO."""
    if position == "AUTO":
        return "unknown"
    return "on" if LOW in _lit(position) else "off"


def puts_out(position: JsonValue, snapshot: Snapshot) -> bool:
    """Whether turning the switch there may leave the car darker: a lamp is lit, or not known to be
    out at this moment, that the position does not light; or it stands in AUTO.

    BEAM never does: the low beam stands for whatever else it ends. What AUTO may put out depends on
    the weather (`act/lights_after.py`). A position that nobody knows does, and OFF always.
    """
    if low_beam_in(position) != "off":
        return False
    if snapshot.get(SWITCH) == "AUTO":
        return True
    lit = _lit(position)
    others = (lamp for lamp in _CARRIED if lamp not in lit)
    return not lit or any(snapshot.fresh(lamp, within_s=FRESH_S) is not False for lamp in others)


def _lit(position: JsonValue) -> tuple[str, ...]:
    return _LIT.get(position, ()) if isinstance(position, str) else ()
