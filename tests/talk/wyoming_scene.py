"""A Wyoming server over loopback, with fakes behind it, and the package's own client before it."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncTcpClient
from wyoming.event import Event

from edgewise.talk.mind import Mind
from edgewise.talk.wyoming_offer import Offer
from edgewise.talk.wyoming_peer import House
from edgewise.talk.wyoming_server import Room, WyomingServer
from edgewise.talk.wyoming_wire import Bounds
from edgewise.web.connection import listen
from tests.talk.realtime.loud import LoudEars, LoudVoice, spoken

LIMIT_S = 5.0
OFFER = Offer(hears=True, voices=("af_heart", "zf_xiaobei"), wakes=("hey_jarvis",), handles=True)


class LoudSpotter:
    """Hears the wake word where it is as loud as the third sentence."""

    def __init__(self) -> None:
        self.closed = False
        self.was_loud = False

    def feed(self, data: bytes) -> str | None:
        is_loud = max(memoryview(data).cast("h"), default=0) > 5000
        is_new, self.was_loud = is_loud and not self.was_loud, is_loud
        return "hey_jarvis" if is_new else None

    def close(self) -> None:
        self.closed = True


@dataclass
class Served:
    """Where it listens, and what is behind it."""

    server: WyomingServer
    ears: LoudEars
    voice: LoudVoice
    spotters: list[LoudSpotter]
    asked: list[tuple[str, ...]]

    def client(self) -> AsyncTcpClient:
        return AsyncTcpClient("127.0.0.1", self.server.port, read_timeout=LIMIT_S)


@asynccontextmanager
async def served(
    *sentences: str,
    mind: Mind | None = None,
    bounds: Bounds | None = None,
    room: Room | None = None,
    **changes: Any,
) -> AsyncGenerator[Served]:
    ears, voice = LoudEars(sentences), LoudVoice()
    spotters: list[LoudSpotter] = []
    asked: list[tuple[str, ...]] = []

    def spotter(names: Sequence[str]) -> LoudSpotter:
        asked.append(tuple(names))
        spotters.append(LoudSpotter())
        return spotters[-1]

    house = House(OFFER, ears, voice, spotter, None if mind is None else lambda name: mind)
    server = WyomingServer(
        replace(house, **changes), listen(0), bounds=bounds or Bounds(), room=room
    )
    await server.start()
    try:
        yield Served(server, ears, voice, spotters, asked)
    finally:
        await server.close()


async def send_sound(
    client: AsyncTcpClient, data: bytes, rate: int = 24_000, width: int = 2, channels: int = 1
) -> None:
    await client.write_event(AudioStart(rate, width, channels).event())
    for begin in range(0, len(data), 4096):
        piece = data[begin : begin + 4096]
        await client.write_event(AudioChunk(rate, width, channels, piece).event())
    await client.write_event(AudioStop().event())


async def send_spoken(client: AsyncTcpClient, sentence: int) -> None:
    await send_sound(client, spoken(sentence))


async def events_until(client: AsyncTcpClient, kind: str) -> list[Event]:
    """All events up to the first of that type. Fails where the connection ends before."""
    events: list[Event] = []
    async with asyncio.timeout(LIMIT_S):
        while (event := await client.read_event()) is not None:
            events.append(event)
            if event.type == kind:
                return events
    raise AssertionError(f"no {kind}; there came {[event.type for event in events]}")
