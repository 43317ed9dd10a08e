"""One request to a cloud and the events of its reply: every wait bounded, every end named.

What httpx raises becomes a `Failed` with the kind of trouble; nothing of the request, the key or
what the cloud said goes into it. Needs `httpx` (extra `device`).
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Generator
from contextlib import aclosing, contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct

from edgewise.core.clock import Clock
from edgewise.core.signal import number
from edgewise.errors import LinkError
from edgewise.think.breaker import Trouble
from edgewise.think.cloud_wire import DONE
from edgewise.think.event_lines import EventLines, SentEvent

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")
DRAIN_S = 0.25
"""How long the end of a reply may take to come after `[DONE]`, for the connection to be kept."""
LONGEST_PAUSE_S = 3600.0
_ACCOUNT = frozenset({401, 402, 403, 404, 405})
_BUSY = frozenset({408, 409, 425, 429, 503})


class Attempt(Struct, frozen=True):
    """One attempt, for the trail. `kind` is ask, resume or stop; `began` is wall seconds; `status`
    is HTTP's, 0 when none came; `trouble` is empty when it went well, `left` when it was given up.
    Bytes are those of head and body, without TLS and the framing of chunks; none was sent where no
    connection came about."""

    endpoint: str
    model: str
    kind: str
    began: float
    took_s: float
    status: int
    trouble: str
    sent_bytes: int
    received_bytes: int


class Failed(Exception):
    """An attempt failed. `retry_after_s` is when the cloud says to come back, 0 when it does not;
    `is_final` that a later attempt at the same could only fail as well."""

    def __init__(
        self, trouble: Trouble, status: int = 0, retry_after_s: float = 0.0, *, late: bool = False
    ) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble
        self.status = status
        self.retry_after_s = retry_after_s
        self.late = late  # the deadline ended it

    @property
    def is_final(self) -> bool:
        return self.trouble in (Trouble.ACCOUNT, Trouble.REQUEST)


class CloudLine:
    """One request. `until` is the deadline by `clock.monotonic`; read `events` once, to their end
    or close them. The other fields are what is known so far."""

    def __init__(
        self, client: "httpx.AsyncClient", request: "httpx.Request", clock: Clock, until: float
    ) -> None:
        self.stream = ""
        self.status = 0
        self.trouble = "left"
        self.round_trip_s = 0.0
        self.is_sent = False
        self._has_left = False  # a byte of it may have
        self.received_bytes = 0
        self._client = client
        self._request = request
        self._clock = clock
        self._until = until
        self._began, self._started = clock.now(), clock.monotonic()
        self._connecting = 0.0
        request.extensions["trace"] = self._trace

    async def events(self) -> AsyncGenerator[SentEvent]:
        """The events of a reply of status 200. Raises Failed."""
        try:
            with self._mapped():
                response = await self._in_time(self._client.send(self._request, stream=True))
                try:
                    self._look_at(response)
                    async with aclosing(self._events_of(response)) as events:
                        async for event in events:
                            yield event
                finally:
                    await response.aclose()
            self.trouble = ""
        except Failed as failed:
            self.trouble = failed.trouble.value
            raise

    async def status_alone(self) -> None:
        """Send it and look at the status of the reply only. Raises Failed."""
        try:
            with self._mapped():
                response = await self._in_time(self._client.send(self._request, stream=True))
                await response.aclose()
                self._look_at(response)
            self.trouble = ""
        except Failed as failed:
            self.trouble = failed.trouble.value
            raise

    def attempt(self, endpoint: str, model: str, kind: str) -> Attempt:
        """What became of it."""
        request = self._request
        head = f"{request.method} {request.url.raw_path.decode('ascii')} HTTP/1.1\r\n\r\n"
        sent_bytes = len(head) + _size_bytes(request.headers.raw) + len(request.content)
        sent_bytes = sent_bytes if self._has_left or self.status else 0
        took_s = self._clock.monotonic() - self._started
        return Attempt(
            *(endpoint, model, kind, self._began, took_s, self.status, self.trouble),
            *(sent_bytes, self.received_bytes),
        )

    async def _events_of(self, response: "httpx.Response") -> AsyncGenerator[SentEvent]:
        lines = EventLines()
        async with aclosing(_raw(response)) as raw:
            while True:
                try:
                    data = await self._in_time(anext(raw))
                except StopAsyncIteration:
                    return
                self.received_bytes += len(data)
                for event in lines.feed(data):
                    if event.data == DONE:
                        await self._drain(raw)
                    yield event

    async def _drain(self, raw: AsyncGenerator[bytes]) -> None:
        """Read to the end, so that the connection is kept; all that matters has come by now."""
        import httpx

        with suppress(TimeoutError, httpx.HTTPError):
            async with asyncio.timeout(DRAIN_S):
                async for data in raw:
                    self.received_bytes += len(data)
        await raw.aclose()

    def _look_at(self, response: "httpx.Response") -> None:
        self.status = response.status_code
        self.received_bytes += len("HTTP/1.1 200 OK\r\n\r\n") + _size_bytes(response.headers.raw)
        self.stream = response.headers.get("x-edgewise-stream", "")
        if self.status != 200:
            raise _refused(self.status, response.headers.get("retry-after", ""))
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if self._request.method != "DELETE" and kind != "text/event-stream":
            raise Failed(Trouble.BROKEN, self.status)

    async def _in_time(self, waited: Awaitable[T]) -> T:
        async with asyncio.timeout(max(0.0, self._until - self._clock.monotonic())):
            return await waited

    @contextmanager
    def _mapped(self) -> Generator[None]:
        import httpx

        try:
            yield
        except TimeoutError:
            raise Failed(Trouble.SLOW, self.status, late=True) from None
        except (httpx.ConnectError, httpx.ConnectTimeout):
            raise Failed(Trouble.AWAY) from None
        except httpx.TimeoutException:
            raise Failed(Trouble.SLOW, self.status) from None
        except (httpx.HTTPError, LinkError):
            raise Failed(Trouble.BROKEN, self.status) from None

    async def _trace(self, name: str, _: Any) -> None:
        """The time of TCP's handshake is one round trip; a request that was sent may be billed."""
        if name == "connection.connect_tcp.started":
            self._connecting = self._clock.monotonic()
        elif name == "connection.connect_tcp.complete":
            self.round_trip_s = self._clock.monotonic() - self._connecting
        elif name == "http11.send_request_headers.started":
            self._has_left = True
        elif name == "http11.send_request_body.complete":
            self.is_sent = True


async def _raw(response: "httpx.Response") -> AsyncGenerator[bytes]:
    async for data in response.aiter_raw():
        yield data


def _refused(status: int, retry_after: str) -> Failed:
    if status in _BUSY:
        return Failed(Trouble.BUSY, status, _seconds(retry_after))
    if status in _ACCOUNT:
        return Failed(Trouble.ACCOUNT, status)
    if 400 <= status < 500:
        return Failed(Trouble.REQUEST, status)
    return Failed(Trouble.BROKEN, status, _seconds(retry_after))


def _seconds(retry_after: str) -> float:
    """What Retry-After says, if it says seconds; a date needs a clock that agrees with theirs."""
    if not retry_after.strip().isdecimal() or len(retry_after) > 12:
        return 0.0
    return min(LONGEST_PAUSE_S, number(int(retry_after)) or 0.0)


def _size_bytes(headers: list[tuple[bytes, bytes]]) -> int:
    return sum(len(name) + len(value) + len(b": \r\n") for name, value in headers)
