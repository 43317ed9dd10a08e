"""What a session remembers, for how long, and for whom."""

import asyncio

import msgspec
import pytest

from edgewise.agent.asked import Asked
from edgewise.agent.pending import APPROVAL_LIFETIME_S, Pending
from edgewise.agent.repeats import Earlier
from edgewise.agent.session import MAX_EXCHANGES, Session, from_json
from edgewise.core.call import Call
from edgewise.core.event import PendingCall
from edgewise.core.label import Label, OriginKind, Residency, label_of
from edgewise.core.message import Approval, Channel, Speaker
from edgewise.core.words import Words
from edgewise.core.zone import Zone
from edgewise.testing.clock import ManualClock
from tests.agent.conftest import REAR, House
from tests.agent.test_asked import LEAVING, MESSAGE

CALL = Call("t.1", "trunk.set", {"open": True}, label_of(OriginKind.TYPED))
PENDING = Pending("a1", "t", "hash", (PendingCall(CALL, (), ()),), Zone.DRIVER, 100.0)
DRIVER = Speaker(Zone.DRIVER)


def at(wall: float, monotonic: float = 0.0) -> ManualClock:
    return ManualClock(wall=wall, monotonic=monotonic)


def test_a_yes_after_its_time_is_too_late() -> None:
    session = Session("s", pending=PENDING)
    assert isinstance(session.take_pending(None, DRIVER, at(100.1)), Words)
    assert session.pending is None


def test_a_yes_in_time_is_taken_once() -> None:
    session = Session("s", pending=PENDING)
    assert session.take_pending(None, DRIVER, at(99.9)) == PENDING
    assert isinstance(session.take_pending(None, DRIVER, at(99.9)), Words)


def test_a_yes_of_the_wrong_seat_leaves_the_question_open() -> None:
    session = Session("s", pending=PENDING)
    assert isinstance(session.take_pending(None, Speaker(Zone.PASSENGER), at(1.0)), Words)
    assert session.take_pending(None, DRIVER, at(1.0)) == PENDING


def test_a_yes_to_another_payload_voids_the_question() -> None:
    session = Session("s", pending=PENDING)
    assert isinstance(session.take_pending(Approval("a1", "other", True), DRIVER, at(1.0)), Words)
    assert session.pending is None


def test_only_the_question_that_was_spoken_waits_from_its_end_on() -> None:
    session = Session("s", pending=msgspec.structs.replace(PENDING, asked_at=85.0))
    session.told_in("another", 5.0, at(99.0))
    assert session.pending is not None
    assert session.pending.expires_at == 100.0
    session.told_in("t", 5.0, at(99.0))
    assert session.pending.expires_at == 119.0
    assert not isinstance(session.take_pending(None, DRIVER, at(118.9)), Words)


async def test_a_question_expires_after_fifteen_seconds(house: House) -> None:
    before = house.clock.now()
    end = (await house.ask("trunk"))[-1]
    assert before + APPROVAL_LIFETIME_S <= end.expires_at <= before + APPROVAL_LIFETIME_S + 5
    assert APPROVAL_LIFETIME_S == 15


def test_setting_the_clock_back_does_not_keep_a_question_open() -> None:
    pending = msgspec.structs.replace(PENDING, until=50.0)
    assert isinstance(Session("s", pending=pending).take_pending(None, DRIVER, at(1, 51)), Words)


@pytest.mark.rule(22)
async def test_a_child_is_not_asked_about_the_window_beside_it(house: House) -> None:
    seat = "Row2.PassengerSide"
    house.car.set_sensor(REAR, 60)
    house.car.set_sensor(f"Vehicle.Cabin.Seat.{seat}.OccupancyStatus", "OCCUPIED")
    house.car.set_sensor(f"Vehicle.Edgewise.Occupant.{seat}.IsChild", True)
    asked = (await house.ask("rear shut", zone=Zone.ROW2_RIGHT))[-1]
    assert asked.zone is Zone.DRIVER
    await house.ask("yes", zone=Zone.ROW2_RIGHT)
    assert house.state(REAR) == 60
    await house.ask("yes", zone=Zone.DRIVER)
    assert house.state(REAR) == 0


def test_a_bare_yes_is_never_for_what_a_program_asked() -> None:
    session = Session("s", pending=msgspec.structs.replace(PENDING, by_program=True))
    assert isinstance(session.take_pending(None, DRIVER, at(1.0)), Words)
    shown = Approval("a1", "hash", True)
    assert session.take_pending(shown, DRIVER, at(1.0)) is not None


async def test_only_the_last_exchanges_are_kept_with_their_labels(house: House) -> None:
    for _ in range(MAX_EXCHANGES + 3):
        await house.ask("air on")
    session = house.agent._sessions.find("s", Channel.TYPED)
    assert len(session.exchanges) == MAX_EXCHANGES
    assert all(exchange.label.origins for exchange in session.exchanges)


async def test_a_session_survives_as_json(house: House) -> None:
    await house.ask("window half")
    await house.ask("trunk")
    session = house.agent._sessions.find("s", Channel.TYPED)
    again = from_json("s", session.to_json())
    assert session.pending is not None
    session.pending = msgspec.structs.replace(session.pending, until=None, asked_s=None)
    assert (again.exchanges, again.pending, again.undo, again.last_answer) == (
        session.exchanges,
        session.pending,
        session.undo,
        session.last_answer,
    )
    assert isinstance(again._order, asyncio.Lock)


def test_an_answer_that_came_later_is_bound_by_what_it_was_made_of() -> None:
    session = Session("s")
    session.hear(MESSAGE, "In Lima.", Label(residency=Residency.REGION))
    session.hear(MESSAGE, "In Lima.", MESSAGE.label)
    assert [one.label.residency.name for one in session.exchanges] == ["REGION", "ANY"]
    assert [one.derived for one in session.exchanges] == [True, False]


def test_forgetting_leaves_no_words_of_a_question_that_was_asked_or_waits_to_be_sent() -> None:
    session = Session("s", earlier=(Earlier("t", "where does the canary sing", 0.0),))
    waiting = session.ask_to_send("t", Asked(LEAVING, MESSAGE, ()), at(0.0))
    session.forget()
    assert session.earlier == ()
    assert session.asked_by(waiting) is None
    assert isinstance(session.take_pending(None, DRIVER, at(0.0)), Words)
    session.pending = PENDING
    session.forget()
    assert session.pending == PENDING, "a call that waits holds no erased words of the talk"
