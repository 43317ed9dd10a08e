"""Share understood, wrong acts and latency, side by side with Home Assistant's sentence matcher.

One thread, one process, three sets. "Ours" are everyday sentences we wrote (`sentences.py`): they
flatter Edgewise, as who writes a test knows what his program can do; those that a declaration of
ours gives word for word as an example are left out for both. "Theirs" are Home Assistant's own
test sentences for the functions that both have (visible part of the project's evaluation data):
they flatter Home Assistant, whose patterns are written to match exactly these; the whole house of
its tests is given to it by name, and Edgewise knows none of it. The truth lies between.
"House" are its other test sentences, as far as they name a room or a thing of a house, or a
function that Edgewise does not have: there Edgewise should do nothing, and what it does is counted
as a wrong act. ("Turn off all lights" names neither: in a car the car's are meant.)

Right means the right function in the right direction; other arguments are not compared, as the
two name them differently. A wrong act is an answer that would change something and is not right.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.home_assistant import OWN_SENTENCES, QUIET, Matcher, car_vocabulary, read_own
from benchmarks.meanings import HOUSE_ONLY, OF_INTENT, changes, is_right
from benchmarks.sentences import SENTENCES, Sentence
from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.call import Call
from edgewise.core.label import OriginKind, label_of
from edgewise.core.thought import Context
from edgewise.core.words import Language
from edgewise.hosting.mind import load_thinking
from edgewise.learn.report import Result, measure, report
from edgewise.think.understanding.courtesy import strip_courtesy
from edgewise.think.understanding.normalise import normalise

LANGUAGES = {"en": "en", "zh": "zh-CN", "zh-TW": "zh-TW", "zh-HK": "zh-HK"}
KINDS = {
    "light": "lights", "window": "windows and roof", "roof": "windows and roof",
    "climate": "climate", "door": "locks", "vehicle": "questions about state", "media": "media",
    "alarm": "timers", "list": "lists", "info": "time and weather", "dialog": "never mind",
}  # fmt: skip
ROUNDS = 3
CAPABILITIES = {c.name: c for c in builtin_catalogue().capabilities}


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence: its set, its language, and what is right on either side."""

    group: str
    text: str
    code: str
    capability: str
    intents: tuple[str, ...]
    area: str = ""

    @property
    def language(self) -> str:
        return self.code.partition("-")[0]

    @property
    def kind(self) -> str:
        return KINDS.get(self.capability.partition(".")[0], self.capability)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one side did on a case; milliseconds of its rounds."""

    case: Case
    right: bool
    wrong_act: bool
    times_ms: tuple[float, ...]


Answer = Callable[[Case], tuple[bool, bool]]
"""A side: whether it is right about a case, and whether it would change something."""


def main() -> None:
    """Run both sides on every sentence and report."""
    ours = [
        Case("ours", s.text, LANGUAGES[s.language], s.capability, s.intents)
        for s in unseen(SENTENCES)
    ]
    print(f"ours: {len(ours)} of {len(SENTENCES)} sentences; the others are declared examples")
    theirs, house = _theirs()
    cases = [*ours, *theirs]
    sides = {"edgewise": _edgewise(), "home assistant": _home_assistant(house)}
    outcomes = {name: _run(name, cases, answer) for name, answer in sides.items()}
    report("understand", _results(outcomes))


def unseen(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Those that equal no example of a declaration, once normalised, courtesy apart."""
    examples = {
        _plain(example.text)
        for capability in CAPABILITIES.values()
        for example in (*capability.en, *capability.zh)
    }
    return [sentence for sentence in sentences if _plain(sentence.text) not in examples]


def _plain(text: str) -> str:
    return strip_courtesy(normalise(text)).plain.strip(" .!?,")


def _theirs() -> tuple[list[Case], dict[str, Matcher]]:
    """Home Assistant's own sentences and its matchers for them; none where they do not lie."""
    try:
        sentences, vocabularies = read_own()
    except OSError as error:
        print(f"theirs and house: skipped, as the evaluation data are not at {OWN_SENTENCES}"
              f" ({error.strerror})")  # fmt: skip
        return [], {}
    cases: list[Case] = []
    for sentence in sentences:
        shared = OF_INTENT.get(sentence.intent)
        if not shared and not sentence.names_house and sentence.intent not in HOUSE_ONLY:
            continue
        group, capability = ("theirs", shared[0].capability) if shared else ("house", "")
        cases.append(
            Case(group, sentence.text, sentence.code, capability, (sentence.intent,), sentence.area)
        )
    print(f"theirs and house: {len(cases)} of {len(sentences)} sentences; the others name no house")
    return cases, {code: Matcher(code, known) for code, known in vocabularies.items()}


def _edgewise() -> Answer:
    thinking = load_thinking(list(CAPABILITIES.values()))

    def answer(case: Case) -> tuple[bool, bool]:
        context = Context(Language(case.language), label=label_of(OriginKind.TYPED))
        calls: tuple[Call, ...] = thinking.understand(case.text, context).calls
        right = len(calls) == 1 and is_right(calls[0], case.capability, case.intents)
        return right, any(changes(call, CAPABILITIES) for call in calls)

    return answer


def _home_assistant(house: dict[str, Matcher]) -> Answer:
    car = {code: Matcher(code, car_vocabulary(code)) for code in ("en", "zh-CN")}

    def answer(case: Case) -> tuple[bool, bool]:
        matcher = (car if case.group == "ours" else house)[case.code]
        intent = matcher(case.text, case.area)
        return intent in case.intents, intent is not None and intent not in QUIET

    return answer


def _run(name: str, cases: Sequence[Case], answer: Answer) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for number, case in enumerate(cases):
        if number % 400 == 0:
            print(f"{name}: {number} of {len(cases)} sentences", flush=True)
        times_ms: list[float] = []
        for _ in range(ROUNDS if case.group == "ours" else 1):
            started = time.perf_counter()
            right, acts = answer(case)
            times_ms.append((time.perf_counter() - started) * 1000)
        outcomes.append(Outcome(case, right, acts and not right, tuple(times_ms)))
    for group in ("ours", "theirs"):
        missed = [o.case.text for o in outcomes if o.case.group == group and not o.right]
        print(f"{name} misses {len(missed)} of {group}: {missed[:40]}")
    return outcomes


def _results(outcomes: dict[str, list[Outcome]]) -> list[Result]:
    results: list[Result] = []
    for group in ("ours", "theirs", "house"):
        for language in ("en", "zh"):
            for name, all_of_side in outcomes.items():
                some = [o for o in all_of_side if (o.case.group, o.case.language)
                        == (group, language)]  # fmt: skip
                results += _of_set(f"{group}, {language}", name, some)
    for group in ("ours", "theirs"):
        for kind in dict.fromkeys(KINDS.values()):
            for name, all_of_side in outcomes.items():
                some = [o for o in all_of_side if (o.case.group, o.case.kind) == (group, kind)]
                if some:
                    title = f"{group}, {kind} ({len(some)} sentences): {name} right"
                    results.append(measure(title, _share(some, "right"), "%"))
    return results


def _of_set(group: str, name: str, outcomes: list[Outcome]) -> list[Result]:
    """A side's figures on a set in one language. In a house Edgewise has nothing to be right at."""
    if not outcomes:
        return []
    times_ms = [t for outcome in outcomes for t in outcome.times_ms]
    title = f"{group} ({len(outcomes)} sentences): {name}"
    right = [measure(f"{title} right", _share(outcomes, "right"), "%")]
    return [
        *(right if name != "edgewise" or not group.startswith("house") else []),
        measure(f"{title} wrong acts", _share(outcomes, "wrong_act"), "%"),
        measure(f"{title} latency p50", statistics.median(times_ms), "ms"),
        measure(f"{title} latency p95", statistics.quantiles(times_ms, n=20)[18], "ms"),
    ]


def _share(outcomes: Sequence[Outcome], what: str) -> float:
    return 100 * sum(bool(getattr(outcome, what)) for outcome in outcomes) / len(outcomes)


if __name__ == "__main__":
    main()
