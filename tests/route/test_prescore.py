"""The score before an answer says how likely it will be wrong, by what, and like which."""

from edgewise.route.calibrate import Calibration
from edgewise.route.features import NAMES, features_of
from edgewise.route.prescore import prescore
from edgewise.route.scorer import Near, Scorer

SCORER = Scorer(
    "s", NAMES, (0.0,) * len(NAMES), (5.0,) * len(NAMES),
    tuple(float(name in ("maths", "numbers")) for name in NAMES), bias=-1.0,
    near=1.0, calibration=Calibration("v1", 2.0),
)  # fmt: skip


def test_a_harder_question_scores_higher() -> None:
    easy, hard = (
        prescore(SCORER, features_of(text))
        for text in ("Hello there", "Solve 3x + 12 = 4x^2 - 7 for 0 < x < 9")
    )
    assert easy.wrong < hard.wrong
    assert {"maths", "numbers"} == set(hard.features)
    assert hard.calibration == "v1"


def test_neighbours_are_told_and_count() -> None:
    features = features_of("Hello")
    alone = prescore(SCORER, features)
    beside = prescore(SCORER, features, near=Near(0.8, 1.2, ("mmlu-3",)))
    assert beside.wrong > alone.wrong
    assert (beside.likeness, beside.neighbours) == (1.0, ("mmlu-3",))
