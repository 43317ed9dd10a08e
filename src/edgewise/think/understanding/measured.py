"""Degrees that are told and not asked for: "it's 30 degrees outside", 车里都三十度了.

A number of degrees is measured where the words before or behind it say how warm something is. One
that is wanted ("make it 20", "so that it's 20 degrees", 二十度就好) is none, nor is a bare one.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

from edgewise.core.regex import regex
from edgewise.think.understanding.normalise import ENDS, is_chinese
from edgewise.think.understanding.numbers import Number, find_numbers

_ABOUT = r"(?: (?:only|still|already|just|about|around|almost|nearly|over|under|below|above|at|like|now|currently|really|well|set to|up to|down to))*"
_PLACE = r"(?:outside|out there|outdoors|in here|inside|indoors|in the car|in this car)"
_IS_EN = regex(
    rf"(?:\b(?:it|that|outside|inside)(?:'s| is| was| feels like)|\bits|\b(?:temperature|temp|ac|a/c|air con\w*|cabin|car|thermometer|display|heater|heating|thermostat|weather)(?: {_PLACE})?(?:'s| is| was| says| shows| reads)){_ABOUT} $"
)
_THERE_EN = regex(rf"^ ?(?:{_PLACE})\b")
_BARE_EN = regex(rf"(?:^|.*, ?)(?:it's |its )?(?:{_ABOUT[:-1]}* )?")
_WANTED_EN = regex(
    r"\b(?:sure|that it|until|till|so|want|like it|wish|when|once|if|check|ensure|rather|prefer|please|can|could|would|should|than)\b(?!.*,)"
)
_OUT_ZH = r"(?:外面|室外|车外|外头|屋外|户外|今天|天气|气温|体感温度|体感)的?(?:温度|气温)?"
_IN_ZH = r"(?:车[内里]|里面|室内|室温|屋里|座舱|空调|暖气|温度)的?(?:温度)?"
_EVEN_ZH = r"(?:现在|目前|这会儿|已经|都|才|只有|快|居然|竟然|显示|差不多|大概)"
_IS_ZH = regex(
    rf"{_OUT_ZH}{_EVEN_ZH}*[是有到]?$|(?:^|,|{_IN_ZH}){_EVEN_ZH}+[是有到]?$|(?<!到)(?<!成)(?<!设){_EVEN_ZH}+[是有到]?$"
)
_PLAIN_ZH = regex(rf"(?:^|,)(?:{_IN_ZH})?$")
_FELT_ZH = regex(
    r"^(?:多|左右)?(?:了|,?(?:有点|好像|真的|实在|这么|也)*(?:太|好|真|很)?[热冷闷冻](?!风))"
)
_WANTED_ZH = regex(r"^[,了]?(?:就好|就行|就可以|吧|可以|行|怎么样|好不好|合适|最好|正好)")

_ONLY_EN = regex(
    rf"(?:(?:it|that|this|its|the|is|was|'s|has|feels|like|says|shows|reads|temperature|temp|ac|a/c|cabin|car|thermometer|display|heater|thermostat|weather|today|now|right|here|degrees|and|but|because|since|as|well|oh|man|wow|{_PLACE}|{_ABOUT[4:-2]})[ ,]*)*"
)
_ONLY_ZH = regex(
    rf"(?:{_OUT_ZH}|{_IN_ZH}|{_EVEN_ZH}|了|是|有|到|的|温度|多|左右|啊|呢|呀|哎|唉|[ ,])*"
)


def find_measured(plain: str) -> list[Number]:
    """The degrees of a text, as rules read it, that somebody only tells."""
    zh = is_chinese(plain)
    degrees = [n for n in find_numbers(plain) if n.unit in ("degree", "fahrenheit", "")]
    return [n for n in degrees if (_told_zh(plain, n) if zh else _told_en(plain, n))]


def is_only_measured(plain: str) -> bool:
    """Whether a text says how warm something is, and no more."""
    found = find_measured(plain)
    if not found:
        return False
    rest = plain
    for number in reversed(found):
        rest = f"{rest[: number.start]} {rest[number.end :]}"
    only = _ONLY_ZH if is_chinese(plain) else _ONLY_EN
    return only.fullmatch(rest.strip(ENDS)) is not None


def _told_en(plain: str, number: Number) -> bool:
    before, behind = plain[: number.start], plain[number.end :]
    if _WANTED_EN.search(before):
        return False
    there = _THERE_EN.match(behind) is not None
    if _IS_EN.search(before):
        return there or number.unit != ""
    return there and _BARE_EN.fullmatch(before) is not None


def _told_zh(plain: str, number: Number) -> bool:
    before, behind = plain[: number.start], plain[number.end :]
    if number.unit != "degree" or _WANTED_ZH.match(behind):
        return False
    if _IS_ZH.search(before):
        return True
    return _PLAIN_ZH.search(before) is not None and _FELT_ZH.match(behind) is not None
