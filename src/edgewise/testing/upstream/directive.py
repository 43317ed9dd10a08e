"""How a test steers one request: how much, how slowly, and how it fails.

Given to the upstream as a whole, in headers of the request (`x-test-fail-status: 503`), or in the
last user message (`{"test": {"tokens": 40, "fail_after": 3}}`), which passes through a gateway that
drops foreign headers. A field of the message wins over a header, a header over the upstream's own.
"""

import re
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from edgewise.testing.upstream.refusal import Rejected

Count = Annotated[int, Meta(ge=0)]


class Tool(Struct, frozen=True, forbid_unknown_fields=True):
    """A tool to call, and with what; nobody asks whether it was offered."""

    name: str
    arguments: dict[str, Any] = {}


class Directive(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What to do with one request. Times are before a token, `first_ms` before the first byte.

    `fail_status` refuses before the first byte; `fail_after` ends the reply after that many tokens,
    by a cut connection or an error event; `hang_after` says no more after that many tokens (0: not
    even a status). With `fail_times` only the first attempts of a request id fail or hang.
    `cached_tokens` and `reasoning_tokens` are reported parts; the latter come first, as
    `reasoning_content`; `searches` are reported as made for the answer. Without `report_usage` no
    count is told, as some upstreams do. `calls` are the tools to call, step by step since the user
    spoke; after the last step their results are told.
    """

    tokens: Count | None = None
    delay_ms: Annotated[float, Meta(ge=0)] = 0.0
    first_ms: Annotated[float, Meta(ge=0)] = 0.0
    fail_status: Annotated[int, Meta(ge=400, le=599)] | None = None
    fail_after: Count | None = None
    fail_by: Literal["cut", "event"] = "cut"
    fail_times: Annotated[int, Meta(ge=1)] | None = None
    hang_after: Count | None = None
    cached_tokens: Count = 0
    reasoning_tokens: Count = 0
    searches: Count = 0
    report_usage: bool = True
    calls: tuple[tuple[Tool, ...], ...] = ()

    def on_attempt(self, number: int) -> "Directive":
        """This directive for the attempt of that number, counted from 1."""
        if self.fail_times is None or number <= self.fail_times:
            return self
        return msgspec.structs.replace(self, fail_status=None, fail_after=None, hang_after=None)


FIELDS = Directive.__struct_fields__
_IN_TEXT = re.compile(r'\{\s*"test"\s*:\s*(\{[^{}]*\})\s*\}')


def directive_for(
    own: Directive, headers: list[tuple[bytes, bytes]], text: str
) -> tuple[Directive, str]:
    """The directive of a request, and the text without what was said for it there.

    Raises Rejected (400) for a field that does not exist or does not fit.
    """
    given = msgspec.to_builtins(own) | _from_headers(headers)
    found = _IN_TEXT.search(text)
    if found:
        given |= _decoded(found.group(1))
        text = (text[: found.start()] + text[found.end() :]).strip()
    try:
        return msgspec.convert(given, Directive), text
    except msgspec.ValidationError as error:
        raise Rejected(400, f"test directive: {error}", "messages") from error


def _from_headers(headers: list[tuple[bytes, bytes]]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for name, value in headers:
        if name.startswith(b"x-test-"):
            field = name[len(b"x-test-") :].decode().replace("-", "_")
            said = value.decode("latin-1")
            given[field] = said if field == "fail_by" else _decoded(said)
    return given


def _decoded(said: str) -> Any:
    try:
        return msgspec.json.decode(said)
    except msgspec.DecodeError as error:
        raise Rejected(400, f"test directive: {said!r} is not JSON", "messages") from error
