"""One database, SQLite or PostgreSQL by its URL, and what its errors mean for the caller.

SQLite runs in WAL with `synchronous=NORMAL`: what was committed outlives the process; a power cut
may lose the last commits, never the file. A transaction that writes takes the lock at its start
(`BEGIN IMMEDIATE`), since one that read before it wrote could not wait its turn
(sqlite.org/isolation.html). It does not know the tables beyond the counter that moves.

    LinkError    database_away    the server is not there, or dropped the connection
                 database_busy    another held the lock too long
    UserError    bad_config       the URL is wrong
                 conflict         what must be unique is there already, or still in use
                 bad_value        a value that the database cannot hold
                 database_newer   written by a later version of Edgewise
                 database_in_use  another platform runs over it
    DeviceError  database_failed  the file is damaged, read-only, full or not a database
"""

import sqlite3
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event, exc, text
from sqlalchemy.engine import URL, Engine, make_url

from edgewise.cloud.database_hold import FileHold, Hold, SessionHold
from edgewise.cloud.migrations import is_current, migrate
from edgewise.cloud.revision import take_moved
from edgewise.errors import DeviceError, EdgewiseError, LinkError, UserError

CACHE_KIB = 1024
"""Of SQLite's pages, a connection."""
BUSY_S = 10.0
CONNECT_S = 5
STATEMENT_S = 30
MIGRATION_LOCK_S = 60
_MIGRATION_LOCK = 0x65646765  # "edge": any number that all of our processes agree on


class Database:
    """An open database with this version's tables. Safe to use from several threads.

    Opening migrates; two processes that open at once do it one after the other. Raises UserError,
    LinkError or DeviceError as the module says.
    """

    def __init__(self, url: str) -> None:
        self._url = read_url(url)
        self._listeners: list[Callable[[], object]] = []
        with self._mapped():
            self._engine = engine_for(self._url)
            try:
                self._migrate()
            except BaseException:
                self._engine.dispose()
                raise

    @property
    def name(self) -> str:
        """Where it is, without the password."""
        return self._url.render_as_string(hide_password=True)

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._engine.dialect.name

    @contextmanager
    def begin(self) -> Generator[Connection]:
        """A transaction that may write: committed at the end, rolled back when anything is raised.

        One that moved the revision tells the listeners before this returns.
        """
        with self._mapped(), self._engine.begin() as connection:
            take_moved(connection)  # what a transaction that was rolled back has left
            yield connection
            moved = take_moved(connection)
        if moved:
            for listener in self._listeners:
                listener()

    @contextmanager
    def read(self) -> Generator[Connection]:
        """A transaction that only reads, all of it one state of the database; it waits for no
        writer."""
        with self._mapped(), self._engine.connect() as connection:
            if self.dialect == "postgresql":
                connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            else:
                connection.execution_options(reads_only=True)
            with connection.begin():
                yield connection

    def when_moved(self, listener: Callable[[], object]) -> None:
        """Calls the listener after each commit of this process that moved the revision."""
        self._listeners.append(listener)

    def hold(self) -> Hold:
        """Hold the database for one platform, until that is closed (`database_hold.py`).

        Raises UserError `database_in_use` when another platform holds it.
        """
        with self._mapped():
            if self.dialect == "postgresql":
                return SessionHold(self._engine, self.name)
            return FileHold(Path(self._url.database or ""), self.name)

    def close(self) -> None:
        """Closes the connections that nobody uses; those in use close when they are given back."""
        self._engine.dispose()

    def _migrate(self) -> None:
        with self.read() as connection:
            if is_current(connection):
                return
        with self._engine.begin() as connection:
            if self.dialect == "postgresql":
                connection.execute(text(f"SET LOCAL lock_timeout = '{MIGRATION_LOCK_S}s'"))
                connection.execute(text("SET LOCAL statement_timeout = 0"))
                connection.execute(
                    text("SELECT pg_advisory_xact_lock(:number)"), {"number": _MIGRATION_LOCK}
                )
            migrate(connection)

    @contextmanager
    def _mapped(self) -> Generator[None]:
        """Turns the library's errors into ours; what points to a mistake of ours passes."""
        try:
            yield
        except (exc.DatabaseError, exc.InterfaceError, exc.TimeoutError) as error:
            mapped = meaning_of(error, self.name)
            if mapped is None:
                raise
            raise mapped from error


def read_url(url: str) -> URL:
    try:
        read = make_url(url)
    except (exc.ArgumentError, ValueError) as error:
        raise UserError(
            "the database's URL cannot be read; write sqlite:///FILE or"
            " postgresql://USER:PASSWORD@HOST/NAME",
            code="bad_config",
        ) from error
    if read.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return read.set(drivername="postgresql+psycopg")
    if read.drivername == "sqlite" and read.database not in (None, "", ":memory:"):
        return read
    raise UserError(
        f"the database's URL starts with {read.drivername!r}; write sqlite:///FILE or"
        " postgresql://USER:PASSWORD@HOST/NAME",
        code="bad_config",
    )


def engine_for(url: URL) -> Engine:
    # Parameters are digests and addresses of people: errors must not print them.
    if url.drivername != "sqlite":
        given = url.query
        asked: dict[str, Any] = {
            "connect_timeout": CONNECT_S,
            "options": f"-c statement_timeout={STATEMENT_S}s",
            "application_name": "edgewise",
        }
        return create_engine(
            url,
            hide_parameters=True,
            pool_pre_ping=True,
            pool_timeout=BUSY_S,
            connect_args={name: value for name, value in asked.items() if name not in given},
        )
    _make_private(Path(url.database or ""))
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_timeout=BUSY_S,
        pool_use_lifo=True,  # each connection has a cache of pages: few of them fill theirs
        connect_args={"timeout": BUSY_S},
    )
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_private(file: Path) -> None:
    """Makes the file for its owner alone; SQLite gives the files beside it the same mode."""
    try:
        file.touch(mode=0o600, exist_ok=True)
    except OSError as error:
        raise UserError(
            f"the database's file {file} cannot be made: {error.strerror}; name a file in a folder"
            " that is there and can be written",
            code="bad_config",
        ) from error


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's documented way to send our own BEGIN
    _keep_a_log(connection)
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")


def _keep_a_log(connection: sqlite3.Connection) -> None:
    """Turn to a write-ahead log. SQLite does not wait by itself here for another that is about the
    same, or that writes to a fresh file meanwhile."""
    until = time.monotonic() + BUSY_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not is_busy or time.monotonic() >= until:
                raise
            time.sleep(0.01)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    reads_only = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


@contextmanager
def telling_double(message: str) -> Generator[None]:
    """Says `message` (UserError `conflict`) when what is written within must be unique and is not.

    The transaction is over then: the caller lets the error out of it.
    """
    try:
        yield
    except exc.IntegrityError as error:
        if _code_of(error) in _DOUBLE:
            raise UserError(message, code="conflict") from error
        raise


_DOUBLE = ("23505", sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
_IN_USE = ("23503", sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY)
_BY_TRIGGER = ("23000", sqlite3.SQLITE_CONSTRAINT_TRIGGER)
# PostgreSQL: lock not available, time limit, serialisation failure, deadlock
_BUSY = ("55P03", "57014", "40001", "40P01")


def _code_of(error: Exception) -> str | int | None:
    """SQLSTATE on PostgreSQL, the extended result code on SQLite."""
    cause = getattr(error, "orig", None)
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", None)
    return getattr(cause, "sqlstate", None)


def meaning_of(error: Exception, name: str) -> EdgewiseError | None:
    code = _code_of(error)
    said = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
    if isinstance(error, exc.IntegrityError):
        if code in _DOUBLE + _IN_USE + _BY_TRIGGER:
            return UserError(f"the database refused a change: {said}", code="conflict")
        return None
    if isinstance(error, exc.DataError):
        return UserError(f"the database cannot hold a value: {said}", code="bad_value")
    if isinstance(error, exc.TimeoutError):
        return LinkError(
            f"no connection to the database {name} became free within {BUSY_S:g} s; ask again",
            code="database_busy",
        )
    if isinstance(code, int):
        return _meaning_on_sqlite(code, said, name)
    if code in _BUSY:
        return LinkError(
            f"the database {name} is too busy: {said}; ask again", code="database_busy"
        )
    if isinstance(error, exc.OperationalError | exc.InterfaceError):
        return LinkError(
            f"the database {name} is away: {said}; start it, or correct its URL",
            code="database_away",
        )
    return None


def _meaning_on_sqlite(code: int, said: str, name: str) -> EdgewiseError | None:
    kind = code & 0xFF  # the low byte; the rest says which of its kind
    if kind in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return LinkError(
            f"another process has held the database {name} for more than {BUSY_S:g} s; ask again",
            code="database_busy",
        )
    if kind == sqlite3.SQLITE_ERROR:  # our own SQL is wrong
        return None
    return DeviceError(
        f"the database {name} failed: {said}; check the disk and the file",
        code="database_failed",
    )
