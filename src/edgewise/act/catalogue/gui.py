"""Seeing and touching other apps' screens: declared; the Android and desktop bridges come later."""

from edgewise.act.catalogue.rows import unavailable
from edgewise.core.capability import Argument, Capability, Choice, Example, Kind, Risk
from edgewise.core.label import OriginKind
from edgewise.core.words import Words

_NOT_YET = Words(
    "I cannot see or touch other apps' screens on this device yet.",
    "我还不能查看或操作这台设备上其他应用的屏幕。",
)

OBSERVE = Capability(
    "gui.observe",
    Words("look at the screen", "看屏幕"),
    Risk.READ,
    private=True,
    content=OriginKind.APP,
    available=False,
    unavailable=_NOT_YET,
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
                Choice("scroll", Words("scroll", "滑动"), ("scroll", "swipe"), ("滑", "翻")),
            ),
        ),
        Argument("target", Kind.TEXT, Words("where", "目标")),
        Argument("text", Kind.TEXT, Words("text", "文字"), private=True),
    ),
    rules=(14, 15, 18, 19, 31),
    available=False,
    unavailable=_NOT_YET,
    done=Words("Done: {action} {target}.", "已{action}{target}。"),
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

FUNCTIONS = (unavailable(OBSERVE), unavailable(ACT))
