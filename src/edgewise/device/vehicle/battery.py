"""Charge of the traction battery: what driving takes, what a charger gives, how far it goes.

Linear in distance and power; no losses, no taper near full, no temperature. Pure: the wall clock
that a charging timer needs is passed in.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from edgewise.core.signal import JsonValue

M_PER_PERCENT = 4_800.0
"""Range that one percent of charge gives until the car is told otherwise: 480 km when full."""

_BATTERY = "Vehicle.Powertrain.TractionBattery"
CHARGE = f"{_BATTERY}.StateOfCharge.Displayed"
CABLE = f"{_BATTERY}.Charging.ChargingPort.AnyPosition.IsChargingCableConnected"
COMMAND = f"{_BATTERY}.Charging.StartStopCharging"
LIMIT = f"{_BATTERY}.Charging.ChargeLimit"
MAX_POWER = f"{_BATTERY}.Charging.MaxPower"
CAPACITY = f"{_BATTERY}.NetCapacity"
TIMER_MODE = f"{_BATTERY}.Charging.Timer.Mode"
TIMER_TIME = f"{_BATTERY}.Charging.Timer.Time"
SPEED = "Vehicle.Speed"


def charge_rate_per_s(values: Mapping[str, JsonValue]) -> float:
    """Percent of charge that the charger adds in a second."""
    capacity_kwh = values.get(CAPACITY) or 75
    return float(values.get(MAX_POWER) or 0.0) / capacity_kwh * 100.0 / 3600.0


def needed_s(values: Mapping[str, JsonValue], charge_percent: float) -> float:
    """Seconds of charging until the limit is reached; 0 when it is, or nothing can charge."""
    rate = charge_rate_per_s(values)
    missing = float(values.get(LIMIT, 100)) - charge_percent
    return missing / rate if missing > 0 and rate > 0 else 0.0


def starts_in_s(
    values: Mapping[str, JsonValue], charge_percent: float, wall: float
) -> float | None:
    """Seconds until charging begins; 0 while it may run, `None` when nothing will start it."""
    if not values.get(CABLE) or values.get(SPEED) != 0 or needed_s(values, charge_percent) == 0:
        return None
    mode = values.get(TIMER_MODE, "INACTIVE")
    if mode == "INACTIVE":
        return 0.0 if values.get(COMMAND) == "START" else None
    at = _moment(values.get(TIMER_TIME))
    if at is None:
        return None
    if mode == "END_TIME":
        at -= needed_s(values, charge_percent)
    # while charging towards END_TIME the start stays at 'now' but for rounding
    return at - wall if at - wall > 0.01 else 0.0


def _moment(text: JsonValue) -> float | None:
    """Seconds since 1970 of an ISO 8601 moment; without a zone it is UTC, as VSS says."""
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
