"""`edgewise cloud device`: register devices and make their credentials, as the console does."""

import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from edgewise.cli.cloud_database import (
    Days,
    Folder,
    Models,
    ProjectId,
    check_models,
    let_it_be_known,
    opened_database,
    organisation_ids,
    project_named,
)
from edgewise.cli.lists import AsRows
from edgewise.errors import UserError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from edgewise.cloud.keys import Scope
    from edgewise.cloud.projects import Device

Named = Annotated[str, typer.Argument(metavar="NAME", help="What people call it.")]
DeviceId = Annotated[str, typer.Argument(metavar="DEVICE", help="A device's id.")]


def make_device() -> typer.Typer:
    """The group `edgewise cloud device`."""
    group = typer.Typer(help="Devices and their credentials.", no_args_is_help=True)
    group.command()(add)
    group.command("key")(key)
    group.command("list")(list_them)
    group.command()(revoke)
    return group


def add(
    name: Named,
    project: ProjectId = "",
    model: Models = None,
    days: Days = 0.0,
    folder: Folder = None,
) -> None:
    """Register a device. Its credential is printed this once, its id on standard error."""
    from edgewise.cloud.keys import EVERYTHING
    from edgewise.cloud.projects import register_device

    check_models(folder, model or (), for_device=True)
    with opened_database(folder) as database, database.begin() as connection:
        held = project_named(connection, project)
        now_s = time.time()
        made = register_device(connection, held.organisation, held.id, name, now_s=now_s)
        secret = _credential(connection, held.organisation, made, EVERYTHING, model, days)
    let_it_be_known(folder)
    print(made.id, file=sys.stderr)
    print(secret)


def key(device: DeviceId, model: Models = None, days: Days = 0.0, folder: Folder = None) -> None:
    """Make a further credential of a device, as its first one is. It is printed this once."""
    check_models(folder, model or (), for_device=True)
    with opened_database(folder) as database, database.begin() as connection:
        organisation, found = _found(connection, device)
        secret = _credential(
            connection, organisation, found, _first(connection, organisation, found), model, days
        )
    let_it_be_known(folder)
    print(secret)


def list_them(as_json: AsRows = False, folder: Folder = None) -> None:
    """List the devices of all projects. Revoked ones too, oldest first."""
    import msgspec

    from edgewise.cloud.projects import list_devices

    with opened_database(folder) as database, database.read() as connection:
        found = [
            one
            for organisation in organisation_ids(connection)
            for one in list_devices(connection, organisation, archived=True)
        ]
    for one in found:
        if as_json:
            print(msgspec.json.encode(one).decode())
            continue
        made = datetime.fromtimestamp(one.created_at, UTC).date().isoformat()
        state = "live" if one.archived_at is None else "revoked"
        print(f"{one.id}  {state:7}  {made}  {one.name}")


def revoke(device: DeviceId, folder: Folder = None) -> None:
    """Put a device out of service for good. All its credentials are refused at once."""
    from edgewise.cloud.projects import archive_device

    with opened_database(folder) as database, database.begin() as connection:
        organisation, found = _found(connection, device)
        archive_device(connection, organisation, found.id, now_s=time.time())
    let_it_be_known(folder)
    print(f"{found.id} is revoked: what runs with it ends, new requests are refused.")


def _credential(
    connection: "Connection",
    organisation: str,
    device: "Device",
    scope: "Scope",
    models: Sequence[str] | None,
    days: float,
) -> str:
    """The secret of a new one of that scope, but for what is told otherwise."""
    import msgspec

    from edgewise.cloud.keys import make_key

    now_s = time.time()
    if models:
        scope = msgspec.structs.replace(scope, models=tuple(models))
    if days:
        scope = msgspec.structs.replace(scope, expires_at=now_s + days * 86_400)
    made = make_key(
        connection,
        organisation,
        device.project,
        device.name,
        now_s=now_s,
        device=device.id,
        scope=scope,
    )
    return made.secret


def _first(connection: "Connection", organisation: str, device: "Device") -> "Scope":
    """What the device's first credential is for: the first in force, else the first of all."""
    from edgewise.cloud.caller import Endpoint
    from edgewise.cloud.keys import EVERYTHING, KeyState, Scope, list_keys

    now_s = time.time()
    held = list_keys(connection, organisation, project=device.project)
    own = [key for key in reversed(held) if key.device == device.id]
    if not own:
        return EVERYTHING
    first = next((key for key in own if key.state(now_s) is KeyState.LIVE), own[0])
    known = tuple(one for one in Endpoint if one.value in first.endpoints)
    is_over = first.expires_at is not None and first.expires_at <= now_s
    return Scope(first.models, known, first.limits, None if is_over else first.expires_at)


def _found(connection: "Connection", device: str) -> tuple[str, "Device"]:
    """The device of that id, with its organisation."""
    from edgewise.cloud.projects import find_device

    for organisation in organisation_ids(connection):
        try:
            return organisation, find_device(connection, organisation, device)
        except UserError:
            continue
    raise UserError(f"there is no device {device!r}; `edgewise cloud device list` lists them")
