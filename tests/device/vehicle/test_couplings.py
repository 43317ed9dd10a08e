"""What else changes in a car when one signal does."""

from typing import Any

import pytest

from edgewise.device.vehicle.couplings import (
    CURRENT_GEAR,
    DAYLIGHT,
    LIGHT_SWITCH,
    LIGHTS,
    PARK_LOCK,
    POWER,
    SELECTED_GEAR,
    SPEED,
    consequences,
    lamps_of,
)
from edgewise.device.vehicle.signals import load_signals
from tests.each_row import each_row

LOW, HIGH = f"{LIGHTS}.Beam.Low.IsOn", f"{LIGHTS}.Beam.High.IsOn"
FOG = f"{LIGHTS}.Fog.Front.IsOn"
LEFT, RIGHT = (f"{LIGHTS}.DirectionIndicator.{side}.IsSignaling" for side in ("Left", "Right"))


@each_row(
    ("switch", "values", "low"),
    [
        ("BEAM", {}, True),
        ("OFF", {}, False),
        ("POSITION", {}, False),
        ("DAYTIME_RUNNING_LIGHTS", {}, False),
        ("AUTO", {DAYLIGHT: 80.0}, False),
        ("AUTO", {DAYLIGHT: 5.0}, True),
        ("AUTO", {}, True),
        ("AUTO", {DAYLIGHT: 5.0, POWER: "OFF"}, False),
    ],
)
def test_the_light_switch_sets_the_low_beam(switch: str, values: dict[str, Any], low: bool):
    assert lamps_of(switch, values)[LOW] is low


@pytest.mark.parametrize("switch", ["OFF", "POSITION", "DAYTIME_RUNNING_LIGHTS"])
def test_leaving_the_low_beam_takes_high_beam_and_fog_lights_with_it(switch: str):
    lamps = lamps_of(switch, {})
    assert lamps[HIGH] is False
    assert lamps[FOG] is False


def test_the_low_beam_leaves_high_beam_and_fog_lights_as_they_are():
    assert not {HIGH, FOG} & lamps_of("BEAM", {}).keys()


def test_daylight_matters_only_to_the_automatic_switch():
    assert consequences(DAYLIGHT, {DAYLIGHT: 5.0, LIGHT_SWITCH: "AUTO"})[LOW] is True
    assert consequences(DAYLIGHT, {DAYLIGHT: 5.0, LIGHT_SWITCH: "OFF"}) == {}


def test_the_hazard_light_signals_on_both_sides():
    hazard = f"{LIGHTS}.Hazard.IsSignaling"
    assert consequences(hazard, {hazard: True}) == {LEFT: True, RIGHT: True}
    assert consequences(hazard, {hazard: False}) == {LEFT: False, RIGHT: False}


def test_the_stalk_signals_on_one_side_only():
    assert consequences(LEFT, {LEFT: True, RIGHT: True}) == {RIGHT: False}
    both = {LEFT: True, RIGHT: True, f"{LIGHTS}.Hazard.IsSignaling": True}
    assert consequences(LEFT, both) == {}


def test_a_car_that_moves_is_not_in_park():
    assert consequences(SPEED, {SPEED: 30.0, SELECTED_GEAR: 126}) == {
        "Vehicle.IsMoving": True,
        SELECTED_GEAR: 127,
    }
    assert consequences(SPEED, {SPEED: -3.0, SELECTED_GEAR: 126})[SELECTED_GEAR] == -1


def test_a_missing_speed_or_gear_makes_what_follows_missing():
    assert consequences(SPEED, {}) == {"Vehicle.IsMoving": None}
    assert consequences(SELECTED_GEAR, {}) == {CURRENT_GEAR: None, PARK_LOCK: None}


@each_row(
    ("selected", "current", "locked"), [(126, 0, True), (127, 1, False), (-1, -1, False), (0, 0, 0)]
)
def test_park_lock_and_current_gear_follow_the_lever(selected: int, current: int, locked: bool):
    changes = consequences(SELECTED_GEAR, {SELECTED_GEAR: selected})
    assert (changes[CURRENT_GEAR], changes[PARK_LOCK]) == (current, locked)


def test_a_current_gear_tells_the_lever_unless_it_fits_already():
    assert consequences(CURRENT_GEAR, {CURRENT_GEAR: -1, SELECTED_GEAR: 126}) == {SELECTED_GEAR: -1}
    assert consequences(CURRENT_GEAR, {CURRENT_GEAR: 0, SELECTED_GEAR: 126}) == {}


@each_row(
    ("path", "value", "follows"),
    [
        ("Cabin.Seat.Row2.DriverSide.Massage.Level", 50, {"Massage.Status": "ON"}),
        ("Cabin.Seat.Row2.DriverSide.OccupancyStatus", "EMPTY", {"IsBelted": False}),
        ("Chassis.Axle.Row1.Wheel.Left.Tire.Pressure", 180, {"Tire.IsPressureLow": True}),
        ("Body.Windshield.Front.WasherFluid.Level", 5, {"WasherFluid.IsLevelLow": True}),
        ("Service.DistanceToService", -3.0, {"Service.IsServiceDue": True}),
        ("Body.Trunk.Rear.Position", 3, {"Rear.IsOpen": True, "Rear.IsLocked": False}),
        ("Body.Trunk.Rear.Position", 0, {"Rear.IsOpen": False}),
        ("Cabin.Door.Row1.DriverSide.Window.Position", 3, {"Window.IsOpen": True}),
    ],
)
def test_one_value_tells_another(path: str, value: Any, follows: dict[str, Any]):
    changes = consequences(f"Vehicle.{path}", {f"Vehicle.{path}": value})
    for ending, expected in follows.items():
        assert [v for p, v in changes.items() if p.endswith("." + ending)] == [expected]
    assert len(changes) == len(follows)


def test_no_consequence_names_a_signal_that_the_car_lacks():
    signals = load_signals()
    values = {path: signal.initial for path, signal in signals.items()}
    for path in signals:
        assert consequences(path, values).keys() <= signals.keys(), path
