"""What readings say of the people aboard: yes, no, or that nobody knows."""

import pytest

from edgewise.core.attention import is_needed, is_reversing, is_taken, is_tired
from edgewise.core.freshness import ALERT_S, FRESH_S, SEATED_S
from edgewise.core.signal import Reading, Snapshot, snapshot_of
from tests.each_row import each_row

LEVER = "Vehicle.Powertrain.Transmission.SelectedGear"
GEAR = "Vehicle.Powertrain.Transmission.CurrentGear"
FATIGUE = "Vehicle.Driver.FatigueLevel"
SEAT = "Vehicle.Cabin.Seat.Row2.Middle"
FLAGS = (
    "Vehicle.Edgewise.IsTakeOverRequested",
    "Vehicle.ADAS.EBA.IsEngaged",
    "Vehicle.ADAS.DMS.IsWarning",
)


def old(target: str, value: object, limit_s: float) -> Snapshot:
    return Snapshot({target: Reading(value, 0.0)}, limit_s + 0.1, 0.0)


@pytest.mark.rule(41)
@pytest.mark.parametrize("flag", FLAGS)
def test_one_flag_needs_the_driver_and_all_are_needed_to_say_no(flag: str) -> None:
    calm = dict.fromkeys(FLAGS, False)
    assert is_needed(snapshot_of(calm)) is False
    assert is_needed(snapshot_of({flag: True})) is True
    assert is_needed(snapshot_of({k: v for k, v in calm.items() if k != flag})) is None
    assert is_needed(old(flag, True, ALERT_S)) is None


@pytest.mark.rule(41)
@each_row(
    ("level", "expected"), [(59.9, False), (60, True), (None, None), (True, None), ("90", None)]
)
def test_tired_is_a_number_from_sixty_per_cent_on(level: object, expected: bool | None) -> None:
    assert is_tired(snapshot_of({FATIGUE: level})) is expected
    assert is_tired(old(FATIGUE, level, ALERT_S)) is None


@pytest.mark.rule(20)
@each_row(
    ("state", "expected"),
    [
        ({LEVER: 126}, False),
        ({LEVER: -1}, True),
        ({LEVER: 126, GEAR: -1}, True),
        ({GEAR: 1}, None),
        ({GEAR: -1}, True),
        ({}, None),
    ],
)
def test_the_lever_or_the_gear_tells_reverse_and_only_the_lever_tells_it_is_not(
    state: dict[str, object], expected: bool | None
) -> None:
    assert is_reversing(snapshot_of(state)) is expected


@pytest.mark.rule(20)
def test_an_old_gear_is_none() -> None:
    assert is_reversing(old(LEVER, 126, FRESH_S)) is None


@pytest.mark.rule(43)
@each_row(
    ("status", "expected"),
    [("EMPTY", False), ("OCCUPIED", True), ("UNKNOWN", None), (None, None), (["EMPTY"], None)],
)
def test_a_seat_is_empty_only_when_it_says_so_now(status: object, expected: bool | None) -> None:
    assert is_taken(SEAT, snapshot_of({SEAT + ".OccupancyStatus": status})) is expected
    assert is_taken(SEAT, old(SEAT + ".OccupancyStatus", status, SEATED_S)) is None
