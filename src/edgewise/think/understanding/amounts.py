"""Numbers, levels in words and changes, from what a clause says.

Values beyond the limits are kept as they were said, so that whoever resolves the call can name the
limit; nothing is silently bent.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

import re

from edgewise.core.capability import Argument, Kind
from edgewise.core.regex import regex
from edgewise.think.understanding.direction import direction_of, is_relative, opened_by
from edgewise.think.understanding.numbers import Number
from edgewise.think.understanding.reading import Reading

_MOST = regex(
    r"\b(?:max(?:imum)?|highest|full(?:y)?|all the way(?! down)|complete(?:ly)?|as (?:high|warm|hot|bright|loud|far|much) as|wide open|to the top|entire(?:ly)?)\b|"
    r"最(?:大|高|热|强|亮|快|多|响)|到底|全(?:部打)?开|完全|顶格|全打开|满|到头"
)
_LEAST = regex(
    r"\b(?:min(?:imum)?|lowest|as (?:low|cold|cool|dim|quiet|dark) as|all the way down|coldest)\b|最(?:小|低|冷|弱|暗|慢|少)"
)
_PART = (
    (regex(r"\bhalf(?:way)?\b|一半|半开|开半|(?<!大)半(?=$|关)"), 50),
    (regex(r"\bthree quarters\b|四分之三"), 75), (regex(r"\b(?:a|one) quarter\b|四分之一"), 25),
    (regex(r"\b(?:a|one) third\b|三分之一"), 33), (regex(r"\btwo thirds\b|三分之二"), 67),
)  # fmt: skip
_CRACK = regex(
    r"\bcrack\b|\ba (?:bit|little|crack|tad)\b|\bslightly\b|缝|一点|一些|一小?点|点儿|开点(?:车|天)?窗"
)
_WORD_LEVELS = (
    (regex(r"\bhigh\b|(?<!调|升|提|变)高(?:档|挡|级)|强档"), "high"),
    (regex(r"\bmedium\b|\bmid\b|中(?:档|挡|等|间|度)|适中"), "mid"),
    (regex(r"\blow\b|(?<!调|降)低(?:档|挡|级)|弱档"), "low"),
)  # fmt: skip


def number_of(reading: Reading, argument: Argument) -> float | int | str | None:
    relative = reading.declared.relative
    if relative is not None and "level" in reading.arguments and argument.relative:
        return None
    if argument.relative:
        return _delta(reading, argument)
    main = argument is reading.declared.absolute
    moved = (
        main
        and relative is not None
        and is_relative(
            reading.declared.capability.name, reading.plain, reading.numbers, reading.polarity
        )
    )
    if moved and (reading.numbers or _extreme(reading, argument) is None):
        return None
    if (argument.unit == "%" or _is_share(argument)) and any(
        p.search(reading.plain) for p, _ in _PART
    ):
        return _spoken_level(reading, argument)
    for number in reading.numbers:
        if _fits(argument, number) and (main or number.unit or len(reading.numbers) == 1):
            return _typed(argument, number.value)
    return _spoken_level(reading, argument) if main else None


def _is_share(argument: Argument) -> bool:
    """Whether a value goes from nothing to all of it, so that it can be halved."""
    return argument.maximum == 100 and (argument.unit == "%" or argument.minimum == 0)


_COUNTED = frozenset({"quantity", "count", "people"})


def _fits(argument: Argument, number: Number) -> bool:
    if number.unit == "count":
        return argument.name in _COUNTED
    match argument.unit:
        case "°C" | "°":
            return number.unit in ("", "degree", "fahrenheit")
        case "%":
            return number.unit in ("", "percent", "level")
        case "":
            return number.unit in ("", "level", "money", "star", "percent", "hertz", "degree") and (
                argument.name != "level" or number.unit != "degree"
            )
        case _:
            return True


def _typed(argument: Argument, value: float) -> float | int:
    whole = argument.kind is Kind.INTEGER or value == int(value)
    return round(value) if whole else value


def _spoken_level(reading: Reading, argument: Argument) -> float | int | str | None:
    """A level in words: half, most, a crack, high, or on and off where the level is the switch."""
    on = reading.polarity.on
    if on is None:
        on = opened_by(reading.declared.capability.name, reading.plain)
    if _is_share(argument):
        return _spoken_percent(reading, argument, on)
    extreme = _extreme(reading, argument)
    if extreme is not None:
        return extreme
    if argument.minimum != 0 or not argument.maximum or argument.maximum > 10:
        return None
    if on is False:
        return 0
    for pattern, name in _WORD_LEVELS:
        if pattern.search(reading.plain) and not reading.polarity.up:
            return {
                "high": int(argument.maximum),
                "mid": round(argument.maximum / 2 + 0.1),
                "low": 1,
            }[name]
    return None


def _spoken_percent(
    reading: Reading, argument: Argument, on: bool | None
) -> float | int | str | None:
    """A share in words. Only an argument called `percent` is opened and shut by on and off."""
    plain = reading.plain
    for pattern, percent in _PART:
        if pattern.search(plain):
            closing = on is False and re.search(r"关[一上到]|close|shut|raise|升", plain)
            return 100 - percent if closing and percent != 50 else percent
    extreme = _extreme(reading, argument)
    if argument.name != "percent":
        return None if on is False else extreme
    if extreme is not None:
        return extreme if on is None else 100 if on else 0
    if on is not False and re.search(r"缝|\bcrack\b", plain):
        return 10
    if on and reading.declared.relative is not None and _CRACK.search(plain):
        return 10
    return None if on is None else 100 if on else 0


def _extreme(reading: Reading, argument: Argument) -> float | int | str | None:
    named = {choice.value for choice in argument.choices}
    for pattern, name, limit in (
        (_LEAST, "min", argument.minimum),
        (_MOST, "max", argument.maximum),
    ):
        if pattern.search(reading.plain):
            if name in named:
                return name
            return None if limit is None else _typed(argument, limit)
    return None


def _delta(reading: Reading, argument: Argument) -> float | int | None:
    absolute = reading.declared.absolute
    if absolute is not None and absolute.name in reading.arguments:
        return None
    sign = direction_of(reading.declared.capability.name, reading.plain, reading.polarity)
    if sign == 0:
        return None
    for number in reading.numbers:
        if _fits(argument, number):
            return _typed(argument, sign * abs(number.value))
    return _typed(argument, sign * reading.declared.step)
