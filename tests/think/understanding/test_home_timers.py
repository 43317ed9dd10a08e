import pytest

from edgewise.think.understanding.home_timers import read_timer
from edgewise.think.understanding.normalise import normalise
from tests.think.understanding.at_home import HOME


def timer(**more: object) -> dict[str, object]:
    return {"kind": "timer"} | more


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("set a tea timer for 4 minutes", timer(op="set", duration=240, label="tea")),
        ("start a timer called roast for 2 hours and 10 minutes",
         timer(op="set", duration=7800, label="roast")),
        ("timer for 1/2 an hour", timer(op="set", duration=1800)),
        ("set a timer for 2 and a half minutes", timer(op="set", duration=150)),
        ("add two minutes to the egg timer", timer(op="extend", duration=120, label="egg")),
        ("take 10 minutes off the 45 minute timer",
         timer(op="shorten", duration=600, length=2700)),
        ("decrease the timer for 1 hour by 5 minutes",
         timer(op="shorten", duration=300, length=3600)),
        ("cancel all timers in the bathroom", timer(op="cancel", area="Bathroom", all=True)),
        ("stop the 20 minute timer", timer(op="cancel", length=1200)),
        ("pause my bathroom timer", timer(op="pause", area="Bathroom")),
        ("continue timer for tea", timer(op="resume", label="tea")),
        ("how long is left on the tea timer", timer(op="query", label="tea")),
        ("浴室計時器還剩多久", timer(op="query", area="浴室")),
        ("撥計時器到三個字", timer(op="set", duration=900)),
        ("撥計時器到 1 個鐘 半", timer(op="set", duration=5400)),
        ("增加五分鐘到嗰個一個鐘頭計時器", timer(op="extend", duration=300, length=3600)),
        ("設定一個叫雞蛋的五分鐘計時器", timer(op="set", duration=300, label="雞蛋")),
    ],
)  # fmt: skip
def test_a_timer_is_meant_by_name_length_or_area(text: str, arguments: dict[str, object]):
    assert read_timer(normalise(text), HOME) == arguments


@pytest.mark.parametrize(
    "text",
    [
        "set a timer",
        "don't cancel the timer",
        "set a timer for 5 minutes and turn off the lights",
        "remind me in ten minutes",
        "turn on the bathroom light for five minutes",
    ],
)
def test_what_is_no_whole_order_to_a_timer_is_left_alone(text: str):
    assert read_timer(normalise(text), HOME) is None
