"""From a raw score to a probability: the map is fitted in learn/route_fit.py, here applied.

Two kinds: a logistic curve (Platt 1999), which keeps every difference in rank, and steps found by
pooling adjacent violators (isotonic), between whose points the line is straight.
"""

from bisect import bisect_right
from collections.abc import Iterable
from math import exp

from msgspec import Struct


class Calibration(Struct, frozen=True, forbid_unknown_fields=True):
    """`raws` and `shares` are the points of an isotonic map, both rising; without them the map is
    1 / (1 + exp(-(slope * raw + shift))). `version` names the data that it was fitted on."""

    version: str = ""
    slope: float = 1.0
    shift: float = 0.0
    raws: tuple[float, ...] = ()
    shares: tuple[float, ...] = ()


def calibrated(raw: float, calibration: Calibration) -> float:
    """The probability, from 0 to 1, that a raw score stands for. It never falls as `raw` rises."""
    if not calibration.raws:
        return logistic(calibration.slope * raw + calibration.shift)
    raws, shares = calibration.raws, calibration.shares
    at = bisect_right(raws, raw)
    if at == 0:
        return shares[0]
    if at == len(raws):
        return shares[-1]
    low, high = raws[at - 1], raws[at]
    part = (raw - low) / (high - low)
    return shares[at - 1] + part * (shares[at] - shares[at - 1])


def threshold_following(recent: Iterable[float], share: float) -> float:
    """From which score on a share of turns is sent, if the next are like these recent ones. What a
    device is asked drifts, and a threshold that was fixed elsewhere sends another share than was
    asked for; this one needs no labels."""
    ordered = sorted(recent)
    place = (1 - share) * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def logistic(value: float) -> float:
    """1 / (1 + exp(-value)), for any value."""
    if value >= 0:
        return 1.0 / (1.0 + exp(-min(value, 700.0)))
    power = exp(max(value, -700.0))
    return power / (1.0 + power)
