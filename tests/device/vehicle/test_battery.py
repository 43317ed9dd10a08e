"""When the battery charges, and how long it takes."""

from typing import Any

import pytest

from edgewise.device.vehicle.battery import (
    CABLE,
    CAPACITY,
    COMMAND,
    LIMIT,
    MAX_POWER,
    SPEED,
    TIMER_MODE,
    TIMER_TIME,
    needed_s,
    starts_in_s,
)
from tests.each_row import each_row

WALL = 1_767_225_600.0  # 2026-01-01T00:00:00Z
PLUGGED: dict[str, Any] = {
    CABLE: True,
    COMMAND: "STOP",
    LIMIT: 80,
    MAX_POWER: 11.0,
    CAPACITY: 75,
    SPEED: 0.0,
    TIMER_MODE: "INACTIVE",
    TIMER_TIME: "2026-01-01T02:00:00Z",
}


def test_ten_percent_of_75_kwh_at_11_kw_take_41_minutes():
    assert needed_s(PLUGGED, 70.0) == pytest.approx(7.5 / 11 * 3600)


def test_nothing_is_needed_beyond_the_limit():
    assert needed_s(PLUGGED, 85.0) == 0


@each_row(
    ("change", "starts"),
    [
        ({COMMAND: "START"}, 0.0),
        ({}, None),
        ({COMMAND: "START", CABLE: False}, None),
        ({COMMAND: "START", SPEED: 30.0}, None),
        ({COMMAND: "START", SPEED: None}, None),
        ({COMMAND: "START", LIMIT: 50}, None),
        ({COMMAND: "START", MAX_POWER: 0.0}, None),
        ({TIMER_MODE: "START_TIME"}, 7200.0),
        ({TIMER_MODE: "START_TIME", TIMER_TIME: "2026-01-01T10:00:00+08:00"}, 7200.0),
        ({TIMER_MODE: "START_TIME", TIMER_TIME: "2026-01-01T02:00"}, 7200.0),
        ({TIMER_MODE: "START_TIME", TIMER_TIME: "2025-12-31T23:00:00Z"}, 0.0),
        ({TIMER_MODE: "START_TIME", TIMER_TIME: None}, None),
        ({TIMER_MODE: "START_TIME", TIMER_TIME: "2026-99-99T02:00"}, None),
    ],
)
def test_charging_starts_by_order_or_by_timer_when_a_cable_is_in(
    change: dict[str, Any], starts: float | None
):
    assert starts_in_s(PLUGGED | change, 70.0, WALL) == starts


def test_an_end_time_starts_so_that_it_is_done_by_then():
    starts = starts_in_s(PLUGGED | {TIMER_MODE: "END_TIME"}, 70.0, WALL)
    assert starts == pytest.approx(7200 - needed_s(PLUGGED, 70.0))
