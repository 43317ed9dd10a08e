"""Events of the Wyoming protocol on one connection, bounded both ways.

An event is a line of JSON, then as many bytes of data (JSON) and of payload as the line says
(github.com/OHF-Voice/wyoming, README "Format"). The package's own reader takes any length and waits
for ever; here each part has a limit, an event that has begun must be complete in time, and a peer
that does not read is cut. It knows no event's meaning.
"""

import asyncio
from typing import Any

import msgspec
from msgspec import Struct
from wyoming.event import Event, Eventable, async_write_event

from edgewise.errors import LinkError

LINGER_S = 1.0
LINGER_BYTES = 8 << 20


class Bounds(Struct, frozen=True):
    """Of one connection: the parts of an event in bytes; `idle_s` between two events, `frame_s` for
    one that has begun, `write_s` until the peer has taken what it is sent."""

    line_bytes: int = 16 << 10
    data_bytes: int = 64 << 10
    payload_bytes: int = 1 << 20
    idle_s: float = 300.0
    frame_s: float = 10.0
    write_s: float = 10.0


class _Line(Struct):
    type: str
    data: dict[str, Any] = {}
    data_length: int | None = None
    payload_length: int | None = None


class Wire:
    """One connection. One reader at a time; any number may write."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, bounds: Bounds
    ) -> None:
        """`reader` must have been made with the limit `bounds.line_bytes`."""
        self._reader = reader
        self._writer = writer
        self._bounds = bounds

    @property
    def peer(self) -> str:
        """The address at the other end; empty when it is gone already."""
        name = self._writer.get_extra_info("peername")
        return str(name[0]) if name else ""

    async def read(self) -> Event | None:
        """The next event; None when the peer has ended.

        Raises LinkError: `bad_event` for what is none or is over a limit, `peer_slow`, `link_lost`.
        """
        try:
            async with asyncio.timeout(self._bounds.idle_s):
                first = await self._reader.read(1)
        except TimeoutError as error:
            told = f"nothing came for {self._bounds.idle_s:g} s; connect again when there is"
            raise LinkError(told, code="peer_slow") from error
        except OSError as error:
            raise LinkError(f"the connection was lost: {error}", code="link_lost") from error
        if not first:
            return None
        try:
            async with asyncio.timeout(self._bounds.frame_s):
                return await self._event(first)
        except TimeoutError as error:
            told = f"an event took more than {self._bounds.frame_s:g} s; send it at once"
            raise LinkError(told, code="peer_slow") from error
        except (asyncio.IncompleteReadError, OSError) as error:
            raise LinkError("the connection ended within an event", code="link_lost") from error

    async def write(self, event: Eventable) -> None:
        """Send an event. Raises LinkError (`peer_slow`, `link_lost`); then it is cut."""
        try:
            async with asyncio.timeout(self._bounds.write_s):
                await async_write_event(event.event(), self._writer)
        except TimeoutError as error:
            self.cut()
            told = f"the peer took nothing for {self._bounds.write_s:g} s"
            raise LinkError(told, code="peer_slow") from error
        except (OSError, RuntimeError) as error:
            self.cut()
            raise LinkError(f"the connection was lost: {error}", code="link_lost") from error

    def cut(self) -> None:
        """End it now, whatever waits to be sent."""
        self._writer.transport.abort()

    async def close(self) -> None:
        """End it when what was written is sent, or can not be. What still comes is thrown away for
        a moment: closing over it would take back what was sent last, an error for one."""
        try:
            async with asyncio.timeout(LINGER_S):
                if self._writer.can_write_eof():
                    self._writer.write_eof()
                left = LINGER_BYTES
                while left > 0 and (more := await self._reader.read(1 << 16)):
                    left -= len(more)
        except (TimeoutError, OSError):
            pass
        self._writer.close()
        try:
            async with asyncio.timeout(self._bounds.write_s):
                await self._writer.wait_closed()
        except (TimeoutError, OSError):
            self.cut()

    async def _event(self, first: bytes) -> Event:
        try:
            text = first if first == b"\n" else first + await self._reader.readline()
        except ValueError as error:
            raise _refused(f"a line of more than {self._bounds.line_bytes:,} bytes") from error
        line = _decoded(text, _Line, "a line")
        data = line.data
        if length := self._checked("data", line.data_length, self._bounds.data_bytes):
            more = await self._reader.readexactly(length)
            data = {**data, **_decoded(more, dict[str, Any], "data")}
        payload: bytes | None = None
        if length := self._checked("payload", line.payload_length, self._bounds.payload_bytes):
            payload = await self._reader.readexactly(length)
        return Event(line.type, data, payload)

    def _checked(self, name: str, length: int | None, most: int) -> int:
        if not 0 <= (length or 0) <= most:
            raise _refused(f"a {name} of {length:,} bytes; the limit is {most:,}")
        return length or 0


def _decoded(text: bytes, kind: Any, name: str) -> Any:
    try:
        return msgspec.json.decode(text, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _refused(f"{name} that is not as in the protocol: {error}") from error


def _refused(found: str) -> LinkError:
    return LinkError(f"no event of the Wyoming protocol: {found}", code="bad_event")
