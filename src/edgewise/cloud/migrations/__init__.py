"""Brings a database to this version's tables; each step is a file under `versions/`.

The steps are frozen: they do not read `tables.py`, which is free to move on. They run within the
caller's transaction, so a step that fails leaves nothing behind, on SQLite too.
"""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from edgewise.errors import UserError


def migrate(connection: Connection) -> None:
    """Runs the steps that the database lacks. The caller holds the lock and the transaction.

    Raises UserError `database_newer` when a later version of Edgewise has written it.
    """
    config = settings()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise UserError(
            f"the database was written by a later version of Edgewise ({error});"
            " install that version, or give this one a database of its own",
            code="database_newer",
        ) from error


def is_current(connection: Connection) -> bool:
    """Whether the database has all steps, and no others."""
    return MigrationContext.configure(connection).get_current_revision() == newest()


def is_known(connection: Connection) -> bool:
    """Whether this version of Edgewise knows the steps of the database: none, some or all."""
    held = MigrationContext.configure(connection).get_current_revision()
    known = ScriptDirectory.from_config(settings()).walk_revisions()
    return held is None or held in {step.revision for step in known}


@cache
def newest() -> str:
    """The id of the last step."""
    return ScriptDirectory.from_config(settings()).get_current_head() or ""


def settings() -> Config:
    """Alembic's settings; there is no alembic.ini."""
    config = Config()
    folder = str(Path(__file__).parent).replace("%", "%%")  # Alembic reads % as a reference
    config.set_main_option("script_location", folder)
    config.set_main_option("path_separator", "os")
    return config
