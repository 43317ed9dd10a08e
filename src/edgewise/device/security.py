"""What a request to the device API must be: from here, with a key, small, JSON; and its headers.

The API listens on loopback, yet every web page in a browser on the same machine can send requests
there. What stands against that, in order: the `Host` must be a loopback name (DNS rebinding); a
browser must say that the request comes from our own origin (`Origin`, `Sec-Fetch-Site`); a body
must be JSON by its `Content-Type`, which no HTML form can send (but the offer of a call); and a
secret must come in the `Authorization` header, which no foreign page can set and no cookie carries,
so that there is nothing to forge across sites. Why no cookie: cookies do not tell ports apart,
another program's page on the same machine would be sent ours (docs/decisions/0006).

A WebSocket is held to the same, and like a call to its key for as long as it is open
(`scope["holds"]`): host, origin and key; a page's key comes as a subprotocol, since a browser sets
no header there (`web/websocket.py`).

Whose a key is says `doorkeeper.py`; which caller may use which route, `callers.py`.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import msgspec

from edgewise.device.callers import Caller, check_route
from edgewise.device.doorkeeper import Doorkeeper
from edgewise.device.wire import ApiError, ErrorReply
from edgewise.perceive.document import MOST_BYTES
from edgewise.perceive.see import MOST_BYTES as MOST_PICTURE_BYTES
from edgewise.web.headers import TALKING
from edgewise.web.websocket import secret_in

BODY_LIMIT_BYTES = 64 * 1024
PICTURES_LIMIT_BYTES = MOST_PICTURE_BYTES * 4 // 3 + 1024
TURN_LIMIT_BYTES = 2 * MOST_BYTES + PICTURES_LIMIT_BYTES + BODY_LIMIT_BYTES
"""Of a turn's body: in JSON a text may be twice as long as it is, a picture is a third longer."""
TURNS = "/v1/agent/turns"
BODY_S = 10.0
LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
PROTECTED = ("/v1/", "/mcp", "/openapi.json")
OPEN = frozenset({"/v1/health", "/v1/launch/redeem"})
SOCKETS = frozenset({"/v1/realtime"})
CALLS = "/v1/realtime/calls"
"""Takes an offer as it is or as a form, and no body below it (`calls_door.py`)."""

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Guard:
    """ASGI middleware: refuses what `security` refuses and adds the headers to every reply.

    It leaves `scope["caller"]` (see `Doorkeeper.caller`) for the routes.
    """

    def __init__(self, app: App, doorkeeper: Doorkeeper, body_s: float = BODY_S) -> None:
        self._app = app
        self._doorkeeper = doorkeeper
        self._body_s = body_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await self._open_socket(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = list(message.get("headers", ()))
                if all(name.lower() != b"cache-control" for name, _ in given):
                    given.append((b"cache-control", b"no-cache"))
                message["headers"] = [*given, *TALKING]
            await send(message)

        try:
            headers = _headers(scope)
            check_host(headers)
            if scope["path"].startswith(PROTECTED):
                check_origin(headers, scope["method"])
                authorization = headers.get("authorization", "")
                caller = self._admit(authorization, scope["method"], scope["path"])
                scope["caller"], scope["holds"] = caller, self._holds(authorization, caller)
            receive = await self._read_in_time(scope, headers, receive)
        except ApiError as error:
            await _refuse(error, send_with_headers)
            return
        await self._app(scope, receive, send_with_headers)

    async def _read_in_time(
        self, scope: Scope, headers: dict[str, str], receive: Receive
    ) -> Receive:
        try:
            async with asyncio.timeout(self._body_s):
                return await read_within_limit(scope, headers, receive)
        except TimeoutError as error:
            raise ApiError(
                408,
                "body_too_slow",
                f"the body was not there within {self._body_s:g} s",
                "send it at once",
                {"Connection": "close"},
            ) from error

    async def _open_socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What a connection to `SOCKETS` must be; any other path takes none."""
        try:
            if scope["path"] not in SOCKETS:
                raise ApiError(
                    404, "no_such_route", "no WebSocket is here", "there is /v1/realtime"
                )
            headers = _headers(scope)
            check_host(headers)
            check_origin(headers, "GET")
            authorization = headers.get("authorization", "")
            if secret := secret_in(scope.get("subprotocols", ())):
                authorization = authorization or f"Bearer {secret}"
            caller = self._admit(authorization, "GET", scope["path"])
        except ApiError as error:
            await denial(error, scope, send)
            return
        scope["caller"] = caller
        scope["holds"] = self._holds(authorization, caller)
        await self._app(scope, receive, send)

    def _holds(self, authorization: str, caller: Caller | None) -> Callable[[], bool]:
        return lambda: self._doorkeeper.caller(authorization) is caller

    def _admit(self, authorization: str, method: str, path: str) -> Caller | None:
        caller = self._doorkeeper.caller(authorization)
        if caller is not None:
            check_route(caller, method, path)
        elif path not in OPEN:
            raise ApiError(
                401,
                "not_authorized",
                "the request carries no valid key",
                "send 'Authorization: Bearer <token>' with the token of the file program-token in"
                " the device's folder, or open the cockpit by the address printed at its start",
                {"WWW-Authenticate": "Bearer"},
            )
        return caller


def check_host(headers: dict[str, str]) -> None:
    """Raises ApiError (421) unless the request is addressed to a loopback name."""
    host = headers.get("host", "")
    name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
    if name.lower() not in LOOPBACK_NAMES:
        raise ApiError(
            421,
            "wrong_host",
            f"the request is addressed to {host[:80]!r}; this device answers as 127.0.0.1,"
            " localhost and [::1] only",
            "use http://127.0.0.1 and the device's port",
        )


def check_origin(headers: dict[str, str], method: str) -> None:
    """Raises ApiError (403) for a request that a page of another origin caused."""
    origin = headers.get("origin")
    own = f"http://{headers.get('host', '')}"
    site = headers.get("sec-fetch-site", "same-origin")
    typed_address = site == "none" and method in ("GET", "HEAD")
    if (origin is not None and origin != own) or not (site == "same-origin" or typed_address):
        raise ApiError(
            403,
            "foreign_origin",
            f"the request comes from the page of another origin ({(origin or site)[:80]!r})",
            "use the device's own page, or a program with the device's token",
        )


async def read_within_limit(scope: Scope, headers: dict[str, str], receive: Receive) -> Receive:
    """Reads the body and returns a `receive` that gives it again.

    Raises ApiError: 413 over the limit, 415 without a JSON content type, 400 for bytes that are
    not UTF-8; what an offer must be is `CALLS`' own affair.
    """
    body = bytearray()
    limit = TURN_LIMIT_BYTES if scope["path"] == TURNS else BODY_LIMIT_BYTES
    declared = headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        raise _too_large(int(declared), limit)
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return _replay([message], receive)
        body += message.get("body", b"")
        if len(body) > limit:
            raise _too_large(len(body), limit)
        if not message.get("more_body", False):
            break
    is_call = scope["path"] == CALLS or (scope["path"].startswith(f"{CALLS}/") and not body)
    if scope["method"] in ("POST", "PUT", "PATCH") and not is_call:
        _check_json_text(headers, bytes(body))
    return _replay([{"type": "http.request", "body": bytes(body), "more_body": False}], receive)


def _check_json_text(headers: dict[str, str], body: bytes) -> None:
    content_type = headers.get("content-type", "")
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise ApiError(
            415,
            "wrong_content_type",
            f"the body's Content-Type is {content_type[:80] or 'missing'!r}",
            "send the header 'Content-Type: application/json' and a JSON body in UTF-8",
        )
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ApiError(
            400,
            "not_utf8",
            f"the body is not UTF-8: byte {error.start} is 0x{body[error.start]:02x}",
            "encode the body as UTF-8",
        ) from error


def _replay(messages: list[Message], receive: Receive) -> Receive:
    async def again() -> Message:
        return messages.pop(0) if messages else await receive()

    return again


def _too_large(size_bytes: int, limit: int) -> ApiError:
    return ApiError(
        413,
        "body_too_large",
        f"the body has {size_bytes} bytes or more; the limit is {limit}",
        "send a shorter body",
    )


def _headers(scope: Scope) -> dict[str, str]:
    """Header values by lower-case name. Raises ApiError (400) when one that decides is repeated."""
    found: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name = raw_name.decode("latin-1").lower()
        if name in found and name in ("host", "origin", "authorization", "content-type"):
            raise ApiError(
                400, "repeated_header", f"the header {name!r} is given twice", "give it once"
            )
        found[name] = raw_value.decode("latin-1")
    return found


async def denial(error: ApiError, scope: Scope, send: Send) -> None:
    """Refuse a WebSocket before it is one, with the body that any request would get."""
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1008})
        return

    async def as_denial(message: Message) -> None:
        await send({**message, "type": f"websocket.{message['type']}"})

    await _refuse(error, as_denial)


async def _refuse(error: ApiError, send: Send) -> None:
    body = msgspec.json.encode(ErrorReply(error.problem))
    headers = {
        "content-type": "application/json",
        "content-length": str(len(body)),
        "cache-control": "no-store",
        **error.headers,
    }
    encoded = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": error.status, "headers": encoded})
    await send({"type": "http.response.body", "body": body})
