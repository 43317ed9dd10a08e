"""What was learnt from outcomes, as a value that a person can review: maps of the two scores, what
they were fitted on, and what they are worth on turns that they were not fitted on.

Made by learn/route_learn.py, put into force by the device (`edgewise learn adopt`). A map belongs
to one scorer: to any other's raw scores it says nothing.
"""

import math

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from edgewise.errors import UserError
from edgewise.route.calibrate import Calibration, calibrated
from edgewise.route.question import Score


class Bin(Struct, frozen=True, forbid_unknown_fields=True):
    """Turns with like raw scores: how many, what share was said to be wrong by the old map and by
    the new one (each as if it had not seen the turn), and what share was."""

    rows: int
    before: float
    after: float
    happened: float


class Recalibrated(Struct, frozen=True, forbid_unknown_fields=True):
    """A score's new map. `effective` is how many equally weighted outcomes the weighted ones are
    worth; `held_out` names what was kept apart whole. `gain` is how much the Brier score falls,
    with the ends of its 95 % interval."""

    scorer: str
    before: Calibration
    after: Calibration
    outcomes: int
    effective: float
    groups: int
    held_out: str
    brier_before: float
    brier_after: float
    ece_before: float
    ece_after: float
    gain: float
    gain_low: float
    gain_high: float
    reliability: tuple[Bin, ...] = ()


class Learnt(Struct, frozen=True, forbid_unknown_fields=True):
    """One version of it. `data` is the SHA-256 of the outcomes, `counts` says how many there were
    of which kind; of `decided` recorded turns `other_way` would have gone another way."""

    version: str
    made_at: str
    data: str
    turns: int
    counts: dict[str, int]
    decided: int = 0
    other_way: int = 0
    prescore: Recalibrated | None = None
    postcheck: Recalibrated | None = None

    @property
    def parts(self) -> tuple[tuple[str, Recalibrated], ...]:
        """The maps it holds, by the name of the score."""
        both = (("prescore", self.prescore), ("postcheck", self.postcheck))
        return tuple((name, part) for name, part in both if part is not None)


def recalibrated(score: Score, part: Recalibrated | None) -> Score:
    """`score` with what was learnt of the scorer that made it; another's stays as it is, as does
    one that no scorer made (of an empty answer)."""
    if part is None or not score.scorer or part.scorer != score.scorer:
        return score
    wrong = calibrated(score.raw, part.after)
    return replace(score, wrong=wrong, calibration=part.after.version)


def learnt_from(data: bytes) -> Learnt:
    """What a file's bytes hold. Raises UserError that says what is wrong with it."""
    try:
        learnt = msgspec.json.decode(data, type=Learnt)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise _wrong(str(error)) from error
    if not learnt.version or not learnt.parts:
        raise _wrong("it names no version or holds no map")
    for name, part in learnt.parts:
        _check(name, part)
    return learnt


def _check(name: str, part: Recalibrated) -> None:
    after = part.after
    numbers = (after.slope, after.shift, *after.raws, *after.shares, part.gain_low, part.gain)
    if not all(map(math.isfinite, numbers)):
        raise _wrong(f"{name} holds what is no number")
    pairs = zip(after.raws, after.raws[1:], strict=False)
    falls = any(high <= low for low, high in pairs) or list(after.shares) != sorted(after.shares)
    if len(after.raws) != len(after.shares) or falls or after.slope < 0:
        raise _wrong(f"the map of {name} must rise")
    if any(not 0 <= share <= 1 for share in after.shares):
        raise _wrong(f"the map of {name} must stay between 0 and 1")
    if not part.scorer or not after.version:
        raise _wrong(f"{name} does not say which scorer it is for, or has no version")


def _wrong(what: str) -> UserError:
    return UserError(f"the calibration does not hold: {what}", code="bad_calibration")
