"""What the readings say of the people aboard: who sits where, what the driver must look to.

Pure, and the one reading of these signals: the policy's facts (`act/facts.py`) and the manner of an
answer (`answer/manner.py`) must not differ about them. Each function says yes, no, or None where
no reading that is fresh enough tells; both take None for the unsafe one of the two.
"""

from edgewise.core.freshness import ALERT_S, FRESH_S, SEATED_S
from edgewise.core.signal import Snapshot, number

TIRED_PERCENT = 60.0
"""Rule 41: from this `Driver.FatigueLevel` on the driver is not spoken to unasked."""

_TRANSMISSION = "Vehicle.Powertrain.Transmission."
_TAKING_OVER = (
    "Vehicle.Edgewise.IsTakeOverRequested",
    "Vehicle.ADAS.EBA.IsEngaged",
    "Vehicle.ADAS.DMS.IsWarning",
)


def is_needed(snapshot: Snapshot) -> bool | None:
    """Whether the car needs all of the driver now: a take-over, a braking, a warning (rule 41)."""
    flags = [snapshot.fresh(name, within_s=ALERT_S) for name in _TAKING_OVER]
    if any(flag is True for flag in flags):
        return True
    return False if all(flag is False for flag in flags) else None


def is_tired(snapshot: Snapshot) -> bool | None:
    """Whether the driver is too tired to be talked to (rule 41)."""
    level = number(snapshot.fresh("Vehicle.Driver.FatigueLevel", within_s=ALERT_S))
    return None if level is None else level >= TIRED_PERCENT


def is_reversing(snapshot: Snapshot) -> bool | None:
    """Whether the car is in reverse (rule 20); the lever or the gear itself says yes, but the lever
    alone says no: the gear follows it."""
    lever, gear = (
        number(snapshot.fresh(_TRANSMISSION + name, within_s=FRESH_S))
        for name in ("SelectedGear", "CurrentGear")
    )
    if any(reading is not None and reading < 0 for reading in (lever, gear)):
        return True
    return None if lever is None else False


def is_taken(seat: str, snapshot: Snapshot) -> bool | None:
    """Whether somebody sits on `seat` (`Vehicle.Cabin.Seat.Row2.Middle`)."""
    status = snapshot.fresh(seat + ".OccupancyStatus", within_s=SEATED_S)
    return {"EMPTY": False, "OCCUPIED": True}.get(status) if isinstance(status, str) else None
