"""A conversation by sound with a device: how soon it answers, acts, and lets itself be interrupted.

The whole of it runs: speech is fed as a microphone gives it, 20 ms at a time, to voice activity,
recognition, the agent with its policy over the simulated car, and the voice. Commands are said by
two shipped voices in each language (synthetic, clean: `voice_clips.py`); each is said once with
everything loaded. Times count from the last 10 ms of speech in the clip that is not quiet, to the
first sound of the answer that is sent, and to the first change that the car shows of what was
asked for. Interruption counts from the first 10 ms of speech, said while an answer is played, to
the end of its sound. On a machine that does other work too these times are longer: its load is
among the figures. Idle is the share of a core of all processes, with quiet noise coming in and
nothing being said. Runs on all cores that it may have.
"""

import array
import asyncio
import logging
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.processes import cpu_s, memory_bytes
from benchmarks.voice_clips import Clip, Command, make_clips
from edgewise.core.clock import SystemClock
from edgewise.core.signal import JsonValue
from edgewise.core.words import Language
from edgewise.core.zone import Zone
from edgewise.device.config import SensesConfig
from edgewise.device.runtime import Device, start_device
from edgewise.device.senses import Senses, senses_of
from edgewise.engine.packages import packages
from edgewise.hosting.board import Board
from edgewise.hosting.talk_mind import TalkMind
from edgewise.learn.report import Result, measure, report
from edgewise.talk.conversation import Conversation
from edgewise.talk.events import (
    Hearing,
    ReplyEnded,
    ReplyPaused,
    ReplySound,
    TalkEvent,
    Transcribed,
    Truncated,
)
from edgewise.talk.microphones import Channel
from edgewise.talk.settings import Settings, Turns

CHUNK_MS = 20
BYTES_PER_MS = 32
NOISE_CHUNKS = 50
NOISE_PEAK = 30
"""Of 32,767: the floor of a quiet room's microphone."""
LIMIT_S = 30.0
STILL_S = 1.0
IDLE_S = 20.0

_DRIVER = "Vehicle.Cabin.Door.Row1.DriverSide.Window.Position"
_PASSENGER = "Vehicle.Cabin.Door.Row1.PassengerSide.Window.Position"
_SUNROOF = "Vehicle.Cabin.Sunroof.Position"
_HEAT = "Vehicle.Cabin.Seat.Row1.DriverSide.Heating"
_TEMPERATURE = "Vehicle.Cabin.HVAC.Station.Row1.Driver.Temperature"
COMMANDS: dict[Language, tuple[Command, ...]] = {
    Language.ENGLISH: (
        Command("Open the driver's window.", "af_heart", _DRIVER),
        Command("Open the passenger window.", "am_michael", _PASSENGER),
        Command("Close the driver's window.", "am_michael", _DRIVER),
        Command("Close the passenger window.", "af_heart", _PASSENGER),
        Command("Turn on the seat heating.", "am_michael", "Vehicle.Cabin.Seat.Row1.DriverSide"),
        Command("Set the temperature to twenty five degrees.", "af_heart", "Vehicle.Cabin.HVAC"),
        Command("Open the sunroof.", "am_michael", _SUNROOF),
        Command("Close the sunroof.", "af_heart", _SUNROOF),
    ),
    Language.CHINESE: (
        Command("打开主驾车窗。", "zf_xiaobei", _DRIVER),
        Command("打开副驾车窗。", "zm_yunxi", _PASSENGER),
        Command("关闭主驾车窗。", "zm_yunxi", _DRIVER),
        Command("关闭副驾车窗。", "zf_xiaobei", _PASSENGER),
        Command("关闭座椅加热。", "zm_yunxi", "Vehicle.Cabin.Seat.Row1.DriverSide"),
        Command("把空调调到二十度。", "zf_xiaobei", "Vehicle.Cabin.HVAC"),
        Command("打开天窗。", "zm_yunxi", _SUNROOF),
        Command("关闭天窗。", "zf_xiaobei", _SUNROOF),
    ),
}
LONG_QUESTION = {Language.ENGLISH: "What can you do?", Language.CHINESE: "你会做什么？"}
INTERRUPTIONS = {
    Language.ENGLISH: ("Wait a moment.", "No, never mind.", "Open the window."),
    Language.CHINESE: ("等一下。", "不用了。", "打开车窗。"),
}
GOALS = {  # p50, seconds: to the first sound, to the movement, to the first partial
    Language.ENGLISH: (0.7, 0.6, 0.5),
    Language.CHINESE: (1.4, 1.3, None),
}


@dataclass
class Seen:
    """When things happened, by the monotonic clock, since the last look."""

    events: list[tuple[float, TalkEvent]] = field(default_factory=list[tuple[float, TalkEvent]])
    changes: list[tuple[float, str]] = field(default_factory=list[tuple[float, str]])

    def first(self, *kinds: type[TalkEvent]) -> float | None:
        """When the first event of one of these came."""
        return next((at for at, event in self.events if isinstance(event, kinds)), None)


class Room:
    """A device, the conversation with it, and a microphone that never stops."""

    def __init__(self, device: Device, senses: Senses, language: Language) -> None:
        assert senses.ears is not None
        assert senses.activity is not None
        mind = TalkMind(device.agent, Board(), "bench")
        settings = Settings(
            language=language,
            zone=Zone.DRIVER,
            turns=Turns(pauses=True),
            vocabulary=senses.vocabulary(language),
        )
        self.talk = Conversation(
            senses.ears, senses.voice, mind, SystemClock(), settings,
            channels=(Channel(senses.activity()),),
        )  # fmt: skip
        self.seen = Seen()
        self._noise = room_noise()
        self._to_say = b""
        self._began = 0.0
        self._said = asyncio.Event()
        self._news = asyncio.Event()
        self._moved = asyncio.Event()
        self._tasks = [
            asyncio.create_task(work)
            for work in (self._listen(), self._microphone(), self._watch(device))
        ]

    async def say(self, clip: Clip) -> tuple[float, float]:
        """Say it; when its speech began and ended."""
        self._said.clear()
        self._began = 0.0
        self._to_say = clip.sound.data
        await self._said.wait()
        return self._began + clip.begins_ms / 1000, self._began + clip.ends_ms / 1000

    async def wait(self, *kinds: type[TalkEvent]) -> bool:
        """Whether an event of these was seen in time."""
        try:
            async with asyncio.timeout(LIMIT_S):
                while self.seen.first(*kinds) is None:
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            return False
        return True

    async def stillness(self) -> None:
        """Returns when the car has not changed for a while."""
        with suppress(TimeoutError):
            while True:
                self._moved.clear()
                async with asyncio.timeout(STILL_S):
                    await self._moved.wait()

    async def close(self) -> None:
        """End it."""
        await self.talk.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _microphone(self) -> None:
        """A chunk each 20 ms, by the clock: what is to be said, or the noise of the room."""
        began, fed = time.monotonic(), 0
        size = CHUNK_MS * BYTES_PER_MS
        while True:
            now = time.monotonic()
            said, self._to_say = self._to_say[:size], self._to_say[size:]
            if said and not self._began:
                self._began = now - CHUNK_MS / 1000
            quiet = self._noise[fed % NOISE_CHUNKS * size :][: size - len(said)]
            self.talk.hear(said + quiet)
            if said and not self._to_say:
                self._said.set()
            fed += 1
            await asyncio.sleep(max(0.0, began + fed * CHUNK_MS / 1000 - time.monotonic()))

    async def _listen(self) -> None:
        async for event in self.talk.events():
            self.seen.events.append((time.monotonic(), event))
            self._news.set()

    async def _watch(self, device: Device) -> None:
        last: dict[str, JsonValue] = {}
        async for readings in device.agent.drivers.watch(["Vehicle"]):
            now = time.monotonic()
            for target, reading in readings.items():
                if target in last and last[target] != reading.value:
                    self.seen.changes.append((now, target))
                    self._moved.set()
                last[target] = reading.value


def room_noise() -> bytes:
    """What a microphone gives of a quiet room; it comes again and again."""
    chance = random.Random(7)
    samples = CHUNK_MS * BYTES_PER_MS // 2 * NOISE_CHUNKS
    values = [chance.randint(-NOISE_PEAK, NOISE_PEAK) for _ in range(samples)]
    return array.array("h", values).tobytes()


@dataclass
class Times:
    """What was measured in one language, in seconds."""

    to_sound: list[float] = field(default_factory=list[float])
    to_movement: list[float] = field(default_factory=list[float])
    to_partial: list[float] = field(default_factory=list[float])
    to_silence: list[float] = field(default_factory=list[float])
    right: int = 0
    said: int = 0


async def measure_commands(room: Room, clips: Sequence[Clip], times: Times) -> None:
    """Say each command once, and wait until all of its answer was told and nothing moves."""
    for clip in clips:
        await asyncio.sleep(1.0)
        await room.stillness()
        room.seen = seen = Seen()
        began, ended = await room.say(clip)
        await room.wait(ReplyEnded)
        signal = clip.command.signal
        moved = [at for at, target in seen.changes if target.startswith(signal) and at > ended]
        sounded, shown = seen.first(ReplySound), seen.first(Hearing)
        texts = [event.text for _, event in seen.events if isinstance(event, Transcribed)]
        times.said += 1
        times.right += bool(moved)
        if moved:
            times.to_movement.append(moved[0] - ended)
        if sounded is not None:
            times.to_sound.append(sounded - ended)
        if shown is not None:
            times.to_partial.append(shown - began)
        row = [f"{at - ended:.2f}" if at else "-" for at in (sounded, moved[0] if moved else None)]
        row.append(f"{shown - began:.2f}" if shown else "-")
        print(f"  {clip.command.text:46} {' '.join(row)}  {' | '.join(texts)}", flush=True)
        stop_playing(room)


async def measure_interruptions(
    room: Room, question: Clip, clips: Sequence[Clip], times: Times
) -> None:
    """Speak while a long answer is played."""
    for clip in clips:
        await asyncio.sleep(1.0)
        room.seen = seen = Seen()
        await room.say(question)
        await room.wait(ReplySound)
        await asyncio.sleep(0.7)
        seen.events.clear()
        began, _ = await room.say(clip)
        silent = seen.first(ReplyPaused, Truncated, ReplyEnded)
        if silent is not None:
            times.to_silence.append(silent - began)
        told = f"{silent - began:.3f}" if silent is not None else "-"
        print(f"  {clip.command.text:46} {told}", flush=True)
        await room.wait(Transcribed)
        await asyncio.sleep(2.0)
        stop_playing(room)


def stop_playing(room: Room) -> None:
    """What is still played of an answer counts as heard no further."""
    last = next((item for item in reversed(room.talk.items) if item.by_sound), None)
    if last is not None:
        room.talk.truncate(last.id, 0)


async def measure_language(device: Device, senses: Senses, language: Language) -> Times:
    """All of one language."""
    assert senses.voice is not None
    voice = COMMANDS[language][0].voice
    others = [Command(text, voice, "") for text in INTERRUPTIONS[language]]
    clips = await make_clips(senses.voice, COMMANDS[language], language)
    cuts = await make_clips(senses.voice, others, language)
    (question,) = await make_clips(
        senses.voice, [Command(LONG_QUESTION[language], voice, "")], language
    )
    await senses.warm(language)
    times = Times()
    room = Room(device, senses, language)
    try:
        await measure_commands(room, clips[2:4], Times())  # what is loaded at first use
        await measure_commands(room, clips, times)
        await measure_interruptions(room, question, cuts, times)
    finally:
        await room.close()
    return times


async def measure_idle(device: Device, senses: Senses) -> float:
    """The share of a core that listening takes while nobody speaks."""
    room = Room(device, senses, Language.ENGLISH)
    try:
        await asyncio.sleep(2.0)
        before, began = cpu_s(os.getpid()), time.monotonic()
        await asyncio.sleep(IDLE_S)
        used, passed = cpu_s(os.getpid()) - before, time.monotonic() - began
    finally:
        await room.close()
    return used / passed


def results_of(language: Language, times: Times) -> list[Result]:
    """The figures of one language."""
    sound_s, movement_s, partial_s = GOALS[language]
    return [
        *_spread(f"{language}: end of speech to first sound", times.to_sound, sound_s),
        *_spread(f"{language}: end of speech to movement", times.to_movement, movement_s),
        *_spread(f"{language}: start of speech to first partial", times.to_partial, partial_s),
        measure(
            f"{language}: speech to silence of the answer, longest",
            max(times.to_silence, default=0.0) * 1000 if times.to_silence else float("inf"),
            "ms",
            at_most=150,
        ),
        measure(f"{language}: commands that moved the right thing", times.right, "count"),
        measure(f"{language}: commands said", times.said, "count"),
    ]


def _spread(name: str, values: list[float], goal_s: float | None) -> list[Result]:
    if not values:
        raise ValueError(f"{name}: nothing was measured")
    ordered = sorted(values)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
    return [
        measure(f"{name}, p50", statistics.median(values), "s", at_most=goal_s),
        measure(f"{name}, p95", p95, "s"),
    ]


async def warm_device(folder: Path) -> Device:
    """A device without a chat model, what it understands by loaded; for the caller to close."""
    (folder / "config.toml").write_text('chat_model = ""\n')
    device = await start_device(folder)
    await asyncio.to_thread(device.agent.home.mind.warm)
    return device


async def run(folder: Path) -> list[Result]:
    """All figures."""
    device = await warm_device(folder)
    senses = senses_of(device, SensesConfig(), folder)
    results: list[Result] = []
    try:
        alone = memory_bytes(os.getpid())
        for language in COMMANDS:
            print(f"== {language}: to sound, to movement, to partial (s)", flush=True)
            results += results_of(language, await measure_language(device, senses, language))
        loaded = memory_bytes(os.getpid())
        idle = await measure_idle(device, senses)
    finally:
        await senses.close()
        await device.close()
    sizes = [one.size_bytes for one in packages() if one.default and one.sense in _SENSES]
    return [
        *results,
        measure("idle while listening, of a core", idle * 100, "%", at_most=3),
        measure("memory with all loaded", loaded / 1e6, "MB"),
        measure("memory of the device without senses", alone / 1e6, "MB"),
        load(),
        measure("models of hearing and speaking on disk", sum(sizes) / 1e6, "MB"),
    ]


_SENSES = ("hear", "speak")


def load() -> Result:
    """How busy the machine was."""
    name = "load of the machine while measuring (processes, 5 min)"
    return measure(name, os.getloadavg()[1], "count")


def run_alone(run: Callable[[Path], Coroutine[Any, Any, list[Result]]]) -> list[Result]:
    """The figures of `run`, which has a folder to itself and all cores."""
    logging.disable(logging.WARNING)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, range(os.cpu_count() or 1))  # `benchmarks.run` pins to one
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(run(Path(folder)))


def main() -> None:
    """Measure and report."""
    report("voice", run_alone(run))


if __name__ == "__main__":
    sys.exit(main())
