"""The score of a question before anybody answers it, from the scorer that ships with the device.

`route_scorer.json` holds the weights and where they come from (`card`), `route_scorer.npz` the
known questions next to which a new one is seen. Without them, or without numpy, there is no score:
then the device answers and its answer is checked.
"""

import functools
import logging
from importlib import resources

import msgspec

from edgewise.errors import ModelError
from edgewise.route.agreement import agreement
from edgewise.route.features import ends_of, features_of
from edgewise.route.prescore import prescore
from edgewise.route.question import Score
from edgewise.route.scorer import Near, Scorer, place_of
from edgewise.think.sentence_vector import Known, load_known, load_sentence_vectors

_log = logging.getLogger("edgewise.device")
_FOLDER = "edgewise.device"


def question_score(text: str) -> Score | None:
    """How likely the device's answer to `text` is wrong; `None` where that can not be told."""
    loaded = _loaded()
    if loaded is None:
        return None
    scorer, known, count = loaded
    vector = load_sentence_vectors()(ends_of(text)).tolist() if scorer.centre else ()
    features = features_of(text)
    place = place_of(scorer, features, vector)
    return prescore(scorer, features, place, Near(*known.nearest(place, count)))


def shipped_scorer() -> Scorer | None:
    """The scorer behind `question_score`; `None` where there is none."""
    loaded = _loaded()
    return None if loaded is None else loaded[0]


def agreement_of(one: str, other: str) -> float:
    """How far two answers say the same, from 0 to 1; without vectors only equal ones do."""
    try:
        vectors = load_sentence_vectors()
    except ModelError:
        return agreement(one, other, 0.0)
    first, second = vectors(one), vectors(other)
    length = float(first @ first * (second @ second)) ** 0.5
    return agreement(one, other, float(first @ second) / length if length > 0 else 0.0)


@functools.cache
def _loaded() -> tuple[Scorer, Known, int] | None:
    """The shipped scorer, read with the first question."""
    folder = resources.files(_FOLDER)
    try:
        data = (folder / "route_scorer.json").read_bytes()
        scorer = msgspec.json.decode(data, type=Scorer)
        with (folder / "route_scorer.npz").open("rb") as file:
            known, count = load_known(file)
        load_sentence_vectors()
    except (OSError, msgspec.MsgspecError, ModelError, ImportError) as error:
        _log.warning("questions are not scored: %s", error)
        return None
    return scorer, known, count
