"""Being called at a moment of a clock: the machine's own by the event loop, or one turned by hand.

A clock that can ring by itself (`AlarmClock`, such as `testing.ManualClock`) is asked; for any
other the running event loop waits.
"""

import asyncio
from collections.abc import Callable
from typing import Protocol, runtime_checkable

from edgewise.core.clock import Clock

Cancel = Callable[[], None]


@runtime_checkable
class AlarmClock(Protocol):
    """A clock that calls back when its own monotonic time reaches a moment."""

    def call_at(self, at_s: float, ring: Callable[[], None]) -> Cancel: ...


def call_at(clock: Clock, at_s: float, ring: Callable[[], None]) -> Cancel:
    """Call `ring` when `clock.monotonic()` reaches `at_s`; returns how to cancel.

    Raises RuntimeError without a running event loop, unless the clock rings by itself.
    """
    if isinstance(clock, AlarmClock):
        return clock.call_at(at_s, ring)
    delay_s = max(0.0, at_s - clock.monotonic())
    return asyncio.get_running_loop().call_later(delay_s, ring).cancel


async def wait_until(clock: Clock, at_s: float) -> None:
    """Return once `clock.monotonic()` has reached `at_s`."""
    reached = asyncio.Event()
    cancel = call_at(clock, at_s, reached.set)
    try:
        await reached.wait()
    finally:
        cancel()
