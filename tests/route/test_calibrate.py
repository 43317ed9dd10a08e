"""Maps from raw scores to probabilities rise, and stay within 0 and 1."""

import pytest

from edgewise.route.calibrate import Calibration, calibrated, logistic, threshold_following

STEPS = Calibration("v", raws=(0.0, 1.0, 3.0), shares=(0.1, 0.5, 0.9))


def test_between_points_the_line_is_straight_and_beyond_it_is_flat() -> None:
    found = [calibrated(raw, STEPS) for raw in (-9, 0, 0.5, 1, 2, 3, 9)]
    assert found == pytest.approx([0.1, 0.1, 0.3, 0.5, 0.7, 0.9, 0.9])


def test_a_logistic_map_keeps_every_rank() -> None:
    found = [calibrated(raw / 10, Calibration("v", 2.0, -1.0)) for raw in range(-30, 30)]
    assert found == sorted(set(found))


def test_no_value_is_too_large() -> None:
    assert logistic(-1e9) == pytest.approx(0)
    assert logistic(1e9) == pytest.approx(1)


def test_a_following_threshold_sends_the_share_asked_for() -> None:
    recent = [each / 100 for each in range(101)]
    threshold = threshold_following(recent, 0.3)
    assert sum(score > threshold for score in recent) == 30
