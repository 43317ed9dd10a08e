"""The platform's database for commands on its machine, and what is in it by name.

It is read and changed beside a platform that runs, which knows of a change within half a second.
"""

import fcntl
import sys
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from edgewise.errors import UserError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from edgewise.cloud.database import Database
    from edgewise.cloud.projects import Project

KNOWN_S = 0.8  # a running platform looks twice a second

Folder = Annotated[Path | None, typer.Option(help="The platform's folder; else in EDGEWISE_HOME.")]
ProjectId = Annotated[str, typer.Option("--project", help="Whose; the first one when left out.")]
Models = Annotated[list[str] | None, typer.Option("--model", help="A model it may use; else all.")]
Days = Annotated[float, typer.Option(min=0, help="Days until it ends; 0: never.")]


def held_of(folder: Path | None) -> Path:
    """The folder that an option names, or the usual one."""
    return folder or cloud_folder()


def cloud_folder() -> Path:
    """The platform's folder below the device's."""
    from edgewise.device.config import data_folder

    return data_folder() / "cloud"


def let_it_be_known(folder: Path | None) -> None:
    """A platform that runs from the folder has read a change once this returns."""
    try:
        with (held_of(folder) / "lock").open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return
    except OSError:
        time.sleep(KNOWN_S)


@contextmanager
def opened_database(folder: Path | None) -> Generator["Database", None, None]:
    from edgewise.cli.extras import named_extra

    with named_extra():
        from edgewise.cloud.config import CONFIG, DATABASE, load_config
        from edgewise.cloud.database import Database

    held = held_of(folder)
    url = load_config(held / CONFIG).database
    if not url and not (held / DATABASE).is_file():
        raise UserError(f"there is no platform in {held}; start it with `edgewise serve cloud`")
    database = Database(url or f"sqlite:///{held / DATABASE}")
    try:
        yield database
    finally:
        database.close()


def check_models(folder: Path | None, models: Sequence[str], *, for_device: bool = False) -> None:
    """Raises UserError for one that the platform does not have. A device whose credential does not
    open the model that thinks for it is told on standard error."""
    from edgewise.cli.extras import named_extra

    with named_extra():
        from edgewise.cloud.config import CONFIG, load_config

    config = load_config(held_of(folder) / CONFIG)
    known = [model.name for model in config.model]
    for model in models:
        if model not in known:
            there = ", ".join(known) or "none"
            raise UserError(
                f"the platform has no model {model!r}; there are: {there}", code="bad_scope"
            )
    agent = config.agent_model
    if for_device and models and agent and agent not in models:
        print(
            f"The agent's model {agent} is not among them: this device can not use the Agent API."
            f" Add --model {agent} for that.",
            file=sys.stderr,
        )


def organisation_ids(connection: "Connection") -> list[str]:
    from sqlalchemy import select

    from edgewise.cloud.tables import organisations

    asked = select(organisations.c.id).order_by(organisations.c.created_at)
    return list(connection.execute(asked).scalars())


def project_named(connection: "Connection", project: str) -> "Project":
    """The project of that id, or the first one."""
    from edgewise.cloud.projects import list_projects

    for organisation in organisation_ids(connection):
        for one in list_projects(connection, organisation):
            if project in ("", one.id):
                return one
    raise UserError(f"there is no project {project!r}")
