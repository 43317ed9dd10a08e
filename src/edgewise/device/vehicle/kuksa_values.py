"""Between JSON values of this house and messages of kuksa.val (v1 and v2), by type name of VSS.

The generated stubs come with the package `kuksa-client` (extra `kuksa`); they and grpc are loaded
by `load_stubs` only, when an adapter starts.
"""

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from edgewise.core.signal import JsonValue
from edgewise.device.vehicle.signals import Signal, SignalKind
from edgewise.errors import UserError

LENGTH_LIMIT_BYTES = 4 * 1024 * 1024
"""Largest message either side takes; a listing of all of VSS has about 300 KB."""


@dataclass(frozen=True, slots=True)
class Stubs:
    """The modules of grpc and of kuksa.val that the adapters use; generated code, so untyped."""

    grpc: Any
    aio: Any
    types: Any
    val: Any
    rpc: Any
    types_v1: Any
    val_v1: Any
    rpc_v1: Any


def load_stubs() -> Stubs:
    """Load grpc and the stubs. Raises UserError that names the extra when they are missing."""
    names = (
        "grpc",
        "grpc.aio",
        "kuksa.val.v2.types_pb2",
        "kuksa.val.v2.val_pb2",
        "kuksa.val.v2.val_pb2_grpc",
        "kuksa.val.v1.types_pb2",
        "kuksa.val.v1.val_pb2",
        "kuksa.val.v1.val_pb2_grpc",
    )
    try:
        return Stubs(*(importlib.import_module(name) for name in names))
    except ImportError as error:
        raise UserError(
            f"kuksa.val needs the package {error.name!r};"
            " install it with: pip install 'edgewise[kuksa]'",
            code="extra_missing",
        ) from error


def fill_value(message: Any, datatype: str, value: JsonValue) -> Any:
    """Set the field of a v2 `Value` or a v1 `Datapoint` that fits the type; returns the message."""
    if isinstance(value, list | tuple):
        array: Any = getattr(message, f"{_FIELDS[datatype.removesuffix('[]')]}_array")
        array.values.extend(value)
    else:
        setattr(message, _FIELDS[datatype], value)
    return message


def plain_value(message: Any) -> JsonValue:
    """The JSON value in a v2 `Value` or a v1 `Datapoint`; `None` when it holds none.

    A single-precision float comes back with the seven digits it has: 22.6, not 22.600000381.
    """
    kind: str | None = message.WhichOneof(_oneof(message))
    if kind is None:
        return None
    value: Any = getattr(message, kind)
    if kind == "float":
        return _seven_digits(value)
    if kind.endswith("_array"):
        values: Sequence[Any] = value.values
        return [_seven_digits(one) for one in values] if kind == "float_array" else list(values)
    return value


def metadata_of(signal: Signal, number: int, stubs: Stubs) -> Any:
    """The v2 `Metadata` of one row of the table, with `number` as its id."""
    types = stubs.types
    metadata = types.Metadata(
        path=signal.path,
        id=number,
        data_type=types.DataType.Value(_TYPE_NAMES[signal.datatype]),
        entry_type=types.EntryType.Value(_ENTRY_NAMES[signal.kind]),
        unit=signal.unit,
    )
    if signal.minimum is not None:
        fill_value(metadata.min, signal.datatype, _typed(signal.datatype, signal.minimum))
    if signal.maximum is not None:
        fill_value(metadata.max, signal.datatype, _typed(signal.datatype, signal.maximum))
    if signal.allowed:
        fill_value(metadata.allowed_values, signal.datatype + "[]", list(signal.allowed))
    return metadata


def signal_of(metadata: Any, stubs: Stubs) -> Signal | None:
    """The row that a v2 `Metadata` describes; `None` for array types, which no capability uses."""
    datatype = _TYPE_OF_NAME.get(stubs.types.DataType.Name(metadata.data_type))
    if datatype is None:
        return None
    kind = _KIND_OF_NAME.get(stubs.types.EntryType.Name(metadata.entry_type), SignalKind.ATTRIBUTE)
    return Signal(
        path=metadata.path,
        kind=kind,
        datatype=datatype,
        unit=metadata.unit,
        minimum=_limit(metadata, "min"),
        maximum=_limit(metadata, "max"),
        allowed=tuple(plain_value(metadata.allowed_values) or ()),
    )


def _limit(metadata: Any, name: str) -> float | None:
    return plain_value(getattr(metadata, name)) if metadata.HasField(name) else None


def _oneof(message: Any) -> str:
    return message.DESCRIPTOR.oneofs[0].name


def _seven_digits(value: float) -> float:
    return float(f"{value:.7g}")


def _typed(datatype: str, value: float) -> JsonValue:
    return float(value) if datatype in ("float", "double") else int(value)


_FIELDS: Mapping[str, str] = {
    "string": "string",
    "boolean": "bool",
    "int8": "int32",
    "int16": "int32",
    "int32": "int32",
    "int64": "int64",
    "uint8": "uint32",
    "uint16": "uint32",
    "uint32": "uint32",
    "uint64": "uint64",
    "float": "float",
    "double": "double",
}
_TYPE_NAMES: Mapping[str, str] = {name: f"DATA_TYPE_{name.upper()}" for name in _FIELDS}
_TYPE_OF_NAME: Mapping[str, str] = {type_: name for name, type_ in _TYPE_NAMES.items()}
_ENTRY_NAMES: Mapping[SignalKind, str] = {
    SignalKind.ATTRIBUTE: "ENTRY_TYPE_ATTRIBUTE",
    SignalKind.SENSOR: "ENTRY_TYPE_SENSOR",
    SignalKind.ACTUATOR: "ENTRY_TYPE_ACTUATOR",
    SignalKind.CLOSED: "ENTRY_TYPE_ACTUATOR",
}
_KIND_OF_NAME: Mapping[str, SignalKind] = {
    "ENTRY_TYPE_ATTRIBUTE": SignalKind.ATTRIBUTE,
    "ENTRY_TYPE_SENSOR": SignalKind.SENSOR,
    "ENTRY_TYPE_ACTUATOR": SignalKind.ACTUATOR,
}
