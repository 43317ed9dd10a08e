import pytest

from edgewise.core.thought import MessageKind
from tests.think.understanding.at_home import car, hear


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("could you get the bathroom light on for me", "on"),
        ("麻烦帮我把床头灯开一下吧", "on"),
        ("麻烦帮我把床头灯关一下谢谢啦", "off"),
    ],
)
def test_words_that_mean_nothing_to_a_home_are_passed_over(text: str, action: str):
    (call,) = hear(text).calls
    assert (call.capability, call.arguments["action"]) == ("home.control", action)


@pytest.mark.parametrize(
    "text",
    [
        "the bathroom light is on somehow",
        "she never turned the bathroom light off",
        "turn off everything upstairs except the bathroom light",
        "不是说把床头灯关掉吗",
        "if the bathroom light is on turn it off",
        "nobody should turn off the bathroom light",
        "forget to turn off the bathroom light",
        "the cleaner should turn off the bathroom light",
        "turn off everything upstairs with the exception of the bathroom light",
        "turn off everything upstairs minus the bathroom light",
        "请勿关掉床头灯的开关呀",
        "unlock the porch door somebody is coming",
        "please make sure nobody can unlock the porch door",
    ],
)
def test_passing_words_over_makes_no_order_of_what_is_none(text: str):
    assert hear(text).kind is not MessageKind.COMMAND


def test_a_car_takes_nothing_of_a_home_that_it_does_not_know():
    thought = hear("get the reading light on for me", None, car())
    assert all(call.capability != "home.control" for call in thought.calls)
