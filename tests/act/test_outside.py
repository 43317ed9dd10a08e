"""Weather and light: what is not known is neither good nor bright."""

import pytest

from edgewise.act.outside import is_bright_and_dry, weather
from tests.each_row import each_row
from tests.safety.situation import snapshot

RAIN = "Vehicle.Body.Raindetection.Intensity"
AIR_C = "Vehicle.Exterior.AirTemperature"
LIGHT = "Vehicle.Exterior.LightIntensity"


@pytest.mark.rule(8)
@each_row(
    ("readings", "expected"),
    [
        ({}, "good"),
        ({RAIN: 1}, "adverse"),
        ({AIR_C: -0.5}, "adverse"),
        ({RAIN: None}, "unknown"),
        ({AIR_C: None}, "unknown"),
        ({RAIN: None, AIR_C: -5.0}, "adverse"),
    ],
)
def test_weather_is_good_only_where_rain_and_frost_are_known_not_to_be(
    readings: dict[str, object], expected: str
):
    assert weather(snapshot(readings)) == expected


@pytest.mark.rule(2)
def test_it_is_bright_from_half_of_full_daylight():
    assert is_bright_and_dry(snapshot({LIGHT: 50.0}))
    assert not is_bright_and_dry(snapshot({LIGHT: 49.9}))
