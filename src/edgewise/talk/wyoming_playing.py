"""The sound of answers on its way to a satellite's loudspeaker: not much ahead of being heard.

A satellite plays all it was sent and can not be told to stop, so it is sent little more than what
it plays now; then an interruption is heard within that. How far it is, is an estimate from the time
the first of it was sent, until the satellite tells `played`.
"""

import asyncio
from collections import deque

from edgewise.core.clock import Clock
from edgewise.sound.pcm import BYTES_PER_SAMPLE, SPEAKING_HZ
from edgewise.talk.wyoming_sound import chunks, started, stopped
from edgewise.talk.wyoming_wire import Wire

AHEAD_S = 0.5
AFTER_S = 0.3
"""In which a room still rings, and the satellite's own delay."""


class Playing:
    """For one satellite; `run` sends."""

    def __init__(self, wire: Wire, clock: Clock) -> None:
        self._wire = wire
        self._clock = clock
        self._waiting: deque[bytes] = deque()
        self._changed = asyncio.Event()
        self._is_open = False
        self._is_whole = True
        self._ends_s = float("-inf")

    @property
    def is_heard(self) -> bool:
        """Whether an answer is heard at the satellite now, or will be in a moment."""
        return bool(self._waiting) or self._clock.monotonic() < self._ends_s + AFTER_S

    def add(self, data: bytes) -> None:
        """More of an answer, at SPEAKING_HZ."""
        self._is_whole = False
        self._waiting.extend(chunk.audio for chunk in chunks(data))
        self._changed.set()

    def end(self) -> None:
        """That was all of it."""
        self._is_whole = True
        self._changed.set()

    def stop(self) -> None:
        """What was not sent yet is not played."""
        self._waiting.clear()
        self.end()

    def is_played(self) -> None:
        """The satellite tells that it has played what it was sent."""
        if not self._is_open:
            self._ends_s = min(self._ends_s, self._clock.monotonic())

    async def run(self) -> None:
        """Send what is to be played, as it is due. Raises LinkError."""
        while True:
            if self._waiting:
                await self._send(self._waiting.popleft())
            elif self._is_open and self._is_whole:
                self._is_open = False
                await self._wire.write(stopped())
            else:
                self._changed.clear()
                await self._changed.wait()

    async def _send(self, data: bytes) -> None:
        if not self._is_open:
            self._is_open = True
            await self._wire.write(started())
        now = self._clock.monotonic()
        self._ends_s = max(now, self._ends_s) + len(data) / (SPEAKING_HZ * BYTES_PER_SAMPLE)
        for chunk in chunks(data):
            await self._wire.write(chunk)
        ahead_s = self._ends_s - self._clock.monotonic() - AHEAD_S
        if ahead_s > 0:
            await asyncio.sleep(ahead_s)
