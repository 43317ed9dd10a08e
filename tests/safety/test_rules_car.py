"""Rules on what moves in and on the car, each with a twin that must not be blocked."""

from typing import Any

import pytest

from edgewise.act.decide import decide
from edgewise.act.policy import builtin_policy
from edgewise.core.call import Deny
from edgewise.core.capability import Capability, Risk
from edgewise.core.message import Channel
from edgewise.core.words import Words
from edgewise.core.zone import Zone
from tests.each_row import each_row
from tests.safety.situation import (
    AIR,
    DRIVER_WINDOW,
    HELD,
    IDLING,
    LIGHTS,
    MOVING,
    PARKED,
    REAR_WINDOW,
    ROOF,
    facts_of,
    judge,
    snapshot,
)

DOOR = "Vehicle.Cabin.Door.Row2.DriverSide."
TRUNK = "Vehicle.Body.Trunk.Rear.IsOpen"
CHILD_LOCK = "Vehicle.Cabin.IsWindowChildLockEngaged"
FOG = (LIGHTS + "Fog.Front.IsOn", True)
LOW = LIGHTS + "Beam.Low.IsOn"
HIGH = LIGHTS + "Beam.High.IsOn"
SHADE = (ROOF + "Shade.Position", 100)
OPEN_ROOF = (ROOF + "Switch", "ONE_SHOT_OPEN")
DRIVER_SEAT = "Vehicle.Cabin.Seat.Row1.DriverSide.Position"
PASSENGER_SEAT = "Vehicle.Cabin.Seat.Row1.PassengerSide.Position"
WIPERS = "Vehicle.Body.Windshield.Front.Wiping.Mode"
RAIN = {"Vehicle.Body.Raindetection.Intensity": 40}
DARK: dict[str, Any] = {LIGHTS + "LightSwitch": "OFF", LOW: False}
HALF_OPEN = {DRIVER_WINDOW: 50, REAR_WINDOW: 50}
CHILD: dict[str, Any] = {
    "Vehicle.Cabin.Seat.Row2.PassengerSide.OccupancyStatus": "OCCUPIED",
    "Vehicle.Edgewise.Occupant.Row2.PassengerSide.IsChild": True,
}
ADULT = CHILD | {"Vehicle.Edgewise.Occupant.Row2.PassengerSide.IsChild": False}
ROOF_OPEN = {ROOF + "Position": 100, ROOF + "Shade.Position": 100}
ANTI_PINCH = {"Vehicle.Edgewise.Window.HasAntiPinch": True}


def check(effects: list[tuple[str, Any]], *states: dict[str, Any], **more: Any) -> str:
    return judge(facts_of(effects, snapshot(*states), **more))


@pytest.mark.rule(2)
@each_row("state", [IDLING, MOVING])
@each_row(
    "effects",
    [
        [(LIGHTS + "LightSwitch", "OFF")],
        [(LIGHTS + "LightSwitch", "POSITION")],
        [(LOW, False)],
        [(LIGHTS + "Parking.IsOn", False)],
        [(LIGHTS + "LicensePlate.IsOn", False)],
        [("Vehicle.Cabin.Light.IsDomeOn", False), (LIGHTS + "LightSwitch", "OFF")],
    ],
)
def test_no_way_to_darkness_while_not_parked(effects: list[tuple[str, Any]], state: dict[str, Any]):
    assert check(effects, state) == "deny R02-darken-driving"
    assert judge(facts_of(effects, snapshot(state)), confirmed=True) == "deny R02-darken-driving"


@pytest.mark.rule(2)
def test_inside_lights_may_go_off_at_any_speed_and_outside_ones_after_a_yes_when_parked():
    inside = [("Vehicle.Cabin.Light.IsDomeOn", False),
              ("Vehicle.Cabin.Light.Spotlight.Row2.DriverSide.IsLightOn", False)]  # fmt: skip
    assert check(inside, MOVING) == "allow"
    outside = [(LIGHTS + "LightSwitch", "OFF")]
    assert check(outside, PARKED) == "ask R02-darken-parked"
    assert judge(facts_of(outside, snapshot(PARKED)), confirmed=True) == "allow"


@pytest.mark.rule(4)
@each_row("zone", [Zone.DRIVER, Zone.ROW2_LEFT, None])
@each_row("channel", list(Channel))
@each_row(
    "effect",
    [
        (LIGHTS + "LightSwitch", "BEAM"),
        (LIGHTS + "LightSwitch", "AUTO"),
        (LIGHTS + "Hazard.IsSignaling", True),
        ("Vehicle.Cabin.HVAC.IsFrontDefrosterActive", True),
        ("Vehicle.Body.Windshield.Front.Wiping.Mode", "FAST"),
        (DOOR + "IsLocked", True),
        (DOOR + "Window.Position", HELD),
        (DRIVER_WINDOW, HELD),
        (DRIVER_SEAT, HELD),
        (ROOF + "Position", HELD),
    ],
)
def test_the_safe_direction_is_open_to_everybody_by_every_door(
    effect: tuple[str, Any], channel: Channel, zone: Zone | None
):
    facts = facts_of(
        [effect],
        snapshot(MOVING, DARK),
        zone=zone,
        channel=channel,
        inferred=True,
    )
    assert judge(facts) == "allow"


@pytest.mark.rule(5)
@pytest.mark.parametrize("batch", [[FOG], [FOG, (LOW, True), (HIGH, True)], [FOG, (LOW, False)]])
def test_fog_lights_need_low_beam_on_and_high_beam_off(batch: list[tuple[str, Any]]):
    assert "deny" in check(batch, MOVING, DARK)
    assert check([FOG], MOVING, DARK) == "deny R05-fog-needs-low-beam"
    assert check([FOG, (LOW, True), (HIGH, False)], MOVING, DARK) == "allow"
    assert check([FOG], MOVING) == "allow"


@pytest.mark.rule(6)
def test_the_high_beam_stays_off_while_fog_lights_are_on():
    fog = {LIGHTS + "Fog.Rear.IsOn": True}
    assert check([(HIGH, True)], MOVING, fog) == "deny R06-high-beam-in-fog"
    assert check([(HIGH, True)], MOVING, {LIGHTS + "Fog.Rear.IsOn": None}) == (
        "deny R06-high-beam-in-fog"
    )
    assert check([(HIGH, True)], MOVING) == "allow"
    assert check([(HIGH, True), (LIGHTS + "Fog.Rear.IsOn", False)], MOVING, fog) == "allow"


@pytest.mark.rule(7)
def test_the_roof_never_opens_further_than_its_shade():
    assert check([OPEN_ROOF]) == "deny R07-shade-before-roof"
    assert check([OPEN_ROOF, (ROOF + "Shade.Position", 50)]) == "deny R07-shade-before-roof"
    assert check([(ROOF + "Shade.Position", 0)], ROOF_OPEN) == "deny R07-shade-before-roof"
    assert check([OPEN_ROOF, SHADE]) == "allow"
    assert check([SHADE, OPEN_ROOF]) == "allow"
    assert check([(ROOF + "Switch", "CLOSE"), (ROOF + "Shade.Position", 0)], ROOF_OPEN) == "allow"


@pytest.mark.rule(8)
@each_row(
    "weather",
    [
        RAIN,
        {"Vehicle.Body.Raindetection.Intensity": None},
        {"Vehicle.Exterior.AirTemperature": None},
        {"Vehicle.Exterior.AirTemperature": -5.0},
    ],
)
def test_roof_and_fog_lights_ask_in_bad_or_unknown_weather(weather: dict[str, Any]):
    assert check([OPEN_ROOF, SHADE], weather) == "ask R08-roof-weather"
    assert check([FOG], weather) == "ask R08-fog-weather"
    assert check([OPEN_ROOF, SHADE]) == "allow"
    assert check([(ROOF + "Switch", "CLOSE")], weather, ROOF_OPEN) == "allow"


@pytest.mark.rule(10)
def test_air_conditioning_asks_while_a_window_stands_open_unless_it_is_closed_with_it():
    assert check([(AIR, True)], HALF_OPEN) == "ask R10-windows-open"
    assert check([(AIR, True)], {REAR_WINDOW: None}) == "ask R10-windows-open"
    assert check([(AIR, True)], {REAR_WINDOW: 20}) == "allow"
    assert check([(AIR, True), (DRIVER_WINDOW, 0), (REAR_WINDOW, 0)], HALF_OPEN) == "allow"
    assert check([(AIR, False)], HALF_OPEN) == "allow"


@pytest.mark.rule(11)
def test_a_window_opened_wide_under_air_conditioning_asks():
    cool = {AIR: True}
    assert check([(DRIVER_WINDOW, 26)], cool) == "ask R11-window-with-air-conditioning"
    assert check([(DRIVER_WINDOW, 100)], {AIR: None}) == "ask R11-window-with-air-conditioning"
    assert check([(DRIVER_WINDOW, 25)], cool | {REAR_WINDOW: 90}) == "allow"
    assert check([(DRIVER_WINDOW, 100)]) == "allow"


@pytest.mark.rule(21)
@each_row("power", ["LOCK", "OFF", "UNDEFINED", None])
def test_nothing_closes_by_itself_without_ignition(power: str | None):
    state = HALF_OPEN | ROOF_OPEN | {"Vehicle.LowVoltageSystemState": power}
    assert check([(DRIVER_WINDOW, 0)], state) == "deny R21-close-without-power"
    assert check([(ROOF + "Switch", "CLOSE")], state) == "deny R21-close-without-power"
    assert check([(DRIVER_WINDOW, 0)], state, ANTI_PINCH) == "allow"
    assert check([(DRIVER_WINDOW, 80)], state) == "allow"
    assert check([(DRIVER_WINDOW, 0)], HALF_OPEN) == "allow"


@pytest.mark.rule(21)
@pytest.mark.parametrize("door", [Channel.API, Channel.MCP, Channel.CLOUD])
def test_nothing_closes_from_afar_or_for_a_program(door: Channel):
    assert check([(DRIVER_WINDOW, 0)], HALF_OPEN, channel=door) == "deny R21-close-from-afar"
    assert check([(DRIVER_WINDOW, 80)], HALF_OPEN, channel=door) == "ask R00-program-asks"
    afar = check([(DRIVER_WINDOW, 0)], HALF_OPEN, ANTI_PINCH, channel=door)
    assert afar == "ask R00-program-asks"


@pytest.mark.rule(22)
def test_a_rear_window_beside_a_child_or_somebody_unknown_asks():
    unknown = {"Vehicle.Cabin.Seat.Row2.PassengerSide.OccupancyStatus": None}
    assert check([(REAR_WINDOW, 0)], HALF_OPEN, CHILD) == "ask R22-rear-window"
    assert check([(REAR_WINDOW, 0)], HALF_OPEN, unknown) == "ask R22-rear-window"
    assert check([(REAR_WINDOW, 0)], HALF_OPEN, ADULT) == "allow"
    assert check([(DRIVER_WINDOW, 0)], HALF_OPEN, CHILD) == "allow"
    assert check([(REAR_WINDOW, 90)], HALF_OPEN, CHILD) == "allow"


@pytest.mark.rule(23)
@each_row(
    "effect",
    [
        (CHILD_LOCK, False),
        (DOOR + "IsOpen", True),
        (DOOR + "IsLocked", False),
        (TRUNK, True),
        ("Vehicle.Body.Trunk.Front.Position", 100),
        ("Vehicle.Body.Trunk.Rear.Switch", "OPEN"),
        ("Vehicle.Powertrain.TractionBattery.Charging.ChargingPort.AnyPosition.IsFlapOpen", True),
    ],
)
def test_nothing_opens_or_unlocks_while_moving_and_the_driver_confirms_otherwise(
    effect: tuple[str, Any],
):
    assert check([effect], MOVING) == "deny R23-opening-moving"
    for state in (IDLING, PARKED):
        facts = facts_of([effect], snapshot(state))
        assert judge(facts).startswith("ask")
        assert judge(facts, confirmed=True) == "allow"
    assert check([(DOOR + "IsLocked", True), (CHILD_LOCK, True)], MOVING) == "allow"


@pytest.mark.rule(24)
@each_row(
    "target",
    ["Vehicle.Body.Horn.IsActive", "Vehicle.Chassis.ParkingBrake.IsEngaged",
     "Vehicle.ADAS.ESC.IsEnabled", "Vehicle.Powertrain.Transmission.SelectedGear",
     "Vehicle.MotionManagement.Brake.VehicleForceMaximum", "Vehicle.Not.Yet.Invented"],
)  # fmt: skip
def test_what_is_not_exposed_is_never_written_not_even_beside_something_safe(target: str):
    for state in (MOVING, PARKED):
        facts = facts_of([(LIGHTS + "LightSwitch", "BEAM"), (target, True)], snapshot(state))
        assert judge(facts) == "deny R24-not-exposed"
        assert judge(facts, confirmed=True) == "deny R24-not-exposed"


@pytest.mark.rule(24)
def test_assistance_goes_off_only_when_parked_and_comes_on_anywhere():
    lane = "Vehicle.ADAS.LaneDepartureDetection.IsEnabled"
    assert check([(lane, False)], MOVING) == "deny R24-assistance-off-driving"
    assert check([(lane, False)], PARKED) == "ask R00-critical-asks"
    assert check([(lane, True)], MOVING) == "allow"


@pytest.mark.rule(25, 26)
@pytest.mark.parametrize(
    ("effect", "expected"),
    [
        (("Vehicle.ADAS.DMS.IsEnabled", False), "R25-driver-monitoring"),
        (("Vehicle.ADAS.CruiseControl.IsActive", True), "R26-assisted-driving"),
        (("Vehicle.ADAS.CruiseControl.SpeedSet", 130), "R26-assisted-driving"),
    ],
)
def test_monitoring_off_and_assisted_driving_on_are_nobodys_to_ask(
    effect: tuple[str, Any], expected: str
):
    for state in (MOVING, PARKED):
        decision = decide(builtin_policy(), facts_of([effect], snapshot(state)), confirmed=True)
        assert isinstance(decision, Deny)
        assert decision.rules[0].id == expected


@pytest.mark.rule(27)
@each_row(
    "effect",
    [
        (DRIVER_SEAT, 200),
        ("Vehicle.Cabin.Seat.Row1.DriverSide.Backrest.Recline", 30),
        ("Vehicle.Body.Mirrors.DriverSide.Pan", 20),
        ("Vehicle.Body.Mirrors.PassengerSide.IsFolded", True),
        ("Vehicle.Chassis.SteeringWheel.Tilt", 30),
        ("Vehicle.Edgewise.HeadUpDisplay.IsOn", False),
    ],
)
def test_the_drivers_place_stays_as_it_is_while_moving(effect: tuple[str, Any]):
    assert check([effect], MOVING) == "deny R27-driver-place-moving"
    assert check([effect], IDLING) == "ask R27-driver-place-idling"
    assert check([effect], PARKED) == "allow"
    assert check([(PASSENGER_SEAT, 100)], MOVING) == "allow"
    assert check([("Vehicle.Body.Mirrors.DriverSide.IsHeatingOn", True)], MOVING) == "allow"


@pytest.mark.parametrize("target", ["Vehicle.Body.Windshield.Front.Wiping.Mode"])
def test_wipers_go_off_after_a_yes_on_the_road_and_at_once_when_parked(target: str):
    assert check([(target, "OFF")], MOVING) == "ask R00-critical-asks"
    assert judge(facts_of([(target, "OFF")], snapshot(MOVING)), confirmed=True) == "allow"
    assert check([(target, "OFF")], PARKED) == "allow"


@pytest.mark.rule(4)
@each_row(
    ("present", "mode"),
    [("FAST", "INTERVAL"), ("FAST", "SLOW"), ("MEDIUM", "RAIN_SENSOR"), (None, "SLOW")],
)
def test_slower_wipers_on_the_road_ask_whoever_wants_them(present: str | None, mode: str):
    effect = [(WIPERS, mode)]
    state = {**RAIN, WIPERS: present}
    for circumstances in ({}, {"channel": Channel.MCP, "zone": None}, {"zone": Zone.ROW2_LEFT}):
        facts = facts_of(effect, snapshot(MOVING, state), **circumstances)
        assert judge(facts).startswith("ask")
        assert judge(facts, confirmed=True) == "allow"
    assert check(effect, PARKED, state) == "allow"
    assert check([(WIPERS, "FAST")], MOVING, state) == "allow"


@pytest.mark.parametrize("state", [PARKED, MOVING])
def test_a_function_writes_nothing_that_it_did_not_declare(state: dict[str, Any]):
    narrow = Capability(
        "sly.lamp", Words("lamp", "灯"), Risk.REVERSIBLE, actuators=("Vehicle.Cabin.Light.*",)
    )
    facts = facts_of([(DRIVER_WINDOW, 50)], snapshot(state), capability=narrow)
    assert judge(facts) == judge(facts, confirmed=True) == "deny R00-undeclared"
    lamp = facts_of([("Vehicle.Cabin.Light.IsDomeOn", True)], snapshot(state), capability=narrow)
    assert judge(lamp) == "allow"


@each_row("value", ["fully", None, float("inf"), {"percent": 5}, True])
def test_a_value_that_is_not_understood_is_not_written(value: object):
    facts = facts_of([(DRIVER_WINDOW, value)], snapshot())
    assert judge(facts) == judge(facts, confirmed=True) == "deny R00-unclassified"
    assert judge(facts_of([(DRIVER_WINDOW, 5.0)], snapshot())) == "allow"


def test_what_a_rule_does_not_know_is_not_hidden_by_something_safe_beside_it():
    beam = (LIGHTS + "LightSwitch", "BEAM")
    assert check([beam, (DRIVER_WINDOW, "x")], MOVING) == "deny R00-unclassified"
    assert check([beam, (LOW, False)], MOVING) == "deny R02-darken-driving"


@pytest.mark.rule(7)
def test_an_unknown_shade_is_shut_and_an_unknown_roof_is_open():
    assert check([OPEN_ROOF], {ROOF + "Shade.Position": None}) == "deny R07-shade-before-roof"
    shut = [(ROOF + "Shade.Position", 0)]
    half_open = {ROOF + "Shade.Position": 50}
    assert check(shut, half_open, {ROOF + "Position": None}) == "deny R07-shade-before-roof"
    assert check(shut, half_open) == "allow"
