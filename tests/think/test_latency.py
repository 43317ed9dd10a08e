"""Quantiles of what was lately; what was long ago is forgotten."""

from edgewise.testing.clock import ManualClock
from edgewise.think.latency import Latency


def test_quantiles_are_times_that_were_measured():
    latency = Latency(ManualClock())
    for took_s in (5, 1, 4, 2, 3):
        latency.add(took_s)
    assert [latency.quantile(share) for share in (0.0, 0.5, 0.8, 0.81, 1.0)] == [1, 3, 4, 5, 5]


def test_without_measurements_it_says_nothing():
    latency = Latency(ManualClock())
    assert (latency.quantile(0.5), latency.count) == (0.0, 0)


def test_what_was_slow_once_is_forgotten_after_the_window():
    clock = ManualClock()
    latency = Latency(clock, window_s=60)
    latency.add(30.0)
    clock.advance(59)
    assert latency.quantile(0.5) == 30.0
    clock.advance(1)
    assert (latency.quantile(0.5), latency.count) == (0.0, 0)


def test_only_the_newest_are_kept():
    latency = Latency(ManualClock(), most=3)
    for took_s in (9, 1, 2, 3):
        latency.add(took_s)
    assert (latency.count, latency.quantile(1.0)) == (3, 3)
