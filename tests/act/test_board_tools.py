"""A device's tools become its catalogue: standard ones serve what all understand, others ask."""

from functools import cache

import pytest

from edgewise.act.board_status import BRIGHTNESS, DARK_MODE, VOLUME
from edgewise.act.board_tools import LOOK, Board, Use, board_of
from edgewise.act.exposure import classes_of, is_exposed
from edgewise.act.function import Catalogue
from edgewise.act.resolve import resolve
from edgewise.core.call import Call, Effect, Impossible, Resolved
from edgewise.core.capability import Capability, Risk
from edgewise.core.label import OriginKind, label_of
from edgewise.core.signal import JsonValue, snapshot_of
from edgewise.core.thought import Context
from edgewise.core.words import Language
from edgewise.think.understand import Understander, load_understander
from tests.act.firmware import OWN, PERCENT, STANDARD, TOOLS, tool


def own(board: Board) -> dict[str, Capability]:
    found = (f.capability for f in board.functions)
    return {c.name: c for c in found if c.provider == "board"}


def effects(board: Board, name: str, clause: str = "", **arguments: JsonValue) -> Resolved:
    call = Call("t1", name, dict(arguments), label_of(OriginKind.VOICE), clause=clause)
    resolved = resolve(call, Catalogue(board.functions), snapshot_of({}))
    assert isinstance(resolved, Resolved), resolved
    return resolved


def test_the_standard_tools_write_what_every_device_understands():
    board = board_of(STANDARD)
    assert dict(board.uses) == {
        VOLUME: Use("self.audio_speaker.set_volume", "volume"),
        BRIGHTNESS: Use("self.screen.set_brightness", "brightness"),
        DARK_MODE: Use("self.screen.set_theme", "theme", ("light", "dark")),
        LOOK: Use("self.camera.take_photo"),
    }
    assert board.status == "self.get_device_status"
    assert board.uses[DARK_MODE].arguments(True) == {"theme": "dark"}
    assert board.uses[VOLUME].arguments(40) == {"volume": 40}


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"volume": {"type": "string"}},
        {"volume": {"type": "integer", "minimum": 0, "maximum": 10}},
        {"volume": PERCENT, "channel": {"type": "integer"}},
    ],
)
def test_a_tool_with_a_standard_name_and_another_schema_is_no_standard_tool(
    schema: dict[str, object],
):
    board = board_of([tool("self.audio_speaker.set_volume", schema)])
    assert VOLUME not in board.uses
    assert "board.audio_speaker_set_volume" in own(board)


def test_every_other_tool_becomes_a_capability_whose_target_tells_how_bad_it_is():
    found = own(board_of(OWN))
    assert {name: (c.risk, c.actuators) for name, c in found.items()} == {
        "board.lamp_turn_on": (Risk.DISRUPTIVE, ("board.act.lamp_turn_on",)),
        "board.lamp_turn_off": (Risk.DISRUPTIVE, ("board.act.lamp_turn_off",)),
        "board.lamp_get_state": (Risk.READ, ("board.read.lamp_get_state",)),
        "board.chassis_go_forward": (Risk.DISRUPTIVE, ("board.act.chassis_go_forward",)),
        "board.chassis_stop": (Risk.REVERSIBLE, ("board.stop.chassis_stop",)),
        "board.fan_set_speed": (Risk.DISRUPTIVE, ("board.act.fan_set_speed",)),
        "board.door_open": (Risk.IRREVERSIBLE, ("board.final.door_open",)),
    }


@pytest.mark.parametrize(
    ("sort", "classes"),
    [("read", ("tool",)), ("look", ("tool",)), ("stop", ("board.stop",)),
     ("act", ("tool", "board.act")), ("final", ("tool", "board.final"))],
)  # fmt: skip
def test_the_policy_sees_how_bad_a_tool_is(sort: str, classes: tuple[str, ...]):
    assert classes_of(f"board.{sort}.x", {}, None) == classes
    assert is_exposed(f"board.{sort}.x")
    assert not is_exposed("board.x")


def test_the_owner_s_tools_and_a_second_tool_of_a_name_are_left_out():
    hidden = (tool("self.reboot"), tool("self.secret", audience=("user",)))
    board = board_of([*hidden, tool("self.lamp.on"), tool("self.lamp.on", {"x": PERCENT})])
    assert list(own(board)) == ["board.lamp_on"]
    assert own(board)["board.lamp_on"].arguments == ()
    assert {use.tool for use in board.uses.values()} == {"self.lamp.on"}


def test_names_that_become_alike_are_numbered():
    board = board_of([tool("self.灯.开"), tool("self.灯.关"), tool("self.Lamp"), tool("lamp")])
    assert list(own(board)) == ["board.tool", "board.tool_2", "board.lamp", "board.lamp_2"]
    assert board.uses["board.act.tool_2"].tool == "self.灯.关"


def test_a_tool_that_cannot_be_declared_is_left_out_and_said_so():
    rows = {"type": "array", "items": {"type": "number"}}
    board = board_of([tool("self.led.draw", {"rows": rows}), tool("self.lamp.on")])
    assert list(own(board)) == ["board.lamp_on"]
    assert len(board.problems) == 1
    assert "'rows'" in board.problems[0]


def test_a_description_is_nowhere():
    assert "IGNORE" not in repr(board_of(TOOLS))


def test_what_a_tool_answers_is_not_trusted():
    board = board_of(TOOLS)
    for name, kind in (("board.lamp_get_state", OriginKind.TOOL), ("board.look", OriginKind.IMAGE)):
        label = effects(board, name).label
        assert label is not None
        assert [origin.kind for origin in label.origins] == [kind]
        assert not label.trusted


def test_the_camera_is_asked_what_the_person_asked():
    board = board_of(TOOLS)
    seen = effects(board, "board.look", clause="what am I holding").effects
    assert seen == (Effect(LOOK, {"question": "what am I holding"}),)
    asked = effects(board, "board.look", clause="x", question="how many cups").effects
    assert asked == (Effect(LOOK, {"question": "how many cups"}),)


def test_stop_also_stops_what_the_device_moves():
    board = board_of(TOOLS)
    stopped = effects(board, "dialog.control", action="stop").effects
    assert stopped == (Effect("board.stop.chassis_stop", {}),)
    assert effects(board, "dialog.control", action="cancel").effects == ()


def test_what_cannot_be_undone_is_not_meant_by_words():
    board = board_of(TOOLS)
    sayable = {capability.name for capability in board.sayable}
    assert "board.door_open" not in sayable
    assert {"board.lamp_turn_on", "window.set"} <= sayable
    assert len(sayable) == len(board.functions) - 1


def test_words_that_name_another_thing_call_nothing_and_an_answer_names_none():
    board = board_of([tool("self.dog.walk_forward", {"steps": {"type": "integer"}})])
    label = label_of(OriginKind.VOICE)
    call = Call("t1", "board.dog_walk_forward", {"steps": 3}, label, clause="open the door")
    assert isinstance(resolve(call, Catalogue(board.functions), snapshot_of({})), Impossible)
    answer = Call("t1", "board.dog_walk_forward", {"steps": 3}, label, clause="3", asked=("steps",))
    assert isinstance(resolve(answer, Catalogue(board.functions), snapshot_of({})), Resolved)
    suggested = Call("t1", "board.dog_walk_forward", {"steps": 3}, label)
    assert isinstance(resolve(suggested, Catalogue(board.functions), snapshot_of({})), Resolved)


def understood(text: str) -> list[tuple[str, dict[str, JsonValue]]]:
    language = Language.ENGLISH if text.isascii() else Language.CHINESE
    thought = understander().understand(text, Context(language))
    return [(call.capability, call.arguments) for call in thought.calls]


@cache
def understander() -> Understander:
    return load_understander(board_of(TOOLS).sayable)


@pytest.mark.parametrize(
    ("text", "name", "arguments"),
    [
        ("turn on the lamp", "board.lamp_turn_on", {}),
        ("could you turn the light off please", "board.lamp_turn_off", {}),
        ("请把灯打开", "board.lamp_turn_on", {}),
        ("关灯", "board.lamp_turn_off", {}),
        ("go forward", "board.chassis_go_forward", {}),
        ("往前走", "board.chassis_go_forward", {}),
        ("what is the lamp state", "board.lamp_get_state", {}),
        ("set the fan speed to 4", "board.fan_set_speed", {"speed": 4}),
        ("把风扇的速度调到2", "board.fan_set_speed", {"speed": 2}),
        ("what do you see", "board.look", {}),
        ("set the volume to 50", "media.set_volume", {"level": 50}),
        ("louder", "media.set_volume", {"delta": 10}),
        ("把音量调到五十", "media.set_volume", {"level": 50}),
        ("把屏幕调暗一点", "device.set_setting", {"key": "brightness", "delta": -10}),
        ("换成深色主题", "device.set_setting", {"key": "dark_mode", "on": True}),
        ("how loud is it", "media.get_info", {"kind": "volume"}),
        ("电量还有多少", "vehicle.get_status", {"topics": ["battery"]}),
        ("what is 3 plus 4", "info.compute", {"kind": "math", "expression": "3 plus 4"}),
        ("open the window", "window.set", {"percent": 100}),
    ],
)
def test_what_people_say_to_the_device_is_understood(
    text: str, name: str, arguments: dict[str, JsonValue]
):
    assert understood(text) == [(name, arguments)]


@pytest.mark.parametrize(
    "text",
    ["the lamp is nice", "don't turn on the lamp", "open the door", "开门", "reboot yourself",
     "did you turn on the lamp", "I saw somebody go forward yesterday"],
)  # fmt: skip
def test_what_asks_for_nothing_or_cannot_be_undone_calls_no_tool(text: str):
    assert not [name for name, _ in understood(text) if name.startswith("board.")]
