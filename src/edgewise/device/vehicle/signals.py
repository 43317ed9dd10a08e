"""The table of this car's signals (`signals.toml`) and the check of a value against it.

It knows types, limits and what may be written; it does not know how anything moves. Names follow
the Vehicle Signal Specification 6.0 (COVESA), with the leading `Vehicle.`.
"""

import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, NoReturn

from msgspec import Struct

from edgewise.core.signal import JsonValue
from edgewise.errors import DeviceError

LONGEST_TEXT = 512
"""Characters that a text signal may hold; a bus message is not a document."""


class SignalKind(StrEnum):
    """Who may change a signal: nobody, the car itself, software, or only a hand in the car."""

    ATTRIBUTE = "attribute"
    SENSOR = "sensor"
    ACTUATOR = "actuator"
    CLOSED = "closed"


class Signal(Struct, frozen=True):
    """One row of the table; `path` is the full name, limits are inclusive.

    `rate_per_s` is the speed of its motor in units a second, `only` the values that may be written
    where not all may, `optional` says that it may be unset by writing `None`. `vendor` marks names
    outside VSS.
    """

    path: str
    kind: SignalKind
    datatype: str
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    allowed: tuple[JsonValue, ...] = ()
    pattern: str = ""
    only: tuple[JsonValue, ...] = ()
    initial: JsonValue = None
    rate_per_s: float = 0.0
    optional: bool = False
    vendor: bool = False

    @property
    def limits(self) -> str:
        """What it accepts, in words for a message: `0..100 percent`, `one of ON, OFF`."""
        if self.allowed:
            return "one of " + ", ".join(str(value) for value in self.allowed)
        if self.datatype == "boolean":
            return "true or false"
        if self.datatype == "string":
            return f"text like /{self.pattern}/" if self.pattern else "text"
        low, high = _bounds(self)
        unit = f" {self.unit}" if self.unit else ""
        return f"{_plain(low)}..{_plain(high)}{unit} ({self.datatype})"


@cache
def load_signals() -> Mapping[str, Signal]:
    """The signals of this car by full path, in the order of the table; read once, never changed."""
    text = files("edgewise.device.vehicle").joinpath("signals.toml").read_text(encoding="utf-8")
    table: dict[str, dict[str, dict[str, Any]]] = tomllib.loads(text)
    signals: dict[str, Signal] = {}
    for section, rows in table.items():
        for pattern, row in rows.items():
            kind = SignalKind(row.get("kind", section))
            for name in _expand(pattern):
                signal = _signal(f"Vehicle.{name}", kind, row, vendor=section == "vendor")
                if signal.path in signals:
                    raise ValueError(f"signals.toml names {signal.path} twice")
                signals[signal.path] = signal
    return MappingProxyType(signals)


def check_value(signal: Signal, value: JsonValue) -> JsonValue:
    """`value` in the signal's own type: `50.0` becomes `50` for an integer, `20` becomes `20.0`.

    Raises DeviceError `wrong_type` or `out_of_range`, naming value and limits.
    """
    match signal.datatype:
        case "boolean":
            if not isinstance(value, bool):
                _wrong_type(signal, value)
            return value
        case "string":
            return _check_text(signal, value)
        case "float" | "double":
            return _check_number(signal, value)
        case _:
            number = _check_number(signal, value)
            if not number.is_integer():
                _wrong_type(signal, value)
            return int(number)


def check_write(signal: Signal, value: JsonValue) -> JsonValue:
    """`value` as it will be written. Raises DeviceError, also `not_writable` and `refused`."""
    if signal.kind is not SignalKind.ACTUATOR:
        why = {
            SignalKind.SENSOR: "it is a sensor",
            SignalKind.ATTRIBUTE: "it is fixed for the life of the car",
            SignalKind.CLOSED: "in this car only a person's hand or foot moves it",
        }[signal.kind]
        raise DeviceError(f"{signal.path} can not be written: {why}", code="not_writable")
    if value is None and signal.optional:
        return None
    checked = check_value(signal, value)
    if signal.only and checked not in signal.only:
        allowed = ", ".join(str(one) for one in signal.only)
        raise DeviceError(
            f"{signal.path} can not be set to {checked!r} by software, only to {allowed}",
            code="refused",
        )
    return checked


def _check_text(signal: Signal, value: JsonValue) -> str:
    if not isinstance(value, str):
        _wrong_type(signal, value)
    if signal.allowed and value not in signal.allowed:
        _out_of_range(signal, value)
    if len(value) > LONGEST_TEXT:
        raise DeviceError(
            f"{signal.path} can hold {LONGEST_TEXT} characters, not {len(value)}",
            code="out_of_range",
        )
    if signal.pattern and re.fullmatch(signal.pattern, value) is None:
        _out_of_range(signal, value)
    return value


def _check_number(signal: Signal, value: JsonValue) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        _wrong_type(signal, value)
    low, high = _bounds(signal)
    # not (a <= b) instead of a > b, so that NaN is refused as well
    if not low <= value <= high or (signal.allowed and value not in signal.allowed):
        _out_of_range(signal, value)
    return float(value)


def _bounds(signal: Signal) -> tuple[float, float]:
    low, high = _TYPE_BOUNDS[signal.datatype]
    return (
        low if signal.minimum is None else signal.minimum,
        high if signal.maximum is None else signal.maximum,
    )


def _wrong_type(signal: Signal, value: JsonValue) -> NoReturn:
    raise DeviceError(
        f"{signal.path} is a {signal.datatype}; {_shown(value)} is not ({signal.limits})",
        code="wrong_type",
    )


def _out_of_range(signal: Signal, value: JsonValue) -> NoReturn:
    raise DeviceError(
        f"{signal.path} can not be {_shown(value)}: it takes {signal.limits}", code="out_of_range"
    )


def _shown(value: JsonValue) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _plain(bound: float) -> str:
    return str(int(bound)) if math.isfinite(bound) and float(bound).is_integer() else str(bound)


def _signal(path: str, kind: SignalKind, row: Mapping[str, Any], *, vendor: bool) -> Signal:
    signal = Signal(
        path=path,
        kind=kind,
        datatype=row["type"],
        unit=row.get("unit", ""),
        minimum=row.get("min"),
        maximum=row.get("max"),
        allowed=tuple(row.get("allowed", ())),
        pattern=row.get("pattern", ""),
        only=tuple(row.get("only", ())),
        initial=row.get("initial"),
        rate_per_s=row.get("rate_per_s", 0.0),
        optional=row.get("optional", False),
        vendor=vendor,
    )
    if signal.initial is not None:
        check_value(signal, signal.initial)
    return signal


def _expand(pattern: str) -> Iterator[str]:
    """`Row{1,2}.X` as `Row1.X`, `Row2.X`."""
    head, brace, rest = pattern.partition("{")
    if not brace:
        yield head
        return
    choices, _, tail = rest.partition("}")
    for choice in choices.split(","):
        for expanded in _expand(tail):
            yield head + choice + expanded


_TYPE_BOUNDS: Mapping[str, tuple[float, float]] = {
    "int8": (-(2**7), 2**7 - 1),
    "uint8": (0, 2**8 - 1),
    "int16": (-(2**15), 2**15 - 1),
    "uint16": (0, 2**16 - 1),
    "int32": (-(2**31), 2**31 - 1),
    "uint32": (0, 2**32 - 1),
    "float": (-3.4e38, 3.4e38),
    "double": (-1.7e308, 1.7e308),
}
