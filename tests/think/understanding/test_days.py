from datetime import date

from edgewise.think.understanding.days import find_days
from tests.each_row import each_row

MONDAY = date(2026, 11, 23)


@each_row(
    ("text", "day"),
    [
        ("the day after tomorrow", date(2026, 11, 25)),
        ("大后天", date(2026, 11, 26)),
        ("this weekend", date(2026, 11, 28)),
        ("下下周一", date(2026, 12, 7)),
        ("on the 5th", date(2026, 12, 5)),
        ("二月三号", date(2027, 2, 3)),
        ("2027-02-28", date(2027, 2, 28)),
    ],
)
def test_a_day_is_counted_from_today(text: str, day: date):
    assert [(found, text[start:end]) for found, start, end in find_days(text, MONDAY)] == [
        (day, text)
    ]


@each_row("text", ["2027-02-30", "五号线", "may i"])
def test_what_is_no_day_gives_none(text: str):
    assert find_days(text, MONDAY) == []
