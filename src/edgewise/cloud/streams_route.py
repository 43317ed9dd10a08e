"""`/v1/streams/{id}`: come back to a stream after a lost connection, or stop it."""

import time

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from edgewise.cloud.answers import answer, common_headers
from edgewise.cloud.caller import Endpoint
from edgewise.cloud.completions import send_frames
from edgewise.cloud.doors import Left, caller_of, reply_headers, while_client_stays
from edgewise.cloud.refusal import Refused, body_of
from edgewise.cloud.streams import Stream, Streams, seen_of


def stream_routes() -> list[BaseRoute]:
    """The routes; the streams are the application's."""
    return [
        Route("/v1/streams/{stream}", come_back, methods=["GET"]),
        Route("/v1/streams/{stream}", stop, methods=["DELETE"]),
    ]


async def come_back(request: Request) -> Response:
    """The events strictly after `Last-Event-ID`, then those to come."""
    stream = _found(request)
    seen = seen_of(request.headers.get("last-event-id", ""))
    return _Replay(request.app.state.cloud.streams, stream, seen, common_headers(request))


async def stop(request: Request) -> Response:
    """End the model; what it wrote is billed."""
    stream = _found(request)
    request.app.state.cloud.streams.stop(stream)
    return answer(request, {"id": stream.id, "object": "stream", "deleted": True})


class _Replay(Response):
    """A reply that reads a stream for as long as its client stays."""

    def __init__(
        self, streams: Streams, stream: Stream, seen: int, headers: dict[str, str]
    ) -> None:
        super().__init__()
        self._frames = streams.read(stream, seen)
        self._given = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = reply_headers(time.perf_counter(), self._given)
        try:
            with while_client_stays(scope, receive):
                await send_frames(send, self._frames, headers)
        except Left:
            return
        except Refused as refused:
            reply = Response(body_of(refused), refused.status, media_type="application/json")
            await reply(scope, receive, send)


def _found(request: Request) -> Stream:
    caller = caller_of(request)
    caller.check_endpoint(Endpoint.CHAT)
    streams: Streams = request.app.state.cloud.streams
    return streams.find(request.path_params["stream"], caller)
