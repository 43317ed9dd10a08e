"""Which sessions are remembered: persons' and programs' apart, each kind bounded."""

import pytest

from edgewise.agent.pending import Pending
from edgewise.agent.session import Session
from edgewise.agent.sessions import MOST_OF_PERSONS, MOST_OF_PROGRAMS, Sessions
from edgewise.core.message import Channel
from edgewise.testing.clock import ManualClock


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def sessions(clock: ManualClock) -> Sessions:
    return Sessions(clock)


def ask(session: Session, clock: ManualClock, for_s: float = 15.0) -> None:
    session.pending = Pending(
        "a", "t", "h", (), None, clock.now() + for_s, until=clock.monotonic() + for_s
    )


@pytest.mark.parametrize("channel", [Channel.API, Channel.MCP, Channel.CLOUD])
def test_programs_forget_their_own_sessions_and_no_person_s(sessions: Sessions, channel: Channel):
    mine = sessions.find("mine", Channel.TYPED)
    for number in range(MOST_OF_PERSONS * 4):
        sessions.find(f"program.{number}", channel)
    assert len(sessions) == MOST_OF_PROGRAMS + 1
    assert sessions.find("mine", Channel.TYPED) is mine
    assert f"program.{MOST_OF_PERSONS * 4 - 1}" in sessions
    assert "program.0" not in sessions


def test_persons_sessions_are_bounded_too(sessions: Sessions):
    for number in range(MOST_OF_PERSONS * 2):
        sessions.find(f"s{number}", Channel.TYPED)
    assert len(sessions) == MOST_OF_PERSONS


def test_a_yes_from_the_person_finds_the_program_s_session(sessions: Sessions):
    theirs = sessions.find("program.x", Channel.API)
    assert sessions.find("program.x", Channel.TYPED) is theirs
    assert len(sessions) == 1


def test_a_session_that_runs_is_never_forgotten(sessions: Sessions):
    running = sessions.find("program.busy", Channel.API)
    for number in range(MOST_OF_PROGRAMS * 2):
        sessions.find(f"program.{number}", Channel.API, ["program.busy"])
    assert sessions.find("program.busy", Channel.API) is running


def test_an_open_question_outlives_sessions_without_one(sessions: Sessions, clock: ManualClock):
    asking = sessions.find("asking", Channel.TYPED)
    ask(asking, clock)
    for number in range(MOST_OF_PERSONS * 2):
        sessions.find(f"s{number}", Channel.TYPED)
    assert sessions.find("asking", Channel.TYPED) is asking


def test_a_question_that_is_past_holds_no_place(sessions: Sessions, clock: ManualClock):
    ask(sessions.find("asking", Channel.TYPED), clock)
    clock.advance(16)
    for number in range(MOST_OF_PERSONS):
        sessions.find(f"s{number}", Channel.TYPED)
    assert "asking" not in sessions


def test_questions_in_every_session_do_not_grow_without_end(sessions: Sessions, clock: ManualClock):
    for number in range(MOST_OF_PROGRAMS * 3):
        ask(sessions.find(f"program.{number}", Channel.API), clock)
    assert len(sessions) == MOST_OF_PROGRAMS


def test_asking_for_one_that_is_not_there_makes_none(sessions: Sessions):
    assert sessions.known("mine") is None
    mine = sessions.find("mine", Channel.TYPED)
    assert sessions.known("mine") is mine
    assert len(sessions) == 1
