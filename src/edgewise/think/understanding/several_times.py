"""Alarms for several times in one clause: 七点半和八点各定一个闹钟, "set alarms for 7 and 8 am".

Each time makes a clause of its own with the words around it. A day and a part of the day before the
first hold for all; so does an "am" or "pm" behind the last.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

import re

from edgewise.core.regex import regex
from edgewise.think.understanding.normalise import Normal

_ALARMS = regex(r"\balarms?\b|\bwake (?:me|us)\b|闹[钟铃]|叫(?:醒)?我")
_SPAN = regex(r"\b(?:from|between|until|till)\b|从|直到|之间")
_EARLY = r"(?:今天|明天|后天|今晚|明早|明晚)?(?:凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上)?"
_NUMBER = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})"
_TIME_ZH = rf"{_EARLY}{_NUMBER}(?:[点时](?:钟|整|半|[一三]刻|{_NUMBER}分?)?|:\d\d)"
_HALF = r"(?: ?[ap]\.?m\b\.?)"
_TIME_EN = rf"(?:\d{{1,2}}(?::\d\d)?|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b(?: thirty| fifteen| forty five)?)(?: o'? ?clock)?{_HALF}?"
_AND_ZH, _AND_EN = (
    r"(?:、|,|和|跟|与|以及|还有)",
    r"(?:,? ?(?:and|&)(?: (?:another )?(?:one )?(?:at|for))? |, ?)",
)
_TIMES = regex(
    rf"{_TIME_ZH}(?:{_AND_ZH}{_TIME_ZH})+"
    rf"|(?<=at ){_TIME_EN}(?:{_AND_EN}{_TIME_EN})+|(?<=for ){_TIME_EN}(?:{_AND_EN}{_TIME_EN})+"
)
_EACH = regex(r"各(?:自|来)?(?=[定设来])")


def times_apart(clause: Normal) -> list[Normal]:
    """One clause for each time of day at which an alarm shall ring; empty where there is one."""
    plain = clause.plain
    found = _TIMES.search(plain)
    if found is None or not _ALARMS.search(plain) or _SPAN.search(plain):
        return []
    before, after = plain[: found.start()], _EACH.sub("", plain[found.end() :])
    english = found.group().isascii()
    times = re.split(_AND_EN if english else _AND_ZH, found.group())
    early = re.match(_EARLY, times[0])
    half = re.search(rf"{_HALF}$", times[-1])
    made: list[Normal] = []
    for time in times:
        said = time
        if early and not english and not re.match(rf"(?!{_NUMBER}){_EARLY}", time):
            said = early.group() + time
        if half and english and not re.search(rf"{_HALF}$", time):
            said = time + half.group()
        whole = before + said + after
        made.append(Normal(whole, whole))
    return made
