from hypothesis import given
from hypothesis import strategies as st

from edgewise.think.understanding.durations import find_durations
from tests.each_row import each_row


@each_row(
    ("text", "seconds"),
    [
        ("十分钟", 600),
        ("一个半小时", 5400),
        ("半小时", 1800),
        ("1小时20分钟", 4800),
        ("两分半钟", 150),
        ("一刻钟", 900),
        ("an hour and a half", 5400),
        ("half an hour", 1800),
        ("a minute and thirty seconds", 90),
    ],
)
def test_a_duration_is_read_in_seconds(text: str, seconds: int):
    assert [duration.seconds for duration in find_durations(text)] == [seconds]


@each_row("text", ["高一点", "hot air", "五天窗", "a m"])
def test_what_is_no_length_of_time_gives_none(text: str):
    assert find_durations(text) == []


@given(st.text())
def test_any_text_is_read_without_an_error(text: str):
    find_durations(text)
