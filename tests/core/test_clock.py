"""The system's clock tells wall time, and a second time that never goes back."""

import time

from edgewise.core.clock import SystemClock


def test_now_is_the_wall_time() -> None:
    before = time.time()
    assert before <= SystemClock().now() <= time.time()


def test_monotonic_time_is_its_own_and_does_not_go_back() -> None:
    clock = SystemClock()
    readings = [clock.monotonic() for _ in range(1000)]
    assert readings == sorted(readings)
    assert time.monotonic() - 5 < readings[-1] <= time.monotonic()
