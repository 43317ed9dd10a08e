"""Check the arguments of a call against their declaration and put them into their one form.

After it every argument is known, of its declared type, finite, within its limits, and named by its
choice's value; defaults are filled in, temperatures are in the declared unit. What only the person
can tell becomes `Missing` with a question, anything else wrong becomes `Impossible` with the value,
the limit and the remedy. Pure; it does not know what an argument means.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import cast

import msgspec

from edgewise.act.question import limits_of, listed, question_for, unit_of
from edgewise.core.call import Impossible, Missing
from edgewise.core.capability import Argument, Capability, Kind
from edgewise.core.signal import JsonValue
from edgewise.core.words import Words
from edgewise.core.zone import Zone

TEXT_LIMIT = 4000
"""Longest text argument in characters: a long message; a declared `maximum` lowers it."""

OBJECT_LIMIT_BYTES = 65_536
NUMBER_LIMIT = 1e15
"""Beyond it floats no longer hold every whole number; nothing in a device is that large."""

CELSIUS = "°C"

Checked = dict[str, JsonValue] | Missing | Impossible


def check_arguments(capability: Capability, given: Mapping[str, JsonValue]) -> Checked:
    """`given` in declared form, or why it can not be used. Never raises for any JSON value."""
    arguments = {name: value for name, value in given.items() if not _empty(value)}
    for name in arguments:
        if capability.argument(name) is None:
            return _unknown(capability, name)
    checked: dict[str, JsonValue] = {}
    for argument in capability.arguments:
        if argument.name not in arguments:
            continue
        value = check_value(argument, _in_celsius(argument, arguments))
        if isinstance(value, Impossible):
            return value
        checked[argument.name] = value
    if checked.get("unit") == "fahrenheit" and capability.argument("unit") is not None:
        checked["unit"] = "celsius"
    return _complete(capability, checked)


def check_value(argument: Argument, value: JsonValue) -> JsonValue | Impossible:
    """One value in declared form, or why it can not be used."""
    match argument.kind:
        case Kind.NUMBER | Kind.INTEGER | Kind.DURATION:
            return _number(argument, value)
        case Kind.BOOLEAN:
            return value if isinstance(value, bool) else _wrong_type(argument, value)
        case Kind.CHOICE:
            return _choice(argument, value)
        case Kind.ZONE:
            return _zone(argument, value)
        case Kind.CHOICES | Kind.ZONES:
            return _several(argument, value)
        case Kind.TEXT:
            return _text(argument, value)
        case Kind.MOMENT:
            return _moment(argument, value)
        case Kind.OBJECT:
            return _object(argument, value)


def _complete(capability: Capability, checked: dict[str, JsonValue]) -> Checked:
    for group in capability.one_of:
        there = [name for name in group if name in checked]
        if len(there) > 1:
            return _conflict(capability, there)
        if not there:
            first = capability.argument(group[0])
            if first is not None:
                return question_for(first)
    for argument in capability.arguments:
        if argument.name in checked:
            continue
        if argument.default is not None:
            checked[argument.name] = argument.default
        elif argument.required:
            return question_for(argument)
    return checked


def _number(argument: Argument, value: JsonValue) -> JsonValue | Impossible:
    if isinstance(value, str):
        end = _chosen(argument, value)
        value = {"min": argument.minimum, "max": argument.maximum}.get(end or "", value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _wrong_type(argument, value)
    if abs(value) > NUMBER_LIMIT or not math.isfinite(value):
        return _out_of_range(argument, value)
    if argument.kind is Kind.INTEGER:
        if value != int(value):
            return _wrong_type(argument, value)
        value = int(value)
    low = 0.0 if argument.minimum is None and argument.kind is Kind.DURATION else argument.minimum
    if (low is not None and value < low) or (
        argument.maximum is not None and value > argument.maximum
    ):
        return _out_of_range(argument, value)
    return value


def _choice(argument: Argument, value: JsonValue) -> JsonValue | Impossible:
    chosen = _chosen(argument, value)
    return chosen if chosen is not None else _not_offered(argument, value)


def _zone(argument: Argument, value: JsonValue) -> JsonValue | Impossible:
    chosen = _chosen(argument, value)
    if chosen is not None:
        return chosen
    if not argument.choices and isinstance(value, str) and value.strip().lower() in set(Zone):
        return value.strip().lower()
    return _not_offered(argument, value)


def _several(argument: Argument, value: JsonValue) -> JsonValue | Impossible:
    values = cast(list[JsonValue], value) if isinstance(value, list) else [value]
    one = _zone if argument.kind is Kind.ZONES else _choice
    taken: list[JsonValue] = []
    for entry in values:
        checked = one(argument, entry)
        if isinstance(checked, Impossible):
            return checked
        if checked not in taken:
            taken.append(checked)
    return taken


def _text(argument: Argument, value: JsonValue) -> JsonValue | Impossible:
    if not isinstance(value, str):
        return _wrong_type(argument, value)
    text = value.strip()
    limit = TEXT_LIMIT if argument.maximum is None else int(argument.maximum)
    if len(text) > limit:
        return _bad(
            "too_long",
            f"The {argument.words.en} has {len(text)} characters; at most {limit} are possible. "
            "Please shorten it.",
            f"{argument.words.zh}有{len(text)}个字，最多{limit}个字，请缩短一些。",
        )
    if argument.choices:
        return _chosen(argument, text) or text
    return text


def _moment(argument: Argument, value: JsonValue) -> JsonValue | Impossible:
    text = value.strip() if isinstance(value, str) else ""
    for read in (date.fromisoformat, time.fromisoformat, datetime.fromisoformat):
        try:
            found = read(text)
        except ValueError:
            continue
        if getattr(found, "tzinfo", None) is None:
            return text
    return _bad(
        "not_a_moment",
        f"{_shown(value)} is no date or time I can use for the {argument.words.en}; "
        "say a day, a time, or both.",
        f"“{_shown(value)}”不是可用的{argument.words.zh}，请说出日期、时间或两者。",
    )


def _object(argument: Argument, value: JsonValue) -> JsonValue | Impossible:
    if not isinstance(value, dict):
        return _wrong_type(argument, value)
    try:
        size = len(msgspec.json.encode(value))
    except (TypeError, RecursionError, msgspec.MsgspecError):
        return _wrong_type(argument, "{…}")
    if size > OBJECT_LIMIT_BYTES:
        return _bad(
            "too_long",
            f"The {argument.words.en} takes {size} bytes, at most {OBJECT_LIMIT_BYTES} fit.",
            f"{argument.words.zh}有{size}字节，最多{OBJECT_LIMIT_BYTES}字节。",
        )
    return cast(JsonValue, value)


def _chosen(argument: Argument, value: JsonValue) -> str | None:
    """The value of the choice that `value` is, by its value or by one of its words."""
    if not isinstance(value, str):
        return None
    said = value.strip().casefold()
    for choice in argument.choices:
        if said == choice.value.casefold():
            return str(choice.value)
    for choice in argument.choices:
        names = (choice.words.en, choice.words.zh, *choice.en, *choice.zh)
        if said in (name.casefold() for name in names):
            return str(choice.value)
    return None


def _in_celsius(argument: Argument, arguments: Mapping[str, JsonValue]) -> JsonValue:
    """The value of `argument`; if it was said in Fahrenheit, in Celsius to the half degree."""
    value = arguments[argument.name]
    fahrenheit = str(arguments.get("unit", "")).strip().casefold() in _FAHRENHEIT
    if argument.unit != CELSIUS or not fahrenheit:
        return value
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return value
    celsius = value / 1.8 if argument.relative else (value - 32) / 1.8
    return round(celsius * 2) / 2


def _empty(value: JsonValue) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def _unknown(capability: Capability, name: str) -> Impossible:
    known = ", ".join(argument.name for argument in capability.arguments) or "none"
    shown = _shown(name)
    return _bad(
        "unknown_argument",
        f"{capability.name} has no argument {shown}; it has: {known}.",
        f"{capability.name} 没有参数 {shown}；可用参数：{known}。",
    )


def _conflict(capability: Capability, names: Sequence[str]) -> Impossible:
    said = [a.words for a in capability.arguments if a.name in names]
    return _bad(
        "conflicting_arguments",
        f"Say only one of {listed([w.en for w in said], 'or')}.",
        f"{listed([w.zh for w in said], '和', '、')}只能说一个。",
    )


def _wrong_type(argument: Argument, value: JsonValue) -> Impossible:
    wanted = _KIND_WORDS[argument.kind]
    return _bad(
        "wrong_type",
        f"The {argument.words.en} must be {wanted.en}, not {_shown(value)}.",
        f"{argument.words.zh}应当是{wanted.zh}，不能是“{_shown(value)}”。",
    )


def _out_of_range(argument: Argument, value: JsonValue) -> Impossible:
    en, zh, unit = argument.words.en, argument.words.zh, unit_of(argument)
    limits = limits_of(argument)
    if not limits:
        return _bad("out_of_range", f"{_shown(value)} is too large.", f"{_shown(value)}太大了。")
    low, high = limits
    return _bad(
        "out_of_range",
        f"The {en} can be {low} to {high}{unit}, not {_shown(value)}.",
        f"{zh}只能在{low}到{high}{unit}之间，不能是{_shown(value)}。",
    )


def _not_offered(argument: Argument, value: JsonValue) -> Impossible:
    return _bad(
        "not_offered",
        f"The {argument.words.en} can be {listed([c.words.en for c in argument.choices], 'or')}, "
        f"not {_shown(value)}.",
        f"{argument.words.zh}可以是{listed([c.words.zh for c in argument.choices], '或', '、')}，"
        f"不能是“{_shown(value)}”。",
    )


def _shown(value: JsonValue) -> str:
    """A value as it may stand in a message: short, on one line."""
    text = f"{value:g}" if isinstance(value, float) else str(value)
    text = " ".join(text.split())
    return text if len(text) <= 40 else text[:39] + "…"


def _bad(code: str, en: str, zh: str) -> Impossible:
    return Impossible(code, Words(en, zh))


_FAHRENHEIT = frozenset({"fahrenheit", "f", "°f", "华氏", "华氏度"})
_KIND_WORDS = {
    Kind.NUMBER: Words("a number", "数字"),
    Kind.INTEGER: Words("a whole number", "整数"),
    Kind.BOOLEAN: Words("on or off", "开或关"),
    Kind.CHOICE: Words("one of its choices", "可选项之一"),
    Kind.CHOICES: Words("a list of its choices", "可选项的列表"),
    Kind.ZONE: Words("a place in the car", "车内的位置"),
    Kind.ZONES: Words("places in the car", "车内的位置"),
    Kind.TEXT: Words("text", "文字"),
    Kind.DURATION: Words("a time in seconds", "秒数"),
    Kind.MOMENT: Words("a date or a time", "日期或时间"),
    Kind.OBJECT: Words("an object of named values", "由名称和值组成的对象"),
}
