"""A car's state from outside is checked, and a mistake is named with its remedy."""

from typing import Any

import pytest

from edgewise.device.vehicle.signals import load_signals
from edgewise.device.vehicle.state import check_setting, check_state
from edgewise.errors import UserError
from tests.each_row import each_row

SIGNALS = load_signals()


def test_values_take_the_type_of_their_signal_and_keep_their_order():
    state = {"Vehicle.Speed": 100, "Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed": 40.0}
    checked = check_state(state, SIGNALS)
    assert list(checked.items()) == list(state.items())
    assert isinstance(checked["Vehicle.Speed"], float)


def test_null_means_missing():
    assert check_state({"Vehicle.Speed": None}, SIGNALS) == {"Vehicle.Speed": None}


@each_row(
    ("path", "meant"),
    [
        ("Vehicle.Sped", "Vehicle.Speed"),
        ("Speed", "did you mean Vehicle.Speed?"),
        ("Vehicle.Body.Lights.Lightswitch", "Vehicle.Body.Lights.LightSwitch"),
        ("Vehicle.Xyzzy", "names are those of VSS 6.0"),
    ],
)
def test_an_unknown_name_is_refused_with_what_was_likely_meant(path: str, meant: str):
    with pytest.raises(UserError) as refusal:
        check_setting(path, 1, SIGNALS)
    assert repr(path) in str(refusal.value)
    assert meant in str(refusal.value)
    assert refusal.value.code == "unknown_signal"


@each_row("value", ["fast", True, 1000, [1], {}])
def test_a_value_that_does_not_fit_is_refused_with_path_value_and_limits(value: Any):
    with pytest.raises(UserError) as refusal:
        check_state({"Vehicle.Speed": value}, SIGNALS)
    for part in ("Vehicle.Speed", repr(value), "-60..300 km/h"):
        assert part in str(refusal.value)


@each_row("state", [[], "Vehicle.Speed", None, 3])
def test_a_state_that_is_no_object_is_refused(state: Any):
    with pytest.raises(UserError, match="JSON object of signal path -> value"):
        check_state(state, SIGNALS)
