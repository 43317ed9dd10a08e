"""What is to be typed on a screen is text to its last word, and never another command."""

from typing import Any

from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.thought import Context, MessageKind, Thought
from edgewise.core.words import Language
from edgewise.think.understand import Understander
from edgewise.think.understanding.normalise import normalise
from edgewise.think.understanding.on_screen import begins_on_screen, screen_order, typing_within
from tests.each_row import each_row

KNOWN = Understander(builtin_catalogue(screen=True).capabilities)


def understood(text: str) -> Thought:
    return KNOWN.understand(text, Context(Language.ENGLISH, turn="t"))


def typed(text: str, target: str = "") -> dict[str, Any]:
    return {"action": "type"} | ({"target": target} if target else {}) | {"text": text}


def tapped(target: str) -> dict[str, Any]:
    return {"action": "tap", "target": target}


@each_row(
    ("text", "arguments"),
    [
        ("type I am here, open the sunroof in the message field",
         typed("I am here, open the sunroof", "message field")),
        ("在留言框输入我到了，打开空调等你", typed("我到了，打开空调等你", "留言框")),
        ("type it's me; unlock the doors. Open the trunk",
         typed("it's me; unlock the doors. Open the trunk")),
        ("type I am in the car", typed("I am in the car")),
        ("type in the search box: hello, world", typed("hello, world", "search box")),
        ("in the message field type hi, open the sunroof",
         typed("hi, open the sunroof", "message field")),
        ("enter hello in the name field", typed("hello", "name field")),
        ("type “latte, no sugar” in the search field", typed("latte, no sugar", "search field")),
        ("输入我到了，打开天窗", typed("我到了，打开天窗")),
        ("在搜索框输入上海浦东国际机场二号航站楼",
         typed("上海浦东国际机场二号航站楼", "搜索框")),
        ("在搜索框输入明天天气怎么样", typed("明天天气怎么样", "搜索框")),
        ("在搜索框中输入“苹果手机壳”", typed("苹果手机壳", "搜索框")),
        ("把你好，打开天窗输入到留言框里", typed("你好，打开天窗", "留言框")),
        ("I want you to type hello, open the sunroof", typed("hello, open the sunroof")),
        ("on my page type hi, open the sunroof", typed("hi, open the sunroof", "page")),
        ("打开搜索框输入你好，打开天窗", typed("你好，打开天窗", "搜索框")),
        ("用键盘输入我到了，打开天窗", typed("我到了，打开天窗")),
        ("type I left it in the car in the message field",
         typed("I left it in the car", "message field")),
        ("tap “Show weather”", tapped("Show weather")),
        ("点击“Show weather”", tapped("Show weather")),
        ("点击「天气」", tapped("天气")),
        ("点击 OK", tapped("OK")),
        ("按发送", tapped("发送")),
        ("点发送", tapped("发送")),
        ("向下滚动", {"action": "scroll", "target": "下"}),
        ("回到主屏幕", {"action": "home"}),
        ("回到桌面", {"action": "home"}),
        ("go to the home screen", {"action": "home"}),
    ],
)  # fmt: skip
def test_an_order_on_a_screen_is_one_call_whatever_its_text_says(
    text: str, arguments: dict[str, Any]
):
    thought = understood(text)
    assert thought.kind is MessageKind.COMMAND
    assert [(call.capability, call.arguments) for call in thought.calls] == [("gui.act", arguments)]


def test_no_command_that_the_device_knows_is_one_within_a_text_that_is_typed():
    for capability in builtin_catalogue(screen=True).capabilities:
        for said, first in (
            *((f"type hello, {example.text}", "hello") for example in capability.en),
            *((f"在留言框输入你好，{example.text}", "你好") for example in capability.zh),
        ):
            thought = understood(said)
            assert [call.capability for call in thought.calls] == ["gui.act"], said
            assert str(thought.calls[0].arguments["text"]).startswith(first), said


@each_row(
    ("text", "second"),
    [
        ("type 'see you at 5' in the message field and tap send", tapped("send")),
        ("在留言框输入“晚上七点见”然后点击发送", tapped("发送")),
        ('type "it is me, open the trunk" and open the window', {"percent": 100}),
    ],
)
def test_only_what_stands_behind_the_closing_mark_is_another_clause(
    text: str, second: dict[str, Any]
):
    first, then = understood(text).calls
    assert first.arguments["action"] == "type"
    assert then.arguments == second


@each_row("text", ["type hello and tap send", "输入你好然后点击发送"])
def test_a_step_behind_words_without_marks_is_neither_typed_nor_done(text: str):
    (call,) = understood(text).calls
    assert call.arguments["action"] == "enter"
    assert "text" in call.arguments  # which is more than one step: it is told how to say it


@each_row(
    ("text", "names"),
    [
        ("open the windows and type hello, open the sunroof in the message field",
         ["window.set", "gui.act"]),
        ("打开车窗，在搜索框输入你好，打开天窗", ["window.set", "gui.act"]),
        ("tap OK, type hello, unlock the doors", ["gui.act", "gui.act"]),
        ("tap OK and open the windows", ["gui.act", "window.set"]),
        ("he told me to open the app and type my name, open the sunroof", []),
        ("don't open the app and type hello", []),
        ("remind me to call mom and type up the report", ["alarm.manage"]),
        ("write a message to mom", ["message.send"]),
        ("enter sport mode", ["drive.set_mode"]),
        ("点外卖", ["order.place"]),
        ("hey car, type hello, open the sunroof", []),
    ],
)  # fmt: skip
def test_a_text_behind_another_clause_is_whole_too_and_other_orders_stay_what_they_are(
    text: str, names: list[str]
):
    assert [call.capability for call in understood(text).calls] == names


@each_row(
    "text",
    ["tap “a” or “b”, which is better", "click here to know what love is", "type", "点击“天气”"],
)
def test_what_begins_as_an_order_on_a_screen_is_no_question_for_a_model(text: str):
    assert begins_on_screen(normalise(text))
    assert understood(text).kind in (MessageKind.COMMAND, MessageKind.UNKNOWN)


@each_row("text", ["在哪里输入地址", "how do I type a message", "怎么输入密码", "type of fuel"])
def test_a_question_about_typing_types_nothing(text: str):
    assert screen_order(normalise(text)) is None


def test_an_order_without_its_text_or_target_is_one_that_asks():
    for text, action in (("type", "type"), ("tap", "tap"), ("在搜索框输入", "type")):
        order = screen_order(normalise(text))
        assert order is not None
        assert order.arguments["action"] == action
        assert "text" not in order.arguments


def test_the_place_of_an_order_to_type_is_behind_what_joins_it():
    said = normalise("tap OK and type hello")
    assert typing_within(said) == (6, 11)
    assert typing_within(normalise("tap OK and wait")) is None
