"""When somebody was born and how old they are, where the text says that this is what it tells.

Any other date is left: an answer needs it, and it is nobody's.
"""

import re
from collections.abc import Iterator

from edgewise.route.recognise.folded import Folded
from edgewise.route.recognise.found import Found, Kind, found

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = (
    rf"(?:\d{{1,2}}[/.\-]\d{{1,2}}[/.\-](?:19|20)?\d\d|(?:19|20)\d\d[/.\-]\d{{1,2}}[/.\-]\d{{1,2}}"
    rf"|{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?,? (?:19|20)\d\d"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}\.?,? (?:19|20)\d\d"
    r"|(?:(?:19|20)?\d\d年)?\d{1,2}月\d{1,2}[日号]?|(?:19|20)\d\d(?:0\d|1[0-2])[0-3]\d)(?!\d)"
)
_BORN = re.compile(
    r"(?:born(?: on)?|date of birth|birth ?date|birthday|dob|出生日期|出生年月日?|出生于?|生日|生于)"  # noqa: E501
    rf"[^\d\n]{{0,24}}?(?P<value>{_DAY})"
)
_BORN_AFTER = re.compile(rf"(?P<value>{_DAY})(?= ?(?:出生|生人))")
_AGED = re.compile(
    r"\d(?<![0-9A-Za-z.\-].)\d{0,2}(?=[ -](?:years?|yrs?)[ -]old\b| ?y/o\b| ?yo\b)"
    r"|(?:(?<=\bmy )|(?<=\bour ))\d{1,3}(?=[ -](?:years?|yrs?)[ -]olds\b)"
)
_AGED_SAID = re.compile(
    r"(?:\bage(?: of|:)?|\baged|\b(?:turn(?:ed|s)?|turning)|\bi am|\bi'm|when (?:he|she|i) was"
    r"|年龄[:是为]?|今年|年满|刚满) ?(?P<value>\d{1,2}|1[01]\d)(?=周?岁| ?[.,!?;\n]|$|,? and\b)"
)


def find_births(folded: Folded) -> Iterator[Found]:
    """Dates of birth and ages that are said to be such."""
    lower = folded.lower
    for kind, shape in ((Kind.BIRTHDAY, _BORN), (Kind.AGE, _AGED_SAID)):
        for one in shape.finditer(lower):
            yield found(kind, *one.span("value"))
    for one in _AGED.finditer(lower):
        yield found(Kind.AGE, *one.span())
    if "出生" in lower:
        for one in _BORN_AFTER.finditer(lower):
            yield found(Kind.BIRTHDAY, *one.span("value"))
