"""Judges the scores that routing goes by, on sets that hold two models' results.

Every figure is of rows that the judged scorer was not fitted on. Splits: five folds; few labels,
drawn five times; whole groups (subjects, data sets) held out, dealt out three times; and a scorer
of other sets, which has seen nothing of this one. Beside each: chance, length, nearest neighbours.
Source of the protocol: reference note on routing, sections 3.3 and 6.2.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from edgewise.learn.report import Result, measure
from edgewise.learn.route_fit import Fitted, Plan, fit, gain, probabilities_of, raws_of, wrong
from edgewise.learn.route_metrics import (
    Figures,
    Run,
    calibration_error,
    figures_of_runs,
    following,
    intervals,
    resampled,
    threshold_for,
)
from edgewise.learn.route_robust import latency, robustness
from edgewise.learn.route_sets import (
    Row,
    Sample,
    after_answer,
    before_answer,
    folds_of,
    joined,
    without,
)
from edgewise.route.postcheck import BY_HAND, postcheck
from edgewise.think.sentence_vector import Known

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SEEDS = 5
DEALS = 3
FOLDS = 5
TIMED = 300
LEARNT = ("mmlu", "gsm8k")
"""Sets that a shipped scorer may learn right and wrong from; RouterArena is only measured with."""
ASKED = (0.2, 0.3, 0.5)
BEFORE = Plan("prescore", gain, ridge=30.0)
AFTER = Plan("post-answer", gain, ridge=100.0, share=1.0, damped=True, part=0.0)
GENERAL = Plan("prescore of other sets", wrong, ridge=300.0, most=1_500, version="mmlu gsm8k")
"""What ships: a scorer of P(wrong). One pair's gains do not carry over to another pair; that the
small model is wrong does."""
FEWEST_OF_GROUP = 100
Tell = Callable[[str], None]
Goals = dict[str, tuple[str, float]]
"""Of a figure: `at_least` or `at_most`, and the limit."""


def evaluate_sets(pairs: dict[str, list[Row]], tell: Tell) -> Iterator[Result]:
    """The figures of each set, in an order that a page can be made from."""
    before = {name: _told(before_answer, rows, name, tell) for name, rows in pairs.items()}
    for name, rows in pairs.items():
        sample = before[name]
        yield measure(f"{name} | rows", len(rows), "")
        yield measure(f"{name} | weak model right", 100 * float(sample.weak.mean()), "%")
        yield measure(f"{name} | strong model right", 100 * float(sample.strong.mean()), "%")
        yield from _baselines(name, sample)
        if name == "gsm8k":
            yield from _gsm8k(rows, sample, tell)
        elif name == "mmlu":
            yield from _mmlu(sample, tell)
        else:
            yield from _routerarena(sample, tell)
        if others := _others(pairs, before, name):
            tell(f"{name}: a scorer of other sets")
            yield from _transferred(name, sample, fit(others, GENERAL))
    learnt = [name for name in pairs if name in LEARNT] or list(pairs)[:1]
    tell("the same questions written differently")
    yield from robustness(pairs, before, learnt, GENERAL)
    tell("time a decision takes")
    fitted = general_scorer([before[name] for name in learnt])
    yield from latency([row for rows in pairs.values() for row in rows[-TIMED:]], fitted)


def general_scorer(samples: Sequence[Sample]) -> Fitted:
    """The scorer that ships, fitted on these sets."""
    return fit(joined(samples), GENERAL)


def _others(pairs: dict[str, list[Row]], before: dict[str, Sample], name: str) -> Sample | None:
    """The rows that a general scorer may learn from when `name` is judged: those of MMLU and GSM8K
    (RouterArena is measured with, never learnt from) whose question is not in `name`."""
    import numpy as np

    samples: list[Sample] = []
    for other, rows in pairs.items():
        if other == name or other not in LEARNT:
            continue
        kept = {row.id for row in without(rows, pairs[name])}
        samples.append(before[other].at(np.flatnonzero([row.id in kept for row in rows])))
    return joined(samples) if samples else None


def _told(
    make: Callable[[Sequence[Row]], Sample], rows: list[Row], name: str, tell: Tell
) -> Sample:
    tell(f"{name}: {len(rows)} rows read")
    return make(rows)


def _baselines(name: str, sample: Sample) -> Iterator[Result]:
    import numpy as np

    runs = [
        _run(sample, np.random.default_rng(seed).random(len(sample.weak))) for seed in range(SEEDS)
    ]
    yield from figures_of_router(f"{name} | random | nothing learnt", runs)
    length = sample.features[:, sample.names.index("length")]
    yield from figures_of_router(f"{name} | length | nothing learnt", [_run(sample, length)])


def _gsm8k(rows: list[Row], before: Sample, tell: Tell) -> Iterator[Result]:
    tell("gsm8k: answers checked")
    sample = after_answer(rows)
    by_hand = [postcheck(BY_HAND, row.text, row.answer).raw for row in rows]
    yield from _neighbours("gsm8k", before, whole_groups=False)
    yield from figures_of_router(
        "gsm8k | prescore | 5 folds", folded(before, BEFORE, whole_groups=False, deals=1)[0]
    )
    yield from figures_of_router(
        "gsm8k | answer check by hand | nothing learnt", [_run(sample, by_hand)]
    )
    runs, said = folded(sample, AFTER, whole_groups=False, deals=SEEDS)
    goals: Goals = {"APGR": ("at_least", 0.7), "CPT50": ("at_most", 20)}
    yield from figures_of_router("gsm8k | answer check | 5 folds", runs, goals)
    yield _calibration("gsm8k | answer check | 5 folds", said, sample)
    for labels in (100, 300):
        yield from _few("gsm8k | answer check", sample, AFTER, labels, {})


def _mmlu(sample: Sample, tell: Tell) -> Iterator[Result]:
    for labels in (300, 1_500):
        tell(f"mmlu: {labels} labels")
        goals: Goals = {"APGR": ("at_least", 0.62)} if labels == 1_500 else {}
        yield from _few("mmlu | prescore", sample, BEFORE, labels, goals)
    tell("mmlu: 5 folds")
    runs, said = folded(sample, BEFORE, whole_groups=False, deals=1)
    yield from figures_of_router("mmlu | prescore | 5 folds", runs)
    yield _calibration("mmlu | prescore | 5 folds", said, sample)
    yield from _neighbours("mmlu", sample, whole_groups=True)
    tell("mmlu: whole subjects held out")
    yield from _held_out("mmlu", sample, "subjects held out", {"APGR": ("at_least", 0.56)}, True)


def _routerarena(sample: Sample, tell: Tell) -> Iterator[Result]:
    yield from _neighbours("routerarena", sample, whole_groups=True)
    tell("routerarena: whole data sets held out")
    yield from _held_out("routerarena", sample, "data sets held out", {}, False)


def _held_out(
    name: str, sample: Sample, split: str, goals: Goals, judged: bool
) -> Iterator[Result]:
    """A scorer judged on groups that it never saw; `judged` says that calibration and shares have
    goals here."""
    head = f"{name} | prescore | {split}"
    runs, said = folded(sample, BEFORE, whole_groups=True, deals=DEALS)
    yield from figures_of_router(head, runs, goals)
    yield _calibration(head, said, sample, judged=judged)
    yield from _worst_group(head, runs[0], sample)
    yield from _shares(head, sample, judged=judged)


def _transferred(name: str, sample: Sample, fitted: Fitted) -> Iterator[Result]:
    """A scorer that has seen nothing of this set."""
    head = f"{name} | prescore of other sets | nothing of this set learnt"
    raws = raws_of(fitted, sample)
    goals: Goals = {"APGR": ("at_least", 0.66)} if name == "routerarena" else {}
    yield from figures_of_router(head, [_run(sample, raws)], goals)
    yield _calibration(head, [probabilities_of(fitted.scorer, raws)], sample, judged=False)


def folded(
    sample: Sample, plan: Plan, *, whole_groups: bool, deals: int
) -> tuple[list[Run], list["Floats"]]:
    """Every row scored, as a probability, by a scorer of the other folds; once for each deal."""
    import numpy as np

    runs: list[Run] = []
    for seed in range(deals):
        said = np.zeros(len(sample.weak))
        for learn, judge in folds_of(sample, FOLDS, seed, whole_groups=whole_groups):
            fitted = fit(sample.at(learn), plan, whole_groups=whole_groups, seed=seed)
            said[judge] = probabilities_of(fitted.scorer, raws_of(fitted, sample.at(judge)))
        runs.append(_run(sample, said))
    return runs, [run.score for run in runs]


def _few(head: str, sample: Sample, plan: Plan, labels: int, goals: Goals) -> Iterator[Result]:
    """Scorers of so many rows, judged on all others; the mean of five draws."""
    import numpy as np

    runs: list[Run] = []
    if labels >= len(sample.weak):
        return
    for seed in range(SEEDS):
        order = np.random.default_rng(seed).permutation(len(sample.weak))
        learn, judge = order[:labels], order[labels:]
        fitted = fit(sample.at(learn), plan, seed=seed)
        runs.append(_run(sample, raws_of(fitted, sample.at(judge)), judge))
    yield from figures_of_router(f"{head} | {labels:,} labels", runs, goals)


def _neighbours(name: str, sample: Sample, *, whole_groups: bool) -> Iterator[Result]:
    """The plain method of that name: the mean gain of the nearest by the vector alone."""
    import numpy as np

    score = np.zeros(len(sample.weak))
    for learn, judge in folds_of(sample, FOLDS, 0, whole_groups=whole_groups):
        known = Known(
            sample.vectors[learn].astype(np.float32),
            gain(sample)[learn].astype(np.float32),
            [sample.ids[int(i)] for i in learn],
        )
        count = max(15, len(learn) // 40)
        score[judge] = [known.nearest(vector, count)[0] for vector in sample.vectors[judge]]
    split = "groups held out" if whole_groups else "5 folds"
    yield from figures_of_router(f"{name} | nearest neighbours | {split}", [_run(sample, score)])


def _worst_group(head: str, run: Run, sample: Sample) -> Iterator[Result]:
    """Of groups with enough rows: the one that loses most against its strong model at 30 %, when
    one threshold serves all."""
    import numpy as np

    sent = run.score >= threshold_for(run.score, 0.3)
    kept: dict[str, float] = {}
    for group in np.unique(sample.groups):
        rows = sample.groups == group
        if rows.sum() >= FEWEST_OF_GROUP and sample.strong[rows].mean() > 0:
            mixed = np.where(sent, sample.strong, sample.weak)[rows].mean()
            kept[str(group)] = float(mixed / sample.strong[rows].mean())
    if kept:
        worst = min(kept, key=lambda group: kept[group])
        yield measure(f"{head} | worst group kept at 30 % ({worst})", 100 * kept[worst], "%")


def _shares(head: str, sample: Sample, *, judged: bool) -> Iterator[Result]:
    """How far the share that is sent is from the share asked for, on groups never seen: with a
    threshold that is fixed when fitted, and with one that follows the last 100 scores."""
    import numpy as np

    fixed: dict[float, list[float]] = {share: [] for share in ASKED}
    follows: dict[float, list[float]] = {share: [] for share in ASKED}
    sizes: list[int] = []
    for learn, judge in folds_of(sample, FOLDS, 0, whole_groups=True):
        fitted = fit(sample.at(learn), BEFORE, whole_groups=True)
        raws = raws_of(fitted, sample.at(judge))
        sizes.append(len(judge))
        for share in ASKED:
            fixed[share].append(float((raws >= threshold_for(fitted.raws, share)).mean()))
            follows[share].append(float(following(raws, fitted.raws, share).mean()))
    for share in ASKED:
        for found, how in ((fixed[share], "fixed"), (follows[share], "following")):
            off = 100 * abs(float(np.average(found, weights=sizes)) - share)
            worst = 100 * max(abs(each - share) for each in found)
            what = f"{head} | {100 * share:.0f} % asked, {how} threshold"
            limit = 3 if judged and how == "following" else None
            yield measure(f"{what}: off by", off, "points", at_most=limit)
            yield measure(f"{what}: off by in the worst fold", worst, "points", at_most=limit)


def _calibration(head: str, said: list["Floats"], sample: Sample, *, judged: bool = True) -> Result:
    errors = [calibration_error(each, wrong(sample)) for each in said]
    limit = 0.06 if judged else None
    return measure(f"{head} | ECE", sum(errors) / len(errors), "", at_most=limit)


def _run(
    sample: Sample, score: "Floats | list[float]", rows: "NDArray[np.int64] | None" = None
) -> Run:
    import numpy as np

    rows = np.arange(len(sample.weak)) if rows is None else rows
    return Run(rows, np.asarray(score, np.float64), sample.weak[rows], sample.strong[rows])


def figures_of_router(head: str, runs: list[Run], goals: Goals | None = None) -> Iterator[Result]:
    """The six figures of some runs, shares in percent, and the interval of each."""
    found = figures_of_runs(runs)
    low, high = intervals(resampled(runs))
    for name, value, least, most in zip(
        _NAMES, _percent(found), _percent(low), _percent(high), strict=True
    ):
        unit = "" if name == "APGR" else "%"
        side, limit = (goals or {}).get(name, ("", None))
        yield measure(
            f"{head} | {name}", value, unit,
            at_least=limit if side == "at_least" else None,
            at_most=limit if side == "at_most" else None,
        )  # fmt: skip
        yield measure(f"{head} | {name} low", least, unit)
        yield measure(f"{head} | {name} high", most, unit)


_NAMES = ("APGR", "CPT50", "CPT80", "kept at 20 %", "kept at 30 %", "kept at 50 %")


def _percent(found: Figures) -> tuple[float, ...]:
    shares = (found.cpt50, found.cpt80, found.kept20, found.kept30, found.kept50)
    return (found.apgr, *(100 * share for share in shares))
