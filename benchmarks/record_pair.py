"""Records our own pair of models: the embedded model of the device, a scripted cloud behind a real
platform (pair_cloud.py says what is scripted and what is not).

    python -m benchmarks.record_pair [--file FILE] [--every N]

Both are really asked every question of pair_questions.py; `--every 5` takes each fifth, for a look.
Takes minutes. The last line is a report; the recording is judged by `edgewise eval route --pair`.
"""

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.pair_check import is_right
from benchmarks.pair_cloud import CLOUD, CURRENCY, connected, script
from benchmarks.pair_device import Answered, OwnModel
from benchmarks.pair_questions import SEED, Asked, questions
from edgewise.learn.pair import (
    CENTINATS,
    About,
    ByCloud,
    ByDevice,
    Pair,
    Recorded,
    load_recording,
    written,
)
from edgewise.learn.report import Result, measure, read_cpu_model, report
from edgewise.think.models import EMBEDDED

RECORDING = Path(__file__).with_name("recordings") / "pair.jsonl"
AT_ONCE = 4
TOLD = 40


def main(arguments: list[str] | None = None) -> None:
    """Record, keep, and say how it went."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.record_pair", description=__doc__)
    parser.add_argument("--file", type=Path, default=RECORDING)
    parser.add_argument("--every", type=int, default=1)
    options = parser.parse_args(arguments)
    asked = questions()[:: options.every]
    pair = asyncio.run(record(asked))
    options.file.parent.mkdir(exist_ok=True)
    options.file.write_bytes(written(pair))
    report("record_pair", figures(load_recording(options.file)))


async def record(asked: Sequence[Asked]) -> Pair:
    """Ask the device, one question after the other, then the cloud, a few at once."""
    by_device: dict[str, ByDevice] = {}
    async with OwnModel() as model:
        for number, one in enumerate(asked, 1):
            by_device[one.id] = _of_device(one, await model.answer(one))
            _tell("device", number, len(asked))
    machine = f"{read_cpu_model()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    about = About(EMBEDDED, CLOUD, SEED, CURRENCY, machine)
    by_cloud = await _by_cloud(asked)
    rows = [
        Recorded(one.id, one.kind, one.language, one.text, by_device[one.id], by_cloud[one.id])
        for one in asked
    ]
    return Pair(about, tuple(rows))


def _of_device(asked: Asked, answered: Answered) -> ByDevice:
    surety = tuple(round(-CENTINATS * each) for each in answered.log_probabilities)
    right = is_right(asked, answered.text)
    return ByDevice(answered.text, right, answered.shown, surety, round(answered.took_s, 3))


async def _by_cloud(asked: Sequence[Asked]) -> dict[str, ByCloud]:
    lines = script(asked, SEED)
    found: dict[str, ByCloud] = {}
    waiting = iter(asked)
    with tempfile.TemporaryDirectory() as folder:
        async with connected(Path(folder)) as way:

            async def work() -> None:
                for one in waiting:
                    found[one.id] = await way.ask(one, lines[one.id])
                    _tell("cloud", len(found), len(asked))

            async with asyncio.TaskGroup() as group:
                for _ in range(AT_ONCE):
                    group.create_task(work())
    return found


def figures(pair: Pair) -> list[Result]:
    """How often each was right, of each kind and of all."""
    results: list[Result] = []
    for kind in dict.fromkeys(row.kind for row in pair.rows):
        rows = [row for row in pair.rows if row.kind == kind]
        right = sum(row.device.right for row in rows)
        results.append(measure(f"{kind} | device right of {len(rows)}", right, "questions"))
    shown = [row for row in pair.rows if row.device.shown]
    count = len(pair.rows)
    return [
        *results,
        measure("device right", 100 * sum(row.device.right for row in pair.rows) / count, "%"),
        measure("device shown", 100 * len(shown) / count, "%"),
        measure("device shown and right", 100 * sum(r.device.right for r in shown) / count, "%"),
        measure("cloud right", 100 * sum(row.cloud.right for row in pair.rows) / count, "%"),
        measure("questions", count, ""),
    ]


def _tell(who: str, number: int, count: int) -> None:
    if number % TOLD == 0 or number == count:
        print(f"{who}: {number} of {count}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
