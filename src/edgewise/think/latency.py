"""How long something took lately: quantiles over a sliding window.

What is older than the window is forgotten, so a peer that was slow once is asked again after it;
without that, one that is never asked because it was slow would stay slow for ever.
"""

import math
from collections import deque

from edgewise.core.clock import Clock

WINDOW_S = 600.0
MOST = 256


class Latency:
    """Times in seconds; `most` of them are kept."""

    def __init__(self, clock: Clock, *, window_s: float = WINDOW_S, most: int = MOST) -> None:
        self._clock = clock
        self._window_s = window_s
        self._taken: deque[tuple[float, float]] = deque(maxlen=most)

    def add(self, took_s: float) -> None:
        """Note one."""
        self._taken.append((self._clock.monotonic(), took_s))

    @property
    def count(self) -> int:
        """How many are in the window."""
        self._forget()
        return len(self._taken)

    def quantile(self, share: float) -> float:
        """The smallest time that at least `share` of them did not pass; 0 when there is none."""
        self._forget()
        if not self._taken:
            return 0.0
        times = sorted(took_s for _, took_s in self._taken)
        return times[max(0, math.ceil(share * len(times)) - 1)]

    def _forget(self) -> None:
        since = self._clock.monotonic() - self._window_s
        while self._taken and self._taken[0][0] <= since:
            self._taken.popleft()
