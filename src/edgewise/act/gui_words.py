"""GELab-Zero's action words, read: one line of its model is one step on a screen.

`<THINK> ... </THINK>`, a new line, then pairs `key:value` with tabs between them: `explain`,
`action`, what the action needs, `summary`. It decides nothing: a line is a model's idea, and what
comes of it goes through resolve, decide and perform like any other call. Source: stepfun-ai/
gelab-zero, copilot_tools/parser_0920_summary.py and its executor; coordinates are thousandths.
"""

import math
import re
from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from edgewise.act.screen import SCALE, Key, Point
from edgewise.act.screen_step import (
    MOST_TEXT,
    SHORTEST_SWIPE,
    Action,
    Step,
    is_swipe,
    is_typeable,
)
from edgewise.core.regex import regex
from edgewise.errors import UserError

LONGEST = 65_536
"""Characters of a line with its thoughts."""
LONGEST_WAIT_S = 600.0


class Word(StrEnum):
    """The action words: nine that the model is taught, and three of its executor."""

    CLICK = "CLICK"
    TYPE = "TYPE"
    COMPLETE = "COMPLETE"
    WAIT = "WAIT"
    AWAKE = "AWAKE"
    INFO = "INFO"
    ABORT = "ABORT"
    SLIDE = "SLIDE"
    LONGPRESS = "LONGPRESS"
    HOT_KEY = "HOT_KEY"
    DOUBLE_CLICK = "DOUBLE_CLICK"
    CALL_USER = "CALL_USER"


class Line(Struct, frozen=True):
    """One line. `value` is what the word says besides points: the text, the app, the question, the
    reason, the report, the seconds or the key; `end` is where a slide ends."""

    word: Word
    value: str = ""
    point: Point | None = None
    end: Point | None = None
    thought: str = ""
    explain: str = ""
    summary: str = ""

    @property
    def wait_s(self) -> float:
        """Seconds to wait; 0 for any other word."""
        return float(self.value) if self.word is Word.WAIT else 0.0

    @property
    def steps(self) -> tuple[Step, ...]:
        """What a hand would do; nothing for words that are for people or for time. A double click
        is two taps."""
        match self.word:
            case Word.CLICK:
                return (_at(Action.TAP, self),)
            case Word.DOUBLE_CLICK:
                return (_at(Action.TAP, self),) * 2
            case Word.LONGPRESS:
                return (_at(Action.LONG_PRESS, self),)
            case Word.SLIDE:
                return (_at(Action.SCROLL, self),)
            case Word.TYPE:
                return (_at(Action.TYPE, self, text=self.value),)
            case Word.AWAKE:
                return (Step(Action.OPEN, app=self.value),)
            case Word.HOT_KEY:
                return (Step(Action(self.value.lower())),)
            case _:
                return ()


def read_line(said: str) -> Line:
    """What a model said, as a line.

    It may use other case, no thoughts or several, full-width marks, brackets or blanks in points,
    and keys that mean nothing here. Raises UserError, which names the key, for anything else.
    """
    if len(said) > LONGEST:
        raise UserError(f"the line has {len(said)} characters; at most {LONGEST} are read")
    head, rest = _parted(said)
    pairs = _pairs(rest)
    word = _word(pairs)
    return Line(
        word,
        _value(word, pairs),
        *_points(word, pairs),
        head,
        pairs.get("explain", ""),
        pairs.get("summary", ""),
    )


def arguments_of(step: Step) -> dict[str, str]:
    """The arguments of a `gui.act` call for a step."""
    given = {"action": step.action.value, "text": step.text, "target": step.app}
    for name, point in (("point", step.point), ("point2", step.end)):
        if point is not None:
            given[name] = f"{point.x},{point.y}"
    return {name: value for name, value in given.items() if value}


def point_in(name: str, value: str) -> Point:
    """`value` ("x,y" or "x y", thousandths) as a point. Raises UserError, which names `name`."""
    match = _POINT.fullmatch(value.strip())
    if match is None or max(int(match[1]), int(match[2])) > SCALE:
        raise UserError(
            f"{name}: {_short(value)} is no point; give two whole numbers from 0 to {SCALE}: x,y"
        )
    return Point(int(match[1]), int(match[2]))


_VALUE_OF = {
    Word.TYPE: "value", Word.WAIT: "value", Word.AWAKE: "value", Word.INFO: "value",
    Word.ABORT: "value", Word.CALL_USER: "value", Word.COMPLETE: "return", Word.HOT_KEY: "key",
}  # fmt: skip
_WITHOUT_VALUE = (Word.ABORT, Word.CALL_USER, Word.COMPLETE)
"""Words that may stand alone."""
_POINTS_OF = {
    **dict.fromkeys((Word.CLICK, Word.DOUBLE_CLICK, Word.LONGPRESS, Word.TYPE), ("point",)),
    Word.SLIDE: ("point1", "point2"),
}
_KEYS = ("explain", "action", "value", "return", "key", "point", "point1", "point2", "summary")
_TAG = regex(r"<\s*/?\s*TH?INK\s*>", re.IGNORECASE)
_END_TAG = regex(r"<\s*/\s*TH?INK\s*>", re.IGNORECASE)
_BREAK = regex(rf"\t|\n(?=\s*(?:{'|'.join(_KEYS)})\s*[:：])", re.IGNORECASE)
_COLON = regex(r"[:：]")
_POINT = regex(r"[\[(（]?\s*(\d{1,4})\s*(?:[,，]\s*|\s+)(\d{1,4})\s*[\])）]?")
_SECONDS = regex(r"(\d{1,6}(?:\.\d{1,6})?)\s*(?:s|sec|seconds?|秒)?", re.IGNORECASE)


def _at(action: Action, line: Line, text: str = "") -> Step:
    x, y = (None, None) if line.point is None else (line.point.x, line.point.y)
    x2, y2 = (None, None) if line.end is None else (line.end.x, line.end.y)
    return Step(action, x, y, x2, y2, text=text)


def _parted(said: str) -> tuple[str, str]:
    """The thoughts, and what follows the last closing tag."""
    ends = list(_END_TAG.finditer(said))
    if not ends:
        return "", said
    return _untagged(said[: ends[-1].start()]), said[ends[-1].end() :]


def _pairs(rest: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for piece in _BREAK.split(rest):
        key, *value = _COLON.split(piece, maxsplit=1)
        name = key.strip().lower()
        if not value or name not in _KEYS:
            continue
        if name in pairs:
            raise UserError(f"{name}: stands there twice; a line says one thing")
        pairs[name] = value[0].strip()
    return pairs


def _word(pairs: Mapping[str, str]) -> Word:
    if "action" not in pairs:
        raise UserError(
            "action: is missing; a line looks like explain:…⇥action:CLICK⇥point:500,500"
        )
    said = pairs["action"].strip(" .<>[]").upper().replace("LONG_PRESS", "LONGPRESS")
    if said not in set(Word):
        known = ", ".join(Word)
        raise UserError(f"action: {_short(pairs['action'])} is no action word; they are {known}")
    return Word(said)


def _value(word: Word, pairs: Mapping[str, str]) -> str:
    name = _VALUE_OF.get(word)
    if name is None:
        return ""
    value = pairs.get(name, "")
    if not value and word not in _WITHOUT_VALUE:
        raise UserError(f"{name}: is missing; {word} needs it")
    if word is Word.WAIT:
        return _seconds(value)
    if word is Word.HOT_KEY:
        if value.lower() not in set(Key):
            keys = ", ".join(key.value.upper() for key in Key)
            raise UserError(f"key: {_short(value)} is no key; they are {keys}")
        return value.upper()
    if word in (Word.TYPE, Word.AWAKE) and not is_typeable(value):
        raise UserError(f"{name}: at most {MOST_TEXT} characters without control characters")
    return value


def _seconds(value: str) -> str:
    match = _SECONDS.fullmatch(value)
    seconds = float(match[1]) if match is not None else math.inf
    if seconds > LONGEST_WAIT_S:
        raise UserError(
            f"value: {_short(value)} is no time to wait; give seconds from 0 to {LONGEST_WAIT_S:g}"
        )
    return f"{seconds:g}"


def _points(word: Word, pairs: Mapping[str, str]) -> tuple[Point | None, Point | None]:
    found: list[Point | None] = [None, None]
    for number, name in enumerate(_POINTS_OF.get(word, ())):
        if name in pairs:
            found[number] = point_in(name, pairs[name])
        elif word is not Word.TYPE:
            raise UserError(f"{name}: is missing; {word} needs it as x,y from 0 to {SCALE}")
    start, end = found
    if start is not None and end is not None and not is_swipe(start, end):
        raise UserError(f"point2: is too near to point1 to swipe; {SHORTEST_SWIPE} is the least")
    return start, end


def _untagged(text: str) -> str:
    return _flat(_TAG.sub(" ", text))


def _flat(text: str) -> str:
    return " ".join(text.split())


def _short(text: str) -> str:
    flat = _flat(text)
    return repr(flat if len(flat) <= 40 else flat[:39] + "…")
