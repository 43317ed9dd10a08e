"""The recorded events of one stream, so that a reader who lost its connection goes on.

Events are numbered without gaps. A reader follows strictly after the number that it saw last. A
tape is bounded in bytes, and so are all tapes of a `TapeRoom` together: the oldest events go first,
of the longest tape when the room is full, and a reader who needs them is told (`Behind`) instead of
being given a stream with a hole. Source: issue 4, resumable streams.
"""

import asyncio
from collections.abc import AsyncGenerator
from weakref import WeakSet

from edgewise.cloud.refusal import Refused, bad_request

TAPE_BYTES = 4 * 1024 * 1024
ROOM_BYTES = 256 * 1024 * 1024
BATCH_BYTES = 64 * 1024


class Behind(Exception):
    """What the reader was to get next is no longer kept: it fell too far behind."""


class TapeRoom:
    """Tapes that share a bound of bytes. One that nobody holds any more takes none."""

    def __init__(self, limit_bytes: int = ROOM_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._likely_bytes = 0  # never less than there are
        self._tapes: WeakSet[Tape] = WeakSet()

    @property
    def size_bytes(self) -> int:
        """Of all tapes together."""
        return sum(tape.size_bytes for tape in self._tapes)

    def enter(self, tape: "Tape") -> None:
        """The tape shares the bound from now on."""
        self._tapes.add(tape)

    def take(self, size_bytes: int) -> None:
        """Room for so much; the longest tapes lose their older halves when there is none."""
        self._likely_bytes += size_bytes
        if self._likely_bytes <= self._limit_bytes:
            return
        self._likely_bytes = self.size_bytes
        if self._likely_bytes <= self._limit_bytes:
            return
        while self._likely_bytes > self._limit_bytes * 7 // 8:
            longest = max(self._tapes, key=lambda tape: tape.size_bytes)
            freed_bytes = longest.shed(longest.size_bytes // 2)
            if not freed_bytes:
                return
            self._likely_bytes -= freed_bytes


class Tape:
    """Frames in order, for one writer and any number of readers in one event loop.

    `first` is the number of the first frame, `field` what a reader names the last one it saw with.
    """

    def __init__(
        self,
        limit_bytes: int = TAPE_BYTES,
        *,
        room: TapeRoom | None = None,
        first: int = 0,
        field: str = "starting_after",
    ) -> None:
        self.size_bytes = 0
        self.is_ended = False
        self.next = first
        self._limit_bytes = limit_bytes
        self._room = room
        self._begin = self._first = first
        self._field = field
        self._frames: dict[int, bytes] = {}
        self._waiting: asyncio.Event | None = None
        if room is not None:
            room.enter(self)

    def append(self, frame: bytes) -> None:
        """Records the next frame."""
        self._frames[self.next] = frame
        self.next += 1
        self.size_bytes += len(frame)
        self.shed(self._limit_bytes)
        if self._room is not None:
            self._room.take(len(frame))
        self._wake()

    def shed(self, to_bytes: int) -> int:
        """Forgets the oldest frames down to that size, never the last one; the bytes freed."""
        before_bytes = self.size_bytes
        while self.size_bytes > to_bytes and len(self._frames) > 1:
            self.size_bytes -= len(self._frames.pop(self._first))
            self._first += 1
        return before_bytes - self.size_bytes

    def end(self) -> None:
        """There is no more; readers end after the last frame."""
        self.is_ended = True
        self._wake()

    def check(self, after: int) -> None:
        """Raises Refused: 410 when what follows `after` is no longer kept, 400 when it never was
        sent."""
        if after + 1 < self._first:
            raise Refused(
                410,
                "stream_gone",
                f"{self._field}: the events up to {self._first - 1} are no longer kept; fetch"
                " the whole, or ask again",
                param=self._field,
            )
        if after >= self.next and after >= self._begin:
            raise bad_request(
                f"{self._field}: there is no event {after} yet; give the number of the last"
                " event that came",
                self._field,
            )

    async def follow(self, after: int) -> AsyncGenerator[bytes, None]:
        """The frames strictly after `after`, as they come. Raises Behind; see `check` first."""
        at = after + 1
        while await self._comes(at):
            yield self._frames[at]
            at += 1

    async def batches(self, after: int) -> AsyncGenerator[bytes, None]:
        """As `follow`; frames that are there already come together."""
        at = after + 1
        while await self._comes(at):
            batch: list[bytes] = []
            size_bytes = 0
            while at < self.next and size_bytes < BATCH_BYTES:
                batch.append(self._frames[at])
                size_bytes += len(batch[-1])
                at += 1
            yield b"".join(batch)

    async def _comes(self, at: int) -> bool:
        """Wait for the frame `at`; whether it came before the end."""
        while at >= self.next:
            if self.is_ended:
                return False
            if self._waiting is None:
                self._waiting = asyncio.Event()
            await self._waiting.wait()
        if at < self._first:
            raise Behind
        return True

    def _wake(self) -> None:
        if self._waiting is not None:
            self._waiting.set()
            self._waiting = None
