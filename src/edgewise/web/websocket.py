"""A WebSocket of the realtime API: its key where no header can be set, its messages both ways.

A browser sets no headers on a WebSocket, so OpenAI takes the key as a subprotocol beside
`realtime`; the server answers with `realtime` alone, so the key is not sent back. The beta's
dialect is asked for by header or by a subprotocol of its own. It knows no event.
Source: OpenAI's realtime guide, "Connect via WebSocket", and its reference client.
"""

from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

PROTOCOL = "realtime"
_KEY = "openai-insecure-api-key."
_BETA = "openai-beta.realtime-v1"


def secret_in(subprotocols: Iterable[str]) -> str:
    """The key that stands among the subprotocols, empty for none."""
    found = [one.removeprefix(_KEY) for one in subprotocols if one.startswith(_KEY)]
    return found[0] if len(found) == 1 else ""


def asks_beta(headers: Mapping[str, str], subprotocols: Iterable[str]) -> bool:
    """Whether the client speaks the dialect from before GA."""
    given = headers.get("openai-beta", "")
    return "realtime=v1" in given.replace(" ", "") or _BETA in subprotocols


async def accept(socket: WebSocket) -> None:
    """Take the connection, in the protocol that the client offered."""
    offered: Iterable[str] = socket.scope.get("subprotocols", ())
    await socket.accept(PROTOCOL if PROTOCOL in offered else None)


async def receive(socket: WebSocket) -> str | bytes | None:
    """The next message; None when the client left."""
    return content(await socket.receive())


def content(message: MutableMapping[str, Any]) -> str | bytes | None:
    """What a message of the server's own interface (ASGI) holds; None when the client left."""
    if message["type"] == "websocket.disconnect":
        return None
    text: str | None = message.get("text")
    return text if text is not None else message.get("bytes")


async def send(socket: WebSocket, text: str) -> None:
    """Send a message. Raises ConnectionError when nobody is there any more."""
    try:
        await socket.send_text(text)
    except (WebSocketDisconnect, RuntimeError) as error:
        raise ConnectionError("the client left") from error


async def close(socket: WebSocket, code: int, reason: str) -> None:
    """Close it; one that is gone stays gone."""
    try:
        await socket.close(code, reason[:100])
    except (WebSocketDisconnect, RuntimeError):
        return
