"""Replies of the routes off the hot path: JSON with the headers that every reply of the API has."""

import time
from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from edgewise.cloud.caller import Caller
from edgewise.cloud.completions import VERSION
from edgewise.cloud.identifier import new_request_id
from edgewise.cloud.refusal import Refused, body_of


def answer(
    request: Request, value: Any, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """A JSON reply."""
    given = {"Cache-Control": "no-store", **common_headers(request), **(headers or {})}
    return Response(msgspec.json.encode(value), status, given, "application/json")


def refusal(request: Request, refused: Refused) -> Response:
    """The reply that tells a refusal."""
    given = {"Cache-Control": "no-store", **common_headers(request), **refused.headers}
    return Response(body_of(refused), refused.status, given, "application/json")


def common_headers(request: Request) -> dict[str, str]:
    """The request's id, the time it took, and what is left of the key's limits."""
    found = {"x-request-id": new_request_id(), "openai-version": VERSION}
    began: float | None = request.scope.get("began")
    if began is not None:
        found["openai-processing-ms"] = str(int((time.perf_counter() - began) * 1000))
    caller: Caller | None = request.scope.get("caller")
    if caller is not None:
        found["openai-organization"] = caller.organisation
        found |= request.app.state.cloud.gateway.limits.headers(caller)
    return found
