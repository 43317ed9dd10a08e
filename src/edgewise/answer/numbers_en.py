"""Numbers, times, dates, units and money of an English answer as the words a person says.

A small reader of what a device says ("22 °C", "7:30", "3.5 km", "80 %", "2026-11-30"), not of all
that can be written; a form it does not know is read digit by digit or as its plain numbers.
Pure; knows no sounds.
"""

from collections.abc import Callable
from re import Match, Pattern

from edgewise.core.regex import regex

_ONES = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
]  # fmt: skip
_TENS = [
    "zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
]  # fmt: skip
_SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1000, "thousand"))
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth",
    "nine": "ninth", "twelve": "twelfth",
}  # fmt: skip
_MONTHS = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
]  # fmt: skip
MOST_DIGITS = 15
"""Longer ones are no quantity: read digit by digit."""

# A unit: how one of it and how several are said.
_UNITS = {
    "°C": ("degree", "degrees"), "℃": ("degree", "degrees"),
    "°F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "°": ("degree", "degrees"), "K": ("degree", "degrees"),
    "%": ("percent", "percent"), "km/h": ("kilometer an hour", "kilometers an hour"),
    "kmh": ("kilometer an hour", "kilometers an hour"), "mph": ("mile an hour", "miles an hour"),
    "m/s": ("meter a second", "meters a second"),
    "kWh/100 km": ("kilowatt hour per hundred kilometers", "kilowatt hours per hundred kilometers"),
    "l/100 km": ("liter per hundred kilometers", "liters per hundred kilometers"),
    "km": ("kilometer", "kilometers"), "cm": ("centimeter", "centimeters"),
    "mm": ("millimeter", "millimeters"), "m": ("meter", "meters"), "mi": ("mile", "miles"),
    "ft": ("foot", "feet"), "kg": ("kilogram", "kilograms"), "g": ("gram", "grams"),
    "kWh": ("kilowatt hour", "kilowatt hours"), "kW": ("kilowatt", "kilowatts"),
    "W": ("watt", "watts"), "V": ("volt", "volts"), "A": ("ampere", "amperes"),
    "kPa": ("kilopascal", "kilopascals"), "bar": ("bar", "bars"), "psi": ("P S I", "P S I"),
    "l": ("liter", "liters"), "L": ("liter", "liters"), "ml": ("milliliter", "milliliters"),
    "h": ("hour", "hours"), "hr": ("hour", "hours"), "min": ("minute", "minutes"),
    "s": ("second", "seconds"), "sec": ("second", "seconds"),
    "ms": ("millisecond", "milliseconds"), "GB": ("gigabyte", "gigabytes"),
    "MB": ("megabyte", "megabytes"), "KB": ("kilobyte", "kilobytes"),
    "kB": ("kilobyte", "kilobytes"), "TB": ("terabyte", "terabytes"),
    "dB": ("decibel", "decibels"), "Hz": ("hertz", "hertz"), "kHz": ("kilohertz", "kilohertz"),
    "MHz": ("megahertz", "megahertz"), "GHz": ("gigahertz", "gigahertz"),
    "rpm": ("revolution a minute", "revolutions a minute"),
}  # fmt: skip
_MONEY = {
    "$": ("dollar", "dollars", "cents"), "€": ("euro", "euros", "cents"),
    "£": ("pound", "pounds", "pence"), "¥": ("yuan", "yuan", ""), "￥": ("yuan", "yuan", ""),
}  # fmt: skip

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_UNIT = "|".join(sorted((u.replace(" ", r"\s?") for u in _UNITS), key=len, reverse=True))


def said(text: str) -> str:
    """`text` with what is written in figures as words; everything else stays."""
    for pattern, read in _READERS:
        text = pattern.sub(read, text)
    return text


def number(value: int) -> str:
    """A whole number in words: 120 is "one hundred twenty"."""
    if value < 0:
        return f"minus {number(-value)}"
    if value < 20:
        return _ONES[value]
    if value < 100:
        rest = value % 10
        return _TENS[value // 10] + (f" {_ONES[rest]}" if rest else "")
    for size, name in (*_SCALES, (100, "hundred")):
        if value >= size:
            rest = value % size
            return f"{number(value // size)} {name}" + (f" {number(rest)}" if rest else "")
    raise AssertionError(value)


def ordinal(value: int) -> str:
    """21 is "twenty first"."""
    *before, last = number(value).split(" ")
    if last in _ORDINALS:
        last = _ORDINALS[last]
    else:
        last = last[:-1] + "ieth" if last.endswith("y") else last + "th"
    return " ".join([*before, last])


def year(value: int) -> str:
    """2026 is "twenty twenty six", 2005 "two thousand five"."""
    high, low = divmod(value, 100)
    if not 1000 <= value <= 2099 or 2000 <= value < 2010:
        return number(value)
    if low == 0:
        return f"{number(high)} hundred" if high % 10 else number(value)
    return f"{number(high)} {number(low) if low > 9 else 'oh ' + number(low)}"


def digits(text: str) -> str:
    """One digit after another."""
    return " ".join(_ONES[int(each)] for each in text if each.isdigit())


def _amount(figures: str) -> str:
    whole, _, part = figures.replace(",", "").partition(".")
    if len(whole) > MOST_DIGITS or (len(whole) > 1 and whole[0] == "0"):
        told = digits(whole)
    else:
        told = number(int(whole))
    return f"{told} point {digits(part)}" if part else told


def _signed(sign: str | None) -> str:
    return {"-": "minus ", "−": "minus ", "+": "plus "}.get(sign or "", "")


def _with_unit(match: Match[str]) -> str:
    sign, figures, unit = match.groups()
    one, many = _UNITS.get(unit) or _UNITS[_spaced(unit)]
    return f" {_signed(sign)}{_amount(figures)} {one if figures == '1' else many} "


def _spaced(unit: str) -> str:
    return next(known for known in _UNITS if known.replace(" ", "") == unit.replace(" ", ""))


def _range(match: Match[str]) -> str:
    return f"{match[1]} to {match[2]}"


def _time(match: Match[str]) -> str:
    hour, minute, second, half = match.groups()
    if int(hour) > 24 or int(minute) > 59:
        return f"{number(int(hour))} {number(int(minute))}"
    told = number(int(hour))
    if int(minute):
        told += " oh" if int(minute) < 10 else ""
        told += f" {number(int(minute))}"
    elif not half:
        told += " o'clock" if 0 < int(hour) <= 12 else " hundred"
    if second:
        told += f" and {number(int(second))} seconds"
    return f"{told} {' '.join(half.replace('.', '').upper())}" if half else told


def _half(match: Match[str]) -> str:
    return f"{number(int(match[1]))} {' '.join(match[2].replace('.', '').upper())}"


def _date(match: Match[str]) -> str:
    full, month, day = (int(each) for each in match.groups())
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return f"{number(full)} {number(month)} {number(day)}"
    return f"{_MONTHS[month - 1]} {ordinal(day)}, {year(full)}"


def _month_day(match: Match[str]) -> str:
    return f"{match[1]} {ordinal(int(match[2]))}" + (f", {year(int(match[3]))}" if match[3] else "")


def _day_month(match: Match[str]) -> str:
    told = f"{match[2]} {ordinal(int(match[1]))}"
    return told + (f", {year(int(match[3]))}" if match[3] else "")


def _money(match: Match[str]) -> str:
    sign, figures = match.groups()
    one, many, small = _MONEY[sign]
    whole, _, part = figures.partition(".")
    if part and small and len(part) == 2:
        told = f"{_amount(whole)} {one if whole == '1' else many}"
        return told + (f" {number(int(part))} {small}" if int(part) else "")
    return f"{_amount(figures)} {one if figures == '1' else many}"


def _telephone(match: Match[str]) -> str:
    groups = regex(r"\d+").findall(match[0])
    return ("plus " if match[0].startswith("+") else "") + ", ".join(digits(g) for g in groups)


def _long(match: Match[str]) -> str:
    figures = match[0]
    return ", ".join(digits(figures[n : n + 4]) for n in range(0, len(figures), 4))


def _ordinal(match: Match[str]) -> str:
    return ordinal(int(match[1])) if len(match[1]) <= MOST_DIGITS else digits(match[1])


def _plain(match: Match[str]) -> str:
    return f" {_signed(match[1])}{_amount(match[2])} "


def _version(match: Match[str]) -> str:
    return f" {' point '.join(_amount(each) for each in match[0].split('.'))} "


def _address(match: Match[str]) -> str:
    told = match[0].removeprefix("https://").removeprefix("http://").rstrip("/")
    return told.replace(".", " dot ").replace("@", " at ").replace("/", " slash ")


def _fixed(words: str) -> Callable[[Match[str]], str]:
    return lambda match: words


_LINK = r"https?://[\w./-]+|[\w.+-]+@\w[\w-]*(?:\.[a-z]{2,})+"
_NAMES = "|".join(_MONTHS)
_READERS: tuple[tuple[Pattern[str], Callable[[Match[str]], str]], ...] = (
    (regex(rf"{_LINK}|\b[a-z][\w-]+\.(?:com|org|net|cn|io)\b"), _address),
    (regex(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b"), _date),
    (regex(rf"\b({_NAMES})\s(\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s(\d{{4}}))?\b"), _month_day),
    (regex(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s({_NAMES})(?:,?\s(\d{{4}}))?\b"), _day_month),
    (regex(r"(?<!\d)(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s?([AaPp]\.?[Mm]\b\.?))?"), _time),
    (regex(r"\b(\d{1,2})\s?([ap]\.?m)\b", 2), _half),
    (regex(rf"([$€£¥￥])\s?({_NUMBER})"), _money),
    (regex(r"\+\d[\d -]{7,}\d|\b\d{3}[ -]\d{3,4}[ -]\d{4}\b"), _telephone),
    (regex(r"(?<![\d.])\d+(?:\.\d+){2,}(?![\d])"), _version),
    (regex(r"(?<![\d.])(\d+(?:\.\d+)?)\s?[-–~]\s?(\d+(?:\.\d+)?)(?![\d.]*-)"), _range),
    (regex(rf"(?<![\w.])([-−+])?({_NUMBER})\s?({_UNIT})(?![A-Za-z0-9])"), _with_unit),
    (regex(r"\b(\d+)(?:st|nd|rd|th)\b"), _ordinal),
    (regex(r"(?<![.,\d])\d{8,}(?![.,]?\d)"), _long),
    (regex(rf"(?:(?<![\w.])([-−+]))?({_NUMBER})"), _plain),
    (regex(r"\bl/100\skm\b"), _fixed("liters per hundred kilometers")),
    (regex(r"\bkm/h\b"), _fixed("kilometers an hour")),
    (regex(r"\band/or\b"), _fixed("and or")),
    (regex(r"(?<=\w)\s?/\s?(?=\w)"), _fixed(" or ")),
    (regex(r"%"), _fixed(" percent ")),
    (regex(r"°C|℃|°"), _fixed(" degrees ")),
    (regex(r"\s=\s"), _fixed(" equals ")),
    (regex(r"\s\+\s"), _fixed(" plus ")),
    (regex(r"[*_#^`~<>]+"), _fixed(" ")),
)  # fmt: skip
