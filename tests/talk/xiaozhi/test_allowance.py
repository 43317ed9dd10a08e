"""How much may come from one device, by the time that has passed."""

from contextlib import suppress

import pytest

from edgewise.errors import LinkError
from edgewise.talk.xiaozhi.allowance import Allowance, Bounds
from edgewise.testing.clock import ManualClock


def test_speech_in_real_time_may_come_for_ever():
    clock = ManualClock()
    allowance = Allowance(Bounds(), clock)
    for _ in range(5_000):
        allowance.sound(0.06)
        clock.advance(0.06)


def test_two_hundred_frames_a_second_are_too_fast():
    clock = ManualClock()
    allowance = Allowance(Bounds(), clock)
    taken = 0
    with suppress(LinkError):
        while taken < 200 * 10:
            allowance.sound(0.06)
            clock.advance(1 / 200)
            taken += 1
    assert 1 < taken / 200 < 3  # seconds: a burst, and no more


def test_nor_may_they_come_so_fast_because_each_is_short():
    clock = ManualClock()
    allowance = Allowance(Bounds(), clock)
    taken = 0
    with suppress(LinkError):
        while taken < 200 * 15:
            allowance.sound(0.0025)
            clock.advance(1 / 200)
            taken += 1
    assert 1 < taken / 200 < 12


def test_a_burst_of_what_was_recorded_is_taken_and_messages_are_bounded_too():
    allowance = Allowance(Bounds(burst=3), ManualClock())
    allowance.sound(19.0)
    for _ in range(3):
        allowance.message()
    with pytest.raises(LinkError):
        allowance.message()
