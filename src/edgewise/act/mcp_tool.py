"""A tool of an MCP server as a declaration, built from its name and its schema alone.

A description is a stranger's text: it is never shown nor used to understand words, and what the
tool answers is labelled TOOL. Hints can only lower the risk to a read, whose effect still passes
the policy as a change of class `tool`; a tool without hints is disruptive.
"""

import re
from collections.abc import Mapping
from typing import Any, Protocol, cast

from edgewise.act.function import Function
from edgewise.core.call import Call, Effect, Resolution, Resolved
from edgewise.core.capability import Argument, Capability, Choice, Kind, Risk
from edgewise.core.label import OriginKind, label_of
from edgewise.core.signal import Snapshot, as_list, as_object, number
from edgewise.core.words import Words
from edgewise.errors import UserError

CALL_S = 30.0
"""How long a tool may take."""
LONGEST_CHOICE = 64
LONGEST_DEFAULT = 500
MOST_ARGUMENTS = 32


class Hints(Protocol):
    """What a tool says of itself."""

    @property
    def read_only_hint(self) -> bool | None: ...
    @property
    def destructive_hint(self) -> bool | None: ...


class ListedTool(Protocol):
    """A tool as a server lists it, as far as it is read here."""

    @property
    def input_schema(self) -> Mapping[str, Any]: ...
    @property
    def annotations(self) -> Hints | None: ...


def declaration(name: str, server: str, tool: ListedTool) -> Capability:
    """The capability of a tool. Raises UserError when a required argument cannot be declared."""
    hints = tool.annotations
    risk = Risk.DISRUPTIVE
    if hints is not None and hints.destructive_hint:
        risk = Risk.IRREVERSIBLE
    elif hints is not None and hints.read_only_hint:
        risk = Risk.READ
    shown = name.rpartition(".")[2].replace("_", " ")
    return Capability(
        name,
        Words(f"{shown} ({plain_name(server)})", f"{shown}（{plain_name(server)}）"),
        risk,
        _arguments(name, tool.input_schema),
        actuators=(name,),
        readback_s=CALL_S,
        rules=(31, 33, 34),
        content=OriginKind.TOOL,
        done=Words("Done.", "好了。"),
        tells=Words("{text}", "{text}"),
        provider=f"mcp:{plain_name(server)}",
    )


def function_of(declared: Capability) -> Function:
    """The function of a declared tool: its one effect is the call, with the arguments as value."""

    def resolve(call: Call, _snapshot: Snapshot) -> Resolution:
        label = label_of(OriginKind.TOOL, declared.name)
        return Resolved((Effect(declared.name, dict(call.arguments)),), label=label)

    return Function(declared, resolve)


def plain_name(name: str) -> str:
    """A name of only letters, digits and _, at most 64 long, so that it can be part of a target."""
    return re.sub(r"[^a-z0-9_]+", "_", name.casefold()).strip("_")[:64] or "tool"


def _arguments(tool: str, schema: Mapping[str, Any]) -> tuple[Argument, ...]:
    properties = as_object(schema.get("properties"))
    required = as_list(schema.get("required"))
    if len(properties) > MOST_ARGUMENTS:
        raise UserError(f"{tool}: it has {len(properties)} arguments; at most {MOST_ARGUMENTS}")
    made: list[Argument] = []
    for name, given in properties.items():
        declared = _argument(name, given, name in required)
        if declared is None and name in required:
            raise UserError(f"{tool}: the required argument {name[:40]!r} has no type I can take")
        if declared is not None:
            made.append(declared)
    return tuple(made)


def _argument(name: str, given: Any, required: bool) -> Argument | None:
    """One argument from its schema, or None when its type has no counterpart."""
    if not isinstance(given, dict) or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.\-]{0,63}", name):
        return None
    schema = _one_type(cast(dict[str, Any], given))
    choices = _choices(schema.get("enum"))
    kind = {
        "string": Kind.TEXT, "integer": Kind.INTEGER, "number": Kind.NUMBER,
        "boolean": Kind.BOOLEAN, "object": Kind.OBJECT,
    }.get(str(schema.get("type")))  # fmt: skip
    if "enum" in schema:
        kind = Kind.CHOICE if choices else None
    if schema.get("type") == "array":
        choices = _choices(as_object(schema.get("items")).get("enum"))
        kind = Kind.CHOICES if choices else None
    if kind is None:
        return None
    text = name.replace("_", " ")
    default = schema.get("default")
    return Argument(
        name,
        kind,
        Words(text, text),
        required,
        choices,
        _limit(schema, "minimum", "exclusiveMinimum"),
        _limit(schema, "maximum", "exclusiveMaximum"),
        default=default if _is_short(default) else None,
    )


def _is_short(default: Any) -> bool:
    if isinstance(default, str):
        return len(default) <= LONGEST_DEFAULT
    return isinstance(default, int | float | bool)


def _one_type(schema: dict[str, Any]) -> dict[str, Any]:
    """`X` of "X or null", which is how optional arguments are often declared."""
    options = schema.get("anyOf") or schema.get("oneOf")
    if isinstance(options, list):
        objects = [as_object(option) for option in cast(list[Any], options)]
        rest = [option for option in objects if option.get("type") != "null"]
        if len(rest) == 1:
            return {**schema, **rest[0]}
    if isinstance(schema.get("type"), list):
        named = [t for t in cast(list[str], schema["type"]) if t != "null"]
        if len(named) == 1:
            return {**schema, "type": named[0]}
    return schema


def _choices(values: Any) -> tuple[Choice, ...]:
    if not isinstance(values, list):
        return ()
    texts = [v for v in cast(list[Any], values) if isinstance(v, str) and len(v) <= LONGEST_CHOICE]
    if len(texts) != len(cast(list[Any], values)):
        return ()
    return tuple(Choice(text, Words(text, text), (text,), (text,)) for text in texts)


def _limit(schema: Mapping[str, Any], *names: str) -> float | None:
    found = (number(schema.get(name)) for name in names)
    return next((value for value in found if value is not None), None)
