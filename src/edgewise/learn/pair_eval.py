"""Judges routing on a pair of our own: ranks of every score, then what the policy makes of it.

    pair | ROUTER | SPLIT | APGR ...         as on public sets, on the same halves of the kinds
    pair | POLICY | all questions | ...      share kept local, quality, bytes, cost, time

No answer is judged by a score that learnt from its kind, but where the split says `5 folds`.
Figures of the policy are of all questions, also of those that the device's model can not read.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from edgewise.learn.pair import Pair, Recorded
from edgewise.learn.pair_policy import (
    After,
    Before,
    asked_away,
    figures_of_outcomes,
    routed,
    swept,
)
from edgewise.learn.pair_sample import (
    ALL,
    BEFORE,
    CHECK,
    DEALS,
    TEXT_ALONE,
    TOKENS_ALONE,
    answers_of,
    given_of,
    halves,
    mean_score,
    of_plan,
    of_values,
    put_to_device,
    questions_of,
)
from edgewise.learn.report import Result, measure
from edgewise.learn.route_eval import figures_of_router, folded
from edgewise.learn.route_fit import Plan
from edgewise.learn.route_metrics import DRAWS, LEVEL, Run, calibration_error, resampled
from edgewise.learn.route_sets import Sample
from edgewise.route.policy import DEFAULT
from edgewise.route.postcheck import BY_HAND, DECLINED, postcheck
from edgewise.route.question import Score

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

KEPT = 0.95
HELD = "kinds held out"
NOTHING = "nothing of this pair learnt"
SHIPPED, BY_HAND_NAME = "prescore as shipped", "answer check by hand"
Tell = Callable[[str], None]
QuestionScore = Callable[[str], Score | None]


def evaluate_pair(
    pair: Pair, shipped: QuestionScore, languages: tuple[str, ...], tell: Tell
) -> Iterator[Result]:
    """The figures of a pair. `shipped` scores a question as the device does, `languages` are those
    that its model knows."""
    rows = put_to_device(pair)
    tell(f"pair: {len(rows)} of {len(pair.rows)} questions were put to the device")
    yield from _about(pair, rows)
    tell("pair: every score, on kinds that it did not learn from")
    scores = Scores(rows, shipped)
    yield from scores.figures()
    tell("pair: what the policy makes of it")
    yield from _policies(pair, languages, scores)


class Scores:
    """What each score says of the questions that were put to the device; `runs` by router and
    split, a run for each half of the kinds."""

    def __init__(self, rows: Sequence[Recorded], shipped: QuestionScore) -> None:
        import numpy as np

        self.rows = rows
        self.before = {row.id: shipped(row.text) for row in rows}
        self.by_hand = {
            row.id: postcheck(BY_HAND, row.text, row.device.text, given_of(row)) for row in rows
        }
        self._asked, self._said = questions_of(rows), answers_of(rows)
        blind = [postcheck(BY_HAND, row.text, row.device.text).raw for row in rows]
        checked = [self.by_hand[row.id].raw for row in rows]
        told = [0.0 if score is None else score.raw for score in self.before.values()]
        asked, answered = self._asked, self._said
        length = asked.features[:, asked.names.index("length")]
        chance = [np.random.default_rng(seed).random(len(rows)) for seed in range(DEALS)]
        self.runs: dict[tuple[str, str], list[Run]] = {
            ("random", NOTHING): halves(asked, lambda _, judge, seed: chance[seed][judge]),
            ("length", NOTHING): halves(asked, of_values(length)),
            (SHIPPED, NOTHING): halves(asked, of_values(np.array(told))),
            ("prescore", HELD): halves(asked, of_plan(asked, BEFORE)),
            ("prescore", "5 folds"): _mixed(asked, BEFORE),
            (f"{BY_HAND_NAME}, text alone", NOTHING): halves(answered, of_values(np.array(blind))),
            (BY_HAND_NAME, NOTHING): halves(answered, of_values(np.array(checked))),
            ("answer check, text alone", HELD): _fitted(answers_of(rows, TEXT_ALONE)),
            ("answer check, tokens alone", HELD): _fitted(answers_of(rows, TOKENS_ALONE)),
            ("answer check", HELD): _fitted(answers_of(rows, ALL)),
            ("answer check", "5 folds"): _mixed(answered, CHECK),
            ("who knows which are right", "hindsight"): halves(
                answered, of_values(answered.strong - answered.weak)
            ),
        }

    def fitted(self, router: str) -> dict[str, Score]:
        """What a scorer fitted on other kinds says of each question, in the mean of the deals; how
        like it is to known ones is left out."""
        sample, plan = {
            "prescore": (self._asked, BEFORE),
            "answer check": (self._said, CHECK),
        }[router]
        runs = halves(sample, of_plan(sample, plan, calibrated=True))
        said = mean_score(runs, len(self.rows))
        return {
            row.id: Score(float(value), float(value))
            for row, value in zip(self.rows, said, strict=True)
        }

    def figures(self) -> Iterator[Result]:
        """Ranks, by how much one is better than another, and how true the probabilities are."""
        for (router, split), runs in self.runs.items():
            yield from figures_of_router(f"pair | {router} | {split}", runs)
        for first, second in (
            ((SHIPPED, NOTHING), ("length", NOTHING)),
            (("prescore", HELD), ("length", NOTHING)),
            (("prescore", HELD), (SHIPPED, NOTHING)),
            ((BY_HAND_NAME, NOTHING), (f"{BY_HAND_NAME}, text alone", NOTHING)),
            (("answer check", HELD), (BY_HAND_NAME, NOTHING)),
            (("answer check", HELD), ("answer check, text alone", HELD)),
        ):
            head = f"pair | {first[0]} | {first[1]} | APGR over {second[0]}"
            yield from _better(head, self.runs[first], self.runs[second])
        wrong = 1.0 - self._said.weak
        scored = {key: score for key, score in self.before.items() if score is not None}
        said = {f"{BY_HAND_NAME} | {NOTHING}": self.by_hand}
        said |= {f"{SHIPPED} | {NOTHING}": scored} if len(scored) == len(self.rows) else {}
        said |= {f"{name} | {HELD}": self.fitted(name) for name in ("prescore", "answer check")}
        for name, found in said.items():
            error = calibration_error(_values(found, self.rows), wrong)
            yield measure(f"pair | {name} | ECE", error, "")


def _about(pair: Pair, rows: Sequence[Recorded]) -> Iterator[Result]:
    right = [row.device.right for row in rows]
    yield measure("pair | rows", len(rows), "")
    yield measure("pair | weak model right", _share(right), "%")
    yield measure("pair | strong model right", _share([row.cloud.right for row in rows]), "%")
    yield measure("pair | questions in all", len(pair.rows), "")
    shown = [row for row in rows if row.device.shown]
    yield measure("pair | device alone | answers it gives", 100 * len(shown) / len(rows), "%")
    yield measure(
        "pair | device alone | right of those", _share([row.device.right for row in shown]), "%"
    )
    for kind in dict.fromkeys(row.kind for row in pair.rows):
        of_kind = [row.device.right for row in pair.rows if row.kind == kind]
        yield measure(f"pair | device alone | right of {kind}", _share(of_kind), "%")


def _policies(pair: Pair, languages: tuple[str, ...], scores: Scores) -> Iterator[Result]:
    """The policy as it ships, with other scores in it, then what any threshold could do."""
    rows = pair.rows
    all_away = [asked_away(row) for row in rows]
    yield from figures_of_outcomes("pair | all sent | all questions", all_away, all_away)
    by_hand, fitted = scores.by_hand, scores.fitted("answer check")
    ways: dict[str, tuple[Before, After]] = {
        "policy as it ships": (_before(scores.before), _after(by_hand)),
        "policy without a prescore": (_before({}), _after(by_hand)),
        "policy, check fitted": (_before(scores.before), _after(fitted)),
        "policy, prescore fitted": (_before(scores.fitted("prescore")), _after(by_hand)),
    }
    for name, (before, after) in ways.items():
        outcomes = [routed(row, languages, before, after, DEFAULT) for row in rows]
        yield from figures_of_outcomes(f"pair | {name} | all questions", outcomes, all_away)
    known = {row.id: Score(0.0, float(not row.device.right)) for row in scores.rows}
    doubts = {"check by hand": by_hand, "check fitted": fitted, "who knows which are right": known}
    for name, found in doubts.items():
        outcomes = swept(rows, _doubt(found), KEPT)
        head = f"pair | best threshold at 95 % kept, {name} | all questions"
        yield from figures_of_outcomes(head, outcomes, all_away, goal=name == "check by hand")


def _before(found: dict[str, Score | None] | dict[str, Score]) -> Before:
    return lambda row: found.get(row.id)


def _after(found: dict[str, Score]) -> After:
    """The check of an answer that the device gives; a declined one is none."""
    return lambda row: found.get(row.id, DECLINED) if row.device.shown else DECLINED


def _doubt(found: dict[str, Score]) -> Callable[[Recorded], float | None]:
    return lambda row: found[row.id].raw if row.id in found else None


def _fitted(sample: Sample) -> list[Run]:
    return halves(sample, of_plan(sample, CHECK))


def _mixed(sample: Sample, plan: Plan) -> list[Run]:
    """In domain: other questions of the same kinds were learnt from."""
    return folded(sample, plan, whole_groups=False, deals=DEALS)[0]


def _share(of: Sequence[bool]) -> float:
    return 100 * sum(of) / max(1, len(of))


def _values(found: dict[str, Score], rows: Sequence[Recorded]) -> "Floats":
    import numpy as np

    return np.array([found[row.id].wrong for row in rows])


def _better(head: str, runs: list[Run], others: list[Run]) -> Iterator[Result]:
    """By how much the first's APGR is above the others', with the interval over draws of rows that
    both are judged on."""
    import numpy as np

    one, other = resampled(runs), resampled(others)
    found = [
        one(np.random.default_rng(seed)).apgr - other(np.random.default_rng(seed)).apgr
        for seed in range(DRAWS)
    ]
    low, middle, high = np.quantile(found, [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2])
    yield measure(head, float(middle), "")
    yield measure(f"{head} low", float(low), "")
    yield measure(f"{head} high", float(high), "")
