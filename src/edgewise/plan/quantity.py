"""A figure with its unit as a person writes it, "3.35 TB/s", and the number in the base unit.

A plain number is in the base unit. Prefixes are decimal, with an `i` binary (GiB); `b` is a bit and
`B` a byte, as on data sheets.
"""

import re
from difflib import get_close_matches

from msgspec import Struct

from edgewise.errors import UserError

WRITTEN = re.compile(r"\s*([+-]?[0-9][0-9_]*\.?[0-9]*(?:[eE][+-]?[0-9]+)?)\s*(\S.*?)?\s*")
DECIMAL = {"": 1.0, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15}
BINARY = {"Ki": 2.0**10, "Mi": 2.0**20, "Gi": 2.0**30, "Ti": 2.0**40}


class Dimension(Struct, frozen=True):
    """What can be measured: its units with their factors, and between what it is believed."""

    units: dict[str, float]
    least: float
    most: float


def _scaled(*names: str, scales: dict[str, float] = DECIMAL, factor: float = 1) -> dict[str, float]:
    return {prefix + name: scale * factor for name in names for prefix, scale in scales.items()}


BYTES = Dimension(_scaled("B") | _scaled("B", scales=BINARY), least=1e6, most=1e16)
BYTES_PER_SECOND = Dimension(
    _scaled("B/s") | _scaled("B/s", scales=BINARY) | _scaled("b/s", factor=1 / 8),
    least=1e3,
    most=1e17,
)
FLOPS = Dimension(_scaled("FLOP/s", "FLOPS"), least=1e6, most=1e21)
OPERATIONS = Dimension({"GOPS": 1e-3, "TOPS": 1.0, "POPS": 1e3, "": 1.0}, least=1e-3, most=1e6)
USD_PER_HOUR = Dimension({"USD/h": 1.0, "$/h": 1.0, "": 1.0}, least=0, most=1e5)
WATTS = Dimension({"W": 1.0, "mW": 1e-3, "kW": 1e3, "": 1.0}, least=1e-3, most=1e6)


def quantity(value: object, dimension: Dimension, key: str) -> float:
    """The figure in the base unit. Raises UserError that names `key`: no number, a unit that is not
    known (with those near it), below 0, or nothing that a chip can have."""
    number, unit = _read(value, key)
    factor = 1.0 if not unit else dimension.units.get(unit)
    if factor is None:
        near = get_close_matches(unit, dimension.units, n=3, cutoff=0.3)
        known = near or [each for each in dimension.units if each]
        raise wrong(key, f"the unit {unit!r} is not known; write {' or '.join(known)}")
    figure = number * factor
    if not dimension.least <= figure <= dimension.most:
        bounds = f"from {dimension.least:g} to {dimension.most:g}"
        raise wrong(key, f"{value} is {figure:g} in the base unit; it is {bounds}")
    return figure


def wrong(key: str, what: str) -> UserError:
    """The error that a figure at `key` can not be used."""
    return UserError(f"{key}: {what}", code="bad_chip")


def _read(value: object, key: str) -> tuple[float, str]:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise wrong(key, f"{value!r} is no figure; write a number, or a text like '80 GB'")
    if not isinstance(value, str):
        try:
            return float(value), ""
        except OverflowError as error:
            raise wrong(key, "is a number of hundreds of digits; nothing has so many") from error
    if (parts := WRITTEN.fullmatch(value)) is None:
        raise wrong(key, f"{value!r} does not begin with a number")
    return float(parts[1].replace("_", "")), parts[2] or ""
