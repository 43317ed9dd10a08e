"""Who calls: every key in force, in memory, so that a request never waits for the database.

The directory is one snapshot that is replaced as a whole; reading it takes no lock. A change made
in this process is in force when its transaction is committed; one made in another process at the
next look at the revision, half a second later at most. With the database away the last snapshot
stands, so keys that were known go on and a wrong one stays wrong.

A key is in force while it is neither revoked nor expired, its project and device are not archived,
and, for a developer's key, who made it is still a member with an account that is not disabled.
"""

import asyncio
import logging
import threading
from collections.abc import Callable
from hmac import compare_digest
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Select, and_, or_, select

from edgewise.cloud.budget_table import BudgetRow, all_budgets
from edgewise.cloud.caller import Caller, KeyKind, Limits, digest_of
from edgewise.cloud.database import Database
from edgewise.cloud.projects import NO_LIMITS, Project
from edgewise.cloud.refusal import key_revoked
from edgewise.cloud.revision import read_revision
from edgewise.cloud.rows import columns_of, read_all
from edgewise.cloud.tables import accounts, devices, keys, memberships, projects
from edgewise.errors import DeviceError, LinkError

EVERY_S = 0.5

_log = logging.getLogger(__name__)
_NO_DIGEST = bytes(32)


class Entry(Struct, frozen=True):
    """A key in force and the digest it is kept under."""

    digest: bytes
    caller: Caller


class Snapshot(Struct, frozen=True):
    """All that the directory knows, at one revision of the database; `callers` by their key."""

    revision: int
    entries: dict[bytes, Entry]
    callers: dict[str, Caller]
    budgets: tuple[BudgetRow, ...]


class Directory:
    """The keys, projects and budgets in force. `defaults` are the limits of a key without its own,
    `project_defaults` those of a project.

    Reads the database when it is made, and raises as `Database` does when that fails.
    """

    def __init__(
        self,
        database: Database,
        defaults: Limits = NO_LIMITS,
        project_defaults: Limits = NO_LIMITS,
    ) -> None:
        self._database = database
        self._defaults = (defaults, project_defaults)
        self._reading = threading.Lock()
        self._reached = True
        with database.read() as connection:
            self._snapshot = read_snapshot(connection, *self._defaults)
        self._listeners: list[Callable[[frozenset[str]], object]] = []
        database.when_moved(self._refresh_or_keep)

    def find(self, secret: str, now_s: float) -> Caller | None:
        """Whose secret it is; None when it is unknown, revoked or expired."""
        digest = digest_of(secret)
        entry = self._snapshot.entries.get(digest)
        same = compare_digest(_NO_DIGEST if entry is None else entry.digest, digest)
        if entry is None or not same:
            return None
        expires_at = entry.caller.expires_at
        return None if expires_at and now_s >= expires_at else entry.caller

    def held(self, key: str, now_s: float) -> Caller:
        """Whose that key is. Raises Refused (401) where it is in force no more."""
        found = self.caller_of(key, now_s)
        if found is None:
            raise key_revoked()
        return found

    def caller_of(self, key: str, now_s: float) -> Caller | None:
        """The key in force of that id: who a batch runs as; None as for `find`."""
        caller = self._snapshot.callers.get(key)
        if caller is None or (caller.expires_at and now_s >= caller.expires_at):
            return None
        return caller

    def holds(self, key: str) -> bool:
        """Whether the key of that id stands: it may have expired since, it is not revoked."""
        return key in self._snapshot.callers

    def when_gone(self, listener: Callable[[frozenset[str]], object]) -> None:
        """Calls the listener with the ids of keys that are in force no more, in the thread that
        found it out, after `find` has let go of them."""
        self._listeners.append(listener)

    def budgets(self) -> tuple[BudgetRow, ...]:
        """The budgets of every organisation; the same object until one changes."""
        return self._snapshot.budgets

    @property
    def revision(self) -> int:
        """Moves with every change of what is here."""
        return self._snapshot.revision

    @property
    def reached(self) -> bool:
        """Whether the last look reached the database."""
        return self._reached

    def refresh(self) -> bool:
        """Reads the database if the revision moved; whether it did. Blocks: call it in a thread.

        Raises LinkError or DeviceError when the database cannot be read; what is known stays.
        """
        with self._reading:  # an older reading must not replace a newer one
            with self._database.read() as connection:
                known = self._snapshot
                if read_revision(connection) == known.revision:
                    return False
                self._snapshot = read_snapshot(connection, *self._defaults)
            if gone := frozenset(known.callers.keys() - self._snapshot.callers.keys()):
                for listener in self._listeners:
                    listener(gone)
            return True

    async def keep_fresh(self, every_s: float = EVERY_S) -> None:
        """Refreshes until it is cancelled. A database that is away is logged once and asked again.

        Ends by itself only with a broken invariant, which it raises: watch the task.
        """
        while True:
            await asyncio.to_thread(self._refresh_or_keep)
            await asyncio.sleep(every_s)

    def _refresh_or_keep(self) -> None:
        try:
            self.refresh()
        except (LinkError, DeviceError) as error:
            if self._reached:
                _log.warning("the directory keeps what it knows: %s", error)
            self._reached = False
        else:
            if not self._reached:
                _log.warning("the directory reaches the database again")
            self._reached = True


def read_snapshot(
    connection: Connection, defaults: Limits = NO_LIMITS, project_defaults: Limits = NO_LIMITS
) -> Snapshot:
    """Everything in force, in one reading transaction."""
    revision = read_revision(connection)
    asked = select(*columns_of(projects, Project)).where(projects.c.archived_at.is_(None))
    known = {project.id: project for project in read_all(connection, asked, Project)}
    entries = {
        row.digest: Entry(
            row.digest, _caller_of(row, known[row.project], defaults, project_defaults)
        )
        for row in connection.execute(_keys_in_force())
    }
    callers = {entry.caller.key: entry.caller for entry in entries.values()}
    return Snapshot(revision, entries, callers, all_budgets(connection))


def _keys_in_force() -> Select[Any]:
    person_stays = or_(
        keys.c.kind == KeyKind.DEVICE.value,
        keys.c.created_by.is_(None),
        and_(accounts.c.disabled_at.is_(None), memberships.c.account.is_not(None)),
    )
    return (
        select(keys)
        .join(projects, projects.c.id == keys.c.project)
        .outerjoin(devices, devices.c.id == keys.c.device)
        .outerjoin(accounts, accounts.c.id == keys.c.created_by)
        .outerjoin(
            memberships,
            and_(
                memberships.c.account == keys.c.created_by,
                memberships.c.organisation == projects.c.organisation,
            ),
        )
        .where(
            keys.c.revoked_at.is_(None),
            projects.c.archived_at.is_(None),
            devices.c.archived_at.is_(None),
            person_stays,
        )
    )


def _caller_of(row: Any, project: Project, defaults: Limits, project_defaults: Limits) -> Caller:
    return Caller(
        key=row.id,
        kind=KeyKind(row.kind),
        organisation=project.organisation,
        project=project.id,
        device=row.device or "",
        models=frozenset(row.models),
        endpoints=frozenset(row.endpoints),
        limits=defaults if row.limits is None else msgspec.convert(row.limits, Limits),
        project_limits=project_defaults if project.limits == NO_LIMITS else project.limits,
        expires_at=row.expires_at or 0.0,
        content=project.content_opt_in,
    )
