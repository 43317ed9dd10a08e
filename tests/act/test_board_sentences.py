"""Each sentence means one tool; none that a built-in capability of the same device has."""

import msgspec

from edgewise.act.board_sentences import Own, with_sentences
from edgewise.act.board_words import named
from edgewise.act.mcp_tool import declaration
from edgewise.core.capability import Capability, Example, Risk
from edgewise.core.words import Words
from tests.act.firmware import tool

BUILT_IN = Capability("media.play", Words("play", "播放"), Risk.REVERSIBLE,
                      en=(Example("play the radio"),), zh=(Example("播放收音机"),))  # fmt: skip


def own(name: str, risk: Risk = Risk.DISRUPTIVE, **properties: object) -> Own:
    declared = declaration(f"board.{name.replace('.', '_')}", "board", tool(name, properties))
    return Own(msgspec.structs.replace(declared, risk=risk), named(name))


def texts(capability: Capability) -> list[str]:
    return [example.text for example in (*capability.en, *capability.zh)]


def test_a_tool_is_asked_for_and_asked_about_by_its_name():
    (lamp,) = with_sentences([own("lamp.turn_on")], [])
    assert {"turn on the lamp", "turn on the light", "开灯"} <= set(texts(lamp))
    assert lamp.words == Words("turn on the lamp", "打开灯")


def test_a_sentence_of_a_built_in_capability_stays_its_own():
    (radio,) = with_sentences([own("radio.play")], [BUILT_IN])
    assert "play the radio" not in texts(radio)
    assert "播放收音机" not in texts(radio)
    gone = msgspec.structs.replace(BUILT_IN, available=False)
    (radio,) = with_sentences([own("radio.play")], [gone])
    assert {"play the radio", "播放收音机"} <= set(texts(radio))


def test_a_sentence_that_two_tools_would_have_is_nobody_s():
    lamp, led = with_sentences([own("lamp.turn_on"), own("led.turn_on")], [])
    assert "开灯" not in texts(lamp) + texts(led)
    assert "turn on the lamp" in texts(lamp)
    assert "turn on the led" in texts(led)
    assert lamp.words.zh != led.words.zh


def test_another_name_of_a_thing_gives_way_to_the_thing_that_is_called_so():
    lamp, light = with_sentences([own("lamp.turn_on"), own("light.turn_on")], [])
    assert "turn on the light" in texts(light)
    assert "turn on the light" not in texts(lamp)
    assert "turn on the lamp" not in texts(light)


def test_what_cannot_be_undone_has_no_sentence_and_is_still_named():
    (door,) = with_sentences([own("door.open", Risk.IRREVERSIBLE)], [])
    assert texts(door) == []
    assert door.words.en == "open the door"


def test_one_number_that_is_needed_is_part_of_the_sentence():
    speed = {"type": "integer", "minimum": 1, "maximum": 5}
    (fan,) = with_sentences([own("fan.set_speed", speed=speed)], [])
    assert Example("set the fan speed to 3", {"speed": 3}) in fan.en
    assert Example("把风扇的速度调到3", {"speed": 3}) in fan.zh


def test_a_tool_with_several_needs_is_called_by_its_name_and_asks_for_them():
    number = {"type": "integer"}
    (led,) = with_sentences([own("led.set_rgb", r=number, g=number, b=number)], [])
    assert Example("set the led rgb") in led.en
