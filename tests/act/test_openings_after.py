"""Windows, roof and shades after a batch, and who sits beside them."""

import pytest

from edgewise.core.message import Channel
from edgewise.core.signal import Reading
from edgewise.core.zone import Zone
from tests.each_row import each_row
from tests.safety.situation import (
    AIR,
    DRIVER_WINDOW,
    IDLING,
    MOVING,
    PARKED,
    REAR_WINDOW,
    ROOF,
    facts_of,
    judge,
    snapshot,
)


@pytest.mark.rule(22)
@each_row(
    ("status", "child", "expected"),
    [
        ("EMPTY", None, "empty"),
        ("OCCUPIED", False, "adult"),
        ("OCCUPIED", True, "child"),
        ("OCCUPIED", None, "unknown"),
        ("UNKNOWN", False, "unknown"),
        (None, None, "unknown"),
    ],
)
def test_who_sits_at_a_rear_window(status: str | None, child: bool | None, expected: str):
    seat = "Row2.PassengerSide"
    state = snapshot(
        {
            REAR_WINDOW: 50,
            f"Vehicle.Cabin.Seat.{seat}.OccupancyStatus": status,
            f"Vehicle.Edgewise.Occupant.{seat}.IsChild": child,
        }
    )
    assert facts_of([(REAR_WINDOW, 0)], state)["rear_occupants"] == expected


@pytest.mark.rule(7)
def test_a_shade_that_is_moving_counts_as_where_it_goes():
    state = snapshot()
    state.readings[ROOF + "Shade.Position"] = Reading(30, state.now, target=100)
    assert facts_of([(ROOF + "Switch", "OPEN")], state)["shade_after"] == 100


@pytest.mark.rule(7)
def test_a_roof_that_goes_nobody_knows_where_counts_as_open():
    state = snapshot()
    state.readings[ROOF + "Position"] = Reading(0, state.now, target="somewhere")
    assert facts_of([(ROOF + "Shade.Switch", "CLOSE")], state)["roof_after"] == 100


@pytest.mark.rule(10)
def test_a_window_that_another_command_is_closing_is_open_until_it_is_shut():
    state = snapshot()
    state.readings[REAR_WINDOW] = Reading(60, state.now, target=0)
    assert facts_of([(AIR, True)], state)["widest_window_after"] == 60
    assert facts_of([(AIR, True), (REAR_WINDOW, 0)], state)["widest_window_after"] == 0


PASSENGER_WINDOW = "Vehicle.Cabin.Door.Row1.PassengerSide.Window.Position"
CHILD_LOCK = "Vehicle.Cabin.IsWindowChildLockEngaged"
OPEN = [(REAR_WINDOW, 60)]
WET = {"Vehicle.Body.Raindetection.Intensity": 20}
LOCKED = {CHILD_LOCK: True}


def seated(place: str, child: bool | None) -> dict[str, object]:
    return {
        f"Vehicle.Cabin.Seat.{place}.OccupancyStatus": "OCCUPIED",
        f"Vehicle.Edgewise.Occupant.{place}.IsChild": child,
    }


CHILD = seated("Row2.PassengerSide", True)
ADULT = seated("Row2.PassengerSide", False)


@pytest.mark.rule(22)
@each_row("circumstance", [MOVING, WET, LOCKED, {CHILD_LOCK: None}])
@each_row("beside", [CHILD, seated("Row2.PassengerSide", None), seated("Row2.Middle", True)])
def test_opening_the_window_beside_a_child_asks_on_the_road_in_the_wet_and_under_the_lock(
    beside: dict[str, object], circumstance: dict[str, object]
):
    facts = facts_of(OPEN, snapshot(beside, circumstance))
    assert judge(facts) == "ask R22-open-beside-child"
    assert judge(facts, confirmed=True) == "allow"


@pytest.mark.rule(22)
def test_opening_is_not_asked_about_beside_nobody_or_an_adult_or_standing_in_the_dry():
    for state in (PARKED, IDLING):
        assert judge(facts_of(OPEN, snapshot(state, CHILD))) == "allow"
    for circumstance in (MOVING, WET, LOCKED):
        assert judge(facts_of(OPEN, snapshot(circumstance))) == "allow"
        assert judge(facts_of(OPEN, snapshot(ADULT, circumstance))) == "allow"
        assert judge(facts_of([(DRIVER_WINDOW, 60)], snapshot(CHILD, circumstance))) == "allow"


@pytest.mark.rule(22)
def test_a_child_in_front_is_beside_the_window_in_front():
    front = seated("Row1.PassengerSide", True)
    opening = [(PASSENGER_WINDOW, 60)]
    assert judge(facts_of(opening, snapshot(MOVING, front))) == "ask R22-open-beside-child"
    assert judge(facts_of(opening, snapshot(MOVING, CHILD))) == "allow"


@pytest.mark.rule(28)
@pytest.mark.parametrize("zone", [Zone.ROW2_RIGHT, Zone.PASSENGER, None])
def test_the_child_lock_holds_against_every_voice_but_the_drivers(zone: Zone | None):
    for lock in (True, None):
        state = snapshot(ADULT, {CHILD_LOCK: lock})
        assert judge(facts_of(OPEN, state, zone=zone)) == "ask R28-child-lock"
        assert judge(facts_of(OPEN, state)) == "allow"
        assert judge(facts_of([(PASSENGER_WINDOW, 60)], state, zone=zone)) == "allow"
    assert judge(facts_of(OPEN, snapshot(ADULT), zone=zone)) == "allow"


@pytest.mark.rule(11)
@pytest.mark.parametrize("door", ["Row1.Left", "Row2.Left", "Row3.DriverSide"])
def test_a_window_by_any_name_of_its_door_is_a_window_under_air_conditioning(door: str):
    window = f"Vehicle.Cabin.Door.{door}.Window.Position"
    cool = snapshot({AIR: True})
    assert judge(facts_of([(window, 100)], cool)) == "ask R11-window-with-air-conditioning"
    both = facts_of([(window, 100), (AIR, True)], snapshot())
    assert both["widest_window_after"] == 100


@pytest.mark.rule(11)
def test_one_motor_told_two_things_is_not_understood():
    switch = DRIVER_WINDOW.replace("Position", "Switch")
    facts = facts_of([(DRIVER_WINDOW, 100), (switch, "CLOSE")], snapshot({AIR: True}))
    assert judge(facts) == "deny R00-unclassified"


@pytest.mark.rule(21)
def test_a_window_that_gives_way_does_not_speak_for_the_roof():
    off = {"Vehicle.LowVoltageSystemState": "OFF", ROOF + "Position": 80, DRIVER_WINDOW: 50}
    window = {"Vehicle.Edgewise.Window.HasAntiPinch": True}
    roof = {"Vehicle.Edgewise.Sunroof.HasAntiPinch": True}
    close = [(ROOF + "Switch", "CLOSE")]
    for channel in (Channel.VOICE, Channel.CLOUD):
        facts = facts_of(close, snapshot(off, window), channel=channel)
        assert judge(facts).startswith("deny R21")
    assert judge(facts_of(close, snapshot(off, roof))) == "allow"
    both = [*close, (DRIVER_WINDOW, 0)]
    assert judge(facts_of(both, snapshot(off, roof))) == "deny R21-close-without-power"
    assert judge(facts_of(both, snapshot(off, roof, window))) == "allow"


@pytest.mark.rule(10)
@pytest.mark.parametrize("odd", [1e30, -5, 101])
def test_a_place_that_no_window_has_is_unknown(odd: float):
    state = snapshot({REAR_WINDOW: odd})
    assert facts_of([(AIR, True)], state)["widest_window_after"] == 100
    state = snapshot()
    state.readings[REAR_WINDOW] = Reading(0, state.now, target=odd)
    assert facts_of([(AIR, True)], state)["widest_window_after"] == 100
