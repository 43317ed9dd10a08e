"""What failed lately gets no traffic, and says why; a probe finds out whether it is back."""

import pytest

from edgewise.testing.clock import ManualClock
from edgewise.think.breaker import Breaker, BreakerRules, Pass, Standing, State, Trouble

KEY = ("cloud", "model")


def passed(breaker: Breaker, key: tuple[str, str] = KEY) -> Pass:
    given = breaker.enter(key)
    assert isinstance(given, Pass), given
    return given


def opened(clock: ManualClock) -> Breaker:
    breaker = Breaker(clock)
    for _ in range(3):
        breaker.failed(passed(breaker), Trouble.BROKEN)
    return breaker


def test_it_opens_after_enough_failures_and_says_why():
    breaker = opened(ManualClock())
    assert breaker.enter(KEY) == Standing(State.OPEN, Trouble.BROKEN, 5.0, 3, 3)
    assert not breaker.lets_through(KEY)


def test_another_model_of_the_same_cloud_is_not_touched():
    breaker = opened(ManualClock())
    passed(breaker, ("cloud", "another"))
    passed(breaker, ("another", "model"))


def test_failures_among_many_answers_do_not_open_it():
    breaker = Breaker(ManualClock())
    for _ in range(20):
        breaker.succeeded(passed(breaker))
    for _ in range(10):
        breaker.failed(passed(breaker), Trouble.BROKEN)
    assert breaker.standing(KEY).state is State.CLOSED


def test_failures_outside_the_window_do_not_count():
    clock = ManualClock()
    breaker = Breaker(clock)
    for _ in range(10):
        breaker.failed(passed(breaker), Trouble.AWAY)
        clock.advance(31)
    assert breaker.standing(KEY).state is State.CLOSED


def test_a_request_of_ours_that_is_refused_says_nothing_against_the_cloud():
    breaker = Breaker(ManualClock())
    for _ in range(10):
        breaker.failed(passed(breaker), Trouble.REQUEST)
    assert breaker.standing(KEY).state is State.CLOSED


def test_a_key_that_is_refused_opens_it_at_once():
    breaker = Breaker(ManualClock())
    breaker.failed(passed(breaker), Trouble.ACCOUNT)
    assert breaker.standing(KEY) == Standing(State.OPEN, Trouble.ACCOUNT, 60.0, 1, 1)


def test_who_says_when_to_come_back_is_left_alone_until_then():
    clock = ManualClock()
    breaker = Breaker(clock)
    breaker.failed(passed(breaker), Trouble.BUSY, retry_after_s=600.0)
    clock.advance(599)
    assert isinstance(breaker.enter(KEY), Standing)
    clock.advance(1)
    passed(breaker)


def test_after_the_rest_one_probe_at_a_time_passes_and_closes_it():
    clock = ManualClock()
    breaker = opened(clock)
    clock.advance(5)
    assert breaker.standing(KEY).state is State.PROBING
    probe = passed(breaker)
    assert probe.is_probe
    assert isinstance(breaker.enter(KEY), Standing)
    breaker.succeeded(probe)
    assert breaker.standing(KEY) == Standing(State.CLOSED)


def test_a_probe_that_fails_doubles_the_rest_up_to_the_longest():
    clock = ManualClock()
    breaker = opened(clock)
    rests: list[float] = []
    for _ in range(7):
        clock.advance(breaker.standing(KEY).rest_s)
        breaker.failed(passed(breaker), Trouble.SLOW)
        rests.append(breaker.standing(KEY).rest_s)
    assert rests == [10, 20, 40, 80, 120, 120, 120]


def test_a_probe_that_was_given_up_lets_another_through():
    clock = ManualClock()
    breaker = opened(clock)
    clock.advance(5)
    breaker.left(passed(breaker))
    assert passed(breaker).is_probe


def test_a_probe_that_never_reports_is_taken_as_lost():
    clock = ManualClock()
    breaker = opened(clock)
    clock.advance(5)
    lost = passed(breaker)
    clock.advance(120)
    passed(breaker)
    breaker.succeeded(lost)
    assert breaker.standing(KEY).state is State.PROBING


@pytest.mark.parametrize("end", ["succeeded", "failed"])
def test_what_an_older_attempt_reports_moves_nothing(end: str):
    clock = ManualClock()
    breaker = Breaker(clock, BreakerRules(failures=1))
    old, new = passed(breaker), passed(breaker)
    breaker.failed(new, Trouble.AWAY)
    before = breaker.standing(KEY)
    if end == "succeeded":
        breaker.succeeded(old)
    else:
        breaker.failed(old, Trouble.SLOW)
    assert breaker.standing(KEY) == before
