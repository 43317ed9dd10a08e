"""A long document stays on the device while a cloud plans: right answers, and bytes that left.

The device, the open platform and the way between them are real: each question is a turn, what left
is counted by a proxy between the two, and a canary stands in each document. The documents are made
(`long_documents.py`: contracts, logbooks, manuals, 3,000 to 20,000 tokens). The cloud's model is a
planner by rule (`edgewise.testing.upstream.planner`), so the figures show what the device finds and
what leaves, not how well a language model plans. The device's model is the embedded one, which is
too small to read: its jobs are done by the search for sentences alone, and much of what is asked in
other words is missed. The thresholds of that search were set on documents of another seed with the
same facts; the questions in other words were written after. "Sending all" is the size of the
document; how right a cloud that reads all of it would be is not measured. Reference: MinionS sends
1/5.7 (18 %) at 97.9 % of the quality.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.edgewise_cloud import start_edgewise, write_settings
from benchmarks.long_documents import Asked, Made, made_documents
from benchmarks.processes import end, share_cores
from edgewise.core.clock import SystemClock
from edgewise.core.event import Answered, Delegated
from edgewise.core.message import Request
from edgewise.core.part import TextPart
from edgewise.core.place import Mode
from edgewise.device.chosen_mode import choose_mode
from edgewise.device.config import load_config
from edgewise.device.consents import Consents
from edgewise.device.runtime import Device, start_device
from edgewise.learn.report import Result, measure, report
from edgewise.perceive.document import document_of
from edgewise.testing.chaos import ChaosProxy
from edgewise.testing.upstream.planner import MODEL
from edgewise.testing.upstream.server import started_upstream

SEED = 20_26
QUESTIONS = 7
"""Of each document: one for two facts, one for what is not there, two for a fact each in words of
its sentence, three in other words."""
CANARY = "ORCHID-7731-BADGER"
HIDDEN = {
    "en": f"The combination of the safe reads {CANARY}.",
    "zh": f"保险柜的密码写作{CANARY}。",
}
KINDS = ("not there", "one fact", "two facts", "in other words")
NOT_THERE = ("does not say", "没有写明", "found nothing", "没有找到")
MOST_SHARE = 18.0
LEAST_RIGHT = 90.0


@dataclass(frozen=True, slots=True)
class Turn:
    """One question's outcome. Shares are of the document's bytes, in per cent: `wire` of all that
    went through the proxy, `told` of the payloads, `text` of the document's own words in them."""

    language: str
    kind: str
    right: bool
    took_s: float
    wire: float = 0.0
    told: float = 0.0
    text: float = 0.0
    failed: str = ""


def main() -> None:
    """Ask all questions both ways, tell which went wrong, and report."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--each", type=int, default=1, help="documents of each kind and size")
    options = parser.parse_args()
    documents = list(made_documents(SEED, options.each))
    with tempfile.TemporaryDirectory() as folder:
        results = asyncio.run(_run(Path(folder), documents))
    report("delegate", results)


async def _run(folder: Path, documents: Sequence[Made]) -> list[Result]:
    async with _set_up(folder) as (device, proxy):
        choose_mode(folder / "device", Mode.PREFER_CLOUD)
        planned = [turn for made in documents for turn in await _ask_all(device, proxy, made)]
        choose_mode(folder / "device", Mode.DEVICE_ONLY)
        before = proxy.traffic.bytes_up
        alone = [turn for made in documents for turn in await _ask_all(device, proxy, made)]
        stayed = proxy.traffic.bytes_up - before
    return [
        *_of_planned(planned),
        measure("canaries that left", proxy.traffic.canaries_found, "count", at_most=0),
        *_right("device alone", alone),
        measure("device alone: bytes that left", stayed, "bytes", at_most=0),
        measure("device alone: time p50", statistics.median(t.took_s for t in alone), "s"),
    ]


def _of_planned(turns: Sequence[Turn]) -> list[Result]:
    name = "cloud plans, device reads"
    return [
        *_right(name, turns),
        measure(
            f"{name}: bytes on the wire against sending all, mean",
            statistics.mean(turn.wire for turn in turns), "%", at_most=MOST_SHARE,
        ),
        measure(
            f"{name}: bytes of the messages against sending all, mean",
            statistics.mean(turn.told for turn in turns), "%", at_most=MOST_SHARE,
        ),
        measure(
            f"{name}: bytes of the messages against sending all, most",
            max(turn.told for turn in turns), "%",
        ),
        measure(
            f"{name}: share of the document's text that left, most",
            max(turn.text for turn in turns), "%", at_most=MOST_SHARE,
        ),
        measure(
            f"{name}: turns that the cloud gave no answer to",
            sum(bool(turn.failed) for turn in turns), "count",
        ),
        measure(f"{name}: time p50", statistics.median(turn.took_s for turn in turns), "s"),
    ]  # fmt: skip


def _right(name: str, turns: Sequence[Turn]) -> list[Result]:
    found: list[Result] = []
    for language in ("en", "zh"):
        for kind in KINDS:
            some = [t.right for t in turns if (t.language, t.kind) == (language, kind)]
            share = 100 * statistics.mean(some)
            found.append(measure(f"{name}: {language}, {kind} ({len(some)}): right", share, "%"))
    every = 100 * statistics.mean(turn.right for turn in turns)
    goal = LEAST_RIGHT if "cloud" in name else None
    return [*found, measure(f"{name}: right, all ({len(turns)})", every, "%", at_least=goal)]


@asynccontextmanager
async def _set_up(folder: Path) -> AsyncIterator[tuple[Device, ChaosProxy]]:
    """A device, our platform, the planner behind it, and a proxy that counts between the two."""
    (folder / "cloud").mkdir()
    home = folder / "device"
    home.mkdir()
    async with started_upstream(models=(MODEL,)) as upstream:
        write_settings(folder / "cloud", upstream.address, [MODEL])
        cores = share_cores().servers
        address, key, process = await asyncio.to_thread(start_edgewise, folder / "cloud", cores)
        try:
            async with ChaosProxy(address, canaries=(CANARY,)) as proxy:
                (home / "key").write_text(key)
                (home / "key").chmod(0o600)
                (home / "config.toml").write_text(
                    f'region = "CN"\n[[cloud]]\nname = "home"\naddress = "{proxy.address}/v1"\n'
                    f'model = "{MODEL}"\nregion = "CN"\nservice = "platform"\nkey_file = "key"\n'
                )
                (cloud,) = load_config(home).cloud
                Consents(home, SystemClock()).grant(cloud.endpoint, "document")
                device = await start_device(home, pace=1000.0)
                try:
                    yield device, proxy
                finally:
                    await device.close()
        finally:
            end(process)


async def _ask_all(device: Device, proxy: ChaosProxy, made: Made) -> list[Turn]:
    lines = made.text.split("\n")
    lines.insert(len(lines) // 2, HIDDEN[made.language])
    return [
        await _ask(device, proxy, made.language, "\n".join(lines), asked)
        for asked in made.asked[:QUESTIONS]
    ]


async def _ask(device: Device, proxy: ChaosProxy, language: str, text: str, asked: Asked) -> Turn:
    part = document_of("document.txt", text)
    before, began = proxy.traffic.bytes_up, time.perf_counter()
    request = Request((TextPart(asked.question), part), session=f"{began}")
    events = [event async for event in device.agent.run(request)]
    took_s = time.perf_counter() - began
    end_of = events[-1]
    said = end_of.text if isinstance(end_of, Answered) else ""
    right = (
        all(held in said for held in asked.held)
        if asked.held
        else any(words in said for words in NOT_THERE)
    )
    if not right:
        print(
            f"  missed: {asked.question!r} ({', '.join(asked.held) or 'not there'}): {said[:90]!r}"
        )
    told = next((event for event in events if isinstance(event, Delegated)), None)
    size = part.size_bytes / 100
    return Turn(
        language,
        KINDS[3] if asked.reworded else KINDS[len(asked.held)],
        right,
        took_s,
        (proxy.traffic.bytes_up - before) / size,
        told.sent_bytes / size if told is not None else 0.0,
        told.left_bytes / size if told is not None else 0.0,
        told.failed if told is not None else "",
    )


if __name__ == "__main__":
    main()
