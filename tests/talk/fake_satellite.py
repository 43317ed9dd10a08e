"""A Wyoming satellite made of the package's own server and events, played by a test."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.event import Event, Eventable, async_read_event, async_write_event
from wyoming.info import Attribution, Info
from wyoming.info import Satellite as SatelliteInfo
from wyoming.pipeline import PipelineStage, RunPipeline

LIMIT_S = 10.0


class FakeSatellite:
    """Takes one connection after another; what comes is in `events`."""

    def __init__(self) -> None:
        self.events: asyncio.Queue[Event | None] = asyncio.Queue()
        self.connections = 0
        self._writer: asyncio.StreamWriter | None = None
        self._server: asyncio.Server | None = None
        self.port = 0
        self._serving: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        self.hang_up()
        async with asyncio.timeout(LIMIT_S):
            await asyncio.gather(*self._serving)

    def hang_up(self) -> None:
        if self._writer is not None:
            self._writer.transport.abort()

    async def say(self, event: Eventable) -> None:
        assert self._writer is not None
        await async_write_event(event.event(), self._writer)

    async def run(self, start: PipelineStage = PipelineStage.ASR, *, again: bool = False) -> None:
        """Connected and told to run, begin a pipeline."""
        await self.until("run-satellite")
        await self.begin(start, again=again)

    async def begin(self, start: PipelineStage = PipelineStage.ASR, *, again: bool = False) -> None:
        await self.say(RunPipeline(start, PipelineStage.TTS, restart_on_end=again))

    async def send(self, data: bytes, rate: int = 16_000) -> None:
        """Samples from the microphone."""
        await self.say(AudioStart(rate, 2, 1))
        for begin in range(0, len(data), 2048):
            await self.say(AudioChunk(rate, 2, 1, data[begin : begin + 2048]))

    async def end(self) -> None:
        await self.say(AudioStop())

    async def until(self, kind: str) -> list[Event]:
        """What comes, up to the first event of that type."""
        events: list[Event] = []
        try:
            async with asyncio.timeout(LIMIT_S):
                while True:
                    event = await self.events.get()
                    if event is None:
                        continue
                    events.append(event)
                    if event.type == kind:
                        return events
        except TimeoutError:
            raise AssertionError(f"no {kind}; there came {[e.type for e in events]}") from None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        if (task := asyncio.current_task()) is not None:
            self._serving.add(task)
        self._writer = writer
        try:
            while (event := await async_read_event(reader)) is not None:
                if event.type == "describe":
                    own = Attribution("", "")
                    told = SatelliteInfo("kitchen", own, True, None, None, area="kitchen")
                    await async_write_event(Info(satellite=told).event(), writer)
                self.events.put_nowait(event)
        except (OSError, asyncio.IncompleteReadError):
            pass
        self.events.put_nowait(None)
        writer.close()


@asynccontextmanager
async def a_satellite() -> AsyncGenerator[FakeSatellite]:
    satellite = FakeSatellite()
    await satellite.start()
    try:
        yield satellite
    finally:
        await satellite.stop()
