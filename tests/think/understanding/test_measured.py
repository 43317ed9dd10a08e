# ruff: noqa: E501  (a table of sentences is read by rows; broken rows cannot be compared)

from edgewise.think.understanding.measured import find_measured, is_only_measured
from edgewise.think.understanding.normalise import normalise
from tests.each_row import each_row


def values(text: str) -> list[float]:
    return [number.value for number in find_measured(normalise(text).plain)]


@each_row(
    "text",
    ["it's 30 degrees outside", "it is 30 degrees in here", "the ac is at 30 degrees", "outside it is 30 degrees", "it's 30 outside",
     "it's already thirty degrees in the car", "the temperature is 30 degrees", "the thermometer says 30 degrees", "it's hot, 30 degrees outside",
     "the temperature outside is 30 degrees", "it feels like 30 degrees", "it's 30°C out there",
     "外面三十度了", "外面三十度", "今天三十度", "今天才三十度", "车里都三十度了", "车里三十度太热了", "现在三十度", "空调三十度太热了", "室外温度三十度",
     "车里已经三十度了", "三十度了", "温度显示三十度", "外面的温度是三十度", "太热了,现在三十度"],
)  # fmt: skip
def test_degrees_that_are_told_are_found(text: str):
    assert values(text) == [30]


@each_row(
    "text",
    ["30 degrees", "set it to 30 degrees", "make it 30 degrees in here", "make sure it's 30 degrees in here", "I want it to be 30 degrees",
     "the temperature should be 30 degrees", "turn the heat up until it is 30 degrees", "I'd like it if it's 30 degrees", "temperature 30", "30 degrees please",
     "三十度", "调到三十度", "空调三十度", "温度三十度", "车内温度三十度", "我要三十度", "室温三十度就好", "现在调到三十度", "把温度现在设到三十度", "现在三十度就行", "外面三十块"],
)  # fmt: skip
def test_degrees_that_are_wanted_or_bare_are_none(text: str):
    assert values(text) == []


def test_what_is_told_and_what_is_wanted_are_told_apart_in_one_sentence():
    assert values("it's 19 degrees in here, make it 22 degrees") == [19]
    assert values("外面三十度,把空调调到二十度") == [30]


@each_row(
    "text",
    ["it's 30 degrees outside", "the ac is at 20 degrees", "oh it's already 30 degrees in here", "minus five outside", "外面三十度了", "今天才三度", "现在三十度", "车里都三十度了呢"],
)  # fmt: skip
def test_a_text_may_say_no_more_than_how_warm_it_is(text: str):
    assert is_only_measured(normalise(text).plain)


@each_row(
    "text",
    ["it's 30 degrees outside open the window", "it's 30 degrees in here make it 20 degrees", "it's too warm, 30 degrees outside", "30 degrees",
     "外面三十度把窗户打开", "车里三十度太热了", "空调三十度"],
)  # fmt: skip
def test_a_text_that_says_more_is_read_on(text: str):
    assert not is_only_measured(normalise(text).plain)
