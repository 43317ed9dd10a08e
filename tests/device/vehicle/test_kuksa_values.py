"""Values and metadata go to kuksa.val messages and come back the same."""

import sys
from typing import Any

import pytest

from edgewise.device.vehicle.kuksa_values import (
    fill_value,
    load_stubs,
    metadata_of,
    plain_value,
    signal_of,
)
from edgewise.device.vehicle.signals import SignalKind, load_signals
from edgewise.errors import UserError

pytestmark = pytest.mark.usefixtures("kuksa")


@pytest.mark.parametrize(
    ("datatype", "value"),
    [
        ("boolean", False),
        ("uint8", 0),
        ("int8", -100),
        ("uint32", 374_400),
        ("float", 22.6),
        ("float", 0.0),
        ("double", 31.230416666),
        ("string", "ONE_SHOT_OPEN"),
        ("string", "播放列表"),
        ("string[]", ["A", "B"]),
        ("float[]", [1.1, 2.2]),
    ],
)
def test_a_value_comes_back_as_it_went(datatype: str, value: Any):
    message = fill_value(load_stubs().types.Value(), datatype, value)
    assert plain_value(message) == value
    assert type(plain_value(message)) is type(value)


def test_the_datapoint_of_v1_takes_values_alike():
    assert plain_value(fill_value(load_stubs().types_v1.Datapoint(), "float", 22.6)) == 22.6


def test_an_empty_message_holds_no_value():
    assert plain_value(load_stubs().types.Value()) is None


def test_every_row_of_the_table_survives_its_metadata():
    stubs = load_stubs()
    for number, signal in enumerate(load_signals().values(), start=1):
        metadata = metadata_of(signal, number, stubs)
        back = signal_of(metadata, stubs)
        assert back is not None
        assert metadata.id == number
        kind = SignalKind.ACTUATOR if signal.kind is SignalKind.CLOSED else signal.kind
        assert (back.path, back.kind, back.datatype) == (signal.path, kind, signal.datatype)
        assert (back.minimum, back.maximum) == (signal.minimum, signal.maximum)
        assert back.allowed == signal.allowed


def test_array_signals_are_left_out():
    stubs = load_stubs()
    kind = stubs.types.DataType.DATA_TYPE_STRING_ARRAY
    assert signal_of(stubs.types.Metadata(path="Vehicle.X", data_type=kind), stubs) is None


def test_a_missing_package_is_named_with_the_extra(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "kuksa.val.v2.val_pb2", None)
    with pytest.raises(UserError, match=r"pip install 'edgewise\[kuksa\]'"):
        load_stubs()
