"""What a car's bus must tell again though nothing changed, and how often.

A reading that is not repeated grows old, and the policy takes what is too old as unknown: it asks
or refuses (`core/freshness.py` has the limits). Four times within its limit, so that three messages
in a row may be lost. Our KUKSA server repeats so; `docs/guide/drivers.md` has the table for makers
of devices, and a test holds the two and the limits equal.
"""

from collections.abc import Mapping
from functools import cache

from msgspec import Struct

from edgewise.act.exposure import matches
from edgewise.core.freshness import ALERT_S, FRESH_S, SEATED_S, SETTLED_S, WEATHER_S
from edgewise.device.vehicle.signals import load_signals

TIMES_WITHIN_LIMIT = 4


class Cycle(Struct, frozen=True):
    """Signals that are unknown when older than `limit_s`; `*` is one or more parts of a name."""

    what: str
    limit_s: float
    patterns: tuple[str, ...]

    @property
    def every_s(self) -> float:
        """How often they must be told."""
        return self.limit_s / TIMES_WITHIN_LIMIT


_TRANSMISSION = "Vehicle.Powertrain.Transmission."
_BATTERY = "Vehicle.Powertrain.TractionBattery."

# The first that covers a signal counts.
CYCLES: tuple[Cycle, ...] = (
    Cycle(
        "speed, gear, ignition",
        FRESH_S,
        ("Vehicle.Speed", "Vehicle.IsMoving", f"{_TRANSMISSION}SelectedGear",
         f"{_TRANSMISSION}CurrentGear", f"{_TRANSMISSION}IsParkLockEngaged",
         "Vehicle.LowVoltageSystemState"),
    ),
    Cycle(
        "who sits where",
        SEATED_S,
        ("Vehicle.Cabin.Seat.*.OccupancyStatus", "Vehicle.Edgewise.Occupant.*.IsChild"),
    ),
    Cycle(
        "places of motors",
        FRESH_S,
        ("Vehicle.Cabin.Door.*.Window.Position", "Vehicle.Cabin.Door.*.Shade.Position",
         "Vehicle.Cabin.Sunroof.Position", "Vehicle.Cabin.Sunroof.Shade.Position",
         "Vehicle.Cabin.RearShade.Position", "Vehicle.Body.Trunk.*.Position",
         "Vehicle.Cabin.Seat.*.Position", "Vehicle.Cabin.Seat.*.Height",
         "Vehicle.Cabin.Seat.*.Tilt", "Vehicle.Cabin.Seat.*.Backrest.Recline",
         "Vehicle.Body.Mirrors.*.Pan", "Vehicle.Body.Mirrors.*.Tilt",
         "Vehicle.Body.Mirrors.*.IsFolded"),
    ),
    Cycle("wipers", FRESH_S, ("Vehicle.Body.Windshield.*.Wiping.Mode",)),
    Cycle(
        "rain, air, light outside",
        WEATHER_S,
        ("Vehicle.Body.Raindetection.Intensity", "Vehicle.Exterior.AirTemperature",
         "Vehicle.Exterior.LightIntensity"),
    ),
    Cycle(
        "what needs all of the driver",
        ALERT_S,
        ("Vehicle.Edgewise.IsTakeOverRequested", "Vehicle.ADAS.EBA.IsEngaged",
         "Vehicle.ADAS.DMS.IsWarning", "Vehicle.Driver.FatigueLevel"),
    ),
    Cycle(
        "lamps, air conditioning, defrost, charge",
        SETTLED_S,
        ("Vehicle.Body.Lights.LightSwitch", "Vehicle.Body.Lights.IsHighBeamSwitchOn",
         "Vehicle.Body.Lights.*.IsOn", "Vehicle.Cabin.HVAC.IsAirConditioningActive",
         "Vehicle.Cabin.HVAC.IsFrontDefrosterActive",
         f"{_BATTERY}StateOfCharge.Displayed", f"{_BATTERY}Charging.IsCharging"),
    ),
)  # fmt: skip


def cycle_of(path: str) -> Cycle | None:
    """The cycle that `path` belongs to; `None` for what needs telling on change only."""
    return next(
        (cycle for cycle in CYCLES if any(matches(one, path) for one in cycle.patterns)), None
    )


@cache
def periods() -> Mapping[str, float]:
    """Seconds between two messages, for each signal of our table that must be repeated."""
    found = {path: cycle_of(path) for path in load_signals()}
    return {path: cycle.every_s for path, cycle in found.items() if cycle is not None}


def due(every_s: Mapping[str, float], sent_at: Mapping[str, float], now: float) -> list[str]:
    """The signals that were last sent a period ago or more; one without a value was never sent."""
    return [p for p, period in every_s.items() if p in sent_at and now - sent_at[p] >= period]
