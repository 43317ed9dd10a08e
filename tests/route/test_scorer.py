"""A scorer is a value: it puts a question somewhere, and adds up what lies there."""

import msgspec
import pytest

from edgewise.errors import UserError
from edgewise.route.calibrate import Calibration
from edgewise.route.postcheck import BY_HAND
from edgewise.route.scorer import Near, Scorer, place_of, raw_of, scorer_from, scorer_id

SCORER = Scorer(
    "s", ("length", "code"), (2.0, 0.0), (1.0, 0.5), (1.0, 0.0, 2.0, 1.0), bias=0.5, share=0.1,
    centre=(1.0, 1.0), near=2.0,
)  # fmt: skip


def test_a_vector_counts_by_direction_and_features_by_deviation() -> None:
    place = place_of(SCORER, {"length": 3.0, "code": 9.0}, (4.0, 5.0))
    assert place == pytest.approx([0.6, 0.8, 0.1, 0.3])


def test_the_raw_score_adds_line_and_neighbours() -> None:
    place = [0.6, 0.8, 0.1, 0.3]
    assert raw_of(SCORER, place, Near(outcome=0.25)) == pytest.approx(0.5 + 0.6 + 0.2 + 0.3 + 0.5)


def test_a_missing_feature_lies_at_its_mean() -> None:
    assert place_of(SCORER, {"length": 2.0}, (1.0, 1.0)) == [0, 0, 0, 0]


def test_a_scorer_comes_back_from_its_file() -> None:
    assert scorer_from(msgspec.json.encode(SCORER)) == SCORER


@pytest.mark.parametrize(
    "change",
    [
        {"weights": (1.0,)}, {"scales": (1.0, 0.0)}, {"means": ()},
        {"calibration": Calibration("v", raws=(1.0, 0.0), shares=(0.0, 1.0))},
        {"calibration": Calibration("v", raws=(1.0,))},
    ],
)  # fmt: skip
def test_a_file_that_does_not_hold_is_refused(change: dict[str, object]) -> None:
    broken = msgspec.structs.replace(SCORER, **change)
    with pytest.raises(UserError, match="does not hold"):
        scorer_from(msgspec.json.encode(broken))
    with pytest.raises(UserError, match="does not hold"):
        scorer_from(b"{")


def test_a_scorer_is_named_by_what_makes_its_raw_scores_alone() -> None:
    other = msgspec.structs.replace(BY_HAND, calibration=Calibration("new", 2.0), card="told anew")
    assert scorer_id(other) == scorer_id(BY_HAND)
    assert scorer_id(msgspec.structs.replace(BY_HAND, bias=0.0)) != scorer_id(BY_HAND)
