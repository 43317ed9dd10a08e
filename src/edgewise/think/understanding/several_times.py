"""Alarms for several times in one clause: 七点半和八点各定一个闹钟, "set alarms for 7 and 8 am".

Each time makes a clause of its own with the words around it. A day and a part of the day before the
first hold for all; so does an "am" or "pm" behind the last.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

import re

from edgewise.core.regex import regex
from edgewise.think.understanding.normalise import Normal

_ALARMS = regex(r"\balarms?\b(?! volume)|\bwake (?:me|us)\b|闹[钟铃](?!音量|声)|叫(?:醒)?我")
_SPAN = regex(r"\b(?:from|between|until|till|volume)\b|从|直到|之间|音量")
_DAY = r"(?:今天|明天|后天|今晚|明早|明晚)?"
_PART = r"(?:凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上)?"
_NUMBER = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})"
_TIME_ZH = rf"{_DAY}{_PART}{_NUMBER}(?:[点时](?:钟|整|半|[一三]刻|{_NUMBER}分?)?|:\d\d)"
_HALF = r"(?: ?[ap]\.?m\b\.?)"
_HOUR = r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b(?: thirty| fifteen| forty five)?"
_TIME_EN = rf"(?:\d{{1,2}}(?:[: ]\d\d)?|{_HOUR})(?: o'? ?clock)?{_HALF}?"
_AND_ZH = r"(?:、|,|和|跟|与|以及|还有)"
_AND_EN = r"(?:,? ?(?:and|&)(?: (?:another )?(?:one )?(?:at|for))? |, ?)"
_TIMES = regex(
    rf"{_TIME_ZH}(?:{_AND_ZH}{_TIME_ZH})+"
    rf"|(?:(?<=at )|(?<=for )){_TIME_EN}(?:, ?{_TIME_EN})*,? ?(?:and|&)(?: (?:another )?(?:one )?(?:at|for))? {_TIME_EN}\b"
    r"(?! ?(?:hours?|minutes?|mins?|people|persons?|days?|degrees?|%|percent))"
)
_EACH = regex(r"各(?:自|来)?(?=[定设来])")


def times_apart(clause: Normal) -> list[Normal]:
    """One clause for each time of day at which an alarm shall ring; empty where there is one."""
    found = _TIMES.search(clause.plain)
    if found is None or not _ALARMS.search(clause.plain) or _SPAN.search(clause.plain):
        return []
    english = found.group().isascii()
    times = re.split(_AND_EN if english else _AND_ZH, found.group())
    before, after = (
        (text[: found.start()], _EACH.sub("", text[found.end() :]))
        for text in (clause.text, clause.plain)
    )
    made: list[Normal] = []
    for time in times:
        said = _with_half(time, times[-1]) if english else _with_day(time, times[0])
        made.append(Normal(*(f"{lead}{said}{tail}" for lead, tail in (before, after))))
    return made


def _with_half(time: str, last: str) -> str:
    """An English time with the "am" or "pm" of the last."""
    time = re.sub(r"(?<=\d) (?=\d\d)", ":", time)
    half = re.search(rf"{_HALF}$", last)
    return time + half.group() if half and not re.search(rf"{_HALF}$", time) else time


_DAY_OF = {"今晚": "今天", "明早": "明天", "明晚": "明天"}


def _with_day(time: str, first: str) -> str:
    """A Chinese time with the day of the first, and with its part of the day if it has none."""
    common, own = (re.match(rf"(?P<day>{_DAY})(?P<part>{_PART})", said) for said in (first, time))
    assert common
    assert own
    day = own["day"] or common["day"]
    part = own["part"] or ("" if own["day"] else common["part"])
    if not own["day"] and own["part"] and day in _DAY_OF:
        day = "明天" if own["part"] in ("凌晨", "清晨") else _DAY_OF[day]
    return f"{day}{part}{time[own.end() :]}"
