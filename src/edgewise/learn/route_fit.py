"""Fits a scorer on rows of a set: a ridge line, the nearest known rows, a map to a probability.

The line and the neighbours predict a target: how much the stronger model gains, or whether the
device's answer is wrong. Both are found for rows that were not learnt from (inner folds, of whole
groups where there are groups), so that they count as much as they are worth, and so that the map to
the probability of a wrong answer is honest. Closed forms and Newton's method only.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

from msgspec import Struct

from edgewise.learn.route_sets import Sample, folds_of
from edgewise.route.calibrate import Calibration, calibrated
from edgewise.route.scorer import Scorer
from edgewise.think.sentence_vector import Known

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

INNER = 3
_BATCH = 1_024
_MOST = 3.0
_ENOUGH, _BLOCKS = 2_000, 40
"""Rows for an isotonic map, and how many blocks of rows it has at most."""
_RISE = 0.01
Target = Callable[[Sample], "Floats"]


class Plan(Struct, frozen=True):
    """How a scorer is fitted. `ridge` is the penalty of the line, `share` what a feature counts
    beside a vector, `fewest` and `part` how many neighbours: at least `fewest`, else that part of
    the rows (0: no neighbours), `most` how many rows are known at all (0: all of them)."""

    name: str
    target: Target
    ridge: float = 30.0
    share: float = 0.1
    damped: bool = False
    fewest: int = 15
    part: float = 1 / 40
    most: int = 0
    version: str = ""


class Fitted(Struct, frozen=True):
    """A scorer, the rows it knows (None without neighbours) and how many of them it asks; `raws`
    are the raw scores of the rows it was fitted on, each as if it had not been."""

    scorer: Scorer
    known: Known | None
    count: int
    raws: "Floats"


def write_known(path: Path, fitted: Fitted) -> None:
    """The known questions of a scorer: places as bytes (a step is the largest coordinate's 127th
    part), outcomes, ids; no text of theirs."""
    import numpy as np

    known = fitted.known
    if known is None:
        raise ValueError(f"{fitted.scorer.name} knows no questions")
    step = float(np.abs(known.places).max()) / 127
    np.savez_compressed(
        path, places=np.round(known.places / step).astype(np.int8), step=np.float32(step),
        outcomes=known.outcomes.astype(np.float32), ids=np.array(known.ids), count=fitted.count,
    )  # fmt: skip


def gain(sample: Sample) -> "Floats":
    """How much better the strong model did."""
    return sample.strong - sample.weak


def wrong(sample: Sample) -> "Floats":
    """How wrong the weak model was."""
    return 1.0 - sample.weak


def fit(sample: Sample, plan: Plan, *, whole_groups: bool = False, seed: int = 0) -> Fitted:
    """A scorer fitted on all rows of `sample`."""
    import numpy as np

    shape = _shape(sample, plan)
    places, target = places_of(shape, sample), plan.target(sample)
    line, near = np.zeros(len(target)), np.zeros(len(target))
    for learn, judge in folds_of(sample, INNER, seed, whole_groups=whole_groups):
        weights, bias = ridge_line(places[learn], target[learn], plan.ridge)
        line[judge] = places[judge] @ weights + bias
        if plan.part:
            known = _known(sample, places, target, learn, plan)
            near[judge] = _outcomes(known, places[judge], _count(known, plan))
    scale = 1 / (float(line.std()) or 1.0)
    beside = 1 / (float(near.std()) or 1.0) if plan.part else 0.0
    weights, bias = ridge_line(places, target, plan.ridge)
    raws = scale * line + beside * near
    scorer = Scorer(
        plan.name, sample.names, shape.means, shape.scales, tuple(map(float, scale * weights)),
        scale * bias, shape.share, plan.damped, shape.centre, beside,
        _map(raws, wrong(sample), plan),
    )  # fmt: skip
    if not plan.part:
        return Fitted(scorer, None, 0, raws)
    known = _known(sample, places, target, np.arange(len(target)), plan)
    return Fitted(scorer, known, _count(known, plan), raws)


def raws_of(fitted: Fitted, sample: Sample) -> "Floats":
    """The raw scores of rows, all at once; the same as `route.prescore` gives one by one."""
    import numpy as np

    places = places_of(fitted.scorer, sample)
    raws = places @ np.array(fitted.scorer.weights) + fitted.scorer.bias
    if fitted.known is not None:
        raws = raws + fitted.scorer.near * _outcomes(fitted.known, places, fitted.count)
    return raws


def probabilities_of(scorer: Scorer, raws: "Floats") -> "Floats":
    """The probabilities that raw scores stand for."""
    import numpy as np

    return np.array([calibrated(float(raw), scorer.calibration) for raw in raws])


def places_of(scorer: Scorer, sample: Sample) -> "Floats":
    """Where rows lie (N, V + F); as `route.scorer.place_of` does for one."""
    import numpy as np

    values = damped(sample.features) if scorer.damped else sample.features
    values = (values - np.array(scorer.means)) / np.array(scorer.scales)
    columns = scorer.share * np.clip(values, -_MOST, _MOST)
    if not scorer.centre:
        return columns
    vectors = sample.vectors - np.array(scorer.centre)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.hstack([vectors / np.where(lengths > 0, lengths, 1.0), columns])


def damped(values: "Floats") -> "Floats":
    """The logarithm of one more than a value's size, with its sign."""
    import numpy as np

    return np.sign(values) * np.log1p(np.abs(values))


def ridge_line(places: "Floats", target: "Floats", penalty: float) -> tuple["Floats", float]:
    """Weights and bias of the least squares with a penalty on the weights' squares."""
    import numpy as np

    middle, mean = places.mean(axis=0), float(target.mean())
    centred = places - middle
    if len(centred) < centred.shape[1]:
        inner = centred @ centred.T + penalty * np.eye(len(centred))
        weights = centred.T @ _solved(inner, target - mean)
    else:
        inner = centred.T @ centred + penalty * np.eye(centred.shape[1])
        weights = _solved(inner, centred.T @ (target - mean))
    return weights, mean - float(middle @ weights)


def logistic_map(
    raws: "Floats", share: "Floats", weights: "Floats | None" = None
) -> tuple[float, float]:
    """Slope and shift of the logistic curve through shares (0 to 1), by Newton's method; as Platt
    did, the shares are drawn in a little, so that no curve is infinitely steep. `weights` say how
    much each row counts, one on average."""
    import numpy as np

    count = len(share)
    each: Floats = np.ones(count) if weights is None else weights
    drawn = (share * count + float(np.average(share, weights=each))) / (count + 1)
    rows = np.stack([raws, np.ones(count)], axis=1)
    found: Floats = np.zeros(2)
    for _ in range(30):
        chance = 1 / (1 + np.exp(-np.clip(rows @ found, -30, 30)))
        slope = rows.T @ (each * (chance - drawn))
        bend = (rows * (each * chance * (1 - chance))[:, None]).T @ rows + 1e-6 * np.eye(2)
        step: Floats = _solved(bend, slope)
        found = found - step
        if float(np.abs(step).max()) < 1e-9:
            break
    return max(0.0, float(found[0])), float(found[1])


def rising_map(
    raws: "Floats", share: "Floats", fewest: float = 15, weights: "Floats | None" = None
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Points of the isotonic map of shares over raw scores: neighbours that fall are pooled until
    all rise, blocks of less than `fewest` rows with the next. Beyond the first and the last block
    it still rises a little, so that ranks are kept. `weights` as in `logistic_map`. For
    `Calibration`."""
    import numpy as np

    order = raws.argsort()
    each: Floats = np.ones(len(raws)) if weights is None else weights
    blocks: list[list[float]] = []  # sum of raws, sum of shares, rows
    for raw, value, count in zip(raws[order], share[order], each[order], strict=True):
        blocks.append([float(raw * count), float(value * count), float(count)])
        while len(blocks) > 1 and _falls(blocks[-2], blocks[-1], fewest):
            last = blocks.pop()
            blocks[-1] = [a + b for a, b in zip(blocks[-1], last, strict=True)]
    points = {each[0] / each[2]: each[1] / each[2] for each in blocks}
    least, most = float(raws.min()), float(raws.max())
    first, last = next(iter(points.values())), blocks[-1][1] / blocks[-1][2]
    ends = {least: max(0.0, first - _RISE)}, {most: min(1.0, last + _RISE)}
    points = {**ends[0], **points, **ends[1]} if least < most else points
    return tuple(points), tuple(points.values())


def _falls(low: list[float], high: list[float], fewest: float) -> bool:
    return low[2] < fewest or low[1] / low[2] >= high[1] / high[2]


def _shape(sample: Sample, plan: Plan) -> Scorer:
    """A scorer without weights, which says where a row lies."""
    import numpy as np

    values = damped(sample.features) if plan.damped else sample.features
    scales = values.std(axis=0)
    has_vectors = sample.vectors.shape[1] > 0
    centre = sample.vectors.mean(axis=0) if has_vectors else np.zeros(0)
    return Scorer(
        plan.name, sample.names, tuple(map(float, values.mean(axis=0))),
        tuple(map(float, np.where(scales > 1e-9, scales, 1.0))), (), 0.0,
        plan.share if has_vectors else 1.0, plan.damped, tuple(map(float, centre)),
    )  # fmt: skip


def _map(raws: "Floats", share: "Floats", plan: Plan) -> Calibration:
    """The map to the probability of a wrong answer: isotonic where there are rows enough."""
    version = plan.version or plan.name
    if len(raws) < _ENOUGH:
        slope, shift = logistic_map(raws, share)
        return Calibration(version, slope, shift)
    points, shares = rising_map(raws, share, len(raws) // _BLOCKS)
    return Calibration(version, raws=points, shares=shares)


def _solved(matrix: "Floats", right: "Floats") -> "Floats":
    """x of matrix x = right."""
    import numpy as np

    return cast("Floats", np.linalg.solve(matrix, right))  # pyright: ignore[reportUnknownMemberType]


def _known(
    sample: Sample, places: "Floats", target: "Floats", rows: "NDArray[np.int64]", plan: Plan
) -> Known:
    """Some rows as known ones; a sample of them where the plan bounds their number."""
    import numpy as np

    if plan.most and len(rows) > plan.most:
        rows = np.sort(np.random.default_rng(0).permutation(rows)[: plan.most])
    ids = tuple(sample.ids[int(i)] for i in rows)
    return Known(places[rows].astype(np.float32), target[rows].astype(np.float32), ids)


def _count(known: Known, plan: Plan) -> int:
    rows = len(known.outcomes)
    return min(rows, max(plan.fewest, int(rows * plan.part)))


def _outcomes(known: Known, places: "Floats", count: int) -> "Floats":
    """The mean outcome of each row's nearest known rows."""
    import numpy as np

    lengths = np.linalg.norm(places, axis=1, keepdims=True)
    unit = (places / np.where(lengths > 0, lengths, 1.0)).astype(np.float32)
    found = np.zeros(len(places))
    for start in range(0, len(places), _BATCH):
        likeness = unit[start : start + _BATCH] @ known.places.T
        at = np.argpartition(-likeness, count - 1, axis=1)[:, :count]
        found[start : start + _BATCH] = known.outcomes[at].mean(axis=1)
    return found
