"""The score before an answer: how likely the device's answer to a question will be wrong.

Made of the question alone: of its surface (features.py), its vector and the known questions next to
it (think/sentence_vector.py), which are handed in. There is no place for a system prompt, nor for
what the question will be answered with.
"""

from collections.abc import Mapping, Sequence

from edgewise.route.calibrate import calibrated
from edgewise.route.question import Score
from edgewise.route.scorer import Near, Scorer, place_of, raw_of, scorer_id

_TOLD = 4
"""Features that a decision's record names: those that moved the score most."""


def prescore(
    scorer: Scorer,
    features: Mapping[str, float],
    place: Sequence[float] | None = None,
    near: Near | None = None,
) -> Score:
    """The score of a question with these features. `place` is where `place_of` put it, needed where
    the scorer reads a vector, and `near` what is known next to it."""
    where = place_of(scorer, features) if place is None else place
    raw = raw_of(scorer, where, near)
    return Score(
        wrong=calibrated(raw, scorer.calibration),
        raw=raw,
        likeness=max(0.0, min(1.0, near.likeness)) if near is not None else 1.0,
        neighbours=near.ids if near is not None else (),
        features=most_telling(scorer, features, where),
        calibration=scorer.calibration.version,
        scorer=scorer_id(scorer),
    )


def most_telling(
    scorer: Scorer, features: Mapping[str, float], place: Sequence[float]
) -> dict[str, float]:
    """The features that moved the raw score most, up or down, with their values."""
    first = len(scorer.centre)
    moved = {
        name: abs(scorer.weights[first + i] * place[first + i])
        for i, name in enumerate(scorer.names)
        if name in features
    }
    told = sorted(moved, key=lambda name: -moved[name])[:_TOLD]
    return {name: features[name] for name in told if moved[name] > 0}
