"""A backend over HTTP: any server that speaks the OpenAI API.

One pool of connections each, kept open. A stream that nobody wants is ended by closing our half of
the connection: the server sees that at its next write and stops, and what it had written until then
still arrives and is counted. Over TLS there is no half to close, so there the connection is closed
at once and the last tokens on their way are not seen.
"""

import asyncio
import re
from contextlib import suppress
from typing import Any, NoReturn
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from edgewise.cloud.backend import JSON, MISSET, Away, Cause, Line, Reply
from edgewise.cloud.config import BackendConfig
from edgewise.cloud.connections import Busy, Connections
from edgewise.cloud.refusal import Refused
from edgewise.cloud.upstream_connection import Connection, Silent
from edgewise.errors import LinkError, UserError

ERROR_BYTES = 64 * 1024
_PLAIN = ("", "identity")
_PRINTABLE = re.compile(r"[!-~]*")
_OVERLOADED = frozenset({408, 409, 425, 429})
_OURS = frozenset({401, 402, 403, 404, 405})
"""Statuses that blame our key, our account there or our settings, never the caller."""


_SILENT = "it does not answer when it is asked for its models"
_ADVICE = {
    401: "its key is missing or wrong",
    403: "its key may not do that there",
    404: "is its url right? it usually ends in /v1; or has it no model of that name?",
}
_CODE = re.compile(r"[A-Za-z0-9_.\-]{1,64}")


class _Plain(Struct):
    message: str
    code: Any = None


class _Nested(Struct):
    error: _Plain | str


class _Stale(Away):
    """The backend ended a kept connection just when a request went out over it."""


class Upstream:
    """One server. Made within an event loop; `close` it. Raises UserError for what is no key."""

    def __init__(self, config: BackendConfig, key: str = "") -> None:
        if not _PRINTABLE.fullmatch(key):
            said = f"backend {config.name!r}: its key holds blanks or characters that no key has"
            raise UserError(f"{said}; set {config.key_env} anew", code="bad_config")
        self._config = config
        self._connections = Connections(config.url, config.most_connections, config.connect_s)
        parts = urlsplit(config.url)
        self._path = parts.path.rstrip("/")
        self._fields = f"Host: {parts.netloc.rpartition('@')[2]}\r\nAccept-Encoding: identity\r\n"
        if key:
            self._fields += f"Authorization: Bearer {key}\r\n"

    @property
    def config(self) -> BackendConfig:
        return self._config

    async def post(
        self,
        path: str,
        body: bytes,
        request_id: str,
        line: Line | None = None,
        content_type: str = JSON,
    ) -> Reply:
        """See `Backend.post`."""
        line = line or Line()
        about = f"x-request-id: {request_id}\r\nContent-Type: {content_type}\r\n"
        head = self._head(f"POST {self._path}{path}", about, len(body))
        try:
            return await self._ask(head, body, line)
        except _Stale:
            return await self._ask(head, body, line, is_new=True)

    async def _ask(self, head: bytes, body: bytes, line: Line, *, is_new: bool = False) -> Reply:
        line.closed()
        connection = await self._connection(is_new=is_new)
        try:
            line.opened(connection.close_half)
        except LinkError as error:
            self._connections.give(connection)
            raise Away(str(error)) from error
        connection.send(head, body)
        try:
            await self._begun(connection)
        except asyncio.CancelledError:
            if not line.leave(lambda: self._rest(connection, line)):
                connection.abort()
            raise
        return await self._answer(connection, line)

    async def ailing(self) -> Away | None:
        """Whether it does not list its models."""
        limit_s = self._config.connect_s
        try:
            connection = await self._connections.take(limit_s)
        except (LinkError, OSError):
            return Away(_SILENT, cause=Cause.CHECK)
        try:
            connection.send(self._head(f"GET {self._path}/models", "", 0), b"")
            await connection.head(limit_s)
            async with asyncio.timeout(limit_s):
                while await connection.read(limit_s):
                    pass
        except (LinkError, TimeoutError):
            return Away(_SILENT, cause=Cause.CHECK)
        else:
            status = connection.status
            if status < 500 and status not in MISSET:
                return None
            said = f"{self._config.name} answered {_advised(status)}"
            return Away(said, status, cause=Cause.ANSWERED)
        finally:
            self._connections.give(connection)

    async def close(self) -> None:
        self._connections.close()
        await asyncio.sleep(0)  # their transports end with the next turn of the loop

    def _head(self, asked: str, about: str, size_bytes: int) -> bytes:
        if size_bytes:
            about += f"Content-Length: {size_bytes}\r\n"
        return f"{asked} HTTP/1.1\r\n{self._fields}{about}\r\n".encode("latin-1")

    async def _connection(self, *, is_new: bool) -> Connection:
        """Raises Away. To wait for one of ours is no fault of the backend's."""
        try:
            return await self._connections.take(self._config.first_byte_s, is_new=is_new)
        except Busy as error:
            raise Away(f"{error} (to {self._config.name})", 429, cause=Cause.BUSY) from error
        except OSError as error:
            said = f"{self._config.name} can not be reached: {error}"
            raise Away(said, cause=Cause.UNREACHABLE) from error

    async def _begun(self, connection: Connection) -> None:
        """Wait until the answer has begun. Raises Away: a backend that says 200 and dies has
        answered nothing yet, and another can be asked."""
        name, first_byte_s = self._config.name, self._config.first_byte_s
        try:
            await connection.head(first_byte_s)
            await connection.begin(first_byte_s)
        except Silent as error:
            connection.abort()
            said = f"{name} did not begin to answer within {first_byte_s:g} s"
            raise Away(said, is_slow=True) from error
        except LinkError as error:
            connection.abort()
            kind = _Stale if connection.is_stale else Away
            said = f"{name} can not be reached: {error}"
            raise kind(said, cause=Cause.UNREACHABLE) from error

    async def _answer(self, connection: Connection, line: Line) -> Reply:
        """The answer that has begun. Raises as `Backend.post`. It gives the connection back: who is
        cancelled here has none any more, since that may be another's by then."""
        name = self._config.name
        coding = connection.header(b"content-encoding")
        if connection.status == 200 and coding in _PLAIN:
            return UpstreamReply(connection, self._connections, self._config, line)
        line.closed()
        try:
            if coding not in _PLAIN:
                raise Away(f"{name} answers in the coding {coding[:40]!r}; turn that off there")
            await self._raise(connection)
        finally:
            self._connections.give(connection)

    async def _rest(self, connection: Connection, line: Line) -> Reply:
        """The same for who reads on after a cancellation; is that cancelled too, all ends."""
        try:
            await self._begun(connection)
        except asyncio.CancelledError:
            connection.abort()
            raise
        return await self._answer(connection, line)

    async def _raise(self, connection: Connection) -> NoReturn:
        """Turn a status into Away (ask another) or Refused (the request is at fault). What the
        upstream says goes to the caller of a request at fault and nowhere else: it may hold words
        of a prompt, or our key."""
        raw = b""
        limit_s = self._config.connect_s
        with suppress(LinkError, TimeoutError):
            async with asyncio.timeout(limit_s):
                while len(raw) < ERROR_BYTES and (data := await connection.read(limit_s)):
                    raw += data
        status = connection.status
        said, code = _message_of(raw)
        if status >= 500 or status in _OVERLOADED or status in _OURS or status < 400:
            wait_s = _seconds(connection.header(b"retry-after"))
            said = f"{self._config.name} answered {_advised(status, code)}"
            raise Away(said, status, wait_s, cause=Cause.ANSWERED)
        raise Refused(status, "upstream_refused", said or f"the upstream answered {status}")


class UpstreamReply:
    """An answer of one server."""

    __slots__ = ("_config", "_connection", "_connections", "_line")

    def __init__(
        self, connection: Connection, connections: Connections, config: BackendConfig, line: Line
    ) -> None:
        self._connection = connection
        self._connections = connections
        self._config = config
        self._line = line

    @property
    def is_stream(self) -> bool:
        return self.content_type.startswith("text/event-stream")

    @property
    def content_type(self) -> str:
        return self._connection.header(b"content-type")

    async def read(self) -> bytes:
        try:
            return await self._connection.read(self._config.idle_s)
        except Silent as error:
            said = f"{self._config.name} said nothing for {self._config.idle_s:g} s"
            raise LinkError(said) from error
        except LinkError as error:
            raise LinkError(f"{self._config.name} broke off: {error}") from error

    def stop(self) -> bool:
        self._line.is_left = True
        return self._connection.close_half()

    async def close(self, *, is_whole: bool = False) -> None:
        self._line.ended()
        give = self._connections.give_at_end if is_whole else self._connections.give
        give(self._connection)


def _advised(status: int, code: str = "") -> str:
    """A status and its code, with what they most likely say of our settings."""
    said = f"{status} {code}".rstrip()
    return f"{said}: {_ADVICE[status]}" if status in _ADVICE else said


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
