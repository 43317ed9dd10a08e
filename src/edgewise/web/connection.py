"""Listening sockets, and connections that must get on with their request.

uvicorn waits without end for the first request of a connection and for the rest of one that has
begun; a program that opens connections and says nothing would in the end leave no file descriptor
for the others. Here a request's line and headers must be there in `request_s`. The time of a body
is the application's affair. A client that does not read its reply would hold what the reply holds:
`FastConnection` ends a connection whose replies are not taken within `write_s`.
"""

import asyncio
import errno
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httptools
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from edgewise.errors import UserError

REQUEST_S = 10.0
WRITE_S = 30.0
HEADERS_LIMIT_BYTES = 32 * 1024
BODY_A_LOOSE_BYTE = 8
"""A chunked body has at least this many bytes for each byte that frames it, beyond the bound on
headers: chunks of one byte or with long extensions cost more to read than they bring."""
LINGER_S = 2.0
LINGER_BYTES = 1024 * 1024
LOST = "edgewise.lost"
"""An ASGI extension of `FastConnection`: the name of a function in the scope's `extensions` that
takes what is to be called when the connection is lost, or None for nothing more. It saves the
application a task for each request that waits for the next message."""
TellLost = Callable[[Callable[[], object] | None], None]

if TYPE_CHECKING:  # the two protocols share no class, only these names

    class _Connection(asyncio.Protocol):
        loop: asyncio.AbstractEventLoop
        transport: asyncio.Transport
        cycle: Any

        def on_response_complete(self) -> None: ...
else:
    _Connection = object


class _Prompt(_Connection):
    """Ends a connection whose request line and headers take longer than `request_s`."""

    request_s = REQUEST_S
    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        if self._waiting is None and self._has_no_request():
            self._wait()
        super().data_received(data)
        if not self._has_no_request() or self._is_handed_over():
            self._stop_waiting()

    def _is_handed_over(self) -> bool:
        """Whether the connection became a WebSocket, which another protocol reads."""
        return self.transport.get_protocol() is not self

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._waiting is None and self._has_no_request() and self._may_have_begun():
            self._wait()

    def _may_have_begun(self) -> bool:
        """Whether a part of the next request may be here already."""
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _has_no_request(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

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


class PromptConnection(_Prompt, H11Protocol):
    """Parsed by h11, which is strict and in Python: for a device, whose callers are few."""


class _Reply:
    """A connection's transport as one reply writes to it and closes it."""

    __slots__ = ("close", "is_closing", "write")

    def __init__(self, transport: asyncio.Transport, close: Callable[[], None]) -> None:
        self.write, self.is_closing, self.close = transport.write, transport.is_closing, close


class FastConnection(_Prompt, HttpToolsProtocol):
    """Parsed by llhttp, for a server with many callers.

    llhttp refuses what smuggles requests (both lengths, a broken chunk, bare line feeds); it has no
    bound of its own on what is no body: headers, trailers, the frames of chunks. So bytes that are
    none are counted here. A request that is answered before its body was read gets its answer,
    which says that the connection closes, and then it ends: our half at once, theirs when they have
    seen it. A client that was not told would send its next request into it.

    What waits to be written must be taken: once the transport holds so much that replies have to
    wait, it must come down to its low mark within `write_s`, and all of it after a close. Else the
    connection is cut, which the application sees as a client that left.
    """

    write_s = WRITE_S
    _cutting: asyncio.TimerHandle | None = None
    _loose_bytes = 0
    _body_bytes = 0
    _in_body = False
    _may_stay = True
    _lingering = False
    _is_lost = False
    _when_lost: Callable[[], object] | None = None

    def data_received(self, data: bytes) -> None:
        self._loose_bytes += len(data)
        if self._lingering:
            if self._loose_bytes > LINGER_BYTES:
                self.transport.abort()
            return
        super().data_received(data)
        allowed = HEADERS_LIMIT_BYTES + self._body_bytes // BODY_A_LOOSE_BYTE
        if self._loose_bytes > allowed and not self.transport.is_closing():
            self.send_400_response(f"There are more than {allowed} bytes beside the body.")

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._cutting is None:
            self._cutting = self.loop.call_later(self.write_s, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._cutting is not None and not self.transport.is_closing():
            self._stop_cutting()

    def connection_lost(self, exc: Exception | None) -> None:
        self._is_lost = True
        self._stop_cutting()
        super().connection_lost(exc)
        if self._when_lost is not None:
            self._when_lost()

    def tell_lost(self, call: Callable[[], object] | None) -> None:
        """See `LOST`. It is called at once where the connection is lost already."""
        self._when_lost = call
        if call is None:
            return
        if self._is_lost:
            call()
        else:
            self.flow.resume_reading()  # a connection that is not read does not tell its end

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._cut_later()

    def _cut_later(self) -> None:
        """A closed connection lives on until what it holds is written: not for ever."""
        if self._cutting is None and self.transport.get_write_buffer_size():
            self._cutting = self.loop.call_later(self.write_s, self.transport.abort)

    def _stop_cutting(self) -> None:
        if self._cutting is not None:
            self._cutting.cancel()
            self._cutting = None

    def on_message_begin(self) -> None:
        self._in_body = False
        super().on_message_begin()
        extensions: dict[str, Any] = {LOST: self.tell_lost}
        self.scope["extensions"] = extensions

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._in_body:
            raise httptools.HttpParserError("a header after the body")
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        if size > HEADERS_LIMIT_BYTES:
            raise httptools.HttpParserError("the headers are too long")
        lengths = [value for name, value in self.headers if name == b"content-length"]
        coded = [value for name, value in self.headers if name == b"transfer-encoding"]
        if len(lengths) > 1 or (lengths and coded):
            raise httptools.HttpParserError("two lengths of one body")
        if coded and [value.lower() for value in coded] != [b"chunked"]:
            raise httptools.HttpParserError("a coding other than chunked")
        self._in_body = True
        before = self.cycle
        super().on_headers_complete()
        if self.cycle is not before:  # else it is on its way to a WebSocket
            self._may_stay, self.cycle.keep_alive = self.cycle.keep_alive, False
            self.cycle.transport = _Reply(self.transport, self._end_reply)

    def on_body(self, body: bytes) -> None:
        self._loose_bytes -= len(body)
        self._body_bytes += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._in_body = False
        self._loose_bytes = self._body_bytes = 0
        if self.cycle is not None and not self.cycle.response_started:
            self.cycle.keep_alive = self._may_stay
        super().on_message_complete()

    def _end_reply(self) -> None:
        """A reply that is done closes the connection; an early one lingers, see below."""
        if not (self._in_body and self.cycle.response_complete):
            self.transport.close()

    def on_response_complete(self) -> None:
        # The body that comes is the next request's where one waits: then this one's was read.
        is_early = self._in_body and not self.pipeline
        super().on_response_complete()
        if self.transport.is_closing():
            self._cut_later()
        elif is_early:
            self._linger()

    def _may_have_begun(self) -> bool:
        return self._loose_bytes > 0

    def _linger(self) -> None:
        self._lingering = True
        self._loose_bytes = 0
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.loop.call_later(LINGER_S, self.transport.abort)


def listen(
    port: int, host: str = "127.0.0.1", *, otherwise: str = "start with --port 0"
) -> socket.socket:
    """A socket that listens, on loopback unless `host` is another address of this machine;
    `otherwise` is what to do about a port that is taken beside ending what uses it.

    Raises UserError for an address or port that can not be used.
    """
    # With its protocol named, asyncio sets TCP_NODELAY; without, each reply waits 40 ms for an ACK.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except (OSError, OverflowError) as error:
        listening.close()
        if isinstance(error, socket.gaierror) or getattr(error, "errno", 0) == errno.EADDRNOTAVAIL:
            raise UserError(
                f"{host!r} is no address of this machine ({error}); listen on 127.0.0.1 for this"
                " machine alone, or 0.0.0.0 for all that reach it",
                code="bad_host",
            ) from error
        why = error.strerror if isinstance(error, OSError) else "ports are 0 to 65535"
        place = "loopback" if host == "127.0.0.1" else host
        raise UserError(
            f"port {port} on {place} can not be used ({why}); end what uses it, or {otherwise}",
            code="port_taken",
        ) from error
    listening.listen(1024)
    return listening
