"""Which voice device belongs to which project: rows of `voice_devices`, read and changed.

A row stands for a device of the platform and its key; a MAC has one row at most. What becomes of
the key (revoked, expired, its device or project put away) ends the binding without a word here, and
then anybody may bind that MAC anew. While it is in force only its own project can, and only with a
code that the device itself shows: whoever can send a MAC cannot take its device.
"""

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Select, and_, delete, insert, or_, select, update

from edgewise.cloud.caller import Endpoint, digest_of
from edgewise.cloud.identifier import checked_name, no_such
from edgewise.cloud.keys import Scope, make_key, revoke_key
from edgewise.cloud.projects import (
    archive_device,
    open_project,
    register_device,
    rename_device,
)
from edgewise.cloud.refusal import Refused
from edgewise.cloud.revision import lock_revision
from edgewise.cloud.rows import columns_of, read_all, read_one
from edgewise.cloud.tables import devices, keys, projects, voice_devices


class Binding(Struct, frozen=True):
    """A bound device. `board`, `firmware` and `serial` are its own words; times are wall seconds.
    `in_force` is whether its key opened anything when the row was read."""

    device: str
    key: str
    mac: str
    client_digest: bytes
    nonce: bytes
    board: str
    firmware: str
    serial: str
    created_at: float
    last_seen: float
    name: str
    project: str
    organisation: str
    in_force: bool = True
    retired: bool = False


class Wanted(Struct, frozen=True):
    """The device to bind, as it asked, and the token that it was given."""

    mac: str
    client: str
    nonce: bytes
    token: str
    board: str = ""
    firmware: str = ""
    serial: str = ""

    def __repr__(self) -> str:
        return f"Wanted({self.mac!r})"


class Seen(Struct, frozen=True):
    """What a bound device said when it was here last."""

    device: str
    last_seen: float
    board: str
    firmware: str
    serial: str


def read_bindings(connection: Connection, *, now_s: float) -> tuple[Binding, ...]:
    """All of them, oldest first."""
    asked = _bindings(now_s).order_by(voice_devices.c.created_at, voice_devices.c.device)
    return read_all(connection, asked, Binding)


def bind(
    connection: Connection,
    organisation: str,
    project: str,
    name: str,
    wanted: Wanted,
    *,
    now_s: float,
    created_by: str | None = None,
) -> Binding:
    """Give a device to a project. Bound to that project already, it stays the same device there,
    with another name, and its old token ends.

    Raises Refused (409) for one that another project holds, and UserError as `make_key`.
    """
    open_project(connection, organisation, project)
    lock_revision(connection)
    held = read_one(connection, _bindings(now_s).where(voice_devices.c.mac == wanted.mac), Binding)
    kept = ""
    if held is not None:
        if held.in_force and held.project != project:
            raise _taken()
        connection.execute(delete(voice_devices).where(voice_devices.c.mac == wanted.mac))
        kept = _renewed(connection, held, project, name, now_s=now_s)
    device = kept or register_device(connection, organisation, project, name, now_s=now_s).id
    made = make_key(
        connection,
        organisation,
        project,
        name,
        now_s=now_s,
        device=device,
        scope=Scope(endpoints=(Endpoint.VOICE,)),
        created_by=created_by,
        secret=wanted.token,
    )
    binding = Binding(
        device=device,
        key=made.key.id,
        mac=wanted.mac,
        client_digest=digest_of(wanted.client),
        nonce=wanted.nonce,
        board=wanted.board,
        firmware=wanted.firmware,
        serial=wanted.serial,
        created_at=now_s,
        last_seen=now_s,
        name=checked_name("a device", name),
        project=project,
        organisation=organisation,
    )
    values = {column.name: getattr(binding, column.name) for column in voice_devices.columns}
    connection.execute(insert(voice_devices).values(values))
    return binding


def _renewed(
    connection: Connection, held: Binding, project: str, name: str, *, now_s: float
) -> str:
    """End the key of a binding that its own project renews; its device, if that is in service
    still. What was another project's and is over stays as it is."""
    if held.project != project:
        return ""
    revoke_key(connection, held.organisation, held.key, now_s=now_s)
    if held.retired:
        return ""
    rename_device(connection, held.organisation, held.device, name)
    return held.device


def find_binding(
    connection: Connection, organisation: str, device: str, *, now_s: float
) -> Binding:
    """The binding of a device. Raises UserError `not_found`."""
    asked = _bindings(now_s).where(
        voice_devices.c.device == device, projects.c.organisation == organisation
    )
    found = read_one(connection, asked, Binding)
    if found is None:
        raise no_such("voice device", device)
    return found


def rename(
    connection: Connection, organisation: str, device: str, name: str, *, now_s: float
) -> Binding:
    """Give a bound device another name. Raises UserError `not_found` or `bad_name`."""
    found = find_binding(connection, organisation, device, now_s=now_s)
    named = rename_device(connection, organisation, device, name)
    return msgspec.structs.replace(found, name=named.name)


def unbind(connection: Connection, organisation: str, device: str, *, now_s: float) -> Binding:
    """Take a device away from its project: its token ends, and it asks for an owner anew. Raises
    UserError `not_found`."""
    found = find_binding(connection, organisation, device, now_s=now_s)
    connection.execute(delete(voice_devices).where(voice_devices.c.device == device))
    revoke_key(connection, organisation, found.key, now_s=now_s)
    archive_device(connection, organisation, device, now_s=now_s)
    return found


def note_seen(connection: Connection, seen: Iterable[Seen]) -> None:
    """Write down what devices said; one that is bound no more is passed over."""
    for one in seen:
        said = msgspec.to_builtins(one)
        connection.execute(
            update(voice_devices).where(voice_devices.c.device == said.pop("device")).values(said)
        )


def _bindings(now_s: float) -> Select[Any]:
    in_force = and_(
        keys.c.revoked_at.is_(None),
        or_(keys.c.expires_at.is_(None), keys.c.expires_at > now_s),
        devices.c.archived_at.is_(None),
        projects.c.archived_at.is_(None),
    )
    return (
        select(
            *columns_of(voice_devices, Binding),
            devices.c.name,
            devices.c.project,
            projects.c.organisation,
            in_force.label("in_force"),
            devices.c.archived_at.is_not(None).label("retired"),
        )
        .join(devices, devices.c.id == voice_devices.c.device)
        .join(keys, keys.c.id == voice_devices.c.key)
        .join(projects, projects.c.id == devices.c.project)
    )


def _taken() -> Refused:
    return Refused(
        409,
        "voice_device_taken",
        "this device belongs to another project; who owns it there removes it first, then it shows"
        " a new code",
    )
