"""Information: what can be computed here (date, time, arithmetic, units), and what needs a service
(weather, web search, exchange rates, translation)."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from edgewise.act.catalogue.calculate import calculate, shown
from edgewise.act.catalogue.rows import (
    impossible,
    local_now,
    moment_in,
    plain,
    say,
    text_in,
    unavailable,
)
from edgewise.act.catalogue.units import convert, unit_named
from edgewise.act.function import Function
from edgewise.core.call import Call, Missing, Resolution, Resolved
from edgewise.core.capability import Argument, Capability, Choice, Example, Kind, Risk
from edgewise.core.label import OriginKind
from edgewise.core.signal import Snapshot
from edgewise.core.words import Words

_DAYS = (
    ("Monday", "星期一"), ("Tuesday", "星期二"), ("Wednesday", "星期三"), ("Thursday", "星期四"),
    ("Friday", "星期五"), ("Saturday", "星期六"), ("Sunday", "星期日"),
)  # fmt: skip
_ZONES = {
    "Asia/Shanghai": "shanghai beijing china shenzhen 上海 北京 中国 深圳 广州 杭州 成都",
    "Asia/Hong_Kong": "hongkong 香港", "Asia/Taipei": "taipei 台北",
    "Asia/Tokyo": "tokyo japan 东京 日本",
    "Asia/Seoul": "seoul korea 首尔 韩国", "Asia/Singapore": "singapore 新加坡",
    "Asia/Bangkok": "bangkok 曼谷", "Asia/Kolkata": "delhi mumbai india 德里 孟买 印度",
    "Asia/Dubai": "dubai 迪拜", "Europe/Moscow": "moscow 莫斯科",
    "Europe/Istanbul": "istanbul 伊斯坦布尔",
    "Europe/Berlin": "berlin germany munich 柏林 德国 慕尼黑",
    "Europe/Paris": "paris france 巴黎 法国",
    "Europe/Rome": "rome italy 罗马 意大利", "Europe/Madrid": "madrid spain 马德里 西班牙",
    "Europe/London": "london england uk 伦敦 英国", "Africa/Cairo": "cairo 开罗",
    "America/New_York": "newyork boston washington 纽约 波士顿 华盛顿",
    "America/Chicago": "chicago 芝加哥", "America/Denver": "denver 丹佛",
    "America/Los_Angeles": "losangeles sanfrancisco seattle california 洛杉矶 旧金山 西雅图 加州",
    "America/Toronto": "toronto 多伦多", "America/Sao_Paulo": "saopaulo 圣保罗",
    "Australia/Sydney": "sydney 悉尼", "Pacific/Auckland": "auckland 奥克兰", "UTC": "utc gmt",
}  # fmt: skip


def compute(call: Call, snapshot: Snapshot) -> Resolution:
    """Data: `value` and `said`. Exact decimals; a currency or translation is Impossible."""
    match text_in(call, "kind"):
        case "datetime":
            return _datetime(call, snapshot)
        case "math":
            return _math(call, snapshot)
        case "unit":
            return _unit(call, snapshot)
        case "currency":
            return impossible("unavailable", "I have no exchange rates on this device.",
                              "这台设备上没有汇率数据。")  # fmt: skip
        case _:
            return impossible("unavailable", "I cannot translate on this device yet.",
                              "这台设备还不能翻译。")  # fmt: skip


def _datetime(call: Call, snapshot: Snapshot) -> Resolution:
    now = local_now(snapshot)
    if place := text_in(call, "place"):
        there = _time_in(place, snapshot.wall)
        if there is None:
            return impossible("unknown_place", f"I do not know the time zone of {place}.",
                              f"我不知道{place}的时区。")  # fmt: skip
        clock = there.strftime("%H:%M")
        said = say(snapshot, f"It is {clock} in {place} ({there:%Y-%m-%d}).",
                   f"{place}现在是{clock}（{there:%Y-%m-%d}）。")  # fmt: skip
        return Resolved(data={"value": there.isoformat(timespec="minutes"), "said": said})
    day = moment_in(call, "date", snapshot)
    if day is not None:
        return _about_day(day.date() if isinstance(day, datetime) else day, now, snapshot)
    weekday = _DAYS[now.weekday()]
    value = now.isoformat(timespec="minutes")
    clock = now.strftime("%H:%M")
    if text_in(call, "part") == "date":
        said = say(snapshot, f"Today is {weekday[0]}, {now:%Y-%m-%d}.",
                   f"今天是{now.year}年{now.month}月{now.day}日，{weekday[1]}。")  # fmt: skip
    else:
        said = say(snapshot, f"It is {clock}.", f"现在是{clock}。")
    return Resolved(data={"value": value, "said": said})


def _about_day(day: date, now: datetime, snapshot: Snapshot) -> Resolution:
    apart = (day - now.date()).days
    weekday = _DAYS[day.weekday()]
    en = f"{day.isoformat()} is a {weekday[0]}"
    zh = f"{day.year}年{day.month}月{day.day}日是{weekday[1]}"
    if apart > 0:
        en, zh = f"{en}, in {apart} days.", f"{zh}，还有{apart}天。"
    elif apart < 0:
        en, zh = f"{en}, {-apart} days ago.", f"{zh}，已经过去{-apart}天。"
    else:
        en, zh = f"{en}, today.", f"{zh}，就是今天。"
    return Resolved(data={"value": apart, "said": say(snapshot, en, zh)})


def _time_in(place: str, wall: float) -> datetime | None:
    key = plain(place).replace(" ", "")
    for zone, names in _ZONES.items():
        if key in names.split():
            try:
                return datetime.fromtimestamp(wall, ZoneInfo(zone))
            except ZoneInfoNotFoundError:  # a system without time zone data
                return None
    return None


def _math(call: Call, snapshot: Snapshot) -> Resolution:
    expression = text_in(call, "expression")
    if not expression:
        return Missing("expression", Words("What shall I calculate?", "要算什么？"))
    try:
        value = shown(calculate(expression))
    except ZeroDivisionError:
        return impossible("division_by_zero", "Nothing can be divided by zero.", "不能除以零。")
    except ValueError as error:
        return impossible("no_arithmetic", f"I cannot calculate that: {error}.",
                          f"这个我算不了：{expression[:40]}。")  # fmt: skip
    said = say(snapshot, f"It is {value}.", f"等于{value}。")
    return Resolved(data={"value": value, "said": said})


def _unit(call: Call, snapshot: Snapshot) -> Resolution:
    given = call.arguments.get("value")
    unit, to = text_in(call, "from_unit"), text_in(call, "to")
    if not unit or not to:
        question = Words("From which unit to which?", "从什么单位换算到什么单位？")
        return Missing("from_unit" if not unit else "to", question)
    try:
        number = Decimal(str(1 if given is None else given))
        converted = convert(number, unit, to)
        source, result = unit_named(unit).symbol, unit_named(to).symbol
    except ValueError as error:
        return impossible("unlike_units", f"I cannot convert that: {error}.",
                          f"不能把{unit}换算成{to}。")  # fmt: skip
    value = shown(converted, 4)
    said = say(snapshot, f"{shown(number)} {source} is {value} {result}.",
               f"{shown(number)} {source} 等于 {value} {result}。")  # fmt: skip
    return Resolved(data={"value": value, "said": said})


WEATHER = Capability(
    "info.weather",
    Words("tell the weather", "查天气"),
    Risk.READ,
    (
        Argument("place", Kind.TEXT, Words("place", "地点")),
        Argument("time", Kind.MOMENT, Words("time", "时间")),
    ),
    content=OriginKind.WEB,
    available=False,
    unavailable=Words(
        "No weather service is connected to this device yet.", "这台设备还没有接入天气服务。"
    ),
    tells=Words("{said}", "{said}"),
    en=(
        Example("what's the weather like"),
        Example("what is the weather in Beijing", {"place": "Beijing"}),
        Example("will it rain tomorrow", {"time": "2026-11-24"}),
        Example("do I need an umbrella today", {"time": "2026-11-23"}),
        Example("weather forecast for Shanghai tomorrow",
                {"place": "Shanghai", "time": "2026-11-24"}),
        Example("how cold is it in New York", {"place": "New York"}),
    ),
    zh=(
        Example("天气怎么样"),
        Example("北京天气如何", {"place": "北京"}),
        Example("明天会下雨吗", {"time": "2026-11-24"}),
        Example("今天要带伞吗", {"time": "2026-11-23"}),
        Example("上海明天的天气预报", {"place": "上海", "time": "2026-11-24"}),
        Example("杭州冷不冷", {"place": "杭州"}),
    ),
)  # fmt: skip

SEARCH = Capability(
    "info.search",
    Words("search the web", "上网搜索"),
    Risk.READ,
    (Argument("query", Kind.TEXT, Words("what", "内容"), True),),
    rules=(34, 35),
    content=OriginKind.WEB,
    available=False,
    unavailable=Words(
        "This device has no web search yet.", "这台设备还没有接入网络搜索。"
    ),
    tells=Words("{said}", "{said}"),
    en=(
        Example("search the web for electric cars", {"query": "electric cars"}),
        Example("google the tallest building in the world",
                {"query": "the tallest building in the world"}),
        Example("look up the history of tea online", {"query": "the history of tea"}),
        Example("what's in the news today", {"query": "news today"}),
        Example("search for pasta recipes", {"query": "pasta recipes"}),
        Example("find information about solar panels", {"query": "solar panels"}),
    ),
    zh=(
        Example("上网搜一下电动汽车", {"query": "电动汽车"}),
        Example("百度一下世界最高的楼", {"query": "世界最高的楼"}),
        Example("搜索茶的历史", {"query": "茶的历史"}),
        Example("今天有什么新闻", {"query": "今天新闻"}),
        Example("帮我搜红烧肉的做法", {"query": "红烧肉的做法"}),
        Example("网上查一下太阳能板", {"query": "太阳能板"}),
    ),
)  # fmt: skip

COMPUTE = Capability(
    "info.compute",
    Words("tell the time, calculate or convert", "时间、日期、计算、换算"),
    Risk.READ,
    (
        Argument(
            "kind",
            Kind.CHOICE,
            Words("kind", "类型"),
            True,
            (
                Choice("datetime", Words("date and time", "日期时间"),
                       ("time", "date", "day", "o'clock"), ("几点", "几号", "星期几", "时间")),
                Choice("math", Words("arithmetic", "计算"),
                       ("plus", "minus", "times", "divided"), ("加", "减", "乘", "除", "等于")),
                Choice("unit", Words("units", "单位换算"), ("convert", "in"), ("换算", "等于多少")),
                Choice("currency", Words("currency", "汇率"), ("dollars", "euros", "exchange"),
                       ("汇率", "美元", "欧元")),
                Choice("translate", Words("translation", "翻译"), ("translate", "say in"),
                       ("翻译", "怎么说")),
            ),
        ),
        Argument("expression", Kind.TEXT, Words("what to calculate", "算式")),
        Argument("value", Kind.NUMBER, Words("value", "数值")),
        Argument("from_unit", Kind.TEXT, Words("from", "原单位")),
        Argument("to", Kind.TEXT, Words("to", "目标单位")),
        Argument("place", Kind.TEXT, Words("place", "地点")),
        Argument("date", Kind.MOMENT, Words("day", "日期")),
        Argument(
            "part", Kind.CHOICE, Words("date or time", "日期或时间"),
            choices=(
                Choice("time", Words("time", "时间"), ("time", "o'clock"), ("几点", "时间")),
                Choice("date", Words("date", "日期"), ("date", "day"), ("几号", "星期几", "日期")),
            ),
        ),
        Argument("text", Kind.TEXT, Words("text", "文字")),
    ),
    tells=Words("{said}", "{said}"),
    en=(
        Example("what time is it", {"kind": "datetime", "part": "time"}),
        Example("what is today's date", {"kind": "datetime", "part": "date"}),
        Example("what time is it in London", {"kind": "datetime", "part": "time",
                                              "place": "London"}),
        Example("what day of the week is December 25th",
                {"kind": "datetime", "part": "date", "date": "2026-12-25"}),
        Example("what is 12 times 7", {"kind": "math", "expression": "12 times 7"}),
        Example("how much is 15 percent of 80", {"kind": "math",
                                                 "expression": "15 percent of 80"}),
        Example("convert 10 miles to kilometers",
                {"kind": "unit", "value": 10, "from_unit": "miles", "to": "kilometers"}),
        Example("convert 100 fahrenheit to celsius",
                {"kind": "unit", "value": 100, "from_unit": "fahrenheit", "to": "celsius"}),
        Example("how much is 100 dollars in euros",
                {"kind": "currency", "value": 100, "from_unit": "dollars", "to": "euros"}),
        Example("translate good morning to Chinese",
                {"kind": "translate", "text": "good morning", "to": "Chinese"}),
    ),
    zh=(
        Example("现在几点了", {"kind": "datetime", "part": "time"}),
        Example("今天几号", {"kind": "datetime", "part": "date"}),
        Example("伦敦现在几点", {"kind": "datetime", "part": "time", "place": "伦敦"}),
        Example("12月25日是星期几", {"kind": "datetime", "part": "date", "date": "2026-12-25"}),
        Example("12乘以7等于多少", {"kind": "math", "expression": "12乘以7"}),
        Example("80的百分之15是多少", {"kind": "math", "expression": "80的百分之15"}),
        Example("10英里等于多少公里",
                {"kind": "unit", "value": 10, "from_unit": "英里", "to": "公里"}),
        Example("100华氏度是多少摄氏度",
                {"kind": "unit", "value": 100, "from_unit": "华氏度", "to": "摄氏度"}),
        Example("100美元是多少人民币",
                {"kind": "currency", "value": 100, "from_unit": "美元", "to": "人民币"}),
        Example("早上好用英语怎么说", {"kind": "translate", "text": "早上好", "to": "英语"}),
    ),
)  # fmt: skip

FUNCTIONS = (unavailable(WEATHER), unavailable(SEARCH), Function(COMPUTE, compute))
