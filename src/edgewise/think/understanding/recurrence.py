"""How often something is to ring, and on which weekdays: "every Monday and Thursday", 每周一三五.

A weekday alone ("on Monday") is one day and no recurrence. Which day comes first is decided in
`act/catalogue/alarm.py`.
"""

import re

from edgewise.core.regex import regex

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = rf"(?:{'|'.join(WEEKDAYS)})"
_DAYS_EN = regex(
    rf"\b(?:every|each) (?P<every>{_DAY}s?(?:(?:, and |, | and | & ){_DAY}s?)*)\b"
    rf"|\b(?P<plural>{_DAY}s(?:(?:, and |, | and | & ){_DAY}s)*)\b"
)
_DAYS_ZH = regex(
    r"每个?(?:周|星期|礼拜)(?P<days>[一二三四五六日天](?:[、,和跟与]?(?:每?个?(?:周|星期|礼拜))?[一二三四五六日天])*)"
)
_TO_FRIDAY = regex(
    r"\b(?:on |every )?(?:weekdays|weekday|workdays?|working days?)\b"
    r"|\bmonday (?:to|through|till|until) friday\b|工作日|上班日|(?:周|星期)一[到至](?:周|星期)?五"
)
_WEEKENDS = regex(r"\b(?:every|each) weekend\b|\bweekends\b|每个?周末")
_DAILY = regex(r"\bevery ?(?:day|morning|evening|night)\b|\bdaily\b|每[天日晚早]|天天")
_WEEKLY = regex(r"\b(?:every week|weekly)\b|每个?(?:周|星期|礼拜)(?!末)")


def repeat_of(plain: str) -> tuple[str, list[str]]:
    """The recurrence that a normalised text asks for (`daily`, `weekdays`, `weekends`, `weekly`,
    `days`, or empty) and, for `days`, the weekdays in order."""
    if _TO_FRIDAY.search(plain):
        return "weekdays", []
    if _WEEKENDS.search(plain):
        return "weekends", []
    days = _days_in(plain)
    if days:
        return "days", days
    if _WEEKLY.search(plain):
        return "weekly", []
    return ("daily", []) if _DAILY.search(plain) else ("", [])


def _days_in(plain: str) -> list[str]:
    found: set[int] = set()
    for match in _DAYS_EN.finditer(plain):
        named = re.findall(_DAY, match["every"] or match["plural"])
        found |= {WEEKDAYS.index(day) for day in named}
    for match in _DAYS_ZH.finditer(plain):
        named = re.findall("[一二三四五六日天]", match["days"])
        found |= {"一二三四五六日".index(day.replace("天", "日")) for day in named}
    return [WEEKDAYS[number] for number in sorted(found)]
