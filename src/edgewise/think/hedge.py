"""Two ways to one answer: the second starts when the first has not begun as soon as it nearly
always does; who delivers first wins, and the other is ended.

When to hedge is a value (`hedge_after_s`), the race is a function of two streams and a timer; no
clock is read here. A hedge never stands in for a call that may act: a turn with tools has none.
Source: Dean and Barroso, "The Tail at Scale"; reference note on routing, section 5.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from enum import StrEnum
from typing import Generic, TypeVar

from msgspec import Struct

from edgewise.errors import EdgewiseError

T = TypeVar("T")
Source = Callable[[], AsyncIterator[T]]


class Runner(StrEnum):
    """Of a race."""

    FIRST = "first"
    SECOND = "second"


class HedgeQuestion(Struct, frozen=True):
    """What the decision looks at. `begins_p95_s` is when nearly all answers of the first way have
    begun, 0 when that is not known; `left` how many hedges the budget has; `second_s` what the
    second way takes for its answer."""

    begins_p95_s: float
    left_s: float
    left: int
    has_second: bool = True
    has_tools: bool = False
    second_s: float = 0.0


def hedge_after_s(question: HedgeQuestion) -> float | None:
    """How long to wait for the first way before the second starts beside it; `None`: it never
    does."""
    if question.has_tools or not question.has_second or question.left <= 0:
        return None
    if question.begins_p95_s <= 0 or question.begins_p95_s + question.second_s >= question.left_s:
        return None
    return question.begins_p95_s


class Race(Generic[T]):
    """The pieces of whichever way delivers first; iterate it once, or `aclose` it.

    `take` is asked once, when the hedge is due, whether it may start: it takes from the budget.
    What ends the first way before it has delivered is raised, unless the second delivers then.
    """

    def __init__(
        self,
        first: Source[T],
        second: Source[T],
        after_s: float | None,
        take: Callable[[], bool],
        *,
        wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.winner: Runner | None = None
        self.is_hedged = False
        self._first, self._second = first, second
        self._after_s, self._take, self._wait = after_s, take, wait
        self._pieces = self._all()

    def __aiter__(self) -> AsyncIterator[T]:
        return self

    async def __anext__(self) -> T:
        return await anext(self._pieces)

    async def aclose(self) -> None:
        """Ask no more; whatever still runs is ended."""
        await self._pieces.aclose()

    async def _all(self) -> AsyncGenerator[T]:
        lanes = {Runner.FIRST: _Lane(self._first())}
        try:
            await self._first_piece(lanes)
            winner = self.winner or Runner.FIRST
            for runner, lane in lanes.items():
                if runner is not winner:
                    await lane.end()
            lane = lanes[winner]
            for piece in lane.first():
                yield piece
            async with aclosing(lane):
                async for piece in lane.rest():
                    yield piece
        finally:
            for lane in lanes.values():
                await lane.end()

    async def _first_piece(self, lanes: "dict[Runner, _Lane[T]]") -> None:
        """Until one has delivered, or all have failed; `lanes` gets the second when it starts."""
        timer = self._timer()
        try:
            while True:
                running = [lane.task for lane in lanes.values() if not lane.task.done()]
                waited = [*running, *([timer] if timer is not None else [])]
                if running:
                    await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
                for runner, lane in lanes.items():  # the first before the second
                    if lane.task.done() and not lane.has_failed():
                        self.winner = runner
                        return
                if all(lane.task.done() for lane in lanes.values()):
                    return
                if timer is not None and timer.done():
                    timer = None
                    if self._take():
                        self.is_hedged = True
                        lanes[Runner.SECOND] = _Lane(self._second())
        finally:
            if timer is not None:
                timer.cancel()

    def _timer(self) -> "asyncio.Task[None] | None":
        return (
            None
            if self._after_s is None
            else asyncio.create_task(_waited(self._wait, self._after_s))
        )


async def _waited(wait: Callable[[float], Awaitable[None]], seconds: float) -> None:
    await wait(seconds)


class _Lane(Generic[T]):
    """One way, whose first piece is fetched by a task of its own."""

    def __init__(self, source: AsyncIterator[T]) -> None:
        self._source = source
        self.task = asyncio.create_task(self._fetch())

    async def _fetch(self) -> list[T]:
        """The first piece; nothing where there is none."""
        async for piece in self._source:
            return [piece]
        return []

    def has_failed(self) -> bool:
        """Whether it ended before it delivered, of which another way may be better."""
        if self.task.cancelled():
            return True
        return isinstance(self.task.exception(), EdgewiseError) or (
            self.task.exception() is None and not self.task.result()
        )

    def first(self) -> list[T]:
        """What was fetched. Raises what it failed with."""
        return self.task.result()

    async def rest(self) -> AsyncGenerator[T]:
        """What follows."""
        async for piece in self._source:
            yield piece

    async def aclose(self) -> None:
        await self.end()

    async def end(self) -> None:
        """Stop it and wait until it has."""
        if not self.task.done():
            self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
        close = getattr(self._source, "aclose", None)
        if close is not None:
            await close()
