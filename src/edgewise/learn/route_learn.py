"""Outcomes -> new maps from raw scores to probabilities, and what they are worth where unseen.

An outcome counts the inverse of the odds that such a turn has one: the logged ones of being told or
compared (`route.sample`), and the share of told answers that persons judge. The maps are Platt's
logistic curve, isotonic ones from 2,000 outcomes on. They are judged on folds of whole sessions
that they were not fitted on, by the Brier score, with bootstrap draws of whole sessions. Nothing
here puts a map into force. Source: reference note on routing, section 6.1.
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from edgewise.learn.outcomes import SURE, Outcome, Seen, Signal
from edgewise.learn.route_fit import logistic_map, rising_map
from edgewise.learn.route_metrics import calibration_error
from edgewise.route.calibrate import Calibration, calibrated
from edgewise.route.learnt import Bin, Learnt, Recalibrated, recalibrated
from edgewise.route.policy import RoutePolicy
from edgewise.route.question import Score
from edgewise.route.route import decide

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

FEWEST = 100
"""Outcomes from which on a map is worth fitting (reference note: 100 to 300 suffice)."""
LEAST = 20
"""Outcomes below which there is nothing to fit, whoever wants it."""
FOLDS, DRAWS, BINS = 5, 1_000, 5
MOST_WEIGHT = 50.0
"""What an outcome may count at most: the rarest sample is 2 % of the turns."""
HINT = 0.25
"""What a weak outcome counts beside a sure one."""
_ENOUGH, _BLOCKS = 2_000, 40


class Base(Struct, frozen=True):
    """What is in force for a score: which scorer makes it, and the map that counts now."""

    scorer: str
    calibration: Calibration


class Rows(Struct, frozen=True):
    """One score's outcomes as arrays (N). `sure` are those that a map is judged by."""

    raws: "Floats"
    wrong: "Floats"
    weights: "Floats"
    groups: "NDArray[np.str_]"
    sure: "NDArray[np.bool_]"


def learn_route(
    seen: Seen,
    bases: dict[str, Base],
    policy: RoutePolicy,
    *,
    made_at: str,
    weak: bool = False,
    fewest: int = FEWEST,
) -> Learnt:
    """What the outcomes teach about the scores in `bases` (`prescore`, `postcheck`). A score with
    fewer than `fewest` sure outcomes is left out. `weak` also fits on what is no more than a hint,
    at a part of its weight; nothing is judged by that: people go on after a wrong answer, too."""
    used = [one for one in seen.outcomes if weak or one.signal in SURE]
    data = hashlib.sha256(msgspec.json.encode(used)).hexdigest()
    version = f"{made_at[:10]} {data[:8]}"
    parts: dict[str, Recalibrated | None] = {}
    for name, base in bases.items():
        rows = rows_of(used, name, base.scorer, seen.told)
        enough = rows.sure.sum() >= fewest and len(set(rows.wrong[rows.sure].round())) > 1
        parts[name] = _recalibrated(rows, base, version) if enough else None
    learnt = Learnt(
        version, made_at, data, seen.turns, seen.counts,
        prescore=parts.get("prescore"), postcheck=parts.get("postcheck"),
    )  # fmt: skip
    decided, other = _other_way(seen, learnt.prescore, policy)
    return replace(learnt, decided=decided, other_way=other)


def worth_keeping(learnt: Learnt) -> Learnt:
    """The same with the maps alone whose gain is above zero at the lower end of its interval."""
    kept = {name: part for name, part in learnt.parts if part.gain_low > 0}
    return replace(learnt, prescore=kept.get("prescore"), postcheck=kept.get("postcheck"))


def rows_of(outcomes: Sequence[Outcome], name: str, scorer: str, told: int) -> Rows:
    """The outcomes that have this score, made by this scorer, each with its weight. `told` is how
    many turns had the device's answer."""
    import numpy as np

    of: Callable[[Outcome], Score | None] = (
        (lambda one: one.before) if name == "prescore" else (lambda one: one.after)
    )
    found = [(one, score) for one in outcomes if (score := of(one)) and score.scorer == scorer]
    spoken = sum(one.signal is not Signal.COMPARED for one in outcomes)
    share = min(1.0, spoken / told) if told else 0.0
    odds = np.array([one.kept * share + one.compared for one, _ in found])
    weights = 1.0 / np.maximum(odds, 1e-6)
    weights = np.minimum(weights, MOST_WEIGHT * weights.min()) if len(weights) else weights
    sure = np.array([one.signal in SURE for one, _ in found], np.bool_)
    weights = np.where(sure, weights, HINT * weights)
    weights = weights / weights.mean() if len(weights) else weights
    return Rows(
        np.array([score.raw for _, score in found]),
        np.array([one.wrong for one, _ in found]),
        weights,
        np.array([one.group for one, _ in found], np.str_),
        sure,
    )


def _recalibrated(rows: Rows, base: Base, version: str) -> Recalibrated:
    """The map of all rows; it is judged on the sure ones, by maps of the other folds' rows."""
    import numpy as np

    fitted = _map(rows, version)
    groups, held_out = _apart(rows.groups)
    after = np.zeros(len(rows.raws))
    for judge in _folds(groups):
        judged = np.isin(np.arange(len(after)), judge)
        after[judge] = _said(rows.raws[judge], _map(_at(rows, ~judged), version))
    rows, groups, after = _at(rows, rows.sure), groups[rows.sure], after[rows.sure]
    before = _said(rows.raws, base.calibration)
    was, now = (before - rows.wrong) ** 2, (after - rows.wrong) ** 2
    gain, low, high = _gain(was - now, rows.weights, groups)
    weights = rows.weights
    return Recalibrated(
        base.scorer,
        base.calibration,
        fitted,
        outcomes=len(weights),
        effective=float(weights.sum() ** 2 / (weights**2).sum()),
        groups=len(set(groups)),
        held_out=held_out,
        brier_before=float(np.average(was, weights=weights)),
        brier_after=float(np.average(now, weights=weights)),
        ece_before=_error(before, rows),
        ece_after=_error(after, rows),
        gain=gain,
        gain_low=low,
        gain_high=high,
        reliability=_bins(rows, before, after),
    )


def _map(rows: Rows, version: str) -> Calibration:
    count = len(rows.raws)
    if count < _ENOUGH:
        return Calibration(version, *logistic_map(rows.raws, rows.wrong, rows.weights))
    raws, shares = rising_map(rows.raws, rows.wrong, count // _BLOCKS, rows.weights)
    return Calibration(version, raws=raws, shares=shares)


def _apart(groups: "NDArray[np.str_]") -> tuple["NDArray[np.str_]", str]:
    """What is held out whole: sessions, or single turns where there are too few of them."""
    import numpy as np

    if len(set(groups)) >= FOLDS:
        return groups, "sessions"
    return np.arange(len(groups)).astype(np.str_), "turns"


def _folds(groups: "NDArray[np.str_]") -> list["Ints"]:
    """Rows by fold: whole groups, dealt out by chance, the largest first to the smallest fold."""
    import numpy as np

    names, sizes = np.unique(groups, return_counts=True)
    order = np.random.default_rng(0).permutation(len(names))
    order = order[np.argsort(-sizes[order], kind="stable")]
    held: list[list[int]] = [[] for _ in range(FOLDS)]
    filled = [0] * FOLDS
    for number in map(int, order):
        fold = filled.index(min(filled))
        held[fold].append(number)
        filled[fold] += int(sizes[number])
    return [np.flatnonzero(np.isin(groups, names[fold])) for fold in held if fold]


def _gain(
    gained: "Floats", weights: "Floats", groups: "NDArray[np.str_]"
) -> tuple[float, float, float]:
    """The weighted mean of what each row gained, and the ends of its 95 % interval over draws of
    whole groups."""
    import numpy as np

    _, at = np.unique(groups, return_inverse=True)
    count = int(at.max()) + 1
    sums, mass = np.bincount(at, gained * weights, count), np.bincount(at, weights, count)
    random = np.random.default_rng(0)
    drawn = random.integers(0, count, (DRAWS, count))
    means = sums[drawn].sum(axis=1) / mass[drawn].sum(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(sums.sum() / mass.sum()), float(low), float(high)


def _bins(rows: Rows, before: "Floats", after: "Floats") -> tuple[Bin, ...]:
    """The rows in fifths by their raw score."""
    import numpy as np

    found: list[Bin] = []
    for part in np.array_split(rows.raws.argsort(kind="stable"), BINS):
        mean = [np.average(each[part], weights=rows.weights[part])
                for each in (before, after, rows.wrong)]  # fmt: skip
        found.append(Bin(len(part), *map(float, mean)))
    return tuple(found)


def _error(said: "Floats", rows: Rows) -> float:
    return calibration_error(said, rows.wrong, weights=rows.weights)


def _said(raws: "Floats", calibration: Calibration) -> "Floats":
    import numpy as np

    return np.array([calibrated(float(raw), calibration) for raw in raws])


def _at(rows: Rows, which: "NDArray[np.bool_]") -> Rows:
    return Rows(
        rows.raws[which],
        rows.wrong[which],
        rows.weights[which],
        rows.groups[which],
        rows.sure[which],
    )


def _other_way(seen: Seen, part: Recalibrated | None, policy: RoutePolicy) -> tuple[int, int]:
    """Of how many recorded turns a score decided, and how many of those go another way by `part`;
    no chance in either."""
    decided = other = 0
    for recorded in seen.questions:
        question = replace(recorded, chance=1.0)
        was = decide(question, policy)
        if question.score is None or was.margin is None:
            continue
        decided += 1
        now = decide(replace(question, score=recalibrated(question.score, part)), policy)
        other += (now.way, now.check) != (was.way, was.check)
    return decided, other
