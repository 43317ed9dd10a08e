"""Wipers, wheel heating, fragrance and fridge, drive modes, assistance, charging."""

import pytest

from edgewise.core.call import Impossible, Missing
from tests.each_row import each_row

WIPER = "Vehicle.Body.Windshield.Front.Wiping.Mode"
WHEEL = "Vehicle.Chassis.SteeringWheel.HeatingCooling"
CHARGING = "Vehicle.Powertrain.TractionBattery.Charging"


@pytest.mark.parametrize(
    ("mode", "signal"), [("slow", "SLOW"), ("auto", "RAIN_SENSOR"), ("fast", "FAST")]
)
def test_wiper_modes(writes, mode, signal):
    assert writes("wiper.set", {"mode": mode}) == {WIPER: signal}


@each_row(
    ("present", "delta", "after"),
    [("SLOW", 1, "MEDIUM"), ("SLOW", -3, "INTERVAL"), ("OFF", 1, "SLOW"), ("MEDIUM", 3, "FAST")],
)
def test_a_step_of_the_wipers_never_stops_them(writes, present, delta, after):
    assert writes("wiper.set", {"delta": delta}, {WIPER: present}) == {WIPER: after}


@pytest.mark.rule(4)
@each_row(
    ("present", "after"),
    [
        ("OFF", "SLOW"),
        ("INTERVAL", "SLOW"),
        ("RAIN_SENSOR", "FAST"),
        (None, "FAST"),
    ],
)
def test_wipers_on_wipe_for_certain_and_no_less_than_now(writes, present, after):
    assert writes("wiper.set", {"mode": "on"}, {WIPER: present}) == {WIPER: after}


@pytest.mark.rule(4)
@pytest.mark.parametrize("present", ["SLOW", "MEDIUM", "FAST"])
def test_wipers_on_leave_wipers_that_wipe(writes, present):
    assert writes("wiper.set", {"mode": "on"}, {WIPER: present}) == {}


def test_wheel_heating(writes):
    assert writes("steering_wheel.heat", {}) == {WHEEL: 67}
    assert writes("steering_wheel.heat", {"level": 0}, {WHEEL: 67}) == {WHEEL: 0}
    assert writes("steering_wheel.heat", {"delta": 1}, {WHEEL: 33}) == {WHEEL: 67}


def test_fragrance_and_fridge(writes, meaning):
    assert writes("fragrance_fridge.set", {"device": "fragrance", "level": 3}) == {
        "Vehicle.Edgewise.Fragrance.IsOn": True,
        "Vehicle.Edgewise.Fragrance.Intensity": 100,
    }
    assert writes("fragrance_fridge.set", {"device": "fridge", "temperature": 4}) == {
        "Vehicle.Edgewise.Fridge.IsOn": True,
        "Vehicle.Edgewise.Fridge.Temperature": 4.0,
    }
    refused = meaning("fragrance_fridge.set", {"device": "fragrance", "temperature": 4})
    assert isinstance(refused, Impossible)
    assert isinstance(meaning("fragrance_fridge.set", {"device": "fridge"}), Missing)


def test_drive_mode(writes, meaning):
    mode = "Vehicle.Powertrain.Transmission.PerformanceMode"
    assert writes("drive.set_mode", {"mode": "economy"}) == {mode: "ECONOMY"}
    assert meaning("drive.set_mode", {"mode": "normal"}).effects == ()
    assert isinstance(meaning("drive.set_mode", {"mode": "mud"}), Impossible)


def test_a_warning_can_be_switched(writes):
    assert writes("adas.set_feature", {"feature": "blind_spot", "enabled": False}) == {
        "Vehicle.ADAS.ObstacleDetection.Rear.Left.IsEnabled": False,
        "Vehicle.ADAS.ObstacleDetection.Rear.Right.IsEnabled": False,
    }


@pytest.mark.parametrize("feature", ["assisted_driving", "stability_control", "emergency_braking"])
def test_what_only_a_hand_may_switch_has_no_effect_at_all(meaning, feature):
    for enabled in (True, False):
        refused = meaning("adas.set_feature", {"feature": feature, "enabled": enabled})
        assert isinstance(refused, Impossible)
        assert refused.code == "by_hand_only"


def test_driver_monitoring_off_reaches_the_policy_as_an_effect(writes):
    arguments = {"feature": "driver_monitoring", "enabled": False}
    assert writes("adas.set_feature", arguments) == {"Vehicle.ADAS.DMS.IsEnabled": False}


def test_charging(writes, meaning):
    assert writes("vehicle.set_charging", {"op": "start"}) == {
        f"{CHARGING}.StartStopCharging": "START"
    }
    assert writes("vehicle.set_charging", {"op": "limit", "limit": 90}) == {
        f"{CHARGING}.ChargeLimit": 90
    }
    assert isinstance(meaning("vehicle.set_charging", {"op": "limit"}), Missing)
    assert isinstance(meaning("vehicle.set_charging", {"op": "limit", "limit": 20}), Impossible)
    assert isinstance(meaning("vehicle.set_charging", {"op": "ready_by"}), Missing)


def test_a_charging_time_is_written_in_utc_and_only_for_the_coming_week(writes, meaning):
    from datetime import UTC, datetime, timedelta

    soon = datetime.fromtimestamp(1_795_000_000.0) + timedelta(hours=8)
    effects = writes("vehicle.set_charging", {"op": "ready_by", "time": soon.isoformat()})
    assert effects == {
        f"{CHARGING}.Timer.Time": soon.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        f"{CHARGING}.Timer.Mode": "END_TIME",
    }
    late = (soon + timedelta(days=30)).isoformat()
    assert isinstance(meaning("vehicle.set_charging", {"op": "ready_by", "time": late}), Impossible)
