"""`/v1/realtime/calls` of the platform: the realtime API over WebRTC.

Keys, client secrets, limits, metering and revocation are those of the WebSocket (`realtime.py`),
and both count together. Pages of any origin may call, since nothing but a key in a header opens it:
no cookie does. It reads no offer and knows no event.
"""

import asyncio
from collections.abc import Sequence
from ipaddress import ip_address

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from edgewise.cloud.answers import answer, common_headers, refusal
from edgewise.cloud.caller import Caller
from edgewise.cloud.config import Config
from edgewise.cloud.doors import header, read_body
from edgewise.cloud.realtime import Asked, Realtime
from edgewise.cloud.refusal import Refused, bad_request
from edgewise.errors import EdgewiseError, UserError
from edgewise.talk.realtime.calls import Asked as Call
from edgewise.talk.realtime.calls import Calls, is_missing, load_peers
from edgewise.talk.realtime.problem import Problem
from edgewise.web import websocket
from edgewise.web.call_form import SDP, read_call

PATH = "/v1/realtime/calls"
BODY_BYTES = 128 * 1024
"""An offer, and a session with instructions."""
ANY_PAGE = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Location"}
PREFLIGHT = {
    **ANY_PAGE,
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Allow-Headers": "authorization, content-type, openai-beta, x-api-key",
    "Access-Control-Max-Age": "600",
}


class RealtimeCalls:
    """The routes, and the calls that go on."""

    def __init__(self, realtime: Realtime, config: Config, calls: Calls | None = None) -> None:
        self._realtime = realtime
        self.calls = calls or Calls(addresses_of(config))

    def routes(self) -> list[BaseRoute]:
        """What to mount at the root of the application."""
        return [
            Route(PATH, self._serve, methods=["POST", "OPTIONS"]),
            Route(PATH + "/{id}/hangup", self._serve, methods=["POST", "OPTIONS"]),
        ]

    async def close(self) -> None:
        """End all calls."""
        await self.calls.close()

    async def _serve(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=PREFLIGHT)
        try:
            if "id" in request.path_params:
                reply = await self._hang_up(request)
            else:
                reply = await self._begin(request)
        except Refused as refused:
            reply = refusal(request, refused)
        reply.headers.update(ANY_PAGE)
        return reply

    async def _begin(self, request: Request) -> Response:
        self._realtime.admit_key(request)
        body = await read_body(request.scope, request.receive, BODY_BYTES)
        try:
            await asyncio.to_thread(load_peers)
            offer, given = await read_call(header(request.scope, b"content-type"), body)
            asked = self._realtime.admit(request, given)
            request.scope["caller"] = asked.caller
            name, sdp = await self._begun(request, asked, offer)
        except Problem as problem:
            raise bad_request(str(problem), problem.param, problem.code) from problem
        except EdgewiseError as error:
            raise _refused(error) from error
        headers = {**common_headers(request), "Location": f"{PATH}/{name}"}
        return Response(sdp, 201, headers, SDP)

    async def _begun(self, request: Request, asked: Asked, offer: str) -> tuple[str, str]:
        """A call's id and the answer. Raises Refused, EdgewiseError, Problem."""
        self._realtime.enter(asked.caller)
        ended = self._realtime.watched()
        try:
            opened = await self._realtime.open(asked, ended)
        except BaseException:
            self._realtime.leave(asked.caller, ended)
            raise
        call = Call(
            offer,
            asked.caller.key,
            opened.talk,
            opened.session,
            given=asked.sessions,
            beta=websocket.asks_beta(request.headers, ()),
            pictures=opened.pictures,
            bounds=opened.bounds,
            still=opened.still,
        )
        return await self.calls.begin(
            call, ended, lambda: self._realtime.leave(asked.caller, ended)
        )

    async def _hang_up(self, request: Request) -> Response:
        caller: Caller = self._realtime.admit_key(request)
        call: str = request.path_params["id"]
        if not await self.calls.hang_up(call, caller.key):
            said = f"there is no call {call[:80]!r} of this key; it may have ended by itself"
            raise Refused(404, "no_such_call", f"{said}, take the id of its Location")
        return answer(request, {"id": call})


def addresses_of(config: Config) -> Sequence[str] | None:
    """Where calls are reached; None: at all addresses of this machine."""
    if config.senses.call_addresses:
        return config.senses.call_addresses
    try:
        address = ip_address(config.host)
    except ValueError:
        return ("127.0.0.1",) if config.host == "localhost" else None
    return None if address.is_unspecified else (config.host,)


def _refused(error: EdgewiseError) -> Refused:
    if is_missing(error):
        return Refused(501, error.code, f"{error}; until then there is the WebSocket /v1/realtime")
    if isinstance(error, UserError):
        status = 415 if error.code == "wrong_content_type" else 400
        return Refused(status, error.code, str(error))
    return Refused(503, error.code, str(error))
