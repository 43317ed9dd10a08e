"""What each caller may use, counted apart."""

import pytest

from edgewise.device.callers import Caller
from edgewise.device.limits import ALLOWANCES, Allowance, Limits
from edgewise.device.wire import ApiError
from edgewise.testing.clock import ManualClock

SMALL = dict.fromkeys(Caller, Allowance(turns_at_once=2, turns_a_minute=3, streams=1))


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def limits(clock: ManualClock) -> Limits:
    return Limits(SMALL, clock)


def refused(limits: Limits, caller: Caller) -> ApiError:
    with pytest.raises(ApiError) as found:
        limits.enter_turn(caller)
    assert (found.value.status, found.value.problem.code) == (429, "too_many_turns")
    return found.value


def test_a_place_is_free_again_when_its_turn_has_ended(limits: Limits):
    first, _ = limits.enter_turn(Caller.PAGE), limits.enter_turn(Caller.PAGE)
    assert "2 turns of the page are running" in refused(limits, Caller.PAGE).problem.message
    first()
    limits.enter_turn(Caller.PAGE)


def test_turns_a_minute_are_bounded_and_the_reply_says_how_long_to_wait(
    limits: Limits, clock: ManualClock
):
    for _ in range(3):
        limits.enter_turn(Caller.PROGRAM)()
        clock.advance(10)
    error = refused(limits, Caller.PROGRAM)
    assert error.headers == {"Retry-After": "30"}
    assert error.problem.remedy == "wait 30 s"
    clock.advance(30)
    limits.enter_turn(Caller.PROGRAM)()
    refused(limits, Caller.PROGRAM)


def test_what_one_caller_uses_takes_nothing_from_another(limits: Limits):
    for _ in range(2):
        limits.enter_turn(Caller.PROGRAM)
    limits.enter_stream(Caller.PROGRAM)
    refused(limits, Caller.PROGRAM)
    for person in (Caller.OWNER, Caller.PAGE):
        limits.enter_turn(person)
        limits.enter_stream(person)


def test_a_refused_turn_counts_for_nothing(limits: Limits, clock: ManualClock):
    leave = [limits.enter_turn(Caller.PROGRAM) for _ in range(2)]
    for _ in range(50):
        refused(limits, Caller.PROGRAM)
    for end in leave:
        end()
    limits.enter_turn(Caller.PROGRAM)


@pytest.mark.parametrize("person", [Caller.OWNER, Caller.PAGE])
def test_what_waits_for_nothing_needs_no_place_from_a_person(limits: Limits, person: Caller):
    for _ in range(2):
        limits.enter_turn(person)
    for _ in range(100):
        limits.enter_turn(person, urgent=True)()


def test_a_program_has_no_urgent_turns(limits: Limits):
    for _ in range(2):
        limits.enter_turn(Caller.PROGRAM, urgent=True)
    with pytest.raises(ApiError):
        limits.enter_turn(Caller.PROGRAM, urgent=True)


def test_streams_have_a_limit_of_their_own(limits: Limits):
    leave = limits.enter_stream(Caller.PAGE)
    with pytest.raises(ApiError) as found:
        limits.enter_stream(Caller.PAGE)
    assert found.value.problem.code == "too_many_streams"
    leave()
    limits.enter_stream(Caller.PAGE)


def test_persons_are_given_more_than_programs():
    program = ALLOWANCES[Caller.PROGRAM]
    for person in (ALLOWANCES[Caller.OWNER], ALLOWANCES[Caller.PAGE]):
        assert person.turns_at_once > program.turns_at_once
        assert person.turns_a_minute > program.turns_a_minute
        assert person.streams > program.streams
