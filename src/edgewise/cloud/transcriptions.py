"""`/v1/audio/transcriptions`: sound in, its text out, metered by how long the sound is.

The length is read from the file here (`sound.py`), to the millisecond, and not taken from what a
client or an upstream says. The form goes on with all its fields, under the backend's name of the
model. It does not know what was said. Source: openai-openapi f85dbe2, `CreateTranscriptionRequest`.
"""

import asyncio
import re
import secrets
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from edgewise.cloud.caller import Endpoint
from edgewise.cloud.config import ModelKind, is_embedded
from edgewise.cloud.doors import caller_of, read_body
from edgewise.cloud.embedded_audio import Listened
from edgewise.cloud.gateway import Gateway
from edgewise.cloud.passage import Wanted, pass_through
from edgewise.cloud.refusal import bad_request
from edgewise.cloud.sound import NoSound, duration_ms
from edgewise.cloud.upload import Form, form_in
from edgewise.cloud.usage import Usage

FORMATS = ("json", "text", "verbose_json", "srt", "vtt")
FORM: dict[str, Any] = {
    "type": "object",
    "required": ["file", "model"],
    "properties": {
        "file": {"type": "string", "format": "binary"},
        "model": {"type": "string", "minLength": 1, "maxLength": 256},
        "response_format": {"enum": list(FORMATS)},
        "language": {"type": "string"},
        "prompt": {"type": "string"},
        "temperature": {"type": "number"},
    },
}
"""The form as JSON schema; what is not named is passed on."""
_NO_NAME = re.compile(r"[^A-Za-z0-9._-]")
_NO_FIELD = re.compile(r'[\r\n"\x00]')


def transcription_routes() -> list[BaseRoute]:
    """The route."""
    return [Route("/v1/audio/transcriptions", create, methods=["POST"])]


async def create(request: Request) -> Response:
    """`POST /v1/audio/transcriptions`."""
    caller = caller_of(request)
    caller.check_endpoint(Endpoint.TRANSCRIPTIONS)
    gateway: Gateway = request.app.state.cloud.gateway
    gateway.check_at_once(caller)
    form, sound = await _received(request, gateway.config.body_limit_bytes)
    _check(form)
    model = gateway.model_for(caller, form.fields["model"], ModelKind.TRANSCRIPTION)
    try:
        length_ms = await asyncio.to_thread(duration_ms, sound)
    except NoSound as error:
        raise bad_request(f"file: {error}", "file") from error
    own = is_embedded(gateway.config, model)
    wanted = (wanted_here if own else wanted_of)(form, sound, length_ms)
    return await pass_through(request, caller, Endpoint.TRANSCRIPTIONS, model, wanted)


def wanted_here(form: Form, sound: bytes, length_ms: int) -> Wanted:
    """What goes to this machine's own ears: no form is made and read again."""

    def body(model: str) -> bytes:
        return msgspec.msgpack.encode(Listened(sound, {**form.fields, "model": model}))

    return Wanted(
        "/audio/transcriptions", body, "application/msgpack", Usage(audio_input_ms=length_ms)
    )


async def _received(request: Request, limit_bytes: int) -> tuple[Form, bytes]:
    """The form and its file; read apart, since a large one takes a while."""
    raw = await read_body(request.scope, request.receive, limit_bytes)
    return await asyncio.to_thread(form_in, request, raw)


def wanted_of(form: Form, sound: bytes, length_ms: int) -> Wanted:
    """What goes upstream: the form, made anew."""
    boundary = secrets.token_hex(24)

    def body(model: str) -> bytes:
        parts = [_head(boundary, name) + value for name, value in _fields(form, model)]
        file_name = _NO_NAME.sub("_", form.name)[-100:] or "sound"
        kind = "\r\nContent-Type: application/octet-stream"
        parts.append(_head(boundary, "file", f'; filename="{file_name}"{kind}') + sound)
        return b"\r\n".join([*parts, b"--%b--\r\n" % boundary.encode()])

    kind = f"multipart/form-data; boundary={boundary}"
    return Wanted("/audio/transcriptions", body, kind, Usage(audio_input_ms=length_ms))


def _fields(form: Form, model: str) -> list[tuple[str, bytes]]:
    fields = {**form.fields, "model": model}
    return [(name, value.encode("utf-8", "replace")) for name, value in fields.items()]


def _head(boundary: str, name: str, more: str = "") -> bytes:
    said = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
    return said.encode("utf-8", "replace")


def _check(form: Form) -> None:
    """Raises Refused (400) for a form without a model, or whose answer can not be passed on."""
    name = form.fields.get("model", "")
    if not 1 <= len(name) <= 256:
        raise bad_request("model: it is missing; GET /v1/models lists what there is", "model")
    wished = form.fields.get("response_format", FORMATS[0])
    if wished not in FORMATS:
        said = f"response_format: {wished[:40]!r}; send one of: {', '.join(FORMATS)}"
        raise bad_request(said, "response_format", "unsupported_value")
    if form.fields.get("stream", "false").lower() not in ("false", "0", ""):
        said = "stream: a transcription comes whole here; leave it out"
        raise bad_request(said, "stream", "unsupported_value")
    for name in form.fields:
        if _NO_FIELD.search(name):
            raise bad_request(f"{name[:80]!r}: no name of a field", code="invalid_form")
