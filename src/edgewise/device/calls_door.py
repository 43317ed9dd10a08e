"""`/v1/realtime/calls` of the device: the realtime API over WebRTC.

Who may call, what the address may name, and how many conversations a caller may hold are those of
the WebSocket (`realtime_door.py`), and both count together. A client reaches a call where it
reaches the API, on this machine alone. It knows no model, makes no conversation and reads no offer.
"""

import asyncio
import time
from typing import Any

from fastapi import APIRouter
from msgspec import Struct
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from edgewise.device.callers import Caller, caller_of
from edgewise.device.document import call_document, route_document
from edgewise.device.limits import Leave, Limits
from edgewise.device.realtime_door import NO_PICTURES, Asked, Opens, asked_in, still_of
from edgewise.device.security import CALLS
from edgewise.device.sse import as_api_error
from edgewise.device.wire import ApiError, reply
from edgewise.errors import EdgewiseError, UserError
from edgewise.talk.realtime.calls import Asked as Call
from edgewise.talk.realtime.calls import Calls, is_missing, load_peers
from edgewise.talk.realtime.pictures import Pictures
from edgewise.talk.realtime.problem import Problem
from edgewise.talk.realtime.session import Session
from edgewise.talk.realtime.socket import Bounds
from edgewise.talk.remembering import new_id
from edgewise.web import websocket
from edgewise.web.call_form import SDP, read_call

ADDRESSES = ("127.0.0.1",)


class HungUp(Struct, frozen=True):
    """A call was ended."""

    id: str


class CallsDoor:
    """The routes, and the calls that go on."""

    def __init__(
        self,
        opens: Opens,
        limits: Limits,
        bounds: Bounds | None = None,
        calls: Calls | None = None,
    ) -> None:
        self._opens = opens
        self._limits = limits
        self._bounds = bounds or Bounds()
        self.calls = calls or Calls(ADDRESSES)

    @property
    def routes(self) -> APIRouter:
        """To be mounted at the root of the application."""
        routes = APIRouter()

        @routes.post(CALLS, **call_document())
        async def begin(request: HttpRequest) -> Response:
            try:
                name, answer = await self._begin(request)
            except Problem as problem:
                told = "change the session as the message says"
                raise ApiError(400, problem.code, str(problem), told) from problem
            except EdgewiseError as error:
                raise _api_error(error) from error
            return Response(answer, 201, {"Location": f"{CALLS}/{name}"}, SDP)

        @routes.post(CALLS + "/{call}/hangup", **route_document("End a call", HungUp))
        async def hang_up(request: HttpRequest, call: str) -> Response:
            if not await self.calls.hang_up(call, caller_of(request).value):
                raise ApiError(
                    404,
                    "no_such_call",
                    f"there is no call {call[:80]!r} of yours",
                    "take the id of the Location that began it; it may have ended by itself",
                )
            return reply(HungUp(call))

        return routes

    async def close(self) -> None:
        """End all calls."""
        await self.calls.close()

    async def _begin(self, request: HttpRequest) -> tuple[str, str]:
        """A call's id and the answer. Raises ApiError, EdgewiseError, Problem."""
        await asyncio.to_thread(load_peers)
        caller = caller_of(request)
        kind = request.headers.get("content-type", "")
        offer, given = await read_call(kind, await request.body())
        query = dict(request.query_params)
        if given is not None and isinstance(model := given.pop("model", None), str):
            query.setdefault("model", model)
        asked = asked_in(query, caller, self._opens.offer.model)
        leave = self._limits.enter_conversation(caller)
        call = await self._opened(request, caller, asked, leave, offer, given)
        return await self.calls.begin(call, asyncio.Event(), leave)

    async def _opened(
        self,
        request: HttpRequest,
        caller: Caller,
        asked: Asked,
        leave: Leave,
        offer: str,
        given: dict[str, Any] | None,
    ) -> Call:
        pictures = Pictures("" if self._opens.sees else NO_PICTURES)
        try:
            talk = await self._opens.open(
                caller, asked.zone, asked.session, asked.typed,
                wake=asked.wake, echo=asked.echo, pictures=pictures,
            )  # fmt: skip
        except BaseException:
            leave()
            raise
        expires_at = int(time.time() + self._bounds.session_s)
        session = Session(new_id("sess"), self._opens.offer, talk.settings, expires_at=expires_at)
        return Call(
            offer,
            caller.value,
            talk,
            session,
            given=(given,) if given else (),
            beta=websocket.asks_beta(request.headers, ()),
            pictures=pictures,
            bounds=self._bounds,
            still=still_of(request.scope),
        )


def _api_error(error: EdgewiseError) -> ApiError:
    if is_missing(error):
        told = "install the extra and start the device anew, or use the WebSocket of /v1/realtime"
        return ApiError(501, "missing_package", str(error), told)
    if isinstance(error, UserError) and error.code == "wrong_content_type":
        return ApiError(415, error.code, str(error), "change the header as the message says")
    return as_api_error(error)
