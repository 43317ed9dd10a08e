"""The arguments of a capability as JSON Schema, and the capability in words, for models' tools.

`type`, `properties`, `required`, `enum` and plain limits only, which every model's tools accept;
"exactly one of" is said in words and checked when the call is resolved (`act/arguments.py`). It
reads declarations alone and knows neither MCP nor any model.
"""

from typing import Any

from edgewise.core.capability import Argument, Capability, Kind
from edgewise.core.zone import SINGLE_ZONES, Zone


def schema_of(capability: Capability) -> dict[str, Any]:
    """JSON Schema of the arguments, from the declaration.

    Where the caller may choose the unit, limits are told in words: 72 is a temperature too.
    """
    bounded = capability.argument("unit") is None
    return {
        "type": "object",
        "properties": {a.name: _property(a, bounded) for a in capability.arguments},
        "required": [a.name for a in capability.arguments if a.required],
        "additionalProperties": False,
    }


def described(capability: Capability) -> str:
    """What the capability does, how risky it is and what guards it, in English."""
    parts = [f"{capability.words.en} ({capability.words.zh}). Risk: {capability.risk.value}."]
    parts += [f"Give exactly one of: {', '.join(group)}." for group in capability.one_of]
    if capability.rules:
        numbers = ", ".join(str(number) for number in capability.rules)
        parts.append(f"Guarded by rules {numbers} of the device's policy.")
    return " ".join(parts)


def _property(argument: Argument, bounded: bool) -> dict[str, Any]:
    schema: dict[str, Any] = dict(_TYPES[argument.kind])
    for key, limit in (("minimum", argument.minimum), ("maximum", argument.maximum)):
        if bounded and limit is not None and schema["type"] in ("number", "integer"):
            schema[key] = int(limit) if schema["type"] == "integer" else limit
    words: dict[str, Any] = {
        "type": "string",
        "enum": [choice.value for choice in argument.choices],
    }
    if argument.choices and schema["type"] == "array":
        schema["items"] = words
    elif argument.choices and schema["type"] == "string":
        schema = words
    elif argument.choices:  # a number, or a word such as "max" that stands for one
        schema = dict[str, Any](anyOf=[schema, words])
    schema["description"] = argument.words.en + _unit_of(argument, bounded)
    if argument.default is not None:
        schema["default"] = argument.default
    return schema


def _unit_of(argument: Argument, bounded: bool) -> str:
    unit = {Kind.DURATION: "seconds", Kind.MOMENT: "ISO 8601 local time"}.get(argument.kind)
    unit = argument.unit or unit
    if not unit:
        return ""
    limits = (argument.minimum, argument.maximum)
    told = not bounded and None not in limits
    return f" ({limits[0]:g} to {limits[1]:g} {unit})" if told else f" ({unit})"


_ZONES = [zone.value for zone in Zone]
_TYPES: dict[Kind, dict[str, Any]] = {
    Kind.NUMBER: {"type": "number"},
    Kind.INTEGER: {"type": "integer"},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.CHOICE: {"type": "string"},
    Kind.CHOICES: {"type": "array", "items": {"type": "string"}},
    Kind.ZONE: {"type": "string", "enum": _ZONES},
    Kind.ZONES: {
        "type": "array",
        "items": {"type": "string", "enum": [zone.value for zone in (*SINGLE_ZONES, Zone.ALL)]},
    },
    Kind.TEXT: {"type": "string", "maxLength": 2000},
    Kind.DURATION: {"type": "number", "minimum": 0},
    Kind.MOMENT: {"type": "string"},
    Kind.OBJECT: {"type": "object"},
}
