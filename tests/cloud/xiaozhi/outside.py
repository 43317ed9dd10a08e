"""Servers as they stand between a device and the platform: right, wrong and half right."""

import asyncio
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from edgewise.cloud.refusal import Refused, reply_to
from edgewise.cloud.xiaozhi.bootstrap import (
    Asking,
    Reply,
    ServerTime,
    Socket,
    own_address,
    socket_url,
)
from edgewise.cloud.xiaozhi.ota import OtaDoors
from edgewise.cloud.xiaozhi.probe import Probe
from edgewise.web.connection import listen


class Answering:
    """Devices that answer probes alone; `told` is where they send everybody, empty: to us."""

    def __init__(self, probe: Probe, told: str = "") -> None:
        self.probe = probe
        self.told = told

    def bootstrap(self, asking: Asking, address: str, peer: str) -> Reply:
        raise Refused(400, "no_device", "no device asks here")

    def probed(self, address: str, word: str) -> Reply:
        socket = Socket(self.told or socket_url(address), "")
        return Reply(ServerTime(0, 0), socket, edgewise=self.probe.answer(word))

    def activate(self, mac: str, client: str, challenge: str) -> bool:
        raise Refused(404, "no_device", "no device asks here")

    def refused(self, code: str) -> None:
        pass

    async def connect(self, socket: WebSocket) -> None:
        """The door of the WebSocket as the platform's own is."""
        token = socket.headers["authorization"].removeprefix("Bearer ")
        code = self.probe.answered if self.probe.is_token(token) else "wrong_token"
        await socket.send_denial_response(reply_to(Refused(401, code, "no")))

    def routes(self) -> list[BaseRoute]:
        return [*OtaDoors(self, "").routes(), WebSocketRoute("/xiaozhi/v1/", self.connect)]


def always(
    status: int, headers: dict[str, str] | None = None, body: bytes = b""
) -> list[BaseRoute]:
    """A server that answers everything alike."""

    async def answer(request: Request) -> Response:
        assert own_address("", request.scope)
        return Response(body, status, headers)

    return [Route("/{rest:path}", answer, methods=["GET", "POST"])]


@asynccontextmanager
async def served(routes: list[BaseRoute]) -> AsyncGenerator[int]:
    """The port on which the routes are served."""
    settings = uvicorn.Config(
        Starlette(routes=routes), ws="websockets-sansio", lifespan="off", log_level="critical"
    )
    server = uvicorn.Server(settings)
    with listen(0) as listening:
        task = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = server.force_exit = True
            await task


@asynccontextmanager
async def served_by_tls(context: ssl.SSLContext) -> AsyncGenerator[int]:
    """The port of a server that gets no further than its certificate."""

    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]
