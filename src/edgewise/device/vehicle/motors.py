"""What a command means to the motors: which position it moves, and how far.

Pure. A position is a signal with a speed (`Signal.rate_per_s`); switches and lids are commands for
the position of the same thing. In this car positions are percent open: 0 shut, 100 open.
"""

from collections.abc import Mapping

from msgspec import Struct

from edgewise.core.signal import JsonValue
from edgewise.device.vehicle.signals import Signal

STALL_S = 3.0
"""A motor that can not move gives up after this long and forgets its target."""
SWITCH_HELD_S = 1.0
"""A one-shot switch shows its command at least this long, however short the way is."""

_ENDS: Mapping[str, float] = {
    "OPEN": 100.0,
    "ONE_SHOT_OPEN": 100.0,
    "CLOSE": 0.0,
    "ONE_SHOT_CLOSE": 0.0,
    "TILT_UP": -100.0,
}


class Motion(Struct, frozen=True):
    """A position is to move to `target`; `None` stops it where it is."""

    position: str
    target: float | None


def motion_of(
    path: str, value: JsonValue, signals: Mapping[str, Signal], positions: Mapping[str, float]
) -> Motion | None:
    """The motion that writing `value` to `path` starts, or `None` for what has no motor."""
    if signals[path].rate_per_s:
        return Motion(path, float(value))
    thing, _, last = path.rpartition(".")
    position = f"{thing}.Position"
    if position not in positions:
        return None
    if last == "IsOpen":
        return Motion(position, 100.0 if value else 0.0)
    if last != "Switch":
        return None
    if value == "TILT_DOWN":
        return Motion(position, 0.0 if positions[position] < 0 else None)
    return Motion(position, _ENDS.get(str(value)))


def moved(position: float, target: float, by: float, jam: float | None) -> float:
    """The position after moving at most `by` towards `target`, no further than where it jams."""
    if jam is not None and min(position, target) <= jam <= max(position, target):
        target = jam
    if target >= position:
        return min(target, position + by)
    return max(target, position - by)
