"""A tool is called only by words that name its thing."""

from itertools import product

import pytest

from edgewise.act.board_things import speaks_of
from edgewise.act.board_tools import board_of
from edgewise.act.board_words import THINGS, named
from edgewise.act.function import Catalogue
from edgewise.act.resolve import resolve
from edgewise.core.call import Resolved
from edgewise.core.label import OriginKind, label_of
from edgewise.core.signal import snapshot_of
from edgewise.core.thought import Context
from edgewise.core.words import Language
from edgewise.think.understand import load_understander
from tests.act.firmware import tool

NAMES = (
    "self.lamp.turn_on", "self.lamp.turn_off", "self.lamp.get_state", "self.front_door.open",
    "self.dog.stop", "self.dog.sit", "self.dog.shake_hand", "self.aquarium_pump.stop",
    "self.curtain.open", "self.curtain.close",
)  # fmt: skip
BOARD = board_of([tool(name) for name in NAMES])
UNDERSTANDER = load_understander(BOARD.sayable)
OF_TOOL = {
    "lamp": {"lamp", "light", "led", "bulb", "desk lamp", "灯", "台灯", "灯泡"},
    "front_door": {"front door", "前门"},
    "dog": {"dog", "robot dog", "狗", "机器狗"},
    "aquarium": {"pump", "aquarium pump", "水泵", "鱼缸水泵"},
    "curtain": {"curtain", "窗帘"},
}
"""Every name of a thing that may call its tools."""
THINGS_EN = sorted({*THINGS, "front door", "back door", "safe", "fridge", "dog", "robot dog", "cat",
                    "desk lamp", "aquarium pump", "television", "oven", "box"})  # fmt: skip
THINGS_ZH = sorted({*THINGS.values(), "前门", "后门", "车门", "冰箱", "机器狗", "狗", "猫", "台灯",
                    "鱼缸水泵", "烤箱", "抽屉", "保险柜", "暖气", "盒子"})  # fmt: skip
SAID_EN = ("open the {}", "close the {}", "turn on the {}", "switch off the {}", "turn the {} off",
           "stop the {}", "make the {} sit down", "is the {} on", "put out the {}")  # fmt: skip
SAID_ZH = ("打开{}", "把{}打开", "关闭{}", "把{}关掉", "关掉{}", "停止{}", "让{}坐下", "{}开着吗",
           "让{}停下")  # fmt: skip


@pytest.mark.parametrize("said", [*SAID_EN, *SAID_ZH])
def test_the_tool_that_is_called_is_of_the_thing_that_was_named(said: str):
    language = Language.ENGLISH if said.isascii() else Language.CHINESE
    things = THINGS_EN if said.isascii() else THINGS_ZH
    context = Context(language, label=label_of(OriginKind.VOICE), turn="t")
    wrong: list[tuple[str, str]] = []
    for thing in things:
        text = said.format(thing)
        for call in UNDERSTANDER.understand(text, context).calls:
            ended = resolve(call, Catalogue(BOARD.functions), snapshot_of({}))
            if not call.capability.startswith("board.") or not isinstance(ended, Resolved):
                continue
            (of,) = (of for of in OF_TOOL if call.capability.startswith(f"board.{of}"))
            if thing not in OF_TOOL[of]:
                wrong.append((text, call.capability))
    assert wrong == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("self.lamp.turn_on", "把台灯打开"), ("self.lamp.turn_on", "turn the lights on"),
        ("self.lamp.turn_on", "turn it on"), ("self.lamp.turn_off", "kill the lamp"),
        ("self.dog.sit", "the robot dog sits down"), ("self.dog.sit", "坐下"),
        ("self.dog.sit", "请你快坐下"), ("self.dog.sit", "sit down please"),
        ("self.otto.walk_forward", "make my otto walk two steps"),
        ("self.aquarium_pump.stop", "停止水泵"), ("self.灯.打开", "把灯打开"),
        ("self.fan.set_speed", "风扇的速度调到3"), ("self.bedroom.lamp.turn_on", "打开卧室的灯"),
        ("self.bedroom.lamp.turn_on", "打开灯"), ("self.flux_capacitor.turn_on", "capacitor on"),
        ("", "what do you see"),
    ],
)  # fmt: skip
def test_its_thing_is_named_by_any_of_its_names(name: str, text: str):
    assert speaks_of(text, named(name))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("self.lamp.turn_on", "把前门打开"), ("self.lamp.turn_on", "open the front door"),
        ("self.lamp.turn_on", "turn off the lamp"), ("self.lamp.turn_off", "打开灯"),
        ("self.lamp.turn_on", "open it, the door"), ("self.dog.sit", "make the lamp sit down"),
        ("self.dog.sit", "the box sits down"), ("self.dog.sit", "抽屉坐下"),
        ("self.dog.walk_forward", "walk back"), ("self.dog.turn_left", "向右转"),
        ("self.bedroom.lamp.turn_on", "打开厨房的灯"), ("self.灯.打开", "打开门"),
        ("self.lamp.turn_on", "把猫打开"),
    ],
)  # fmt: skip
def test_another_thing_another_place_or_the_contrary_is_not_meant(name: str, text: str):
    assert not speaks_of(text, named(name))


@pytest.mark.parametrize(("one", "other"), [*product(("lamp", "fan", "curtain", "tv"), repeat=2)])
def test_a_thing_is_no_other_thing(one: str, other: str):
    for text in (f"turn on the {other}", f"打开{THINGS[other]}", f"把{THINGS[other]}打开"):
        assert speaks_of(text, named(f"self.{one}.turn_on")) == (one == other)
