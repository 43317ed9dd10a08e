"""The score of an answer that the device has given: how likely it is wrong.

`BY_HAND` is a scorer that nobody's answers trained: the features' directions are plain (a sum that
does not hold, an end that is missing, samples that disagree), the weights round numbers. How often
answers with such a score are wrong on one device is learnt there (`edgewise learn route`).
"""

from edgewise.route.answer_features import Given, answer_features
from edgewise.route.calibrate import Calibration, calibrated
from edgewise.route.prescore import most_telling
from edgewise.route.question import Score
from edgewise.route.scorer import Scorer, place_of, raw_of, scorer_id

_RULES = {
    "sums_fail": 1.5,
    "cut_off": 2.0,
    "hedges": 0.7,
    "negative_between": 0.5,
    "final_fraction": 1.0,
    "unused": 0.5,
    "reused": -0.5,
    "last_sum_is_final": -1.0,
    "one_final": -0.5,
    "prompt_length": 0.3,
    "token_10": -1.5,
    "token_mean": -2.0,
    "token_unsure": 2.0,
    "entropy_mean": 0.8,
    "agree": -3.0,
    "answers": 1.0,
    "json_broken": 4.0,
    "schema_broken": 4.0,
    "tools_broken": 5.0,
}
_USUAL = {
    "reused": 0.69, "last_sum_is_final": 0.69, "one_final": 0.69, "prompt_length": 1.8,
    "token_10": 0.35, "token_mean": 0.6, "token_unsure": 0.13, "entropy_mean": 0.3, "agree": 0.5,
    "answers": 0.3,
}  # fmt: skip
"""What each is in an answer that nothing is wrong with, damped; the others are 0 there."""

BY_HAND = Scorer(
    name="postcheck by hand",
    names=tuple(_RULES),
    means=tuple(_USUAL.get(name, 0.0) for name in _RULES),
    scales=(1.0,) * len(_RULES),
    weights=tuple(_RULES.values()),
    bias=-1.5,
    damped=True,
    calibration=Calibration("by hand"),
    card="Weights set by hand, fitted on nothing.",
)

DECLINED = Score(1.0, 1.0, features={"declined": 1.0}, calibration="declined")
"""That of no answer: the device said that it has none."""


def postcheck(scorer: Scorer, question: str, answer: str, given: Given | None = None) -> Score:
    """The score of `answer` to `question`; an empty answer is wrong for certain."""
    if not answer.strip():
        return Score(wrong=1.0, raw=1.0, features={"empty": 1.0}, calibration="empty answer")
    features = answer_features(question, answer, given)
    place = place_of(scorer, features)
    raw = raw_of(scorer, place)
    return Score(
        wrong=calibrated(raw, scorer.calibration),
        raw=raw,
        features=most_telling(scorer, features, place),
        calibration=scorer.calibration.version,
        scorer=scorer_id(scorer),
    )
