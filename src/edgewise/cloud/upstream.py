"""A backend over HTTP: any server that speaks the OpenAI API.

One pool of connections each, kept open. A stream that nobody wants is ended by closing our half of
the connection: the server sees that at its next write and stops, and what it had written until then
still arrives and is counted. Over TLS there is no half to close, so there the connection is closed
at once and the last tokens on their way are not seen.
"""

import asyncio
import re
from contextvars import ContextVar
from typing import Any

import aiohttp
import msgspec
from msgspec import Struct

from edgewise.cloud.backend import Away, Line
from edgewise.cloud.config import BackendConfig
from edgewise.cloud.refusal import Refused
from edgewise.errors import LinkError

JSON = "application/json"
ERROR_BYTES = 64 * 1024
_OVERLOADED = frozenset({408, 409, 425, 429})
_OURS = frozenset({401, 402, 403, 404, 405})
"""Statuses that blame our key, our account there or our settings, never the caller."""


_CODE = re.compile(r"[A-Za-z0-9_.\-]{1,64}")


class _Plain(Struct):
    message: str
    code: Any = None


class _Nested(Struct):
    error: _Plain | str


class _Asking:
    """A request before its answer: its line, and whether it waits for one of our connections."""

    __slots__ = ("_first_byte_s", "_limit", "line", "waits")

    def __init__(self, line: Line, first_byte_s: float, limit: asyncio.Timeout) -> None:
        self.line = line
        self.waits = True
        self._first_byte_s = first_byte_s
        self._limit = limit

    def go(self) -> None:
        """The backend's time begins: what was waited until now was no fault of its."""
        if self.waits:
            self.waits = False
            if self._limit.expired():  # the request is being ended
                return
            self._limit.reschedule(asyncio.get_running_loop().time() + self._first_byte_s)


_asking: ContextVar[_Asking | None] = ContextVar("asking", default=None)


class _Connector(aiohttp.TCPConnector):
    """Tells a request's line which connection it goes over, and whether it has to wait for one."""

    async def connect(self, *given: Any, **named: Any) -> Any:
        connection = await super().connect(*given, **named)
        asking = _asking.get()
        if asking is not None:
            asking.go()
            try:
                asking.line.opened(lambda: _close_half(connection.transport))
            except LinkError as error:
                connection.release()
                raise aiohttp.ClientConnectionError(str(error)) from error
        return connection

    async def _create_connection(self, *given: Any, **named: Any) -> Any:
        """Called when a place for a new connection is there."""
        asking = _asking.get()
        if asking is not None:
            asking.go()
        return await super()._create_connection(*given, **named)


class Upstream:
    """One server. Made within an event loop; `close` it."""

    def __init__(self, config: BackendConfig, key: str = "") -> None:
        self._config = config
        self._base = config.url.rstrip("/")
        headers = {"Content-Type": JSON}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        self._session = aiohttp.ClientSession(
            connector=_Connector(limit=config.most_connections, keepalive_timeout=30.0),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=config.connect_s),
            headers=headers,
            auto_decompress=True,
            trust_env=False,
            cookie_jar=aiohttp.DummyCookieJar(),  # one tenant's must not reach the next
            skip_auto_headers=("User-Agent",),
        )

    @property
    def config(self) -> BackendConfig:
        return self._config

    async def post(
        self, path: str, body: bytes, request_id: str, line: Line | None = None
    ) -> "UpstreamReply":
        """See `Backend.post`."""
        first_byte_s = self._config.first_byte_s
        line = line or Line()
        line.closed()
        limit = asyncio.timeout(first_byte_s)
        asking = _Asking(line, first_byte_s, limit)
        _asking.set(asking)
        try:
            async with limit:
                response = await self._session.post(
                    self._base + path,
                    data=body,
                    headers={"x-request-id": request_id},
                    allow_redirects=False,
                )
        except TimeoutError as error:
            if asking.waits:
                most = self._config.most_connections
                raise Away(
                    f"all {most} connections to {self._config.name} are busy", 429
                ) from error
            raise Away(
                f"{self._config.name} did not begin to answer within {first_byte_s:g} s"
            ) from error
        except (aiohttp.ClientError, OSError) as error:
            raise Away(f"{self._config.name} can not be reached: {error}") from error
        finally:
            _asking.set(None)  # it holds the task whose context this is
        if response.status != 200:
            line.closed()
            await self._raise(response)
        return UpstreamReply(response, self._config, line)

    async def healthy(self) -> bool:
        """Whether it lists its models."""
        try:
            async with asyncio.timeout(self._config.connect_s):
                async with self._session.get(f"{self._base}/models") as response:
                    return response.status < 500
        except (TimeoutError, aiohttp.ClientError, OSError):
            return False

    async def close(self) -> None:
        await self._session.close()

    async def _raise(self, response: aiohttp.ClientResponse) -> None:
        """Turn a status into Away (ask another) or Refused (the request is at fault). What the
        upstream says goes to the caller of a request at fault and nowhere else: it may hold words
        of a prompt, or our key."""
        try:
            async with asyncio.timeout(self._config.connect_s):
                raw = await response.content.read(ERROR_BYTES)
        except (TimeoutError, aiohttp.ClientError, OSError):
            raw = b""
        finally:
            response.close()
        status = response.status
        said, code = _message_of(raw)
        if status >= 500 or status in _OVERLOADED or status in _OURS or status < 400:
            wait_s = _seconds(response.headers.get("Retry-After", ""))
            raise Away(f"{self._config.name} answered {status} {code}".rstrip(), status, wait_s)
        raise Refused(status, "upstream_refused", said or f"the upstream answered {status}")


class UpstreamReply:
    """An answer of one server."""

    def __init__(self, response: aiohttp.ClientResponse, config: BackendConfig, line: Line) -> None:
        self._response = response
        self._config = config
        self._line = line

    @property
    def is_stream(self) -> bool:
        return self._response.headers.get("Content-Type", "").startswith("text/event-stream")

    async def read(self) -> bytes:
        try:
            async with asyncio.timeout(self._config.idle_s):
                return await self._response.content.readany()
        except TimeoutError as error:
            raise LinkError(
                f"{self._config.name} said nothing for {self._config.idle_s:g} s"
            ) from error
        except (aiohttp.ClientError, OSError) as error:
            if rest := self._left_over():
                return rest
            raise LinkError(f"{self._config.name} broke off: {error}") from error

    def _left_over(self) -> bytes:
        """What came before the connection broke; aiohttp's reader raises in place of giving it."""
        content: Any = self._response.content
        return content._read_nowait(-1)

    def stop(self) -> bool:
        self._line.is_left = True
        connection = self._response.connection
        return _close_half(connection.transport if connection is not None else None)

    async def close(self) -> None:
        if self._response.content.is_eof() and not self._line.is_left:  # else it is half closed
            self._response.release()
        else:
            self._response.close()


def _close_half(transport: asyncio.Transport | None) -> bool:
    """Whether our half could be closed."""
    if transport is None or transport.is_closing() or not transport.can_write_eof():
        return False
    transport.write_eof()
    return True


def _message_of(raw: bytes) -> tuple[str, str]:
    """The message of an error body, whatever its shape, and its code."""
    for shape in (_Nested, _Plain):
        try:
            found = msgspec.json.decode(raw, type=shape)
        except (msgspec.MsgspecError, RecursionError):
            continue
        error = found.error if isinstance(found, _Nested) else found
        if isinstance(error, str):
            return error[:500], ""
        code = str(error.code or "")
        return error.message[:500], code if _CODE.fullmatch(code) else ""
    return raw[:200].decode("utf-8", "replace"), ""


def _seconds(said: str) -> float:
    try:
        return min(300.0, max(0.0, float(said)))
    except ValueError:
        return 0.0
