"""What it is like outside, as far as it is known: weather, light, wipers (rules 2, 8, 22).

Unknown is neither good nor bright.
"""

from edgewise.act.classify import number
from edgewise.core.freshness import WEATHER_S, settled
from edgewise.core.signal import Snapshot

BRIGHT_PERCENT = 50.0
"""Rule 2: from half of full daylight on (`Exterior.LightIntensity`) nobody needs the low beam. Well
above where automatic lights switch, so that dusk counts as dark."""

_IDLE_WIPERS = ("OFF", "RAIN_SENSOR")


def weather(snapshot: Snapshot) -> str:
    """`adverse` in rain or frost, `good` where neither is known to be, else `unknown`."""
    rain = _rain(snapshot)
    air_c = number(snapshot.fresh("Vehicle.Exterior.AirTemperature", within_s=WEATHER_S))
    if (rain is not None and rain > 0) or (air_c is not None and air_c < 0):
        return "adverse"
    return "unknown" if rain is None or air_c is None else "good"


def is_bright_and_dry(snapshot: Snapshot) -> bool:
    """Whether it is known that the road needs no low beam: day, no rain, wipers at rest."""
    light = number(snapshot.fresh("Vehicle.Exterior.LightIntensity", within_s=WEATHER_S))
    wipers = settled("Vehicle.Body.Windshield.Front.Wiping.Mode", snapshot)
    dry = _rain(snapshot) == 0 and wipers in _IDLE_WIPERS
    return dry and light is not None and light >= BRIGHT_PERCENT


def _rain(snapshot: Snapshot) -> float | None:
    return number(snapshot.fresh("Vehicle.Body.Raindetection.Intensity", within_s=WEATHER_S))
