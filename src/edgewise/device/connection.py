"""The web server's settings, and connections that must get on with their request.

uvicorn waits without end for the first request of a connection and for the rest of one that has
begun; a program that opens connections and says nothing would in the end leave no file descriptor
for the person. Here a request must be there in `REQUEST_S`; the body's time is in `security.py`.
"""

import asyncio
import socket
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from edgewise.errors import UserError

REQUEST_S = 10.0
HEADERS_LIMIT_BYTES = 32 * 1024
MOST_CONNECTIONS = 512
"""Further ones are answered 503; all callers together may use about a hundred (`limits.py`)."""


class PromptConnection(H11Protocol):
    """A connection that is closed when its request line and headers take longer than `REQUEST_S`.

    h11 and not httptools: it bounds the size of headers.
    """

    request_s = REQUEST_S
    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        if self._waiting is None and self._has_no_request():
            self._wait()
        super().data_received(data)
        if not self._has_no_request():
            self._stop_waiting()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._waiting is None and self._has_no_request():
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _has_no_request(self) -> bool:
        cycle: Any = self.cycle
        return cycle is None or cycle.response_complete

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(self.request_s, self._end)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _end(self) -> None:
        self._waiting = None
        if self._has_no_request():
            self.transport.abort()


def listen(port: int) -> socket.socket:
    """A socket that listens on loopback. Raises UserError for a port that can not be used."""
    # With its protocol named, asyncio sets TCP_NODELAY; without, each reply waits 40 ms for an ACK.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
    except (OSError, OverflowError) as error:
        listening.close()
        why = error.strerror if isinstance(error, OSError) else "ports are 0 to 65535"
        raise UserError(
            f"port {port} on loopback can not be used ({why}); end what uses it, or"
            " start with --port 0",
            code="port_taken",
        ) from error
    listening.listen(128)
    return listening


def server_config(
    app: Any, connection: type[PromptConnection] = PromptConnection
) -> uvicorn.Config:
    """How a device's application is served: HTTP/1.1 only, no WebSocket, everything bounded."""
    return uvicorn.Config(
        app,
        http=connection,
        ws="none",
        log_level="warning",
        limit_concurrency=MOST_CONNECTIONS,
        h11_max_incomplete_event_size=HEADERS_LIMIT_BYTES,
        timeout_graceful_shutdown=2,
    )
