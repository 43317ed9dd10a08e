"""The platform's web application: which route leads where, and what every reply has.

`/v1/chat/completions` is taken before any routing; the rest goes through Starlette's router. Every
error is in the shape of the OpenAI API, whatever failed.
"""

import logging
import time
from hmac import compare_digest

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

import edgewise
from edgewise.cloud import agent_document
from edgewise.cloud.answers import answer, refusal
from edgewise.cloud.batches import batch_routes
from edgewise.cloud.completions import ChatCompletions
from edgewise.cloud.console.api import console_routes
from edgewise.cloud.document import OPERATIONS, document
from edgewise.cloud.doors import Left, Receive, Scope, Send, header, send_refusal
from edgewise.cloud.embeddings import embedding_routes
from edgewise.cloud.files import file_routes
from edgewise.cloud.models_route import model_routes
from edgewise.cloud.refusal import Refused
from edgewise.cloud.service import Cloud
from edgewise.cloud.speech import speech_routes
from edgewise.cloud.streams_route import stream_routes
from edgewise.cloud.transcriptions import transcription_routes
from edgewise.cloud.usage_route import usage_routes
from edgewise.errors import EdgewiseError, LinkError, UserError

_log = logging.getLogger("edgewise.cloud")

CHAT = "/v1/chat/completions"
_STATUS = {
    "not_found": 404,
    "conflict": 409,
    "last_owner": 409,
    "archived": 409,
    "revoked": 409,
    "too_many_keys": 409,
    "not_allowed": 403,
    "forbidden": 403,
}


class CloudApp:
    """The ASGI application of a running platform."""

    def __init__(self, cloud: Cloud) -> None:
        self._chat = ChatCompletions(cloud)
        self._rest = Starlette(routes=routes_of(cloud))
        self._rest.state.cloud = cloud
        for error in (Refused, EdgewiseError, HTTPException, Left, Exception):
            self._rest.add_exception_handler(error, _refuse)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            if scope["path"] == CHAT:
                try:
                    await self._chat(scope, receive, send)
                except Exception as error:  # noqa: BLE001  a reply that has begun can only be cut
                    await send_refusal(send, refused_for(error), [])
                return
            scope["began"] = time.perf_counter()
        try:
            await self._rest(scope, receive, send)
        except Left:
            return


def routes_of(cloud: Cloud) -> list[BaseRoute]:
    """All routes but that of completions."""
    return [
        Route("/health", health, methods=["GET"]),
        Route("/metrics", metrics, methods=["GET"]),
        Route("/openapi.json", openapi, methods=["GET"]),
        *model_routes(),
        *usage_routes(),
        *stream_routes(),
        *cloud.responses.routes(),
        *cloud.messages.routes(),
        *cloud.agent.routes(),
        *embedding_routes(),
        *speech_routes(),
        *transcription_routes(),
        *cloud.realtime.routes(),
        *cloud.calls.routes(),
        *(cloud.voice.routes() if cloud.voice is not None else ()),
        *(cloud.voice_door.routes() if cloud.voice_door is not None else ()),
        *file_routes(),
        *batch_routes(),
        *console_routes(cloud),
    ]


async def health(request: Request) -> Response:
    """Whether the platform answers, and whether its database does."""
    reached = request.app.state.cloud.directory.reached
    return answer(
        request,
        {"status": "ok", "version": edgewise.__version__, "database": "ok" if reached else "away"},
    )


async def openapi(request: Request) -> Response:
    """The OpenAPI document."""
    return answer(request, document(OPERATIONS, agent_document.openapi()))


async def metrics(request: Request) -> Response:
    """The metrics for Prometheus: for who can read the token in the platform's folder, wherever
    from; an address or a name proves nothing behind a proxy."""
    cloud: Cloud = request.app.state.cloud
    scheme, _, token = header(request.scope, b"authorization").partition(" ")
    if scheme.lower() != "bearer" or not compare_digest(
        token.strip().encode(), cloud.metrics_token.encode()
    ):
        said = "send the token in the platform's folder: Authorization: Bearer, 'metrics-token'"
        raise Refused(401, "metrics_token", said, headers={"WWW-Authenticate": "Bearer"})
    body = cloud.telemetry.exposition()
    return Response(body, media_type="text/plain; version=0.0.4; charset=utf-8")


async def _refuse(request: Request, error: Exception) -> Response:
    return refusal(request, refused_for(error))


def refused_for(error: Exception) -> Refused:
    """What an error means for the caller."""
    match error:
        case Refused():
            return error
        case UserError():
            return Refused(_STATUS.get(error.code, 400), error.code, str(error))
        case Left():
            return Refused(499, "client_left", "the client left")
        case LinkError():
            said = "something the platform needs is away; try again in a moment"
            return Refused(503, error.code, said, headers={"Retry-After": "2"})
        case HTTPException(status_code=404):
            return Refused(404, "no_such_route", "no such route; /openapi.json lists them")
        case HTTPException(status_code=405):
            return Refused(405, "method_not_allowed", "this route takes another method")
        case HTTPException():
            return Refused(error.status_code, "http_error", str(error.detail))
        case _:
            _log.error("a request ended by a fault", exc_info=error)
            return Refused(500, "internal_error", "the platform failed; its log has the cause")
