"""Reads a JSON body as a Struct, and refuses by the path of the field that is wrong.

A field that is not declared is refused, never ignored: the caller learns what this server does not
do. It knows no API: what may be sent is the Struct's business.
"""

import re
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from edgewise.cloud.refusal import Refused, bad_request

T = TypeVar("T")

_PATH = re.compile(r"^(?P<what>.*?)(?: - at `\$(?P<path>[^`]*)`)?$", re.DOTALL)
_FIELD = re.compile(r"^Object (?P<how>contains unknown|missing required) field `(?P<name>[^`]+)`$")


def read(form: type[T], body: Mapping[str, Any], remedies: Mapping[str, str] | None = None) -> T:
    """The body as `form`. A field of the first level that is null counts as not sent.

    `remedies` says what to do instead, by path without the numbers (`tools[].type`). Raises
    Refused (400) whose `param` is the path (`input[2].content[0].type`).
    """
    sent = {name: value for name, value in body.items() if value is not None}
    try:
        return msgspec.convert(sent, form)
    except msgspec.ValidationError as error:
        raise _refusal(str(error), remedies or {}) from error


def _refusal(said: str, remedies: Mapping[str, str]) -> Refused:
    found = _PATH.match(said)
    what, path = (found["what"], found["path"] or "") if found else (said, "")
    path = path.removeprefix(".").removesuffix("[...]")
    code = "invalid_value"
    if field := _FIELD.match(what):
        path = f"{path}.{field['name']}" if path else field["name"]
        known = field["how"] == "missing required"
        what = "it is required" if known else "this server does not support it; leave it out"
        code = "missing_required_parameter" if known else "unsupported_parameter"
    remedy = remedies.get(re.sub(r"\[\d+\]", "[]", path), "")
    shown = what[:1].lower() + what[1:].replace("`", "'")
    return bad_request(
        f"{path or 'body'}: {shown}" + (f"; {remedy}" if remedy else ""), path or None, code
    )
