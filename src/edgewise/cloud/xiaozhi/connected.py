"""A voice device that is connected: who may be, by which socket, which version, reached where."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from starlette.websockets import WebSocket, WebSocketDisconnect

from edgewise.cloud.caller import Caller
from edgewise.cloud.xiaozhi.presence import Live
from edgewise.errors import LinkError
from edgewise.talk.xiaozhi.framing import VERSIONS
from edgewise.talk.xiaozhi.messages import Hello
from edgewise.web import websocket

WRITE_S = 30.0
"""A device that takes nothing for so long is gone."""

TOO_LARGE = 1009
"""How a connection ends on which more came than the server reads (RFC 6455, 7.4.1)."""


class Admitted(Protocol):
    """A device that may connect. Without a `caller` it is nobody's, and has a `code`."""

    @property
    def caller(self) -> Caller | None: ...
    @property
    def device(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def language(self) -> str:
        """What it was set up in, as far as it tells."""
        ...


class Devices(Protocol):
    """Who is who among voice devices (`voice_devices.py`)."""

    public_url: str

    def admit(self, token: str, mac: str, client: str) -> Admitted:
        """Raises Refused (401), and counts it."""
        ...

    def enter(self, standing: Any, live: Live) -> Callable[[], None]:
        """The device is connected, until what is returned is called."""
        ...

    def refused(self, code: str) -> None:
        """Count it."""
        ...

    def camera_token(self, device: str) -> str:
        """That of its camera."""
        ...


@dataclass(frozen=True, slots=True)
class Connected:
    """One connection: whose, by which line, spoken how, reached at which address of ours."""

    admitted: Admitted
    line: "SocketLine"
    hello: Hello
    session: str
    version: int
    address: str
    live: Live


def address_of(socket: WebSocket) -> str:
    """Where the device reached us."""
    scheme = "https" if socket.url.scheme == "wss" else "http"
    return f"{scheme}://{socket.headers.get('host', socket.url.netloc)}"


def version_of(socket: WebSocket) -> int:
    """That of the binary frames. Raises LinkError for one that nobody knows."""
    given = socket.headers.get("protocol-version", "1").strip()
    if given not in map(str, VERSIONS):
        raise LinkError(
            f"Protocol-Version: {given[:20]!r}; 1, 2 and 3 are known", code="bad_version"
        )
    return int(given)


class SocketLine:
    """The socket as the link's line: one message at a time."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._sending = asyncio.Lock()

    async def receive(self) -> str | bytes | None:
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect" and message.get("code") == TOO_LARGE:
            raise LinkError("a message that was too large to be read", code="bad_frame")
        return websocket.content(message)

    async def send(self, message: str | bytes) -> None:
        try:
            async with asyncio.timeout(WRITE_S), self._sending:
                if isinstance(message, bytes):
                    await self._socket.send_bytes(message)
                else:
                    await self._socket.send_text(message)
        except TimeoutError as error:
            told = f"the device took nothing for {WRITE_S:g} s"
            raise LinkError(told, code="peer_slow") from error
        except (WebSocketDisconnect, RuntimeError) as error:
            raise LinkError("the device left", code="link_lost") from error
