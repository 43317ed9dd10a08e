"""The notice board: every event of every turn that comes through a door of this process.

The cockpit reads it so that a person sees, and can approve or refuse, what a program or an MCP
client has asked for. It keeps only in which session each of the newest turns runs, which the trail
may hide; what happened is in the trail alone (`agent/trail.py`). A reader that is too slow is told
that it missed some, and reads the trails instead.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, AsyncIterator

from edgewise.core.event import Event, TurnStarted

BEHIND_LIMIT = 512
TURNS_KEPT = 1024


class Board:
    """Hands each posted event to all who read at that moment."""

    def __init__(self) -> None:
        self._readers: set[asyncio.Queue[Event | None]] = set()
        self._sessions: OrderedDict[str, str] = OrderedDict()

    def session_of(self, turn: str) -> str:
        """The session of a turn of this process, or an empty string when it is not known here."""
        return self._sessions.get(turn, "")

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
        if isinstance(event, TurnStarted):
            self.note(event)
        for queue in self._readers:
            if queue.qsize() < BEHIND_LIMIT:
                queue.put_nowait(event)
            elif queue.qsize() == BEHIND_LIMIT:
                queue.put_nowait(None)

    def note(self, started: TurnStarted) -> None:
        """Know that a turn runs here, of which the readers are told later if at all."""
        self._sessions[started.turn] = started.session
        while len(self._sessions) > TURNS_KEPT:
            self._sessions.popitem(last=False)

    async def read(self) -> AsyncGenerator[Event | None, None]:
        """Events from now on; `None` says that some were missed."""
        queue: asyncio.Queue[Event | None] = asyncio.Queue()
        self._readers.add(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            self._readers.discard(queue)
