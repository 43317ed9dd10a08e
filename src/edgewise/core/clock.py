"""Time as a value that is passed in: nothing below the assemblies reads a clock on its own."""

import time
from typing import Protocol


class Clock(Protocol):
    """Two readings of time; tests pass a clock that they turn by hand."""

    def now(self) -> float:
        """Seconds since 1970-01-01 UTC; may jump when the device sets its clock."""
        ...

    def monotonic(self) -> float:
        """Seconds since an arbitrary start; never goes back. Use it for ages and deadlines."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()
