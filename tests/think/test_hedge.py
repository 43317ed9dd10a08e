"""The second way starts when the first is late, the first to deliver wins, the other is ended."""

import asyncio
from collections.abc import AsyncGenerator

import msgspec
import pytest

from edgewise.errors import LinkError
from edgewise.testing.clock import ManualClock
from edgewise.think.hedge import HedgeQuestion, Race, Runner, hedge_after_s
from edgewise.think.retry_budget import RetryBudget

LATE = HedgeQuestion(begins_p95_s=2.0, left_s=20.0, left=1)


class Way:
    """A stream that the test lets go on or fails."""

    def __init__(self, name: str, *, ready: bool = False) -> None:
        self.name = name
        self.started = asyncio.Event()
        self.go = asyncio.Event()
        self.fails = False
        self.ended = False
        if ready:
            self.go.set()

    async def pieces(self) -> AsyncGenerator[str]:
        try:
            self.started.set()
            await self.go.wait()
            if self.fails:
                raise LinkError(f"{self.name} failed")
            yield f"{self.name} 1"
            yield f"{self.name} 2"
        finally:
            self.ended = True


def race(first: Way, second: Way, due: asyncio.Event, *, may: bool = True) -> Race[str]:
    async def wait(_: float) -> None:
        await due.wait()

    return Race(first.pieces, second.pieces, 2.0, lambda: may, wait=wait)


def test_it_is_due_when_nearly_all_answers_have_begun():
    assert hedge_after_s(LATE) == 2.0


@pytest.mark.parametrize(
    "changed",
    [
        *({"has_tools": True}, {"has_second": False}, {"left": 0}, {"begins_p95_s": 0.0}),
        *({"left_s": 2.0}, {"second_s": 18.0}),
    ],
)
def test_it_is_never_due_where_it_could_do_harm_or_nothing(changed: dict[str, float]):
    assert hedge_after_s(msgspec.structs.replace(LATE, **changed)) is None


async def test_a_first_way_that_delivers_in_time_is_alone():
    first, second = Way("first", ready=True), Way("second", ready=True)
    run = race(first, second, asyncio.Event())
    assert [piece async for piece in run] == ["first 1", "first 2"]
    assert (run.winner, run.is_hedged, second.started.is_set()) == (Runner.FIRST, False, False)


async def test_a_late_first_way_loses_and_is_ended():
    first, second, due = Way("first"), Way("second", ready=True), asyncio.Event()
    due.set()
    run = race(first, second, due)
    assert [piece async for piece in run] == ["second 1", "second 2"]
    assert (run.winner, run.is_hedged, first.ended) == (Runner.SECOND, True, True)


async def test_a_first_way_that_is_still_faster_wins_and_the_second_is_ended():
    first, second, due = Way("first"), Way("second"), asyncio.Event()
    due.set()
    run = race(first, second, due)
    begun = asyncio.create_task(anext(run))
    await second.started.wait()
    first.go.set()
    assert await begun == "first 1"
    assert second.ended
    await run.aclose()
    assert first.ended


async def test_without_budget_the_second_does_not_start():
    first, second, due = Way("first"), Way("second", ready=True), asyncio.Event()
    due.set()
    run = race(first, second, due, may=False)
    begun = asyncio.create_task(anext(run))
    await first.started.wait()
    first.go.set()
    assert await begun == "first 1"
    assert not second.started.is_set()
    await run.aclose()


async def test_a_first_way_that_fails_leaves_the_second_the_answer():
    first, second, due = Way("first"), Way("second"), asyncio.Event()
    due.set()
    run = race(first, second, due)
    begun = asyncio.create_task(anext(run))
    await second.started.wait()
    first.fails = True
    first.go.set()
    second.go.set()
    assert await begun == "second 1"
    await run.aclose()


async def test_when_both_fail_the_first_says_why():
    first, second, due = Way("first", ready=True), Way("second", ready=True), asyncio.Event()
    first.fails = second.fails = True
    due.set()
    with pytest.raises(LinkError, match="first failed"):
        await anext(race(first, second, due))
    assert first.ended


async def test_leaving_before_anybody_delivered_ends_both():
    first, second, due = Way("first"), Way("second"), asyncio.Event()
    due.set()
    begun = asyncio.ensure_future(anext(race(first, second, due)))
    await second.started.wait()
    begun.cancel()
    await asyncio.gather(begun, return_exceptions=True)
    assert (first.ended, second.ended) == (True, True)


async def test_at_most_a_twentieth_of_the_calls_is_hedged():
    budget = RetryBudget(ManualClock(), share=0.05, spare=0)
    hedged = 0
    for _ in range(100):
        budget.called()
        first, second = Way("first"), Way("second", ready=True)
        run = Race(first.pieces, second.pieces, 1.0, budget.take, wait=_at_once)
        begun = asyncio.create_task(anext(run))
        for _ in range(10):  # turns of the loop, in which a hedge that may start wins
            await asyncio.sleep(0)
        first.go.set()
        await begun
        hedged += run.is_hedged
        await run.aclose()
    assert hedged == 5


async def _at_once(_: float) -> None:
    pass
