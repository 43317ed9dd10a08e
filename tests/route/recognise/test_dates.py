"""Dates of birth and ages, where they are said to be such."""

from edgewise.route.recognise.dates import find_births
from tests.each_row import each_row
from tests.route.recognise.reading import read


@each_row(
    "text, value, kind",
    [
        ("She was born on 2/8/1935.", "2/8/1935", "BIRTHDAY"),
        ("date of birth: 1991-06-24", "1991-06-24", "BIRTHDAY"),
        ("my birthday is May 4th, 1990", "may 4th, 1990", "BIRTHDAY"),
        ("我生日是1990年5月4日", "1990年5月4日", "BIRTHDAY"),
        ("1990年5月4日出生", "1990年5月4日", "BIRTHDAY"),
        ("he is a 61 year old man", "61", "AGE"),
        ("I just turned 47", "47", "AGE"),
        ("我今年36岁", "36", "AGE"),
    ],
)
def test_what_is_said_of_a_birth_is_found(text: str, value: str, kind: str):
    assert read(find_births, text.lower()) == [(kind, value)]


@each_row(
    "text", ["the meeting on 2/8/1935", "founded in 1977", "2026年5月4日放假", "turn 30 degrees"]
)
def test_any_other_date_is_left(text: str):
    assert read(find_births, text) == []
