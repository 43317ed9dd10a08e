"""Figures with units."""

import pytest

from edgewise.errors import UserError
from edgewise.plan.quantity import (
    BYTES,
    BYTES_PER_SECOND,
    FLOPS,
    OPERATIONS,
    USD_PER_HOUR,
    WATTS,
    Dimension,
    quantity,
)
from tests.each_row import each_row


@each_row(
    "written, dimension, meant",
    [
        ("80 GB", BYTES, 80e9),
        ("16GiB", BYTES, 16 * 2**30),
        (80_000_000_000, BYTES, 80e9),
        ("3.35 TB/s", BYTES_PER_SECOND, 3.35e12),
        ("400 Gb/s", BYTES_PER_SECOND, 50e9),
        ("989.4 TFLOP/s", FLOPS, 989.4e12),
        ("2.25 PFLOPS", FLOPS, 2.25e15),
        ("1.98e15", FLOPS, 1.98e15),
        ("2 USD/h", USD_PER_HOUR, 2),
        (0.67, USD_PER_HOUR, 0.67),
        ("15 W", WATTS, 15),
        ("30 TOPS", OPERATIONS, 30),
    ],
)
def test_a_figure_is_read_in_its_base_unit(written: object, dimension: Dimension, meant: float):
    assert quantity(written, dimension, "x") == pytest.approx(meant)


@each_row(
    "written, dimension, told",
    [
        ("-80 GB", BYTES, r"mine\.memory: -80 GB is"),
        (-1, BYTES, r"mine\.memory: -1 is"),
        ("80 PB", BYTES, r"from 1e\+06 to"),
        ("3 bytes", BYTES, "the unit 'bytes' is not known; write"),
        ("3.35 TB", BYTES_PER_SECOND, "TB/s"),
        ("fast", BYTES_PER_SECOND, "does not begin with a number"),
        ("1e400 W", WATTS, "inf"),
        (float("nan"), WATTS, "nan"),
        (10**400, WATTS, "hundreds of digits"),
        (True, WATTS, "no figure"),
        (["80 GB"], BYTES, "no figure"),
    ],
)
def test_what_is_no_figure_is_told_with_its_key(written: object, dimension: Dimension, told: str):
    with pytest.raises(UserError, match=told) as refused:
        quantity(written, dimension, "mine.memory")
    assert refused.value.code == "bad_chip"
    assert str(refused.value).startswith("mine.memory")
