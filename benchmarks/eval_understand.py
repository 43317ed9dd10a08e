"""How well the hand-written held-out sentences become calls.

    python -m benchmarks.eval_understand [--show]

Function accuracy counts the capabilities of a sentence in order, full-call accuracy every argument
as well (declared defaults filled in on both sides). No sentence measured here was used in training;
public sets are measured by `edgewise eval understand`. The last line is a report
(edgewise/learn/report.py).
"""

import argparse
import json
import os
import statistics
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.capability import Capability, Risk
from edgewise.core.thought import Context, Thought
from edgewise.core.words import Language
from edgewise.learn.footprint import resident_mb
from edgewise.learn.report import Result, measure, report
from edgewise.think.fixed import fixed
from edgewise.think.understand import Understander, load_understander

HELD_OUT = Path(__file__).resolve().parents[1] / "tests" / "think" / "heldout"
NOW = "2026-11-23T09:00"


def main() -> None:
    parser = argparse.ArgumentParser(description="How well sentences become calls")
    parser.add_argument("--show", action="store_true", help="print every miss")
    options = parser.parse_args()
    before = resident_mb()
    capabilities = {c.name: c for c in builtin_catalogue().capabilities}
    started = time.perf_counter()
    understander = load_understander(list(capabilities.values()))
    understander.warm()
    load_s = time.perf_counter() - started
    results = [
        measure("load", load_s, "s", at_most=1.0),
        measure("memory of import and load", resident_mb() - before, "MB", at_most=60),
    ]
    for language in (Language.ENGLISH, Language.CHINESE):
        for part in ("", "second_", "third_"):
            results += held_out(understander, capabilities, language, part, show=options.show)
    results += speed(understander)
    report("held_out", results)


def think(understander: Understander, text: str, language: Language) -> Thought:
    """What the device makes of a text: fixed words first, then understanding."""
    context = Context(language, turn="t", now=NOW)
    return fixed(text, context) or understander.understand(text, context)


def held_out(
    understander: Understander,
    capabilities: dict[str, Capability],
    language: Language,
    part: str,
    *,
    show: bool,
) -> list[Result]:
    """Accuracy on the hand-written sentences of one language."""
    rows = read(HELD_OUT / f"{part}{language.value}.jsonl")
    function = full = kind = acted = quiet = 0
    for row in rows:
        thought = think(understander, row["text"], language)
        wanted = [(c["capability"], c["arguments"]) for c in row["calls"]]
        got = [(c.capability, c.arguments) for c in thought.calls]
        same_function = [n for n, _ in wanted] == [n for n, _ in got]
        same = same_function and all(
            complete(capabilities, n, a) == complete(capabilities, n, b)
            for (n, a), (_, b) in zip(wanted, got, strict=True)
        )
        same_kind = thought.kind.value == row["kind"]
        function, full, kind = function + same_function, full + same, kind + same_kind
        if not wanted or row["kind"] != "command":
            quiet += 1
            acted += any(changes(capabilities, n, a) for n, a in got)
        if show and not same:
            print(f"{row['text']} | want {wanted} | got {thought.kind.value} {got}")
    name = f"held-out {part.replace('_', ' ')}{language.value}"
    return [
        measure(f"{name} sentences", len(rows), "sentences"),
        measure(f"{name} function", 100 * function / len(rows), "%", at_least=90),
        measure(f"{name} full call", 100 * full / len(rows), "%", at_least=80),
        measure(f"{name} kind", 100 * kind / len(rows), "%"),
        measure(f"{name} false acts", 100 * acted / max(1, quiet), "%", at_most=0),
    ]


def complete(capabilities: dict[str, Capability], name: str, arguments: dict[str, Any]) -> Any:
    """Arguments with declared defaults, articles of names apart."""
    found = {a.name: a.default for a in capabilities[name].arguments if a.default is not None}
    for key, value in arguments.items():
        plain = value.lower().removeprefix("the ") if isinstance(value, str) else value
        found[key] = sorted(plain) if isinstance(plain, list) else plain
    return found


def changes(capabilities: dict[str, Capability], name: str, arguments: dict[str, Any]) -> bool:
    """Whether a call does more than read."""
    return capabilities[name].risk is not Risk.READ and arguments.get("op") != "query"


def speed(understander: Understander) -> list[Result]:
    """Time of one sentence on one thread, over the held-out sentences of both languages."""
    rows = read(HELD_OUT / "en.jsonl") + read(HELD_OUT / "zh.jsonl")
    context = Context(Language.ENGLISH, turn="t", now=NOW)
    times: list[float] = []
    for _ in range(3):
        for row in rows:
            started = time.perf_counter()
            understander.understand(row["text"], context)
            times.append(1000 * (time.perf_counter() - started))
    times.sort()
    return [
        measure("latency p50", statistics.median(times), "ms", at_most=2),
        measure("latency p95", times[int(0.95 * len(times))], "ms", at_most=2),
    ]


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


if __name__ == "__main__":
    main()
