"""The clock that a test turns by hand."""

import pytest

from edgewise.core.clock import Clock
from edgewise.testing.clock import ManualClock


def test_time_stands_still_until_advanced():
    clock: Clock = ManualClock(wall=100.0, monotonic=5.0)
    assert (clock.now(), clock.monotonic()) == (100.0, 5.0)
    assert (clock.now(), clock.monotonic()) == (100.0, 5.0)


def test_advancing_moves_both_readings_alike():
    clock = ManualClock(wall=100.0, monotonic=5.0)
    clock.advance(2.5)
    assert (clock.now(), clock.monotonic()) == (102.5, 7.5)


def test_time_does_not_go_back():
    with pytest.raises(ValueError, match=r"-1"):
        ManualClock().advance(-1)


def test_setting_the_wall_clock_leaves_monotonic_time_alone():
    clock = ManualClock(monotonic=5.0)
    clock.set_wall(77.0)
    clock.advance(1.0)
    assert (clock.now(), clock.monotonic()) == (78.0, 6.0)


def test_alarms_ring_in_order_each_at_its_own_time():
    clock = ManualClock(monotonic=0.0)
    rung: list[tuple[str, float]] = []
    clock.call_at(3.0, lambda: rung.append(("late", clock.monotonic())))
    clock.call_at(1.0, lambda: rung.append(("early", clock.monotonic())))
    clock.call_at(9.0, lambda: rung.append(("never", clock.monotonic())))
    clock.advance(5.0)
    assert rung == [("early", 1.0), ("late", 3.0)]
    assert clock.monotonic() == 5.0
    assert clock.waiting == 1


def test_an_alarm_set_by_an_alarm_rings_in_the_same_advance():
    clock = ManualClock(monotonic=0.0)
    rung: list[float] = []

    def ring() -> None:
        rung.append(clock.monotonic())
        if len(rung) < 3:
            clock.call_at(clock.monotonic() + 1.0, ring)

    clock.call_at(1.0, ring)
    clock.advance(10.0)
    assert rung == [1.0, 2.0, 3.0]


def test_a_cancelled_alarm_does_not_ring():
    clock = ManualClock(monotonic=0.0)
    rung: list[float] = []
    cancel = clock.call_at(1.0, lambda: rung.append(1.0))
    cancel()
    assert clock.waiting == 0
    clock.advance(2.0)
    cancel()
    assert not rung
    assert clock.waiting == 0


def test_an_alarm_for_the_past_rings_at_the_next_advance_without_turning_time_back():
    clock = ManualClock(monotonic=10.0)
    rung: list[float] = []
    clock.call_at(1.0, lambda: rung.append(clock.monotonic()))
    clock.advance(0.0)
    assert rung == [10.0]
