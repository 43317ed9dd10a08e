"""Voice devices on the platform: how soon they are answered, how soon they fall silent, and whether
memory stays flat over reconnects and turns.

The platform is a process of its own; devices are connections on loopback that speak the xiaozhi
protocol, send Opus in real time and answer for their tools. Two platforms are measured: one with
this machine's real ears and voice, for times (commands said by shipped voices, synthetic and clean;
from the last 10 ms of speech that is not quiet to the first packet of the answer), and one with a
voice that says nothing and no ears, for memory: 500 reconnects, then 10,000 turns in writing, the
resident set after each piece. A slope is by least squares over the second half.
Beside the device that is answered, 100 are connected and idle where it says so; 10 speak at once.
Runs on all cores that it may have.
"""

import argparse
import asyncio
import json
import logging
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Generator, Sequence
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

from msgspec import Struct

from benchmarks.bench_voice import load
from benchmarks.processes import memory_bytes
from benchmarks.voice_board import VoiceBoard, connected
from benchmarks.voice_clips import Clip, Command, make_clips
from edgewise.answer.voice import LocalVoice, VoiceSettings
from edgewise.core.words import Language
from edgewise.learn.report import Result, measure, report

RECONNECTS, TURNS = 500, 10_000
IDLE, SPEAKING = 100, 10
ROUNDS = 4
COMMANDS = {
    Language.ENGLISH: (
        Command("Set the volume to thirty.", "af_heart", "30"),
        Command("Set the volume to sixty.", "am_michael", "60"),
    ),
    Language.CHINESE: (
        Command("把音量调到三十。", "zf_xiaobei", "30"),
        Command("把音量调到六十。", "zm_yunxi", "60"),
    ),
}
LOCAL = {Language.ENGLISH: "en", Language.CHINESE: "zh"}
MOST_MORE_S = 0.15
MOST_GROWTH_MB = 5.0
LONG = "what can you do"


class Platform(Struct, frozen=True):
    """A platform that runs."""

    address: str
    tokens: tuple[str, ...]
    pid: int


@contextmanager
def platform(count: int, *options: str) -> Generator[Platform]:
    """One with so many devices, until the block ends."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.devices_server", folder, str(count), *options]
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        try:
            assert process.stdout is not None
            told = json.loads(process.stdout.readline())
            yield Platform(told["address"], tuple(told["tokens"]), process.pid)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(60)


async def clips_of(folder: Path) -> dict[Language, tuple[Clip, ...]]:
    """The commands, said."""
    voice = LocalVoice(VoiceSettings(cache_folder=folder, remembers=False))
    try:
        return {each: await make_clips(voice, COMMANDS[each], each) for each in COMMANDS}
    finally:
        await voice.close()


async def measure_times(own: Platform, clips: dict[Language, tuple[Clip, ...]]) -> list[Result]:
    """One device alone, in each language, and its silence after an abort."""
    results: list[Result] = []
    async with connected(own.address, 0, own.tokens[0]) as board:
        await board.begin()
        for language, said in clips.items():
            times, right = await _said(board, said, rounds=1)  # what is loaded at first use
            times, right = await _said(board, said, rounds=ROUNDS)
            results += _spread(f"{language}: end of speech to first sound", times, _most(language))
            results.append(measure(f"{language}: commands done", right, "count"))
            results.append(measure(f"{language}: commands said", len(times), "count"))
        silences = [await board.abort(LONG, 0.5 + 0.1 * number) for number in range(8)]
        name = "abort to silence, longest"
        results.append(measure(name, max(silences) * 1000, "ms", at_most=150))
    return results


async def _said(
    board: VoiceBoard, clips: Sequence[Clip], *, rounds: int
) -> tuple[list[float], int]:
    times: list[float] = []
    right = 0
    for clip in list(clips) * rounds:
        await asyncio.sleep(0.5)
        times.append(await board.say(clip))
        right += board.volume == int(clip.command.signal)
        print(f"  {clip.command.text:34} {times[-1]:.2f}  {board.heard}", flush=True)
    return times, right


def _most(language: Language) -> float | None:
    """What `bench_voice` kept for a conversation on the device, and a little more."""
    kept = Path(__file__).resolve().parents[1] / "docs" / "figures" / "voice.json"
    if not kept.is_file():
        return None
    named = f"{LOCAL[language]}: end of speech to first sound, p50"
    found = [one for one in json.loads(kept.read_text())["results"] if one["metric"] == named]
    return found[0]["value"] + MOST_MORE_S if found else None


async def measure_crowd(own: Platform, clips: Sequence[Clip]) -> list[Result]:
    """Ten speak at once, over and over, while a hundred are connected and say nothing."""
    async with AsyncExitStack() as stack:
        boards = [
            await stack.enter_async_context(connected(own.address, number, own.tokens[number]))
            for number in range(IDLE + SPEAKING)
        ]
        await asyncio.gather(*(board.begin() for board in boards))

        async def talk(number: int) -> list[float]:
            await asyncio.sleep(0.4 * number)
            times, _ = await _said(boards[number], [clips[number % len(clips)]], rounds=3)
            return times

        told = await asyncio.gather(*(talk(number) for number in range(SPEAKING)))
    times = [time for one in told for time in one]
    return _spread(f"{SPEAKING} speaking, {IDLE} idle: end of speech to first sound", times, None)


async def measure_memory(own: Platform, reconnects: int, turns: int) -> list[Result]:
    """The resident set over reconnects of one device, and over turns of eight."""
    samples: list[tuple[int, float]] = []
    for number in range(reconnects):
        async with connected(own.address, 0, own.tokens[0]) as board:
            await board.begin()
            if number % 10 == 0:
                await board.write(LONG)
        if (number + 1) % 25 == 0:
            samples.append((number + 1, memory_bytes(own.pid) / 1e6))
            print(f"{number + 1} reconnects: {samples[-1][1]:.1f} MB", flush=True)
    results = _flat("reconnects", samples, reconnects)
    samples = []
    async with AsyncExitStack() as stack:
        boards = [
            await stack.enter_async_context(connected(own.address, number, own.tokens[number]))
            for number in range(8)
        ]
        await asyncio.gather(*(board.begin() for board in boards))

        async def talk(board: VoiceBoard, count: int) -> None:
            for number in range(count):
                await board.write(f"set the volume to {20 + number % 60}")

        piece = max(8, turns // 20)
        for done in range(piece, turns + 1, piece):
            await asyncio.gather(*(talk(board, piece // 8) for board in boards))
            samples.append((done, memory_bytes(own.pid) / 1e6))
            print(f"{done} turns: {samples[-1][1]:.1f} MB", flush=True)
    return results + _flat("turns", samples, turns)


def _flat(what: str, samples: list[tuple[int, float]], count: int) -> list[Result]:
    late = samples[len(samples) // 2 :]
    slope = statistics.linear_regression(*zip(*late, strict=True)).slope if len(late) > 1 else 0.0
    return [
        measure(f"{what} made", count, "count"),
        measure(f"memory at the end of the {what}", samples[-1][1], "MB"),
        measure(f"memory, slope over the second half of the {what}", slope * 1e6, "bytes each"),
        measure(
            f"memory, growth over the second half of the {what}",
            slope * count / 2,
            "MB",
            at_most=MOST_GROWTH_MB,
        ),
    ]


def _spread(name: str, values: list[float], most_s: float | None) -> list[Result]:
    ordered = sorted(values)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
    return [
        measure(f"{name}, p50", statistics.median(values), "s", at_most=most_s),
        measure(f"{name}, p95", p95, "s"),
    ]


async def run(folder: Path, reconnects: int, turns: int) -> list[Result]:
    """All figures."""
    clips = await clips_of(folder)
    with platform(IDLE + SPEAKING) as real:
        results = await measure_times(real, clips)
        results += await measure_crowd(real, clips[Language.ENGLISH])
    with platform(8, "--silent") as silent:
        results += await measure_memory(silent, reconnects, turns)
    return [*results, load()]


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser("python -m benchmarks.bench_devices", description=__doc__)
    parser.add_argument("--reconnects", type=int, default=RECONNECTS)
    parser.add_argument("--turns", type=int, default=TURNS)
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, range(os.cpu_count() or 1))  # `benchmarks.run` pins to one
    with tempfile.TemporaryDirectory() as folder:
        results = asyncio.run(run(Path(folder), options.reconnects, options.turns))
    report("devices", results)


if __name__ == "__main__":
    sys.exit(main())
