"""The body that begins a call: an offer as it is, or a form with the offer and a session.

`application/sdp` is the offer; `multipart/form-data` has the fields `sdp` and `session` (JSON),
with or without file names. The body is in memory already and its size bounded by whoever read it.
It does not know what an offer says.
Source: openai-openapi f85dbe2, `RealtimeCallCreateRequest`; RFC 7578.
"""

from collections.abc import MutableMapping
from typing import Any

import msgspec
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from edgewise.errors import UserError

SDP = "application/sdp"
FORM = "multipart/form-data"
FIELDS: dict[str, Any] = {
    "type": "object",
    "required": ["sdp"],
    "properties": {"sdp": {"type": "string"}, "session": {"type": "object"}},
}
"""The form as JSON schema."""
_FIELDS = tuple(FIELDS["properties"])


async def read_call(content_type: str, body: bytes) -> tuple[str, dict[str, Any] | None]:
    """The offer, and the session if one is given. Raises UserError: `wrong_content_type`,
    `invalid_sdp`, `invalid_form`, `invalid_session`."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == SDP:
        return _text(body, "sdp"), None
    if kind != FORM:
        raise UserError(
            f"the body's Content-Type is {content_type[:80] or 'missing'!r}; send the offer as"
            f" {SDP}, or a form ({FORM}) with the fields sdp and session",
            code="wrong_content_type",
        )
    fields = await _fields(content_type, body)
    if "sdp" not in fields:
        raise UserError("sdp: the form has no such field; send the offer in it", code="invalid_sdp")
    session = fields.get("session")
    return _text(fields["sdp"], "sdp"), None if session is None else _session(session)


async def _fields(content_type: str, body: bytes) -> dict[str, bytes]:
    """The fields of a form. Raises UserError (`invalid_form`)."""
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> MutableMapping[str, Any]:
        return messages.pop() if messages else {"type": "http.disconnect"}

    header = (b"content-type", content_type.encode("latin-1", "replace"))
    request = Request({"type": "http", "method": "POST", "headers": [header]}, receive)
    found: dict[str, bytes] = {}
    try:
        async with request.form(
            max_files=len(_FIELDS), max_fields=len(_FIELDS), max_part_size=len(body) + 1
        ) as form:
            for name, value in form.multi_items():
                if name not in _FIELDS or name in found:
                    said = f"{name[:40]!r} is unknown or comes twice; send sdp and session"
                    raise UserError(f"the form's field {said}", code="invalid_form")
                given = await value.read() if isinstance(value, UploadFile) else value.encode()
                found[name] = given
    except MultiPartException as error:
        said = f"the body is no form: {error.message}; send {FORM}"
        raise UserError(said, code="invalid_form") from error
    return found


def _text(data: bytes, name: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        said = f"{name}: byte {error.start} is no UTF-8; send text"
        raise UserError(said, code="invalid_sdp") from error


def _session(data: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(data, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        said = f"session: not a JSON object ({error}); send one, or leave it out"
        raise UserError(said, code="invalid_session") from error
