"""Keys of developers and credentials of devices, as the console makes, changes and revokes them.

A member makes, changes and revokes keys of their own, within the platform's default limits; an
administrator every key.
"""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from edgewise.cloud.answers import answer
from edgewise.cloud.caller import Endpoint, Limits
from edgewise.cloud.console.doors import Member, body_of, change, read
from edgewise.cloud.keys import (
    Key,
    KeyState,
    Scope,
    change_key,
    find_key,
    list_keys,
    make_key,
    revoke_key,
)
from edgewise.cloud.roles import Action, check_role, may
from edgewise.cloud.service import Cloud
from edgewise.errors import UserError

Text = Annotated[str, Meta(min_length=1, max_length=300)]


class KeyScope(Struct, frozen=True, forbid_unknown_fields=True):
    """What a key may do; see `cloud.keys.Scope`."""

    models: tuple[str, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    limits: Limits | None = None
    expires_at: float | None = None


class NewKeyBody(Struct, frozen=True, forbid_unknown_fields=True):
    """A key to be: a developer's, or with `device` that device's credential."""

    project: Text
    name: Text
    device: str | None = None
    scope: KeyScope = KeyScope()


class KeyChange(Struct, frozen=True, forbid_unknown_fields=True):
    """Another name, or another scope as a whole."""

    name: Text | None = None
    scope: KeyScope | None = None


class ShownKey(Struct, frozen=True):
    """A key, its state, and whether it is the asker's own."""

    key: Key
    state: KeyState
    own: bool


class MadeKey(Struct, frozen=True):
    """A key just made; the secret is told this once."""

    key: ShownKey
    secret: str

    def __repr__(self) -> str:
        return f"MadeKey({self.key!r})"


def routes() -> list[BaseRoute]:
    """Their places below /console/api."""
    place = "/organisations/{organisation}/keys"
    return [
        Route(place, keys, methods=["GET"]),
        Route(place, make, methods=["POST"]),
        Route(f"{place}/{{key}}", change_it, methods=["PATCH"]),
        Route(f"{place}/{{key}}/revoke", revoke, methods=["POST"]),
    ]


async def keys(request: Request) -> Response:
    """The keys, newest first, revoked ones too, and the limits of one that has none of its own."""

    def find(connection: Connection, member: Member) -> list[ShownKey]:
        return [_shown(request, member, key) for key in list_keys(connection, member.organisation)]

    listed = await read(request, find)
    return answer(request, {"keys": listed, "defaults": _cloud(request).config.defaults})


async def make(request: Request) -> Response:
    """Make a key; the only reply that holds its secret."""
    given = await body_of(request, NewKeyBody)

    def do(connection: Connection, member: Member) -> MadeKey:
        if given.device is not None:
            check_role(member.role, Action.MANAGE_KEYS)
        made = make_key(
            connection,
            member.organisation,
            given.project,
            given.name,
            now_s=_cloud(request).clock.now(),
            device=given.device,
            scope=_scope(request, member, given.scope),
            created_by=member.account,
        )
        return MadeKey(_shown(request, member, made.key), made.secret)

    return answer(request, await change(request, Action.MANAGE_OWN_KEYS, do), 201)


async def change_it(request: Request) -> Response:
    """Give a key another name or scope."""
    given = await body_of(request, KeyChange)

    def do(connection: Connection, member: Member) -> ShownKey:
        found = _own(connection, member, request)
        scope = None if given.scope is None else _scope(request, member, given.scope)
        changed = change_key(
            connection,
            member.organisation,
            found.id,
            now_s=_cloud(request).clock.now(),
            name=given.name,
            scope=scope,
        )
        return _shown(request, member, changed)

    return answer(request, await change(request, Action.MANAGE_OWN_KEYS, do))


async def revoke(request: Request) -> Response:
    """End a key for good, at once."""

    def do(connection: Connection, member: Member) -> ShownKey:
        found = _own(connection, member, request)
        now_s = _cloud(request).clock.now()
        ended = revoke_key(connection, member.organisation, found.id, now_s=now_s)
        return _shown(request, member, ended)

    return answer(request, await change(request, Action.MANAGE_OWN_KEYS, do))


def _own(connection: Connection, member: Member, request: Request) -> Key:
    """The key, if the member may change it."""
    found = find_key(connection, member.organisation, request.path_params["key"])
    if found.created_by != member.account or found.device is not None:
        check_role(member.role, Action.MANAGE_KEYS)
    return found


def _scope(request: Request, member: Member, given: KeyScope) -> Scope:
    if given.limits is not None and not may(member.role, Action.MANAGE_KEYS):
        _check_within(given.limits, _cloud(request).config.defaults)
    return Scope(given.models, given.endpoints, given.limits, given.expires_at)


def _check_within(limits: Limits, defaults: Limits) -> None:
    """Raises UserError for a limit above the platform's default, or none where there is one."""
    for name, bound in msgspec.structs.asdict(defaults).items():
        wanted: int = getattr(limits, name)
        if bound and not 0 < wanted <= bound:
            raise UserError(
                f"{name} is {wanted}; a member may set 1 to {bound}, an administrator more",
                code="forbidden",
            )


def _shown(request: Request, member: Member, key: Key) -> ShownKey:
    now_s = _cloud(request).clock.now()
    return ShownKey(key, key.state(now_s), key.created_by == member.account)


def _cloud(request: Request) -> Cloud:
    return request.app.state.cloud
