"""The table of signals agrees with VSS 6.0, and values are checked against it."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.device.vehicle.signals import (
    Signal,
    SignalKind,
    check_value,
    check_write,
    load_signals,
)
from edgewise.errors import DeviceError
from tests.each_row import each_row

SIGNALS = load_signals()
CATALOGUE = Path(__file__).resolve().parents[4] / "shared" / "vss" / "vss_release_6.0.json"
WINDOW = SIGNALS["Vehicle.Cabin.Door.Row1.DriverSide.Window.Position"]

# Rule 24 and the list "not exposed by design": software must never move these.
NEVER = (
    "Vehicle.Powertrain.Transmission.SelectedGear",
    "Vehicle.Powertrain.Transmission.IsParkLockEngaged",
    "Vehicle.Powertrain.Transmission.IsElectricalPowertrainEngaged",
    "Vehicle.Chassis.ParkingBrake.IsEngaged",
    "Vehicle.MotionManagement.Brake.VehicleForceMaximum",
    "Vehicle.MotionManagement.Steering.SteeringWheel.AngleTarget",
    "Vehicle.MotionManagement.ElectricAxle.Row1.TorqueTarget",
    "Vehicle.ADAS.ABS.IsEnabled",
    "Vehicle.ADAS.ESC.IsEnabled",
    "Vehicle.ADAS.EBA.IsEnabled",
    "Vehicle.ADAS.TCS.IsEnabled",
    "Vehicle.ADAS.CruiseControl.IsActive",
    "Vehicle.ADAS.CruiseControl.SpeedSet",
    "Vehicle.Body.Horn.IsActive",
    "Vehicle.Body.Lights.Brake.IsActive",
    "Vehicle.Edgewise.InstrumentCluster.IsOn",
)


@pytest.fixture(scope="module")
def catalogue() -> dict[str, Any]:
    if not CATALOGUE.is_file():
        pytest.skip(f"the public VSS 6.0 catalogue is not beside the repository ({CATALOGUE.name})")
    return json.loads(CATALOGUE.read_text(encoding="utf-8"))


def leaf(tree: dict[str, Any], path: str) -> dict[str, Any] | None:
    node: dict[str, Any] = {"children": tree}
    for name in path.split("."):
        child = node.get("children", {}).get(name)
        if child is None:
            return None
        node = child
    return node


def test_every_row_is_a_leaf_of_vss_with_the_same_type_and_unit(catalogue: dict[str, Any]):
    wrong: list[str] = []
    for path, signal in SIGNALS.items():
        if signal.vendor:
            continue
        found = leaf(catalogue, path)
        kind = "actuator" if signal.kind is SignalKind.CLOSED else str(signal.kind)
        if found is None:
            wrong.append(f"{path} does not exist")
        elif (found["type"], found["datatype"]) != (kind, signal.datatype):
            wrong.append(f"{path} is a {found['type']} {found['datatype']}")
        elif found.get("unit", "") != signal.unit:
            wrong.append(f"{path} has the unit {found.get('unit', '')!r}")
    assert not wrong


def test_no_row_allows_what_vss_forbids(catalogue: dict[str, Any]):
    wrong: list[str] = []
    for path, signal in SIGNALS.items():
        found = {} if signal.vendor else leaf(catalogue, path) or {}
        if "min" in found and (signal.minimum is None or signal.minimum < found["min"]):
            wrong.append(f"{path} goes below {found['min']}")
        if "max" in found and (signal.maximum is None or signal.maximum > found["max"]):
            wrong.append(f"{path} goes above {found['max']}")
        if set(signal.allowed) - set(found.get("allowed", signal.allowed)):
            wrong.append(f"{path} allows more than {found['allowed']}")
    assert not wrong


def test_vendor_names_are_outside_vss_and_in_one_branch(catalogue: dict[str, Any]):
    vendor = [path for path, signal in SIGNALS.items() if signal.vendor]
    assert vendor
    assert all(path.startswith("Vehicle.Edgewise.") for path in vendor)
    assert not any(leaf(catalogue, path) for path in vendor)


def test_every_signal_has_a_first_value_that_fits_unless_it_is_optional():
    for signal in SIGNALS.values():
        if signal.optional:
            assert signal.initial is None
        else:
            assert check_value(signal, signal.initial) == signal.initial


@each_row("path", NEVER)
def test_what_software_must_never_move_refuses_every_write(path: str):
    signal = SIGNALS[path]
    with pytest.raises(DeviceError, match="can not be written") as refusal:
        check_write(signal, signal.initial)
    assert refusal.value.code == "not_writable"


def test_driver_monitoring_can_be_turned_on_but_not_off():
    signal = SIGNALS["Vehicle.ADAS.DMS.IsEnabled"]
    assert check_write(signal, True) is True
    with pytest.raises(DeviceError) as refusal:
        check_write(signal, False)
    assert refusal.value.code == "refused"


@pytest.mark.parametrize("path", ["Vehicle.Speed", "Vehicle.Cabin.DoorCount"])
def test_sensors_and_attributes_can_not_be_written(path: str):
    with pytest.raises(DeviceError) as refusal:
        check_write(SIGNALS[path], SIGNALS[path].initial)
    assert refusal.value.code == "not_writable"


@each_row(
    ("path", "value", "code"),
    [
        (WINDOW.path, 101, "out_of_range"),
        (WINDOW.path, -1, "out_of_range"),
        (WINDOW.path, 10**400, "out_of_range"),
        (WINDOW.path, math.nan, "out_of_range"),
        (WINDOW.path, math.inf, "out_of_range"),
        (WINDOW.path, 50.5, "wrong_type"),
        (WINDOW.path, True, "wrong_type"),
        (WINDOW.path, "50", "wrong_type"),
        (WINDOW.path, None, "wrong_type"),
        (WINDOW.path, [50], "wrong_type"),
        ("Vehicle.Cabin.Light.IsDomeOn", 1, "wrong_type"),
        ("Vehicle.Body.Lights.LightSwitch", "on", "out_of_range"),
        ("Vehicle.Body.Lights.LightSwitch", 3, "wrong_type"),
        ("Vehicle.Cabin.Light.AmbientLight.Row1.DriverSide.Color", "red", "out_of_range"),
        ("Vehicle.Cabin.Infotainment.Media.SelectedURI", "x" * 513, "out_of_range"),
        ("Vehicle.Cabin.HVAC.Station.Row1.Driver.Temperature", 40, "out_of_range"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_its_code(path: str, value: Any, code: str):
    with pytest.raises(DeviceError) as refusal:
        check_write(SIGNALS[path], value)
    assert refusal.value.code == code
    assert path in str(refusal.value)


def test_a_refusal_names_the_limits():
    with pytest.raises(DeviceError, match=r"101: it takes 0\.\.100 percent \(uint8\)"):
        check_write(WINDOW, 101)


def test_numbers_take_the_type_of_their_signal():
    assert repr(check_value(WINDOW, 50.0)) == "50"
    assert repr(check_value(SIGNALS["Vehicle.Speed"], 50)) == "50.0"


def test_only_an_optional_signal_can_be_unset():
    assert (
        check_write(SIGNALS["Vehicle.Cabin.Infotainment.Navigation.DestinationSet.Latitude"], None)
        is None
    )
    with pytest.raises(DeviceError):
        check_write(WINDOW, None)


@given(
    st.sampled_from(list(SIGNALS.values())),
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers()),
)
def test_a_checked_value_is_always_within_its_limits(signal: Signal, value: Any):
    try:
        checked = check_value(signal, value)
    except DeviceError:
        return
    assert check_value(signal, checked) == checked
    if signal.minimum is not None:
        assert checked >= signal.minimum
    if signal.maximum is not None:
        assert checked <= signal.maximum
    if signal.allowed:
        assert checked in signal.allowed
