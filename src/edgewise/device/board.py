"""The notice board: every event of every turn that comes through a door of this process.

The cockpit reads it so that a person sees, and can approve or refuse, what a program or an MCP
client has asked for. It keeps nothing: the trail is the only account (`agent/trail.py`). A reader
that is too slow is told that it missed some, and reads the trails instead.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator

from edgewise.core.event import Event

BEHIND_LIMIT = 512


class Board:
    """Hands each posted event to all who read at that moment."""

    def __init__(self) -> None:
        self._readers: set[asyncio.Queue[Event | None]] = set()

    async def posted(self, events: AsyncIterator[Event]) -> AsyncGenerator[Event, None]:
        """`events`, each posted as it passes."""
        try:
            async for event in events:
                self.post(event)
                yield event
        finally:
            if isinstance(events, AsyncGenerator):
                await events.aclose()

    def post(self, event: Event) -> None:
        """Give `event` to the readers, without waiting for any of them."""
        for queue in self._readers:
            if queue.qsize() < BEHIND_LIMIT:
                queue.put_nowait(event)
            elif queue.qsize() == BEHIND_LIMIT:
                queue.put_nowait(None)

    async def read(self) -> AsyncGenerator[Event | None, None]:
        """Events from now on; `None` says that some were missed."""
        queue: asyncio.Queue[Event | None] = asyncio.Queue()
        self._readers.add(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            self._readers.discard(queue)
