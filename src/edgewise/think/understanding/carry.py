"""Answers to the device's own question: the one argument that a waiting call still lacks."""

from edgewise.core.call import Call
from edgewise.core.capability import Argument, Kind
from edgewise.core.signal import JsonValue
from edgewise.core.thought import Context
from edgewise.think.understanding.declared import Declared
from edgewise.think.understanding.fill import fill
from edgewise.think.understanding.normalise import Normal
from edgewise.think.understanding.numbers import find_numbers


def complete(
    declared: Declared, awaiting: Call, bare: Normal, names: tuple[str, ...], context: Context
) -> dict[str, JsonValue] | None:
    """`awaiting`'s arguments with the one that the answer gives; `None` when it gives none."""
    missing = _missing(declared, awaiting)
    if not missing:
        return None
    filled = fill(declared, bare, names, context.now, context.speaker.zone).arguments
    for argument in missing:
        if argument.kind is Kind.TEXT:
            value: JsonValue = filled.get(argument.name) or bare.text.strip(" .!?,")
        else:
            value = filled.get(argument.name)
            if value is None and argument.kind in (Kind.NUMBER, Kind.INTEGER):
                numbers = find_numbers(bare.plain)
                value = numbers[0].plain if numbers else None
            if value is None and argument.choices and argument.name in declared.words:
                word = declared.words[argument.name].best(bare.plain)
                value = word.value if word else None
        if value is not None and value != "":
            return {**awaiting.arguments, argument.name: value}
    return None


def _missing(declared: Declared, awaiting: Call) -> list[Argument]:
    """Arguments that the answer may give: required ones, then those of open groups, then texts."""
    capability, given = declared.capability, awaiting.arguments
    open_groups = {
        name for group in capability.one_of if not any(n in given for n in group) for name in group
    }
    first = [a for a in capability.arguments if a.required and a.name not in given]
    second = [a for a in capability.arguments if a.name in open_groups]
    third = [
        a for a in capability.arguments
        if a.name not in given and a not in first and a not in second and a.kind is Kind.TEXT
    ]  # fmt: skip
    named = [a for a in capability.arguments if a.kind is Kind.TEXT and a.name in given]
    return first or second or [*third, *named]
