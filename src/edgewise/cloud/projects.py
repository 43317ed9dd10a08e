"""Projects of an organisation, and the devices in them.

Every read and write names the organisation and gets nothing of another: what is not there and what
is another's are one answer (UserError `not_found`). What is archived keeps its history, is left out
of the lists, and its keys are no longer in force.
"""

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Update, insert, select, update

from edgewise.cloud.caller import Limits
from edgewise.cloud.identifier import checked_name, new_id, no_such
from edgewise.cloud.revision import move_revision
from edgewise.cloud.rows import columns_of, read_all, read_one
from edgewise.cloud.tables import devices, organisations, projects
from edgewise.errors import UserError

HIGHEST_LIMIT = 10**15
NO_LIMITS = Limits()


class Project(Struct, frozen=True):
    """Where keys, files and budgets belong. `content_opt_in`: prompts may be logged."""

    id: str
    organisation: str
    name: str
    content_opt_in: bool
    limits: Limits
    created_at: float
    archived_at: float | None = None


class Device(Struct, frozen=True):
    """A device that a credential can be made for."""

    id: str
    project: str
    name: str
    created_at: float
    archived_at: float | None = None


def create_project(
    connection: Connection,
    organisation: str,
    name: str,
    *,
    now_s: float,
    content_opt_in: bool = False,
    limits: Limits = NO_LIMITS,
) -> Project:
    """Makes a project."""
    asked = select(organisations.c.id).where(organisations.c.id == organisation)
    if connection.execute(asked).first() is None:
        raise no_such("organisation", organisation)
    made = Project(
        new_id("proj"),
        organisation,
        checked_name("a project", name),
        content_opt_in,
        checked_limits(limits),
        now_s,
    )
    connection.execute(insert(projects).values(msgspec.to_builtins(made)))
    move_revision(connection)
    return made


def list_projects(
    connection: Connection, organisation: str, *, archived: bool = False
) -> tuple[Project, ...]:
    """The organisation's projects, oldest first; with `archived` those as well."""
    asked = select(*columns_of(projects, Project)).where(projects.c.organisation == organisation)
    if not archived:
        asked = asked.where(projects.c.archived_at.is_(None))
    return read_all(connection, asked.order_by(projects.c.created_at, projects.c.id), Project)


def find_project(connection: Connection, organisation: str, project: str) -> Project:
    """The project, archived or not. Raises UserError `not_found`."""
    asked = select(*columns_of(projects, Project)).where(*_ours(organisation, project))
    found = read_one(connection, asked, Project)
    if found is None:
        raise no_such("project", project)
    return found


def open_project(connection: Connection, organisation: str, project: str) -> Project:
    """The project, to make something in. Raises UserError `not_found` or `archived`."""
    found = find_project(connection, organisation, project)
    if found.archived_at is not None:
        raise UserError(f"the project {found.name!r} is archived; use another one", code="archived")
    return found


def change_project(
    connection: Connection,
    organisation: str,
    project: str,
    *,
    name: str | None = None,
    content_opt_in: bool | None = None,
    limits: Limits | None = None,
) -> Project:
    """Changes what is given. Raises UserError `not_found`, `bad_name` or `bad_limits`."""
    found = find_project(connection, organisation, project)
    change = update(projects).values(
        name=found.name if name is None else checked_name("a project", name),
        content_opt_in=found.content_opt_in if content_opt_in is None else content_opt_in,
        limits=msgspec.to_builtins(found.limits if limits is None else checked_limits(limits)),
    )
    return _change(connection, organisation, project, change)


def archive_project(
    connection: Connection, organisation: str, project: str, *, now_s: float
) -> Project:
    """Closes a project; its keys are refused from now on. The time of the first call stays."""
    found = find_project(connection, organisation, project)
    if found.archived_at is not None:
        return found
    return _change(connection, organisation, project, update(projects).values(archived_at=now_s))


def register_device(
    connection: Connection, organisation: str, project: str, name: str, *, now_s: float
) -> Device:
    """Makes a device of a project; `keys.make_key` gives it a credential."""
    open_project(connection, organisation, project)
    made = Device(new_id("dev"), project, checked_name("a device", name), now_s)
    connection.execute(insert(devices).values(msgspec.to_builtins(made)))
    return made


def list_devices(
    connection: Connection,
    organisation: str,
    *,
    project: str | None = None,
    archived: bool = False,
) -> tuple[Device, ...]:
    """The devices of the organisation, or of one project of it, oldest first."""
    asked = select(*columns_of(devices, Device)).where(_in(organisation))
    if project is not None:
        asked = asked.where(devices.c.project == project)
    if not archived:
        asked = asked.where(devices.c.archived_at.is_(None))
    return read_all(connection, asked.order_by(devices.c.created_at, devices.c.id), Device)


def find_device(connection: Connection, organisation: str, device: str) -> Device:
    """The device, archived or not. Raises UserError `not_found`."""
    asked = select(*columns_of(devices, Device)).where(devices.c.id == device, _in(organisation))
    found = read_one(connection, asked, Device)
    if found is None:
        raise no_such("device", device)
    return found


def rename_device(connection: Connection, organisation: str, device: str, name: str) -> Device:
    """Gives it another name."""
    change = update(devices).values(name=checked_name("a device", name))
    return _change_device(connection, organisation, device, change)


def archive_device(
    connection: Connection, organisation: str, device: str, *, now_s: float
) -> Device:
    """Puts a device out of service; its credentials are refused from now on."""
    found = find_device(connection, organisation, device)
    if found.archived_at is not None:
        return found
    move_revision(connection)
    change = update(devices).values(archived_at=now_s)
    return _change_device(connection, organisation, device, change)


def checked_limits(limits: Limits) -> Limits:
    """The limits. Raises UserError `bad_limits` for a negative or absurd one."""
    for name in limits.__struct_fields__:
        value = getattr(limits, name)
        if not 0 <= value <= HIGHEST_LIMIT:
            raise UserError(
                f"{name} is {value}; it needs 0 (none) to {HIGHEST_LIMIT}", code="bad_limits"
            )
    return limits


def _change(connection: Connection, organisation: str, project: str, change: Update) -> Project:
    move_revision(connection)
    change = change.where(*_ours(organisation, project))
    changed = read_one(connection, change.returning(*columns_of(projects, Project)), Project)
    if changed is None:
        raise no_such("project", project)
    return changed


def _change_device(
    connection: Connection, organisation: str, device: str, change: Update
) -> Device:
    change = change.where(devices.c.id == device, _in(organisation))
    changed = read_one(connection, change.returning(*columns_of(devices, Device)), Device)
    if changed is None:
        raise no_such("device", device)
    return changed


def _ours(organisation: str, project: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return projects.c.id == project, projects.c.organisation == organisation


def _in(organisation: str) -> ColumnElement[bool]:
    """That a device's project is the organisation's."""
    return devices.c.project.in_(
        select(projects.c.id).where(projects.c.organisation == organisation)
    )
