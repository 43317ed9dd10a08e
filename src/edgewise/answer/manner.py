"""Whether this is a moment to speak or show, and how much: rules 16, 17, 20, 41 and 43.

Pure: readings in, a `Manner` out. Unknown speed counts as moving.
"""

from collections.abc import Mapping, Sequence

from edgewise.core.call import Result, Status
from edgewise.core.capability import Capability
from edgewise.core.event import Manner
from edgewise.core.signal import Snapshot
from edgewise.core.words import Language, Words

MAX_CHARACTERS_MOVING = 240
"""Longest answer shown while moving; about 15 s of speech (rules 16 and 17)."""

_FATIGUED = 60.0
"""As `act/facts.TIRED_PERCENT`: from this level on a moving driver is not talked to (rule 41)."""
_NEEDED = ("ADAS.EBA.IsEngaged", "ADAS.DMS.IsWarning", "Edgewise.IsTakeOverRequested")
"""Flags of moments in which the driver is needed elsewhere."""
_SEATS = ("Row1.PassengerSide", "Row2.DriverSide", "Row2.Middle", "Row2.PassengerSide")


def manner_of(
    results: Sequence[Result], by_name: Mapping[str, Capability], snapshot: Snapshot
) -> Manner:
    """How the answer about `results` may be given now."""
    urgent = any(r.status is Status.FAILED for r in results)
    private = any(c.private for r in results if (c := by_name.get(r.capability)) is not None)
    if not urgent and _driver_is_busy(snapshot):
        return Manner.LATER
    if private and _others_aboard(snapshot):
        return Manner.QUIET
    return Manner.ALOUD


def cap_for_driving(text: str, snapshot: Snapshot, language: Language) -> str:
    """`text`, cut at a sentence while the car moves, with how to hear the rest."""
    if not is_moving(snapshot) or len(text) <= MAX_CHARACTERS_MOVING:
        return text
    cut = text[:MAX_CHARACTERS_MOVING]
    end = max(cut.rfind(mark) for mark in (". ", "。", "；", "; ", "\n", ", ", "、", " "))
    return cut[: end + 1 if end > 0 else None].rstrip() + " " + _NEXT.said_in(language)


def is_moving(snapshot: Snapshot) -> bool:
    """Whether the car moves or might: only a fresh speed of zero says that it stands (rule 1)."""
    return snapshot.fresh("Vehicle.Speed", within_s=1.0) != 0


def _driver_is_busy(snapshot: Snapshot) -> bool:
    transmission = "Vehicle.Powertrain.Transmission."
    gears = [snapshot.get(transmission + name) for name in ("SelectedGear", "CurrentGear")]
    reversing = any(isinstance(gear, int) and gear < 0 for gear in gears)
    needed = any(snapshot.get(f"Vehicle.{name}") is True for name in _NEEDED)
    fatigue = snapshot.get("Vehicle.Driver.FatigueLevel")
    tired = isinstance(fatigue, int | float) and fatigue >= _FATIGUED
    return reversing or needed or (tired and is_moving(snapshot))


def _others_aboard(snapshot: Snapshot) -> bool:
    return any(
        snapshot.get(f"Vehicle.Cabin.Seat.{seat}.OccupancyStatus") != "EMPTY" for seat in _SEATS
    )


_NEXT = Words("… say “next” or read it when parked.", "……其余内容停车后可查看，或说“继续”。")
