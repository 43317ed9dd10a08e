import pytest

from edgewise.think.understanding.command_model import UNEXPOSED, Guess
from edgewise.think.understanding.cues import correct
from tests.each_row import each_row

LIGHTS = [Guess("light.exterior.set", 0.6), Guess("light.interior.set", 0.3)]


@pytest.mark.parametrize("text", ["关闭所有阅读灯", "turn off all reading lights", "把氛围灯关了"])
def test_a_reading_light_is_never_a_headlight(text: str):
    assert correct(text, LIGHTS)[0].name == "light.interior.set"


@pytest.mark.parametrize("text", ["关闭所有车灯", "turn off all the lights", "把灯都关了"])
def test_all_lights_without_naming_outer_ones_are_inner_ones(text: str):
    assert correct(text, LIGHTS)[0].name == "light.interior.set"


@pytest.mark.parametrize("text", ["关闭所有车外灯", "turn off all exterior lights", "关闭大灯"])
def test_named_outer_lights_are_outer_ones(text: str):
    assert correct(text, LIGHTS[::-1])[0].name == "light.exterior.set"


@each_row(
    "text",
    [
        "hit the brakes",
        "启动发动机",
        "按喇叭",
        "挂倒挡",
        "松开手刹",
        "unbuckle my seat belt",
        "解开安全带",
    ],
)
def test_driving_itself_is_not_exposed_whatever_the_guess(text: str):
    assert correct(text, LIGHTS)[0].name == UNEXPOSED


def test_home_needs_a_word_of_home():
    guesses = [Guess("home.control", 0.8), Guess("climate.set_power", 0.1)]
    assert correct("turn on the ac", guesses)[0].name == "climate.set_power"
    assert correct("turn on the ac at home", guesses)[0].name == "home.control"


@each_row("text", ["现在高速上", "我们在隧道里", "正在路上"])
def test_where_we_are_asks_for_nothing(text: str):
    assert correct(text, [Guess("nav.edit_route", 0.9)])[0].name == "none"


def test_a_road_to_choose_is_still_asked_for():
    assert correct("走高速", [Guess("nav.edit_route", 0.9)])[0].name == "nav.edit_route"


@each_row(
    "text",
    ["tap pay now", "click on ok", "type hello", "press enter", "点击支付", "长按图片", "按回车"],
)
def test_a_finger_on_a_screen_is_meant_whatever_stands_under_it(text: str):
    assert correct(text, [Guess("pay.authorize", 0.8), Guess("gui.act", 0.1)])[0].name == "gui.act"
    assert correct("enter the car", [Guess("none", 0.8)])[0].name == "none"


@each_row(
    "text",
    [
        *("把空调开到二十三度", "空调开到23度", "空调打到十九度", "打开空调二十三度"),
        *("run the ac at 19 degrees", "ac to 20", "turn the ac on at nineteen", "把ac开到22度"),
    ],
)
def test_a_climate_that_is_to_run_at_a_temperature_is_set_to_it(text: str):
    guesses = [Guess("climate.set_power", 0.6), Guess("climate.set_temperature", 0.2)]
    best, *others = correct(text, guesses)
    assert (best.name, best.confidence) == ("climate.set_temperature", 0.8)
    assert [guess.name for guess in others] == ["climate.set_power"]


@each_row(
    "text",
    [
        *(
            "空调开二十分钟",
            "空调开到两档",
            "关掉空调二十度太冷",
            "如果到三十度打开空调",
            "三十度打开空调",
        ),
        *(
            "turn on the ac for 20 minutes",
            "turn the ac on at 20:00",
            "turn on the ac at 20 past 8",
        ),
        *(
            "turn on the ac at 8",
            "turn the ac off at 22",
            "turn on the ac when it gets to 30 degrees",
        ),
        *("turn on the ac", "ac on 20 percent"),
    ],
)
def test_a_number_that_is_no_temperature_leaves_the_climate_to_be_switched(text: str):
    guesses = [Guess("climate.set_power", 0.9), Guess("climate.set_temperature", 0.05)]
    assert correct(text, guesses)[0].name == "climate.set_power"
