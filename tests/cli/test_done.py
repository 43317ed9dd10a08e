"""A script learns by the exit code whether what it asked for was done, when it wants to know."""

import pytest

from edgewise.cli.done import exit_code
from edgewise.core.call import Result, Status
from edgewise.core.event import (
    Answered,
    CallFinished,
    Event,
    NeedsApproval,
    Stopped,
    Understood,
    Weighed,
)
from edgewise.core.place import Routing, Way
from edgewise.core.thought import MessageKind, Thought
from edgewise.core.words import Language, Words


def finished(status: Status) -> Event:
    result = Result("c1", "window.open", status)
    return CallFinished(seq=2, at=0.0, turn="t", result=result, took_ms=1.0)


def understood(kind: MessageKind, question: Words | None = None) -> Event:
    return Understood(seq=1, at=0.0, turn="t", thought=Thought(kind, question=question), took_ms=1)


def weighed(way: Way) -> Event:
    return Weighed(seq=2, at=0.0, turn="t", question={}, routing=Routing(way), took_ms=1.0)


def answered(source: str = "") -> Event:
    return Answered(
        seq=9, at=0.0, turn="t", text="So.", language=Language.ENGLISH, changed={}, took_ms=1.0,
        source=source,
    )  # fmt: skip


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.ASKED])
def test_what_was_not_done_ends_with_4_where_it_is_checked(status: Status):
    events = [finished(Status.DONE), finished(status), answered()]
    assert exit_code(events) == 0
    assert exit_code(events, check=True) == (0 if status is Status.DONE else 4)


@pytest.mark.parametrize(
    ("event", "source", "code"),
    [
        (understood(MessageKind.QUESTION), "", 0),
        (understood(MessageKind.COMMAND, Words("Which one?", "哪一个？")), "", 4),
        (understood(MessageKind.UNKNOWN), "", 4),
        (understood(MessageKind.UNKNOWN), "a cloud", 0),
        (weighed(Way.CLOUD), "a cloud", 0),
        (weighed(Way.QUEUE), "", 4),
        (weighed(Way.REFUSE), "", 4),
    ],
)
def test_what_was_asked_back_not_understood_or_put_off_is_not_done(
    event: Event, source: str, code: int
):
    assert exit_code([event, answered(source)], check=True) == code
    assert exit_code([event, answered(source)]) == 0


@pytest.mark.parametrize("check", [False, True])
def test_what_needs_a_yes_and_what_was_stopped_have_codes_of_their_own(check: bool):
    asks = NeedsApproval(
        seq=9, at=0.0, turn="t", approval="a", payload_hash="h", calls=(), expires_at=1.0,
        zone=None, text="Shall I?", language=Language.ENGLISH, changed={}, took_ms=1.0,
    )  # fmt: skip
    words = Words("Stopped.", "已停止。")
    stopped = Stopped(
        seq=9, at=0.0, turn="t", code="x", words=words, text="", changed={}, took_ms=1.0
    )
    assert exit_code([finished(Status.ASKED), asks], check=check) == 3
    assert exit_code([stopped], check=check) == 1


def test_a_yes_at_the_terminal_is_judged_by_the_turn_that_it_began():
    assert exit_code([finished(Status.ASKED), finished(Status.DONE), answered()], check=True) == 0
