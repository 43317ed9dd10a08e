"""Durations and moments in Chinese and English text.

A duration is a number of seconds. A moment is ISO 8601 local time without zone, or a date alone,
counted from `now`. A time of day that has passed today and names no day means tomorrow; an hour
without "am" or "pm" means the next one to come, 1 to 6 in the afternoon for plans. It knows no
holidays and no recurring times ("every Monday" gives the next Monday).
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from edgewise.core.regex import regex
from edgewise.think.understanding.numbers import chinese_value, english_value


@dataclass(frozen=True, slots=True)
class Duration:
    """Seconds said at `start`..`end`."""

    seconds: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment said at `start`..`end`; `day` and `clock` tell which half of it was said."""

    value: str
    start: int
    end: int
    day: bool
    clock: bool


_CN = r"[零〇一二两三四五六七八九十百]"
# Possessive (++): giving digits back never helps, and would cost seconds on a text of digits alone.
_N_ZH = rf"(?:\d++(?:\.\d++)?|{_CN}++(?:点{_CN}++)?|半)"
_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    "sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|ninety|hundred"
)
_N_EN = rf"(?:\d++(?:\.\d++)?|(?:{_WORDS})(?:[ -](?:{_WORDS}))*|an?|half an?|half)"
_LONGEST = 1e9  # no number before "minutes" is meant that is larger
_SECONDS = {"d": 86400, "h": 3600, "m": 60, "s": 1}

_DURATION_ZH = regex(
    rf"(?:(?P<d>{_N_ZH})天(?!气|窗|幕))?(?:(?P<h>{_N_ZH})(?P<hh>个半)?(?:个)?(?:小时|钟头|钟(?!头))(?P<hx>半)?)?"
    rf"零?(?:(?P<m>{_N_ZH})(?:分(?P<mh>半)?钟(?P<mx>半)?|分(?=\d|{_CN}|$|后|之后))|(?P<q>[一三])刻钟)?"
    rf"零?(?:(?P<s>{_N_ZH})秒钟?)?"
)
_UNIT_EN = {
    "d": r"days?",
    "h": r"hours?|hrs?|h",
    "m": r"minutes?|mins?|min|m",
    "s": r"seconds?|secs?|s",
}
_PART_EN = regex(
    rf"\b(?P<n>{_N_EN})(?P<ah> and a half| and a quarter)?[ -]?(?:"
    + "|".join(f"(?P<{k}>(?:{v})\\b)" for k, v in _UNIT_EN.items())
    + r")(?P<half> and a half)?(?P<quarter> and a quarter)?"
)
_JOIN_EN = regex(r"(?:,? and |, | )")


def find_durations(plain: str) -> list[Duration]:
    """All durations of a normalised text, in order, neighbouring parts joined."""
    found: list[Duration] = []
    for match in _DURATION_ZH.finditer(plain):
        seconds = _chinese_seconds(match)
        if seconds and match.group():
            found.append(Duration(seconds, match.start(), match.end()))
    if found:
        return found
    for match in _PART_EN.finditer(plain):
        seconds = _english_seconds(match)
        if not seconds:
            continue
        if found and (j := _JOIN_EN.fullmatch(plain[found[-1].end : match.start()])) is not None:
            del j
            last = found.pop()
            found.append(Duration(last.seconds + seconds, last.start, match.end()))
        else:
            found.append(Duration(seconds, match.start(), match.end()))
    return found


def find_moments(plain: str, now: str, *, early: bool = False) -> list[Moment]:
    """All moments of a normalised text, counted from `now` (ISO 8601); none when `now` is unknown.

    With `early` an unsure hour on a named day is one of the morning (alarms), else from 1 to 6 one
    of the afternoon (plans).
    """
    try:
        at = datetime.fromisoformat(now).replace(tzinfo=None)
    except ValueError:
        return []
    ahead = _ahead(plain, at)
    if ahead is not None:
        return [ahead]
    days = _find_days(plain, at.date())
    clocks = _find_clocks(plain)
    found: list[Moment] = []
    used: set[int] = set()
    for day, start, end in days:
        index = _nearest(clocks, start, end, used)
        if index is None:
            found.append(Moment(day.isoformat(), start, end, True, False))
            continue
        used.add(index)
        clock = clocks[index]
        if _EVENING.search(plain[start:end]) and clock.minutes < 720:
            clock = _Clock(clock.minutes + 720, True, clock.start, clock.end)
        stamp = datetime.combine(day, datetime.min.time()) + timedelta(
            minutes=clock.minutes if early else _settle(clock, None)
        )
        first, last = min(start, clock.start), max(end, clock.end)
        found.append(Moment(_iso(stamp), first, last, True, True))
    for index, clock in enumerate(clocks):
        if index not in used and clock.exact:
            first = next((m for m in found if m.clock and m.day), None)
            stamp = _next(at, clock) if first is None else _beside(first, clock)
            found.append(Moment(_iso(stamp), clock.start, clock.end, False, True))
        elif index not in used and not days:
            stamp = _next(at, clock)
            found.append(Moment(_iso(stamp), clock.start, clock.end, False, True))
    return sorted(found, key=lambda moment: moment.start)


def _beside(first: Moment, clock: "_Clock") -> datetime:
    """A clock time on the same day as `first`, after it where that is possible."""
    begin = datetime.fromisoformat(first.value)
    minutes = clock.minutes
    if not clock.sure and clock.start > first.start and minutes <= begin.hour * 60 + begin.minute:
        minutes += 720
    return begin.replace(hour=0, minute=0) + timedelta(minutes=minutes)


@dataclass(frozen=True, slots=True)
class _Clock:
    """Minutes after midnight; `sure` when morning or afternoon is known; `exact`: an hour is said."""

    minutes: int
    sure: bool
    start: int
    end: int
    exact: bool = True


_EVENING = regex(r"今晚|明晚|昨晚|tonight|this (?:evening|afternoon)")
_AHEAD_ZH = regex(r"^(?:之后|以后|后(?!排|备|座|视|挡|窗|门|面|除|雾|摄))")
_AHEAD_EN = regex(r"(?:\bin|\bafter|\bwithin)(?: the next| about)? $")
_AHEAD_EN_AFTER = regex(r"^ (?:from now|later)\b")


def _ahead(plain: str, at: datetime) -> Moment | None:
    for span in find_durations(plain):
        end = span.end
        before, after = plain[: span.start], plain[end:]
        tail = _AHEAD_ZH.match(after) or _AHEAD_EN_AFTER.match(after)
        head = _AHEAD_EN.search(before)
        if tail is None and head is None:
            continue
        start = head.start() if head else span.start
        end += tail.end() if tail else 0
        stamp = at + timedelta(seconds=span.seconds)
        if span.seconds % 86400 == 0:
            return Moment(stamp.date().isoformat(), start, end, True, False)
        return Moment(_iso(stamp, seconds=bool(span.seconds % 60)), start, end, True, True)
    return None


def _iso(stamp: datetime, *, seconds: bool = False) -> str:
    return stamp.isoformat(timespec="seconds" if seconds else "minutes")


def _number(text: str | None) -> float:
    if not text:
        return 0.0
    if text in ("a", "an"):
        return 1.0
    if text.startswith("half"):
        return 0.5
    try:
        value = float(text)
    except ValueError:
        value = chinese_value(text) or english_value(text) or 0.0
    return value if value < _LONGEST else 0.0


def _chinese_seconds(match: re.Match[str]) -> int:
    total = 0.0
    for name, size in _SECONDS.items():
        total += _number(match[name]) * size
    if match["hh"] or match["hx"]:
        total += 1800
    if match["mh"] or match["mx"]:
        total += 30
    if match["q"]:
        total += _number(match["q"]) * 900
    return round(total)


def _english_seconds(match: re.Match[str]) -> int:
    value = _number(match["n"])
    if match["ah"]:
        value += 0.5 if "half" in match["ah"] else 0.25
    value += 0.5 if match["half"] else 0.25 if match["quarter"] else 0.0
    for name, size in _SECONDS.items():
        if match[name]:
            if len(match[name]) == 1 and match["n"] in ("a", "an"):
                return 0
            return round(value * size)
    return 0


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
    rf"(?:(?P<y>\d{{4}})年)?(?P<m>\d{{1,2}}|{_CN}{{1,3}})月(?:(?P<d>\d{{1,2}}|{_CN}{{1,3}})[号日]?)"
)
_DAY_ZH = regex(rf"(?P<d>\d{{1,2}}|{_CN}{{1,3}})号(?!线|楼|门|座|院|店|出口|车)")
_WEEK_ZH = regex(r"(?P<next>下下|下|这|本)?(?:个)?(?:周|星期|礼拜)(?P<d>[一二三四五六日天末])")
_DATE_EN = regex(
    rf"\b(?:on )?(?:the )?(?:(?P<mon1>{_MONTH_EN}) (?:the )?{_DAY_NUMBER}\b"
    rf"|(?P<md2>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<mon2>{_MONTH_EN})\b)"
)
_DAY_EN = regex(r"\b(?:on )?the (?P<d>\d{1,2})(?:st|nd|rd|th)\b")
_WEEK_EN = regex(rf"\b(?:on |this |(?P<next>next ))?(?P<d>{'|'.join(_WEEKDAYS_EN)}|weekend)\b")


def _find_days(plain: str, today: date) -> list[tuple[date, int, int]]:
    found: list[tuple[date, int, int]] = []

    def add(day: date | None, match: re.Match[str]) -> None:
        start, end = match.span()
        if day is not None and not any(s < end and start < e for _, s, e in found):
            found.append((day, start, end))

    for m in _ISO.finditer(plain):
        add(_date(int(m[1]), int(m[2]), int(m[3])), m)
    for m in _DATE_ZH.finditer(plain):
        add(_coming(today, m["y"], int(_number(m["m"])), int(_number(m["d"]))), m)
    for m in _DATE_EN.finditer(plain):
        name = m["mon1"] or m["mon2"]
        month = next(i for i, full in enumerate(_MONTHS_EN, 1) if full.startswith(name[:3]))
        add(_coming(today, None, month, int(m["md"] or m["md2"])), m)
    for m in _WEEK_ZH.finditer(plain):
        day = "一二三四五六日".find(m["d"].replace("天", "日").replace("末", "六"))
        add(_weekday(today, day, {"下": 1, "下下": 2}.get(m["next"] or "", 0), m["next"]), m)
    for m in _WEEK_EN.finditer(plain):
        day = _WEEKDAYS_EN.index(m["d"]) if m["d"] != "weekend" else 5
        add(_weekday(today, day, 1 if m["next"] else 0, m["next"]), m)
    for m in _RELATIVE_RE.finditer(plain):
        add(today + timedelta(days=_RELATIVE[m.group()]), m)
    for m in [*_DAY_ZH.finditer(plain), *_DAY_EN.finditer(plain)]:
        add(_coming(today, None, None, int(_number(m["d"]))), m)
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


_PART_ZH = {
    "凌晨": 3, "清晨": 6, "早上": 8, "早晨": 8, "上午": 9, "早": 8, "中午": 12, "下午": 15, "傍晚": 18,
    "晚上": 20, "晚间": 20, "夜里": 23, "半夜": 0, "午夜": 0, "晚": 20,
}  # fmt: skip
_PART = "|".join(sorted(_PART_ZH, key=len, reverse=True))
_CLOCK_ZH = regex(
    rf"(?P<part>{_PART})?的?(?P<h>\d{{1,2}}|{_CN}{{1,3}})(?:[点时](?!间|候)钟?(?:整|(?P<half>半)|(?P<q>[一三])刻"
    rf"|(?P<m>\d{{1,2}}|{_CN}{{2,3}}|{_CN}(?=分))分?(?!钟))?)"
)
_COLON = regex(
    rf"(?P<part>{_PART})?(?<!\d)(?P<h>\d{{1,2}}):(?P<m>\d{{2}})(?!\d)(?: ?(?P<ap>[ap])\.?m\b\.?)?"
)
_HOUR_WORD = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_MINUTE_WORD = (
    r"(?:twenty|thirty|forty|fifty)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?"
    r"|oh (?:one|two|three|four|five|six|seven|eight|nine)|ten|fifteen"
)
_CLOCK_EN = regex(
    rf"\b(?P<rel>half past|quarter past|quarter to|a quarter past|a quarter to)? ?"
    rf"(?P<h>\d{{1,2}}|{_HOUR_WORD})(?: ?(?P<m>{_MINUTE_WORD}))?"
    rf"(?: ?(?P<ap>[ap])\.? ?m\b\.?| ?(?P<oc>o'? ?clock)(?: (?P<part>in the (?:morning|afternoon|evening)"
    rf"|at night))?| (?P<part2>in the (?:morning|afternoon|evening)|at night|tonight|tomorrow morning))"
)
_CLOCK_AT = regex(
    rf"(?:\b(?:at|by|until|till|from)|(?:alarm|reminder|meeting|appointment|lunch|dinner|call|it|tomorrow|today) for) (?P<rel>half past |quarter past |quarter to |a quarter to )?"
    rf"(?P<h>\d{{1,2}}|{_HOUR_WORD})(?::(?P<mm>\d{{2}})| (?P<m>{_MINUTE_WORD}))?\b"
    rf"(?! ?(?:degrees?|percent|%|minutes?|mins?|hours?|seconds?|people|persons?|dollars?|km|miles?|levels?"
    rf"|days?|\.|st|nd|rd|th))"
)
_REL = regex(
    rf"\b(?P<rel>half past|quarter past|quarter to|a quarter to) (?P<h>\d{{1,2}}|{_HOUR_WORD})\b"
)
_NAMED = {"noon": 720, "midday": 720, "midnight": 0, "正午": 720, "午夜": 0, "半夜": 0}
_NAMED_RE = regex(
    r"\b(?:noon|midday|midnight)\b|正午|午夜|半夜|(?P<zh>" + _PART + r")(?!安|餐|饭|点[^钟])"
)
_LOOSE_EN = {"morning": 9 * 60, "afternoon": 15 * 60, "evening": 19 * 60, "tonight": 20 * 60}
_NOT_CLOCK = regex(r"[高低大小快慢亮暗热冷凉多少近远早晚]一点|一点[儿点都也不]|^一点$|有一点")


def _find_clocks(plain: str) -> list[_Clock]:
    found: list[_Clock] = []

    def add(minutes: int, sure: bool, match: re.Match[str], *, exact: bool = True) -> None:
        start, end = match.span()
        if 0 <= minutes < 1440 + 1 and not any(c.start < end and start < c.end for c in found):
            found.append(_Clock(minutes % 1440, sure, start, end, exact))

    for m in _COLON.finditer(plain):
        _add_hour(add, m, int(m["h"]), int(m["m"]), m["part"], m["ap"])
    for m in _CLOCK_ZH.finditer(plain):
        if _NOT_CLOCK.search(plain, max(0, m.start() - 1), m.end() + 1):
            continue
        minute = 30 if m["half"] else int(15 * _number(m["q"])) if m["q"] else int(_number(m["m"]))
        _add_hour(add, m, int(_number(m["h"])), minute, m["part"], None)
    for m in _CLOCK_EN.finditer(plain):
        _add_hour(add, m, int(_number(m["h"])), _minute(m), m["part"] or m["part2"], m["ap"])
    for m in [*_REL.finditer(plain), *_CLOCK_AT.finditer(plain)]:
        _add_hour(add, m, int(_number(m["h"])), _minute(m), None, None)
    for m in _NAMED_RE.finditer(plain):
        if m.group() in _NAMED:
            add(_NAMED[m.group()], True, m)
        elif m["zh"]:
            add(_PART_ZH[m["zh"]] * 60, True, m, exact=m["zh"] == "中午")
    return sorted(found, key=lambda clock: clock.start)


def _minute(match: re.Match[str]) -> int:
    groups = match.groupdict()
    if groups.get("rel"):
        rel = groups["rel"].strip()
        return 30 if "half" in rel else 15 if "past" in rel else -15
    if groups.get("mm"):
        return int(groups["mm"])
    text = groups.get("m") or ""
    return int(_number(text.removeprefix("oh ")))


def _add_hour(
    add: "_Add", match: re.Match[str], hour: int, minute: int, part: str | None, half: str | None
) -> None:
    if hour > 24 or minute > 59:
        return
    sure = hour > 12 or hour == 0
    if half:
        hour, sure = hour % 12 + (12 if half == "p" else 0), True
    elif part:
        late = part in ("下午", "傍晚", "晚上", "晚间", "夜里", "晚", "中午") or any(
            word in part for word in ("afternoon", "evening", "night")
        )
        if late and hour < 12 and not (part == "中午" and hour >= 10):
            hour += 12
        elif part in ("晚上", "夜里", "半夜", "午夜", "晚") and hour == 12:
            hour = 0
        sure = True
    add(hour * 60 + minute, sure, match)


class _Add(Protocol):
    """Type of the closure that records a clock time."""

    def __call__(
        self, minutes: int, sure: bool, match: re.Match[str], *, exact: bool = True
    ) -> None: ...


def _nearest(clocks: list[_Clock], start: int, end: int, used: set[int]) -> int | None:
    """The clock time nearest to a day; an exact hour is preferred to a part of the day."""
    free = [i for i, c in enumerate(clocks) if i not in used and c.exact]
    if not free:
        return None
    return min(free, key=lambda i: min(abs(clocks[i].start - end), abs(start - clocks[i].end)))


def _settle(clock: _Clock, after: int | None) -> int:
    """Minutes after midnight of a clock time that may not say morning or afternoon."""
    if clock.sure:
        return clock.minutes
    if after is None:
        return clock.minutes + (720 if clock.minutes < 7 * 60 else 0)
    return clock.minutes if clock.minutes > after else clock.minutes + 720


def _next(at: datetime, clock: _Clock) -> datetime:
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    minutes = _settle(clock, at.hour * 60 + at.minute)
    stamp = midnight + timedelta(minutes=minutes)
    if stamp > at:
        return stamp
    base = clock.minutes if clock.sure else clock.minutes % 720
    return midnight + timedelta(days=1, minutes=base)
