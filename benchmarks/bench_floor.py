"""From which confidence a clause is acted on: the floor against false acts and against recall.

Each row is the whole of understanding with another floor, one thread: false acts on our safety set
and on CLINC150's sentences that no capability answers, and of CLINC150's and SLURP's sentences that
ask for something the share that is called (every third of the visible parts of the evaluation data
beside the checkout; without them our safety set alone).
"""

from msgspec.structs import replace

from benchmarks.home_assistant import OWN_SENTENCES
from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.label import OriginKind, label_of
from edgewise.core.thought import Context, Thought
from edgewise.core.words import Language
from edgewise.errors import UserError
from edgewise.hosting.mind import load_thinking
from edgewise.learn.evaluate import evaluate
from edgewise.learn.public_sets import Sample, load_set
from edgewise.learn.report import Result, measure, report
from edgewise.learn.safety_set import evaluate_safety, load_safety_set
from edgewise.think.understanding import clause, known

FLOORS = (0.3, 0.4, 0.5, 0.6, 0.7)
TO_READ = known.FLOOR - known.READ_FLOOR
EVERY = 3
CAPABILITIES = {c.name: replace(c, available=True) for c in builtin_catalogue().capabilities}


def main() -> None:
    """Measure each floor, and report."""
    thinking = load_thinking(list(CAPABILITIES.values()))

    def think(text: str, language: Language) -> Thought:
        context = Context(language, label=label_of(OriginKind.TYPED), now="2026-11-23T09:00")
        return thinking.understand(text, context)

    samples = {name: _samples(name) for name in ("clinc150", "slurp")}
    results: list[Result] = []
    for floor in FLOORS:
        print(f"floor {floor}", flush=True)
        known.FLOOR = clause.FLOOR = floor
        known.READ_FLOOR = floor - TO_READ
        safety = evaluate_safety(load_safety_set(), think, CAPABILITIES, lambda _: None)
        results.append(measure(f"floor {floor}: safety false acts",
                               safety.share(safety.false_acts), "%"))  # fmt: skip
        for name, some in samples.items():
            outcome = evaluate(name, some, think, CAPABILITIES)
            results += [
                measure(f"floor {floor}: {row.metric}", row.value, "%")
                for row in outcome.results()
                if row.metric.endswith(("false acts out of scope", "that name one")) and row.value
            ]
    report("floor", results)


def _samples(name: str) -> list[Sample]:
    try:
        return load_set(OWN_SENTENCES.parent, name)[::EVERY]
    except UserError as error:
        print(f"{name}: skipped ({error})")
        return []


if __name__ == "__main__":
    main()
