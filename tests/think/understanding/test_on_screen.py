"""What is to be typed on a screen is text to its last word, and never another command."""

from typing import Any

from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.label import Label
from edgewise.core.thought import Context, Exchange, MessageKind, Thought
from edgewise.core.words import Language
from edgewise.think.understand import Understander
from edgewise.think.understanding.normalise import normalise
from edgewise.think.understanding.on_screen import (
    begins_on_screen,
    is_of_page,
    screen_order,
    step_within,
)
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
        ("type in the words close the sunroof", typed("close the sunroof")),
        ("type the word of the day", typed("the word of the day")),
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


@each_row("text", ["type hello and tap send", "输入你好然后点击发送", "输入你好，再点Send"])
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


def test_more_steps_than_are_read_at_once_are_said_to_be_left():
    thought = understood("tap help and " * 30 + "tap log in")
    assert len(thought.calls) <= 20
    assert thought.question is not None


def test_the_place_of_an_order_to_type_is_behind_what_joins_it():
    said = normalise("tap OK and type hello")
    assert step_within(said, typed=True) == (6, 11)
    assert step_within(normalise("tap OK and wait"), typed=True) is None
    assert step_within(normalise("open the window and tap OK"), typed=True) is None
    assert step_within(normalise("open the window and tap OK"), typed=False) == (15, 20)


BACK: dict[str, Any] = {"action": "back"}
PLAIN = Understander(builtin_catalogue().capabilities)
"""Of a device without a screen."""


@each_row(
    "text",
    ["go back", "back", "Back.", "please go back", "go back one page", "go back to the last screen",
     "返回", "后退", "返回吧", "退回去", "返回上一页", "回到上一页"],
)  # fmt: skip
def test_back_goes_back_where_there_is_a_screen_and_nowhere_else(text: str):
    assert [call.arguments for call in understood(text).calls] == [BACK]
    without = PLAIN.understand(text, Context(Language.ENGLISH, turn="t"))
    names_a_page = any(word in text for word in ("页", "page", "screen"))
    assert names_a_page or BACK not in [call.arguments for call in without.calls]


@each_row(
    ("text", "name"),
    [
        ("go back to 20 degrees", "climate.set_temperature"),
        ("take me back home", "nav.set_destination"),
        ("go back to the last song", "media.control"),
        ("返回20度", "climate.set_temperature"),
        ("back up", "media.set_volume"),
    ],
)
def test_what_goes_back_to_something_else_is_no_step_on_the_screen(text: str, name: str):
    assert [call.capability for call in understood(text).calls] == [name]


def test_back_is_said_of_what_the_talk_is_about():
    order = screen_order(normalise("go back"))
    assert order is not None
    assert is_of_page(order, ["gui.act", "app.open"])
    assert not is_of_page(order, ["nav.set_destination"])
    (call, *others) = understood("navigate to work, then go back").calls
    assert call.capability == "nav.set_destination"
    assert others == []
    song = understood("next song").calls
    context = Context(
        Language.ENGLISH, exchanges=(Exchange("next song", song, "", Label()),), turn="t"
    )
    assert BACK not in [call.arguments for call in KNOWN.understand("go back", context).calls]


@each_row(
    ("text", "target"),
    [
        ("clear the search field", "search field"),
        ("please empty the message box", "message box"),
        ("delete everything in the search bar", "search bar"),
        ("delete what I typed", ""),
        ("erase what I have just written", ""),
        ("清空搜索框", "搜索框"),
        ("把留言框里的内容都删掉", "留言框"),
        ("删除我刚才输入的内容", ""),
        ("把我输入的删掉", ""),
    ],
)
def test_a_field_is_cleared_by_words(text: str, target: str):
    (call,) = understood(text).calls
    assert call.arguments == {"action": "clear"} | ({"target": target} if target else {})


@each_row(
    "text",
    ["clear my shopping list", "清空购物清单", "empty the glove box", "clear the route",
     "delete the alarm", "delete what I told you", "清除缓存", "删除闹钟"],
)  # fmt: skip
def test_what_is_no_field_is_not_cleared_on_the_screen(text: str):
    assert "clear" not in [call.arguments.get("action") for call in understood(text).calls]


@each_row(
    ("text", "steps"),
    [
        ("tap X and close", [tapped("X"), tapped("close")]),
        ("tap post and then tap log in", [tapped("post"), tapped("log in")]),
        ("tap settings, then scroll down and tap log in",
         [tapped("settings"), {"action": "scroll", "target": "down"}, tapped("log in")]),
        ("go back and tap help", [BACK, tapped("help")]),
        ("tap the menu and go back", [tapped("menu"), BACK]),
        ("long press the picture and tap copy",
         [{"action": "long_press", "target": "picture"}, tapped("copy")]),
        ("clear the search field and type tea",
         [{"action": "clear", "target": "search field"}, typed("tea")]),
        ("点击发布并关闭", [tapped("发布"), tapped("关闭")]),
        ("点设置然后返回", [tapped("设置"), BACK]),
        ("点About us然后返回", [tapped("About us"), BACK]),
        ("点击Post，再点Log in", [tapped("Post"), tapped("Log in")]),
        ("点Post按钮", [tapped("Post按钮")]),
        ("长按图片，再点击复制", [{"action": "long_press", "target": "图片"}, tapped("复制")]),
    ],
)  # fmt: skip
def test_each_step_of_a_sentence_is_its_own_in_the_order_said(
    text: str, steps: list[dict[str, Any]]
):
    assert [call.arguments for call in understood(text).calls] == steps


@each_row(
    ("text", "target"),
    [
        ("tap Terms and Conditions", "Terms and Conditions"),
        ("tap Save and Close", "Save and Close"),
        ("tap “save and close”", "save and close"),
        ("tap salt and pepper", "salt and pepper"),
    ],
)
def test_a_name_of_two_words_is_one_step(text: str, target: str):
    assert [call.arguments for call in understood(text).calls] == [tapped(target)]


@each_row(
    ("text", "names"),
    [
        ("tap post and open the window", ["gui.act", "window.set"]),
        ("open the window and tap post", ["window.set", "gui.act"]),
        ("打开车窗然后点击发布", ["window.set", "gui.act"]),
        ("open the window, tap post and go back", ["window.set", "gui.act", "gui.act"]),
        ("he said tap post and tap ok", []),
        ("if it rains, tap post", []),
        ("don't tap post and tap log in", []),
        ("text mom I will tap the bell and then tap the door", ["message.send"]),
    ],
)
def test_steps_stand_beside_other_orders(text: str, names: list[str]):
    assert [call.capability for call in understood(text).calls] == names


@each_row("text", ["那个florp一下然后返回", "florp, then go back"])
def test_a_step_behind_one_that_was_not_understood_is_not_taken_blindly(text: str):
    thought = understood(text)
    assert (thought.kind, thought.calls) == (MessageKind.UNKNOWN, ())
    assert thought.question is not None
    assert "florp" in thought.question.zh
