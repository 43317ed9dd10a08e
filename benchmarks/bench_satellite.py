"""A voice satellite over the Wyoming protocol: how soon it has the first sound of an answer.

The satellite is made of the protocol's own package and listens on loopback; the device connects to
it as to any other, with its whole conversation behind: voice activity, recognition, the agent with
its policy over the simulated car, the voice. It sends 20 ms of its microphone at a time, and asks
for a pipeline that starts at `asr`. Times count from the last 10 ms of speech in the clip that is
not quiet to the first sound of the answer: as the satellite reads it, and in the same run, round by
round with the same clips, as a conversation without a satellite sends it. Commands are said by
shipped voices (synthetic, clean: `voice_clips.py`). The load of the machine is among the figures.
Runs on all cores that it may have.
"""

import asyncio
import statistics
import sys
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from wyoming.audio import AudioChunk, AudioStart
from wyoming.event import Eventable, async_read_event, async_write_event
from wyoming.pipeline import PipelineStage, RunPipeline
from wyoming.snd import Played

from benchmarks.bench_voice import (
    BYTES_PER_MS,
    CHUNK_MS,
    COMMANDS,
    NOISE_CHUNKS,
    Room,
    Seen,
    Times,
    load,
    measure_commands,
    room_noise,
    run_alone,
    warm_device,
)
from benchmarks.voice_clips import Clip, make_clips
from edgewise.core.words import Language
from edgewise.device.config import SensesConfig
from edgewise.device.conversations import Conversations
from edgewise.device.limits import Limits
from edgewise.device.runtime import Device
from edgewise.device.satellites import Satellites
from edgewise.device.senses import Senses, senses_of
from edgewise.device.wyoming_config import SatelliteConfig, WyomingConfig
from edgewise.hosting.board import Board
from edgewise.learn.report import Result, measure, report

SAID = 4
"""Of the commands of a language: two windows, opened and closed."""
ROUNDS = 3
LIMIT_S = 30.0
MOST_MORE_S = 0.15
"""That a satellite may be behind the same conversation without one."""


class Speaker:
    """A satellite: a microphone that never stops, and when the first sound of an answer came."""

    def __init__(self) -> None:
        self.ready = asyncio.Event()
        self.transcript = ""
        self._to_say = b""
        self._began = 0.0
        self._said = asyncio.Event()
        self._sounded = asyncio.Event()
        self._sounded_at = 0.0
        self._over = asyncio.Event()

    async def say(self, clip: Clip) -> float | None:
        """Say it; how long after its end the first sound of the answer came, None: none did."""
        for event in (self._said, self._sounded, self._over):
            event.clear()
        self._began, self._to_say, self.transcript = 0.0, clip.sound.data, ""
        await self._said.wait()
        try:
            async with asyncio.timeout(LIMIT_S):
                await self._sounded.wait()
                await self._over.wait()
        except TimeoutError:
            return None
        return self._sounded_at - (self._began + clip.ends_ms / 1000)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of the device's."""
        microphone: asyncio.Task[None] | None = None
        try:
            while (event := await async_read_event(reader)) is not None:
                match event.type:
                    case "run-satellite":
                        asked = RunPipeline(
                            PipelineStage.ASR, PipelineStage.TTS, restart_on_end=True
                        )
                        await _write(writer, asked)
                        microphone = asyncio.create_task(self._microphone(writer))
                        self.ready.set()
                    case "audio-chunk" if not self._sounded.is_set():
                        self._sounded_at = time.monotonic()
                        self._sounded.set()
                    case "audio-stop":
                        await _write(writer, Played())
                        self._over.set()
                    case "transcript":
                        self.transcript = event.data["text"]
                    case _:
                        pass
        except OSError:
            pass  # the device has ended
        finally:
            if microphone is not None:
                microphone.cancel()
            writer.close()

    async def _microphone(self, writer: asyncio.StreamWriter) -> None:
        """A chunk each 20 ms, by the clock: what is to be said, or the noise of the room."""
        await _write(writer, AudioStart(16_000, 2, 1))
        noise, size = room_noise(), CHUNK_MS * BYTES_PER_MS
        began, fed = time.monotonic(), 0
        while True:
            said, self._to_say = self._to_say[:size], self._to_say[size:]
            if said and not self._began:
                self._began = time.monotonic() - CHUNK_MS / 1000
            quiet = noise[fed % NOISE_CHUNKS * size :][: size - len(said)]
            await _write(writer, AudioChunk(16_000, 2, 1, said + quiet))
            if said and not self._to_say:
                self._said.set()
            fed += 1
            await asyncio.sleep(max(0.0, began + fed * CHUNK_MS / 1000 - time.monotonic()))


async def _write(writer: asyncio.StreamWriter, event: Eventable) -> None:
    await async_write_event(event.event(), writer)


@asynccontextmanager
async def a_satellite(device: Device, senses: Senses) -> AsyncGenerator[Speaker]:
    """One that the device is connected with."""
    speaker = Speaker()
    server = await asyncio.start_server(speaker.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    place = SatelliteConfig(f"tcp://127.0.0.1:{port}", zone="driver")
    conversations = Conversations(device.agent, Board(), Limits(), senses)
    satellites = Satellites(WyomingConfig(satellite=(place,)), conversations, senses)
    await satellites.start()
    try:
        async with asyncio.timeout(LIMIT_S):
            await speaker.ready.wait()
        yield speaker
    finally:
        await satellites.close()
        server.close()


async def measure_satellite(
    speaker: Speaker, room: Room, clips: Sequence[Clip]
) -> tuple[list[float], int]:
    """Each clip said to the satellite while `room` watches the car: the times, and how many moved
    the right thing."""
    times: list[float] = []
    right = 0
    for clip in clips:
        await asyncio.sleep(1.0)
        await room.stillness()
        room.seen = seen = Seen()
        after_s = await speaker.say(clip)
        right += any(target.startswith(clip.command.signal) for _, target in seen.changes)
        if after_s is not None:
            times.append(after_s)
        told = f"{after_s:.2f}" if after_s is not None else "-"
        print(f"  {clip.command.text:46} {told}  {speaker.transcript}", flush=True)
    return times, right


async def measure_language(device: Device, folder: Path, language: Language) -> list[Result]:
    """Both ways, in one language."""
    senses = senses_of(device, SensesConfig(language=language.value), folder)
    assert senses.voice is not None
    try:
        clips = await make_clips(senses.voice, COMMANDS[language][:SAID], language)
        await senses.warm(language)
        near, far, right = Times(), list[float](), 0
        room = Room(device, senses, language)
        try:
            async with a_satellite(device, senses) as speaker:
                await measure_commands(room, clips, Times())  # what is loaded at first use
                for _ in range(ROUNDS):
                    print(f"== {language}: to sound, to movement, to partial (s)", flush=True)
                    await measure_commands(room, clips, near)
                    print(f"== {language}: by a satellite: to sound (s)", flush=True)
                    times, moved = await measure_satellite(speaker, room, clips)
                    far += times
                    right += moved
        finally:
            await room.close()
    finally:
        await senses.close()
    return results_of(language, near, far, right)


def results_of(language: Language, near: Times, far: list[float], right: int) -> list[Result]:
    """The figures of one language. Raises ValueError where nothing was measured."""
    if not near.to_sound or not far:
        raise ValueError(f"{language}: nothing was measured")
    name = f"{language}: end of speech to first sound"
    here, there = statistics.median(near.to_sound), statistics.median(far)
    return [
        measure(f"{name} at the satellite, p50", there, "s"),
        measure(f"{name} at the satellite, longest", max(far), "s"),
        measure(f"{name} without a satellite, p50", here, "s"),
        measure(f"{name}, more by a satellite, p50", (there - here) * 1000, "ms",
                at_most=MOST_MORE_S * 1000),
        measure(f"{language}: commands by a satellite that moved the right thing", right, "count"),
        measure(f"{language}: commands said to it", SAID * ROUNDS, "count"),
    ]  # fmt: skip


async def run(folder: Path) -> list[Result]:
    """All figures."""
    device = await warm_device(folder)
    try:
        results = [one for each in COMMANDS for one in await measure_language(device, folder, each)]
    finally:
        await device.close()
    return [*results, load()]


def main() -> None:
    """Measure and report."""
    report("satellite", run_alone(run))


if __name__ == "__main__":
    sys.exit(main())
