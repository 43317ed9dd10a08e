"""Making a further organisation: the operator always may, others as far as the settings allow.

Who makes one is its owner, and it begins with a project. How many somebody may own is bounded,
since each organisation has projects with limits of their own (`organisations_a_person`).
"""

from typing import Annotated

from msgspec import Meta, Struct
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from edgewise.cloud.accounts import Organisation, create_organisation, organisations_of
from edgewise.cloud.answers import answer
from edgewise.cloud.console.doors import body_of, signed_in
from edgewise.cloud.operators import is_operator
from edgewise.cloud.projects import create_project
from edgewise.cloud.refusal import Refused
from edgewise.cloud.revision import lock_revision
from edgewise.cloud.roles import Role
from edgewise.cloud.service import Cloud


class NewOrganisation(Struct, frozen=True, forbid_unknown_fields=True):
    """An organisation to be."""

    name: Annotated[str, Meta(min_length=1, max_length=300)]


def routes() -> list[BaseRoute]:
    """Its place below /console/api."""
    return [Route("/organisations", found, methods=["POST"])]


async def found(request: Request) -> Response:
    """Make an organisation with its first project; who asks is its owner."""
    cloud: Cloud = request.app.state.cloud
    given = await body_of(request, NewOrganisation)

    def do(connection: Connection, account: str) -> Organisation:
        lock_revision(connection)  # several at once do not pass the bound together
        if not may_found(connection, account, cloud.config.organisations_a_person):
            raise Refused(
                403,
                "forbidden",
                "you may make no further organisation here; ask the platform's operator for one,"
                " or for a higher organisations_a_person in cloud.toml",
            )
        now_s = cloud.clock.now()
        made = create_organisation(connection, given.name, owner=account, now_s=now_s)
        create_project(connection, made.id, "First project", now_s=now_s)
        return made

    return answer(request, await signed_in(request, do, changes=True), 201)


def may_found(connection: Connection, account: str, most: int) -> bool:
    """Whether the account may make another organisation; `most` is how many others may own."""
    if is_operator(connection, account):
        return True
    owned = [role for _, role in organisations_of(connection, account) if role is Role.OWNER]
    return len(owned) < most
