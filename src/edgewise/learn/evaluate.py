"""How well sentences become calls, on labelled samples: figures, and every error by name.

Functions are compared as a set: all that was asked for and nothing else. A false act is a call that
changes something on a sentence that asks for no change; it is the figure that matters most. The
calibration error is the mean distance between the confidence told and the share that was right, in
ten equal bins (Guo et al., 2017).
"""

import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources

from edgewise.core.call import Call
from edgewise.core.capability import Capability, Risk
from edgewise.core.thought import Thought
from edgewise.core.words import Language
from edgewise.learn.public_sets import NONE, NOTHING, Sample, as_said
from edgewise.learn.report import Result, measure
from edgewise.think.understanding.command_model import FILES

Understand = Callable[[str, Language], Thought]
BINS = 10


@dataclass(frozen=True, slots=True)
class Goals:
    """What a set must reach, in percent; `None` where nothing is asked."""

    functions: float | None = None
    false_acts: float | None = None
    recall: float | None = None
    arguments: float | None = None


GOALS: dict[str, Goals] = {
    "slurp": Goals(90, arguments=80), "hwu64": Goals(92), "snips": Goals(98, arguments=92),
    "snips_conj": Goals(92),
    "ha_en": Goals(92), "ha_zh": Goals(92), "mac_slu": Goals(88),
    "clinc150": Goals(None, 2, 90),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Miss:
    """One sentence that became other functions than were asked for, or that acted unasked."""

    text: str
    label: str
    wanted: tuple[str, ...]
    got: tuple[str, ...]
    confidence: float
    acted: bool


@dataclass(slots=True)
class Slots:
    """Pairs (name, words) that were wanted, found, and both; sentences whose calls are all right,
    functions and pairs. What is found of kinds that the set marks nowhere (`kinds` are those that
    it does) is not counted: nobody there said whether it is right."""

    kinds: frozenset[str] = frozenset()
    rows: int = 0
    wanted: int = 0
    found: int = 0
    both: int = 0
    exact: int = 0

    def count(self, wanted: Counter[tuple[str, str]], found: Counter[tuple[str, str]], *,
              right: bool) -> None:  # fmt: skip
        found = Counter({pair: n for pair, n in found.items() if pair[0] in self.kinds})
        self.rows += 1
        self.wanted += wanted.total()
        self.found += found.total()
        self.both += (wanted & found).total()
        self.exact += right and wanted == found

    @property
    def f1(self) -> float:
        """Micro-averaged F1 in percent."""
        total = self.wanted + self.found
        return 200 * self.both / total if total else 0.0


@dataclass(slots=True)
class Outcome:
    """What one set came to."""

    name: str
    rows: int = 0
    right: int = 0
    mapped: int = 0
    mapped_right: int = 0
    quiet: int = 0
    acted: int = 0
    outside: int = 0
    acted_outside: int = 0
    slots: Slots = field(default_factory=Slots)
    times_ms: list[float] = field(default_factory=list[float])
    command_ms: list[float] = field(default_factory=list[float])
    """What a sentence took, shared by the things that it asks for."""
    sure: list[tuple[float, bool]] = field(default_factory=list[tuple[float, bool]])
    misses: list[Miss] = field(default_factory=list[Miss])

    def results(self) -> list[Result]:
        """The figures of this set, with their goals."""
        goals, name = GOALS.get(self.name, Goals()), self.name
        return [
            measure(f"{name} sentences", self.rows, "sentences"),
            measure(f"{name} functions", _share(self.right, self.rows), "%",
                    at_least=goals.functions),
            measure(f"{name} functions, of sentences that name one",
                    _share(self.mapped_right, self.mapped), "%", at_least=goals.recall),
            measure(f"{name} false acts", _share(self.acted, self.quiet), "%"),
            measure(f"{name} false acts out of scope",
                    _share(self.acted_outside, self.outside), "%", at_most=goals.false_acts),
            *([] if not self.slots.rows else [
                measure(f"{name} arguments F1", self.slots.f1, "%", at_least=goals.arguments),
                measure(f"{name} functions and arguments exact",
                        _share(self.slots.exact, self.slots.rows), "%"),
            ]),
            *self.trust_and_time(),
        ]  # fmt: skip

    def trust_and_time(self) -> list[Result]:
        """How far confidence may be believed, and what a sentence takes."""
        name = self.name
        return [
            measure(f"{name} calibration error", calibration_error(self.sure), ""),
            measure(f"{name} latency p50", statistics.median(self.times_ms), "ms"),
            measure(f"{name} latency p95", _p95(self.times_ms), "ms"),
            measure(f"{name} latency p95 a command", _p95(self.command_ms), "ms", at_most=8),
        ]

    def took(self, seconds: float, commands: int) -> None:
        """Counts the time of one sentence that asks for so many things."""
        self.times_ms.append(1000 * seconds)
        self.command_ms.append(1000 * seconds / max(1, commands))

    def confusions(self) -> list[tuple[str, str, int]]:
        """What was wanted, what was made of it, and how often; the commonest first."""
        pairs = Counter((" + ".join(m.wanted), " + ".join(m.got) or NONE) for m in self.misses)
        return [(wanted, got, count) for (wanted, got), count in pairs.most_common()]


def _p95(times: Sequence[float]) -> float:
    return sorted(times)[int(0.95 * (len(times) - 1))]


def kinds_of(samples: Sequence[Sample]) -> frozenset[str]:
    """The kinds of words that a set marks."""
    return frozenset(name for sample in samples for name, _ in sample.slots or ())


def evaluate(
    name: str,
    samples: Sequence[Sample],
    understand: Understand,
    capabilities: Mapping[str, Capability],
    progress: Callable[[int], None] = lambda done: None,
) -> Outcome:
    """Understand every sample and compare. `progress` is told how many are done."""
    outcome = Outcome(name, slots=Slots(kinds_of(samples)))
    for number, sample in enumerate(samples, 1):
        began = time.perf_counter()
        thought = understand(sample.text, sample.language)
        outcome.took(time.perf_counter() - began, len(sample.parts))
        _count(outcome, sample, thought, capabilities)
        progress(number)
    return outcome


def _count(
    outcome: Outcome, sample: Sample, thought: Thought, capabilities: Mapping[str, Capability]
) -> None:
    got = tuple(call.capability for call in thought.calls)
    right = same_functions(sample.parts, got)
    named = any(part != NOTHING for part in sample.parts)
    outside = not named
    quiet = all(_asks_no_change(part, capabilities) for part in sample.parts)
    acted = quiet and acts(thought, capabilities)
    outcome.rows += 1
    outcome.right += right
    outcome.mapped += named
    outcome.mapped_right += named and right
    outcome.quiet += quiet
    outcome.acted += acted
    outcome.outside += outside
    outcome.acted_outside += outside and acted
    outcome.sure.append((thought.confidence, right))
    if sample.slots is not None:
        mentions = Counter((m.name, as_said(m.words)) for m in thought.mentions)
        outcome.slots.count(Counter(sample.slots), mentions, right=right)
    if not right or acted:
        wanted = tuple("|".join(sorted(part)) for part in sample.parts)
        outcome.misses.append(
            Miss(sample.text, sample.label, wanted, got, thought.confidence, acted)
        )


def same_functions(parts: Sequence[frozenset[str]], got: Sequence[str]) -> bool:
    """Whether each part has its function among `got` and `got` holds nothing else. What no
    capability answers is right when nothing was called."""
    asked = [part for part in parts if part != NOTHING]
    if not got:
        return all(NONE in part for part in parts)
    found = set(got)
    return all(part & found for part in asked) and all(
        any(name in part for part in asked) for name in found
    )


def acts(thought: Thought, capabilities: Mapping[str, Capability]) -> bool:
    """Whether a thought would change something."""
    return any(_changes(call, capabilities) for call in thought.calls)


def calibration_error(sure: Sequence[tuple[float, bool]]) -> float:
    """Expected calibration error of (confidence, right) pairs, 0 to 1."""
    if not sure:
        return 0.0
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for confidence, right in sure:
        bins[min(BINS - 1, int(confidence * BINS))].append((confidence, right))
    gaps = (
        abs(sum(right for _, right in each) - sum(confidence for confidence, _ in each))
        for each in bins
    )
    return sum(gaps) / len(sure)


def _asks_no_change(part: frozenset[str], capabilities: Mapping[str, Capability]) -> bool:
    """Whether whatever the part may mean only reads."""
    return all(
        name == NONE or ((c := capabilities.get(name)) is not None and c.risk is Risk.READ)
        for name in part
    )


def _changes(call: Call, capabilities: Mapping[str, Capability]) -> bool:
    capability = capabilities.get(call.capability)
    reads = capability is not None and capability.risk is Risk.READ
    return not reads and call.arguments.get("op") != "query"


def size_of_understanding() -> list[Result]:
    """Bytes of the shipped model with its vocabulary, and the memory of a process that understands
    the safety set and does nothing else (`footprint`)."""
    folder = resources.files("edgewise.think.understanding")
    size = sum(len((folder / name).read_bytes()) for name in FILES)
    told = subprocess.run(
        [sys.executable, "-m", "edgewise.learn.footprint"],
        check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return [
        measure("model and vocabulary", size / 1e6, "MB", at_most=30),
        measure("memory of a process that understands", float(told.stdout), "MB", at_most=120),
    ]


def _share(count: int, of: int) -> float:
    return 100 * count / of if of else 0.0
