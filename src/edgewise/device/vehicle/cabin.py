"""How warm the cabin gets: one lump of air between the weather and the climate unit.

A first-order model, good enough that a person sees the temperature follow what they asked for over
minutes; it knows nothing of sun, humidity or zones. Pure: values in, values out.
"""

import math
from collections.abc import Mapping

from msgspec import Struct

from edgewise.core.signal import JsonValue

LEAK_S = 1800.0
"""Time constant towards the weather with everything shut."""
WINDOW_S = 150.0
"""Time constant that one fully open window adds."""
CLIMATE_S = 120.0
"""Time constant towards the set temperature with all fans at full speed."""
SETTLED_C = 0.02
"""Closer than this to where it is going counts as there."""

STATIONS = tuple(
    f"Vehicle.Cabin.HVAC.Station.Row{row}.{side}"
    for row in (1, 2)
    for side in ("Driver", "Passenger")
)
WINDOWS = tuple(
    f"Vehicle.Cabin.Door.Row{row}.{side}.Window.Position"
    for row in (1, 2)
    for side in ("DriverSide", "PassengerSide")
)
POWER = "Vehicle.LowVoltageSystemState"
OUTSIDE = "Vehicle.Exterior.AirTemperature"
AIR_CONDITIONING = "Vehicle.Cabin.HVAC.IsAirConditioningActive"


class Climate(Struct, frozen=True):
    """What acts on the cabin's air: where its temperature tends to, and how fast."""

    goal_c: float
    rate_per_s: float


def climate_of(values: Mapping[str, JsonValue]) -> Climate:
    """What acts on the air, given the car's values; missing ones count as off, shut and 20 °C."""
    outside_c = _number(values, OUTSIDE, 20.0)
    windows = sum(_number(values, window, 0.0) / 100.0 for window in WINDOWS)
    airing = windows / WINDOW_S
    fans = [_number(values, f"{station}.FanSpeed", 0.0) / 100.0 for station in STATIONS]
    if values.get(POWER) not in ("ON", "START") or not any(fans):
        return Climate(outside_c, 1.0 / LEAK_S + airing)
    wanted_c = sum(
        fan * _number(values, f"{station}.Temperature", 22.0)
        for fan, station in zip(fans, STATIONS, strict=True)
    ) / sum(fans)
    if not values.get(AIR_CONDITIONING):
        # the heater warms without the compressor, but nothing cools below the air outside
        wanted_c = max(wanted_c, outside_c)
    blowing = sum(fans) / len(fans) / CLIMATE_S
    rate = blowing + airing
    return Climate((blowing * wanted_c + airing * outside_c) / rate, rate)


def cabin_after(temperature_c: float, climate: Climate, elapsed_s: float) -> float:
    """The temperature `elapsed_s` seconds later while nothing else changes."""
    gap = temperature_c - climate.goal_c
    return climate.goal_c + gap * math.exp(-climate.rate_per_s * elapsed_s)


def is_settled(temperature_c: float, climate: Climate) -> bool:
    """Whether the temperature is where it was going."""
    return abs(temperature_c - climate.goal_c) < SETTLED_C


def _number(values: Mapping[str, JsonValue], path: str, otherwise: float) -> float:
    value = values.get(path)
    return otherwise if value is None else float(value)
