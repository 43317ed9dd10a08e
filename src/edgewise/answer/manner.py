"""Whether this is a moment to speak or show, and how much: rules 16, 17, 20, 41 and 43.

Pure: readings in, a `Manner` out. What is unknown or old counts as the worse: moving, busy, aboard.
"""

from collections.abc import Mapping, Sequence

from edgewise.core.attention import is_needed, is_reversing, is_taken, is_tired
from edgewise.core.call import Result, Status
from edgewise.core.capability import Capability
from edgewise.core.event import Manner
from edgewise.core.freshness import FRESH_S
from edgewise.core.signal import Snapshot
from edgewise.core.words import Language, Words
from edgewise.core.zone import Zone

MAX_CHARACTERS_MOVING = 240
"""Longest answer shown while moving; about 15 s of speech (rules 16 and 17)."""

_PERSONAL = ("memory.", "phone.calendar.", "phone.contacts.", "phone.messages.", "phone.call")
_CAMERA = "board.look"
_SEATS = ("Row1.PassengerSide", "Row2.DriverSide", "Row2.Middle", "Row2.PassengerSide")


def manner_of(
    results: Sequence[Result],
    by_name: Mapping[str, Capability],
    snapshot: Snapshot,
    zone: Zone | None,
) -> Manner:
    """How the answer about `results` may be given now to who sits in `zone`. What is private is not
    spoken later either: who sits there by then is not known."""
    hidden = [result for result in results if not _is_in_the_room(result)]
    if is_private(hidden, by_name) and _others_aboard(snapshot, zone):
        return Manner.QUIET
    urgent = any(result.status is Status.FAILED for result in results)
    if not urgent and _driver_is_busy(snapshot):
        return Manner.LATER
    return Manner.ALOUD


def _is_in_the_room(result: Result) -> bool:
    """Whether it is what a voice device's camera sees, or why it sees nothing: who asked stands
    before it with those who hear the answer, and it has no other way to tell it."""
    is_labelled = result.label is not None and result.label.private
    return result.capability == _CAMERA and not is_labelled


def is_private(results: Sequence[Result], by_name: Mapping[str, Capability]) -> bool:
    """Whether one of `results` tells what not everybody may hear: by the label of what it read, by
    the rows it changed (an undo tells them), or because what it does is personal."""
    return any(
        (result.label is not None and result.label.private)
        or any(target.startswith(_PERSONAL) for target in result.changed)
        or ((capability := by_name.get(result.capability)) is not None and capability.private)
        for result in results
    )


def cap_for_driving(text: str, snapshot: Snapshot, language: Language) -> str:
    """`text`, cut at a sentence while the car moves, with how to hear the rest."""
    if not is_moving(snapshot) or len(text) <= MAX_CHARACTERS_MOVING:
        return text
    cut = text[:MAX_CHARACTERS_MOVING]
    end = max(cut.rfind(mark) for mark in (". ", "。", "；", "; ", "\n", ", ", "、", " "))
    return cut[: end + 1 if end > 0 else None].rstrip() + " " + _NEXT.said_in(language)


def is_moving(snapshot: Snapshot) -> bool:
    """Whether the car moves or might: only a fresh speed of zero says that it stands (rule 1)."""
    return snapshot.fresh("Vehicle.Speed", within_s=FRESH_S) != 0


def _driver_is_busy(snapshot: Snapshot) -> bool:
    """Whether the driver looks elsewhere or might; what nobody knows counts as so, but whether
    somebody is tired or needed matters on the road only."""
    if is_reversing(snapshot) is not False or is_needed(snapshot) is True:
        return True
    idle = is_needed(snapshot) is False and is_tired(snapshot) is False
    return is_moving(snapshot) and not idle


def _others_aboard(snapshot: Snapshot, zone: Zone | None) -> bool:
    """Whether somebody beside the driver is aboard or might be: who speaks from elsewhere is."""
    if zone is not Zone.DRIVER:
        return True
    return any(is_taken(f"Vehicle.Cabin.Seat.{seat}", snapshot) is not False for seat in _SEATS)


_NEXT = Words("… say “next” or read it when parked.", "……其余内容停车后可查看，或说“继续”。")
