"""`/v1/embeddings`: texts or tokens in, vectors out, metered by the upstream's own counts.

The answer is small and whole, so a backend that breaks off on the way counts as away and the next
one is asked. When the client leaves, the upstream may yet say what it read; that is billed. Vectors
are passed on unread, turned only where an upstream ignores `encoding_format`. It does not know how
a vector is made. Source: openai-openapi f85dbe2, `CreateEmbeddingRequest`.
"""

import base64
import struct
from contextlib import suppress
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Raw, Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from edgewise.cloud import answers
from edgewise.cloud.backend import Away, Backend, Line, Reply, read_all
from edgewise.cloud.caller import Caller, Endpoint
from edgewise.cloud.chat import decode
from edgewise.cloud.completions import check_json
from edgewise.cloud.config import ModelConfig, ModelKind
from edgewise.cloud.config import Route as ModelRoute
from edgewise.cloud.counts import Counts as ToldCounts
from edgewise.cloud.counts import usage_of
from edgewise.cloud.doors import caller_of, header, read_body, while_client_stays
from edgewise.cloud.exchange import MOST_ANSWER_BYTES, Admission
from edgewise.cloud.gateway import Gateway, cut_usage
from edgewise.cloud.leaving import answer_of
from edgewise.cloud.ledger import Outcome
from edgewise.cloud.refusal import Refused, bad_request
from edgewise.cloud.usage import NOTHING, Usage
from edgewise.errors import LinkError

MOST_INPUTS = 2048
Token = Annotated[int, Meta(ge=0, lt=2**31)]
Input = str | list[str | Token | list[Token]]


class EmbeddingFields(Struct, frozen=True):
    """The members that are checked; others are passed on unread."""

    model: Annotated[str, Meta(min_length=1, max_length=256)]
    input: Input
    encoding_format: Literal["float", "base64"] | None = None
    dimensions: Annotated[int, Meta(ge=1, le=65_536)] | None = None


class Vector(Struct, frozen=True):
    """One embedding: numbers, or base64 of little-endian float32."""

    embedding: Raw
    index: int
    object: str = "embedding"


class Counts(Struct, frozen=True):
    prompt_tokens: int
    total_tokens: int


class Embeddings(Struct, frozen=True):
    """The answer, as the API gives it."""

    data: list[Vector]
    model: str
    usage: Counts
    object: str = "list"


class Embedded(Struct, frozen=True):
    """An answer, and the request it belongs to."""

    request_id: str
    answer: Embeddings
    headers: dict[str, str]


class Wanted(Struct, frozen=True):
    """A checked request. `likely` and `most` are tokens of each input: a number for tokens, about
    a quarter of the bytes and all of them for text."""

    fields: EmbeddingFields
    members: dict[str, Raw]
    likely: list[int]
    most: list[int]


class _Told(Struct):
    """What an upstream answers; it may leave the counts out."""

    data: list[Vector]
    usage: Any = None


_fields = msgspec.json.Decoder(EmbeddingFields)
_members = msgspec.json.Decoder(dict[str, Raw])
_told = msgspec.json.Decoder(_Told)
_UNREADABLE = (msgspec.MsgspecError, RecursionError, ValueError, OverflowError, struct.error)
"""What is no JSON of vectors, or holds numbers or base64 that no float32 is."""


def embedding_routes() -> list[BaseRoute]:
    """The route."""
    return [Route("/v1/embeddings", create, methods=["POST"])]


async def create(request: Request) -> Response:
    """`POST /v1/embeddings`."""
    caller = caller_of(request)
    caller.check_endpoint(Endpoint.EMBEDDINGS)
    check_json(request.scope)
    gateway: Gateway = request.app.state.cloud.gateway
    gateway.check_at_once(caller)
    raw = await read_body(request.scope, request.receive, gateway.config.body_limit_bytes)
    trace = header(request.scope, b"traceparent")
    with while_client_stays(request.scope, request.receive):
        made = await embed(gateway, caller, raw, Endpoint.EMBEDDINGS, trace=trace)
    headers = {**made.headers, "x-request-id": made.request_id}
    return answers.answer(request, made.answer, headers=headers)


async def embed(
    gateway: Gateway, caller: Caller, raw: bytes, endpoint: Endpoint, *, trace: str = ""
) -> Embedded:
    """Answer the body of a request: admitted, metered, settled. Raises Refused.

    Cancelling it settles as disconnected, with what the upstream still tells it had read.
    """
    wanted = read_embeddings(raw)
    model = gateway.model_for(caller, wanted.fields.model, ModelKind.EMBEDDING)
    _check_lengths(wanted, model)
    most = Usage(input_tokens=sum(min(most, model.context_tokens) for most in wanted.most))
    admission = await gateway.admit(
        caller, endpoint, model, most, sum(wanted.likely), stream=False, trace=trace
    )
    line = Line()

    async def used(told: _Told | None) -> tuple[Usage, bool]:
        """What the upstream says it read, else what it was likely to be reading."""
        if told is not None:
            return _usage_of(told, wanted)
        likely = cut_usage(line, sum(wanted.likely))
        return likely, likely != NOTHING

    told = await answer_of(admission, line, _ask(gateway, admission, wanted, line), used)
    usage, estimated = _usage_of(told, wanted)
    admission.note(usage)
    admission.settle(Outcome.DONE, usage, estimated=estimated)
    counts = Counts(usage.input_tokens, usage.input_tokens)
    answer = Embeddings(told.data, model.name, counts)
    return Embedded(admission.flight.facts.id, answer, admission.place.headers)


def read_embeddings(raw: bytes) -> Wanted:
    """The request in a body. Raises Refused (400) that names the field."""
    fields: EmbeddingFields = decode(raw, _fields)
    inputs = _inputs_of(fields.input)
    likely: list[int] = []
    most: list[int] = []
    for index, one in enumerate(inputs):
        if not one:
            raise bad_request(f"input[{index}]: it is empty; leave it out", f"input[{index}]")
        size_bytes = len(one.encode("utf-8", "replace")) if isinstance(one, str) else 0
        likely.append(size_bytes // 4 + 1 if isinstance(one, str) else len(one))
        most.append(size_bytes if isinstance(one, str) else len(one))
    return Wanted(fields, _members.decode(raw), likely, most)


def _inputs_of(given: Input) -> list[str | list[int]]:
    """One text, several, one list of tokens, or several of those."""
    if isinstance(given, str):
        return [given]
    numbers = [one for one in given if isinstance(one, int)]
    if numbers and len(numbers) == len(given):
        return [numbers]
    inputs = [one for one in given if not isinstance(one, int)]
    if len({type(one) for one in given}) > 1:
        raise bad_request("input: a list holds texts, tokens or lists of tokens, not both", "input")
    if not 1 <= len(inputs) <= MOST_INPUTS:
        raise bad_request(f"input: {len(inputs)} inputs; send 1 to {MOST_INPUTS}", "input")
    return inputs


def _check_lengths(wanted: Wanted, model: ModelConfig) -> None:
    for index, likely in enumerate(wanted.likely):
        if likely > model.context_tokens:
            raise bad_request(
                f"input[{index}]: about {likely} tokens; {model.name!r} holds"
                f" {model.context_tokens}; send shorter inputs",
                f"input[{index}]",
                "context_length_exceeded",
            )


async def _ask(gateway: Gateway, admission: Admission, wanted: Wanted, line: Line) -> _Told:
    """The whole answer of a backend. Raises Refused."""
    found: list[_Told] = []

    async def post(backend: Backend, route: ModelRoute) -> Reply:
        name = route.model or admission.model.name
        gateway.ledger.move(admission.flight, route.backend, name)
        body = msgspec.json.encode({**wanted.members, "model": name})
        try:
            reply = await backend.post("/embeddings", body, admission.flight.facts.id, line)
            found.append(await _read(reply, wanted))
        except (Away, LinkError) as error:
            if line.is_left:  # no fault of the backend's, and no other is asked
                raise Refused(499, "client_left", "the client left") from error
            raise error if isinstance(error, Away) else Away(str(error), 200) from error
        return reply

    _, health = await gateway.pool.ask(
        admission.model, admission.model.routes, post, admission.caller.project
    )
    gateway.pool.leave(health)
    return found[-1]


async def _read(reply: Reply, wanted: Wanted) -> _Told:
    """An upstream's whole answer, its vectors in order and in the form that was asked for. Raises
    LinkError for one that does not fit the request."""
    try:
        told = _told.decode(await read_all(reply, MOST_ANSWER_BYTES))
        data = _in_format(told.data, wanted)
    except _UNREADABLE as error:
        raise LinkError(f"the upstream's answer holds no embeddings ({error})") from error
    finally:
        await reply.close()
    count = len(wanted.likely)
    if [vector.index for vector in data] != list(range(count)):
        raise LinkError(f"the upstream answered {len(data)} embeddings for {count} inputs")
    return _Told(data, told.usage)


def _usage_of(told: _Told, wanted: Wanted) -> tuple[Usage, bool]:
    """What was read, and whether that is our estimate."""
    with suppress(msgspec.ValidationError):
        usage = usage_of(msgspec.convert(told.usage, ToldCounts))
        if usage.input_tokens:
            return Usage(usage.input_tokens, usage.cached_tokens), False
    return Usage(input_tokens=sum(wanted.likely)), True


def _in_format(data: list[Vector], wanted: Wanted) -> list[Vector]:
    """The vectors in the order of the inputs and in the form that was asked for."""
    as_text = wanted.fields.encoding_format == "base64"
    found: list[Vector] = []
    for vector in sorted(data, key=lambda vector: vector.index):
        told = vector.embedding
        if bytes(told).lstrip().startswith(b'"') is not as_text:
            told = _packed(told) if as_text else _unpacked(told)
        found.append(Vector(told, vector.index))
    return found


def _packed(numbers: Raw) -> Raw:
    values = msgspec.json.decode(numbers, type=list[float])
    raw = struct.pack(f"<{len(values)}f", *values)
    return Raw(msgspec.json.encode(base64.b64encode(raw).decode()))


def _unpacked(text: Raw) -> Raw:
    raw = base64.b64decode(msgspec.json.decode(text, type=str), validate=True)
    return Raw(msgspec.json.encode(struct.unpack(f"<{len(raw) // 4}f", raw)))
