"""One result as a sentence, from the capability's own templates and the values read back.

Templates hold `{argument}` or `{data.key}`; a place that has no value is not guessed: the plain
name of the capability is said instead.
"""

import string
from collections.abc import Mapping, Sequence
from typing import Any

from edgewise.answer.put_back import put_back
from edgewise.core.call import Call, Effect, Result, Status
from edgewise.core.capability import HOUSE, Argument, Capability, Kind
from edgewise.core.regex import regex
from edgewise.core.signal import JsonValue, as_list, as_object
from edgewise.core.words import Language, Words
from edgewise.core.zone import Zone


def phrase(
    result: Result, call: Call | None, capability: Capability | None, language: Language
) -> str:
    """What `result` means for the person, in `language`."""
    notes = [note.words.said_in(language) for note in result.notes]
    if result.status is Status.DONE:
        return joined([_success(result, call, capability, language), *notes], language)
    if result.words is None:
        return _FAILED.said_in(language).format(what=_name(capability, result, language))
    why = result.words.said_in(language)
    if result.status in (Status.FAILED, Status.EXPIRED):
        if result.status is Status.FAILED and result.capability in _COULD_NOT:
            return _COULD_NOT[result.capability].said_in(language).format(why=why)
        what = intended(call, capability, language)
        return _FAILED_BECAUSE.said_in(language).format(what=what, why=why)
    return joined([why, *notes], language)


def intended(call: Call | None, capability: Capability | None, language: Language) -> str:
    """What a call would do, with its exact values: for questions before and failures after."""
    if call is None or capability is None:
        return "?"
    colon = "：" if language is Language.CHINESE else ": "
    name, switch = _done_which_way(call, capability, language)
    said = [
        argument.words.said_in(language)
        if value is True
        else f"{argument.words.said_in(language)}{colon}{exactly}"
        for argument in capability.arguments
        if argument.name != switch
        and (value := call.arguments.get(argument.name)) is not None
        and (exactly := _exactly(argument, value, language)) not in name
    ]
    is_one_choice = [argument.kind for argument in capability.arguments] == [Kind.CHOICE]
    if is_one_choice and capability.provider == HOUSE:  # whose choices name what they do
        (only,) = capability.arguments
        return said_value(only, call.arguments.get(only.name) or name, language)
    if not said:
        return name
    if language is Language.CHINESE:
        return f"{name}（{'，'.join(said)}）"
    return f"{name} ({', '.join(said)})"


def _done_which_way(call: Call, capability: Capability, language: Language) -> tuple[str, str]:
    """What is done, of "open or close the trunk" the half that is meant, of "manage alarms" what
    is done with them, and the argument that says which; the whole name and nothing otherwise."""
    name = capability.words.said_in(language)
    for switch in _SWITCHES:
        value = call.arguments.get(switch)
        if value not in (True, False, 0, 100):
            continue
        for pattern, yes, no in _WAYS:
            match = pattern.fullmatch(name)
            if match is not None:
                return match.expand(yes if value else no), switch
    operation, op = capability.argument("op"), call.arguments.get("op")
    managed = capability.words.en.startswith("manage ")
    if operation is None or not isinstance(op, str) or not managed:
        return name, ""
    does = said_value(operation, op, language)
    if language is Language.CHINESE:
        return f"{does}{name}", operation.name
    return f"{does} {name.removeprefix('manage ')}", operation.name


def _exactly(argument: Argument, value: JsonValue, language: Language) -> str:
    if isinstance(value, bool):
        return _YES_NO[value].said_in(language)
    return said_value(argument, value, language)


def written(call: Call, effects: Sequence[Effect], language: Language) -> str:
    """What effects would write that the call's own arguments do not say: the number behind a name,
    the values an undo puts back. A yes is for these (rule 31)."""
    known = {str(value).casefold() for value in call.arguments.values()}
    told: dict[str, None] = {}
    for effect in effects:
        row = as_object(effect.value)
        if row:
            for name, value in row.items():
                if name in _TOLD and value and str(value).casefold() not in known:
                    told[str(value)] = None
    if call.capability == "dialog.control":
        told |= dict.fromkeys(put_back(effects, language))
    return ("，" if language is Language.CHINESE else ", ").join(told)


def joined(sentences: Sequence[str], language: Language) -> str:
    """Sentences one after another, each with its mark at the end."""
    stop, gap = ("。", "") if language is Language.CHINESE else (".", " ")
    return gap.join(s if _is_ended(s) else s + stop for s in sentences if s)


def _is_ended(sentence: str) -> bool:
    """Whether it has its mark, also within a quote; a bracket within one, as in a name, is none."""
    ends = tuple(".!?。！？…")
    return sentence.endswith((*ends, ")", "）")) or sentence.rstrip("”’」』").endswith(ends)


def said_value(argument: Argument | None, value: JsonValue, language: Language) -> str:
    """`value` as a person says it: zones, choices, numbers with their unit, lists."""
    separator = "、" if language is Language.CHINESE else ", "
    if isinstance(value, list | tuple):
        items = as_list(value)
        if argument is not None and argument.kind is Kind.ZONES and _all_zones(items):
            return _ZONES[Zone.ALL].said_in(language)
        return separator.join(said_value(argument, item, language) for item in items)
    if isinstance(value, bool):
        return _BOOLEANS[value].said_in(language)
    if isinstance(value, str):
        return _said_string(argument, value, language)
    if isinstance(value, float):
        value = round(value, 2)
        value = int(value) if value == int(value) else value
    if argument is not None and argument.kind is Kind.DURATION and isinstance(value, int):
        return said_duration(value, language)
    if isinstance(value, dict):
        pairs = as_object(value).items()
        return separator.join(f"{k} {said_value(None, v, language)}" for k, v in pairs)
    unit = argument.unit if argument is not None else ""
    sign = "+" if argument is not None and argument.relative and value > 0 else ""
    return f"{sign}{value}{unit}"


def said_duration(seconds: int, language: Language) -> str:
    """Seconds as hours, minutes and seconds."""
    names = ("小时", "分钟", "秒") if language is Language.CHINESE else (" h", " min", " s")
    parts = (seconds // 3600, seconds % 3600 // 60, seconds % 60)
    gap = "" if language is Language.CHINESE else " "
    return (
        gap.join(f"{n}{name}" for n, name in zip(parts, names, strict=True) if n) or "0" + names[2]
    )


def _success(
    result: Result, call: Call | None, capability: Capability | None, language: Language
) -> str:
    if capability is None:
        return _name(capability, result, language)
    template = capability.tells if result.data is not None and capability.tells else capability.done
    if template is None:
        return _plain(result, capability, language)
    places = _Places(capability, call, result, language)
    try:
        said = places.vformat(template.said_in(language), (), {})
    except KeyError:
        return _plain(result, capability, language)
    if result.changed and call is not None and call.arguments.get("action") == "undo":
        return _with_what_was_put_back(said, result, language)
    return said


def _with_what_was_put_back(said: str, result: Result, language: Language) -> str:
    effects = [Effect(target, value) for target, value in result.changed.items()]
    values = put_back(effects, language, result.before)
    if language is Language.CHINESE:
        return f"{said.rstrip('。')}：{'，'.join(values)}"
    return f"{said.rstrip('.')}: {', '.join(values)}"


def _plain(result: Result, capability: Capability, language: Language) -> str:
    if isinstance(result.data, str):
        return result.data
    if result.data is not None:
        return said_value(None, result.data, language)
    return _DONE.said_in(language).format(what=capability.words.said_in(language))


class _Places(string.Formatter):
    """Fills a template's places from a call and its result; KeyError for a place without value."""

    def __init__(
        self, capability: Capability, call: Call | None, result: Result, language: Language
    ) -> None:
        self._capability = capability
        self._arguments: Mapping[str, JsonValue] = call.arguments if call else {}
        self._data = as_object(result.data)
        self._whole = result.data
        self._language = language

    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        del args, kwargs
        argument: Argument | None = None
        head, _, key = field_name.partition(".")
        if head == "data":
            value = self._data.get(key) if key else self._whole
            argument = self._capability.argument(key)
        else:
            argument = self._capability.argument(head)
            value = self._arguments.get(head)
            if value is None:
                value = self._data.get(head)
            if value is None and argument is not None:
                value = argument.default
        if value is None:
            raise KeyError(field_name)
        return said_value(argument, value, self._language), field_name


def _said_string(argument: Argument | None, value: str, language: Language) -> str:
    if argument is not None:
        if argument.kind in (Kind.ZONE, Kind.ZONES) and value in _ZONES:
            return _ZONES[Zone(value)].said_in(language)
        for choice in argument.choices:
            if choice.value == value:
                return choice.words.said_in(language)
    return value


def _all_zones(values: Sequence[Any]) -> bool:
    return {"driver", "passenger", "row2_left", "row2_right"} <= set(values)


def _name(capability: Capability | None, result: Result, language: Language) -> str:
    return capability.words.said_in(language) if capability else result.capability


_ZONES = {
    Zone.DRIVER: Words("driver's", "主驾"),
    Zone.PASSENGER: Words("front passenger's", "副驾"),
    Zone.ROW2_LEFT: Words("rear left", "左后"),
    Zone.ROW2_RIGHT: Words("rear right", "右后"),
    Zone.ROW3: Words("third row", "第三排"),
    Zone.FRONT: Words("front", "前排"),
    Zone.REAR: Words("rear", "后排"),
    Zone.ALL: Words("all", "全车"),
}
_BOOLEANS = {True: Words("on", "开"), False: Words("off", "关")}
_YES_NO = {True: Words("yes", "是"), False: Words("no", "否")}
_SWITCHES = ("on", "open", "locked", "enabled", "percent")
_WAYS = (
    (regex(r"(switch .+) on or off"), r"\1 on", r"\1 off"),
    (regex(r"(\w+) or (\w+) (.+)"), r"\1 \3", r"\2 \3"),
    (regex(r"开关(.+)"), r"打开\1", r"关闭\1"),
    (regex(r"(.+)上锁或解锁"), r"\1上锁", r"\1解锁"),
)
"""Names that hold both ways: the pattern, the name when it is done, and when it is undone."""
_TOLD = ("name", "to", "recipient", "number", "email", "address", "amount")
"""Fields of a stored row that say to whom or to what something goes."""
_DONE = Words("Done: {what}", "已完成：{what}")
_FAILED = Words("That did not work: {what}", "没有成功：{what}")
_COULD_NOT = {"board.look": Words("I could not take a picture: {why}.", "我没能拍到照片：{why}。")}
_FAILED_BECAUSE = Words("That did not work: {what}; {why}", "没有成功：{what}，{why}")
