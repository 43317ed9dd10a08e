"""What can go wrong in a car, as values that `SimulatedVehicle.inject` takes.

A target is a signal or an inner node (`Vehicle.Cabin.Door`); a fault holds for all below it. The
faults are those that real buses show: a motor that jams, a write that vanishes, a slow or absent
provider, a value that stops being refreshed or never came.
"""

from msgspec import Struct


class Stuck(Struct, frozen=True):
    """A motor accepts its target and does not move.

    With `at` it moves until that position and jams there; the motor gives up after a while.
    """

    target: str
    at: float | None = None


class Swallowed(Struct, frozen=True):
    """A write is accepted and nothing ever shows it."""

    target: str


class SlowBus(Struct, frozen=True):
    """Every read and write takes this much longer."""

    delay_s: float


class ProviderGone(Struct, frozen=True):
    """Nobody answers for the target: writes are refused, readings stay as they were and age."""

    target: str = "Vehicle"


class Stale(Struct, frozen=True):
    """The target is no longer refreshed: value and time of its reading stand still."""

    target: str


class MissingValue(Struct, frozen=True):
    """The target has no value at all."""

    target: str


Fault = Stuck | Swallowed | SlowBus | ProviderGone | Stale | MissingValue


def covers(target: str, path: str) -> bool:
    """Whether `path` is `target` or lies below it."""
    return path == target or path.startswith(target + ".")
