"""Functions whose arguments hang together in their own way: arithmetic, memory, plans, messages.

Each takes the arguments as the general filler found them and the clause, and returns them in order.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

import re
from collections.abc import Callable

from edgewise.core.home import Home
from edgewise.core.regex import regex
from edgewise.core.signal import JsonValue
from edgewise.think.understanding.home_timers import read_timer
from edgewise.think.understanding.normalise import Normal
from edgewise.think.understanding.recurrence import repeat_of
from edgewise.think.understanding.shapes_car import CAR_SHAPES, Arguments
from edgewise.think.understanding.shapes_lists import list_shape
from edgewise.think.understanding.shapes_media import MEDIA_SHAPES
from edgewise.think.understanding.shapes_told import event_shape, message_shape

_MATH = regex(
    r"\d\s*[-+*/x×÷]\s*\d|plus|minus|times|divided|multipl|square root|percent of|加上?|减去?|乘以?|除以?|平方|的百分之|次方|开方"
)
_CURRENCY = regex(
    r"dollar|euro|pound(?!s? (?:to|in) k)|yuan|rmb|yen|usd|eur|currency|exchange|美元|欧元|人民币|日元|英镑|汇率|港币|美金"
)
_CLOCK = regex(r"what(?:'s| is)? (?:the )?time|tell me the time|time is it|o'?clock|几点|时间")
_DAY = regex(
    r"what (?:day|date|year|month)|date|day is|几号|星期几|礼拜几|日期|几月|什么日子|农历|周几|节日|days until|多少天"
)
_TRANSLATE = regex(r"translat|how do you say|say .* in [a-z]+$|翻译|怎么说|用.{1,4}语")
_KEEP: dict[str, tuple[str, ...]] = {
    "math": ("expression",), "datetime": ("part", "place", "date"), "translate": ("text", "to"),
    "unit": ("value", "from_unit", "to"), "currency": ("value", "from_unit", "to"),
}  # fmt: skip
_CONVERT = regex(
    r"(?:convert |how (?:much|many) (?:is|are) |what(?:'s| is) )?(?P<v>\d+(?:\.\d+)?) ?(?P<f>[a-z ]+?|[\u4e00-\u9fff]+?)(?: (?:to|in|into) |等于多少|是多少|换算成|换成|合多少|多少)(?P<t>[a-z ]+|[\u4e00-\u9fff]+)\??"
)


def _compute(arguments: Arguments, plain: str) -> Arguments:
    convert = _CONVERT.search(plain)
    if _TRANSLATE.search(plain):
        kind = "translate"
    elif _MATH.search(plain):
        kind = "math"
    elif convert or _CURRENCY.search(plain):
        kind = "currency" if _CURRENCY.search(plain) else "unit"
    elif _CLOCK.search(plain) or _DAY.search(plain):
        kind = "datetime"
    else:
        kind = str(arguments.get("kind", "math"))
    if kind == "datetime":
        arguments["part"] = "time" if _CLOCK.search(plain) else "date"
        if re.search(r"today|今天|now|现在", plain):
            arguments.pop("date", None)
        if arguments.get("place") in ("现在", "今天", "依家", "而家", "it"):
            arguments.pop("place")
    if kind in ("unit", "currency") and convert:
        value = float(convert["v"])
        arguments["value"] = int(value) if value == int(value) else value
        arguments["from_unit"], arguments["to"] = convert["f"].strip(), convert["t"].strip()
    if kind == "math" and "expression" not in arguments:
        arguments["expression"] = re.sub(
            r"^(?:what is|what's|calculate|compute|how much is) |(?:等于|是|得)(?:多少|几)\??$|\?$",
            "",
            plain,
        ).strip()
    return {"kind": kind} | {n: arguments[n] for n in _KEEP.get(kind, ()) if n in arguments}


_EVERYTHING = regex(
    r"everything|all (?:of )?(?:my |your )?(?:memor|preferences)|一切|所有|全部|清空"
)


def _forget(arguments: Arguments, plain: str) -> Arguments:
    if _EVERYTHING.search(plain):
        return {"all": True}
    arguments.pop("all", None)
    return arguments


_POINTER = regex(
    r"(?:that|this|it|these|those|them|(?:that|this) one|what (?:you|i) (?:just )?said)"
    r"|[这那](?:个|些|点|一点|件事|句话|条)?|它|刚才(?:的|说的)(?:话)?"
)
"""Words that point at something said before: to keep them would keep nothing."""


def _save(arguments: Arguments, plain: str) -> Arguments:
    if _POINTER.fullmatch(str(arguments.get("fact", "")).strip(" .,!。，！").lower()):
        del arguments["fact"]
    return arguments


_ALL_OF_IT = regex(
    r"know about me|remember about me|记得我什么|知道我什么|都记得什么"
    r"|^(?:please )?(?:tell me )?(?:what (?:do |have )?you remember(?:ed)?|do you remember anything)$"
    r"|^你?还?(?:记得|记住了?|记了)(?:些|点)?什么$"
)


def _recall(arguments: Arguments, plain: str) -> Arguments:
    if _ALL_OF_IT.search(plain.strip(" ?.!？。！")):
        return {}
    return arguments if arguments.get("query") else {"query": plain.strip(" ?.!")}


def _read_messages(arguments: Arguments, plain: str) -> Arguments:
    if str(arguments.get("sender", "")) in (
        "我",
        "我的",
        "最新",
        "未读",
        "新",
        "我发出",
        "最新的",
        "最后一条",
        "all",
        "my",
    ):
        del arguments["sender"]
    if re.search(
        r"\b(?:the|my) (?:last|latest|newest) (?:message|text)\b|最(?:后|新)一条|上一条", plain
    ):
        arguments["count"] = 1
    elif "count" in arguments and not re.search(r"messages|texts|条", plain):
        del arguments["count"]
    sender = arguments.get("sender")
    if isinstance(sender, str):
        arguments["sender"] = re.sub(r"(?:的)?(?:最后|最新)(?:一条)?$", "", sender) or sender
    return arguments


_NOWHERE = frozenset(
    {
        "会",
        "外面",
        "今天",
        "现在",
        "明天",
        "the outside",
        "outside",
        "it",
        "here",
        "后天",
        "要",
        "",
        "天气",
        "这里",
        "today",
        "tomorrow",
        "周末",
    }
)


_ASKING = regex(
    r"^(?:帮我|给我|我想|想|知道|查询?|看看?|问|告诉我|播报|说|讲|一下|下|的|今天|明天|后天|现在|那边|这周|周末|please|check|the|today|tomorrow)+"
)


def _weather(arguments: Arguments, plain: str) -> Arguments:
    place = arguments.get("place")
    if isinstance(place, str):
        arguments["place"] = _ASKING.sub("", place).strip()
    if str(arguments.get("place", "x")) in _NOWHERE:
        arguments.pop("place", None)
    return arguments


def _calendar_query(arguments: Arguments, plain: str) -> Arguments:
    if "range" in arguments or "date" in arguments:
        query = str(arguments.get("query", ""))
        if re.search(
            r"meeting|appointment|event|会议|日程|安排|free|有空|下一个|first|next|^我", query
        ):
            arguments.pop("query", None)
    return arguments


_PEOPLE = regex(
    r"(?:for|party of|table of) (?P<e>two|three|four|five|six|seven|eight|ten|\d+)\b(?! (?:pm|am|o|days?|nights?))|(?P<z>[一两二三四五六七八九十\d]+)(?:个)?(?:人|位)"
)
_COUNTS = {w: i for i, w in enumerate(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"])} | {
    w: i for i, w in enumerate("零一二三四五六七八九十")
} | {"两": 2}  # fmt: skip


def _book(arguments: Arguments, plain: str) -> Arguments:
    arguments.pop("people", None)
    if match := _PEOPLE.search(plain):
        said = match["e"] or match["z"]
        arguments["people"] = int(said) if said.isdigit() else _COUNTS.get(said, 1)
    details = arguments.get("details")
    if isinstance(details, str) and _PEOPLE.match(details):
        del arguments["details"]
    return arguments


_ON_SPEAKER = regex(r" (?:on|over|with) (?:the )?(?:speaker(?:phone)?|bluetooth|hands ?free)$")


def _dial(arguments: Arguments, plain: str) -> Arguments:
    contact = _ON_SPEAKER.sub("", str(arguments.get("contact", "")))
    if contact:
        arguments["contact"] = contact
    digits = re.sub(r"[\s().-]", "", contact)
    if re.fullmatch(r"\+?\d{2,20}", digits):
        return {"number": digits}
    if re.fullmatch(r"[幺零一二三四五六七八九]{3,}", contact):
        return {"number": contact.translate(str.maketrans("幺零一二三四五六七八九", "10123456789"))}
    return arguments


def _upsert_contact(arguments: Arguments, plain: str) -> Arguments:
    if isinstance(number := arguments.get("number"), str):
        arguments["number"] = re.sub(r"[\s().-]", "", number)
    return arguments


_NO_HOME = Home()


def _no_wish(arguments: Arguments, plain: str) -> Arguments:
    """Names of alarms that are only words of the order; a timer that goes on longer or shorter."""
    timer = read_timer(Normal(plain, plain), _NO_HOME)
    if timer is not None and timer["op"] in ("extend", "shorten"):
        return timer
    if arguments.get("op") != "set" or arguments.get("kind") not in ("reminder", None):
        label = str(arguments.get("label", ""))
        if (
            not re.search(rf"called|named|labelled|叫|名|提醒{re.escape(label)}", plain)
            or arguments.get("op") != "set"
            or label in ("起床", "alarm", "")
        ):
            arguments.pop("label", None)
    if "label" in arguments and re.fullmatch(
        r"(?:an? )?(?:alarm|timer|reminder)|闹钟|起床|我", str(arguments["label"])
    ):
        del arguments["label"]
    return _moved(_recurring(arguments, plain))


def _moved(arguments: Arguments) -> Arguments:
    """Of two times that are said, the second is the new one; a single one is where it goes."""
    if arguments.get("op") != "change":
        arguments.pop("new_time", None)
    elif "new_time" not in arguments and "time" in arguments:
        arguments["new_time"] = arguments.pop("time")
    return arguments


def _recurring(arguments: Arguments, plain: str) -> Arguments:
    """ "Every" says how often an alarm rings, not that all alarms are meant."""
    once = arguments.pop("repeat", None) == "once" and "once" in plain
    arguments.pop("days", None)
    if arguments.get("op") != "set":
        return arguments
    arguments.pop("all", None)
    repeat, days = repeat_of(plain)
    if "duration" in arguments or not (repeat or once):
        return arguments
    arguments["repeat"] = ("days" if days else repeat) or "once"
    return arguments | ({"days": list[JsonValue](days)} if days else {})


_ROUTE_WISH = regex(
    r" (?:by|before) (?:\d{1,2}(?::\d\d)?(?: ?[ap]\.?m\.?)?|noon|midnight)$|,? ?(?:and |but )?(?:avoid(?:ing)? |without (?:tolls|highways)|(?:by|on|via) the (?:fastest|shortest)).*$|,?(?:不走|避开|躲避|别走).{1,4}$"
)


_SILENT = regex(r"\bsilent\b|\bmute|\bsilence\b|静音")
_FROM_PLACE = regex(r"^from .{2,40}? to (?=.)|^从.{1,20}?[到去](?=.)")
"""Routes begin where the car is; "from the airport to the office" goes to the office."""


def _setting(arguments: Arguments, plain: str) -> Arguments:
    """A silent phone is one whose ringtone has no volume."""
    if arguments.get("key") == "ring_volume" and _SILENT.search(plain):
        return {"key": "ring_volume", "value": 0}
    return arguments


def _destination(arguments: Arguments, plain: str) -> Arguments:
    """How to go is no part of where to go."""
    place = arguments.get("place")
    if isinstance(place, str):
        arguments["place"] = _FROM_PLACE.sub("", _ROUTE_WISH.sub("", place)) or place
    return arguments


def _unknown_home(arguments: Arguments, plain: str) -> Arguments:
    """Without a home's names (`home.py` reads those) a thing is only what it is called."""
    del plain
    return {k: v for k, v in arguments.items() if k in ("name", "action")}


SHAPES: dict[str, Callable[[Arguments, str], Arguments]] = {
    "info.compute": _compute,
    "memory.forget": _forget, "memory.recall": _recall, "memory.save": _save, "message.read": _read_messages,
    "info.weather": _weather, "calendar.query": _calendar_query, "calendar.upsert": event_shape, "service.book": _book,
    "call.dial": _dial, "message.send": message_shape, "contact.upsert": _upsert_contact, "list.manage": list_shape,
    "nav.set_destination": _destination, "alarm.manage": _no_wish, "home.control": _unknown_home, "home.get_state": _unknown_home, "device.set_setting": _setting,
    **MEDIA_SHAPES, **CAR_SHAPES,
}  # fmt: skip
