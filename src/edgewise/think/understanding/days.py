"""Which day: dates, weekdays and words such as "tomorrow", counted from a day."""

# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

import re
from datetime import date, timedelta

from edgewise.core.regex import regex
from edgewise.think.understanding.durations import DIGITS_ZH, number_said

_WEEKDAYS_EN = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS_EN = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTH_EN = "|".join(rf"{m}|{m[:3]}\.?" for m in _MONTHS_EN)
_DAY_NUMBER = r"(?P<md>\d{1,2})(?:st|nd|rd|th)?"
_RELATIVE = {
    "大后天": 3, "后天": 2, "明天": 1, "明日": 1, "明早": 1, "明晚": 1, "明儿": 1, "今天": 0, "今日": 0,
    "今晚": 0, "今早": 0, "今儿": 0, "昨天": -1, "昨晚": -1, "前天": -2,
    "the day after tomorrow": 2, "day after tomorrow": 2, "tomorrow": 1, "today": 0, "tonight": 0,
    "this morning": 0, "this afternoon": 0, "this evening": 0, "yesterday": -1,
}  # fmt: skip
_RELATIVE_RE = regex("|".join(sorted(_RELATIVE, key=len, reverse=True)))
_ISO = regex(r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b")
_DATE_ZH = regex(
    rf"(?:(?P<y>\d{{4}})年)?(?P<m>\d{{1,2}}|{DIGITS_ZH}{{1,3}})月(?:(?P<d>\d{{1,2}}|{DIGITS_ZH}{{1,3}})[号日]?)"
)
_DAY_ZH = regex(rf"(?P<d>\d{{1,2}}|{DIGITS_ZH}{{1,3}})号(?!线|楼|门|座|院|店|出口|车)")
_WEEK_ZH = regex(r"(?P<next>下下|下|这|本)?(?:个)?(?:周|星期|礼拜)(?P<d>[一二三四五六日天末])")
_DATE_EN = regex(
    rf"\b(?:on )?(?:the )?(?:(?P<mon1>{_MONTH_EN}) (?:the )?{_DAY_NUMBER}\b"
    rf"|(?P<md2>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<mon2>{_MONTH_EN})\b)"
)
_DAY_EN = regex(r"\b(?:on )?the (?P<d>\d{1,2})(?:st|nd|rd|th)\b")
_WEEK_EN = regex(rf"\b(?:on |this |(?P<next>next ))?(?P<d>{'|'.join(_WEEKDAYS_EN)}|weekend)\b")


def find_days(plain: str, today: date) -> list[tuple[date, int, int]]:
    """Days said in a normalised text with where each starts and ends, in order."""
    found: list[tuple[date, int, int]] = []

    def add(day: date | None, match: re.Match[str]) -> None:
        start, end = match.span()
        if day is not None and not any(s < end and start < e for _, s, e in found):
            found.append((day, start, end))

    for m in _ISO.finditer(plain):
        add(_date(int(m[1]), int(m[2]), int(m[3])), m)
    for m in _DATE_ZH.finditer(plain):
        add(_coming(today, m["y"], int(number_said(m["m"])), int(number_said(m["d"]))), m)
    for m in _DATE_EN.finditer(plain):
        name = m["mon1"] or m["mon2"]
        month = next(i for i, full in enumerate(_MONTHS_EN, 1) if full.startswith(name[:3]))
        add(_coming(today, None, month, int(m["md"] or m["md2"])), m)
    for m in _WEEK_ZH.finditer(plain):
        day = "一二三四五六日".find(m["d"].replace("天", "日").replace("末", "六"))
        weeks = {"下": 1, "下下": 2}.get(m["next"] or "", 0)
        day = 6 if m["d"] == "末" and not weeks and today.weekday() == 6 else day
        add(_weekday(today, day, weeks, m["next"]), m)
    for m in _WEEK_EN.finditer(plain):
        day = _WEEKDAYS_EN.index(m["d"]) if m["d"] != "weekend" else 5
        add(_weekday(today, day, 1 if m["next"] else 0, m["next"]), m)
    for m in _RELATIVE_RE.finditer(plain):
        add(today + timedelta(days=_RELATIVE[m.group()]), m)
    for m in [*_DAY_ZH.finditer(plain), *_DAY_EN.finditer(plain)]:
        add(_coming(today, None, None, int(number_said(m["d"]))), m)
    return sorted(found, key=lambda item: item[1])


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _coming(today: date, year: str | None, month: int | None, day: int) -> date | None:
    """The next such day that is not past."""
    if year:
        return _date(int(year), month or 1, day)
    if month is None:
        here = _date(today.year, today.month, day)
        if here is not None and here >= today:
            return here
        later = today.month % 12 + 1
        return _date(today.year + (later == 1), later, day)
    here = _date(today.year, month, day)
    return here if here is None or here >= today else _date(today.year + 1, month, day)


def _weekday(today: date, day: int, weeks: int, said: str | None) -> date:
    """A weekday of this week (the coming one if it is past), or of the week `weeks` later."""
    monday = today - timedelta(days=today.weekday())
    found = monday + timedelta(days=day + 7 * weeks)
    if not said and found < today:
        found += timedelta(days=7)
    return found
