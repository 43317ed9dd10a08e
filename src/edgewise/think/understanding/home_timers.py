"""Sentences about timers -> the arguments of `alarm.manage`: by name, by length, by area.

Read by what is left over: of "take five minutes off the pizza timer" the deed, the length, the word
"timer" and small words are taken away, and the rest is a name or an area of the home. A length
beside the word "timer" says which one is meant, another one by how much it changes.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from edgewise.core.home import Home
from edgewise.core.regex import regex
from edgewise.core.signal import JsonValue
from edgewise.think.understanding.durations import Duration, find_durations
from edgewise.think.understanding.home_names import Piece, cut, fold
from edgewise.think.understanding.normalise import Normal
from edgewise.think.understanding.numbers import chinese_value

_TIMER = regex(r"\b(?:timers?|countdowns?)\b|计时器|倒数器|倒时器|倒计时器?|定时器")
_DEEDS = (
    ("query", regex(r"\b(?:status(?: of)?|how (?:much|long)(?: time)?(?: is| do i have| remains)?(?: still)? left|time left|(?:is |time )?remaining|time remaining)\b|how (?:much|long)|状况|状态|(?:还|仲|重|还有)?剩(?:余|低|下)?(?:几多|多少|几耐|多久)?(?:时间)?|几耐|多久")),
    ("extend", regex(r"^(?:add|increase|extend|lengthen)\b|^(?:增加|延长|加多?)|(?<=计时器)(?:再|多)*(?:增加|延长|加)")),
    ("shorten", regex(r"^(?:remove|take|decrease|reduce|subtract|shorten|cut)\b|^(?:减少|缩短|减)|(?<=计时器)(?:再)?(?:减少|缩短|减)")),
    ("cancel", regex(r"^(?:cancel|stop|delete|remove|end|clear|kill|abort|turn off)\b|^(?:停止|取消|删除|删掉|停咗|停|关闭|关掉)")),
    ("pause", regex(r"^(?:pause|hold)\b|^暂停")),
    ("resume", regex(r"^(?:resume|continue|unpause|restart)\b|^(?:恢复|继续)")),
    ("set", regex(r"^(?:set(?: up)?|start|create|make|begin|new|give me)\b|^(?:设置|设定|设|开始|拨|撥|校|新增|建立|开|定)")),
)  # fmt: skip
_BESIDE = regex(r"[ ]*(?:嘅|的|嗰个|那个|这个)*[ ]*$")
_AFTER = regex(r" (?:for|of) $")
_BY = regex(
    r"一个|一|\b(?:by|off|from|to|in|on|of|for|my|the|a|an|our|your|is|are|left|time|named|called|with|name|please|me|up|all|any)\b|到|我嘅|我的|我|嗰个|那个|这个|个|嘅|的|所有|全部|名为|叫做?|在|里|为|一下|请|帮|把|将|给|从|成|[?,.!]"
)
_SMALL = {"half an": regex(r"\b1/2 (?:an?|of an?)\b"), "and a half": regex(r"\band (?:a )?1/2\b")}
_FIVES = regex(r"(\d+|[一二两三四五六七八九十]+)个字")
_HOURS = ((regex(r"个半(?:钟头|钟|小时)"), "小时半"), (regex(r"个(?:钟头|钟)"), "小时"),
          (regex(r"(?<=\d)分(?!钟|之)"), "分钟"))  # fmt: skip
_NO_NAME = ("doing", "negation", "number", "thing")


@dataclass(frozen=True, slots=True)
class _Timed:
    """A sentence without its lengths, and these: which timer, by how much or for how long."""

    rest: str
    length: int
    change: int


def read_timer(said: Normal, home: Home) -> dict[str, JsonValue] | None:
    """The arguments; None when it is about no timer or not wholly understood."""
    if _TIMER.search(folded := _said(said.plain)) is None or "'t" in folded:
        return None
    timed = _lengths(folded)
    op, rest = _deed(timed)
    if op is None:
        return None
    every = re.search(r"\b(?:all|every)\b|所有|全部", rest) is not None
    area, name = _left_over(cut(_BY.sub(" ", rest), home))
    if name is None:
        return None
    amount = timed.change if op in ("set", "extend", "shorten") else 0
    length = timed.length if op != "set" else 0
    found: dict[str, JsonValue] = {
        "op": op, "kind": "timer",
        "duration": amount or (timed.length if op == "set" else 0), "length": length,
        "label": _as_written(name, said), "area": area, "all": every,
    }  # fmt: skip
    return {key: value for key, value in found.items() if value}


def _as_written(name: str, said: Normal) -> str:
    """A name in the characters in which it was written."""
    places = [place for place, char in enumerate(said.text) if not char.isspace()]
    dense = "".join(fold(said.plain)[place] for place in places)
    at = dense.find(name.replace(" ", ""))
    if not name or at < 0 or len(said.text) != len(said.plain):
        return name
    return said.text[places[at] : places[at + len(name.replace(" ", "")) - 1] + 1]


def _said(plain: str) -> str:
    """The sentence with lengths as they are read: no spaces inside Chinese, halves, "two words"
    (Cantonese for ten minutes, a word of the clock being five)."""
    folded = fold(plain)
    folded = re.sub(
        r"(?<=[\u3400-\u9fff]) +(?=[\u3400-\u9fff\d])|(?<=\d) +(?=[\u3400-\u9fff])", "", folded
    )
    for written, pattern in _SMALL.items():
        folded = pattern.sub(written, folded)
    folded = _FIVES.sub(lambda m: f"{round(5 * _count(m[1]))}分钟", folded)
    for pattern, written in _HOURS:
        folded = pattern.sub(written, folded)
    return folded.strip(" .!?")


def _count(text: str) -> float:
    return float(text) if text.isdigit() else chinese_value(text) or 0.0


def _lengths(said: str) -> _Timed:
    """The lengths taken out: the one beside "timer" says which, the other how much."""
    timer = _TIMER.search(said)
    assert timer is not None
    length = change = 0
    rest = said
    for duration in reversed(_joined(said, find_durations(said))):
        before = said[duration.end : timer.start()] if duration.end <= timer.start() else "-"
        after = said[timer.end() : duration.start] if duration.start >= timer.end() else ""
        beside = _BESIDE.fullmatch(before) is not None or _AFTER.fullmatch(after) is not None
        if beside and not length:
            length = duration.seconds
        else:
            change = duration.seconds
        rest = rest[: duration.start] + " " + rest[duration.end :]
    return _Timed(rest, length, change)


def _joined(said: str, found: Sequence[Duration]) -> list[Duration]:
    """Lengths that touch are one: 一小时 15分钟."""
    joined: list[Duration] = []
    for each in found:
        if joined and not said[joined[-1].end : each.start].strip():
            last = joined.pop()
            joined.append(Duration(last.seconds + each.seconds, last.start, each.end))
        else:
            joined.append(each)
    return joined


def _deed(timed: _Timed) -> tuple[str | None, str]:
    """What is done, and the sentence without the words for it and for timers."""
    rest = timed.rest.strip()
    for op, pattern in _DEEDS:
        match = pattern.search(rest)
        if match is None or (op in ("extend", "shorten") and not timed.change):
            continue
        if op == "set" and not (timed.length or timed.change):
            return None, rest
        left = rest[: match.start()] + " " + rest[match.end() :]
        return op, _TIMER.sub(" ", left)
    return ("set", _TIMER.sub(" ", rest)) if timed.length or timed.change else (None, rest)


def _joined_words(pieces: Sequence[Piece]) -> str:
    """Names as they are written: Chinese without spaces."""
    text = " ".join(piece.text for piece in pieces)
    return re.sub(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])", "", text)


def _left_over(pieces: Sequence[Piece]) -> tuple[str, str | None]:
    """The area and the name; a None name when more is said than that."""
    areas = [piece for piece in pieces if piece.has("area")]
    named = [piece for piece in pieces if not piece.has("area", "fill") or piece.number is not None]
    if len(areas) > 1 or len(named) > 3 or any(piece.has(*_NO_NAME) for piece in named):
        return "", None
    apart = any(b.start - a.start > len(a.text.split()) for a, b in pairwise(named))
    if apart:
        return "", None
    return areas[0].value("area") if areas else "", _joined_words(named)
