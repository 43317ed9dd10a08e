"""The counter that tells every process that keys, projects or budgets have changed.

It moves within the transaction of the change, and its row stays locked until that commits: who
reads a number sees all the changes up to it.
"""

from sqlalchemy import Connection, select, update

from edgewise.cloud.tables import revision

_MOVED = "edgewise_revision_moved"


def read_revision(connection: Connection) -> int:
    """The number now."""
    return connection.execute(select(revision.c.number)).scalar_one()


def lock_revision(connection: Connection) -> None:
    """Lets one transaction at a time pass here, without moving the number."""
    connection.execute(select(revision.c.number).with_for_update()).scalar_one()


def move_revision(connection: Connection) -> None:
    """Says that this transaction changes what the directory holds."""
    connection.execute(update(revision).values(number=revision.c.number + 1))
    connection.info[_MOVED] = True


def take_moved(connection: Connection) -> bool:
    """Whether this transaction moved the number; asked once, before it commits."""
    return bool(connection.info.pop(_MOVED, False))
