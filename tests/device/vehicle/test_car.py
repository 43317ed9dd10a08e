"""Motors, cabin and battery of the simulated car; time is handed in."""

import pytest

from edgewise.device.vehicle.car import Car
from edgewise.device.vehicle.signals import load_signals

WALL = 1_767_225_600.0
WINDOW = "Vehicle.Cabin.Door.Row1.DriverSide.Window"
ROOF = "Vehicle.Cabin.Sunroof"
TRUNK = "Vehicle.Body.Trunk.Rear"
LOW = "Vehicle.Body.Lights.Beam.Low.IsOn"
CHARGING = "Vehicle.Powertrain.TractionBattery.Charging"
CHARGE = "Vehicle.Powertrain.TractionBattery.StateOfCharge.Displayed"
CABLE = f"{CHARGING}.ChargingPort.AnyPosition.IsChargingCableConnected"


@pytest.fixture
def car() -> Car:
    return Car(load_signals())


def test_a_window_takes_its_time(car: Car):
    car.command(f"{WINDOW}.Position", 50)
    assert car.targets == {f"{WINDOW}.Position": 50}
    seen = []
    for _ in range(5):
        car.advance(0.5, WALL)
        seen.append(car.values[f"{WINDOW}.Position"])
    assert seen == [12, 25, 38, 50, 50]
    assert car.targets == {}
    assert car.values[f"{WINDOW}.IsOpen"] is True


def test_a_pace_makes_motors_faster():
    car = Car(load_signals(), pace=10.0)
    car.command(f"{WINDOW}.Position", 100)
    car.advance(0.4, WALL)
    assert car.values[f"{WINDOW}.Position"] == 100


def test_one_long_step_ends_like_many_short_ones():
    one, many = Car(load_signals()), Car(load_signals())
    for car in (one, many):
        car.command(f"{WINDOW}.Position", 100)
        car.command("Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed", 80)
        car.put("Vehicle.Exterior.AirTemperature", 35.0)
        car.put("Vehicle.Speed", 50.0)
    one.advance(120.0, WALL)
    for second in range(1200):
        many.advance(0.1, WALL + second / 10)
    differing = {p for p in one.values if one.values[p] != many.values.get(p)}
    assert differing <= {"Vehicle.Cabin.HVAC.AmbientAirTemperature", "Vehicle.Powertrain.Range"}
    assert one.values["Vehicle.Cabin.HVAC.AmbientAirTemperature"] == pytest.approx(
        many.values["Vehicle.Cabin.HVAC.AmbientAirTemperature"], abs=0.3
    )


def test_a_new_target_turns_the_motor_around(car: Car):
    car.command(f"{WINDOW}.Position", 100)
    car.advance(2.0, WALL)
    car.command(f"{WINDOW}.Position", 25)
    car.advance(10.0, WALL)
    assert car.values[f"{WINDOW}.Position"] == 25


def test_a_switch_shows_its_command_until_the_way_is_done(car: Car):
    car.command(f"{ROOF}.Switch", "ONE_SHOT_OPEN")
    car.advance(4.0, WALL)
    assert (car.values[f"{ROOF}.Switch"], car.values[f"{ROOF}.Position"]) == ("ONE_SHOT_OPEN", 80)
    car.advance(2.0, WALL)
    assert (car.values[f"{ROOF}.Switch"], car.values[f"{ROOF}.Position"]) == ("INACTIVE", 100)


def test_a_switch_shows_its_command_for_a_moment_even_if_there_is_no_way_to_go(car: Car):
    car.command(f"{ROOF}.Switch", "ONE_SHOT_CLOSE")
    car.advance(0.5, WALL)
    assert car.values[f"{ROOF}.Switch"] == "ONE_SHOT_CLOSE"
    car.advance(1.0, WALL)
    assert car.values[f"{ROOF}.Switch"] == "INACTIVE"


def test_letting_go_of_the_switch_stops_the_motor(car: Car):
    car.command(f"{WINDOW}.Switch", "OPEN")
    car.advance(2.0, WALL)
    car.command(f"{WINDOW}.Switch", "INACTIVE")
    car.advance(10.0, WALL)
    assert car.values[f"{WINDOW}.Position"] == 50


def test_the_roof_tilts_and_shuts(car: Car):
    car.command(f"{ROOF}.Switch", "TILT_UP")
    car.advance(10.0, WALL)
    assert car.values[f"{ROOF}.Position"] == -100
    car.command(f"{ROOF}.Switch", "ONE_SHOT_CLOSE")
    car.advance(10.0, WALL)
    assert car.values[f"{ROOF}.Position"] == 0


def test_the_trunk_is_open_from_the_first_gap_to_the_last(car: Car):
    car.put(f"{TRUNK}.IsLocked", True)
    car.command(f"{TRUNK}.IsOpen", True)
    assert car.targets[f"{TRUNK}.IsOpen"] is True
    car.advance(0.2, WALL)
    assert car.values[f"{TRUNK}.IsOpen"] is True
    assert car.values[f"{TRUNK}.IsLocked"] is False
    car.advance(10.0, WALL)
    car.command(f"{TRUNK}.IsOpen", False)
    car.advance(3.9, WALL)
    assert car.values[f"{TRUNK}.IsOpen"] is True
    car.advance(0.2, WALL)
    assert car.values[f"{TRUNK}.IsOpen"] is False
    assert car.targets == {}


def test_a_jammed_motor_gives_up_and_does_not_move_later(car: Car):
    car.jam(f"{WINDOW}.Position", None)
    car.command(f"{WINDOW}.Position", 100)
    car.advance(2.0, WALL)
    assert (car.values[f"{WINDOW}.Position"], car.targets) == (0, {f"{WINDOW}.Position": 100})
    car.advance(2.0, WALL)
    assert car.targets == {}
    car.unjam()
    car.advance(600.0, WALL)
    assert car.values[f"{WINDOW}.Position"] == 0


def test_a_motor_that_jams_on_its_way_stays_there(car: Car):
    car.jam(f"{WINDOW}.Position", 40)
    car.command(f"{WINDOW}.Position", 100)
    car.advance(60.0, WALL)
    assert car.values[f"{WINDOW}.Position"] == 40


def test_a_jammed_roof_shows_no_switch_command(car: Car):
    car.jam(f"{ROOF}.Position", None)
    car.command(f"{ROOF}.Switch", "ONE_SHOT_OPEN")
    assert car.values[f"{ROOF}.Switch"] == "INACTIVE"


def test_a_lid_opened_by_hand_has_its_position(car: Car):
    car.put(f"{TRUNK}.IsOpen", True)
    assert car.values[f"{TRUNK}.Position"] == 100
    car.put(f"{TRUNK}.IsOpen", False)
    assert car.values[f"{TRUNK}.Position"] == 0


def test_both_ways_to_darkness_exist_and_so_do_both_ways_back(car: Car):
    car.command("Vehicle.Body.Lights.LightSwitch", "BEAM")
    assert car.values[LOW] is True
    car.command(LOW, False)
    assert car.values[LOW] is False
    car.command(LOW, True)
    assert car.values[LOW] is True
    car.command("Vehicle.Body.Lights.LightSwitch", "OFF")
    assert car.values[LOW] is False


def test_writing_the_switch_again_restores_a_lamp_that_was_turned_off_alone(car: Car):
    car.command("Vehicle.Body.Lights.LightSwitch", "BEAM")
    car.command(LOW, False)
    car.command("Vehicle.Body.Lights.LightSwitch", "BEAM")
    assert car.values[LOW] is True


def test_dusk_turns_the_automatic_light_on(car: Car):
    assert car.values[LOW] is False
    car.put("Vehicle.Exterior.LightIntensity", 5.0)
    assert car.values[LOW] is True


def test_driving_takes_charge_and_range_and_adds_distance(car: Car):
    before = car.values["Vehicle.TraveledDistance"]
    car.put("Vehicle.Speed", 120.0)
    car.advance(1800.0, WALL)
    assert car.values["Vehicle.TraveledDistance"] == before + 60_000
    assert car.values["Vehicle.Powertrain.Range"] == pytest.approx(374_400 - 60_000, abs=5)
    assert car.values[CHARGE] == pytest.approx(78 - 60 / 4.8)


def test_the_battery_is_never_below_empty(car: Car):
    car.put("Vehicle.Speed", 120.0)
    car.advance(36_000.0, WALL)
    assert (car.values[CHARGE], car.values["Vehicle.Powertrain.Range"]) == (0, 0)


def test_charging_runs_to_the_limit_and_ends(car: Car):
    car.put(CABLE, True)
    car.command(f"{CHARGING}.StartStopCharging", "START")
    car.settle(WALL)
    assert car.values[f"{CHARGING}.IsCharging"] is True
    assert car.values[f"{CHARGING}.TimeToComplete"] == pytest.approx(2 * 0.75 / 11 * 3600, abs=1)
    car.advance(3600.0, WALL)
    assert car.values[CHARGE] == 80
    assert car.values[f"{CHARGING}.IsCharging"] is False
    assert car.values[f"{CHARGING}.TimeToComplete"] == 0


def test_a_charging_timer_begins_at_its_time_even_within_one_long_step(car: Car):
    car.put(CABLE, True)
    car.command(f"{CHARGING}.Timer.Time", "2026-01-01T01:00:00Z")
    car.command(f"{CHARGING}.Timer.Mode", "START_TIME")
    car.settle(WALL)
    assert car.values[f"{CHARGING}.IsCharging"] is False
    car.advance(3500.0, WALL)
    assert car.values[CHARGE] == 78
    car.advance(3600.0, WALL + 3500)
    assert car.values[CHARGE] == 80


def test_charging_by_an_end_time_is_done_by_then_and_not_long_before(car: Car):
    car.put(CABLE, True)
    car.command(f"{CHARGING}.Timer.Time", "2026-01-01T01:00:00Z")
    car.command(f"{CHARGING}.Timer.Mode", "END_TIME")
    charges: list[float] = []
    for minute in range(61):
        car.advance(60.0, WALL + minute * 60)
        charges.append(car.values[CHARGE])
        assert car.values[f"{CHARGING}.IsCharging"] is (78 < charges[-1] < 80)
    assert charges[50] == 78
    assert 78 < charges[55] < 80
    assert charges[60] == 80


def test_a_direct_order_stands_above_the_timer(car: Car):
    car.put(CABLE, True)
    car.command(f"{CHARGING}.Timer.Mode", "START_TIME")
    car.command(f"{CHARGING}.StartStopCharging", "STOP")
    assert car.values[f"{CHARGING}.Timer.Mode"] == "INACTIVE"


def test_pulling_the_cable_ends_charging(car: Car):
    car.put(f"{CHARGING}.IsCharging", True)
    car.settle(WALL)
    assert car.values[f"{CHARGING}.IsCharging"] is True
    car.put(CABLE, False)
    car.settle(WALL)
    assert car.values[f"{CHARGING}.IsCharging"] is False
    assert car.values[f"{CHARGING}.StartStopCharging"] == "STOP"


def test_a_range_that_was_told_shrinks_with_the_charge(car: Car):
    car.put("Vehicle.Powertrain.Range", 39_000)
    car.put("Vehicle.Speed", 100.0)
    car.advance(360.0, WALL)
    assert car.values["Vehicle.Powertrain.Range"] == pytest.approx(29_000, abs=5)


def test_a_missing_sensor_stays_missing_while_things_change(car: Car):
    car.put("Vehicle.Powertrain.Range", None)
    car.put(CHARGE, None)
    car.put("Vehicle.Speed", 100.0)
    car.advance(600.0, WALL)
    assert "Vehicle.Powertrain.Range" not in car.values
    assert CHARGE not in car.values


def test_a_still_car_needs_no_timer(car: Car):
    assert car.tick_s(WALL) is None
    car.command(f"{WINDOW}.Position", 50)
    assert car.tick_s(WALL) == 0.1
    car.advance(5.0, WALL)
    assert car.tick_s(WALL) is None or car.values[f"{WINDOW}.Position"] == 50
