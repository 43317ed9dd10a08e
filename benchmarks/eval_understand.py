"""How well sentences become calls: hand-written held-out sentences, and public sets where they lie.

    python -m benchmarks.eval_understand [--public FOLDER] [--show]

Function accuracy counts the capabilities of a sentence in order, full-call accuracy every argument
as well (declared defaults filled in on both sides). Public sets are read from FOLDER (a copy of
the project's evaluation data) when it is given and there; figures are of their visible part. No
sentence measured here was used in training. The last line is a report (benchmarks/report.py).
"""

import argparse
import json
import os
import resource
import statistics
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

from benchmarks.report import Result, measure, report
from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.capability import Capability, Risk
from edgewise.core.thought import Context, MessageKind, Thought
from edgewise.core.words import Language
from edgewise.think.fixed import fixed
from edgewise.think.understand import Understander, load_understander

HELD_OUT = Path(__file__).resolve().parents[1] / "tests" / "think" / "heldout"
NOW = "2026-11-23T09:00"


def main() -> None:
    parser = argparse.ArgumentParser(description="How well sentences become calls")
    parser.add_argument("--public", type=Path, default=None, help="folder of public sets")
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
    if options.public is not None and options.public.is_dir():
        results += slurp(understander, capabilities, options.public)
        results += mac_slu(understander, options.public)
        results += oos(understander, capabilities, options.public)
    report("eval_understand", results)


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


def slurp(
    understander: Understander, capabilities: dict[str, Capability], folder: Path
) -> list[Result]:
    """Function exact match on SLURP, English, through the intent map; visible part."""
    labels = label_map(folder, "slurp")
    rows = [r for r in read(folder / "slurp" / "data.jsonl") if r["intent"] in labels]
    right = 0
    for row in rows:
        thought = think(understander, row["text"], Language.ENGLISH)
        names = {c.capability for c in thought.calls} or {"none"}
        right += bool(names & labels[row["intent"]])
    return [measure("SLURP visible part function", 100 * right / len(rows), "%")]


def mac_slu(understander: Understander, folder: Path) -> list[Result]:
    """Set of functions of a sentence on MAC-SLU, Mandarin; parts without one are skipped."""
    labels = label_map(folder, "mac_slu")
    right = total = 0
    for row in read(folder / "mac_slu" / "data.jsonl"):
        parts = [mac_names(i, s, labels) for i, s in zip(row["intent"], row["slots"], strict=False)]
        if not parts or not all(parts):
            continue
        total += 1
        thought = think(understander, row["text"], Language.CHINESE)
        got = [c.capability for c in thought.calls]
        right += len(got) == len(parts) and all(
            any(n in part for n in got) for part in parts
        ) and all(any(n in part for part in parts) for n in got)  # fmt: skip
    return [measure("MAC-SLU visible part function set", 100 * right / max(1, total), "%")]


def mac_names(intent: str, slots: dict[str, str], labels: dict[str, set[str]]) -> set[str]:
    """The capabilities that one part may mean: by its slots where they tell, else by its intent."""
    keys = [f"{k}={v}" for k, v in slots.items()]
    named = [labels[key] for key in keys if key in labels]
    if not named:
        return labels.get(intent, set())
    narrow = set.intersection(*named)
    return narrow or set.union(*named)


def oos(
    understander: Understander, capabilities: dict[str, Capability], folder: Path
) -> list[Result]:
    """False acts on CLINC150's out-of-scope texts: any call that changes something."""
    rows = [r for r in read(folder / "clinc150" / "data.jsonl") if r["intent"] == "oos"]
    acted = 0
    for row in rows:
        thought = think(understander, row["text"], Language.ENGLISH)
        acted += thought.kind is MessageKind.COMMAND and any(
            changes(capabilities, c.capability, c.arguments) for c in thought.calls
        )
    return [measure("CLINC150 visible part false acts on oos", 100 * acted / len(rows), "%")]


def label_map(folder: Path, name: str) -> dict[str, set[str]]:
    """A set's labels and the capabilities they may mean."""
    found: dict[str, set[str]] = {}
    mapping = json.loads((folder / "intent_map.json").read_text(encoding="utf-8"))
    for capability, sets in mapping.items():
        for label in sets.get(name, {}).get("labels", ()):
            found.setdefault(label, set()).add(capability)
    return found


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def resident_mb() -> float:
    """Resident memory of this process now."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="ascii").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
