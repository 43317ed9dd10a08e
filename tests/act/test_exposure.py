"""What may be written at all; unknown targets are closed."""

import pytest

from edgewise.act.classify import UNCLASSIFIED
from edgewise.act.exposure import EXPOSED, classes_of, is_exposed, matches
from edgewise.act.risk import risk_of
from edgewise.core.capability import Risk
from tests.each_row import each_row


@pytest.mark.rule(24)
@each_row(
    "target",
    [
        "Vehicle.Powertrain.Transmission.SelectedGear",
        "Vehicle.Powertrain.Transmission.IsParkLockEngaged",
        "Vehicle.Powertrain.Transmission.IsElectricalPowertrainEngaged",
        "Vehicle.Chassis.ParkingBrake.IsEngaged",
        "Vehicle.MotionManagement.Brake.VehicleForceMaximum",
        "Vehicle.MotionManagement.Steering.SteeringWheel.AngleTarget",
        "Vehicle.ADAS.ESC.IsEnabled",
        "Vehicle.ADAS.ABS.IsEnabled",
        "Vehicle.ADAS.EBA.IsEnabled",
        "Vehicle.ADAS.TCS.IsEnabled",
        "Vehicle.ADAS.CruiseControl.IsActive",
        "Vehicle.ADAS.CruiseControl.SpeedSet",
        "Vehicle.ADAS.DMS.IsEnabled",
        "Vehicle.Cabin.Seat.Row1.PassengerSide.Airbag.IsEnabled",
        "Vehicle.Cabin.Seat.Row1.DriverSide.Backrest.IsReclineBackwardSwitchEngaged",
        "Vehicle.Cabin.Seat.Row1.DriverSide.Backrest.IsReclineForwardSwitchEngaged",
        "Vehicle.Cabin.Seat.Row1.DriverSide.IsForwardSwitchEngaged",
        "Vehicle.Cabin.Seat.Row1.DriverSide.Headrest.IsUpSwitchEngaged",
        "Vehicle.Cabin.Infotainment.HMI.DisplayOffDuration",
        "Vehicle.Cabin.HVAC.Station.Row1.Driver.IsAnything",
        "Vehicle.Powertrain.TractionBattery.Charging.ChargingPort.AnyPosition.IsChargingCableLocked",
        "Vehicle.Body.Horn.IsActive",
        "Vehicle.Body.Hood.IsOpen",
        "Vehicle.Body.Lights.Brake.IsActive",
        "Vehicle.Body.Lights.DirectionIndicator.Left.IsSignaling",
        "Vehicle.LowVoltageSystemState",
        "Vehicle.Speed",
        "Vehicle",
        "vehicle.body.lights.lightswitch",
        "session.authenticated",
        "session.update",
        "",
        "Vehicle.Cabin.Light",
        "Vehicle.Cabin.Light.\nVehicle.Body.Horn.IsActive",
    ],
)
def test_dangerous_and_unknown_targets_are_not_exposed(target: str):
    assert not is_exposed(target)


def test_a_star_stands_for_one_or_more_name_parts_and_nothing_else():
    assert matches("Vehicle.Cabin.Door.*.IsLocked", "Vehicle.Cabin.Door.Row1.DriverSide.IsLocked")
    assert not matches("Vehicle.Cabin.Door.*.IsLocked", "Vehicle.Cabin.Door.IsLocked")
    assert not matches("phone.lists.*", "phone.lists")
    assert not matches("phone.list", "phone.lists")
    assert not matches("a.b", "aXb")


@pytest.mark.rule(24)
def test_no_row_of_the_car_takes_in_a_leaf_that_it_does_not_name():
    """`*` stands for a place in the car; the last part of a name says what is moved."""
    open_ended = {row.pattern for row in EXPOSED if row.exposed and row.pattern.endswith(".*")}
    assert {pattern for pattern in open_ended if pattern.startswith("Vehicle.")} == {
        "Vehicle.Cabin.Light.*",
        "Vehicle.Cabin.Infotainment.Media.*",
        "Vehicle.Cabin.Infotainment.Navigation.DestinationSet.*",
        "Vehicle.Edgewise.Fragrance.*",
        "Vehicle.Edgewise.Fridge.*",
        "Vehicle.Edgewise.HeadUpDisplay.*",
        "Vehicle.Edgewise.Media.*",
        "Vehicle.Edgewise.Volume.*",
    }


@pytest.mark.rule(27)
@each_row(
    ("value", "expected"),
    [
        (60, {"screen.set"}),
        (10, {"screen.set"}),
        (9.9, {"cluster.off"}),
        (0, {"cluster.off"}),
        (101, {"cluster.off", UNCLASSIFIED}),
        ("dark", {"cluster.off", UNCLASSIFIED}),
    ],
)
def test_a_screen_too_dim_to_be_read_is_off(value: object, expected: set[str]):
    assert set(classes_of("Vehicle.Cabin.Infotainment.HMI.Brightness", value, None)) == expected


PLAYER = "desktop.media.players.firefox.instance_1"


@each_row(
    ("target", "value", "expected"),
    [
        (f"{PLAYER}.status", "playing", {"media.set"}),
        (f"{PLAYER}.status", "paused", {"media.set"}),
        (f"{PLAYER}.status", "stopped", {"media.set"}),
        (f"{PLAYER}.status", "loud", {"media.set", UNCLASSIFIED}),
        (f"{PLAYER}.status", None, {"media.set", UNCLASSIFIED}),
        (f"{PLAYER}.status", ["playing"], {"media.set", UNCLASSIFIED}),
        (f"{PLAYER}.volume", 30, {"media.set"}),
        (f"{PLAYER}.volume", 101, {"media.set", UNCLASSIFIED}),
        (f"{PLAYER}.volume", True, {"media.set", UNCLASSIFIED}),
        ("desktop.media.skip.vlc", "next", {"media.set"}),
        ("desktop.media.skip.vlc", "seek", {"media.set", UNCLASSIFIED}),
        ("desktop.notifications.t1.1", {"title": "x"}, {"notify"}),
        ("desktop.notifications.t1.1", None, {"notify"}),
        ("desktop.notifications.t1.1", "x", {"notify", UNCLASSIFIED}),
    ],
)
def test_what_a_write_to_the_desktop_does_is_known_by_target_and_value(
    target: str, value: object, expected: set[str]
):
    assert is_exposed(target)
    assert set(classes_of(target, value, None)) == expected
    assert risk_of(expected) is Risk.REVERSIBLE


@pytest.mark.rule(24)
@each_row("target", ["desktop.media", f"{PLAYER}.rate", "desktop.media.open.vlc", "desktop.power"])
def test_nothing_else_of_the_desktop_is_exposed(target: str):
    assert not is_exposed(target)


@each_row(
    ("target", "expected"),
    [
        ("home.light.kitchen", "home.control"),
        ("home.lock.front", "home.security"),
        ("home.cover.garage", "home.security"),
        ("home.valve.gas", "home.security"),
        ("home.button.gate", "home.security"),
        ("home.lamp", "home.security"),
    ],
)
def test_what_is_not_known_to_be_harmless_at_home_counts_as_a_lock(target: str, expected: str):
    assert classes_of(target, "x", None) == (expected,)


def test_a_switch_at_home_may_be_a_gate():
    assert classes_of("home.switch.gate", True, None) == ("home.security",)
    assert classes_of("home.light.kitchen", True, None) == ("home.control",)
