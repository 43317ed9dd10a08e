"""Zones name seats; left and right follow the side the driver sits on."""

import pytest

from edgewise.core.zone import SINGLE_ZONES, Zone, members, row_of, side_of
from tests.each_row import each_row


def test_all_stands_for_every_single_zone() -> None:
    assert members(Zone.ALL) == SINGLE_ZONES


def test_a_single_zone_stands_for_itself() -> None:
    assert members(Zone.ROW2_LEFT) == (Zone.ROW2_LEFT,)


def test_the_rear_left_seat_is_behind_the_driver_where_the_driver_sits_left() -> None:
    assert side_of(Zone.ROW2_LEFT) == side_of(Zone.DRIVER)


def test_the_rear_left_seat_is_behind_the_passenger_where_the_driver_sits_right() -> None:
    assert side_of(Zone.ROW2_LEFT, driver_on_left=False) == side_of(Zone.PASSENGER)


def test_a_group_has_no_side() -> None:
    with pytest.raises(KeyError):
        side_of(Zone.REAR)


@each_row(
    ("zone", "row"), [(Zone.DRIVER, 1), (Zone.FRONT, 1), (Zone.ROW2_RIGHT, 2), (Zone.ROW3, 3)]
)
def test_rows_count_from_the_front(zone: Zone, row: int) -> None:
    assert row_of(zone) == row
