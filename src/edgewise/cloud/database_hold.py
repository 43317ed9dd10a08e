"""One platform over one database: a lock that is held for the process's life.

Budgets, limits and sessions live in one process's memory, so two over one database would spend
each budget twice. On SQLite it is a lock on the file `NAME-lock` beside the database; on PostgreSQL
an advisory lock of a session of its own, which the server gives up when the process dies
(postgresql.org/docs/current/explicit-locking.html). It does not know what the database holds.
"""

import fcntl
import logging
import os
from pathlib import Path

from sqlalchemy import Connection, exc, text
from sqlalchemy.engine import Engine

from edgewise.errors import UserError

_NUMBER = 0x65646770  # "edgp": any number that all of our processes agree on, and migrations do not
_log = logging.getLogger("edgewise.cloud")


class FileHold:
    """Holds an SQLite database. Raises UserError (`database_in_use`) when another process does."""

    def __init__(self, file: Path, name: str) -> None:
        self._handle = os.open(f"{file}-lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._handle)
            raise _in_use(name) from error

    def check(self) -> None:
        """Nothing can take the lock away."""

    def close(self) -> None:
        """Let the next one have it."""
        os.close(self._handle)


class SessionHold:
    """Holds a PostgreSQL database. Raises UserError (`database_in_use`) when another session does,
    and the library's errors when the server is away."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self._name = name
        self._session: Connection | None = _session_with_lock(engine)
        if self._session is None:
            raise _in_use(name)

    def check(self) -> None:
        """Take the lock anew when the server dropped the session; say so when another has it."""
        try:
            if self._session is not None:
                self._session.execute(text("SELECT 1"))
                return
        except exc.DBAPIError:
            self._end()
        try:
            self._session = _session_with_lock(self._engine)
        except exc.DBAPIError:
            return  # still away: the next look comes soon
        if self._session is None:
            _log.error("%s", _in_use(self._name))

    def close(self) -> None:
        """Let the next one have it."""
        self._end()

    def _end(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.invalidate()  # closes it, whatever state it is in
            session.close()


Hold = FileHold | SessionHold


def _session_with_lock(engine: Engine) -> Connection | None:
    """A session outside of the pool that has the lock, or None when another has it."""
    session = engine.connect()
    try:
        session.execution_options(isolation_level="AUTOCOMMIT")
        session.detach()
        asked = text("SELECT pg_try_advisory_lock(:number)")
        if session.execute(asked, {"number": _NUMBER}).scalar_one():
            return session
    except BaseException:
        session.close()
        raise
    session.close()
    return None


def _in_use(name: str) -> UserError:
    return UserError(
        f"another platform runs over the database {name}; end it, or name another database in"
        " cloud.toml",
        code="database_in_use",
    )
