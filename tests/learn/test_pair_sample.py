"""What scorers see of a pair: questions that the device answered, by features of its answers."""

import numpy as np
import pytest

from edgewise.learn.pair_sample import (
    CHECK,
    TOKENS_ALONE,
    answers_of,
    halves,
    mean_score,
    of_plan,
    of_values,
    put_to_device,
    questions_of,
)
from tests.learn.pair_rows import pair_of


def test_questions_that_the_device_never_saw_are_left_out():
    rows = put_to_device(pair_of(40))
    assert len(rows) == 40
    assert {row.language for row in rows} == {"en"}


def test_a_sample_holds_the_features_that_it_is_asked_for():
    rows = put_to_device(pair_of(12))
    sample = answers_of(rows, TOKENS_ALONE)
    assert sample.names == TOKENS_ALONE
    assert sample.features.shape == (12, len(TOKENS_ALONE))
    assert list(sample.weak) == [float(row.device.right) for row in rows]
    assert set(sample.groups) == {f"k{i}" for i in range(6)}
    assert questions_of(rows).ids == sample.ids


def test_each_half_of_the_kinds_is_judged_by_what_learnt_from_the_other():
    sample = answers_of(put_to_device(pair_of(60)))
    seen: list[tuple[set[str], set[str]]] = []

    def score(learn, judge, seed):
        seen.append((set(sample.groups[learn]), set(sample.groups[judge])))
        return np.full(len(judge), float(seed))

    runs = halves(sample, score, deals=2)
    assert len(runs) == 4
    assert all(not learn & judge and len(learn | judge) == 6 for learn, judge in seen)
    assert mean_score(runs, 60) == pytest.approx(np.full(60, 0.5))


def test_a_scorer_fitted_on_a_half_doubts_the_unsure_of_the_other():
    rows = put_to_device(pair_of())
    sample = answers_of(rows, TOKENS_ALONE)
    said = mean_score(halves(sample, of_plan(sample, CHECK, calibrated=True)), len(rows))
    sure = np.array([row.device.surety[0] < 50 for row in rows])
    assert said[sure].mean() < 0.35
    assert said[~sure].mean() > 0.65
    fixed = halves(sample, of_values(said), deals=1)
    assert list(fixed[0].score) == list(said[fixed[0].rows])
