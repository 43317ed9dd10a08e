from hypothesis import given
from hypothesis import strategies as st

from edgewise.think.understanding.times import find_moments
from tests.each_row import each_row

NOW = "2026-11-23T10:15"  # a Monday


@each_row(
    ("text", "moment"),
    [
        ("明天早上八点", "2026-11-24T08:00"),
        ("下午三点半", "2026-11-23T15:30"),
        ("20分钟后", "2026-11-23T10:35"),
        ("in 20 minutes", "2026-11-23T10:35"),
        ("next monday", "2026-11-30"),
        ("下周三", "2026-12-02"),
        ("周五晚上7点", "2026-11-27T19:00"),
        ("3月5号", "2027-03-05"),
        ("march 5th at 5 pm", "2027-03-05T17:00"),
        ("今晚八点", "2026-11-23T20:00"),
        ("tonight at 8", "2026-11-23T20:00"),
        ("noon", "2026-11-23T12:00"),
        ("7 am", "2026-11-24T07:00"),
    ],
)
def test_a_moment_is_counted_from_now(text: str, moment: str):
    assert [found.value for found in find_moments(text, NOW)] == [moment]


def test_an_alarm_takes_the_early_hour_and_a_plan_the_late_one():
    assert find_moments("6:30 tomorrow", NOW, early=True)[0].value == "2026-11-24T06:30"
    assert find_moments("6:30 tomorrow", NOW)[0].value == "2026-11-24T18:30"


@each_row("text", ["每个工作日七点半的闹钟", "alarm at 7:30 every weekday", "7点半叫我起床"])
def test_an_hour_to_wake_up_at_is_one_of_the_morning_whatever_the_hour_is_now(text: str):
    assert [m.value[11:] for m in find_moments(text, NOW, early=True)] == ["07:30"]


@each_row("text", ["高一点", "set temperature to 22", "一点", "二十二度"])
def test_what_is_no_time_gives_none(text: str):
    assert find_moments(text, NOW) == []


def test_without_a_clock_nothing_is_guessed():
    assert find_moments("tomorrow at eight", "") == []


@given(st.text())
def test_any_text_is_read_without_an_error(text: str):
    find_moments(text, NOW)
