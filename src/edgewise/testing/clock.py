"""A clock that a test turns by hand: time passes only in `advance`, and alarms ring on the way.

It is a `core.clock.Clock`; `call_at` is the part of it that the simulated vehicle needs for motors
(`device.vehicle.alarm.AlarmClock`).
"""

import heapq
from collections.abc import Callable
from itertools import count


class ManualClock:
    """Wall and monotonic seconds that stand still until told to move."""

    def __init__(self, *, wall: float = 1_767_225_600.0, monotonic: float = 1_000.0) -> None:
        """Starts at 2026-01-01 00:00 UTC unless told otherwise."""
        self._wall = wall
        self._monotonic = monotonic
        self._alarms: list[tuple[float, int, Callable[[], None]]] = []
        self._cancelled: set[int] = set()
        self._numbers = count()

    def now(self) -> float:
        """Wall time in seconds since 1970."""
        return self._wall

    def monotonic(self) -> float:
        """Seconds that only `advance` moves."""
        return self._monotonic

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass; each alarm that falls due is rung at its own time, in order.

        Tasks that an alarm wakes run when the test next awaits. Raises ValueError for a step back.
        """
        if seconds < 0:
            raise ValueError(f"time does not go back: {seconds} s")
        until = self._monotonic + seconds
        while self._alarms and self._alarms[0][0] <= until:
            at, number, ring = heapq.heappop(self._alarms)
            if number in self._cancelled:
                self._cancelled.discard(number)
                continue
            self._move_to(max(at, self._monotonic))
            ring()
        self._move_to(until)

    def set_wall(self, wall: float) -> None:
        """Set the wall clock as a device does at start; monotonic time is not touched."""
        self._wall = wall

    def call_at(self, at_s: float, ring: Callable[[], None]) -> Callable[[], None]:
        """Ring once monotonic time reaches `at_s`, even if that is now; returns how to cancel."""
        number = next(self._numbers)
        heapq.heappush(self._alarms, (at_s, number, ring))

        def cancel() -> None:
            if any(number == waiting for _, waiting, _ in self._alarms):
                self._cancelled.add(number)

        return cancel

    @property
    def waiting(self) -> int:
        """How many alarms have yet to ring."""
        return len(self._alarms) - len(self._cancelled)

    def _move_to(self, monotonic: float) -> None:
        self._wall += monotonic - self._monotonic
        self._monotonic = monotonic
