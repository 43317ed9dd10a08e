"""Waits for what a test can only look at, with a limit."""

import asyncio
import time
from collections.abc import Callable


async def until(holds: Callable[[], object], limit_s: float = 10.0, every_s: float = 0.01) -> None:
    """Until it holds; fails after the limit."""
    ends = time.monotonic() + limit_s
    while not holds():
        assert time.monotonic() < ends, "it did not come to hold"
        await asyncio.sleep(every_s)
