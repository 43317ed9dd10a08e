"""What became of what was to leave, told from a turn's record: a `Left` is told before it leaves.

A connection that was refused let nothing out; one that broke once bytes were sent may have brought
them there or not, which nobody here can know.
"""

from collections.abc import Iterable
from enum import StrEnum

from edgewise.core.event import Came, Event, Left


class Fate(StrEnum):
    """`GOING`: its end is not recorded (yet)."""

    LEFT = "left"
    NOTHING = "nothing"
    UNKNOWN = "unknown"
    GOING = "going"


def fates_of(events: Iterable[Event]) -> dict[int, Fate]:
    """The fate of each `Left` of a turn, by its `seq`."""
    fates: dict[int, Fate] = {}
    waiting: dict[str, list[int]] = {}
    for event in events:
        if isinstance(event, Left):
            fates[event.seq] = Fate.GOING
            waiting.setdefault(event.endpoint, []).append(event.seq)
        elif isinstance(event, Came):
            fates |= dict.fromkeys(waiting.pop(event.endpoint, ()), _fate(event))
    return fates


def _fate(came: Came) -> Fate:
    if not any(one.sent_bytes for one in came.attempts):
        return Fate.NOTHING if came.failed else Fate.LEFT
    answered = any(one.status or not one.failed for one in came.attempts)
    return Fate.LEFT if answered or not came.failed else Fate.UNKNOWN
