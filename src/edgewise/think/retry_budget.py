"""What resilience may add to the load: a share of the calls of a sliding window.

A cloud in trouble gets at most that much more than it was asked, however many callers retry; the
same bound holds for hedges. Sources: Google SRE book, "Handling Overload" (10 % a client); Dean and
Barroso, "The Tail at Scale" (hedges); reference note on routing, section 5.
"""

from collections import deque

from edgewise.core.clock import Clock

WINDOW_S = 600.0
MOST = 4096
_TICK_S = 1e-9


class RetryBudget:
    """Counts calls and what was added to them. `spare` may be added however few calls there were;
    it is no more on top of the share."""

    def __init__(
        self, clock: Clock, *, share: float = 0.1, spare: int = 1, window_s: float = WINDOW_S
    ) -> None:
        self._clock = clock
        self._share = share
        self._spare = spare
        self._window_s = window_s
        self._calls: deque[float] = deque(maxlen=MOST)
        self._added: deque[float] = deque(maxlen=MOST)

    def called(self) -> None:
        """A call began that was not added by resilience."""
        self._calls.append(self._clock.monotonic())

    @property
    def left(self) -> int:
        """How many more may be added now."""
        since = self._clock.monotonic() - self._window_s
        if len(self._calls) == MOST:  # what was added before the oldest call that is kept
            since = max(since, self._calls[0] - _TICK_S)
        for times in (self._calls, self._added):
            while times and times[0] <= since:
                times.popleft()
        # 1e-9: a tenth of 30 calls is 3, not 2.9999999999999996
        return max(self._spare, int(self._share * len(self._calls) + 1e-9)) - len(self._added)

    def take(self) -> bool:
        """Whether one more may be added; it counts from now on."""
        if self.left <= 0:
            return False
        self._added.append(self._clock.monotonic())
        return True
