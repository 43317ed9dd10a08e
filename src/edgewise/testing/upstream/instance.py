"""A valid instance of a JSON schema, filled from what the user said; the same for the same text.

Numbers of the text go to numbers of the schema, in order; quoted words, then names inside a
sentence, to strings; an enum takes the value that the text names, else its first. Knows the part of
JSON Schema 2020-12 that tools and structured outputs use; not `not`, `if` and `dependentSchemas`.
"""

import math
import re
from collections import deque
from typing import Any, cast

from edgewise.core.signal import as_list, as_object

DEEPEST = 6
"""Below this, what is optional is left out or null, so that a schema that holds itself ends."""
_FORMATS = {
    "date": "2026-01-01",
    "date-time": "2026-01-01T09:00:00Z",
    "time": "09:00:00Z",
    "duration": "PT1H",
    "email": "someone@example.com",
    "uri": "https://example.com/",
    "uuid": "00000000-0000-4000-8000-000000000001",
    "ipv4": "127.0.0.1",
    "ipv6": "::1",
    "hostname": "example.com",
}
_SHAPES = {"properties": "object", "items": "array", "prefixItems": "array", "pattern": "string"}


def instance_of(schema: dict[str, Any], text: str) -> Any:
    """The value. What `text` holds is used up from left to right."""
    return _Filler(schema, text).value(schema, 0)


class _Filler:
    def __init__(self, root: dict[str, Any], text: str) -> None:
        self._root = root
        self._text = text
        self._numbers = deque(re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?(?!\w)", text))
        quoted = re.findall(r"\"([^\"]+)\"|'([^']+)'(?!\w)|“([^”]+)”|`([^`]+)`", text)
        self._quoted = deque("".join(groups) for groups in quoted)
        self._names = deque(re.findall(r"(?<=[a-z,] )[A-Z]\w+(?:,? [A-Z]\w+)*", text))

    def value(self, schema: Any, depth: int) -> Any:
        if schema is True or schema == {}:
            return self._string({})
        known = self._resolved(as_object(schema), deepest=depth >= DEEPEST)
        if "const" in known:
            return known["const"]
        if "enum" in known:
            return self._choice(as_list(known["enum"]))
        kind = _type_of(known, deepest=depth >= DEEPEST)
        match kind:
            case "object":
                return self._object(known, depth)
            case "array":
                return self._array(known, depth)
            case "integer" | "number":
                return self._number(known, whole=kind == "integer")
            case "boolean":
                return not re.search(r"\b(false|off|no|not)\b", self._text, re.IGNORECASE)
            case "null":
                return None
            case _:
                return self._string(known)

    def _resolved(self, schema: dict[str, Any], *, deepest: bool = False) -> dict[str, Any]:
        """The schema with its `$ref`, its parts of `allOf` and one branch of `anyOf` laid in."""
        for _ in range(64):
            if "$ref" in schema:
                found = self._at(str(schema["$ref"]))
                schema = found | {key: value for key, value in schema.items() if key != "$ref"}
            elif "allOf" in schema:
                parts = as_list(schema["allOf"])
                schema = {key: value for key, value in schema.items() if key != "allOf"}
                for part in parts:
                    schema = _joined(schema, self._resolved(as_object(part), deepest=deepest))
            elif "anyOf" in schema or "oneOf" in schema:
                key = "anyOf" if "anyOf" in schema else "oneOf"
                branches = [as_object(branch) for branch in as_list(schema[key])]
                rest = {name: value for name, value in schema.items() if name != key}
                schema = _joined(rest, self._branch(branches, deepest=deepest))
            else:
                return schema
        raise ValueError("a schema that refers to itself without end has no instance")

    def _at(self, reference: str) -> dict[str, Any]:
        place: Any = self._root
        for step in reference.removeprefix("#").strip("/").split("/"):
            name = step.replace("~1", "/").replace("~0", "~")
            place = as_object(place).get(name) if name else place
        if not isinstance(place, dict):
            raise ValueError(f"the schema has no {reference!r}")
        return cast(dict[str, Any], place)

    def _branch(self, branches: list[dict[str, Any]], *, deepest: bool) -> dict[str, Any]:
        """A number's branch when the text still has a number, else the first that is not null; null
        where the depth asks for an end."""
        if deepest and {"type": "null"} in branches:
            return {"type": "null"}
        if self._numbers:
            for branch in branches:
                if branch.get("type") in ("integer", "number"):
                    return branch
        rest = [branch for branch in branches if branch.get("type") != "null"]
        return (rest or branches)[0]

    def _choice(self, values: list[Any]) -> Any:
        said = self._text.casefold()
        for value in values:
            if isinstance(value, str) and value and value.casefold() in said:
                return value
        return values[0]

    def _object(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        required = [str(name) for name in as_list(schema.get("required"))]
        properties = as_object(schema.get("properties"))
        names = list(properties) if depth < DEEPEST else []
        names += [name for name in required if name not in names]
        return {name: self.value(properties.get(name, True), depth + 1) for name in names}

    def _array(self, schema: dict[str, Any], depth: int) -> list[Any]:
        first = [self.value(part, depth + 1) for part in as_list(schema.get("prefixItems"))]
        items = schema.get("items", True)
        least = int(schema.get("minItems", 0))
        most = int(schema.get("maxItems", 64))
        kind = self._resolved(as_object(items)).get("type")
        wanted = 1 if depth < DEEPEST and items is not False and not first else 0
        if kind in ("integer", "number"):
            wanted = max(wanted, len(self._numbers))
        elif kind == "string" and depth < DEEPEST:
            wanted = max(wanted, len(self._quoted))
        count = min(max(wanted, least), most)
        found = first[:most]
        while len(found) < count:
            found.append(self._unlike(found, items, depth, unique=bool(schema.get("uniqueItems"))))
        return found

    def _unlike(self, found: list[Any], items: Any, depth: int, *, unique: bool) -> Any:
        """The next item; when all must differ, another value of the enum, number or string."""
        value = self.value(items, depth + 1)
        if not unique or value not in found:
            return value
        known = self._resolved(as_object(items))
        others = [other for other in as_list(known.get("enum")) if other not in found]
        if others:
            return others[0]
        if isinstance(value, int | float):
            return max(found) + 1
        return f"{value}-{len(found)}"

    def _number(self, schema: dict[str, Any], *, whole: bool) -> float:
        said = float(self._numbers.popleft()) if self._numbers else 1.0
        step = float(schema.get("multipleOf", 1 if whole else 0))
        low, high = _bounds(schema, step or (1 if whole else 1e-3))
        value = min(max(said, low), high)
        if step:
            value = round(value / step) * step
            value += step if value < low else -step if value > high else 0
        return int(value) if whole or value.is_integer() else value

    def _string(self, schema: dict[str, Any]) -> str:
        if schema.get("format") in _FORMATS:
            return _FORMATS[schema["format"]]
        value = self._word()
        if "pattern" in schema and not re.search(schema["pattern"], value):
            value = _matching(schema["pattern"])
        least = int(schema.get("minLength", 0))
        return value.ljust(least, "x")[: max(int(schema.get("maxLength", 10_000)), 0)]

    def _word(self) -> str:
        if self._quoted:
            return self._quoted.popleft()
        if self._names:
            return self._names.popleft()
        return " ".join(self._text.split())[:60].strip() or "text"


def _joined(schema: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Both at once: properties and required names of both, else the second's word."""
    joined = schema | other
    if "properties" in schema and "properties" in other:
        joined["properties"] = schema["properties"] | other["properties"]
    if "required" in schema and "required" in other:
        joined["required"] = list(dict.fromkeys(schema["required"] + other["required"]))
    return joined


def _type_of(schema: dict[str, Any], *, deepest: bool) -> str:
    kind = schema.get("type")
    if isinstance(kind, list):
        kinds = [str(one) for one in as_list(cast(Any, kind))]
        if deepest and "null" in kinds:
            return "null"
        return next((one for one in kinds if one != "null"), "null")
    if isinstance(kind, str):
        return kind
    return next((shape for key, shape in _SHAPES.items() if key in schema), "string")


def _bounds(schema: dict[str, Any], step: float) -> tuple[float, float]:
    low = float(schema.get("minimum", -math.inf))
    high = float(schema.get("maximum", math.inf))
    if "exclusiveMinimum" in schema:
        low = max(low, float(schema["exclusiveMinimum"]) + step)
    if "exclusiveMaximum" in schema:
        high = min(high, float(schema["exclusiveMaximum"]) - step)
    return low, high


def _matching(pattern: str) -> str:
    """A string for a simple pattern: literals, classes and counts, read from left to right."""
    parts = re.findall(
        r"(\\.|\[[^\]]+\]|\.|[^\\\[\](){}*+?|^$.])(\{\d+(?:,\d*)?\}|[*+?])?", pattern
    )
    made = ""
    for what, count in parts:
        times = int(re.findall(r"\d+", count)[0]) if count.startswith("{") else 1
        made += _letter(what) * (0 if count in ("*", "?") else times)
    return made


def _letter(what: str) -> str:
    if what.startswith("["):
        return what[2] if what[1] == "^" else what[1]
    return {"\\d": "1", "\\w": "a", "\\s": " ", ".": "a"}.get(what, what.lstrip("\\"))
