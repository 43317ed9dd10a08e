"""A learnt scorer as a value: a line over named features and, if it has any, a sentence's vector,
what the nearest known questions count for, and the map to a probability.

Fitted by learn/route_fit.py, kept as JSON by the device, applied by prescore.py and postcheck.py.
"""

import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import log1p, sqrt

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from edgewise.errors import UserError
from edgewise.route.calibrate import Calibration

_MOST = 3.0
"""Standard deviations beyond which a feature counts no more: no single one settles a score."""


class Scorer(Struct, frozen=True, forbid_unknown_fields=True):
    """`means` and `scales` standardise the features `names`; `damped` ones are logarithms first.
    `share` is what a feature counts beside the vector, of which `centre` is taken off; `weights`
    hold first the vector's, then the features'. `near` weighs the mean outcome of the nearest known
    questions. `card` says what it was fitted on, what it is worth, and under which licences."""

    name: str
    names: tuple[str, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float = 0.0
    share: float = 1.0
    damped: bool = False
    centre: tuple[float, ...] = ()
    near: float = 0.0
    calibration: Calibration = Calibration()
    card: str = ""


class Near(Struct, frozen=True):
    """The known questions nearest to one: the mean of their outcomes, the likeness (cosine) of the
    nearest, and the ids of the first few."""

    outcome: float = 0.0
    likeness: float = 0.0
    ids: tuple[str, ...] = ()


def place_of(
    scorer: Scorer, features: Mapping[str, float], vector: Sequence[float] = ()
) -> list[float]:
    """Where a question lies: its centred vector at length one, then its standardised features. A
    feature that is not given lies at its mean."""
    place = [x - c for x, c in zip(vector, scorer.centre, strict=True)] if scorer.centre else []
    length = sqrt(sum(x * x for x in place)) or 1.0
    place = [x / length for x in place]
    columns = zip(scorer.names, scorer.means, scorer.scales, strict=True)
    for name, mean, scale in columns:
        value = features.get(name)
        if value is None:
            place.append(0.0)
            continue
        if scorer.damped:
            value = log1p(value) if value >= 0 else -log1p(-value)
        place.append(scorer.share * max(-_MOST, min(_MOST, (value - mean) / scale)))
    return place


def raw_of(scorer: Scorer, place: Sequence[float], near: Near | None = None) -> float:
    """The raw score of a place; the higher, the likelier that the device's answer is wrong."""
    line = sum(w * x for w, x in zip(scorer.weights, place, strict=True))
    return scorer.bias + line + (scorer.near * near.outcome if near is not None else 0.0)


@lru_cache(maxsize=8)
def scorer_id(scorer: Scorer) -> str:
    """What names a scorer's raw scores: SHA-256 of all that makes them, twelve digits."""
    bare = replace(scorer, calibration=Calibration(), card="")
    return hashlib.sha256(msgspec.json.encode(bare)).hexdigest()[:12]


def scorer_from(data: bytes) -> Scorer:
    """The scorer in a JSON file's bytes. Raises UserError that says what is wrong with it."""
    try:
        scorer = msgspec.json.decode(data, type=Scorer)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UserError(f"the scorer does not hold: {error}", code="bad_config") from error
    count = len(scorer.names)
    if len(scorer.means) != count or len(scorer.scales) != count or 0.0 in scorer.scales:
        raise UserError(
            f"the scorer does not hold: {count} features need as many means and scales above zero",
            code="bad_config",
        )
    if len(scorer.weights) != len(scorer.centre) + count:
        raise UserError(
            f"the scorer does not hold: {len(scorer.weights)} weights for"
            f" {len(scorer.centre) + count} numbers",
            code="bad_config",
        )
    calibration = scorer.calibration
    if len(calibration.raws) != len(calibration.shares) or any(
        high <= low for low, high in zip(calibration.raws, calibration.raws[1:], strict=False)
    ):
        raise UserError(
            "the scorer does not hold: the points of its calibration must rise", code="bad_config"
        )
    return scorer
