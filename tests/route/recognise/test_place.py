"""Positions and post codes."""

from edgewise.route.recognise.folded import fold
from edgewise.route.recognise.place import find_coordinates, find_places
from tests.each_row import each_row
from tests.route.recognise.reading import read


@each_row(
    "text",
    ["31.230416, 121.473701", "-33.8688,151.2093", "48.8566° N, 2.3522° E",
     "31°14'3.2\"N", "31度14分", "+31.230,+121.470"],
)  # fmt: skip
def test_a_position_is_found(text: str):
    assert ("LOCATION", text) in read(find_places, f"at {text}")


def test_a_position_that_is_said_in_words_is_found_in_both_parts():
    assert read(find_places, "北纬31.23，东经121.47") == [
        ("LOCATION", "31.23"),
        ("LOCATION", "121.47"),
    ]


@each_row("text", ["1.234, 2.3", "231.230416, 321.473701", "3.14159265", "24.5 and 21.5"])
def test_two_numbers_that_are_no_position_are_left(text: str):
    assert read(find_places, text) == []


def test_both_numbers_come_in_the_order_they_stand_in():
    ((start, end, first, second),) = find_coordinates(fold("x 121.4737,31.2304 y"))
    assert (start, end, first, second) == (2, 18, 121.4737, 31.2304)


@each_row("text", ["zip code is 48750", "ZIP: 3520", "邮编是100020", "postcode SW1A 1AA"])
def test_a_post_code_is_found_where_it_is_said_to_be_one(text: str):
    ((kind, value),) = read(find_places, text)
    assert kind == "ADDRESS"
    assert text.endswith(value)
    assert read(find_places, value) == []
