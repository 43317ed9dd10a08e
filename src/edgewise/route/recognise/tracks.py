"""Whether a text tells of the way that somebody goes day by day: between home and work, and where.

A track (PIPL Art. 28) is more than a place: one sentence says that it is the asker's, that it is
daily, from where to where, that an end is home or work, and names an end ("home" alone is nobody's
address). Anything less is a question about traffic.
"""

import re

from edgewise.route.recognise.folded import Folded

_SENTENCE = re.compile(r"[^.!?;\n。！？；]+")
_ENGLISH = (
    re.compile(r"\b(?:i|my|we|our)\b", re.IGNORECASE),
    re.compile(
        r"\b(?:(?:every|each) (?:single )?(?:day|morning|evening|night|weekday|workday)"
        r"|daily|on weekdays|commut\w+)\b",
        re.IGNORECASE,
    ),
    re.compile(r"\b(?:home|house|flat|apartment|live|work|office|job|commut\w+)\b", re.IGNORECASE),
    re.compile(
        r"\bfrom (?:(?:my|our|the|home|house|flat|apartment|place|in|at|on|near) ){0,5}[A-Z]\w+"
        r"[^.!?;\n]{0,60} to |\bfrom [^.!?;\n]{1,60} to "
        r"(?:(?:my|our|the|work|office|job|in|at|on|near) ){0,5}[A-Z]"
    ),
)
_PLACE = r"[^\s，,。！？；从到去往至回]{2,12}"
_HERE = r"(?:我|我们|咱)?的?(?:家|家里|住处|公司|单位|办公室|学校|地铁站?|开车)"
_CHINESE = (
    re.compile("我|咱|俺"),
    re.compile("每天|天天|每日|每个?工作日|每个?早上|每晚|每早|每周[一二三四五]"),
    re.compile("家|住|上班|下班|公司|单位|通勤"),
    re.compile(
        rf"从(?!{_HERE}[到去往至回开]){_PLACE}[^，,。！？；]{{0,8}}?[到去往至回]"
        rf"|从[^，,。！？；]{{1,16}}[到去往至回](?!{_HERE})(?!上班|下班){_PLACE}(?:上班|的?公司|的?单位)"
    ),
)


_AT_ONCE = re.compile(
    r"(?:我|咱)[^，,。！？；]{0,8}从[^，,。！？；]{2,12}[到去往][^，,。！？；]{2,12}(?:上班|下班|通勤)"
    r"|住(?:在)?[^，,。！？；\s]{2,12}[，,、 ]?(?:我的?|我们)?(?:公司|单位|上班)在[^，,。！？；\s]{2,12}"  # noqa: E501
)
"""Home and work, or the way to work, in one."""


def tells_of_track(folded: Folded) -> bool:
    """Whether a daily way of the asker's, with an end that is named, stands there."""
    return bool(_AT_ONCE.search(folded.text)) or any(
        all(shape.search(sentence[0]) for shape in shapes)
        for sentence in _SENTENCE.finditer(folded.text)
        for shapes in (_ENGLISH, _CHINESE)
    )
