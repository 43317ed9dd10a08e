"""Seeing and touching apps on a screen that the device is given (`[screen]` in config.toml).

What is meant is found on the screen as it is now (`screen_target.py`); the one effect is a step at
a point (`act/screen_step.py`), and what that would do is read from the screen again, not from these
words. What the screen says was written by others: it carries the label of an app and proposes
nothing. A device without a screen has both functions as unavailable.
"""

import msgspec

from edgewise.act.catalogue.rows import impossible, label_for, plain, say, text_in, unavailable
from edgewise.act.catalogue.screen_said import names_on, shown, told
from edgewise.act.catalogue.screen_scroll import scrolled
from edgewise.act.catalogue.screen_target import (
    counted,
    fields_meant,
    is_named,
    key_meant,
    meant,
)
from edgewise.act.function import Function
from edgewise.act.gui_words import point_in
from edgewise.act.screen import SCREEN, Element, Point, Role, Seen, seen_of
from edgewise.act.screen_step import Action, Step, name_of, place_of, short_name, step_of
from edgewise.core.call import Call, Effect, Impossible, Missing, Note, Resolution, Resolved
from edgewise.core.capability import Argument, Capability, Choice, Example, Kind, Risk, Sink
from edgewise.core.label import OriginKind
from edgewise.core.regex import regex
from edgewise.core.signal import Snapshot
from edgewise.core.words import Words
from edgewise.errors import UserError

NO_SCREEN = Words(
    "This device has no screen that I may see or touch yet. Set one up as [screen] in config.toml;"
    " docs/guide/screens.md says how.",
    "这台设备还没有可供我查看和操作的屏幕。请在 config.toml 中设置 [screen]，"
    "方法见 docs/guide/screens.md。",
)
_AWAY = impossible(
    "no_screen",
    "I cannot see the screen now; check that its app or phone is running and connected.",
    "现在看不到屏幕，请确认对应的应用或手机已启动并连接。",
)


def observe(call: Call, snapshot: Snapshot) -> Resolution:
    """What is on the screen in reading order; its words are the app's own."""
    del call
    seen = seen_of(snapshot.get(SCREEN))
    if seen is None:
        return _AWAY
    label = label_for(OriginKind.APP, [seen.app])
    words = told(seen)
    return Resolved(data=shown(seen) | {"said": say(snapshot, words.en, words.zh)}, label=label)


def act(call: Call, snapshot: Snapshot) -> Resolution:
    """One step at what is meant, on the screen as it is; none where `seen` tells of another one."""
    seen = seen_of(snapshot.get(SCREEN))
    if seen is None:
        return _AWAY
    try:
        step = _step(call, seen)
    except UserError as error:
        return impossible("wrong_point", str(error), f"坐标不对：{error}")
    if not isinstance(step, Step):
        return step
    if step_of(step) is None:
        return _NOT_TYPED
    place = place_of(step, seen)
    if text_in(call, "seen") not in ("", place):
        return _CHANGED
    step = msgspec.structs.replace(step, name=name_of(step, seen), seen=place)
    return Resolved(
        (Effect(SCREEN, msgspec.to_builtins(step)),),
        label=label_for(OriginKind.APP, [seen.app]),
        notes=(Note(_did(step, seen)),),
    )


def _step(call: Call, seen: Seen) -> Step | Missing | Impossible:
    action, target = str(call.arguments["action"]), text_in(call, "target")
    point = _point(call, "point")
    match action:
        case "tap" | "long_press":
            return _touch(Action(action), target, point, seen)
        case "type":
            text = text_in(call, "text")
            return _into(Action.TYPE, text, target, point, seen) if text else _WHAT_TO_TYPE
        case "clear":
            return _into(Action.CLEAR, "", target, point, seen)
        case "scroll":
            return scrolled(target, call.clause, point, _point(call, "point2"), seen)
        case "open":
            return Step(Action.OPEN, app=target) if target else _WHICH_APP
        case _ if text_in(call, "text"):
            return _ONE_STEP
        case _:
            pressed = Step(Action(action))
            named = [e for e in meant(seen, target) if is_named(e, target)] if target else []
            return _at(Action.TAP, named[0].centre) if len(named) == 1 else pressed


def _point(call: Call, name: str) -> Point | None:
    """Raises UserError for what is no point."""
    said = text_in(call, name)
    return point_in(name, said) if said else None


def _at(action: Action, point: Point, text: str = "") -> Step:
    return Step(action, point.x, point.y, text=text)


def _touch(
    action: Action, target: str, point: Point | None, seen: Seen
) -> Step | Missing | Impossible:
    if point is not None:
        return _at(action, point)
    if not target:
        return _WHAT_TO_TOUCH
    found = meant(seen, target)
    key = key_meant(target) if action is Action.TAP else None
    if key is not None and not any(is_named(element, target) for element in found):
        return Step(Action(key.value))
    if len(found) == 1:
        return _at(action, found[0].centre)
    return _which(found, target) if found else _not_there(target, seen)


def _into(
    action: Action, text: str, target: str, point: Point | None, seen: Seen
) -> Step | Missing | Impossible:
    """Type `text` into the field that is meant, or clear it: the one with the focus where the words
    name none."""
    if point is not None:
        return _at(action, point, text)
    named = bool(target) and plain(target) not in _ANY_FIELD
    if named:
        found = fields_meant(seen, target)
        if not found:
            return _not_there(target, seen)
        return _which(found, target) if len(found) > 1 else _at(action, found[0].centre, text)
    if seen.focus is not None and seen.focus.role is Role.FIELD:
        return Step(action, text=text)
    fields = fields_meant(seen, "field")
    open_ones = [e for e in fields if not e.secret] or fields
    if not fields:
        return _NO_FIELD
    alone = len(open_ones) == 1
    sure = action is Action.CLEAR or _SEARCH.match(plain(open_ones[0].text))
    if alone and (open_ones[0].secret or sure):
        return _at(action, open_ones[0].centre, text)
    return _which(open_ones if alone else fields, "field")


_ANY_FIELD = ("field", "text field", "input field", "box", "input", "输入框", "文本框", "框")


_SEARCH = regex(r"(?:search|find)\b|搜索|搜一下|查找")
"""How the one field begins into which a text goes unasked: what is written there is only looked
for. Into another one it goes by its name or once it has the focus; of secret ones the policy says
no."""


def _which(found: list[Element], words: str) -> Missing:
    """Which of several, by what they say; those that say the same or nothing are counted."""
    names = [short_name(element) for element in found]
    if all(names) and len({plain(name) for name in names}) == len(names):
        return Missing("target", Words("Which one?", "哪一个？"), tuple(names))
    return Missing("target", _WHICH_OF_THEM, counted(words, len(found)))


def _not_there(target: str, seen: Seen) -> Impossible:
    en, zh = names_on(seen)
    return impossible(
        "not_on_screen",
        f"I see no “{target}” on the screen; {en}.",
        f"屏幕上没有“{target}”；{zh}。",
    )


def _did(step: Step, seen: Seen) -> Words:
    """What was done, for after it."""
    name = step.name or step.app
    words = _DID_SO[step.action] if name else _DID[step.action]
    return words.filled(name=name, app=seen.app)


_DID = {
    Action.TAP: Words("I tapped there", "已点击"),
    Action.LONG_PRESS: Words("I pressed it for a while", "已长按"),
    Action.TYPE: Words("I typed it", "已输入"),
    Action.CLEAR: Words("I cleared it", "已清空"),
    Action.SCROLL: Words("I scrolled", "已滑动"),
    Action.OPEN: Words("I opened it", "已打开"),
    Action.BACK: Words("I went back", "已返回"),
    Action.HOME: Words("I went to the home screen", "已回到主屏幕"),
    Action.ENTER: Words("I pressed enter", "已按回车"),
}
_DID_SO = _DID | {
    Action.TAP: Words("I tapped “{name}”", "已点击“{name}”"),
    Action.LONG_PRESS: Words("I pressed “{name}” for a while", "已长按“{name}”"),
    Action.TYPE: Words("I typed it into “{name}”", "已输入到“{name}”"),
    Action.CLEAR: Words("I cleared “{name}”", "已清空“{name}”"),
    Action.OPEN: Words("I opened “{name}”", "已打开“{name}”"),
}
_WHAT_TO_TOUCH = Missing("target", Words("What shall I tap?", "要点哪里？"))
_WHAT_TO_TYPE = Missing("text", Words("What shall I type?", "要输入什么？"))
_WHICH_APP = Missing("target", Words("Which app?", "要打开哪个应用？"))
_WHICH_OF_THEM = Words(
    "There are several of that name. Which one from the top?",
    "有几个同名的，要从上往下数的哪一个？",
)
_ONE_STEP = impossible(
    "one_step",
    "That is more than one step; put what I shall type in quotation marks, or tell me first what to"
    " type and then what to do.",
    "这不止一步，请给要输入的内容加上引号，或者先说要输入什么，再说下一步。",
)
_NOT_TYPED = impossible(
    "not_typed",
    "That text holds characters that no keyboard types; leave them out.",
    "这段文字含有无法输入的字符，请去掉后再试。",
)
_CHANGED = impossible(
    "screen_changed",
    "The screen has changed meanwhile; nothing was done. Look again.",
    "屏幕已发生变化，未执行操作，请再看一下。",
)
_NO_FIELD = impossible(
    "no_field",
    "There is no field to type into on the screen.",
    "屏幕上没有可以输入的地方。",
)

OBSERVE = Capability(
    "gui.observe",
    Words("look at the screen", "看屏幕"),
    Risk.READ,
    rules=(34, 35),
    private=True,
    content=OriginKind.APP,
    tells=Words("{said}", "{said}"),
    en=(
        Example("what is on my screen"),
        Example("read the screen to me"),
        Example("look at my screen"),
        Example("describe what the screen shows"),
        Example("what does this page say"),
        Example("tell me what you see on the display"),
    ),
    zh=(
        Example("屏幕上有什么"),
        Example("念一下屏幕上的内容"),
        Example("看看我的屏幕"),
        Example("描述一下屏幕内容"),
        Example("这个页面写了什么"),
        Example("告诉我屏幕显示什么"),
    ),
)

ACT = Capability(
    "gui.act",
    Words("tap or type in an app", "点击或输入"),
    Risk.DISRUPTIVE,
    (
        Argument(
            "action",
            Kind.CHOICE,
            Words("what to do", "操作"),
            True,
            (
                Choice("tap", Words("tap", "点击"), ("tap", "click", "press"), ("点", "按")),
                Choice("type", Words("type", "输入"), ("type", "enter"), ("输入", "填")),
                Choice("clear", Words("clear a field", "清空输入框")),
                Choice("scroll", Words("scroll", "滑动"), ("scroll", "swipe"), ("滑", "翻")),
                Choice("long_press", Words("long press", "长按"), ("press and hold",), ("按住",)),
                Choice("back", Words("go back", "返回上一页"), ("back to the previous page",)),
                Choice("home", Words("go to the home screen", "回到主屏幕"), (), ("回到桌面",)),
                Choice("enter", Words("press enter", "按回车"), ("hit enter",), ("敲回车",)),
                Choice("open", Words("open an app", "打开应用")),
            ),
        ),
        Argument("target", Kind.TEXT, Words("where", "目标"), maximum=200),
        Argument("text", Kind.TEXT, Words("text", "文字"), private=True),
        Argument("point", Kind.TEXT, Words("point (x,y in thousandths)", "坐标（千分比 x,y）"),
                 maximum=20),
        Argument("point2", Kind.TEXT, Words("point where a scroll ends", "滑动终点坐标"),
                 maximum=20),
        Argument("seen", Kind.TEXT, Words("decided on what was seen as", "决定时的画面标识"),
                 maximum=64),
    ),
    actuators=(SCREEN,),
    sinks=(Sink("text", "target"),),
    private=True,
    rules=(14, 15, 18, 19, 20, 31, 33),
    done=Words("Done", "好了"),
    en=(
        Example("tap the login button", {"action": "tap", "target": "login button"}),
        Example("click on settings", {"action": "tap", "target": "settings"}),
        Example("type hello in the search box",
                {"action": "type", "target": "search box", "text": "hello"}),
        Example("scroll down the page", {"action": "scroll", "target": "down"}),
        Example("press the back button", {"action": "tap", "target": "back button"}),
        Example("swipe up", {"action": "scroll", "target": "up"}),
    ),
    zh=(
        Example("点击登录按钮", {"action": "tap", "target": "登录按钮"}),
        Example("点一下设置", {"action": "tap", "target": "设置"}),
        Example("在搜索框输入你好", {"action": "type", "target": "搜索框", "text": "你好"}),
        Example("页面往下滑", {"action": "scroll", "target": "下"}),
        Example("按返回键", {"action": "tap", "target": "返回键"}),
        Example("向上滑动", {"action": "scroll", "target": "上"}),
    ),
)  # fmt: skip

FUNCTIONS = tuple(
    unavailable(msgspec.structs.replace(declared, available=False, unavailable=NO_SCREEN))
    for declared in (OBSERVE, ACT)
)
"""Of a device without a screen."""
ON_SCREEN = (Function(OBSERVE, observe, (SCREEN,)), Function(ACT, act, (SCREEN,)))
"""Of a device with one."""
