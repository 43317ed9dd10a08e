"""In a home, side by side with Home Assistant's sentence matcher: both know the home by its names.

One thread, one process, two sets. "Their own" are Home Assistant's test sentences (visible part of
the evaluation data beside the checkout), which its patterns were written to match; "paraphrases"
are ours (`home_sentences.py`), written before the code that reads them; what it missed was seen and
some of it mended since, so they flatter us a little. Right means the
intent, and for paraphrases also the area or thing that is named, wherever a side puts it. Edgewise
is measured as a desk device in a home; how its calls are told as intents: `learn/home_intents.py`.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.home_assistant import OWN_SENTENCES, Matcher, Vocabulary, read_own
from benchmarks.home_sentences import CHINESE, ENGLISH, HOMES
from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.home import Home
from edgewise.core.label import OriginKind, label_of
from edgewise.core.thought import Context
from edgewise.core.words import Language
from edgewise.errors import UserError
from edgewise.hosting.mind import load_thinking
from edgewise.learn.home_intents import heard
from edgewise.learn.home_set import desk_capabilities, load_home_rows
from edgewise.learn.report import Result, measure, report

NOW = "2026-11-23T09:00"
CODES = {"en": "en", "zh": "zh-CN"}


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence said in a home: the right intent, and the place or thing, empty for none."""

    group: str
    language: str
    code: str
    text: str
    intent: str
    about: str
    home: Home


Answer = Callable[[Case], tuple[str | None, set[str]]]
"""A side: the intent it hears and the words that it takes for places and things."""


def main() -> None:
    """Run both sides on every sentence and report."""
    cases = [*_paraphrases(), *_own()]
    results: list[Result] = []
    for name, answer in (("edgewise", _edgewise()), ("home assistant", _home_assistant())):
        for group in dict.fromkeys((case.group, case.language) for case in cases):
            some = [case for case in cases if (case.group, case.language) == group]
            results += _measured(f"{group[0]}, {group[1]} ({len(some)} sentences): {name}",
                                 some, answer)  # fmt: skip
    report("home", results)


def _paraphrases() -> list[Case]:
    return [
        Case("paraphrases", language, CODES[language], *row, HOMES[language])
        for language, rows in (("en", ENGLISH), ("zh", CHINESE))
        for row in rows
    ]


def _own() -> list[Case]:
    """Home Assistant's own sentences, each in the home of its row; none where they do not lie."""
    try:
        codes = [sentence.code for sentence in read_own()[0]]
        rows = [row for name in ("ha_en", "ha_zh") for row in
                load_home_rows(OWN_SENTENCES.parent, name)]  # fmt: skip
    except (OSError, UserError) as error:
        print(f"their own: skipped, as the evaluation data are not at {OWN_SENTENCES} ({error})")
        return []
    codes = sorted(codes, key=lambda code: code != "en")
    return [
        Case("their own", row.language.value, code, row.text, row.intent, "", row.home)
        for row, code in zip(rows, codes, strict=True)
    ]


def _edgewise() -> Answer:
    thinking = load_thinking(desk_capabilities(builtin_catalogue().capabilities))
    thinking.prepare()

    def answer(case: Case) -> tuple[str | None, set[str]]:
        language = Language(case.language)
        context = Context(
            language, label=label_of(OriginKind.TYPED), turn="bench", now=NOW, home=case.home
        )
        intent, slots = heard(thinking.understand(case.text, context), language)
        return intent, {str(v).lower() for value in slots.values() for v in (value or ())}

    return answer


def _home_assistant() -> Answer:
    """Home Assistant's matcher over the home of the case; of its own house for its own rows."""
    houses: dict[str, Matcher] = {}
    own = read_own()[1] if OWN_SENTENCES.is_dir() else {}

    def matcher(case: Case) -> Matcher:
        key = f"{case.group} {case.code}"
        if key not in houses:
            vocabulary = own[case.code] if case.group == "their own" else _vocabulary(case.home)
            houses[key] = Matcher(case.code, vocabulary)
        return houses[key]

    def answer(case: Case) -> tuple[str | None, set[str]]:
        found = matcher(case).entities(case.text, case.home.here)
        return (None, set()) if found is None else found

    return answer


def _vocabulary(home: Home) -> Vocabulary:
    things = [
        (e.name, e.name, {"domain": e.domain, "device_class": e.device_class, "area": e.area})
        for e in home.entities
    ]
    return Vocabulary(things, home.areas, home.floors)


def _measured(title: str, cases: Sequence[Case], answer: Answer) -> list[Result]:
    right, times_ms, missed = 0, list[float](), list[str]()
    for case in cases:
        started = time.perf_counter()
        intent, about = answer(case)
        times_ms.append(1000 * (time.perf_counter() - started))
        good = intent == case.intent and (not case.about or case.about in about)
        right += good
        missed += [] if good else [f"{case.text} ({intent}, {sorted(about)})"]
    print(f"{title}: {right} right; misses {missed[:30]}", flush=True)
    return [
        measure(f"{title} right", 100 * right / len(cases), "%"),
        measure(f"{title} latency p50", statistics.median(times_ms), "ms"),
        measure(f"{title} latency p95", statistics.quantiles(times_ms, n=20)[18], "ms"),
    ]


if __name__ == "__main__":
    main()
