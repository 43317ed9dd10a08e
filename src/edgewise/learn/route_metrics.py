"""The figures by which routers are judged, as RouteLLM defines them.

A router's score says how much a question is worth the stronger model. Sending the best-scored share
x of questions there gives a quality y(x), read at eleven points. APGR is the area between y and the
weak model's quality, over the gap of the two models; CPT(q) the share of calls at which a part q of
the gap is made up, between two points on the line. Source: RouteLLM (arXiv 2406.18665); reference
note on routing, section 3.3. Everything takes arrays (N) and knows no set.
"""

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct

from edgewise.route.calibrate import threshold_following

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

POINTS = 10
BINS = 15
DRAWS = 1_000
LEVEL = 0.95


class Figures(Struct, frozen=True):
    """What a router's score comes to: `APGR` as a number, the others as shares (0 to 1)."""

    apgr: float
    cpt50: float
    cpt80: float
    kept20: float
    kept30: float
    kept50: float


def figures_of(score: "Floats", weak: "Floats", strong: "Floats", seed: int = 0) -> Figures:
    """The figures of a score. Ties are broken by chance, from `seed`."""
    import numpy as np

    ties = np.random.default_rng(seed).random(len(score))
    order = np.lexsort((ties, -score))
    return _in_order(weak[order], strong[order])


def _in_order(weak: "Floats", strong: "Floats") -> Figures:
    """The figures of questions in the order in which they are sent to the strong model."""
    import numpy as np

    count, floor = len(weak), float(weak.mean())
    gained = np.concatenate([[0.0], np.cumsum(strong - weak)]) / count
    gap = float(gained[-1])
    sent = np.round(np.arange(POINTS + 1) * count / POINTS).astype(np.int64)
    x, y = sent / count, gained[sent]
    area = float(((y[1:] + y[:-1]) / 2 * np.diff(x)).sum())
    kept = [
        (floor + float(gained[round(share * count)])) / (floor + gap) for share in (0.2, 0.3, 0.5)
    ]
    return Figures(area / gap, _reached(x, y, gap / 2), _reached(x, y, 0.8 * gap), *kept)


def _reached(x: "Floats", y: "Floats", wanted: float) -> float:
    """Where y first reaches what is wanted."""
    for i in range(1, len(x)):
        if y[i] >= wanted:
            step = float(y[i] - y[i - 1])
            part = (wanted - float(y[i - 1])) / step if step > 0 else 1.0
            return float(x[i - 1]) + part * float(x[i] - x[i - 1])
    return 1.0


def intervals(
    draw: Callable[["np.random.Generator"], Figures], draws: int = DRAWS, seed: int = 0
) -> tuple[Figures, Figures]:
    """The lower and upper ends of the 95 % bootstrap intervals; `draw` gives the figures of one
    resampling, with the randomness that it is handed."""
    import numpy as np

    random = np.random.default_rng(seed)
    rows = np.array([_numbers(draw(random)) for _ in range(draws)])
    ends = np.quantile(rows, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    return Figures(*map(float, ends[0])), Figures(*map(float, ends[1]))


class Run(Struct, frozen=True):
    """The scores that one split gave to rows that it had not learnt from; `rows` are their numbers
    in the set."""

    rows: "Ints"
    score: "Floats"
    weak: "Floats"
    strong: "Floats"


def figures_of_runs(runs: list[Run]) -> Figures:
    """The mean of the runs' figures."""
    return mean_of([figures_of(run.score, run.weak, run.strong) for run in runs])


def resampled(runs: list[Run]) -> Callable[["np.random.Generator"], Figures]:
    """Draws the set's rows anew, with replacement, the same for all runs; their mean figures."""
    import numpy as np

    total = 1 + max(int(run.rows.max()) for run in runs)
    ordered = [_ordered(run) for run in runs]

    def draw(random: "np.random.Generator") -> Figures:
        times = np.bincount(random.integers(0, total, total), minlength=total)
        return mean_of(
            [
                _in_order(np.repeat(w, times[rows]), np.repeat(s, times[rows]))
                for rows, w, s in ordered
            ]
        )

    return draw


def _ordered(run: Run) -> tuple["Ints", "Floats", "Floats"]:
    import numpy as np

    ties = np.random.default_rng(0).random(len(run.score))
    order = np.lexsort((ties, -run.score))
    return run.rows[order], run.weak[order], run.strong[order]


def mean_of(all_of_them: list[Figures]) -> Figures:
    """The mean of some runs."""
    rows = [_numbers(each) for each in all_of_them]
    return Figures(*(sum(column) / len(rows) for column in zip(*rows, strict=True)))


def _numbers(figures: Figures) -> tuple[float, ...]:
    return (
        figures.apgr, figures.cpt50, figures.cpt80, figures.kept20, figures.kept30, figures.kept50
    )  # fmt: skip


def calibration_error(
    probability: "Floats",
    happened: "Floats",
    bins: int = BINS,
    weights: "Floats | None" = None,
) -> float:
    """The expected calibration error: over bins of equal width, the mean distance between what was
    said and what happened, weighed by how many rows a bin holds (or by their `weights`)."""
    import numpy as np

    each = np.ones(len(probability)) if weights is None else weights
    at = np.minimum((probability * bins).astype(np.int64), bins - 1)
    said = np.bincount(at, probability * each, bins)
    came = np.bincount(at, happened * each, bins)
    return float(np.abs(said - came).sum() / each.sum())


def threshold_for(score: "Floats", share: float) -> float:
    """From which score on a share of these questions would be sent."""
    import numpy as np

    return float(np.quantile(score, 1 - share))


def following(
    score: "Floats", first: "Floats", share: float, window: int = 100
) -> "NDArray[np.bool_]":
    """Which of `score`, in their order, are sent when the threshold follows the last `window`
    scores, beginning with some of `first`: it needs no labels, and sees nothing that comes."""
    import numpy as np

    past = deque(map(float, np.random.default_rng(0).choice(first, window)), window)
    sent = np.zeros(len(score), np.bool_)
    for i, value in enumerate(map(float, score)):
        sent[i] = value >= threshold_following(past, share)
        past.append(value)
    return sent


def same_side(before: "Floats", after: "Floats", threshold: float) -> float:
    """The share of questions on the same side of a threshold before and after."""
    return float(((before >= threshold) == (after >= threshold)).mean())
