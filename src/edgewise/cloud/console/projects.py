"""Projects and devices of an organisation, as its console shows and changes them."""

from collections.abc import Callable
from typing import Annotated, TypeVar

from msgspec import Meta, Struct
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from edgewise.cloud.answers import answer
from edgewise.cloud.caller import Limits
from edgewise.cloud.console.doors import Member, body_of, change, query_of, read
from edgewise.cloud.console.people import Name
from edgewise.cloud.projects import (
    NO_LIMITS,
    archive_device,
    archive_project,
    change_project,
    create_project,
    list_devices,
    list_projects,
    register_device,
    rename_device,
)
from edgewise.cloud.roles import Action
from edgewise.cloud.service import Cloud

Value = TypeVar("Value")
Text = Annotated[str, Meta(min_length=1, max_length=300)]


class NewProject(Struct, frozen=True, forbid_unknown_fields=True):
    """A project to be; `content_opt_in`: its prompts may be logged."""

    name: Text
    content_opt_in: bool = False
    limits: Limits = NO_LIMITS


class ProjectChange(Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be different; what is left out stays."""

    name: Text | None = None
    content_opt_in: bool | None = None
    limits: Limits | None = None


class NewDevice(Struct, frozen=True, forbid_unknown_fields=True):
    """A device to be."""

    project: Text
    name: Text


class Archived(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether what is archived is listed too."""

    archived: bool = False


def routes() -> list[BaseRoute]:
    """Their places below /console/api."""
    place = "/organisations/{organisation}"
    return [
        Route(f"{place}/projects", projects, methods=["GET"]),
        Route(f"{place}/projects", create, methods=["POST"]),
        Route(f"{place}/projects/{{project}}", change_it, methods=["PATCH"]),
        Route(f"{place}/projects/{{project}}/archive", archive, methods=["POST"]),
        Route(f"{place}/devices", devices, methods=["GET"]),
        Route(f"{place}/devices", register, methods=["POST"]),
        Route(f"{place}/devices/{{device}}", rename, methods=["PATCH"]),
        Route(f"{place}/devices/{{device}}/archive", retire, methods=["POST"]),
    ]


async def projects(request: Request) -> Response:
    """The projects, oldest first, and the limits of one that has none of its own."""
    cloud: Cloud = request.app.state.cloud
    listed = await _listed(request, list_projects)
    return answer(request, {"projects": listed, "defaults": cloud.config.project_defaults})


async def create(request: Request) -> Response:
    """Make a project."""
    given = await body_of(request, NewProject)

    def do(connection: Connection, member: Member) -> object:
        return create_project(
            connection,
            member.organisation,
            given.name,
            now_s=_now_s(request),
            content_opt_in=given.content_opt_in,
            limits=given.limits,
        )

    return answer(request, await change(request, Action.MANAGE_PROJECTS, do), 201)


async def change_it(request: Request) -> Response:
    """Give a project another name, other limits, or another say about its content."""
    given = await body_of(request, ProjectChange)

    def do(connection: Connection, member: Member) -> object:
        return change_project(
            connection,
            member.organisation,
            request.path_params["project"],
            name=given.name,
            content_opt_in=given.content_opt_in,
            limits=given.limits,
        )

    return answer(request, await change(request, Action.MANAGE_PROJECTS, do))


async def archive(request: Request) -> Response:
    """Put a project away; its keys are refused from now on."""
    return answer(request, await _put_away(request, archive_project, "project"))


async def devices(request: Request) -> Response:
    """The devices, oldest first."""
    return answer(request, {"devices": await _listed(request, list_devices)})


async def register(request: Request) -> Response:
    """Register a device; its credential is made with the keys."""
    given = await body_of(request, NewDevice)

    def do(connection: Connection, member: Member) -> object:
        return register_device(
            connection, member.organisation, given.project, given.name, now_s=_now_s(request)
        )

    return answer(request, await change(request, Action.MANAGE_PROJECTS, do), 201)


async def rename(request: Request) -> Response:
    """Give a device another name."""
    given = await body_of(request, Name)

    def do(connection: Connection, member: Member) -> object:
        device: str = request.path_params["device"]
        return rename_device(connection, member.organisation, device, given.name)

    return answer(request, await change(request, Action.MANAGE_PROJECTS, do))


async def retire(request: Request) -> Response:
    """Put a device out of service; its credentials are refused from now on."""
    return answer(request, await _put_away(request, archive_device, "device"))


async def _listed(request: Request, list_them: Callable[..., Value]) -> Value:
    """What `list_them` finds of the organisation."""
    archived = query_of(request, Archived).archived
    return await read(
        request, lambda c, member: list_them(c, member.organisation, archived=archived)
    )


async def _put_away(request: Request, archive_it: Callable[..., Value], kind: str) -> Value:
    """Archive the project or device that the address names."""
    id: str = request.path_params[kind]

    def do(connection: Connection, member: Member) -> Value:
        return archive_it(connection, member.organisation, id, now_s=_now_s(request))

    return await change(request, Action.MANAGE_PROJECTS, do)


def _now_s(request: Request) -> float:
    cloud: Cloud = request.app.state.cloud
    return cloud.clock.now()
