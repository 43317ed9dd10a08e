"""What a request to the console must be: from our own page, signed in, and of somebody who may.

A session's token comes in the `Authorization` header alone, which no page of another origin can
set; so nothing can be forged across sites (decision 0009). `Guard` refuses, before that and
besides, names that are not ours (against DNS rebinding) and requests that a browser says come from
elsewhere.

Each piece of work runs in a thread, in one transaction with the look at the session and the role.
"""

import asyncio
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct
from sqlalchemy import Connection
from starlette.requests import Request

from edgewise.cloud.accounts import role_of
from edgewise.cloud.answers import refusal
from edgewise.cloud.chat import decode
from edgewise.cloud.console.sessions import account_of_session
from edgewise.cloud.doors import Message, Receive, Scope, Send, header, read_body
from edgewise.cloud.operators import is_operator
from edgewise.cloud.refusal import Refused, bad_request
from edgewise.cloud.revision import lock_revision
from edgewise.cloud.roles import Action, Role, check_role
from edgewise.cloud.service import Cloud
from edgewise.web.headers import HEADERS

BODY_BYTES = 64 * 1024

Value = TypeVar("Value")
Body = TypeVar("Body", bound=Struct)
Found = TypeVar("Found")


class Member(Struct, frozen=True):
    """Who asks, in the organisation that the address names."""

    account: str
    organisation: str
    role: Role


class Guard:
    """Lets our own page through, and gives every reply its headers."""

    def __init__(self, app: Callable[[Scope, Receive, Send], Any]) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = list(message["headers"])
                if not any(name.lower() == b"cache-control" for name, _ in given):
                    given.append((b"cache-control", b"no-cache"))  # a file may change with Edgewise
                message = {**message, "headers": [*given, *HEADERS]}
            await send(message)

        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})  # nothing here speaks it
            return
        try:
            check_own(scope, scope["app"].state.cloud.config.public_url)
        except Refused as refused:
            await refusal(Request(scope), refused)(scope, receive, send_with_headers)
            return
        await self._app(scope, receive, send_with_headers)


def check_own(scope: Scope, public_url: str) -> None:
    """Raises Refused (403) for a name that is not ours or a request from another page."""
    host = header(scope, b"host")
    if not is_own_host(host, public_url):
        raise Refused(
            403,
            "foreign_host",
            f"the console is not called {host[:80]!r}; open it by its address in numbers, as"
            " localhost, or by the public_url of cloud.toml",
        )
    origin = header(scope, b"origin")
    site = header(scope, b"sec-fetch-site")
    if (origin and not _is_own_origin(origin, host, public_url)) or site == "cross-site":
        if scope["method"] == "GET" and header(scope, b"sec-fetch-mode") == "navigate":
            return  # a link that leads here
        raise Refused(403, "foreign_origin", "the console answers its own page alone; open it")


def is_own_host(host: str, public_url: str) -> bool:
    """Whether a `Host` is ours: an address in numbers (no name leads elsewhere first), localhost,
    or the host of `public_url`."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    if name == "localhost" or (public_url and host == urlsplit(public_url).netloc):
        return True
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _is_own_origin(origin: str, host: str, public_url: str) -> bool:
    given = urlsplit(public_url)
    if public_url and origin == f"{given.scheme}://{given.netloc}":
        return True
    return origin == f"http://{host}"


def token_in(request: Request) -> str:
    """The session's token. Raises Refused (401) when there is none."""
    scheme, _, token = header(request.scope, b"authorization").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise signed_out()
    return token.strip()


def signed_out() -> Refused:
    """A 401: no session, or one that is over."""
    said = "nobody is signed in here, or the session is over; sign in again"
    return Refused(401, "signed_out", said)


async def body_of(request: Request, kind: type[Body]) -> Body:
    """The body as the value it must be. Raises Refused: 415 for no JSON, 400 naming the field."""
    given = header(request.scope, b"content-type").partition(";")[0].strip().lower()
    if given != "application/json":
        raise Refused(415, "not_json", "send the body as application/json")
    raw = await read_body(request.scope, request.receive, BODY_BYTES)
    return decode(raw, msgspec.json.Decoder(kind))


def query_of(request: Request, kind: type[Body]) -> Body:
    """The query as the value it must be. Raises Refused (400)."""
    try:
        return msgspec.convert(dict(request.query_params), kind, strict=False)
    except msgspec.ValidationError as error:
        said, _, path = str(error).partition(" - at `$")
        raise bad_request(said, path.strip("`.") or None) from error


async def in_thread(work: Callable[[], Value]) -> Value:
    """Do what waits for the database beside the event loop."""
    return await asyncio.to_thread(work)


async def signed_in(
    request: Request, work: Callable[[Connection, str], Value], *, changes: bool = False
) -> Value:
    """Do something for the account that is signed in. Raises Refused (401)."""
    cloud: Cloud = request.app.state.cloud
    token = token_in(request)

    def run() -> Value:
        with cloud.database.begin() if changes else cloud.database.read() as connection:
            account = account_of_session(connection, token, now_s=cloud.clock.now())
            if account is None:
                raise signed_out()
            return work(connection, account)

    return await in_thread(run)


async def read(
    request: Request, work: Callable[[Connection, Member], Value], action: Action = Action.READ
) -> Value:
    """Read something of the organisation in the address, if the role allows `action`."""
    return await signed_in(
        request, lambda c, account: work(c, _member(request, c, account, action))
    )


async def change(
    request: Request, action: Action, work: Callable[[Connection, Member], Value]
) -> Value:
    """Change something of the organisation in the address, if the role allows `action`."""
    return await signed_in(
        request, lambda c, account: work(c, _member(request, c, account, action)), changes=True
    )


async def operate(
    request: Request, work: Callable[[Connection, str], Value], *, changes: bool = False
) -> Value:
    """Do something for the platform's operator who is signed in. Raises Refused (401, 403)."""

    def run(connection: Connection, account: str) -> Value:
        if changes:
            lock_revision(connection)  # two operators who shut each other out: the first one holds
        if not is_operator(connection, account):
            said = "this is for the platform's operators; `edgewise cloud operator` names them"
            raise Refused(403, "forbidden", said)
        return work(connection, account)

    return await signed_in(request, run, changes=changes)


def _member(request: Request, connection: Connection, account: str, action: Action) -> Member:
    """Who is no member is told what is told of an organisation that is not there."""
    organisation: str = request.path_params["organisation"]
    role = role_of(connection, organisation, account)
    if role is None:
        said = "you are in no organisation of that id; the console's first page lists yours"
        raise Refused(404, "not_found", said)
    check_role(role, action)
    return Member(account, organisation, role)
