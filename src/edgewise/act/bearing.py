"""Which rules can match at all: what a rule demands before anything else, what a call shows.

A rule's first test names traits of which it needs one ("private_out", "effects:door.unlock"); a
call without any of them leaves the rule out. Cedar evaluates `&&` and `||` from the left and stops
when it knows, so a rule that is left out could neither match nor fail. What is known of an
expression is what is told here; anything else demands nothing, and such a rule is always asked.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from edgewise.core.signal import JsonValue, as_object

_CONTEXT = {"Var": "context"}
CONFIRMED = "confirmed"
"""Told by the question, not by the facts."""


def traits_of(facts: Mapping[str, JsonValue]) -> frozenset[str]:
    """All that a first test can demand: `name?` for a fact that is there; `name` or `!name` for one
    that is true or false; `name+` for a list that is not empty, and `name:item` for its strings."""
    traits: set[str] = set()
    for name, value in facts.items():
        traits.add(name + "?")
        if value is True:
            traits.add(name)
        elif value is False:
            traits.add("!" + name)
        elif isinstance(value, list) and value:
            traits.add(name + "+")
            items = cast("list[object]", value)
            traits.update(f"{name}:{item}" for item in items if isinstance(item, str))
    return frozenset(traits)


def demanded_by(conditions: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """The traits of which a rule needs one; empty if its first test does not tell."""
    if not conditions:
        return frozenset()
    first = conditions[0]
    return _demanded(first["body"], first["kind"] == "when")


def _demanded(test: Mapping[str, Any], wanted: bool) -> frozenset[str]:
    """The traits of which one must be there for `test` to be true, or (not `wanted`) false."""
    match next(iter(test.items())):
        case ("!", {"arg": inner}):
            return _demanded(inner, not wanted)
        case ("&&" | "||" as both, {"left": left, "right": right}):
            if (both == "&&") is wanted:
                return _demanded(left, wanted)
            either = _demanded(left, wanted), _demanded(right, wanted)
            return either[0] | either[1] if all(either) else frozenset()
        case (".", {"left": left, "attr": name}) if left == _CONTEXT and name != CONFIRMED:
            return frozenset({name if wanted else "!" + name})
        case ("has", {"left": left, "attr": name}) if left == _CONTEXT and wanted:
            return frozenset({f"{name}?"})
        case ("isEmpty", {"arg": {".": {"left": left, "attr": name}}}) if (
            left == _CONTEXT and not wanted
        ):
            return frozenset({f"{name}+"})
        case (
            "contains" | "containsAny",
            {"left": {".": {"left": left, "attr": name}}, "right": literal},
        ) if left == _CONTEXT and wanted:
            return _items(str(name), as_object(literal))
        case _:
            return frozenset()


def _items(name: str, literal: Mapping[str, Any]) -> frozenset[str]:
    values: Sequence[Mapping[str, Any]] = literal.get("Set") or [literal]
    found = [value.get("Value") for value in values]
    if not all(isinstance(item, str) for item in found):
        return frozenset()
    return frozenset(f"{name}:{item}" for item in found)


def read_by(node: Any) -> frozenset[str] | None:
    """The facts that an expression names; None if it does more with the context than name facts."""
    if node == _CONTEXT:
        return None
    if isinstance(node, list):
        parts = [read_by(each) for each in cast("list[Any]", node)]
    elif isinstance(node, dict):
        members = cast("dict[str, Any]", node)
        for key in (".", "has"):
            access = as_object(members.get(key))
            if access.get("left") == _CONTEXT:
                return frozenset({str(access["attr"])})
        parts = [read_by(each) for each in members.values()]
    else:
        return frozenset()
    return None if None in parts else frozenset[str]().union(*(part for part in parts if part))
