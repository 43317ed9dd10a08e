"""Places in the car where a person sits or a thing acts.

Left and right are the car's own (looking forward). Which of them is the driver's is a fact of the
car (`driver_on_left`), so words are turned into zones here and nowhere else.
"""

from enum import StrEnum


class Zone(StrEnum):
    """A seat zone, or a group of them."""

    DRIVER = "driver"
    PASSENGER = "passenger"
    ROW2_LEFT = "row2_left"
    ROW2_RIGHT = "row2_right"
    ROW3 = "row3"
    FRONT = "front"
    REAR = "rear"
    ALL = "all"


SINGLE_ZONES = (Zone.DRIVER, Zone.PASSENGER, Zone.ROW2_LEFT, Zone.ROW2_RIGHT)

_MEMBERS = {
    Zone.FRONT: (Zone.DRIVER, Zone.PASSENGER),
    Zone.REAR: (Zone.ROW2_LEFT, Zone.ROW2_RIGHT),
    Zone.ALL: SINGLE_ZONES,
}


def members(zone: Zone) -> tuple[Zone, ...]:
    """The single zones that `zone` stands for, front row first; a single zone stands for itself."""
    return _MEMBERS.get(zone, (zone,))


def side_of(zone: Zone, *, driver_on_left: bool = True) -> str:
    """`DriverSide` or `PassengerSide`, as VSS 6.0 names the sides of a single zone.

    Raises KeyError for a group and for row 3, which have no one side.
    """
    left = "DriverSide" if driver_on_left else "PassengerSide"
    right = "PassengerSide" if driver_on_left else "DriverSide"
    return {
        Zone.DRIVER: "DriverSide",
        Zone.PASSENGER: "PassengerSide",
        Zone.ROW2_LEFT: left,
        Zone.ROW2_RIGHT: right,
    }[zone]


def row_of(zone: Zone) -> int:
    """The seat row, 1 at the front."""
    if zone in (Zone.DRIVER, Zone.PASSENGER, Zone.FRONT):
        return 1
    return 3 if zone is Zone.ROW3 else 2
