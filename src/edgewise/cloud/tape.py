"""The recorded events of one stream, so that a reader who lost its connection goes on.

Events are numbered from 0 without gaps. A reader follows strictly after the number that it saw
last. The tape is bounded in bytes: the oldest events go first, and a reader who needs them is
refused instead of being given a stream with a hole. Source: issue 4, resumable streams.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator

from edgewise.cloud.refusal import Refused, bad_request

TAPE_BYTES = 4 * 1024 * 1024


class Tape:
    """Frames in order, for one writer and any number of readers in one event loop."""

    def __init__(self, limit_bytes: int = TAPE_BYTES) -> None:
        self.size_bytes = 0
        self.is_ended = False
        self._limit_bytes = limit_bytes
        self._first = 0
        self._frames: deque[bytes] = deque()
        self._waiting: asyncio.Event | None = None

    def append(self, frame: bytes) -> None:
        """Records the next frame."""
        self._frames.append(frame)
        self.size_bytes += len(frame)
        while self.size_bytes > self._limit_bytes and len(self._frames) > 1:
            self.size_bytes -= len(self._frames.popleft())
            self._first += 1
        self._wake()

    def end(self) -> None:
        """There is no more; readers end after the last frame."""
        self.is_ended = True
        self._wake()

    def check(self, after: int) -> None:
        """Raises Refused (400) when what follows `after` is no longer kept, or was never sent."""
        if after + 1 < self._first:
            raise bad_request(
                f"starting_after: the events up to {self._first - 1} are no longer kept; fetch"
                " the response without stream",
                "starting_after",
            )
        if after >= self._first + len(self._frames) and after >= 0:
            raise bad_request(
                f"starting_after: there is no event {after} yet; give the number of the last"
                " event that came",
                "starting_after",
            )

    async def follow(self, after: int = -1) -> AsyncGenerator[bytes, None]:
        """The frames strictly after `after`, as they come. Raises Refused, see `check`."""
        self.check(after)
        at = after + 1
        while True:
            if at < self._first:
                raise Refused(400, "stream_not_kept", "the reader fell too far behind the stream")
            if at < self._first + len(self._frames):
                yield self._frames[at - self._first]
                at += 1
            elif self.is_ended:
                return
            else:
                if self._waiting is None:
                    self._waiting = asyncio.Event()
                await self._waiting.wait()

    def _wake(self) -> None:
        if self._waiting is not None:
            self._waiting.set()
            self._waiting = None
