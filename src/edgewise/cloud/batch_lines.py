"""The lines of a batch's input: read, checked, and put to the gateway one at a time.

A line is `{"custom_id", "method": "POST", "url", "body"}`. The check names each wrong line; what is
wrong with a body alone is that line's own answer later. A line runs as the key that made the batch:
its scopes, limits and budgets hold. Source: openai-openapi f85dbe2, `BatchRequestInput`.
"""

import secrets
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Raw, Struct

from edgewise.cloud.batch_table import BatchError
from edgewise.cloud.caller import Caller, Endpoint
from edgewise.cloud.chat import decode, read_chat
from edgewise.cloud.embeddings import embed
from edgewise.cloud.gateway import Gateway
from edgewise.cloud.refusal import Refused, bad_request
from edgewise.cloud.response_stream import response_of
from edgewise.cloud.responses_in import chat_body, items_of, read_request
from edgewise.cloud.responses_out import new_response

MOST_LINES = 50_000
MOST_ERRORS = 100
_BOM = b"\xef\xbb\xbf"


class Line(Struct, frozen=True):
    """One request of a batch. Its `custom_id` names it among the others."""

    custom_id: Annotated[str, Meta(min_length=1, max_length=512)]
    method: Literal["POST"]
    url: str
    body: Raw


class Answer(Struct, frozen=True):
    """What came of a line: the id of its request in the ledger, and the body."""

    request_id: str
    body: Any


class Checked(Struct, frozen=True):
    """What the check of an input found. `model` is that of the first line."""

    total: int
    model: str | None
    errors: list[BatchError]


class _Body(Struct):
    model: Annotated[str, Meta(min_length=1)]
    stream: bool | None = None


_line = msgspec.json.Decoder(Line)
_body = msgspec.json.Decoder(_Body)
_members = msgspec.json.Decoder(dict[str, Any])


def check_input(file: Path, endpoint: str, line_bytes: int) -> Checked:
    """Check every line for the batch's endpoint; at most `MOST_ERRORS` errors are told."""
    seen: set[str] = set()
    model: str | None = None
    errors: list[BatchError] = []
    for number, raw in raw_lines(file, line_bytes):
        if len(seen) >= MOST_LINES:
            said = f"more than {MOST_LINES} requests; make several batches"
            return Checked(0, model, [BatchError("too_many_requests", said, number)])
        try:
            line, told = _checked(raw, endpoint, line_bytes)
            if line.custom_id in seen:
                said = f"custom_id: {line.custom_id[:80]!r} is on an earlier line as well"
                raise bad_request(said, "custom_id", "duplicate_custom_id")
        except Refused as refused:
            problem = refused.problem
            said = f"line {number}: {problem.message}"
            errors.append(BatchError(problem.code or "", said, number, problem.param))
            if len(errors) >= MOST_ERRORS or len(raw) > line_bytes:
                break
            continue
        seen.add(line.custom_id)
        model = model or told
    if not seen and not errors:
        errors.append(BatchError("empty_file", "the input has no lines; write one request a line"))
    return Checked(len(seen), model, errors)


def raw_lines(file: Path, line_bytes: int) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, with their number from 1. One that is longer than `line_bytes`
    comes cut, one byte too long."""
    with file.open("rb") as held:
        number = 0
        while raw := held.readline(line_bytes + 2):
            number += 1
            if number == 1:
                raw = raw.removeprefix(_BOM)
            raw = raw.rstrip(b"\r\n")
            if raw.strip():
                yield number, raw


def read_line(raw: bytes) -> Line:
    """A line that was checked before."""
    return _line.decode(raw)


async def run_line(gateway: Gateway, caller: Caller, line: Line) -> Answer:
    """Answer a line. Raises Refused, as the endpoint itself would."""
    endpoint, run = ENDPOINTS[line.url]
    caller.check_endpoint(endpoint)
    return await run(gateway, caller, bytes(line.body))


async def _complete(gateway: Gateway, caller: Caller, body: bytes) -> Answer:
    asked = read_chat(body)
    async with await gateway.chat(caller, asked, Endpoint.BATCHES) as exchange:
        return Answer(exchange.admission.flight.facts.id, await exchange.completion())


async def _respond(gateway: Gateway, caller: Caller, body: bytes) -> Answer:
    """A response that is not stored, and stands alone: nothing before it, not in the background."""
    given = {**decode(body, _members), "store": False}
    asked = read_request(given)
    for name in ("background", "previous_response_id"):
        if getattr(asked, name):
            raise bad_request(f"{name}: not in a batch; leave it out", name, "unsupported_value")
    chat = read_chat(msgspec.json.encode(chat_body(asked, items_of(asked))))
    async with await gateway.chat(caller, chat, Endpoint.BATCHES) as exchange:
        whole = await exchange.completion()
        now_s = gateway.clock.now
        id = f"resp_{secrets.token_hex(16)}"
        response = response_of(new_response(asked, id=id, created_at=int(now_s())), whole, now_s)
        return Answer(exchange.admission.flight.facts.id, response)


async def _embed(gateway: Gateway, caller: Caller, body: bytes) -> Answer:
    made = await embed(gateway, caller, body, Endpoint.BATCHES)
    return Answer(made.request_id, made.answer)


Run = Callable[[Gateway, Caller, bytes], Awaitable[Answer]]
ENDPOINTS: dict[str, tuple[Endpoint, Run]] = {
    "/v1/chat/completions": (Endpoint.CHAT, _complete),
    "/v1/embeddings": (Endpoint.EMBEDDINGS, _embed),
    "/v1/responses": (Endpoint.RESPONSES, _respond),
}
"""What a batch can be for: the endpoint that the key must be for as well, and how a line is run."""


def _checked(raw: bytes, endpoint: str, line_bytes: int) -> tuple[Line, str]:
    """The line and its model. Raises Refused (400)."""
    if len(raw) > line_bytes:
        raise bad_request(f"it has more than {line_bytes} bytes", code="line_too_long")
    line: Line = decode(raw, _line)
    if line.url != endpoint:
        said = f"url: {line.url[:80]!r}; this batch is for {endpoint!r}"
        raise bad_request(said, "url", "mismatched_url")
    try:
        body: _Body = decode(bytes(line.body), _body)
    except Refused as refused:
        param = f"body.{refused.problem.param}" if refused.problem.param else "body"
        raise bad_request(f"body: {refused.problem.message}", param) from refused
    if body.stream:
        raise bad_request("body.stream: a batch does not stream; leave it out", "body.stream")
    return line, body.model
