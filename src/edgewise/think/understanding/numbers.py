"""Numbers in Chinese and English text: digits, number words, halves, percent, and their unit.

It finds what is written, with its place; what a number means (a level, a temperature, an hour) is
decided by who asks. It does not read ordinals of places ("third street") nor Roman numerals.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite

from edgewise.core.regex import regex


@dataclass(frozen=True, slots=True)
class Number:
    """A number at `start`..`end` of the text; `unit` is one of the names in `UNITS` or empty."""

    value: float
    start: int
    end: int
    unit: str = ""

    @property
    def plain(self) -> int | float:
        """The value as an int when it is whole."""
        return int(self.value) if self.value == int(self.value) else self.value


UNITS: dict[str, str] = {
    "percent": r"%|percent|per cent|个百分点",
    "fahrenheit": r"°? ?f\b|(?:degrees? )?fahrenheit|华氏度",
    "degree": r"°? ?c\b|°|degrees?(?: celsius| centigrade)?|celsius|摄氏度|度",
    "level": r"levels?\b|notch(?:es)?\b|steps?\b|bars?\b|档位|档|挡|级|格",
    "kilometre": r"kilomet(?:re|er)s?\b|kms?\b|公里|千米",
    "mile": r"miles?\b|英里",
    "metre": r"met(?:re|er)s?\b|米",
    "minute": r"minutes?\b|mins?\b|分钟",
    "hour": r"hours?\b|hrs?\b|小时|个小时|个钟头|个钟",
    "second": r"seconds?\b|secs?\b|秒钟|秒",
    "hertz": r"mhz\b|khz\b|fm\b|兆赫|千赫|赫兹",
    "money": r"(?:dollars?|bucks?|euros?|pounds?|yuan|rmb)\b|块钱|元|块",
    "count": r"个(?!百分点|小时|钟|半)|扇|边|侧|排|张|条|首|位|人|份|杯|瓶|次|遍|辆|家|趟",
    "star": r"stars?\b|颗星|星",
}

_DIGIT = "零〇一二两三四五六七八九"
_CHINESE = f"[{_DIGIT}十百千万亿半]"
_ONES = {
    w: i
    for i, w in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS = {
    w: 10 * i
    for i, w in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2
    )
}
_WORD = "|".join(sorted([*_ONES, *_TENS, "hundred", "thousand", "million"], key=len, reverse=True))
_UNIT = "|".join(f"(?P<{name}>{pattern})" for name, pattern in UNITS.items())

# "一点", "一下", "一首" and the like hold no number that anyone means as one.
_NOT_A_NUMBER = regex(
    r"一(?:点[儿点]?(?!半|\d|[零一二三四五六七八九十]|钟)|下|些|首|起|直|样|会|键|路|般|边|旦|定|切|共|曲|声|家)"
    r"|\bthe one\b(?! (?:hundred|thousand|point))|\b(?:left|right|other|this|that|first|second|third|last|next|front|rear|back|big|small|big|new|old|same|which) one\b"
    r"|一半|大半|半(?:开|关)|万(?:一|达|能|科)|千万|百(?:度|货)|十(?:字|分(?!钟))|三明治|星期[一二三四五六日天]|周[一二三四五六]"
    r"|第[一二三四五六七八九十]排|千里|七里|半(?:自动|夜|路)|零食|三(?:亚|元桥)|四川|九寨沟|五一|十一假"
)
_CHINESE_NUMBER = regex(
    rf"(?:负|零下)?(?:百分之)?(?:\d+(?:\.\d+)?[万亿]?|{_CHINESE}+)(?:点[{_DIGIT}]+)?(?:成(?!立|功|人|为|都|员|本|了))?"
)
_DIGITS = regex(r"(?<![\d.])(?:\bminus |-)?\d+(?:\.\d+)?(?![\d])")
_ENGLISH = regex(
    rf"\b(?:minus )?(?:(?:a )?(?:{_WORD})(?:(?:[ -]|[ -]and )(?:{_WORD}))*"
    rf"(?: point(?: (?:{_WORD}))+)?)(?: and a half| and a quarter)?\b"
)
_SHARES = {
    "四分之三": 75.0, "四分之一": 25.0, "三分之二": 67.0, "三分之一": 33.0,
    "three quarters": 75.0, "a quarter": 25.0, "one quarter": 25.0, "two thirds": 67.0,
    "a third": 33.0, "one third": 33.0,
}  # fmt: skip
_SHARE = regex("(?:" + "|".join(_SHARES) + r")(?! (?:past|to \w|row|seat|of an hour))")
"""Parts of a whole, in percent."""
_HALF_A = regex(r"\bhalf (?:of )?(?:a |one )?(?=degree|notch|level|step)")
_DIGITS_AND_A_HALF = regex(r"(?<![\d.])(?P<n>\d+) and a half\b")
_AFTER = regex(rf"[ -]?(?:{_UNIT})")
_AFTER_DEGREE = regex(rf"[{_DIGIT}\d](?![\d个])")
_FAHRENHEIT = regex(r" ?(?:f\b|fahrenheit)")
_HALF_AFTER = regex(r" ?(?:半(?!夜|自)|and a half\b)")


def find_numbers(plain: str) -> list[Number]:
    """All numbers of a normalised text, in order, without overlap."""
    found: list[Number] = []
    blocked = [m.span() for m in _NOT_A_NUMBER.finditer(plain)]
    for start, end, value in sorted(_candidates(plain), key=lambda c: (c[0], -c[1])):
        if found and start < found[-1].end:
            continue
        if not isfinite(value) or any(s < end and start < e for s, e in blocked):
            continue
        found.append(_with_unit(plain, Number(value, start, end)))
    return found


def chinese_value(text: str) -> float | None:
    """The value of a Chinese numeral such as 二十二, 一百零五, 三点五, 两千三; `None` if it is none."""
    whole, _, fraction = text.partition("点")
    if whole == "半":
        return 0.5
    half = whole.endswith("半") and len(whole) > 1
    value = _chinese_whole(whole[:-1] if half else whole)
    if value is None:
        return None
    if fraction:
        digits = "".join(str(_digit(char)) for char in fraction)
        value += float("0." + digits)
    return value + 0.5 if half else value


def english_value(text: str) -> float | None:
    """The value of English number words such as "twenty-two and a half"; `None` if it is none."""
    half = 0.0
    for tail, extra in ((" and a half", 0.5), (" and a quarter", 0.25)):
        if text.endswith(tail):
            text, half = text[: -len(tail)], extra
    whole, _, fraction = text.partition(" point ")
    words = [w for w in re.split(r"[ -]+", whole) if w not in ("and", "a", "minus")]
    value = _english_whole(words)
    if value is None:
        return None
    if fraction:
        digits = [str(_ONES[w]) for w in fraction.split() if w in _ONES]
        value += float("0." + "".join(digits)) if digits else 0.0
    return -(value + half) if text.startswith("minus") else value + half


def _candidates(plain: str) -> Iterator[tuple[int, int, float]]:
    for match in _CHINESE_NUMBER.finditer(plain):
        value = _read_chinese(match.group())
        if value is not None:
            yield match.start(), match.end(), value
    for match in _SHARE.finditer(plain):
        yield match.start(), match.end(), _SHARES[match.group()]
    for match in _HALF_A.finditer(plain):
        yield match.start(), match.end(), 0.5
    for match in _DIGITS_AND_A_HALF.finditer(plain):
        yield match.start(), match.end(), float(match["n"]) + 0.5
    for match in _DIGITS.finditer(plain):
        yield match.start(), match.end(), float(match.group().replace("minus ", "-"))
    if max(plain, default=" ") >= "a" and not plain.isnumeric():
        for match in _ENGLISH.finditer(plain):
            value = english_value(match.group())
            if value is not None:
                yield match.start(), match.end(), value


def _read_chinese(text: str) -> float | None:
    sign = -1.0 if text.startswith(("负", "零下")) else 1.0
    text = text.removeprefix("负").removeprefix("零下")
    text = text.removeprefix("百分之")
    tenths = text.endswith("成")
    text = text.removesuffix("成")
    if text[:1].isdigit() and text[:1].isascii():
        scale = 1e4 if text.endswith("万") else 1e8 if text.endswith("亿") else 1.0
        body = text.rstrip("万亿")
        if "点" in body:
            whole, _, fraction = body.partition("点")
            body = whole + "." + "".join(str(_digit(char)) for char in fraction)
        value: float | None = float(body) * scale
    else:
        value = chinese_value(text)
    if value is None:
        return None
    return sign * value * (10 if tenths else 1)


def _with_unit(plain: str, number: Number) -> Number:
    start, end, value, unit = number.start, number.end, number.value, ""
    text = plain[start:end]
    if text.startswith("百分之") or text.endswith("成") or text in _SHARES:
        return Number(value, start, end, "percent")
    after = _AFTER.match(plain, end)
    if after is not None:
        unit, end = after.lastgroup or "", after.end()
        half = _HALF_AFTER.match(plain, end)
        if half is not None and value == int(value):
            value, end = value + 0.5, half.end()
        elif unit == "degree" and (tail := _AFTER_DEGREE.match(plain, end)):
            value, end = value + _tenth(tail.group()), tail.end()
        if unit == "degree" and (f := _FAHRENHEIT.match(plain, end)):
            unit, end = "fahrenheit", f.end()
    if unit in ("degree", "") and plain[:start].endswith("华氏"):
        unit = "fahrenheit"
    if not unit and re.search(r"\blevel $", plain[:start]):
        unit = "level"
    return Number(value, start, end, unit)


def _tenth(char: str) -> float:
    return (int(char) if char.isascii() else _digit(char)) / 10


def _digit(char: str) -> int:
    if char in "零〇":
        return 0
    return 2 if char == "两" else "零一二三四五六七八九".index(char)


def _chinese_whole(text: str) -> float | None:
    if not text:
        return None
    if all(char in _DIGIT for char in text):
        return float("".join(str(_digit(char)) for char in text))
    total, section, digit = 0.0, 0.0, 0.0
    last_unit = 1.0
    seen_digit = False
    for char in text:
        if char in _DIGIT:
            digit, seen_digit = float(_digit(char)), True
            if char in "零〇":
                last_unit = 10.0
        elif char in "十百千":
            last_unit = {"十": 10.0, "百": 100.0, "千": 1000.0}[char]
            section += (digit if seen_digit or digit else 1.0) * last_unit
            digit, seen_digit = 0.0, False
        elif char in "万亿":
            last_unit = 1e4 if char == "万" else 1e8
            total += (section + digit or 1.0) * last_unit
            section, digit, seen_digit = 0.0, 0.0, False
        else:
            return None
    if digit and last_unit >= 100:
        digit *= last_unit / 10
    return total + section + digit


def _english_whole(words: list[str]) -> float | None:
    total, current, seen = 0.0, 0.0, False
    for word in words:
        if word in _ONES:
            if seen and current % 10 and current < 100:  # "one two": digits of a number
                current = current * 10 + _ONES[word]
            else:
                current += _ONES[word]
        elif word in _TENS:
            current += _TENS[word]
        elif word == "hundred":
            current = (current or 1.0) * 100
        elif word in ("thousand", "million"):
            total += (current or 1.0) * (1e3 if word == "thousand" else 1e6)
            current = 0.0
        else:
            return None
        seen = True
    return total + current if seen else None
