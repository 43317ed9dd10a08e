"""A busy machine is told before it is measured, and figures that disagree after."""

import os

import pytest

from edgewise.cli.plan_quiet import is_uneven, load_now, told_of_load, told_of_probes
from edgewise.plan.number_format import NumberFormat
from tests.each_row import each_row

STEADY = [0.0100, 0.0104, 0.0101, 0.0099, 0.0400]
"""One hiccup in five is what the median is for."""


@each_row("load, cores, busy", [(1.1, 2, True), (0.9, 2, False), (3.0, 8, False), (None, 2, False)])
def test_a_load_above_half_of_the_cores_is_told(load: float | None, cores: int, busy: bool) -> None:
    told = told_of_load(load, cores)
    assert (told is not None) is busy
    if told is not None:
        assert "load 1.1 on 2 cores" in told.en


def test_a_system_that_tells_no_load_is_not_called_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (load_now() or 0.0) >= 0
    monkeypatch.delattr(os, "getloadavg")
    assert load_now() is None


@each_row(
    "times, uneven",
    [
        (STEADY, False),
        ([0.022, 0.020, 0.365, 0.300, 0.021], True),
        ([0.01, -0.02, -0.01, 0.01, 0.01], True),
    ],
)
def test_repeats_that_disagree_grossly_are_seen(times: list[float], uneven: bool) -> None:
    assert is_uneven(times) is uneven


def test_a_narrow_format_that_is_slower_than_a_wide_one_is_told() -> None:
    q4, q8 = NumberFormat.Q4_1, NumberFormat.Q8_0
    assert told_of_probes([STEADY], {q4: 0.010, q8: 0.016}) is None
    assert told_of_probes([STEADY], {q4: 0.017, q8: 0.016}) is None
    slower = told_of_probes([STEADY], {q8: 0.016, q4: 0.365})
    assert slower is not None
    assert "q4_1 came out slower than q8_0" in slower.en
    assert "quiet" in slower.en


def test_uneven_repeats_are_told() -> None:
    told = told_of_probes([STEADY, [0.02, 0.02, 0.3, 0.4, 0.02]], {})
    assert told is not None
    assert "repeat when the machine is quiet" in told.en
