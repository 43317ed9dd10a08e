"""Numbers, times, dates, units and money of a Chinese answer as a person says them.

A small reader of what a device says ("22度", "7:30", "3.5公里", "80%"), not of all that can be
written. Two before a measure is 两; a year, a telephone number and digits of a name are read one by
one. Pure; knows no sounds.
"""

from collections.abc import Callable
from re import Match, Pattern

from edgewise.core.regex import regex

_DIGITS = "零一二三四五六七八九"
_PLACES = ("", "十", "百", "千")
_GROUPS = ("", "万", "亿", "万亿")
MOST_DIGITS = 16
"""Longer ones are no quantity: read digit by digit."""
_UNITS = {
    "°C": "度", "℃": "度", "°F": "华氏度", "°": "度", "K": "度", "km/h": "公里每小时",
    "kmh": "公里每小时", "m/s": "米每秒", "kWh/100km": "度每百公里", "l/100km": "升每百公里",
    "km": "公里", "cm": "厘米", "mm": "毫米", "m": "米", "kg": "公斤", "g": "克", "kWh": "千瓦时",
    "kW": "千瓦", "W": "瓦", "V": "伏", "A": "安", "kPa": "千帕", "bar": "巴", "L": "升", "l": "升",
    "ml": "毫升", "h": "小时", "min": "分钟", "s": "秒", "ms": "毫秒", "GB": "G B", "MB": "M B",
    "dB": "分贝", "Hz": "赫兹", "kHz": "千赫", "MHz": "兆赫", "GHz": "吉赫", "rpm": "转每分",
}  # fmt: skip
_MEASURES = (
    "个条位首次分钟小时天周公里米千升秒点块元辆台封部张件种家座套段份名层排通遍人毫厘吨克公斤岁"
)
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_WEEK = {"1": "一", "2": "二", "3": "三", "4": "四", "5": "五", "6": "六", "7": "日"}


def said(text: str) -> str:
    """`text` with what is written in figures as words; everything else stays."""
    for pattern, read in _READERS:
        text = pattern.sub(read, text)
    return text


def number(value: int) -> str:
    """A whole number in words: 205 is 二百零五, 12 is 十二."""
    if value < 0:
        return f"负{number(-value)}"
    if value == 0:
        return "零"
    told, gap = "", False
    for group in range(len(_GROUPS) - 1, -1, -1):
        part = value // 10000**group % 10000
        if part == 0:
            gap = gap or bool(told)
            continue
        told += ("零" if told and (gap or part < 1000) else "") + _group(part) + _GROUPS[group]
        gap = False
    return told.removeprefix("一") if told.startswith("一十") else told


def digits(text: str, *, spoken: bool = False) -> str:
    """One digit after another; `spoken`: 幺 for one, as of telephone numbers."""
    told = "".join(_DIGITS[int(each)] for each in text if each.isdigit())
    return told.replace("一", "幺") if spoken else told


def _group(value: int) -> str:
    told, gap = "", False
    for place in (3, 2, 1, 0):
        digit = value // 10**place % 10
        if digit == 0:
            gap = bool(told)
            continue
        told += ("零" if gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = False
    return told


def _amount(figures: str) -> str:
    whole, _, part = figures.replace(",", "").partition(".")
    if len(whole) > MOST_DIGITS or (len(whole) > 1 and whole[0] == "0"):
        told = digits(whole)
    else:
        told = number(int(whole))
    return f"{told}点{digits(part)}" if part else told


def _counted(figures: str, following: str) -> str:
    """An amount before a measure word: 2 is 两, but not in 12 or 2.5."""
    if figures == "2" and following[:1] and following[0] in _MEASURES:
        return "两"
    return _amount(figures)


def _signed(sign: str | None, *, below_zero: bool = False) -> str:
    if sign in ("-", "−"):
        return "零下" if below_zero else "负"
    return "加" if sign == "+" else ""


def _with_unit(match: Match[str]) -> str:
    sign, figures, unit = match.groups()
    told = _UNITS[unit.replace(" ", "")]
    below = unit in ("°C", "℃", "°")
    return f"{_signed(sign, below_zero=below)}{_counted(figures, told)}{told}"


def _percent(match: Match[str]) -> str:
    return f"{_signed(match[1])}百分之{_amount(match[2])}"


def _time(match: Match[str]) -> str:
    hour, minute, second = match.groups()
    if int(hour) > 24 or int(minute) > 59:
        return f"{number(int(hour))}比{number(int(minute))}"
    told = ("两" if int(hour) == 2 else number(int(hour))) + "点"
    if int(minute):
        told += ("零" if int(minute) < 10 else "") + number(int(minute)) + "分"
    elif not second:
        told += "整" if not second else ""
    return told + (f"{number(int(second))}秒" if second else "")


def _date(match: Match[str]) -> str:
    return f"{digits(match[1])}年{number(int(match[2]))}月{number(int(match[3]))}日"


def _year(match: Match[str]) -> str:
    return f"{digits(match[1])}年"


def _month_or_day(match: Match[str]) -> str:
    return f"{number(int(match[1]))}{match[2]}"


def _money(match: Match[str]) -> str:
    unit = {"$": "美元", "€": "欧元", "£": "英镑"}.get(match[1], "元")
    return _counted(match[2], unit) + unit


def _telephone(match: Match[str]) -> str:
    groups = regex(r"\d+").findall(match[0])
    if len(groups) == 1 and len(groups[0]) == 11:
        groups = [groups[0][:3], groups[0][3:7], groups[0][7:]]
    return ("加" if match[0].startswith("+") else "") + "，".join(
        digits(group, spoken=True) for group in groups
    )


def _long(match: Match[str]) -> str:
    return "，".join(digits(match[0][n : n + 4]) for n in range(0, len(match[0]), 4))


def _range(match: Match[str]) -> str:
    return f"{match[1]}到{match[2]}"


def _in_name(match: Match[str]) -> str:
    return f"{digits(match[0])} "


def _week(match: Match[str]) -> str:
    return match[1] + _WEEK[match[2]]


def _version(match: Match[str]) -> str:
    return "点".join(_amount(each) for each in match[0].split("."))


def _plain(match: Match[str]) -> str:
    return _signed(match[1]) + _counted(match[2], match.string[match.end() : match.end() + 1])


def _address(match: Match[str]) -> str:
    return match[0].replace("://", " ").replace(".", " 点 ").replace("@", " at ").replace("/", " ")


def _fixed(words: str) -> Callable[[Match[str]], str]:
    return lambda match: words


_LINK = r"https?://[\w./-]+|[\w.+-]+@[a-z][\w-]*(?:\.[a-z]{2,})+"
_MOBILE = r"(?<!\d)1[3-9]\d{9}(?!\d)"
_READERS: tuple[tuple[Pattern[str], Callable[[Match[str]], str]], ...] = (
    (regex(rf"{_LINK}|(?<![a-z])[a-z][a-z0-9-]+\.(?:com|org|net|cn|io)(?![a-z])"), _address),
    (regex(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?!\d)"), _date),
    (regex(r"(?<!\d)(\d{4})\s?年"), _year),
    (regex(r"(?<!\d)(\d{1,2})\s?(月|日|号)"), _month_or_day),
    (regex(r"(周|星期|礼拜)([1-7])(?!\d)"), _week),
    (regex(r"(?<!\d)(\d{1,2})[:：](\d{2})(?:[:：](\d{2}))?(?!\d)"), _time),
    (regex(rf"([$€£¥￥])\s?({_NUMBER})"), _money),
    (regex(rf"{_MOBILE}|\+\d[\d -]{{7,}}\d"), _telephone),
    (regex(r"(?<!\d)\d{3,4}-\d{3,4}(?:-?\d{4})?(?!\d)"), _telephone),
    (regex(r"(?<![\d.])\d+(?:\.\d+){2,}(?!\d)"), _version),
    (regex(r"(?<![\d.])(\d+(?:\.\d+)?)\s?[-–~～至]\s?(\d+(?:\.\d+)?)(?=\D|$)"), _range),
    (regex(rf"(?:(?<![\w.])([-−+]))?({_NUMBER})\s?[%％]"), _percent),
    (regex(rf"(?:(?<![A-Za-z0-9.])([-−+]))?({_NUMBER})\s?({_UNIT})(?![A-Za-z])"), _with_unit),
    (regex(r"(?<=[A-Za-z])\d+(?!\d*\.\d)"), _in_name),
    (regex(r"(?<![.,\d])\d{9,}(?![.,]?\d)"), _long),
    (regex(rf"(?:(?<![\w.])([-−+]))?({_NUMBER})\s?"), _plain),
    (regex(r"[%％]"), _fixed("百分比")),
    (regex(r"°C|℃|°"), _fixed("度")),
    (regex(r"[*_#^`~<>]+"), _fixed(" ")),
)  # fmt: skip
