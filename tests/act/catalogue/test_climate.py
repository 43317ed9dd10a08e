"""Climate: zones, units, steps, and the rules 9, 10 and 12."""

import pytest

from edgewise.core.call import Impossible, Missing
from tests.each_row import each_row

HVAC = "Vehicle.Cabin.HVAC"
AC = f"{HVAC}.IsAirConditioningActive"
DRIVER = f"{HVAC}.Station.Row1.Driver"
PASSENGER = f"{HVAC}.Station.Row1.Passenger"
WINDOW = "Vehicle.Cabin.Door.{}.Window.Position"
STATIONS = [f"{HVAC}.Station.Row{r}.{s}" for r in (1, 2) for s in ("Driver", "Passenger")]


def test_cooling_on_lets_a_little_air_move_in_every_zone(meaning):
    resolved = meaning("climate.set_power", {"on": True})
    assert [(e.target, e.value, e.because) for e in resolved.effects] == [
        (AC, True, 0),
        *((f"{station}.FanSpeed", 10, 10) for station in STATIONS),
    ]


@pytest.mark.rule(10)
def test_cooling_on_moves_no_window_and_tells_which_ones_are_open(meaning):
    changes = {
        WINDOW.format("Row1.DriverSide"): 60,
        WINDOW.format("Row2.PassengerSide"): 20,
        **{f"{station}.FanSpeed": 30 for station in STATIONS},
    }
    resolved = meaning("climate.set_power", {"on": True}, changes)
    assert [(e.target, e.value) for e in resolved.effects] == [(AC, True)]
    (note,) = resolved.notes
    assert note.rule == 10
    assert "driver" in note.words.en
    assert "rear" not in note.words.en
    assert "主驾" in note.words.zh


def test_cooling_on_when_it_is_on_changes_nothing_and_says_so(meaning):
    changes = {AC: True, **{f"{station}.FanSpeed": 30 for station in STATIONS}}
    resolved = meaning("climate.set_power", {"on": True}, changes)
    assert resolved.effects == ()
    assert [note.words.zh for note in resolved.notes] == ["已经是这样了。"]


def test_climate_off_stops_cooling_and_fans(writes):
    changes = {AC: True, f"{DRIVER}.FanSpeed": 40}
    assert writes("climate.set_power", {"on": False}, changes) == {
        AC: False,
        f"{DRIVER}.FanSpeed": 0,
    }


def test_climate_off_for_one_zone_leaves_the_others_cool(writes):
    changes = {AC: True, **{f"{station}.FanSpeed": 30 for station in STATIONS}}
    assert writes("climate.set_power", {"on": False, "zone": "passenger"}, changes) == {
        f"{PASSENGER}.FanSpeed": 0
    }


def test_temperature_goes_to_the_speakers_zone(writes):
    assert writes("climate.set_temperature", {"value": 24}) == {f"{DRIVER}.Temperature": 24.0}
    assert writes("climate.set_temperature", {"value": 24}, zone="row2_right") == {
        f"{HVAC}.Station.Row2.Passenger.Temperature": 24.0
    }


def test_left_and_right_follow_the_side_of_the_driver(writes):
    changes = {"Vehicle.Cabin.DriverPosition": "RIGHT"}
    assert writes("climate.set_temperature", {"value": 24, "zone": "row2_left"}, changes) == {
        f"{HVAC}.Station.Row2.Passenger.Temperature": 24.0
    }


@pytest.mark.parametrize(("said", "wanted"), [("max", 30.0), ("min", 16.0), ("LO", 16.0)])
def test_named_ends_of_the_temperature(writes, said, wanted):
    assert writes("climate.set_temperature", {"value": said}) == {f"{DRIVER}.Temperature": wanted}


def test_fahrenheit_is_converted(writes):
    arguments = {"value": 75, "unit": "fahrenheit"}
    assert writes("climate.set_temperature", arguments) == {f"{DRIVER}.Temperature": 24.0}


def test_a_step_in_fahrenheit_is_converted_without_the_offset(writes):
    arguments = {"delta": 9, "unit": "fahrenheit"}
    assert writes("climate.set_temperature", arguments) == {f"{DRIVER}.Temperature": 27.0}


@each_row("value", [15.5, 31, -40, 100])
def test_a_temperature_beyond_the_range_is_refused_with_the_range(meaning, value):
    refused = meaning("climate.set_temperature", {"value": value})
    assert isinstance(refused, Impossible)
    assert "16 to 30" in refused.words.en
    assert "16到30" in refused.words.zh


def test_a_step_starts_from_where_the_temperature_is_going(meaning, car):
    from edgewise.act.catalogue.climate import set_temperature
    from edgewise.core.call import Call
    from edgewise.core.label import OriginKind, label_of
    from edgewise.core.signal import Reading, Snapshot

    readings = {target: Reading(value, 0.0) for target, value in car.items()}
    readings[f"{DRIVER}.Temperature"] = Reading(20.0, 0.0, target=25.0)
    call = Call("t.1", "x", {"zone": "driver", "delta": 1}, label_of(OriginKind.VOICE))
    resolved = set_temperature(call, Snapshot(readings, 0.0, 0.0))
    assert [effect.value for effect in resolved.effects] == [26.0]


def test_a_step_past_the_end_stops_there_and_says_so(meaning):
    resolved = meaning("climate.set_temperature", {"delta": 14})
    assert [effect.value for effect in resolved.effects] == [30.0]
    assert "30 °C" in resolved.notes[0].words.en


def test_a_step_from_an_unknown_temperature_asks_for_a_value(meaning):
    refused = meaning("climate.set_temperature", {"delta": 1}, {f"{DRIVER}.Temperature": None})
    assert isinstance(refused, Impossible)
    assert refused.code == "unknown_state"


def test_zones_more_than_three_degrees_apart_are_told(meaning):
    assert meaning("climate.set_temperature", {"value": 25}).notes == ()
    told = meaning("climate.set_temperature", {"value": 25.5})
    assert [note.rule for note in told.notes] == [12]


def test_neither_value_nor_step_is_asked_for(meaning):
    assert isinstance(meaning("climate.set_temperature", {}), Missing)


def test_the_third_row_is_refused_where_there_is_none(meaning):
    refused = meaning("climate.set_temperature", {"value": 22, "zone": "row3"})
    assert isinstance(refused, Impossible)
    assert refused.code == "no_such_place"


def test_fan_levels_are_tenths_of_the_fan_speed(writes):
    assert writes("climate.set_fan", {"level": 3}) == {f"{DRIVER}.FanSpeed": 30}
    assert writes("climate.set_fan", {"delta": -1}, {f"{DRIVER}.FanSpeed": 30}) == {
        f"{DRIVER}.FanSpeed": 20
    }


def test_air_blows_one_way_at_a_time(meaning, writes):
    assert writes("climate.set_airflow", {"directions": ["feet"]}) == {
        f"{DRIVER}.AirDistribution": "DOWN"
    }
    assert isinstance(meaning("climate.set_airflow", {"directions": ["feet", "face"]}), Impossible)


def test_front_defrost_brings_fan_airflow_and_cooling(meaning):
    resolved = meaning("climate.set_defrost", {"target": "front", "on": True})
    assert resolved.atomic
    assert {(e.target, e.value, e.because) for e in resolved.effects} == {
        (f"{HVAC}.IsFrontDefrosterActive", True, 0),
        (f"{DRIVER}.FanSpeed", 20, 9),
        (f"{PASSENGER}.FanSpeed", 20, 9),
        (f"{DRIVER}.AirDistribution", "UP", 9),
        (f"{PASSENGER}.AirDistribution", "UP", 9),
        (AC, True, 9),
    }


def test_front_defrost_keeps_a_stronger_fan_and_never_waits_for_windows(writes):
    changes = {f"{DRIVER}.FanSpeed": 60, WINDOW.format("Row2.DriverSide"): 100}
    effects = writes("climate.set_defrost", {"target": "front", "on": True}, changes)
    assert f"{DRIVER}.FanSpeed" not in effects
    assert not [target for target in effects if "Window" in target]


def test_rear_defrost_and_defrost_off_touch_nothing_else(writes):
    assert writes("climate.set_defrost", {"target": "rear", "on": True}) == {
        f"{HVAC}.IsRearDefrosterActive": True
    }
    changes = {f"{HVAC}.IsFrontDefrosterActive": True}
    assert writes("climate.set_defrost", {"on": False}, changes) == {
        f"{HVAC}.IsFrontDefrosterActive": False
    }


def test_reading_tells_what_is_known_and_what_is_not(meaning):
    told = meaning("climate.read", {}, {f"{HVAC}.AmbientAirTemperature": None}, language="zh")
    assert told.effects == ()
    assert told.data["cabin_c"] is None
    assert told.data["said"].startswith("车内温度未知，车外24度。主驾空调设定22度")
