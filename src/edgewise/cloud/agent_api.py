"""The doors of the device Agent API: sessions by REST, their channel by WebSocket.

It reads and hands on to the session. Whose the key is, is asked anew at every message either way,
and once a second where none goes: a revoked key ends its channel and its turns. It knows no model
and decides nothing about calls: nothing here acts.
Source: docs/decisions/0008-device-agent-api.md; RFC 6455 for close codes (4000 to 4999 are ours).
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import msgspec
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from edgewise.cloud.agent_document import asyncapi
from edgewise.cloud.agent_host import Host
from edgewise.cloud.agent_mind import Ask
from edgewise.cloud.agent_sessions import PATH, AgentSessions, shown
from edgewise.cloud.caller import Caller, Endpoint
from edgewise.cloud.chat import decode
from edgewise.cloud.doors import Find, admit, read_body, secret_in
from edgewise.cloud.ports import Completer
from edgewise.cloud.refusal import Refused, bad_request, reply_to, wrong_key
from edgewise.core.clock import Clock, SystemClock
from edgewise.core.exchange import (
    Bounds,
    Fault,
    Opening,
    device_frame,
)
from edgewise.errors import LinkError

OPENING_LIMIT_BYTES = 1_048_576
"""76 capabilities with all their examples are 250 kB."""
_OPENING = msgspec.json.Decoder(Opening)
CHECK_S = 1.0
CLOSE_CODES = {
    "bad_frame": 4400,
    "out_of_order": 4400,
    "wrong_ack": 4400,
    "invalid_api_key": 4401,
    "key_scope": 4403,
    "session_ended": 4404,
    "replaced": 4409,
    "resume_gone": 4410,
    "too_large": 4413,
    "unacknowledged": 4429,
}
"""Close code of each fault; after 4409, 4413 and 4429 a device may connect again."""


class AgentApi:
    """Routes and state of the device Agent API in one process.

    `find` gives the caller of a secret (`Directory.find`); it is asked anew at each message, and
    each `check_s` seconds.
    """

    def __init__(
        self,
        gateway: Completer,
        find: Find,
        *,
        model: str,
        bounds: Bounds | None = None,
        most_of_owner: int = 4,
        most_of_project: int = 2_000,
        most: int = 10_000,
        clock: Clock | None = None,
        check_s: float = CHECK_S,
    ) -> None:
        """`model` is used where a device names none."""
        self._find = find
        self._check_s = check_s
        self._checking: asyncio.Task[None] | None = None
        self._soon = asyncio.Event()
        self._clock = clock or SystemClock()
        self._bounds = bounds or Bounds()
        self.sessions = AgentSessions(
            gateway,
            self._clock,
            bounds=self._bounds,
            model=model,
            most_of_owner=most_of_owner,
            most_of_project=most_of_project,
            most=most,
        )

    def routes(self) -> list[BaseRoute]:
        """What to mount at the root of the application."""
        one = PATH + "/{session}"
        return [
            Route(PATH, _refusing(self._open), methods=["POST"]),
            Route(one, _refusing(self._show), methods=["GET"]),
            Route(one, _refusing(self._delete), methods=["DELETE"]),
            Route("/v1/agent/asyncapi.json", _document, methods=["GET"]),
            WebSocketRoute(one + "/channel", self._channel),
        ]

    async def close(self) -> None:
        """End all sessions; at the end of the application."""
        if self._checking is not None:
            self._checking.cancel()
            await asyncio.gather(self._checking, return_exceptions=True)
        await self.sessions.close()

    def check_soon(self) -> None:
        """Look at all keys now, not a while later: some were revoked."""
        self._soon.set()

    async def _keep_checked(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._check_s):
                    await self._soon.wait()
            self._soon.clear()
            await self.sessions.check()

    def _caller(self, connection: HTTPConnection) -> Caller:
        caller = admit(connection.scope, self._find)
        caller.check_endpoint(Endpoint.AGENT)
        return caller

    def _ask(self, connection: HTTPConnection) -> Ask:
        """Whose the key of a connection is, as often as one asks."""
        secret = secret_in(connection.scope)

        def ask() -> Caller:
            caller = self._find(secret)
            if caller is None:
                raise wrong_key()
            caller.check_endpoint(Endpoint.AGENT)
            return caller

        return ask

    async def _open(self, request: Request) -> Response:
        caller = self._caller(request)
        opening = _opening_of(await read_body(request.scope, request.receive, OPENING_LIMIT_BYTES))
        key = request.headers.get("idempotency-key", "")
        if len(key) > 128:
            raise bad_request("Idempotency-Key: the limit is 128 characters", "Idempotency-Key")
        opened = await self.sessions.open(caller, opening, key)
        if self._checking is None:
            self._checking = asyncio.create_task(self._keep_checked())
        return _json(opened, 201, {"Location": f"{PATH}/{opened.session}"})

    async def _show(self, request: Request) -> Response:
        held = await self.sessions.find(self._caller(request), request.path_params["session"])
        return _json(shown(held))

    async def _delete(self, request: Request) -> Response:
        await self.sessions.end(self._caller(request), request.path_params["session"])
        return Response(status_code=204)

    async def _channel(self, socket: WebSocket) -> None:
        try:
            caller = self._caller(socket)
            held = await self.sessions.find(caller, socket.path_params["session"])
            after = _resume_after(socket)
        except Refused as refused:
            await socket.send_denial_response(reply_to(refused))
            return
        await socket.accept()
        host = held.host
        try:
            ask = self._ask(socket)
            welcome, connection = host.connect(after, ask)
        except LinkError as error:
            await _fault(socket, error.code, str(error))
            return
        try:
            with suppress(WebSocketDisconnect):
                await socket.send_text(msgspec.json.encode(welcome).decode())
                await self._both_ways(socket, host, connection, ask)
        finally:
            host.disconnect(connection)
            self.sessions.left(held)

    async def _both_ways(self, socket: WebSocket, host: Host, connection: int, ask: Ask) -> None:
        """Read and write until either ends; the other is ended then."""
        reading = asyncio.create_task(self._read(socket, host, connection, ask))
        writing = asyncio.create_task(_write(socket, host, connection))
        tasks = {reading, writing}
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in done:
            task.result()

    async def _read(self, socket: WebSocket, host: Host, connection: int, ask: Ask) -> None:
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            if pause_s := host.session.pause_s(self._clock.monotonic()):
                await asyncio.sleep(pause_s)
            if not host.holds(connection):
                return
            try:
                host.receive(_frame_of(message, self._bounds), ask)
            except Refused as refused:
                await _fault(socket, refused.problem.code or "refused", str(refused))
                return
            except LinkError as error:
                await _fault(socket, error.code, str(error))
                return


async def _write(socket: WebSocket, host: Host, connection: int) -> None:
    """Send what is due until the connection does not hold the session any more; then say so."""
    while frames := await host.due(connection):
        for frame in frames:
            await socket.send_text(frame.decode())
    if host.refused is not None:
        code = host.refused.problem.code or "refused"
        await _fault(socket, code, host.refused.problem.message)
    elif host.closed:
        await _fault(socket, "session_ended", "the session was ended")
    else:
        await _fault(socket, "replaced", "another connection has taken the session over")


async def _fault(socket: WebSocket, code: str, message: str) -> None:
    """Say why, and close; a peer that is gone already is not told."""
    with suppress(WebSocketDisconnect, RuntimeError):
        await socket.send_text(msgspec.json.encode(Fault(code, message[:500])).decode())
        await socket.close(CLOSE_CODES.get(code, 4400), code)


def _frame_of(message: Any, bounds: Bounds) -> Any:
    """The frame in a WebSocket message. Raises LinkError."""
    text = message.get("text")
    data: bytes = text.encode("utf-8", "replace") if text is not None else message["bytes"]
    if len(data) > bounds.message_bytes:
        raise LinkError(
            f"the message is {len(data)} bytes long, the limit is {bounds.message_bytes}",
            code="too_large",
        )
    try:
        return device_frame(data)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise LinkError(f"the message is no frame: {error}", code="bad_frame") from error


def _opening_of(body: bytes) -> Opening:
    opening: Opening = decode(body, _OPENING)
    names = [capability.name for capability in opening.capabilities]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise bad_request(f"capabilities: {twice[:80]!r} is there twice", "capabilities")
    return opening


def _resume_after(socket: WebSocket) -> int:
    given = socket.query_params.get("resume_after", "0")
    if not (given.isascii() and given.isdigit() and len(given) <= 16):
        raise bad_request(
            "resume_after: give the number of the last message that arrived", "resume_after"
        )
    return int(given)


def _refusing(
    answer: Callable[[Request], Awaitable[Response]],
) -> Callable[[Request], Awaitable[Response]]:
    """`answer`, with what it refuses told by the platform's error body."""

    async def answered(request: Request) -> Response:
        try:
            return await answer(request)
        except Refused as refused:
            return reply_to(refused)

    return answered


async def _document(request: Request) -> Response:
    """The AsyncAPI document; it holds no secret and needs no key."""
    del request
    return Response(
        msgspec.json.encode(asyncapi()), headers={"Cache-Control": "no-cache"},
        media_type="application/json",
    )  # fmt: skip


def _json(value: msgspec.Struct, status: int = 200, headers: Any = None) -> Response:
    return Response(
        msgspec.json.encode(value),
        status,
        {"Cache-Control": "no-store", **(headers or {})},
        "application/json",
    )
