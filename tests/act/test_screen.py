"""What is seen on a screen, and where a point is on it."""

import msgspec
import pytest

from edgewise.act.screen import Element, Point, Role, Seen, seen_of

PAGE = Seen(
    "shop",
    "Cart",
    720,
    1280,
    (
        Element("", (0, 0, 1000, 1000)),
        Element("Pay now", (100, 800, 900, 900), Role.BUTTON),
        Element("Search", (0, 0, 1000, 100), Role.FIELD, focused=True),
    ),
)


def test_the_smallest_element_under_a_point_comes_first():
    assert [element.text for element in PAGE.under(Point(500, 850))] == ["Pay now", ""]


def test_the_edge_of_a_box_belongs_to_it():
    assert PAGE.elements[1].covers(Point(100, 900))
    assert not PAGE.elements[1].covers(Point(99, 900))


def test_a_reading_comes_back_as_what_was_seen():
    assert seen_of(msgspec.to_builtins(PAGE)) == PAGE
    assert seen_of(msgspec.json.decode(msgspec.json.encode(PAGE))) == PAGE
    assert seen_of({"app": "shop"}) is None
    assert seen_of(None) is None


def test_what_has_the_focus_is_found():
    assert PAGE.focus is PAGE.elements[2]
    assert msgspec.structs.replace(PAGE, elements=()).focus is None


@pytest.mark.parametrize(("x", "y"), [(-1, 0), (0, 1001)])
def test_a_point_off_the_screen_is_refused(x: int, y: int):
    with pytest.raises(ValueError, match="not within 0 to 1000"):
        Point(x, y)


def test_a_box_that_reaches_beyond_the_edge_still_has_its_middle_on_the_screen():
    assert Element("x", (900, 1900, 1300, 2100)).centre == Point(1000, 1000)
