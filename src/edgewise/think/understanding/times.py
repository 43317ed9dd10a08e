"""When: moments in Chinese and English text.

A moment is ISO 8601 local time without zone, or a date alone,
counted from `now`. A time of day that has passed today and names no day means tomorrow; an hour
without "am" or "pm" means the next one to come, 1 to 6 in the afternoon for plans. It knows no
holidays and no recurring times ("every Monday" gives the next Monday).
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol

from edgewise.core.regex import regex
from edgewise.think.understanding.days import find_days
from edgewise.think.understanding.durations import DIGITS_ZH, find_durations, number_said


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment said at `start`..`end`; `day` and `clock` tell which half of it was said."""

    value: str
    start: int
    end: int
    day: bool
    clock: bool


_WAKES = regex(r"\b(?:every|wake|mornings?|weekdays?)\b|每|起床|叫醒|早")


def find_moments(plain: str, now: str, *, early: bool = False) -> list[Moment]:
    """All moments of a normalised text, counted from `now` (ISO 8601); none when `now` is unknown.

    With `early` an unsure hour on a named day, of something that recurs, or at which to wake up is
    one of the morning (alarms), else from 1 to 6 one of the afternoon (plans).
    """
    try:
        at = datetime.fromisoformat(now).replace(tzinfo=None)
    except ValueError:
        return []
    ahead = _ahead(plain, at)
    if ahead is not None:
        return [ahead]
    days = find_days(plain, at.date())
    clocks = _find_clocks(plain)
    if early and _WAKES.search(plain):
        clocks = [replace(clock, sure=True) for clock in clocks]
    found: list[Moment] = []
    used: set[int] = set()
    for day, start, end in days:
        index = _nearest(clocks, start, end, used)
        if index is None or _is_nearer(days, clocks[index], start, end):
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


_PART_ZH = {
    "凌晨": 3, "清晨": 6, "早上": 8, "早晨": 8, "上午": 9, "早": 8, "中午": 12, "下午": 15, "傍晚": 18,
    "晚上": 20, "晚间": 20, "夜里": 23, "半夜": 0, "午夜": 0, "晚": 20,
}  # fmt: skip
_PART = "|".join(sorted(_PART_ZH, key=len, reverse=True))
_CLOCK_ZH = regex(
    rf"(?P<part>{_PART})?的?(?P<h>\d{{1,2}}|{DIGITS_ZH}{{1,3}})(?:[点时](?!间|候)钟?(?:整|(?P<half>半)|(?P<q>[一三])刻"
    rf"|(?P<m>\d{{1,2}}|{DIGITS_ZH}{{2,3}}|{DIGITS_ZH}(?=分))分?(?!钟))?)"
)
_COLON = regex(
    rf"(?P<part>{_PART})?(?<!\d)(?P<h>\d{{1,2}}):(?P<m>\d{{2}})(?!\d)(?: ?(?P<ap>[ap])\.?m\b\.?)?"
)
_HOUR_WORD = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_TO_OR_PAST = r"(?<!from )(?<!between )(?<!of )(?:half past|(?:a )?(?:quarter|five|ten|twenty(?:[ -]five)?|5|10|20|25)(?: minutes?)? (?:past|to))"
"""Minutes beside an hour: "five to eight"; "from five to eight" names two hours."""
_MINUTE_WORD = (
    r"(?:twenty|thirty|forty|fifty)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?"
    r"|oh (?:one|two|three|four|five|six|seven|eight|nine)|ten|fifteen"
)
_CLOCK_EN = regex(
    rf"\b(?:(?P<rel>{_TO_OR_PAST}) )?"
    rf"(?P<h>\d{{1,2}}|{_HOUR_WORD})(?: ?(?P<m>{_MINUTE_WORD}))?"
    rf"(?: ?(?P<ap>[ap])\.? ?m\b\.?| ?(?P<oc>o'? ?clock)(?: (?P<part>in the (?:morning|afternoon|evening)"
    rf"|at night))?| (?P<part2>in the (?:morning|afternoon|evening)|at night|tonight|tomorrow morning))"
)
_CLOCK_AT = regex(
    rf"(?:\b(?:at|by|until|till|from)|(?<=\d) to|(?:alarm|reminder|meeting|appointment|lunch|dinner|call|it|tomorrow|today) for) (?:(?P<rel>{_TO_OR_PAST}) )?"
    rf"(?P<h>\d{{1,2}}|{_HOUR_WORD})(?::(?P<mm>\d{{2}})| (?P<m>{_MINUTE_WORD}))?\b"
    rf"(?! ?(?:degrees?|percent|%|minutes?|mins?|hours?|seconds?|people|persons?|dollars?|km|miles?|levels?"
    rf"|days?|\.|st|nd|rd|th))"
)
_REL = regex(
    rf"\b(?P<rel>{_TO_OR_PAST}) (?P<h>\d{{1,2}}|{_HOUR_WORD})\b(?! ?(?:degrees?|percent|%|minutes?|hours?|people|persons?))"
)
_NAMED = {"noon": 720, "midday": 720, "midnight": 0, "正午": 720, "午夜": 0, "半夜": 0}
_NAMED_RE = regex(
    r"\b(?:noon|midday|midnight)\b|正午|午夜|半夜|(?P<zh>" + _PART + r")(?!安|餐|饭|点[^钟])"
)
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
        minute = (
            30
            if m["half"]
            else int(15 * number_said(m["q"]))
            if m["q"]
            else int(number_said(m["m"]))
        )
        _add_hour(add, m, int(number_said(m["h"])), minute, m["part"], None)
    for m in _CLOCK_EN.finditer(plain):
        _add_hour(add, m, int(number_said(m["h"])), _minute(m), m["part"] or m["part2"], m["ap"])
    for m in [*_REL.finditer(plain), *_CLOCK_AT.finditer(plain)]:
        _add_hour(add, m, int(number_said(m["h"])), _minute(m), None, None)
    for m in _NAMED_RE.finditer(plain):
        if m.group() in _NAMED:
            add(_NAMED[m.group()], True, m)
        elif m["zh"]:
            add(_PART_ZH[m["zh"]] * 60, True, m, exact=m["zh"] == "中午")
    return sorted(found, key=lambda clock: clock.start)


_BESIDE = {"half": 30, "quarter": 15, "twenty five": 25}


def _minute(match: re.Match[str]) -> int:
    groups = match.groupdict()
    if groups.get("rel"):
        words = groups["rel"].removeprefix("a ").replace("-", " ")
        amount, _, way = words.replace(" minutes", "").replace(" minute", "").rpartition(" ")
        minutes = _BESIDE.get(amount) or int(number_said(amount))
        return minutes if way == "past" else -minutes
    if groups.get("mm"):
        return int(groups["mm"])
    text = groups.get("m") or ""
    return int(number_said(text.removeprefix("oh ")))


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


def _is_nearer(
    days: Sequence[tuple[date, int, int]], clock: "_Clock", start: int, end: int
) -> bool:
    """Whether another day stands nearer to a clock time: "from tuesday to thursday at 3"."""

    def gap(first: int, last: int) -> int:
        return max(clock.start - last, first - clock.end)

    return any(0 <= gap(first, last) < gap(start, end) for _, first, last in days)


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
