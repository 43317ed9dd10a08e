"""A connection that knows whether its client is still there.

A gateway that stops a generation closes, or half-closes and reads the rest. Either way the
transport is closing from the moment that the end was read; what was written before is still sent.
So a token counts if the transport was open when it was written. uvicorn tells an application only
a turn of the loop later, and drops what is sent in between.
"""

import asyncio
from typing import Any

from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

JSON = (b"content-type", b"application/json")
EVENTS = (b"content-type", b"text/event-stream; charset=utf-8")


class OpenConnection(HttpToolsProtocol):
    """Hands its transport to the application, in `scope["state"]["transport"]`."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        state: dict[str, Any] = self.scope["state"]  # type: ignore[typeddict-item]
        state["transport"] = self.transport


class Client:
    """The other end of one request, whose body was read."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._transport: asyncio.Transport = scope["state"]["transport"]
        self._receive = receive
        self._send = send
        self._leaving: asyncio.Task[None] | None = None

    @property
    def is_gone(self) -> bool:
        """True from the moment that the client's end was read."""
        return self._transport.is_closing()

    async def wait(self, seconds: float | None) -> None:
        """Pause for `seconds`, None for ever, or until the client leaves."""
        if seconds == 0:
            await asyncio.sleep(0)  # the loop reads what has come, an end among it
            return
        if self._leaving is None:
            self._leaving = asyncio.create_task(self._until_gone())
        await asyncio.wait([self._leaving], timeout=seconds)

    async def start(self, status: int, *headers: tuple[bytes, bytes]) -> None:
        """Status and headers; nothing to a client that is gone."""
        await self._pass({"type": "http.response.start", "status": status, "headers": headers})

    async def write(self, data: bytes, *, last: bool = False) -> bool:
        """A part of the body. Returns whether the client was still there."""
        return await self._pass({"type": "http.response.body", "body": data, "more_body": not last})

    def cut(self) -> None:
        """End the connection without ending the reply; what was written is still sent."""
        self._transport.close()

    def release(self) -> None:
        """The request is over: nobody waits for its client to leave any more."""
        if self._leaving is not None:
            self._leaving.cancel()

    async def _pass(self, message: dict[str, Any]) -> bool:
        if self.is_gone:
            return False
        await self._send(message)
        return True

    async def _until_gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
