"""A step that builds on one that was not done is not done either."""

from edgewise.agent.stepwise import Steps, left, waiting
from edgewise.core.call import Call, Result, Status
from edgewise.core.label import Label
from tests.each_row import each_row

FIRST, SECOND, OTHER = (Call(f"t.{n}", "gui.act", {}, Label()) for n in (1, 2, 3))
SCREEN = ("gui.screen",)


def steps(status: Status) -> Steps:
    made = Steps()
    for call in (FIRST, SECOND):
        made.note(call, SCREEN)
    made.note(OTHER, ())
    made.end(Result(FIRST.id, FIRST.capability, status))
    return made


@each_row(
    ("status", "waits", "is_left"),
    [
        (Status.DONE, False, False),
        (Status.ASKED, True, False),
        *((status, False, True) for status in Status if status not in (Status.DONE, Status.ASKED)),
    ],
)
def test_a_step_waits_behind_one_that_asks_and_is_left_behind_one_that_failed(
    status: Status, waits: bool, is_left: bool
):
    made = steps(status)
    assert (made.waits(SECOND), made.is_left(SECOND)) == (waits, is_left)
    assert (made.waits(OTHER), made.is_left(OTHER)) == (False, False)


def test_the_first_step_that_was_not_done_counts():
    made = steps(Status.FAILED)
    made.end(left(SECOND))
    made.end(Result(SECOND.id, SECOND.capability, Status.ASKED))
    assert made.is_left(SECOND)


def test_a_step_comes_after_one_that_was_put_off():
    made = steps(Status.DONE)
    assert not made.is_behind_postponed(SECOND)
    made.postpone(FIRST)
    assert made.is_behind_postponed(SECOND)
    assert not made.is_behind_postponed(OTHER)


def test_what_waits_asks_and_what_is_left_says_why():
    assert waiting(SECOND).status is Status.ASKED
    told = left(SECOND)
    assert told.status is Status.IMPOSSIBLE
    assert told.words is not None
    assert told.words.en.startswith("The step before it was not done")
