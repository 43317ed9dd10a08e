"""The figures of a router agree with cases that can be worked out by hand."""

import numpy as np
import pytest

from edgewise.learn.route_metrics import (
    Run,
    calibration_error,
    figures_of,
    figures_of_runs,
    following,
    intervals,
    resampled,
    same_side,
    threshold_for,
)

RANDOM = np.random.default_rng(0)
WEAK = (RANDOM.random(1_000) < 0.5).astype(float)
STRONG = np.ones(1_000)


def test_a_perfect_score_gains_at_once_and_a_reversed_one_late() -> None:
    perfect = figures_of(STRONG - WEAK, WEAK, STRONG)
    gap = 1 - WEAK.mean()
    assert perfect.apgr == pytest.approx(1 - gap / 2, abs=0.01)
    assert perfect.cpt50 == pytest.approx(gap / 2, abs=0.01)
    reverse = figures_of(WEAK - STRONG, WEAK, STRONG)
    assert reverse.apgr == pytest.approx(gap - gap / 2 - 0, abs=0.06)
    assert reverse.cpt80 > 0.8


def test_chance_makes_up_half() -> None:
    runs = [Run(np.arange(1_000), RANDOM.random(1_000), WEAK, STRONG) for _ in range(20)]
    found = figures_of_runs(runs)
    assert found.apgr == pytest.approx(0.5, abs=0.02)
    assert found.kept50 == pytest.approx((WEAK.mean() + 1) / 2, abs=0.02)


def test_equal_scores_are_chance_not_the_order_of_the_file() -> None:
    ordered = np.sort(WEAK)
    assert figures_of(np.zeros(1_000), ordered, STRONG).apgr == pytest.approx(0.5, abs=0.05)


def test_an_interval_holds_the_figure() -> None:
    run = Run(np.arange(1_000), (STRONG - WEAK) + RANDOM.random(1_000), WEAK, STRONG)
    low, high = intervals(resampled([run]), draws=100)
    assert low.apgr < figures_of_runs([run]).apgr < high.apgr
    assert high.apgr - low.apgr < 0.1


def test_calibration_error_is_the_mean_distance() -> None:
    said = np.array([0.2] * 50 + [0.9] * 50)
    came = np.array([1.0] * 10 + [0.0] * 40 + [1.0] * 35 + [0.0] * 15)
    assert calibration_error(said, came) == pytest.approx((0 + 0.2) / 2)


def test_a_following_threshold_keeps_the_share_when_scores_drift() -> None:
    first, later = RANDOM.random(500), RANDOM.random(1_000) + 0.5
    assert (later >= threshold_for(first, 0.3)).mean() > 0.6
    assert following(later, first, 0.3).mean() == pytest.approx(0.3, abs=0.06)


def test_sides_are_compared_row_by_row() -> None:
    before, after = np.array([0.1, 0.4, 0.6, 0.9]), np.array([0.2, 0.6, 0.4, 0.8])
    assert same_side(before, after, 0.5) == 0.5
