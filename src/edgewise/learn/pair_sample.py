"""The rows of a recorded pair as scorers learn from them and are judged by.

Only questions that were put to the device's model: one in a language that it does not know goes
away by rule, and no score is asked. The better the cloud, the more its gain is that the device is
wrong; that is what is learnt, since it is true of the device with any cloud.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from edgewise.learn.pair import Pair, Recorded
from edgewise.learn.route_fit import Plan, fit, probabilities_of, raws_of, wrong
from edgewise.learn.route_metrics import Run
from edgewise.learn.route_sets import Row, Sample, before_answer, folds_of
from edgewise.route.answer_features import SHAPE, TOKENS, Given, answer_features

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

CHECK = Plan("answer check", wrong, ridge=100.0, share=1.0, damped=True, part=0.0)
BEFORE = Plan("prescore", wrong, ridge=30.0)
DEALS = 5
ALL, TEXT_ALONE, TOKENS_ALONE = (*SHAPE, *TOKENS), SHAPE, TOKENS


def put_to_device(pair: Pair) -> list[Recorded]:
    """The questions that the device's model was asked, and wrote something to."""
    return [row for row in pair.rows if row.device.surety and row.device.text]


def given_of(row: Recorded) -> Given:
    """What is known of the device's answer beside its text."""
    return Given(row.device.log_probabilities)


def answers_of(rows: Sequence[Recorded], names: Sequence[str] = ALL) -> Sample:
    """What can be told of the device's answers, by these features."""
    import numpy as np

    found = [answer_features(row.text, row.device.text, given_of(row)) for row in rows]
    return Sample(
        tuple(names),
        np.array([[each[name] for name in names] for each in found]),
        np.zeros((len(rows), 0)),
        np.array([float(row.device.right) for row in rows]),
        np.array([float(row.cloud.right) for row in rows]),
        np.array([row.kind for row in rows]),
        tuple(row.id for row in rows),
    )


def questions_of(rows: Sequence[Recorded]) -> Sample:
    """What can be told of the questions alone."""
    return before_answer(
        [
            Row(row.id, row.text, float(row.device.right), float(row.cloud.right), row.kind)
            for row in rows
        ]
    )


def halves(
    sample: Sample, score: "Callable[[Ints, Ints, int], Floats]", deals: int = DEALS
) -> list[Run]:
    """The kinds dealt in two halves, `deals` times; each half is judged by one score, which may
    learn from the other half. Scores of different fits are never ranked together: a fit that missed
    the hard kinds thinks all easy, which would say nothing of the fit."""
    runs: list[Run] = []
    for seed in range(deals):
        for learn, judge in folds_of(sample, 2, seed, whole_groups=True):
            found = score(learn, judge, seed)
            runs.append(Run(judge, found, sample.weak[judge], sample.strong[judge]))
    return runs


def of_values(values: "Floats") -> "Callable[[Ints, Ints, int], Floats]":
    """The score of a scorer that learns nothing here."""
    return lambda _, judge, __: values[judge]


def of_plan(
    sample: Sample, plan: Plan, *, calibrated: bool = False
) -> "Callable[[Ints, Ints, int], Floats]":
    """The raw score, or the probability of a wrong answer, by a scorer that is fitted on the rows
    to learn from."""

    def score(learn: "Ints", judge: "Ints", seed: int) -> "Floats":
        fitted = fit(sample.at(learn), plan, whole_groups=True, seed=seed)
        raws = raws_of(fitted, sample.at(judge))
        return probabilities_of(fitted.scorer, raws) if calibrated else raws

    return score


def mean_score(runs: Sequence[Run], count: int) -> "Floats":
    """What the runs say of each of `count` rows in the mean."""
    import numpy as np

    total, times = np.zeros(count), np.zeros(count)
    for run in runs:
        total[run.rows] += run.score
        times[run.rows] += 1
    return total / times
