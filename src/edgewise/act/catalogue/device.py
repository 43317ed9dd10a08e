"""The phone itself: its settings, its camera and screen, and finding it.

Settings are plain values below `phone.settings`. Turning a radio off or do-not-disturb on can
cut a person off, so those carry the facts `radio_off` and `do_not_disturb`.
"""

from typing import Any, cast

from edgewise.act.catalogue.rows import impossible, say, text_in, unavailable
from edgewise.act.function import Function
from edgewise.core.call import Call, Effect, Missing, Resolution, Resolved
from edgewise.core.capability import Argument, Capability, Choice, Example, Kind, Risk
from edgewise.core.signal import Snapshot
from edgewise.core.words import Words

SETTINGS = "phone.settings"
FINDER = "phone.finder"
RADIOS = ("wifi", "bluetooth", "mobile_data", "hotspot")
LEVELS = ("brightness", "ring_volume", "font_size")
LANGUAGES = {"en": Words("English", "英语"), "zh": Words("Chinese", "中文")}


def get_setting(call: Call, snapshot: Snapshot) -> Resolution:
    """Data: `key`, `value` and `said`."""
    key = text_in(call, "key")
    value = _settings(snapshot).get(key)
    if value is None:
        return impossible("no_such_setting", f"This device has no setting “{key}”.",
                          f"这台设备没有“{key}”设置。")  # fmt: skip
    said = say(snapshot, f"{_name(key).en}: {_shown(value).en}",
               f"{_name(key).zh}：{_shown(value).zh}")  # fmt: skip
    return Resolved(data={"key": key, "value": value, "said": said})


def set_setting(call: Call, snapshot: Snapshot) -> Resolution:
    """Writes the setting; airplane mode also turns the radios off."""
    key = text_in(call, "key")
    before = _settings(snapshot).get(key)
    if before is None:
        return impossible("no_such_setting", f"This device has no setting “{key}”.",
                          f"这台设备没有“{key}”设置。")  # fmt: skip
    value = _wanted(call, key, before)
    if isinstance(value, Missing):
        return value
    effects = [Effect(f"{SETTINGS}.{key}", value)]
    facts: list[str] = []
    if key == "airplane_mode" and value:
        effects += [Effect(f"{SETTINGS}.{radio}", False) for radio in RADIOS]
    if (key == "airplane_mode" and value) or (key in RADIOS and value is False):
        facts.append("radio_off")
    if key == "do_not_disturb" and value:
        facts.append("do_not_disturb")
    said = say(snapshot, f"{_name(key).en}: {_shown(value).en}",
               f"{_name(key).zh}：{_shown(value).zh}")  # fmt: skip
    return Resolved(tuple(effects), data={"said": said}, atomic=True, facts=tuple(facts))


def find(call: Call, snapshot: Snapshot) -> Resolution:
    """Lets the device ring aloud, or stops that."""
    on = call.arguments.get("on") is not False
    device = text_in(call, "device") or "phone"
    if device != "phone":
        return impossible(
            "not_connected", f"No {device} is connected; I can let the phone ring.",
            "没有连接这个设备，我可以让手机响铃。",
        )  # fmt: skip
    said = (
        say(snapshot, "The phone is ringing.", "手机正在响铃。")
        if on
        else say(snapshot, "The phone has stopped ringing.", "手机已停止响铃。")
    )
    return Resolved((Effect(FINDER, {"device": device, "ringing": on}),), data={"said": said})


def _settings(snapshot: Snapshot) -> dict[str, Any]:
    value = snapshot.get(SETTINGS)
    return cast(dict[str, Any], value) if isinstance(value, dict) else {}


def _wanted(call: Call, key: str, before: Any) -> Any:
    """The value asked for, of the type the setting has; Missing when another type was given."""
    given = call.arguments
    if key == "language":
        code = given.get("language")
        return code if code else Missing(
            "language", Words("Which language?", "要切换到哪种语言？"),
            tuple(LANGUAGES),
        )  # fmt: skip
    if isinstance(before, bool):
        on = given.get("on")
        return on if isinstance(on, bool) else Missing(
            "on", Words(f"Shall {_name(key).en} be on or off?", f"{_name(key).zh}要开还是关？")
        )  # fmt: skip
    if given.get("value") is not None:
        return int(given["value"])
    if given.get("delta") is not None:
        return max(0, min(100, int(before) + int(given["delta"])))
    return Missing(
        "value", Words(f"To how many percent shall {_name(key).en} be set?",
                       f"{_name(key).zh}要设到百分之多少？"),
    )  # fmt: skip


def _name(key: str) -> Words:
    return next((choice.words for choice in KEYS if choice.value == key), Words(key, key))


def _shown(value: Any) -> Words:
    if isinstance(value, bool):
        return Words("on", "开") if value else Words("off", "关")
    if isinstance(value, str):
        return LANGUAGES.get(value, Words(value, value))
    return Words(f"{value} %", f"百分之{value}")


KEYS = (
    Choice("wifi", Words("Wi-Fi", "无线网络"), ("wifi", "wi-fi"),
           ("wifi", "WiFi", "无线网", "无线网络")),
    Choice("bluetooth", Words("Bluetooth", "蓝牙"), ("bluetooth",), ("蓝牙",)),
    Choice("mobile_data", Words("mobile data", "移动数据"), ("mobile data", "cellular data"),
           ("移动数据", "流量")),
    Choice("hotspot", Words("hotspot", "热点"), ("hotspot",), ("热点",)),
    Choice("airplane_mode", Words("airplane mode", "飞行模式"), ("airplane mode", "flight mode"),
           ("飞行模式",)),
    Choice("do_not_disturb", Words("do not disturb", "勿扰模式"),
           ("do not disturb", "silent mode"), ("勿扰", "免打扰", "静音模式")),
    Choice("dark_mode", Words("dark mode", "深色模式"), ("dark mode", "night mode"),
           ("深色模式", "夜间模式", "暗色")),
    Choice("flashlight", Words("flashlight", "手电筒"), ("flashlight", "torch"),
           ("手电筒", "手电")),
    Choice("location", Words("location", "定位"), ("location", "gps"), ("定位", "位置服务")),
    Choice("brightness", Words("screen brightness", "屏幕亮度"),
           ("screen brightness", "display brightness"), ("屏幕亮度", "手机亮度")),
    Choice("ring_volume", Words("ringtone volume", "铃声音量"), ("ringtone volume", "ringer"),
           ("铃声音量", "铃声")),
    Choice("font_size", Words("font size", "字体大小"), ("font size", "text size"),
           ("字体", "字号")),
    Choice("language", Words("language", "语言"), ("language",), ("语言",)),
)  # fmt: skip

KEY = Argument("key", Kind.CHOICE, Words("setting", "设置项"), True, KEYS)

GET_SETTING = Capability(
    "device.get_setting",
    Words("tell a setting of the phone", "查看手机设置"),
    Risk.READ,
    (KEY,),
    tells=Words("{said}", "{said}"),
    en=(
        Example("is wifi on", {"key": "wifi"}),
        Example("is bluetooth turned on", {"key": "bluetooth"}),
        Example("what is the screen brightness", {"key": "brightness"}),
        Example("is do not disturb active", {"key": "do_not_disturb"}),
        Example("what language is the phone set to", {"key": "language"}),
        Example("am I in airplane mode", {"key": "airplane_mode"}),
    ),
    zh=(
        Example("WiFi开着吗", {"key": "wifi"}),
        Example("蓝牙打开了吗", {"key": "bluetooth"}),
        Example("屏幕亮度是多少", {"key": "brightness"}),
        Example("勿扰模式开了没有", {"key": "do_not_disturb"}),
        Example("手机现在是什么语言", {"key": "language"}),
        Example("是不是飞行模式", {"key": "airplane_mode"}),
    ),
)

SET_SETTING = Capability(
    "device.set_setting",
    Words("change a setting of the phone", "修改手机设置"),
    Risk.REVERSIBLE,
    (
        KEY,
        Argument("on", Kind.BOOLEAN, Words("on or off", "开关")),
        Argument("value", Kind.INTEGER, Words("level", "数值"), minimum=0, maximum=100, unit="%"),
        Argument("delta", Kind.INTEGER, Words("change", "增减"), minimum=-100, maximum=100,
                 unit="%", relative=True),
        Argument(
            "language", Kind.CHOICE, Words("language", "语言"),
            choices=(
                Choice("en", LANGUAGES["en"], ("english",), ("英语", "英文")),
                Choice("zh", LANGUAGES["zh"], ("chinese",), ("中文", "汉语")),
            ),
        ),
    ),
    one_of=(("on", "value", "delta", "language"),),
    actuators=(f"{SETTINGS}.*",),
    undoable=True,
    rules=(15, 33),
    done=Words("{said}", "{said}"),
    en=(
        Example("turn on wifi", {"key": "wifi", "on": True}),
        Example("switch off bluetooth", {"key": "bluetooth", "on": False}),
        Example("enable do not disturb", {"key": "do_not_disturb", "on": True}),
        Example("set the screen brightness to 60 percent", {"key": "brightness", "value": 60}),
        Example("turn off the flashlight", {"key": "flashlight", "on": False}),
        Example("switch to dark mode", {"key": "dark_mode", "on": True}),
        Example("change the language to Chinese", {"key": "language", "language": "zh"}),
        Example("turn on airplane mode", {"key": "airplane_mode", "on": True}),
        Example("raise the ringtone volume by 20 percent", {"key": "ring_volume", "delta": 20}),
    ),
    zh=(
        Example("打开WiFi", {"key": "wifi", "on": True}),
        Example("关闭蓝牙", {"key": "bluetooth", "on": False}),
        Example("开启勿扰模式", {"key": "do_not_disturb", "on": True}),
        Example("屏幕亮度调到百分之六十", {"key": "brightness", "value": 60}),
        Example("关掉手电筒", {"key": "flashlight", "on": False}),
        Example("切换到深色模式", {"key": "dark_mode", "on": True}),
        Example("把语言切换成英文", {"key": "language", "language": "en"}),
        Example("打开飞行模式", {"key": "airplane_mode", "on": True}),
        Example("铃声音量提高百分之二十", {"key": "ring_volume", "delta": 20}),
    ),
)  # fmt: skip

CAPTURE = Capability(
    "device.capture",
    Words("take a picture, screenshot or recording", "拍照、截屏或录制"),
    Risk.READ,
    (
        Argument(
            "kind",
            Kind.CHOICE,
            Words("what", "类型"),
            True,
            (
                Choice("photo", Words("photo", "照片"), ("photo", "picture", "selfie"),
                       ("拍照", "照片", "拍张", "自拍")),
                Choice("screenshot", Words("screenshot", "截屏"), ("screenshot",),
                       ("截屏", "截图")),
                Choice("record", Words("recording", "录制"), ("record", "recording", "video"),
                       ("录音", "录像", "录屏", "录视频")),
            ),
        ),
    ),
    private=True,
    available=False,
    unavailable=Words(
        "This device has no camera or screen that I can record.",
        "这台设备没有我可以使用的相机或屏幕录制。",
    ),
    done=Words("Saved the {kind}.", "已保存{kind}。"),
    en=(
        Example("take a photo", {"kind": "photo"}),
        Example("take a screenshot", {"kind": "screenshot"}),
        Example("start recording", {"kind": "record"}),
        Example("snap a picture", {"kind": "photo"}),
        Example("capture the screen", {"kind": "screenshot"}),
        Example("record a video", {"kind": "record"}),
    ),
    zh=(
        Example("拍张照片", {"kind": "photo"}),
        Example("截个屏", {"kind": "screenshot"}),
        Example("开始录音", {"kind": "record"}),
        Example("帮我拍照", {"kind": "photo"}),
        Example("截图", {"kind": "screenshot"}),
        Example("录一段视频", {"kind": "record"}),
    ),
)  # fmt: skip

FIND = Capability(
    "device.find",
    Words("find the phone by letting it ring", "响铃找手机"),
    Risk.REVERSIBLE,
    (
        Argument(
            "device",
            Kind.CHOICE,
            Words("what", "设备"),
            default="phone",
            choices=(
                Choice("phone", Words("phone", "手机"), ("phone", "cell"), ("手机", "电话")),
                Choice("watch", Words("watch", "手表"), ("watch",), ("手表",)),
                Choice("earbuds", Words("earbuds", "耳机"), ("earbuds", "headphones"), ("耳机",)),
            ),
        ),
        Argument("on", Kind.BOOLEAN, Words("ring or stop", "响铃或停止"), default=True),
    ),
    actuators=(FINDER,),
    undoable=True,
    done=Words("{said}", "{said}"),
    en=(
        Example("find my phone", {"device": "phone"}),
        Example("where is my phone", {"device": "phone"}),
        Example("make my phone ring", {"device": "phone"}),
        Example("I can't find my phone", {"device": "phone"}),
        Example("help me find my watch", {"device": "watch"}),
        Example("stop ringing my phone", {"device": "phone", "on": False}),
    ),
    zh=(
        Example("帮我找手机", {"device": "phone"}),
        Example("我的手机在哪", {"device": "phone"}),
        Example("让手机响一下", {"device": "phone"}),
        Example("手机找不到了", {"device": "phone"}),
        Example("找一下我的手表", {"device": "watch"}),
        Example("手机别响了", {"device": "phone", "on": False}),
    ),
)

FUNCTIONS = (
    Function(GET_SETTING, get_setting, (SETTINGS,)),
    Function(SET_SETTING, set_setting, (SETTINGS,)),
    unavailable(CAPTURE),
    Function(FIND, find, (FINDER,)),
)
