"""Several things that go on beside each other, as the ends of a connection do."""

import asyncio
from collections.abc import Coroutine
from typing import Any


async def until_one_ends(parts: tuple[Coroutine[Any, Any, None], ...]) -> None:
    """Run them together until one ends; the others are ended, and what it raised is raised."""
    tasks = [asyncio.create_task(part) for part in parts]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()
