"""Turns of several parties at a bounded number of places: whoever has waited goes round by round.

A party that asks for much gets no more than one turn in each round while others wait.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager


class Turns:
    """So many places, taken in turn by those who wait; used in one event loop."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    @asynccontextmanager
    async def turn(self, of: str) -> AsyncGenerator[None, None]:
        """A place for one of the party `of`, held until the block ends."""
        await self._take(of)
        try:
            yield
        finally:
            self._give_back()

    async def _take(self, of: str) -> None:
        if self._free and not self._waiting:
            self._free -= 1
            return
        called: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(of, deque()).append(called)
        try:
            await called
        except asyncio.CancelledError:
            if called.done() and not called.cancelled():  # called, and gone at the same moment
                self._give_back()
            raise

    def _give_back(self) -> None:
        """The place goes to the next party of the round, which then waits behind the others."""
        while self._waiting:
            of = next(iter(self._waiting))
            queue = self._waiting.pop(of)
            called = queue.popleft()
            if queue:
                self._waiting[of] = queue
            if not called.done():
                called.set_result(None)
                return
        self._free += 1
