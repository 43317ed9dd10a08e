"""Figures of an English answer become the words a person says."""

import pytest

from edgewise.answer.numbers_en import number, ordinal, said, year
from tests.each_row import each_row


def words(text: str) -> str:
    return " ".join(said(text).replace(" ,", ",").replace(" .", ".").split())


@each_row(
    "written, spoken",
    [
        ("22 °C", "twenty two degrees"),
        ("1 °C", "one degree"),
        ("-5 °C", "minus five degrees"),
        ("+2", "plus two"),
        ("80%", "eighty percent"),
        ("3.5 km", "three point five kilometers"),
        ("15 km/h", "fifteen kilometers an hour"),
        ("16.5 kWh/100 km", "sixteen point five kilowatt hours per hundred kilometers"),
        ("1 h 20 min", "one hour twenty minutes"),
        ("7:30", "seven thirty"),
        ("7:05 pm", "seven oh five P M"),
        ("9:00", "nine o'clock"),
        ("14:00", "fourteen hundred"),
        ("6 am", "six A M"),
        ("2026-11-30", "November thirtieth, twenty twenty six"),
        ("November 30, 2026", "November thirtieth, twenty twenty six"),
        ("3 March", "March third"),
        ("$12.50", "twelve dollars fifty cents"),
        ("¥12.5", "twelve point five yuan"),
        ("€1", "one euro"),
        ("20-25 °C", "twenty to twenty five degrees"),
        ("1,234 m", "one thousand two hundred thirty four meters"),
        ("3rd", "third"),
        ("21st", "twenty first"),
        ("007", "zero zero seven"),
        ("138-0013-8000", "one three eight, zero zero one three, eight zero zero zero"),
        ("13800138000", "one three eight zero, zero one three eight, zero zero zero"),
        ("version 2.1.3", "version two point one point three"),
        ("see example.com", "see example dot com"),
        ("a/b", "a or b"),
        ("no figures here", "no figures here"),
    ],
)
def test_figures_become_words(written: str, spoken: str):
    assert words(written) == spoken


def test_no_figure_is_left_over():
    for text in (
        "1" * 500,
        "1.2.3.4.5",
        "12:99",
        "99:99:99",
        "0x1F",
        "2026-99-99",
        "4-5-6",
        "½ 5²",
    ):
        assert not any(each.isascii() and each.isdigit() for each in said(text)), text


def test_large_numbers_have_their_scales():
    assert number(1_000_000) == "one million"
    assert number(999) == "nine hundred ninety nine"
    assert number(-7) == "minus seven"


def test_ordinals_and_years():
    assert [ordinal(n) for n in (1, 2, 5, 12, 20, 32)] == [
        "first", "second", "fifth", "twelfth", "twentieth", "thirty second",
    ]  # fmt: skip
    assert [year(n) for n in (1999, 2000, 2005, 2010, 1905)] == [
        "nineteen ninety nine", "two thousand", "two thousand five", "twenty ten",
        "nineteen oh five",
    ]  # fmt: skip


@pytest.mark.parametrize("value", [0, 13, 70, 101, 110, 1001, 10**15 - 1])
def test_a_number_has_words_only(value: int):
    assert number(value).replace(" ", "").isalpha()
