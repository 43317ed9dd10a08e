"""What a voice device tells of itself: its own tools, whether it sees, and nothing of a car."""

from collections.abc import Sequence

import pytest

from edgewise.act.board_tools import board_of
from edgewise.core.label import OriginKind, label_of
from edgewise.core.thought import Context, MessageKind, Thought
from edgewise.core.words import Language, Words
from edgewise.talk.xiaozhi.tools import BoardTool
from edgewise.think.think import Thinking
from edgewise.think.understand import Understander, load_understander
from edgewise.think.voice_persona import MOST_NAMED, voice_persona
from tests.act.firmware import STANDARD, TOOLS, tool
from tests.each_row import each_row

BLIND = tuple(one for one in TOOLS if "camera" not in one.name)
LAMP = [tool(f"self.lamp.{name}") for name in ("turn_on", "turn_off", "get_state")]
OF_A_CAR = ("car", "phone", "workshop", "driv", "车", "手机", "驾驶")
_UNDERSTANDERS: dict[int, Understander] = {}


def thinking(tools: Sequence[BoardTool], talks: Sequence[Language] = tuple(Language)) -> Thinking:
    sayable = board_of(tools).sayable
    key = len(tools)
    if key not in _UNDERSTANDERS:
        _UNDERSTANDERS[key] = load_understander(sayable)
    persona = voice_persona(sayable, talks)
    return Thinking(_UNDERSTANDERS[key], None, "", sayable, persona=persona)


def thought(
    text: str, tools: Sequence[BoardTool] = BLIND, talks: Sequence[Language] = tuple(Language)
) -> Thought:
    language = Language.ENGLISH if text.isascii() else Language.CHINESE
    context = Context(language, label=label_of(OriginKind.VOICE), turn="t")
    return thinking(tools, talks).understand(text, context)


def words(
    text: str, tools: Sequence[BoardTool] = BLIND, talks: Sequence[Language] = tuple(Language)
) -> Words:
    question = thought(text, tools, talks).question
    assert question is not None, text
    return question


@each_row(
    "text",
    [
        "what can you do", "What can you do?", "help", "what can this device do",
        "how do I use you", "tell me what you can do", "what tools do you have",
        "what else can you do",
        "你能做什么", "你会什么", "帮助", "你都能干嘛", "有什么功能", "你可以帮我做什么", "怎么用",
        "功能介绍",
    ],
)  # fmt: skip
def test_it_tells_what_its_own_tools_do(text: str):
    told = words(text)
    for part in ("set the volume", "screen brightness", "switch the lamp", "go forward", "ask me"):
        assert part in told.en
    for part in ("调音量", "调屏幕亮度", "控制灯", "前进", "问我"):
        assert part in told.zh


def test_it_tells_no_more_than_it_has():
    told = words("what can you do", STANDARD[1:2], ())
    assert told == Words("I can set the volume and tell the time.", "我可以调音量、报时间。")


def test_it_offers_to_answer_only_in_the_languages_of_its_model():
    told = words("what can you do", BLIND, (Language.ENGLISH,))
    assert "ask me" in told.en
    assert "问我" not in told.zh


def test_what_can_not_be_said_or_undone_is_not_named():
    told = words("what can you do")
    for part in ("reboot", "open the door", "stop everything"):
        assert part not in told.en


def test_tools_are_named_as_people_say_them_and_a_lamp_is_one_thing():
    told = words("what can you do", [tool("self.dog.stop"), tool("self.chassis.stop"), *LAMP])
    assert told.en.startswith(
        "I can tell the time, stop the dog, stop the chassis and switch the lamp."
    )
    assert "让机器狗停下" in told.zh
    assert told.zh.count("灯") == 1


@each_row(
    "text",
    [
        "restart the device", "restart yourself", "reboot", "upgrade the firmware",
        "please update the system", "do a factory reset",
        "重启一下", "重启设备", "把设备重启一下", "升级固件", "升级一下系统", "恢复出厂设置",
    ],
)  # fmt: skip
def test_what_is_for_the_owners_hand_is_said_to_be(text: str):
    found = thought(text)
    assert found.calls == ()
    assert "owner's own hand" in words(text).en
    assert "亲手" in words(text).zh


@each_row("text", ["restart the song", "update my calendar", "重置闹钟", "更新一下日程"])
def test_what_else_is_restarted_is_not(text: str):
    found = thought(text)
    assert found.question is None or "owner" not in found.question.en


def test_of_many_tools_the_first_are_named_and_the_rest_counted():
    many = [*STANDARD, *(tool(f"self.lamp{number}.turn_on") for number in range(9))]
    told = words("what can you do", many)
    assert told.en.count("turn on") == MOST_NAMED
    assert "5 more things" in told.en
    assert "还有5项" in told.zh


@each_row(
    "text",
    [
        "what do you see", "what can you see", "look around", "look at this", "take a photo",
        "what is this", "what am I holding", "do you have a camera", "can you see me",
        "你看到了什么", "你能看到什么", "看看周围", "拍张照片", "这是什么", "我手里拿的是什么",
        "你有摄像头吗",
    ],
)  # fmt: skip
def test_without_a_camera_it_says_so_and_calls_nothing(text: str):
    found = thought(text)
    assert found.calls == ()
    assert found.question is not None
    assert "no camera" in found.question.en
    assert "没有摄像头" in found.question.zh


@pytest.mark.parametrize(
    "text",
    ["what do you see", "look around", "你看到了什么", "你能看到什么", "这是什么", "看看周围"],
)
def test_with_a_camera_it_looks(text: str):
    assert [call.capability for call in thought(text, TOOLS).calls] == ["board.look"]


@pytest.mark.parametrize("text", ["do you have a camera", "你有摄像头吗"])
def test_with_a_camera_it_says_that_it_has_one(text: str):
    assert "what do you see" in words(text, TOOLS).en


def test_a_tool_that_may_be_another_camera_is_not_denied():
    other = [*BLIND, tool("self.photo_camera.snap", {"a": {"type": "integer"}})]
    assert "no camera" not in (thought("do you have a camera", other).question or Words("", "")).en


@each_row(
    "text",
    [
        "who are you", "what are you", "hello", "hi there", "I am so tired", "I'm so bored",
        "the lamp is broken",
        "start the engine", "what is your name",
        "你好", "你是谁", "你叫什么名字", "我好累", "好无聊", "刹车",
        "麦克风坏了",
    ],
)  # fmt: skip
def test_it_speaks_of_no_car(text: str):
    told = words(text)
    assert not [part for part in OF_A_CAR if part in told.en + told.zh]


@pytest.mark.parametrize("text", ["are you in a car", "are you a car?", "你是车吗", "你在车里吗"])
def test_asked_whether_it_is_a_car_it_says_no(text: str):
    assert words(text).en.startswith("No")


@pytest.mark.parametrize("text", ["你会跳舞吗", "你会不会跳舞"])
def test_asked_for_what_a_tool_does_it_says_how_to_ask(text: str):
    assert "跳舞" in words(text, [*BLIND, tool("self.dog.dance")]).zh


@pytest.mark.parametrize(
    "text",
    ["turn on the lamp in ten minutes", "十分钟后开灯", "when it gets dark turn on the lamp"],
)
def test_it_does_nothing_at_once_that_was_asked_for_later(text: str):
    found = thought(text)
    assert found.calls == ()
    assert found.kind is MessageKind.UNKNOWN
    assert "remind" not in words(text).en


@pytest.mark.parametrize("text", ["read this for me", "你能放歌吗"])
def test_it_offers_no_choice_of_what_it_can_not_do(text: str):
    assert "Do you mean" not in words(text).en
