"""Who calls the device API, and what each of them may use.

Three callers. The `owner` holds the file `token`: the person's own command line. A `page` holds a
key that was made from a launch code: the cockpit in front of the person. A `program` holds the file
`program-token`: anything else. What a program may use is a list; whatever is not in it is refused,
so that a new route is the person's until someone decides otherwise.

A program has no seat, speaks and reads in sessions of its own only, and cannot say yes for the
person. It cannot be told apart from the person by the operating system: whoever runs as the same
user can read both files. Give a program that is not trusted the program's token alone, and run it
as another user or in a sandbox.
"""

import re
from enum import StrEnum

from msgspec import UNSET, UnsetType
from starlette.requests import Request as HttpRequest

from edgewise.core.message import Channel, Speaker
from edgewise.core.zone import Zone
from edgewise.device.wire import ApiError

PROGRAM_SESSIONS = "program."
MCP_SESSIONS = "mcp."
PROGRAM_STATE = "Vehicle"

_TURN = "/v1/agent/turns/{turn}"
_HANGUP = re.compile(r"/v1/realtime/calls/[^/]+/hangup")
_PROGRAM_MAY = frozenset(
    {
        ("GET", "/openapi.json"),
        ("GET", "/v1/health"),
        ("POST", "/v1/agent/turns"),
        ("GET", "/v1/agent/turns"),
        ("GET", "/v1/agent/turns/stream"),
        ("GET", _TURN),
        ("DELETE", _TURN),
        ("POST", "/v1/agent/calls"),
        ("GET", "/v1/agent/capabilities"),
        ("GET", "/v1/agent/rules"),
        ("GET", "/v1/agent/state"),
        ("GET", "/v1/agent/state/stream"),
        ("GET", "/v1/realtime"),
        ("POST", "/v1/realtime/calls"),
    }
)


class Caller(StrEnum):
    """By which credential a request came."""

    OWNER = "owner"
    PAGE = "page"
    PROGRAM = "program"


def caller_of(request: HttpRequest) -> Caller:
    """Who calls, as the guard found; without a guard a program, who has the fewest rights."""
    return request.scope.get("caller") or Caller.PROGRAM


def program_may(method: str, path: str) -> bool:
    """Whether a program may use the route; `path` may hold a turn's or call's id, or `{turn}`."""
    if (method, path) in _PROGRAM_MAY:
        return True
    if method == "POST" and _HANGUP.fullmatch(path):
        return True
    turns, _, turn = path.rpartition("/")
    return turns == "/v1/agent/turns" and bool(turn) and (method, _TURN) in _PROGRAM_MAY


def check_route(caller: Caller, method: str, path: str) -> None:
    """Raises ApiError (403) when the caller may not use this route: at `/mcp` only programs are
    served, elsewhere a program only where `program_may`."""
    if path == "/mcp" or path.startswith("/mcp/"):
        if caller is not Caller.PROGRAM:
            raise ApiError(
                403,
                "program_token_needed",
                f"/mcp is for programs; this request carries the key of the {caller.value}",
                "send the token of the file program-token in the device's data folder",
            )
    elif caller is Caller.PROGRAM and not program_may(method, path):
        raise ApiError(
            403,
            "not_for_programs",
            f"a program may not use {method} {path[:80]}; it is for the person at the device",
            "let the person do it in the cockpit, or with the file token on their own command line",
        )


def session_of(caller: Caller, named: str) -> str:
    """The session that the caller means by `named`; a program's are apart from all others.

    Raises ApiError (400) when a person names a program's: what one says there the other would read.
    """
    if caller is Caller.PROGRAM:
        return PROGRAM_SESSIONS + named
    if named.startswith((PROGRAM_SESSIONS, MCP_SESSIONS)):
        raise ApiError(
            400,
            "reserved_session",
            f"session: {named!r} begins like the sessions of programs",
            f"choose a name that does not begin with {PROGRAM_SESSIONS!r} or {MCP_SESSIONS!r}",
        )
    return named


def speaker_of(caller: Caller, zone: str | UnsetType | None) -> Speaker:
    """Who speaks. The person says in which seat, by default the driver's; a program has none.

    Raises ApiError (403) when a program names a seat.
    """
    if caller is Caller.PROGRAM:
        if zone:
            raise ApiError(
                403,
                "no_seat",
                f"zone: a program sits in no seat, so it can not speak from {zone!r}",
                "leave zone out; the device treats a program as a person of unknown seat",
            )
        return Speaker(None, Channel.API)
    if zone is UNSET:
        return Speaker(Zone.DRIVER, Channel.TYPED)
    return Speaker(Zone(zone) if zone else None, Channel.TYPED)


def may_read(caller: Caller, session: str) -> bool:
    """Whether the caller may see turns of `session` and end them."""
    return caller is not Caller.PROGRAM or session.startswith(PROGRAM_SESSIONS)


def readable(caller: Caller, prefixes: tuple[str, ...]) -> tuple[str, ...]:
    """Which of the device's prefixes the caller may read: a program those of the car only."""
    if caller is not Caller.PROGRAM:
        return prefixes
    return tuple(prefix for prefix in prefixes if prefix == PROGRAM_STATE)
