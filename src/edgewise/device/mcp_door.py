"""The door at `/mcp`, opened by the first client that knocks: the MCP SDK takes 30 MB and a quarter
of a second, which most devices never need.

The SDK's session manager must be left by the task that entered it, so a task of its own holds it
from the first request until the application ends.
"""

import asyncio
import importlib
from typing import TYPE_CHECKING

from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from edgewise.device.limits import Limits
from edgewise.hosting.board import Board

if TYPE_CHECKING:
    from edgewise.device.mcp_server import Agent

PATH = "/mcp"


class McpDoor:
    """An ASGI application that becomes the MCP server of `agent`; `close` it in its event loop."""

    def __init__(self, agent: "Agent", board: Board, limits: Limits) -> None:
        self._serving = (agent, board, limits)
        self._opening = asyncio.Lock()
        self._closing = asyncio.Event()
        self._app: ASGIApp | None = None
        self._holding: asyncio.Task[None] | None = None

    @property
    def route(self) -> Route:
        """The one route, for every method: the server itself refuses those that it has not."""
        return Route(PATH, endpoint=self)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        async with self._opening:
            if self._app is None:
                self._app = await self._open()
        await self._app(scope, receive, send)

    async def close(self) -> None:
        """End the server, if a client ever came."""
        self._closing.set()
        if self._holding is not None:
            await self._holding

    async def _open(self) -> ASGIApp:
        """The server, once its session manager runs; raises what kept that from starting."""
        await asyncio.to_thread(importlib.import_module, "edgewise.device.mcp_server")
        from edgewise.device.mcp_server import mcp_app, mcp_server

        server = mcp_server(*self._serving)
        app = mcp_app(server, PATH)
        ready = asyncio.Event()

        async def hold() -> None:
            async with server.session_manager.run():
                ready.set()
                await self._closing.wait()

        holding = asyncio.create_task(hold())
        opened = asyncio.create_task(ready.wait())
        await asyncio.wait({holding, opened}, return_when=asyncio.FIRST_COMPLETED)
        if not ready.is_set():
            opened.cancel()
            await holding
        self._holding = holding
        return app
