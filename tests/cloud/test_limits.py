"""Limits refuse what is over them, no more and no less, and tell what is left."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.cloud.caller import Caller, KeyKind, Limits
from edgewise.cloud.limits import MOST_KEPT, Place, RateLimits, duration
from edgewise.cloud.refusal import Refused
from edgewise.testing.clock import ManualClock

NO_LIMITS = Limits()


def caller(limits: Limits, project: Limits = NO_LIMITS, key: str = "k") -> Caller:
    return Caller(key, KeyKind.DEVELOPER, "o", "p", limits=limits, project_limits=project)


def enter(limits: RateLimits, who: Caller, tokens: int = 1, *, stream: bool = False) -> Place:
    return limits.enter(who, tokens, stream=stream)


@given(
    st.integers(1, 50),
    st.lists(st.floats(0, 30, allow_nan=False), min_size=1, max_size=120),
)
def test_requests_of_any_minute_stay_within_twice_the_limit_and_of_all_within_the_rate(
    limit: int, pauses: list[float]
):
    clock = ManualClock()
    limits = RateLimits(clock)
    who = caller(Limits(requests_a_minute=limit))
    began = clock.monotonic()
    admitted = 0
    for pause in pauses:
        clock.advance(pause)
        with suppress(Refused):
            enter(limits, who).leave(1)
            admitted += 1
        passed_s = clock.monotonic() - began
        assert admitted <= limit * (1 + passed_s / 60) + 1e-6


@pytest.mark.parametrize("whose", ["key", "project"])
def test_who_has_as_many_running_as_may_is_refused_before_anything_is_taken(whose: str):
    limits, one = RateLimits(ManualClock()), Limits(requests_at_once=1, requests_a_minute=9)
    who = caller(one) if whose == "key" else caller(NO_LIMITS, one)
    limits.check_at_once(who)
    place = enter(limits, who)
    with pytest.raises(Refused) as early:
        limits.check_at_once(who)
    with pytest.raises(Refused) as late:
        enter(limits, who)
    assert early.value.problem == late.value.problem
    assert early.value.headers == late.value.headers
    place.leave(1)
    limits.check_at_once(who)


@given(st.integers(1, 10), st.lists(st.booleans(), max_size=60))
def test_requests_at_once_are_counted_exactly(limit: int, steps: list[bool]):
    limits = RateLimits(ManualClock())
    who = caller(Limits(requests_at_once=limit))
    running: list[Place] = []
    for begins in steps:
        if begins:
            if len(running) < limit:
                running.append(enter(limits, who))
            else:
                with pytest.raises(Refused):
                    enter(limits, who)
        elif running:
            running.pop().leave(1)


def test_streams_are_counted_apart_from_other_requests():
    limits = RateLimits(ManualClock())
    who = caller(Limits(streams_at_once=1))
    stream = enter(limits, who, stream=True)
    enter(limits, who)
    with pytest.raises(Refused):
        enter(limits, who, stream=True)
    stream.leave(1)
    enter(limits, who, stream=True)


def test_leaving_twice_frees_one_place():
    limits = RateLimits(ManualClock())
    who = caller(Limits(requests_at_once=2))
    first = enter(limits, who)
    enter(limits, who)
    first.leave(1)
    first.leave(1)
    enter(limits, who)
    with pytest.raises(Refused):
        enter(limits, who)


def test_tokens_are_corrected_to_what_was_used():
    clock = ManualClock()
    limits = RateLimits(clock)
    who = caller(Limits(tokens_a_minute=1000))
    enter(limits, who, 900).leave(100)
    assert limits.headers(who)["x-ratelimit-remaining-tokens"] == "900"
    enter(limits, who, 100).leave(1500)
    with pytest.raises(Refused) as refused:
        enter(limits, who, 1)
    assert refused.value.headers["x-ratelimit-remaining-tokens"] == "0"
    clock.advance(60)
    enter(limits, who, 1)


def test_a_request_larger_than_the_bucket_waits_for_a_full_one():
    clock = ManualClock()
    limits = RateLimits(clock)
    who = caller(Limits(tokens_a_minute=100))
    enter(limits, who, 5000).leave(100)
    with pytest.raises(Refused):
        enter(limits, who, 5000)
    clock.advance(60)
    enter(limits, who, 5000)


def test_a_limit_set_later_does_not_count_what_was_used_without_one():
    limits = RateLimits(ManualClock())
    for _ in range(10):
        enter(limits, caller(Limits()), 10**6).leave(10**6)
    limited = caller(Limits(tokens_a_minute=100, requests_a_minute=10))
    assert limits.headers(limited)["x-ratelimit-remaining-tokens"] == "100"
    enter(limits, limited, 50)


def test_the_project_limits_all_of_its_keys_together():
    limits = RateLimits(ManualClock())
    both = Limits(requests_at_once=1)
    first = enter(limits, caller(Limits(), both, "k1"))
    with pytest.raises(Refused):
        enter(limits, caller(Limits(), both, "k2"))
    first.leave(1)
    enter(limits, caller(Limits(), both, "k2"))


def test_what_is_refused_by_the_project_takes_nothing_of_the_key():
    limits = RateLimits(ManualClock())
    who = caller(Limits(requests_a_minute=10), Limits(requests_at_once=1))
    enter(limits, who)
    with pytest.raises(Refused):
        enter(limits, who)
    assert limits.headers(who)["x-ratelimit-remaining-requests"] == "9"


def test_a_limit_that_is_used_up_stays_so_whoever_else_comes():
    clock = ManualClock()
    limits = RateLimits(clock)
    used_up = caller(Limits(requests_a_minute=1))
    enter(limits, used_up).leave(1)
    for number in range(MOST_KEPT + 1):
        limits.headers(caller(NO_LIMITS, key=f"other {number}"))
    with pytest.raises(Refused):
        enter(limits, used_up)
    assert len(limits._uses) < MOST_KEPT  # who used nothing was forgotten
    clock.advance(60)
    enter(limits, used_up)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0ms"), (0.0121, "13ms"), (1.5, "1.5s"), (90, "1m30s"), (59.99, "60s")],
)
def test_times_are_written_as_the_openai_api_does(seconds: float, said: str):
    assert duration(seconds) == said
