"""The events of a conversation on their way to its edge: in order, bounded.

An edge that reads slowly holds up whoever makes sound (`room`); one that does not read at all loses
the conversation, told by the last event. It knows nothing of what the events mean.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator

from edgewise.talk.events import Failed, ReplySound, TalkEvent

MOST_EVENTS = 8192
"""That wait to be read; ten minutes of an answer are about 600."""
SOUND_LIMIT_BYTES = 4 << 20
"""That wait to be read before no more is made: 87 s of speech."""


class Telling:
    """A queue of events for one reader."""

    def __init__(self) -> None:
        self._waiting: deque[TalkEvent] = deque()
        self._sound_bytes = 0
        self._changed = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self.ended = False

    @property
    def waiting(self) -> tuple[TalkEvent, ...]:
        """What is not read yet."""
        return tuple(self._waiting)

    def tell(self, event: TalkEvent) -> None:
        """One more event; dropped after the end."""
        if self.ended:
            return
        if len(self._waiting) >= MOST_EVENTS:
            event = Failed(
                "talk_not_read",
                f"{MOST_EVENTS:,} events wait and none is read; the conversation ends, read faster",
            )
            self.ended = True
        self._waiting.append(event)
        if isinstance(event, ReplySound):
            self._sound_bytes += len(event.data)
            if self._sound_bytes >= SOUND_LIMIT_BYTES:
                self._room.clear()
        self._changed.set()

    async def room(self) -> None:
        """Returns when there is room for more sound."""
        await self._room.wait()

    def end(self) -> None:
        """No more comes; what waits is still read."""
        self.ended = True
        self._room.set()
        self._changed.set()

    async def read(self) -> AsyncGenerator[TalkEvent, None]:
        """All events as they come, until the end."""
        while True:
            while self._waiting:
                event = self._waiting.popleft()
                if isinstance(event, ReplySound):
                    self._sound_bytes -= len(event.data)
                    if self._sound_bytes < SOUND_LIMIT_BYTES:
                        self._room.set()
                yield event
            if self.ended:
                return
            self._changed.clear()
            await self._changed.wait()
