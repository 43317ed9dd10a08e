"""How people can say what a device's own tool does, made of the tool's name alone.

`self.lamp.turn_on` is "turn on the lamp", "lamp turn on" and 打开灯. A tool's description is a
stranger's text and is never read. Chinese comes from a small table of doings and things; a name
outside it has English words only. A phrase that means something else to every device (yes, stop,
the volume) is not made. Pure; it does not know whether a tool may be used.
"""
# ruff: noqa: E501  (a table of words is read by rows; broken rows cannot be compared)

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from edgewise.act.board_deeds import BODIES, DEEDS, counted, said_en, said_zh

MOST_PHRASES = 16
LONGEST = 48
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[\u3400-\u9fff]+")
_HAN = re.compile(r"[\u3400-\u9fff]")

BODY = frozenset(
    ["self", "chassis", "robot", "dog", "body", "car", "base", "board", "device", "iot", "mcp", "tool", "tools", "action", "actions", "motion", "move", "movement", "control", "controller", "servo", "my"]
)  # fmt: skip
"""Words of a name that name no thing of their own: it is the device that moves."""

# The first words of a tool's last part, the longest first, and how they are said in Chinese: {} is
# the thing. Each is (verb in Chinese, verb for a thing of one character).
VERBS: dict[tuple[str, ...], tuple[str, ...]] = {
    ("turn", "on"): ("打开{}", "把{}打开", "开{}", "{}打开", "开一下{}"),
    ("switch", "on"): ("打开{}", "把{}打开"),
    ("power", "on"): ("打开{}", "开启{}"),
    ("turn", "off"): ("关闭{}", "关掉{}", "把{}关掉", "关{}", "把{}关了", "{}关掉", "关上{}"),
    ("switch", "off"): ("关闭{}", "关掉{}", "把{}关掉"),
    ("power", "off"): ("关闭{}", "关掉{}"),
    ("open",): ("打开{}", "把{}打开", "开{}", "{}打开"),
    ("close",): ("关闭{}", "关上{}", "把{}关上"),
    ("start",): ("启动{}", "开始{}"),
    ("stop",): ("停止{}", "让{}停下"),
    ("toggle",): ("切换{}",),
    ("switch",): ("切换{}",),
    ("enable",): ("启用{}", "打开{}"),
    ("disable",): ("停用{}", "关闭{}"),
    ("play",): ("播放{}",),
    ("pause",): ("暂停{}",),
    ("show",): ("显示{}",),
    ("hide",): ("隐藏{}",),
    ("raise",): ("升起{}", "把{}升起来"),
    ("lower",): ("降下{}", "把{}降下来"),
    ("set",): ("设置{}",),
    ("get",): ("查询{}",),
    ("read",): ("读取{}",),
    ("check",): ("检查{}",),
    ("feed",): ("喂{}",),
    ("water",): ("给{}浇水",),
    ("on",): ("打开{}", "把{}打开", "开{}", "{}打开"),
    ("off",): ("关闭{}", "关掉{}", "把{}关掉", "关{}", "把{}关了"),
}
THINGS = {
    "lamp": "灯", "light": "灯", "led": "灯", "bulb": "灯泡", "fan": "风扇", "curtain": "窗帘",
    "blind": "百叶窗", "pump": "水泵", "heater": "加热器", "humidifier": "加湿器", "plug": "插座",
    "socket": "插座", "relay": "继电器", "switch": "开关", "tv": "电视", "music": "音乐",
    "radio": "收音机", "camera": "摄像头", "buzzer": "蜂鸣器", "motor": "电机", "laser": "激光",
    "display": "显示屏", "kettle": "水壶", "aquarium": "鱼缸", "plant": "植物", "sensor": "传感器",
    "vacuum": "扫地机", "purifier": "净化器", "mist": "喷雾", "flashlight": "手电筒",
    "door": "门", "gate": "大门", "window": "窗户", "garage": "车库", "lock": "锁", "valve": "阀门",
}  # fmt: skip
PLACES = {
    "living room": "客厅", "bedroom": "卧室", "kitchen": "厨房", "bathroom": "浴室",
    "study": "书房", "hallway": "走廊", "balcony": "阳台", "dining room": "餐厅", "desk": "桌上",
    "left": "左边", "right": "右边", "front": "前面", "back": "后面", "red": "红", "green": "绿",
    "blue": "蓝", "night": "夜",
}  # fmt: skip
ALSO_ZH = {"lamp": ("台灯", "电灯"), "light": ("电灯",)}
"""What a thing is called in Chinese besides."""
_SIDES = {"front": "前", "back": "后", "left": "左", "right": "右"}
SYNONYMS = {"lamp": "light", "light": "lamp", "led": "light", "bulb": "light"}
"""What a thing is called as well, where the device has no other that is called so."""
QUALITIES = {
    "brightness": "亮度", "color": "颜色", "colour": "颜色", "speed": "速度", "angle": "角度",
    "level": "档位", "mode": "模式", "temperature": "温度", "humidity": "湿度", "state": "状态",
    "status": "状态", "power": "功率", "height": "高度", "position": "位置",
}  # fmt: skip
_TELLS = frozenset({("get",), ("read",), ("check",)})
_ASKS = frozenset({("is",), ("has",)})
_DOES_ZH = re.compile(r"[开关启停播升降喂浇设]|切换|暂停")
_ALSO: dict[tuple[str, ...], tuple[str, ...]] = {
    ("turn", "on"): ("switch on the {}", "switch the {} on"),
    ("turn", "off"): (
        "switch off the {}",
        "switch the {} off",
        "shut off the {}",
        "put out the {}",
        "kill the {}",
    ),
}
"""What is said as well for a doing."""
_WHOLE: dict[tuple[str, ...], tuple[str, ...]] = {
    ("on",): ("turn", "on"),
    ("off",): ("turn", "off"),
}
"""A doing that is named by half of its words."""
_FIXED = frozenset(
    ["yes", "no", "ok", "okay", "stop", "cancel", "undo", "confirm", "deny", "repeat", "help", "halt", "quiet", "continue", "redo", "停", "停下", "停止", "取消", "确认", "好的", "是", "不", "撤销", "重复", "帮助", "继续"]
)  # fmt: skip
_TAKEN = frozenset(
    ["volume", "sound", "loud", "louder", "quieter", "quiet", "mute", "unmute", "brightness", "brighter", "darker", "dim", "theme", "dark", "mode", "battery", "charging", "status", "screen", "speaker", "audio", "display", "device", "system", "info", "音量", "声音", "静音", "亮度", "主题", "电量", "屏幕"]
)  # fmt: skip
"""What every device understands by itself; a phrase of nothing else is not a tool's."""
_PLAIN = frozenset(["the", "to", "set", "get", "turn", "switch", "up", "down", "on", "off", "a", "of", "is", "what", "read", "check", "tell", "me", "level"])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """A tool's name, taken apart: the thing it is about, and what is done with it."""

    things: tuple[str, ...]
    doing: tuple[str, ...]
    chinese: str = ""
    body: str = field(default="", compare=False)
    """What the body that does it is called, of `BODIES`."""

    @property
    def is_deed(self) -> bool:
        """Whether the device itself does it with its body, whatever that is called."""
        return self.doing in DEEDS and not any(word in THINGS for word in self.things)

    @property
    def does(self) -> bool:
        """Whether the name says that something is done, and not only told."""
        verb, _ = _verb(self.doing)
        if verb in _TELLS or self.doing[:1] in _ASKS:
            return False
        said = any(deed in self.chinese for deeds in DEEDS.values() for deed in deeds)
        return bool(verb) or self.is_deed or said or _DOES_ZH.search(self.chinese) is not None


def named(name: str) -> Named:
    """`self.lamp.turn_on` taken apart; a name in Chinese is kept as it is."""
    *before, last = [part for part in re.split(r"[./:\s]+", name) if part] or [""]
    said = [w for part in before for w in _words(part)]
    things = [w for w in said if w not in BODY]
    body = next((w for w in ("dog", "robot") if w in said), "")
    doing = list(_words(last))
    if len(doing) > 1 and doing[0] in ("self",):
        doing = doing[1:]
    chinese = "".join(_HAN.findall(name))
    return Named(tuple(things), tuple(doing), chinese, body)


def otherwise(of: Named) -> Named | None:
    """The same with the thing by its other name, if it has one."""
    things = tuple(SYNONYMS.get(word, word) for word in of.things)
    return None if things == of.things else Named(things, of.doing, of.chinese, of.body)


def phrases(of: Named) -> tuple[list[str], list[str]]:
    """How it is said, in English and in Chinese."""
    return _kept(_english(of)), _kept(_chinese(of))


def numbered(of: Named, quantity: str, number: int) -> tuple[list[str], list[str]]:
    """How it is said with the one number that it needs, which is called `quantity`."""
    verb, rest = _verb(of.doing)
    if of.is_deed:
        en, zh = counted(of.doing, of.body, quantity, number)
        return _kept(en), _kept(zh)
    if verb not in (("set",), ()):
        return [], []
    about = " ".join((*of.things, *rest)) or quantity
    chinese = _things_zh((*of.things, *rest))
    said = [text for zh in chinese for text in (f"把{zh}调到{number}", f"{zh}设为{number}")]
    return _kept([f"set the {about} to {number}"] if about.isascii() else []), _kept(said)


def _stops_body(of: Named) -> bool:
    return of.doing == ("stop",) and not of.things and bool(of.body)


def _english(of: Named) -> list[str]:
    verb, rest = _verb(of.doing)
    if of.is_deed:
        return said_en(of.doing, of.body)
    if _stops_body(of):
        return [f"stop the {of.body}", f"make the {of.body} stop"]
    if not of.doing or not all(word.isascii() for word in (*of.things, *of.doing)):
        return []
    if not verb:
        return [" ".join((*of.things, *of.doing))]
    about = " ".join((*of.things, *rest))
    if not about:
        return []
    if verb == ("get",):
        return [f"get the {about}", f"what is the {about}", f"tell me the {about}", *_asked(about)]
    verb = _WHOLE.get(verb, verb)
    action = " ".join(verb)
    said = [f"{action} the {about}", f"{about} {action}", f"{action} {about}"]
    if len(verb) > 1:
        said[1:1] = [f"{verb[0]} the {about} {verb[1]}", f"{about} {verb[1]}"]
    return [*said, *(text.format(about) for text in _ALSO.get(verb, ()))]


def _asked(about: str) -> list[str]:
    """How it is asked whether a thing is on, of its state."""
    thing, _, quality = about.rpartition(" ")
    if quality not in ("state", "status") or not thing:
        return []
    return [f"is the {thing} {how}" for how in ("switched on", "turned off", "on or off")]


def _chinese(of: Named) -> list[str]:
    if of.chinese:
        return [of.chinese]
    if of.is_deed:
        return said_zh(of.doing, of.body)
    if _stops_body(of):
        return [f"让{BODIES[of.body][2]}停下", f"让{BODIES[of.body][3]}停下"]
    verb, rest = _verb(of.doing)
    abouts = _things_zh((*of.things, *rest))
    if verb == ("get",) and rest and rest[-1] in QUALITIES:
        state = rest[-1] in ("state", "status")
        asked = "怎么样" if state else "是多少"
        told = [text for about in abouts for text in (f"查询{about}", f"{about}{asked}")]
        things = _things_zh((*of.things, *rest[:-1])) if state else []
        return [
            *told,
            *(
                f"{thing}{on}"
                for thing in things
                for on in ("开着吗", "开着没有", "亮着吗", "关了吗")
            ),
        ]
    return [
        pattern.format(about)
        for about in abouts
        for pattern in VERBS.get(verb, ())
        if not (pattern in ("开{}", "关{}") and len(about) > 2)
    ]


def _verb(doing: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The doing that the words begin (or, of two, end) with, and the other words."""
    for length in (2, 1):
        if tuple(doing[:length]) in VERBS and len(doing) >= length:
            return tuple(doing[:length]), tuple(doing[length:])
    for length in (2, 1):
        if len(doing) > length and tuple(doing[-length:]) in VERBS:
            return tuple(doing[-length:]), tuple(doing[:-length])
    return (), tuple(doing)


def _things_zh(words: Sequence[str]) -> list[str]:
    """A place, a thing and a quality in Chinese, if all are known: 客厅的灯, 客厅灯, 灯的亮度."""
    plain = " ".join(words)
    place = next((name for name in PLACES if plain.startswith(name + " ")), "")
    rest = plain.removeprefix(place).split()
    if place in _SIDES and rest == ["door"]:
        return [f"{_SIDES[place]}门"]
    things = [THINGS[word] for word in rest if word in THINGS]
    numbers = [word for word in rest if word.isdigit()]
    qualities = [QUALITIES[word] for word in rest if word in QUALITIES]
    known = len(things) + len(numbers) + len(qualities)
    once = len(things) <= 2 and all(len(found) <= 1 for found in (numbers, qualities))
    if known != len(rest) or not (things or qualities) or not once:
        return []
    thing = "".join([*things, *numbers])
    said = "的".join([part for part in (thing, *qualities) if part])
    if place:
        return [f"{PLACES[place]}的{said}", f"{PLACES[place]}{said}"]
    return [said, *(ALSO_ZH.get(rest[0], ()) if len(rest) == 1 else ())]


def _kept(said: Sequence[str]) -> list[str]:
    """Without what is too long, is one word of nothing known, or means something to every device."""
    kept = [p for p in dict.fromkeys(said) if 1 < len(p) <= LONGEST and not _is_taken(p)]
    return kept[:MOST_PHRASES]


def _is_taken(phrase: str) -> bool:
    words = phrase.split()
    if phrase in _FIXED or all(word in _FIXED or word in _PLAIN for word in words):
        return True
    if _HAN.search(phrase):
        bare = re.sub(r"[把的调到设为打开关闭查询是多少\d]", "", phrase)
        return bare in _TAKEN
    told = [word for word in words if word not in _PLAIN and not word.isdigit()]
    if len(words) == 1 and (words[0],) not in DEEDS:
        return True
    return all(word in _TAKEN for word in told)


def _words(part: str) -> tuple[str, ...]:
    return tuple(word.casefold() for word in _PART.findall(part))
