"""How the platform refuses: the error body of the OpenAI API, and which status means what.

`{"error": {"message", "type", "param", "code"}}`, all four always present. A message names the
value, the limit and the remedy. Statuses: 400 the request, 401 the key, 402 no budget, 403 not in
the key's scope, 404 no such thing (an unknown model: `model_not_found`), 409 the state, 413 too
large, 429 too fast, 499 the client left (logged only), 500 ours, 502 the upstream's, 503 nobody to
ask, 504 past the client's own deadline. Source: openai-openapi f85dbe2, schema `Error`; 402 is
StepFun's.
"""

from collections.abc import Mapping

import msgspec
from msgspec import Struct
from starlette.responses import Response


class Problem(Struct, frozen=True):
    """What went wrong. `param` is the path of the field that is wrong, `code` is for programs."""

    message: str
    type: str
    param: str | None = None
    code: str | None = None


class ErrorBody(Struct, frozen=True):
    """The body of every reply with a status of 400 or more."""

    error: Problem


class Refused(Exception):
    """A request that is refused, with its HTTP status."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        param: str | None = None,
        type: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.problem = Problem(message, type or _type_of(status), param, code)
        self.headers = dict(headers or {})


def bad_request(message: str, param: str | None = None, code: str = "invalid_value") -> Refused:
    """A 400 for a field of the body."""
    return Refused(400, code, message, param=param)


def wrong_key(message: str = "") -> Refused:
    """A 401: the key is missing, unknown, revoked or expired; which of them only the owner learns
    (in the console)."""
    said = message or (
        "the API key is missing, unknown, revoked or expired;"
        " send 'Authorization: Bearer KEY' with a key of the console"
    )
    return Refused(401, "invalid_api_key", said, headers={"WWW-Authenticate": "Bearer"})


KEY_REVOKED = "key_revoked"


def key_revoked() -> Refused:
    """A 401 for what was under way when its key was revoked, or what the key belongs to ended."""
    said = (
        "the API key is in force no more: while this ran it was revoked, or its account, project"
        " or device was put out of service; send it again with another key of the console"
    )
    return Refused(401, KEY_REVOKED, said, headers={"WWW-Authenticate": "Bearer"})


SERVER_STOPPING = "server_stopping"


def server_stopping() -> Refused:
    """A 503 for what was under way when the platform ended, or would have begun then."""
    said = "the platform is stopping, this ended with it; send it again in a moment"
    return Refused(503, SERVER_STOPPING, said, headers={"Retry-After": "5"})


def unknown_model(name: str) -> Refused:
    """A 404: no model of that name, or none that this key may use: one answer for both."""
    return Refused(
        404,
        "model_not_found",
        f"the model {name[:80]!r} does not exist or this key may not use it; GET /v1/models lists"
        " those it may",
        param="model",
    )


def body_of(refused: Refused) -> bytes:
    """The error body as JSON."""
    return msgspec.json.encode(ErrorBody(refused.problem))


def reply_to(refused: Refused) -> Response:
    """The reply that tells it."""
    headers = {"Cache-Control": "no-store", **refused.headers}
    return Response(body_of(refused), refused.status, headers, "application/json")


def _type_of(status: int) -> str:
    if status == 402:
        return "insufficient_quota"
    if status == 429:
        return "rate_limit_error"
    return "invalid_request_error" if status < 500 else "server_error"
