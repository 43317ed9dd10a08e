"""A row of the device's stores as a person says it: list entry “milk” removed, 无线网络：打开.

Pure. It tells a row's kind and its own name, label or time, and no more of what it holds.
"""

from collections.abc import Mapping

from edgewise.core.signal import JsonValue, as_object
from edgewise.core.words import Language, Words


def entry_said(target: str, value: JsonValue, before: JsonValue, language: Language) -> str:
    """The row at `target` once it is `value`: removed, or back; `before` is what it was until then,
    if that is known. Empty when `target` is no row of a store."""
    store, _, rest = target.partition(".")
    name, _, key = rest.partition(".")
    collection = f"{store}.{name}"
    if collection in _SETTINGS and key:
        return _setting(key, value, language)
    kind = _KINDS.get(collection)
    if kind is None:
        return ""
    row = as_object(value) or as_object(before)
    kind = _ALARMS.get(str(row.get("kind")), kind) if collection == "phone.alarms" else kind
    what = kind.said_in(language) + _named(row, language)
    if language is Language.CHINESE:
        return what + (_REMOVED if value is None else _BACK).zh
    return f"{what} {(_REMOVED if value is None else _BACK).en}"


def _named(row: Mapping[str, JsonValue], language: Language) -> str:
    """The name and the time that a row has, after its kind; empty when it has none."""
    name = next((text for key in _NAMES if (text := _text(row.get(key)))), "")
    when = next((text for key in _TIMES if (text := _text(row.get(key)))), "").replace("T", " ")
    if language is Language.CHINESE:
        return (f"“{name}”" if name else "") + (f"（{when}）" if when else "")
    return (f" “{name}”" if name else "") + (f" ({when})" if when else "")


def _text(value: JsonValue) -> str:
    """A text, or the name of a place or person that is an object."""
    if isinstance(value, dict):
        value = as_object(value).get("name")
    return value.strip() if isinstance(value, str) else ""


def _setting(key: str, value: JsonValue, language: Language) -> str:
    plain = key.replace("_", " ")
    name = _SETTING_NAMES.get(key, Words(plain, plain)).said_in(language)
    if isinstance(value, bool):
        shown = (_ON if value else _OFF).said_in(language)
    elif isinstance(value, float) and value.is_integer():
        shown = str(int(value))
    else:
        shown = _LANGUAGES.get(str(value), Words(str(value), str(value))).said_in(language)
    return f"{name}：{shown}" if language is Language.CHINESE else f"{name}: {shown}"


_SETTINGS = frozenset({"phone.settings", "nav.settings"})
_KINDS = {
    "phone.lists": Words("list entry", "清单项"),
    "phone.alarms": Words("alarm", "闹钟"),
    "phone.calendar": Words("event", "日程"),
    "phone.contacts": Words("contact", "联系人"),
    "phone.messages": Words("message", "消息"),
    "phone.emails": Words("e-mail", "邮件"),
    "phone.calls": Words("entry in the call list", "通话记录"),
    "phone.call": Words("call", "通话"),
    "phone.library": Words("entry in the library", "曲库条目"),
    "phone.files": Words("file", "文件"),
    "phone.apps": Words("app", "应用"),
    "phone.screen": Words("app on the screen", "屏幕上的应用"),
    "phone.finder": Words("ringing of the phone", "手机响铃"),
    "memory.facts": Words("note", "备忘"),
    "scene.saved": Words("scene", "场景"),
    "nav.places": Words("place", "地点"),
    "nav.route": Words("route", "导航路线"),
    "nav.view": Words("map view", "地图视图"),
    "desktop.notifications": Words("notification", "通知"),
}
_ALARMS = {"timer": Words("timer", "计时器"), "reminder": Words("reminder", "提醒")}
_NAMES = ("name", "title", "item", "label", "text", "destination", "to", "from", "subject", "app")
_TIMES = ("start", "time")
_REMOVED, _BACK = Words("removed", "已删除"), Words("back", "恢复")
_ON, _OFF = Words("on", "打开"), Words("off", "关闭")
_LANGUAGES = {"en": Words("English", "英语"), "zh": Words("Chinese", "中文")}
_SETTING_NAMES = {
    "wifi": Words("Wi-Fi", "无线网络"),
    "bluetooth": Words("Bluetooth", "蓝牙"),
    "mobile_data": Words("mobile data", "移动数据"),
    "hotspot": Words("hotspot", "热点"),
    "airplane_mode": Words("airplane mode", "飞行模式"),
    "do_not_disturb": Words("do not disturb", "勿扰模式"),
    "dark_mode": Words("dark mode", "深色模式"),
    "flashlight": Words("flashlight", "手电筒"),
    "location": Words("location", "定位"),
    "brightness": Words("screen brightness", "屏幕亮度"),
    "ring_volume": Words("ringtone volume", "铃声音量"),
    "font_size": Words("font size", "字体大小"),
    "language": Words("language", "语言"),
}
