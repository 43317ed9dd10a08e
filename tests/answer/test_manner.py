"""When to speak and how much, by what the car and the seats say."""

import pytest

from edgewise.answer.manner import cap_for_driving, manner_of
from edgewise.core.call import Result, Status
from edgewise.core.capability import Capability, Risk
from edgewise.core.event import Manner
from edgewise.core.signal import snapshot_of
from edgewise.core.words import Language, Words

PARKED = {"Vehicle.Speed": 0.0}
DONE = Result("t.1", "x.y", Status.DONE)
PRIVATE = {"x.y": Capability("x.y", Words("x", "x"), Risk.READ, private=True)}
SEATS = [
    f"Vehicle.Cabin.Seat.{seat}.OccupancyStatus"
    for seat in ("Row1.PassengerSide", "Row2.DriverSide", "Row2.Middle", "Row2.PassengerSide")
]
LONG = "One sentence of a message. " * 40


def test_parked_an_answer_is_spoken() -> None:
    assert manner_of([DONE], {}, snapshot_of(PARKED)) is Manner.ALOUD


@pytest.mark.rule(20)
def test_in_reverse_speech_waits() -> None:
    state = {**PARKED, "Vehicle.Powertrain.Transmission.CurrentGear": -1}
    assert manner_of([DONE], {}, snapshot_of(state)) is Manner.LATER


@pytest.mark.rule(41)
def test_a_tired_driver_is_not_talked_to_while_moving() -> None:
    state = {"Vehicle.Speed": 80.0, "Vehicle.Driver.FatigueLevel": 90.0}
    assert manner_of([DONE], {}, snapshot_of(state)) is Manner.LATER


@pytest.mark.rule(41)
def test_a_failure_is_spoken_even_then() -> None:
    state = {"Vehicle.Speed": 80.0, "Vehicle.Driver.FatigueLevel": 90.0}
    failed = Result("t.1", "x.y", Status.FAILED)
    assert manner_of([failed], {}, snapshot_of(state)) is Manner.ALOUD


@pytest.mark.rule(43)
def test_personal_content_is_not_spoken_with_others_aboard() -> None:
    alone = PARKED | dict.fromkeys(SEATS, "EMPTY")
    assert manner_of([DONE], PRIVATE, snapshot_of(alone)) is Manner.ALOUD
    for seat in SEATS:
        aboard = snapshot_of({**alone, seat: "OCCUPIED"})
        assert manner_of([DONE], PRIVATE, aboard) is Manner.QUIET


@pytest.mark.rule(43)
def test_a_seat_that_nobody_knows_about_counts_as_taken() -> None:
    assert manner_of([DONE], PRIVATE, snapshot_of(PARKED)) is Manner.QUIET


@pytest.mark.rule(17)
@pytest.mark.rule(16)
def test_while_moving_a_long_answer_is_cut_with_how_to_go_on() -> None:
    said = cap_for_driving(LONG, snapshot_of({"Vehicle.Speed": 30.0}), Language.ENGLISH)
    assert len(said) < 320
    assert "next" in said


def test_parked_a_long_answer_is_whole() -> None:
    assert cap_for_driving(LONG, snapshot_of(PARKED), Language.ENGLISH) == LONG


@pytest.mark.rule(1)
def test_an_unknown_speed_counts_as_moving() -> None:
    assert cap_for_driving(LONG, snapshot_of({}), Language.ENGLISH) != LONG
