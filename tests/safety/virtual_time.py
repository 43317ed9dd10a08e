"""An event loop whose time jumps to the next timer instead of passing, and a clock that reads it.

Motors, read-backs, time limits and approvals take the seconds they take, in no time at all and the
same way in every run. Only for code that waits for timers and for other tasks: a thread or a socket
would be waited for in vain.
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

Outcome = TypeVar("Outcome")

START_WALL = 1_767_225_600.0
"""2026-01-01 00:00 UTC."""


class VirtualLoop(asyncio.SelectorEventLoop):
    """Instead of sleeping until the next timer it moves its time there."""

    def __init__(self) -> None:
        self._passed_s = 1_000.0
        super().__init__(_Jumping(self))

    def time(self) -> float:
        return self._passed_s

    def jump(self, seconds: float) -> None:
        """Let `seconds` pass at once."""
        self._passed_s += seconds


class _Jumping(selectors.SelectSelector):
    """Looks at its files without waiting; the time it should have waited passes in the loop."""

    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("everything waits and no timer is set: this would wait for ever")
        ready = super().select(0)
        if not ready and timeout > 0:
            self._loop.jump(timeout)
        return ready


class LoopClock:
    """The running loop's time as a `core.clock.Clock` that rings by itself."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def now(self) -> float:
        return START_WALL + self._loop.time()

    def monotonic(self) -> float:
        return self._loop.time()

    def call_at(self, at_s: float, ring: Callable[[], None]) -> Callable[[], None]:
        return self._loop.call_at(at_s, ring).cancel


def in_virtual_time(play: Callable[[LoopClock], Coroutine[Any, Any, Outcome]]) -> Outcome:
    """Run `play` to its end in a loop of its own, with the clock of that loop."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        loop = runner.get_loop()
        return runner.run(play(LoopClock(loop)))
