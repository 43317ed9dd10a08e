"""What a tool's name says: in English by its words, in Chinese by a table, never a fixed word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.act.board_words import (
    LONGEST,
    MOST_PHRASES,
    Named,
    named,
    numbered,
    otherwise,
    phrases,
)


@pytest.mark.parametrize(
    ("name", "things", "doing"),
    [
        ("self.lamp.turn_on", ("lamp",), ("turn", "on")),
        ("self.chassis.go_forward", (), ("go", "forward")),
        ("self.livingRoom.lampOn", ("living", "room"), ("lamp", "on")),
        ("turn_on_lamp", (), ("turn", "on", "lamp")),
        ("", (), ()),
    ],
)
def test_a_name_is_taken_apart(name: str, things: tuple[str, ...], doing: tuple[str, ...]):
    assert named(name) == Named(things, doing)


@pytest.mark.parametrize(
    ("name", "english", "chinese"),
    [
        ("self.lamp.turn_on", "turn on the lamp", "打开灯"),
        ("self.lamp.turn_on", "turn the lamp on", "开灯"),
        ("self.lamp.turn_on", "lamp turn on", "把灯打开"),
        ("turn_off_fan", "turn off the fan", "关掉风扇"),
        ("self.chassis.go_forward", "go forward", "前进"),
        ("self.dog.dance", "dance", "跳个舞"),
        ("self.curtain.open", "open the curtain", "打开窗帘"),
        ("self.lamp.get_state", "what is the lamp state", "灯的状态怎么样"),
    ],
)
def test_a_name_is_said_as_people_say_it(name: str, english: str, chinese: str):
    en, zh = phrases(named(name))
    assert english in en
    assert chinese in zh


def test_a_chinese_name_is_said_as_it_is():
    assert phrases(named("self.灯.打开")) == ([], ["灯打开"])


def test_a_thing_without_a_chinese_word_has_english_ones_only():
    en, zh = phrases(named("self.flux_capacitor.turn_on"))
    assert "turn on the flux capacitor" in en
    assert zh == []


def test_a_number_that_is_needed_is_part_of_the_words():
    en, zh = numbered(named("self.fan.set_speed"), "speed", 3)
    assert en == ["set the fan speed to 3"]
    assert "把风扇的速度调到3" in zh
    en, zh = numbered(named("self.dog.walk_forward"), "steps", 2)
    assert {"walk forward 2 steps", "let the dog walk 2 steps"} <= set(en)
    assert {"往前走2步", "让机器狗往前走2步"} <= set(zh)
    assert numbered(named("self.lamp.turn_on"), "level", 2) == ([], [])


def test_a_room_and_a_number_are_part_of_the_thing():
    assert "打开客厅的灯" in phrases(named("self.living_room.lamp.turn_on"))[1]
    assert "打开客厅灯" in phrases(named("self.living_room.lamp.turn_on"))[1]
    en, zh = phrases(named("self.relay1.on"))
    assert "turn on the relay 1" in en
    assert "打开继电器1" in zh


def test_what_a_body_does_is_said_without_its_name():
    assert phrases(named("self.otto.walk_forward"))[0] == ["walk forward"]


@pytest.mark.parametrize(
    "name",
    [
        "self.chassis.stop", "stop", "yes", "self.no", "cancel", "self.undo", "help",
        "self.audio_speaker.volume_up", "self.audio.mute", "self.screen.set_brightness",
        "self.system.get_info", "停止", "音量",
    ],
)  # fmt: skip
def test_what_every_device_understands_is_never_a_tool_s(name: str):
    assert phrases(named(name)) == ([], [])


def test_a_lamp_is_a_light_as_well():
    other = otherwise(named("self.lamp.turn_on"))
    assert other == Named(("light",), ("turn", "on"))
    assert otherwise(named("self.fan.turn_on")) is None


@given(st.text(max_size=100))
def test_any_name_gives_a_few_short_phrases(name: str):
    for said in phrases(named(name)):
        assert len(said) <= MOST_PHRASES
        assert all(1 < len(text) <= LONGEST for text in said)
