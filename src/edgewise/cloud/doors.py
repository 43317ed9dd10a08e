"""What a request to the platform must be: with a key, within its size and time; and its headers.

A key comes in `Authorization: Bearer KEY` (OpenAI's clients) or `x-api-key` (Anthropic's), and in
no other way: no cookie opens the API, so there is nothing to forge across sites. A body that is
said to be too large is refused before it is read, one that turns out so while it is read; all that
are read at once share a bound (`body_room.py`).
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import msgspec
from starlette.requests import Request

from edgewise.cloud.body_room import FREE_BYTES, BodyRoom
from edgewise.cloud.caller import Caller
from edgewise.cloud.chat import too_large
from edgewise.cloud.refusal import Refused, bad_request, body_of, wrong_key
from edgewise.web.connection import LOST, TellLost

BODY_S = 60.0
JSON_HEADERS = ((b"content-type", b"application/json"), (b"cache-control", b"no-store"))

_room = BodyRoom()  # of this process

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Find = Callable[[str], Caller | None]


def header(scope: Scope, name: bytes) -> str:
    """A header's value, empty when it is not there. Raises Refused (400) for one given twice."""
    found = ""
    seen = False
    for key, value in scope["headers"]:
        if key == name:
            if seen:
                raise bad_request(f"the header {name.decode()!r} is given twice; give it once")
            found, seen = value.decode("latin-1"), True
    return found


def secret_in(scope: Scope) -> str:
    """The key that a request carries, empty for none."""
    scheme, _, given = header(scope, b"authorization").partition(" ")
    if scheme.lower() == "bearer" and given.strip():
        return given.strip()
    return header(scope, b"x-api-key").strip()


def admit(scope: Scope, find: Find) -> Caller:
    """Who calls. Raises Refused (401)."""
    secret = secret_in(scope)
    caller = find(secret) if secret else None
    if caller is None:
        raise wrong_key()
    scope["caller"] = caller
    return caller


def caller_of(request: Request) -> Caller:
    """Who calls. Raises Refused (401)."""
    known: Caller | None = request.scope.get("caller")
    return known or admit(request.scope, request.app.state.cloud.find)


async def read_body(
    scope: Scope, receive: Receive, limit_bytes: int, room: BodyRoom = _room
) -> bytes:
    """The whole body. Raises Refused: 413 when it is or is said to be over the limit, 408 when it
    does not come in time, 499 when the client left before it was whole, 429 or 503 when too many
    large ones are read at once."""
    said = header(scope, b"content-length")
    if said and int(said) > limit_bytes:
        raise too_large(limit_bytes)
    try:
        async with asyncio.timeout(BODY_S):
            message = await _next(receive)
            part: bytes = message.get("body", b"")
            if len(part) > limit_bytes:
                raise too_large(limit_bytes)
            if not message.get("more_body", False):
                return part
            caller: Caller | None = scope.get("caller")
            whose = "" if caller is None else caller.project
            return await _read_parts(receive, part, limit_bytes, room, whose)
    except TimeoutError as error:
        raise Refused(
            408,
            "body_too_slow",
            f"the body was not there within {BODY_S:g} s; send it at once",
        ) from error


async def _read_parts(
    receive: Receive, first: bytes, limit_bytes: int, room: BodyRoom, whose: str
) -> bytes:
    """A body of several messages; what is over `FREE_BYTES` takes room while it is read."""
    parts = [first]
    size = len(first)
    taken = 0
    more = True
    try:
        while more:
            message = await _next(receive)
            part: bytes = message.get("body", b"")
            more = message.get("more_body", False)
            size += len(part)
            if size > limit_bytes:
                raise too_large(limit_bytes)
            if size - FREE_BYTES > taken:
                room.take(whose, size - FREE_BYTES - taken)
                taken = size - FREE_BYTES
            parts.append(part)
        return b"".join(parts)
    finally:
        if taken:
            room.give(whose, taken)


async def read_json(request: Request, limit_bytes: int = 0) -> dict[str, Any]:
    """The body as a JSON object. Raises Refused: 400 when it is none, and as `read_body`."""
    limit = limit_bytes or request.app.state.cloud.config.body_limit_bytes
    raw = await read_body(request.scope, request.receive, limit)
    try:
        return msgspec.json.decode(raw, type=dict[str, Any])
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise bad_request(f"the body is not a JSON object: {error}", code="invalid_json") from error


class Left(Exception):
    """The client went away; there is nobody to answer."""


def while_client_stays(scope: Scope, receive: Receive) -> "_Staying":
    """A context that ends what is done within by Left as soon as the client goes away; the body
    must have been read before. Our own connections tell of their end; of another server's we hear
    by waiting for its next message."""
    tell: TellLost | None = scope.get("extensions", {}).get(LOST)
    return _Staying(tell or _Watch(receive))


class _Watch:
    """Waits for the end of a connection that tells it as ASGI has it."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._watching: asyncio.Task[None] | None = None

    def __call__(self, call: Callable[[], object] | None) -> None:
        if call is not None:
            self._watching = asyncio.create_task(self._watch(call))
        elif self._watching is not None:
            self._watching.cancel()

    async def _watch(self, call: Callable[[], object]) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        call()


class _Staying:
    __slots__ = ("_left", "_task", "_tell")

    def __init__(self, tell: TellLost) -> None:
        self._tell = tell
        self._left = False
        self._task: asyncio.Task[Any] | None = None

    def __enter__(self) -> None:
        self._task = asyncio.current_task()
        self._tell(self._leave)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        task, self._task = self._task, None
        self._tell(None)
        if not self._left or task is None or task.uncancel() > 0:
            return
        if kind is None or kind is asyncio.CancelledError:
            raise Left from None

    def _leave(self) -> None:
        if self._task is None or self._left:
            return
        if self._task is asyncio.current_task():  # told on entering: that must wait for its first
            asyncio.get_running_loop().call_soon(self._leave)  # wait, else it may land outside
            return
        self._left = True
        self._task.cancel()


def reply_headers(began: float, given: dict[str, str]) -> list[tuple[bytes, bytes]]:
    """`given` and how long it took, as ASGI wants headers."""
    found = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in given.items()]
    took_ms = int((time.perf_counter() - began) * 1000)
    found.append((b"openai-processing-ms", b"%d" % took_ms))
    return found


async def send_json(
    send: Send, body: bytes, headers: list[tuple[bytes, bytes]], status: int = 200
) -> None:
    """Send a JSON body."""
    length = (b"content-length", b"%d" % len(body))
    start = {"type": "http.response.start", "status": status}
    await send({**start, "headers": [*JSON_HEADERS, length, *headers]})
    await send({"type": "http.response.body", "body": body})


async def send_refusal(send: Send, refused: Refused, headers: list[tuple[bytes, bytes]]) -> None:
    """Send the error body of a refusal."""
    own = [(n.lower().encode(), v.encode("latin-1")) for n, v in refused.headers.items()]
    names = {name for name, _ in own}
    rest = [pair for pair in headers if pair[0] not in names]
    await send_json(send, body_of(refused), [*own, *rest], refused.status)


async def _next(receive: Receive) -> Message:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise Left
    return message
