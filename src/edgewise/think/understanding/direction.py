"""More or less: whether a number is a change, and which way the change goes for this capability.

For most things up is more. Where it is not (lowering a window opens it, a seat moves back with
growing numbers) the words are listed here, in the terms of the declared argument.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

import re
from collections.abc import Sequence

from edgewise.core.regex import regex
from edgewise.think.understanding.numbers import Number
from edgewise.think.understanding.polarity import Polarity

# Words for more and for less of the argument, where they differ from up and down.
_OWN: dict[str, tuple[str, str]] = {
    "window.set": (
        r"\blower|\bdrop|\bopen|roll(?:ed)? down|\bdown\b|wider|开大|再开|再降|降|往下|开",
        r"\braise|\bclose|roll(?:ed)? up|\bup\b|shut|关小|再升|再关|升|往上|关",
    ),
    "seat.move": (
        r"\bback\b(?!rest)|backwards?|\brecline|\braise|\bhigher|\bup\b|\bmore\b(?! upright)|lean back|lie|往后|向后|后仰|躺|放倒|升|高|顶|硬|往上|向上|加|出",
        r"forward|\bupright|straight|\blower|\bdown\b|\bless\b|往前|向前|靠前|直|立|低|降|收|软|往下|向下|减|小",
    ),
    "climate.set_temperature": (
        r"\bwarm|\bhot(?:ter)?\b(?! )|heat|\bup\b|raise|increase|higher|\bcold\b|freezing|chilly|too low|\bmore\b|高|热一|暖|升|提|加|大一|大点|大些|调大|往上|向上|上调|太低|冷$|冷了|太冷|有点冷|好冷|冻",
        r"\bcool|\bcolder|\bdown\b|lower|decrease|reduce|drop|too (?:hot|warm|high)|\bless\b|boiling|sweating|低|小一|小点|小些|调小|减|少|往下|向下|下调|太高|凉|冷一|冷点|降|减|太热|有点热|好热|热死|热了",
    ),
    "wiper.set": (r"fast|\bup\b|快", r"slow|\bdown\b|慢"),
    "steering_wheel.heat": (r"warmer|\bup\b|more|higher|高|热一点|大", r"less|\bdown\b|lower|cooler|低|小|凉"),
}  # fmt: skip
_COMPILED = {name: (regex(up), regex(down)) for name, (up, down) in _OWN.items()}

_TO = regex(r"(?:\bto|\bat|\bon|=|到|成|为|至|开到|开|level|档位|is)(?: about| level| around)? ?$")
_BY = regex(
    r"\bby(?: about)? ?$|(?:调?高|调?低|升|降|加|减|大|小|[暗亮快慢]|提高|降低|增加|减少|上调|下调|再升|再降|再开|再关)了? ?$"
)


_WINDOW_MORE = regex(
    r"\bmore\b|further|\b(?:lower|raise|drop)\b.*\b(?:a bit|a little|slightly)\b|再|[开关升降][大小高低]|(?:升|关)一?点"
)


_WARM_UP = regex(r"\b(?:warm|heat)\b.* up\b|\b(?:warm|heat) up\b")
"""Switching a heater on, not turning it higher."""


_LENGTH = regex(r" ?(?:cm|mm|centi\w+|milli\w+|inch(?:es)?|厘米|公分|毫米|寸)")
"""How far something shall move, from where it is."""
_IS = (
    r"(?:\b(?:is|are|am|feels?|feeling|getting|gets|sitting|so|very|really|pretty|quite|too|bit)|'s|'m|'re)"
    r" (?:(?:a|bit|little|too|so|very|really|quite|pretty|getting|feeling|kind of|rather) )*"
)
_FELT_HOT = regex(
    _IS
    + r"(?:hot|warm|boiling|stuffy|sweating|roasting)\b|(?:[很好太挺真]|有[点些]儿?)闷?热|热(?:死|坏)?了|觉得热"
)
_FELT_COLD = regex(
    _IS
    + r"(?:cold|chilly|freezing|frozen)\b|(?:[很好太挺真]|有[点些]儿?)冷|冷(?:死|坏)?了|觉得冷|冻(?:死|坏)?了"
)
"""What somebody feels asks for the other way: "the kids are hot" is no wish for more heat."""


def is_felt(plain: str) -> bool:
    """Whether a clause tells how warm somebody feels: the reason for what is said next."""
    return _FELT_HOT.search(plain) is not None or _FELT_COLD.search(plain) is not None


def opened_by(capability: str, plain: str) -> bool | None:
    """Whether "down" and "up" open or shut: windows go down to open."""
    if capability != "window.set":
        return None
    down, up = re.search(r"\bdown\b|\blower", plain), re.search(r"\bup\b|\braise", plain)
    return None if bool(down) == bool(up) else bool(down)


def direction_of(capability: str, plain: str, polarity: Polarity) -> int:
    """1 for more, -1 for less, 0 when the words do not say."""
    if _WARM_UP.search(plain) and capability.startswith(("seat.", "steering_wheel.")):
        return 0
    if capability == "climate.set_temperature":
        hot, cold = _FELT_HOT.search(plain) is not None, _FELT_COLD.search(plain) is not None
        if hot != cold:
            return -1 if hot else 1
    own = _COMPILED.get(capability)
    if own is not None:
        up, down = (pattern.search(plain) is not None for pattern in own)
        if up != down:
            return 1 if up else -1
        return 0 if not up or polarity.up is None else 1 if polarity.up else -1
    if polarity.up is None:
        return 0
    return 1 if polarity.up else -1


def is_relative(capability: str, plain: str, numbers: Sequence[Number], polarity: Polarity) -> bool:
    """Whether a change is asked for rather than a value."""
    if capability == "window.set" and not (numbers and _BY.search(plain[: numbers[0].start])):
        return _WINDOW_MORE.search(plain) is not None
    if not numbers:
        if re.search(
            r"\b(?:a bit|a little|slightly|some) more\b|再.{0,4}[一点些]|[大小高低快慢亮暗]一?点",
            plain,
        ):
            return True
        return polarity.up is not None
    first = numbers[0]
    before = plain[: first.start]
    if _BY.search(before):
        return True
    if _TO.search(before):
        return False
    moved = (
        polarity.up is not None
        or re.search(r"\b(?:drop|warm|cool)\b|再|加|减|升|降", plain) is not None
    )
    after = plain[first.end :]
    if _LENGTH.match(after):
        return True
    by_tail = re.match(
        r" ?(?:up|down|more|less|warmer|cooler|higher|lower|degrees? (?:up|down|warmer|cooler|more|less))",
        after,
    )
    return moved or by_tail is not None
