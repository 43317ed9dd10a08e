"""Who I am, the organisations I am in, and their members.

An account is added by its id, which its owner tells, or made new for an address; an account that is
there is never taken in by its address alone: who gave it that address may be another organisation,
which may still know its first password (decision 0009).
"""

import secrets
from typing import Annotated

from msgspec import Meta, Struct
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from edgewise.cloud.accounts import (
    Account,
    add_member,
    change_role,
    create_account,
    list_members,
    organisations_of,
    own_account,
    remove_member,
    rename_organisation,
    role_of,
)
from edgewise.cloud.accounts import Member as Person
from edgewise.cloud.answers import answer
from edgewise.cloud.console.doors import Member, body_of, change, read, signed_in, signed_out
from edgewise.cloud.console.founding import may_found
from edgewise.cloud.console.identity import WaysIn, ways_in
from edgewise.cloud.identifier import no_such
from edgewise.cloud.operators import is_operator
from edgewise.cloud.password import random_password
from edgewise.cloud.refusal import bad_request
from edgewise.cloud.roles import Action, Role, check_role, giving, may
from edgewise.cloud.service import Cloud

_PASSWORD_BYTES = 16
Text = Annotated[str, Meta(min_length=1, max_length=300)]


class Name(Struct, frozen=True, forbid_unknown_fields=True):
    """Another name."""

    name: Text


class NewMember(Struct, frozen=True, forbid_unknown_fields=True):
    """An account by its id, or a new one for `email`, with a first password or without."""

    role: Role
    account: str = ""
    email: str = ""
    name: str = ""
    password: bool = False


class NewRole(Struct, frozen=True, forbid_unknown_fields=True):
    """Another role."""

    role: Role


class Mine(Struct, frozen=True):
    """An organisation that I am in, and what I may do there."""

    id: str
    name: str
    role: Role
    actions: list[Action]


class Me(Struct, frozen=True):
    """Who is signed in, and the platform's one currency. `operator`: runs the platform;
    `may_found`: may make another organisation."""

    account: Account
    organisations: list[Mine]
    currency: str
    operator: bool
    may_found: bool
    ways_in: WaysIn


class Added(Struct, frozen=True):
    """A new member; a first password is told this once."""

    member: Person
    password: str | None = None

    def __repr__(self) -> str:
        return f"Added({self.member!r})"


def routes() -> list[BaseRoute]:
    """Their places below /console/api."""
    place = "/organisations/{organisation}"
    return [
        Route("/me", who, methods=["GET"]),
        Route(place, rename, methods=["PATCH"]),
        Route(f"{place}/members", members, methods=["GET"]),
        Route(f"{place}/members", add, methods=["POST"]),
        Route(f"{place}/members/{{account}}", set_role, methods=["PATCH"]),
        Route(f"{place}/members/{{account}}", remove, methods=["DELETE"]),
    ]


async def who(request: Request) -> Response:
    """Who is signed in."""
    cloud: Cloud = request.app.state.cloud

    def find(connection: Connection, account: str) -> Me:
        own = own_account(connection, account)
        if own is None:
            raise signed_out()
        mine = [
            Mine(held.id, held.name, role, [action for action in Action if may(role, action)])
            for held, role in organisations_of(connection, account)
        ]
        return Me(
            own,
            mine,
            cloud.config.currency,
            is_operator(connection, account),
            may_found(connection, account, cloud.config.organisations_a_person),
            ways_in(connection, account),
        )

    return answer(request, await signed_in(request, find))


async def rename(request: Request) -> Response:
    """Give the organisation another name."""
    given = await body_of(request, Name)

    def do(connection: Connection, member: Member) -> object:
        return rename_organisation(connection, member.organisation, given.name)

    return answer(request, await change(request, Action.MANAGE_ORGANISATION, do))


async def members(request: Request) -> Response:
    """The people in it."""
    found = await read(request, lambda c, member: list_members(c, member.organisation))
    return answer(request, {"members": found})


async def add(request: Request) -> Response:
    """Take somebody in."""
    given = await body_of(request, NewMember)
    if bool(given.account) == bool(given.email):
        raise bad_request("give either the account's id or an address for a new one", "account")
    cloud: Cloud = request.app.state.cloud

    def do(connection: Connection, member: Member) -> Added:
        check_role(member.role, giving(given.role))
        account, password = given.account, None
        if given.email:
            password = random_password(secrets.token_bytes(_PASSWORD_BYTES))
            password = password if given.password else None
            name = given.name or given.email.partition("@")[0]
            now_s = cloud.clock.now()
            made = create_account(connection, given.email, name, now_s=now_s, password=password)
            account = made.id
        add_member(connection, member.organisation, account, given.role)
        return Added(_person(connection, member.organisation, account), password)

    return answer(request, await change(request, Action.MANAGE_MEMBERS, do), 201)


async def set_role(request: Request) -> Response:
    """Give a member another role; an owner's is changed by owners alone."""
    given = await body_of(request, NewRole)
    account: str = request.path_params["account"]

    def do(connection: Connection, member: Member) -> Person:
        _check_over(connection, member, account)
        check_role(member.role, giving(given.role))
        change_role(connection, member.organisation, account, given.role)
        return _person(connection, member.organisation, account)

    return answer(request, await change(request, Action.MANAGE_MEMBERS, do))


async def remove(request: Request) -> Response:
    """Let a member go; everybody may leave."""
    account: str = request.path_params["account"]

    def do(connection: Connection, member: Member) -> None:
        if account != member.account:
            check_role(member.role, Action.MANAGE_MEMBERS)
            _check_over(connection, member, account)
        remove_member(connection, member.organisation, account)

    await change(request, Action.READ, do)
    return answer(request, {"removed": account})


def _check_over(connection: Connection, member: Member, account: str) -> None:
    """Raises UserError when the member may not change that one."""
    role = role_of(connection, member.organisation, account)
    if role is not None:
        check_role(member.role, giving(role))


def _person(connection: Connection, organisation: str, account: str) -> Person:
    for person in list_members(connection, organisation):
        if person.account.id == account:
            return person
    raise no_such("member", account)
