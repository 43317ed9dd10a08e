"""Sends frames of events, and closes their source as soon as the reader has left.

Starlette's own streaming response leaves its source to the garbage collector when it is cancelled
while sending; here the source is closed in every case, so that the upstream stops. A comment (or
a frame of the API's own) is sent when the source is silent, so that no proxy between gives up.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from edgewise.cloud.doors import Left, while_client_stays
from edgewise.web.frame import EVENT_STREAM_HEADERS, KEEP_ALIVE

QUIET_S = 15.0


class EventStream(Response):
    """A reply of `first` and then `frames`, a generator that was started already."""

    def __init__(
        self,
        first: bytes,
        frames: AsyncGenerator[bytes, None],
        *,
        headers: Mapping[str, str] | None = None,
        alive: bytes = KEEP_ALIVE,
        quiet_s: float = QUIET_S,
    ) -> None:
        self._first = first
        self._frames = frames
        self._alive = alive
        self._quiet_s = quiet_s
        self._lock = asyncio.Lock()
        self._sent_lately = False
        self.status_code = 200
        self.background = None
        added = [(name.lower().encode(), text.encode()) for name, text in (headers or {}).items()]
        self.raw_headers = [*EVENT_STREAM_HEADERS, *added]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends everything, or stops when the reader leaves."""
        alive = asyncio.ensure_future(self._keep_alive(send))
        try:
            with while_client_stays(scope, receive):
                await self._send_all(send)
        except Left:
            pass
        finally:
            alive.cancel()
            await asyncio.gather(alive, return_exceptions=True)
            await self._frames.aclose()

    async def _send_all(self, send: Send) -> None:
        await send(
            {"type": "http.response.start", "status": 200, "headers": list(self.raw_headers)}
        )
        await self._send(send, self._first)
        async for frame in self._frames:
            await self._send(send, frame)
        async with self._lock:
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _send(self, send: Send, frame: bytes) -> None:
        self._sent_lately = True
        async with self._lock:
            await send({"type": "http.response.body", "body": frame, "more_body": True})

    async def _keep_alive(self, send: Send) -> None:
        while True:
            self._sent_lately = False
            await asyncio.sleep(self._quiet_s)
            if not self._sent_lately:
                await self._send(send, self._alive)
