"""What the device knows of the world at one moment: readings by target.

A target is a dotted name whose first word names its driver: `Vehicle.Speed` (VSS 6.0),
`phone.contacts`, `phone.alarms.7`. Values are JSON values.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from msgspec import Struct

from edgewise.core.label import Label

JsonValue = Any
"""None, bool, int, float, str, list or dict with string keys, nested."""


def as_object(value: JsonValue) -> dict[str, JsonValue]:
    """`value` if it is a JSON object, else an empty one."""
    return cast(dict[str, JsonValue], value) if isinstance(value, dict) else {}


def as_list(value: JsonValue) -> list[JsonValue]:
    """`value` if it is a JSON list, else an empty one."""
    return list(cast(Sequence[JsonValue], value)) if isinstance(value, list | tuple) else []


def number(value: JsonValue) -> float | None:
    """A finite number, or None for anything else (a bool is no number)."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if value == value and abs(value) != float("inf") else None  # noqa: PLR0124


class Reading(Struct, frozen=True):
    """One value: when it was taken (`Clock.monotonic` seconds) and, for an actuator that takes
    time, the value it is moving to."""

    value: JsonValue
    at: float
    target: JsonValue = None
    label: Label | None = None


class Snapshot(Struct, frozen=True):
    """Readings taken together at `now` (`Clock.monotonic`) and `wall` (`Clock.now`) seconds.

    It behaves as a read-only mapping from target to value; a missing target is `None` through
    `get`, never a guess.
    """

    readings: dict[str, Reading]
    now: float
    wall: float

    def get(self, target: str, default: JsonValue = None) -> JsonValue:
        """The value at `target`, or `default` when it is missing or unknown."""
        reading = self.readings.get(target)
        return default if reading is None or reading.value is None else reading.value

    def fresh(self, target: str, *, within_s: float) -> JsonValue:
        """The value at `target` if it was taken within `within_s` seconds, else `None`."""
        reading = self.readings.get(target)
        if reading is None or self.now - reading.at > within_s:
            return None
        return reading.value

    def under(self, prefix: str) -> Iterator[tuple[str, JsonValue]]:
        """Targets and values below `prefix`, a target without its closing dot."""
        for target in self.readings:
            if target.startswith(prefix + "."):
                yield target, self.readings[target].value


def snapshot_of(
    values: Mapping[str, JsonValue],
    *,
    now: float = 0.0,
    wall: float = 0.0,
    aims: Mapping[str, JsonValue] | None = None,
) -> Snapshot:
    """A snapshot in which every value was taken just now; `aims` says where those go that move."""
    to = aims or {}
    return Snapshot({k: Reading(v, now, to.get(k)) for k, v in values.items()}, now, wall)
