"""No sentence may come out as its opposite: every pair of directions, over all capabilities.

A question instead of a call is allowed; a call the other way never is.
"""
# ruff: noqa: E501  (a table of sentences is read by rows; broken rows cannot be compared)

import pytest

from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.call import Call
from edgewise.core.label import OriginKind, label_of
from edgewise.core.thought import Context
from edgewise.core.words import Language
from edgewise.think.fixed import fixed
from edgewise.think.understand import Understander, load_understander
from tests.each_row import each_row

CONTEXT = Context(
    Language.ENGLISH, label=label_of(OriginKind.VOICE, "driver"), turn="t", now="2026-11-23T09:00"
)

# more, on, open, unlocked | less, off, shut, locked | capability
PAIRS: tuple[tuple[str, str, str], ...] = (
    ("open the window", "close the window", "window.set"),
    ("open all the windows", "shut all the windows", "window.set"),
    ("roll down the driver's window", "roll up the driver's window", "window.set"),
    ("lower the rear windows", "raise the rear windows", "window.set"),
    ("windows down", "windows up", "window.set"),
    ("wind down my window", "wind up my window", "window.set"),
    ("let the passenger window down", "put the passenger window up", "window.set"),
    ("打开车窗", "关闭车窗", "window.set"),
    ("降下主驾车窗", "升起主驾车窗", "window.set"),
    ("把左后车窗降下来", "把左后车窗升上去", "window.set"),
    ("把窗户摇下来", "把窗户摇上去", "window.set"),
    ("车窗全部打开", "车窗全部关上", "window.set"),
    ("车窗再开大一点", "车窗再关小一点", "window.set"),
    ("open the sunroof", "close the sunroof", "roof.set"),
    ("slide the sunroof open", "slide the sunroof shut", "roof.set"),
    ("打开天窗", "关上天窗", "roof.set"),
    ("天窗开一下", "天窗关一下", "roof.set"),
    ("打开遮阳帘", "关闭遮阳帘", "roof.set"),
    ("open the sunshade", "close the sunshade", "roof.set"),
    ("unlock the doors", "lock the doors", "door.lock"),
    ("unlock the car", "lock the car", "door.lock"),
    ("unlock all the doors", "lock all the doors", "door.lock"),
    ("解锁车门", "锁上车门", "door.lock"),
    ("车门解锁", "车门上锁", "door.lock"),
    ("把车门解锁", "把车门锁上", "door.lock"),
    ("开锁", "上锁", "door.lock"),
    ("打开车门锁", "锁好车门", "door.lock"),
    ("打开所有门锁", "锁上所有车门", "door.lock"),
    ("打开左后门的锁", "锁住左后门", "door.lock"),
    ("unlock the driver's door", "lock the driver's door", "door.lock"),
    ("open the trunk", "close the trunk", "trunk.set"),
    ("pop the boot", "shut the boot", "trunk.set"),
    ("打开后备箱", "关闭后备箱", "trunk.set"),
    ("把尾门打开", "把尾门关上", "trunk.set"),
    ("start the wipers", "disable the wipers", "wiper.set"),
    ("wipers on", "kill the wipers", "wiper.set"),
    ("turn my seat heating on", "i am done with my seat heating", "seat.set_heat_vent"),
    ("unfold the mirrors", "fold the mirrors", "mirror.set"),
    ("fold out the mirrors", "fold in the mirrors", "mirror.set"),
    ("展开后视镜", "折叠后视镜", "mirror.set"),
    ("后视镜打开", "后视镜收起", "mirror.set"),
    ("turn on the mirror heating", "turn off the mirror heating", "mirror.set"),
    ("打开后视镜加热", "关闭后视镜加热", "mirror.set"),
    ("turn on the air conditioning", "turn off the air conditioning", "climate.set_power"),
    ("switch the ac on", "switch the ac off", "climate.set_power"),
    ("打开空调", "关闭空调", "climate.set_power"),
    ("把空调打开", "把空调关了", "climate.set_power"),
    ("启动空调", "停止空调", "climate.set_power"),
    ("make it warmer", "make it cooler", "climate.set_temperature"),
    ("raise the temperature", "lower the temperature", "climate.set_temperature"),
    ("turn the temperature up two degrees", "turn the temperature down two degrees",
     "climate.set_temperature"),
    ("increase the temperature", "decrease the temperature", "climate.set_temperature"),
    ("调高温度", "调低温度", "climate.set_temperature"),
    ("温度升高两度", "温度降低两度", "climate.set_temperature"),
    ("把副驾温度调高一点", "把副驾温度调低一点", "climate.set_temperature"),
    ("turn up the fan", "turn down the fan", "climate.set_fan"),
    ("fan up", "fan down", "climate.set_fan"),
    ("风量调大", "风量调小", "climate.set_fan"),
    ("风速调高一点", "风速调低一点", "climate.set_fan"),
    ("defrost on", "defrost off", "climate.set_defrost"),
    ("打开除霜", "关闭除霜", "climate.set_defrost"),
    ("打开后窗除雾", "关掉后窗除雾", "climate.set_defrost"),
    ("turn on the seat heating", "turn off the seat heating", "seat.set_heat_vent"),
    ("turn up the seat heating", "turn down the seat heating", "seat.set_heat_vent"),
    ("打开座椅加热", "关闭座椅加热", "seat.set_heat_vent"),
    ("座椅通风打开", "座椅通风关掉", "seat.set_heat_vent"),
    ("座椅加热调高一点", "座椅加热调低一点", "seat.set_heat_vent"),
    ("turn on the massage", "turn off the massage", "seat.set_massage"),
    ("打开按摩", "关闭按摩", "seat.set_massage"),
    ("raise my seat", "lower my seat", "seat.move"),
    ("座椅升高一点", "座椅降低一点", "seat.move"),
    ("turn on the heated steering wheel", "turn off the heated steering wheel",
     "steering_wheel.heat"),
    ("打开方向盘加热", "关闭方向盘加热", "steering_wheel.heat"),
    ("turn on the lights", "turn off the lights", "light.interior.set"),
    ("switch on the reading light", "switch off the reading light", "light.interior.set"),
    ("brighten the ambient light", "dim the ambient light", "light.interior.set"),
    ("开灯", "关灯", "light.interior.set"),
    ("打开氛围灯", "关闭氛围灯", "light.interior.set"),
    ("氛围灯调亮一点", "氛围灯调暗一点", "light.interior.set"),
    ("turn on the headlights", "turn off the headlights", "light.exterior.set"),
    ("fog lights on", "fog lights off", "light.exterior.set"),
    ("打开大灯", "关闭大灯", "light.exterior.set"),
    ("打开远光灯", "关闭远光灯", "light.exterior.set"),
    ("打开双闪", "关闭双闪", "light.exterior.set"),
    ("start the wipers", "stop the wipers", "wiper.set"),
    ("wipers faster", "wipers slower", "wiper.set"),
    ("打开雨刮", "关闭雨刮", "wiper.set"),
    ("雨刮快一点", "雨刮慢一点", "wiper.set"),
    ("turn on the fragrance", "turn off the fragrance", "fragrance_fridge.set"),
    ("打开车载冰箱", "关闭车载冰箱", "fragrance_fridge.set"),
    ("enable blind spot monitoring", "disable blind spot monitoring", "adas.set_feature"),
    ("打开车道偏离预警", "关闭车道偏离预警", "adas.set_feature"),
    ("turn off the child lock", "turn on the child lock", "window.set_child_lock"),
    ("解除儿童锁", "打开儿童锁", "window.set_child_lock"),
    ("turn the volume up", "turn the volume down", "media.set_volume"),
    ("louder", "quieter", "media.set_volume"),
    ("音量调大", "音量调小", "media.set_volume"),
    ("声音大一点", "声音小一点", "media.set_volume"),
    ("unmute", "mute", "media.set_volume"),
    ("取消静音", "静音", "media.set_volume"),
    ("turn on bluetooth", "turn off bluetooth", "device.set_setting"),
    ("打开无线网", "关闭无线网", "device.set_setting"),
    ("screen brighter", "screen dimmer", "device.set_setting"),
    ("start charging", "stop charging", "vehicle.set_charging"),
    ("打开充电口", "关闭充电口", "vehicle.set_charging"),
    ("unlock the front door at home", "lock the front door at home", "home.control"),
    ("打开家里的窗帘", "关闭家里的窗帘", "home.control"),
)  # fmt: skip

# sentence | capability and direction of each clause
MIXED: tuple[tuple[str, tuple[tuple[str, int], ...]], ...] = (
    ("open the window and close the sunroof", (("window.set", 1), ("roof.set", -1))),
    ("close the window and open the sunroof", (("window.set", -1), ("roof.set", 1))),
    ("turn on the ac and turn off the lights", (("climate.set_power", 1), ("light.interior.set", -1))),
    ("lock the doors and open the trunk", (("door.lock", -1), ("trunk.set", 1))),
    ("unlock the doors then close the windows", (("door.lock", 1), ("window.set", -1))),
    ("turn the volume down and the fan up", (("media.set_volume", -1), ("climate.set_fan", 1))),
    ("turn the music up and the temperature down", (("media.set_volume", 1), ("climate.set_temperature", -1))),
    ("fold the mirrors and open the windows", (("mirror.set", -1), ("window.set", 1))),
    ("switch off the seat heating and switch on the massage", (("seat.set_heat_vent", -1), ("seat.set_massage", 1))),
    ("headlights on and interior lights off", (("light.exterior.set", 1), ("light.interior.set", -1))),
    ("open the window and then close it", (("window.set", 1), ("window.set", -1))),
    ("open the passenger window and close mine", (("window.set", 1), ("window.set", -1))),
    ("打开车窗关闭天窗", (("window.set", 1), ("roof.set", -1))),
    ("关闭车窗打开天窗", (("window.set", -1), ("roof.set", 1))),
    ("关闭空调，打开座椅加热", (("climate.set_power", -1), ("seat.set_heat_vent", 1))),
    ("把空调关了然后把窗户打开", (("climate.set_power", -1), ("window.set", 1))),
    ("锁上车门再打开后备箱", (("door.lock", -1), ("trunk.set", 1))),
    ("解锁车门并关上车窗", (("door.lock", 1), ("window.set", -1))),
    ("音量调大风量调小", (("media.set_volume", 1), ("climate.set_fan", -1))),
    ("温度调低一点，音量调高一点", (("climate.set_temperature", -1), ("media.set_volume", 1))),
    ("车窗打开空调关闭", (("window.set", 1), ("climate.set_power", -1))),
    ("打开左边的窗户，关上右边的", (("window.set", 1), ("window.set", -1))),
    ("收起后视镜然后开大灯", (("mirror.set", -1), ("light.exterior.set", 1))),
    ("先关窗再开空调", (("window.set", -1), ("climate.set_power", 1))),
    ("关掉氛围灯打开阅读灯", (("light.interior.set", -1), ("light.interior.set", 1))),
)  # fmt: skip
BOTH = [(a, 1, name) for a, _, name in PAIRS] + [(b, -1, name) for _, b, name in PAIRS]


@pytest.fixture(scope="module")
def understander() -> Understander:
    return load_understander(builtin_catalogue().capabilities)


def test_no_sentence_becomes_its_opposite(understander: Understander):
    for text, way, capability in BOTH:
        thought = fixed(text, CONTEXT) or understander.understand(text, CONTEXT)
        found = [(call.capability, direction(call)) for call in thought.calls]
        asks = not found and thought.question is not None
        assert asks or found == [(capability, way)], (text, thought)


@each_row(("text", "wanted"), MIXED)
def test_two_directions_in_one_sentence_stay_with_their_things(
    understander: Understander, text: str, wanted: tuple[tuple[str, int], ...]
):
    thought = understander.understand(text, CONTEXT)
    assert tuple((call.capability, direction(call)) for call in thought.calls) == wanted


def test_the_table_is_large_and_nearly_all_of_it_is_acted_on(understander: Understander):
    assert len(BOTH) >= 180
    acted = sum(
        bool((fixed(text, CONTEXT) or understander.understand(text, CONTEXT)).calls)
        for text, _, _ in BOTH
    )
    assert acted / len(BOTH) >= 0.97


def direction(call: Call) -> int:
    """1 for on, open, more, unlocked; -1 for off, shut, less, locked; 0 if the call says neither."""
    given = call.arguments
    for name in ("on", "open", "enabled", "heat", "tilt"):
        if name in given:
            sign = 1 if given[name] else -1
            return -sign if call.capability == "window.set_child_lock" else sign
    for name in ("locked", "fold", "mute"):
        if name in given:
            return -1 if given[name] else 1
    for name in ("delta", "level", "percent", "value"):
        value = given.get(name)
        if isinstance(value, int | float):
            return 1 if value > 0 else -1
    words = [given.get(name) for name in ("state", "mode", "action", "op", "level")]
    if {"off", "close", "lock", "min", "stop", "close_port", "pause"} & set(map(str, words)):
        return -1
    started = {"on", "open", "unlock", "max", "start", "open_port", "slow", "heat", "vent"}
    if started & set(map(str, words)):
        return 1
    return 1 if call.capability in ("seat.set_massage", "steering_wheel.heat") else 0
