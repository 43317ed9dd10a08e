"""With what a command ends whose turn ended so; with `--check`, also whether what was asked for was
done, for scripts. It looks at events alone: what a free answer is worth nobody can tell by them.
"""

from collections.abc import Sequence
from typing import Annotated

import typer

from edgewise.core.call import Status
from edgewise.core.event import (
    Answered,
    CallFinished,
    Checked,
    Event,
    NeedsApproval,
    Stopped,
    Understood,
    Weighed,
)
from edgewise.core.place import Way
from edgewise.core.thought import MessageKind

STOPPED, NEEDS_YES, NOT_DONE = 1, 3, 4

Check = Annotated[
    bool, typer.Option("--check", help="End with 4 unless all that was asked for was done.")
]


def exit_code(events: Sequence[Event], *, check: bool = False) -> int:
    """By the last event, and where it is to be checked by all of them."""
    end = events[-1]
    if isinstance(end, Stopped):
        return STOPPED
    if isinstance(end, NeedsApproval):
        return NEEDS_YES
    return NOT_DONE if check and not is_done(events) else 0


def is_done(events: Sequence[Event]) -> bool:
    """Whether nothing was refused, failed, left open by a question back, not understood, put off
    or left without an answer. A call that asked is judged by the turn that its yes began."""
    way = Way.DEVICE
    for event in events:
        match event:
            case CallFinished(result=result) if result.status not in (Status.DONE, Status.ASKED):
                return False
            case Understood(thought=thought) if thought.question is not None:
                return False
            case Understood(thought=thought) if thought.kind is MessageKind.UNKNOWN:
                if not _is_from_a_cloud(events[-1]):
                    return False
            case Weighed(routing=routing) | Checked(routing=routing):
                way = routing.way
            case _:
                pass
    return way not in (Way.REFUSE, Way.QUEUE)


def _is_from_a_cloud(end: Event) -> bool:
    return isinstance(end, Answered) and bool(end.source)
