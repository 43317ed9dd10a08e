"""Answers on their way to a device's loudspeaker: what it says, as packets at the pace of speech.

A device plays only what comes between `tts start` and `tts stop`, and keeps at most 40 packets: so
it is sent no more than `AHEAD_PACKETS` ahead of what it plays, which also bounds how long it goes
on when it is interrupted. Words stand before the sound that says them. It sends; what is said and
when it ends, others know.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from enum import StrEnum

from msgspec import Struct

from edgewise.core.clock import Clock
from edgewise.sound.opus import OpusEncoder
from edgewise.sound.pcm import SPEAKING_HZ
from edgewise.talk.xiaozhi import messages
from edgewise.talk.xiaozhi.framing import packed

PACKET_MS = 60
AHEAD_PACKETS = 5
START_S = 0.02
"""From `tts start` to the first packet: a device begins to speak by its main task."""


class _Step(StrEnum):
    START = "start"
    WORDS = "sentence_start"
    PACKET = "packet"
    STOP = "stop"


class _Entry(Struct, frozen=True):
    step: _Step
    item: str = ""
    words: str = ""
    samples: bytes = b""


class Heard(Struct, frozen=True):
    """How much of an answer's sound was played; `item` is empty before any of it."""

    item: str
    ms: int


class Playing:
    """For one device; `run` sends."""

    def __init__(
        self,
        send: Callable[[str | bytes], Awaitable[None]],
        clock: Clock,
        session: str,
        version: int,
    ) -> None:
        """Raises ModelError where there is no Opus."""
        self._send = send
        self._clock = clock
        self._session = session
        self._version = version
        self._encoder = OpusEncoder(SPEAKING_HZ, PACKET_MS)
        self._rest = b""
        self._rest_item = ""
        self._waiting: deque[_Entry] = deque()
        self._changed = asyncio.Event()
        self._is_open = False
        self._is_speaking = False
        self._is_held = False
        self._is_stopped = False
        self._item = ""
        self._sent_ms = 0
        self._at_ms = 0
        self._ends_s = self._not_before_s = float("-inf")

    @property
    def is_busy(self) -> bool:
        """Whether the device speaks, or is about to; not from `stop` on, though it is still to be
        told of that."""
        return (self._is_speaking or bool(self._waiting)) and not self._is_stopped

    @property
    def unsent(self) -> tuple[str, ...]:
        """The answers of which sound is still to be sent."""
        waiting = [one.item for one in self._waiting if one.step is _Step.PACKET]
        rest = [self._rest_item] if self._rest else []
        return tuple(dict.fromkeys([*waiting, *rest]))

    def say(self, item: str, says: str, data: bytes) -> None:
        """More of an answer: the words, and their samples at SPEAKING_HZ."""
        if not self._is_open:
            self._is_open, self._is_stopped = True, False
            self._put(_Entry(_Step.START))
        if words := says.strip():
            self._put(_Entry(_Step.WORDS, item, words))
        self._rest += data
        self._rest_item = item
        size = self._encoder.packet_bytes
        while len(self._rest) >= size:
            piece, self._rest = self._rest[:size], self._rest[size:]
            self._put(_Entry(_Step.PACKET, item, samples=piece))

    def end(self) -> None:
        """That was all of it."""
        if not self._is_open:
            return
        self._is_open = False
        if self._rest:
            whole = self._rest.ljust(self._encoder.packet_bytes, b"\0")
            self._put(_Entry(_Step.PACKET, self._rest_item, samples=whole))
            self._rest = b""
        self._put(_Entry(_Step.STOP))

    def stop(self) -> Heard | None:
        """Nothing more of any answer; what was played of the one that the device was speaking."""
        now = self._clock.monotonic()
        self._waiting.clear()
        self._rest = b""
        self._is_open = self._is_held = False
        self._is_stopped = True
        if not self._is_speaking:
            return None
        left_ms = max(0.0, self._ends_s - now) * 1000
        self._ends_s = now
        self._put(_Entry(_Step.STOP))
        return Heard(self._item, max(0, round(self._sent_ms - left_ms)))

    def hold(self) -> None:
        """Send nothing until `resume`, or the end of the answer."""
        self._is_held = True

    def resume(self) -> None:
        """Go on."""
        self._is_held = False
        self._changed.set()

    async def run(self) -> None:
        """Send what is due, for ever. Raises LinkError."""
        while True:
            if self._is_held or not self._waiting:
                await self._wait(None)
            elif (early_s := self._due_s(self._waiting[0]) - self._clock.monotonic()) > 0:
                await self._wait(early_s)
            else:
                await self._go(self._waiting.popleft())

    def _due_s(self, entry: _Entry) -> float:
        """When it is to be sent."""
        match entry.step:
            case _Step.PACKET:
                return max(self._not_before_s, self._ends_s - AHEAD_PACKETS * PACKET_MS / 1000)
            case _Step.STOP:
                return self._ends_s
            case _:
                return float("-inf")

    async def _go(self, entry: _Entry) -> None:
        now = self._clock.monotonic()
        if entry.step is _Step.PACKET:
            if entry.item != self._item:
                self._item, self._sent_ms = entry.item, 0
            self._ends_s = max(self._ends_s, now) + PACKET_MS / 1000
            self._sent_ms += PACKET_MS
            self._at_ms += PACKET_MS
            packet = self._encoder.encode(entry.samples)
            await self._send(packed(packet, self._version, self._at_ms))
            return
        if entry.step is _Step.START:
            self._not_before_s = now + START_S
        self._is_speaking = entry.step is not _Step.STOP
        await self._send(messages.tts(self._session, entry.step.value, entry.words))

    async def _wait(self, most_s: float | None) -> None:
        self._changed.clear()
        try:
            async with asyncio.timeout(most_s):
                await self._changed.wait()
        except TimeoutError:
            return

    def _put(self, entry: _Entry) -> None:
        self._waiting.append(entry)
        self._changed.set()
