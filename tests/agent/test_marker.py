"""Events are numbered, stamped and timed by the clock that was passed in."""

from edgewise.agent.marker import Marker
from edgewise.core.event import TextDelta
from edgewise.testing.clock import ManualClock


def test_events_are_numbered_from_one_with_the_turn_and_the_wall_time() -> None:
    clock = ManualClock(wall=100.0)
    mark = Marker("t1", clock)
    first = mark(TextDelta, text="a")
    clock.advance(2.0)
    second = mark(TextDelta, text="b")
    assert (first.seq, first.turn, first.at) == (1, "t1", 100.0)
    assert (second.seq, second.turn, second.at) == (2, "t1", 102.0)


def test_a_lap_counts_from_the_lap_before() -> None:
    clock = ManualClock()
    mark = Marker("t", clock)
    clock.advance(0.5)
    assert mark.lap_ms() == 500.0
    clock.advance(0.25)
    assert mark.lap_ms() == 250.0
    assert mark.total_ms() == 750.0


def test_waiting_before_the_start_is_not_part_of_the_turn() -> None:
    clock = ManualClock()
    mark = Marker("t", clock)
    clock.advance(30.0)
    mark.restart()
    clock.advance(0.125)
    assert mark.total_ms() == 125.0
    assert mark.arrived == clock.monotonic() - 30.125, "but of the age of what was asked"


def test_a_wall_clock_that_is_set_back_does_not_bend_the_time_taken() -> None:
    clock = ManualClock(wall=1_000.0)
    mark = Marker("t", clock)
    clock.set_wall(10.0)
    clock.advance(1.0)
    assert mark.lap_ms() == 1000.0
