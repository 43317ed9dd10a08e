"""English amounts in digits, and what is no amount."""

import pytest

from edgewise.perceive.amounts_en import with_digits


@pytest.mark.parametrize(
    ("heard", "typed"),
    [
        ("set it to twenty two", "set it to 22"),
        ("Twenty-two degrees", "22 degrees"),
        ("fifteen percent of eighty", "15 percent of 80"),
        ("at ten", "at 10"),
        ("am I free on December first?", "am I free on December 1st?"),
        ("on may the fifth", "on may the 5th"),
        ("on June twenty-first", "on June 21st"),
        ("until December the thirty first", "until December the 31st"),
        ("on May twelfth", "on May 12th"),
        ("a thirty second timer", "a 30 second timer"),
    ],
)
def test_an_amount_or_a_day_is_in_digits(heard: str, typed: str):
    assert with_digits(heard) == typed


@pytest.mark.parametrize(
    "text",
    [
        "for two hours",
        "at ten to six",
        "at twenty-five past nine",
        "nineteen eighty four",
        "one hundred and twenty",
        "twenty one point five",
        "thirty three four six ninety two",
        "a seventeen-year-old",
        "the second song",
        "the nineties",
        "the twenty first of June",
        "the twenty second of May",
    ],
)
def test_what_is_part_of_something_longer_stays(text: str):
    assert with_digits(text) == text
