"""One connection to a backend: HTTP/1.1 as a client, one request at a time.

Bytes are parsed by llhttp (`httptools`, which the server uses too). It is no general client: no
redirect, cookie, proxy or coding. What a gateway must know and HTTP libraries do not tell stands
here (decision 10): our half can be closed while the answer still comes, what came before a cut is
read before the cut is told, and a reader that goes away leaves the connection to another.
"""

import asyncio
import select
from collections.abc import Callable
from typing import cast

import httptools

from edgewise.errors import LinkError

HEAD_BYTES = 64 * 1024
"""Of headers, and of what frames a body or follows it: the parser has no bound of its own."""
MOST_HELD_BYTES = 512 * 1024
"""More of an answer is not taken from the socket until somebody reads."""


class Silent(LinkError):
    """Nothing came within the time that was given."""


class Connection(asyncio.Protocol):
    """`send` a request, wait for its `head`, `read` until empty; then `is_reusable` tells whether
    another may follow. Who made it is told by `on_lost` when it has ended."""

    __slots__ = (
        "_bare_bytes",
        "_broken",
        "_complete",
        "_ends_with_close",
        "_half_closed",
        "_headers",
        "_held_bytes",
        "_is_head_there",
        "_is_tls",
        "_keeps_alive",
        "_limit_at",
        "_loop",
        "_on_lost",
        "_parser",
        "_parts",
        "_paused",
        "_sent",
        "_timer",
        "_timer_at",
        "_transport",
        "_waiting",
        "_when_ended",
        "status",
    )

    def __init__(self, on_lost: Callable[["Connection"], None]) -> None:
        self.status = 0
        self._sent = 0
        self._loop = asyncio.get_running_loop()
        self._on_lost = on_lost
        self._parser = httptools.HttpResponseParser(self)
        self._transport: asyncio.Transport | None = None
        self._headers: dict[bytes, bytes] = {}
        self._bare_bytes = 0
        self._parts: list[bytes] = []
        self._held_bytes = 0
        self._is_head_there = False
        self._is_tls = False
        self._complete = True
        self._broken: str = ""
        self._keeps_alive = True
        self._ends_with_close = False
        self._half_closed = False
        self._paused = False
        self._waiting: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = self._limit_at = 0.0
        self._when_ended: Callable[[], object] | None = None

    def send(self, head: bytes, body: bytes) -> None:
        """Begin a request; the connection must be new or reusable."""
        assert self._transport is not None
        self._sent += 1
        self.status = 0
        self._headers = {}
        self._bare_bytes = 0
        self._is_head_there = self._complete = False
        if len(body) < MOST_HELD_BYTES:
            self._transport.write(head + body)
        else:
            self._transport.write(head)
            self._transport.write(body)

    async def head(self, limit_s: float) -> None:
        """Wait for the answer's status and headers. Raises LinkError; Silent after `limit_s`. After
        a cancellation it can be asked for again."""
        while not self._is_head_there:
            self._check()
            await self._wait(limit_s)

    async def begin(self, limit_s: float) -> None:
        """Wait for the first of the body, or its end. Raises as `head`."""
        while not self._parts and not self._complete:
            self._check()
            await self._wait(limit_s)

    def header(self, name: bytes) -> str:
        """A header of the answer by its name in small letters, empty when it is not there."""
        return self._headers.get(name, b"").decode("latin-1")

    async def read(self, limit_s: float) -> bytes:
        """What has come of the answer's body, empty at its end. Raises LinkError when it breaks
        off, once all before that was read; Silent when nothing comes for `limit_s`."""
        while not self._parts:
            if self._complete:
                return b""
            self._check()
            await self._wait(limit_s)
        parts, self._parts = self._parts, []
        self._held_bytes = 0
        if self._paused and self._transport is not None:
            self._paused = False
            self._transport.resume_reading()
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def close_half(self) -> bool:
        """Tell the backend that nobody wants the rest; whether it could be told."""
        transport = self._transport
        if transport is None or transport.is_closing() or not transport.can_write_eof():
            return False
        self._half_closed = True
        transport.write_eof()
        return True

    def end_soon(self, limit_s: float, when_ended: Callable[[], object]) -> None:
        """Call `when_ended` once the answer's end has come, which tells nothing more; it is ended
        if more comes, or nothing for `limit_s`."""
        timer = self._loop.call_later(limit_s, self.abort)

        def end() -> None:
            timer.cancel()
            when_ended()

        self._when_ended = end

    def abort(self) -> None:
        """End it at once; who still reads is told that the answer is not whole."""
        self._ends_with_close = False
        if self._transport is not None:
            self._transport.abort()

    @property
    def is_open(self) -> bool:
        """Whether it has not ended; after a handshake uvloop may still be writing its end."""
        return self._transport is not None and not self._transport.is_closing()

    @property
    def is_ending(self) -> bool:
        """Whether its answer was read as far as it came, and goes on."""
        is_read = not self._complete and not self._parts
        return is_read and not self._half_closed and self.is_open

    @property
    def is_reusable(self) -> bool:
        """Whether another request may be sent."""
        transport = self._transport
        return (
            self._complete
            and self._keeps_alive
            and not self._half_closed
            and not self._parts
            and transport is not None
            and not transport.is_closing()
            and not transport.get_write_buffer_size()
        )

    @property
    def is_stale(self) -> bool:
        """Whether it had answered before and not a byte of this answer came: the backend ended it
        just when this request went out, and took none of it."""
        return self._sent > 1 and not self._is_head_there and not self._bare_bytes

    @property
    def is_quiet(self) -> bool:
        """Whether nothing waits in the socket: words that nobody asked for, which would be taken
        for the next answer, or the end, which has come and is not told yet."""
        assert self._transport is not None
        looking = select.poll()
        looking.register(self._transport.get_extra_info("socket").fileno(), select.POLLIN)
        return not looking.poll(0)

    # What the transport tells.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._is_tls = transport.get_extra_info("ssl_object") is not None

    def data_received(self, data: bytes) -> None:
        if self._complete:  # nobody asked
            self.abort()
            return
        self._bare_bytes += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self._keeps_alive = False
            if not self._complete:
                self._break(f"what came is no HTTP answer ({error})")
        if self._bare_bytes > HEAD_BYTES and not self._complete:
            self._break(f"more than {HEAD_BYTES} bytes came in a row that are no body")
        if self._held_bytes > MOST_HELD_BYTES and not self._paused and self._transport is not None:
            self._paused = True
            self._transport.pause_reading()
        if self._is_head_there or self._broken:
            self._wake()
        if self._complete or self._parts:
            self._tell_ended()

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self._ends_with_close and exc is None:
            self._complete = True
        elif not self._complete and not self._broken:
            self._broken = str(exc or "") or "it was closed before the answer was whole"
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._wake()
        self._on_lost(self)
        self._tell_ended()

    # What the parser tells.

    def on_message_begin(self) -> None:
        if self._complete:  # bytes after the answer
            self._keeps_alive = False

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._is_head_there:  # else it is a trailer
            self._headers[name.lower()] = value

    def on_headers_complete(self) -> None:
        if self._complete:
            return
        self.status = self._parser.get_status_code()
        if self.status < 200:  # an interim answer: the real one follows
            self._headers = {}
            return
        self._is_head_there = True
        self._keeps_alive = self._parser.should_keep_alive()
        bounded = b"content-length" in self._headers or b"transfer-encoding" in self._headers
        # Neither loop tells an end of TLS from a cut of TCP, which anybody on the way can make.
        self._ends_with_close = not bounded and not self._is_tls

    def on_body(self, body: bytes) -> None:
        if self._complete:
            return
        self._bare_bytes = 0
        self._parts.append(body)
        self._held_bytes += len(body)

    def on_message_complete(self) -> None:
        if self._is_head_there:
            self._complete = True
            self._ends_with_close = False

    def _break(self, why: str) -> None:
        self._broken = why
        self.abort()

    def _check(self) -> None:
        if self._broken:
            raise LinkError(self._broken)

    def _tell_ended(self) -> None:
        if self._when_ended is not None:
            when_ended, self._when_ended = self._when_ended, None
            when_ended()

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    async def _wait(self, limit_s: float) -> None:
        """Until something comes. One timer serves all waits of a connection: to make and cancel one
        for each read would cost as much as the read."""
        waiting = self._waiting = self._loop.create_future()
        self._limit_at = self._loop.time() + limit_s
        if self._timer is None or self._timer_at > self._limit_at:
            if self._timer is not None:
                self._timer.cancel()
            self._set_timer()
        try:
            await waiting
        finally:
            self._waiting = None

    def _set_timer(self) -> None:
        self._timer_at = self._limit_at
        self._timer = self._loop.call_at(self._timer_at, self._look)

    def _look(self) -> None:
        """The timer's time has come: was the last wait too long?"""
        self._timer = None
        if self._waiting is None or self._waiting.done():
            return
        if self._loop.time() < self._limit_at:
            self._set_timer()
        else:
            self._waiting.set_exception(Silent("nothing came in time"))
