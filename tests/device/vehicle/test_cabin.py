"""The cabin warms and cools over minutes towards what was asked for."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.device.vehicle.cabin import (
    AIR_CONDITIONING,
    OUTSIDE,
    POWER,
    STATIONS,
    WINDOWS,
    Climate,
    cabin_after,
    climate_of,
    is_settled,
)


def car(*, fan: int = 0, set_c: float = 22.0, **other: Any) -> dict[str, Any]:
    values: dict[str, Any] = {POWER: "ON", OUTSIDE: 35.0, AIR_CONDITIONING: True}
    for station in STATIONS:
        values |= {f"{station}.FanSpeed": fan, f"{station}.Temperature": set_c}
    return values | other


def after(values: dict[str, Any], start_c: float, minutes: float) -> float:
    return cabin_after(start_c, climate_of(values), minutes * 60)


def test_full_fans_reach_the_set_temperature_in_some_minutes_not_at_once():
    assert after(car(fan=100), 35.0, 0.1) > 34
    assert after(car(fan=100), 35.0, 10) == pytest.approx(22.0, abs=0.2)


def test_a_weaker_fan_takes_longer():
    assert after(car(fan=20), 35.0, 5) > after(car(fan=80), 35.0, 5)


def test_without_fan_or_power_the_cabin_drifts_to_the_weather():
    assert after(car(fan=0), 22.0, 600) == pytest.approx(35.0, abs=0.1)
    assert after(car(fan=100) | {POWER: "OFF"}, 22.0, 600) == pytest.approx(35.0, abs=0.1)


def test_without_the_compressor_nothing_gets_cooler_than_outside():
    assert after(car(fan=100) | {AIR_CONDITIONING: False}, 40.0, 60) == pytest.approx(35.0, abs=0.1)


def test_the_heater_warms_without_the_compressor():
    cold = car(fan=100) | {AIR_CONDITIONING: False, OUTSIDE: -5.0}
    assert after(cold, -5.0, 30) == pytest.approx(22.0, abs=0.1)


def test_open_windows_pull_towards_the_weather():
    shut = after(car(fan=50), 35.0, 30)
    airing = after(car(fan=50) | dict.fromkeys(WINDOWS, 100), 35.0, 30)
    assert airing > shut + 3


def test_missing_values_count_as_off_and_shut():
    assert climate_of({}).goal_c == 20.0


@given(st.floats(-40, 80), st.floats(-40, 60), st.floats(1e-4, 0.1), st.floats(0, 1e6))
def test_the_temperature_never_leaves_the_span_between_start_and_goal(
    start_c: float, goal_c: float, rate: float, elapsed_s: float
):
    reached = cabin_after(start_c, Climate(goal_c, rate), elapsed_s)
    assert min(start_c, goal_c) - 1e-9 <= reached <= max(start_c, goal_c) + 1e-9


@given(st.floats(-40, 80), st.floats(0, 1000), st.floats(0, 1000))
def test_two_steps_are_as_good_as_one(start_c: float, first_s: float, second_s: float):
    climate = Climate(21.0, 0.005)
    halfway = cabin_after(start_c, climate, first_s)
    assert cabin_after(halfway, climate, second_s) == pytest.approx(
        cabin_after(start_c, climate, first_s + second_s), abs=1e-6
    )


def test_close_to_the_goal_counts_as_there():
    assert is_settled(22.001, Climate(22.0, 0.01))
    assert not is_settled(22.1, Climate(22.0, 0.01))
