"""When to speak and how much, by what the car and the seats say."""

import msgspec
import pytest

from edgewise.answer.manner import cap_for_driving, manner_of
from edgewise.core.call import Result, Status
from edgewise.core.capability import Capability, Risk
from edgewise.core.event import Manner
from edgewise.core.freshness import ALERT_S, FRESH_S, SEATED_S
from edgewise.core.label import OriginKind, label_of
from edgewise.core.signal import Reading, Snapshot, snapshot_of
from edgewise.core.words import Language, Words
from edgewise.core.zone import Zone
from tests.each_row import each_row

GEAR = "Vehicle.Powertrain.Transmission."
TAKE_OVER = "Vehicle.Edgewise.IsTakeOverRequested"
FATIGUE = "Vehicle.Driver.FatigueLevel"
CALM = {
    TAKE_OVER: False,
    "Vehicle.ADAS.EBA.IsEngaged": False,
    "Vehicle.ADAS.DMS.IsWarning": False,
    FATIGUE: 10.0,
}
PARKED = {**CALM, "Vehicle.Speed": 0.0, GEAR + "SelectedGear": 126}
MOVING = {**CALM, "Vehicle.Speed": 80.0, GEAR + "SelectedGear": 127}
OWNERS = label_of(OriginKind.MESSAGE, "+8613800001111", readers=("owner",))
DONE = Result("t.1", "x.y", Status.DONE)
PRIVATE = {"x.y": Capability("x.y", Words("x", "x"), Risk.READ, private=True)}
SEATS = [
    f"Vehicle.Cabin.Seat.{seat}.OccupancyStatus"
    for seat in ("Row1.PassengerSide", "Row2.DriverSide", "Row2.Middle", "Row2.PassengerSide")
]


def aged(state: dict[str, object], target: str, limit_s: float) -> Snapshot:
    """`state`, read just now but for `target`, which is a little older than its limit."""
    now = 100.0
    readings = {k: Reading(v, now) for k, v in state.items()}
    readings[target] = Reading(state[target], now - limit_s - 0.1)
    return Snapshot(readings, now, 0.0)


def manner(
    results: list[Result],
    by_name: dict[str, Capability],
    snapshot: Snapshot,
    zone: Zone | None = Zone.DRIVER,
) -> Manner:
    return manner_of(results, by_name, snapshot, zone)


LONG = "One sentence of a message. " * 40


def test_parked_an_answer_is_spoken() -> None:
    assert manner([DONE], {}, snapshot_of(PARKED)) is Manner.ALOUD


def test_what_a_voice_devices_camera_sees_is_spoken_and_other_private_things_are_not() -> None:
    look = Capability("board.look", Words("look", "看"), Risk.READ, private=True)
    known = {**PRIVATE, "board.look": look}
    for status in (Status.DONE, Status.FAILED):
        seen = Result("t.1", "board.look", status)
        assert manner([seen], known, snapshot_of(PARKED), None) is Manner.ALOUD
        assert manner([seen, DONE], known, snapshot_of(PARKED), None) is Manner.QUIET
    owners = msgspec.structs.replace(DONE, capability="board.look", label=OWNERS)
    assert manner([owners], known, snapshot_of(PARKED), None) is Manner.QUIET


@pytest.mark.rule(20)
def test_in_reverse_speech_waits() -> None:
    for gear in ("SelectedGear", "CurrentGear"):
        state = {**PARKED, GEAR + gear: -1}
        assert manner([DONE], {}, snapshot_of(state)) is Manner.LATER


@pytest.mark.rule(20)
def test_speech_waits_while_nobody_knows_the_gear() -> None:
    state = snapshot_of({k: v for k, v in PARKED.items() if k != GEAR + "SelectedGear"})
    assert manner([DONE], {}, state) is Manner.LATER
    assert manner([DONE], {}, aged(PARKED, GEAR + "SelectedGear", FRESH_S)) is Manner.LATER


@pytest.mark.rule(41)
@each_row("missing", CALM)
def test_while_moving_speech_waits_when_nobody_knows_whether_the_driver_is_needed(
    missing: str,
) -> None:
    assert manner([DONE], {}, snapshot_of(MOVING)) is Manner.ALOUD
    unknown = snapshot_of({k: v for k, v in MOVING.items() if k != missing})
    assert manner([DONE], {}, unknown) is Manner.LATER
    assert manner([DONE], {}, aged(MOVING, missing, ALERT_S)) is Manner.LATER


@pytest.mark.rule(41)
def test_standing_only_what_is_known_to_need_the_driver_makes_speech_wait() -> None:
    standing = {"Vehicle.Speed": 0.0, GEAR + "SelectedGear": 126}
    assert manner([DONE], {}, snapshot_of(standing)) is Manner.ALOUD
    assert manner([DONE], {}, snapshot_of({**standing, TAKE_OVER: True})) is Manner.LATER


@pytest.mark.rule(41)
def test_a_tired_driver_is_not_talked_to_while_moving() -> None:
    state = {**MOVING, FATIGUE: 90.0}
    assert manner([DONE], {}, snapshot_of(state)) is Manner.LATER


@pytest.mark.rule(41)
def test_a_failure_is_spoken_even_then() -> None:
    state = {**MOVING, FATIGUE: 90.0}
    failed = Result("t.1", "x.y", Status.FAILED)
    assert manner([failed], {}, snapshot_of(state)) is Manner.ALOUD


@pytest.mark.rule(43)
def test_personal_content_is_not_spoken_with_others_aboard() -> None:
    alone = PARKED | dict.fromkeys(SEATS, "EMPTY")
    assert manner([DONE], PRIVATE, snapshot_of(alone)) is Manner.ALOUD
    for seat in SEATS:
        aboard = snapshot_of({**alone, seat: "OCCUPIED"})
        assert manner([DONE], PRIVATE, aboard) is Manner.QUIET


@pytest.mark.rule(43)
def test_a_seat_that_nobody_knows_about_counts_as_taken() -> None:
    assert manner([DONE], PRIVATE, snapshot_of(PARKED)) is Manner.QUIET


@pytest.mark.rule(43)
def test_a_seat_that_was_last_told_of_long_ago_counts_as_taken() -> None:
    alone = PARKED | dict.fromkeys(SEATS, "EMPTY")
    for seat in SEATS:
        assert manner([DONE], PRIVATE, aged(alone, seat, SEATED_S)) is Manner.QUIET


@pytest.mark.rule(43)
def test_an_undo_of_a_personal_row_is_not_spoken_with_others_aboard() -> None:
    note, setting = (
        Result("t.1", "dialog.control", Status.DONE, changed={target: None})
        for target in ("memory.facts.t1.1", "phone.settings.wifi")
    )
    assert manner([note], {}, snapshot_of(PARKED)) is Manner.QUIET
    assert manner([setting], {}, snapshot_of(PARKED)) is Manner.ALOUD


@pytest.mark.rule(43)
@each_row("zone", [zone for zone in (*Zone, None) if zone is not Zone.DRIVER])
def test_who_speaks_from_another_seat_is_somebody_aboard(zone: Zone | None) -> None:
    alone = snapshot_of(PARKED | dict.fromkeys(SEATS, "EMPTY"))
    assert manner([DONE], PRIVATE, alone, zone) is Manner.QUIET
    assert manner([DONE], {}, alone, zone) is Manner.ALOUD


@pytest.mark.rule(43)
def test_what_only_its_owner_may_read_is_not_spoken_whatever_brings_it() -> None:
    again = msgspec.structs.replace(DONE, label=OWNERS)
    assert manner([again], {}, snapshot_of(PARKED)) is Manner.QUIET
    alone = PARKED | dict.fromkeys(SEATS, "EMPTY")
    assert manner([again], {}, snapshot_of(alone)) is Manner.ALOUD


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
