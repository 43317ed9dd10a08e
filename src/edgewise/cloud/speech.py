"""`/v1/audio/speech`: text in, sound out as it is made, metered by the characters of the text.

A character is a Unicode code point of `input`, counted here and not by the upstream, whose own
weights (StepFun: two Latin letters are one) go into the price. It does not know what the sound is.
Source: openai-openapi f85dbe2, `CreateSpeechRequest`.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Raw, Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from edgewise.cloud.backend import JSON
from edgewise.cloud.caller import Endpoint
from edgewise.cloud.chat import decode
from edgewise.cloud.completions import check_json
from edgewise.cloud.config import ModelKind
from edgewise.cloud.doors import caller_of, read_body
from edgewise.cloud.gateway import Gateway
from edgewise.cloud.passage import Wanted, pass_through
from edgewise.cloud.usage import Usage

MOST_CHARACTERS = 65_536
"""More than any upstream takes at once (OpenAI 4,096); each has its own limit."""


class SpeechFields(Struct, frozen=True):
    """The members that are checked; others are passed on unread."""

    model: Annotated[str, Meta(min_length=1, max_length=256)]
    input: Annotated[str, Meta(min_length=1, max_length=MOST_CHARACTERS)]
    voice: str | dict[str, Any]
    response_format: Literal["mp3", "opus", "aac", "flac", "wav", "pcm"] | None = None
    speed: Annotated[float, Meta(ge=0.25, le=4)] | None = None


_fields = msgspec.json.Decoder(SpeechFields)
_members = msgspec.json.Decoder(dict[str, Raw])


def speech_routes() -> list[BaseRoute]:
    """The route."""
    return [Route("/v1/audio/speech", create, methods=["POST"])]


async def create(request: Request) -> Response:
    """`POST /v1/audio/speech`."""
    caller = caller_of(request)
    caller.check_endpoint(Endpoint.SPEECH)
    check_json(request.scope)
    gateway: Gateway = request.app.state.cloud.gateway
    gateway.check_at_once(caller)
    raw = await read_body(request.scope, request.receive, gateway.config.body_limit_bytes)
    fields, wanted = read_speech(raw)
    model = gateway.model_for(caller, fields.model, ModelKind.SPEECH)
    return await pass_through(request, caller, Endpoint.SPEECH, model, wanted)


def read_speech(raw: bytes) -> tuple[SpeechFields, Wanted]:
    """The request in a body. Raises Refused (400) that names the field."""
    fields: SpeechFields = decode(raw, _fields)
    members = _members.decode(raw)

    def body(model: str) -> bytes:
        return msgspec.json.encode({**members, "model": model})

    return fields, Wanted("/audio/speech", body, JSON, Usage(characters=len(fields.input)))
