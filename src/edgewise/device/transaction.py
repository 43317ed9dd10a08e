"""All of what is written to a file of SQLite, or nothing, also against other processes."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def transaction(db: sqlite3.Connection) -> Generator[None]:
    """One that writes, on a connection without transactions of its own (`isolation_level=None`)."""
    db.execute("begin immediate")
    try:
        yield
        db.execute("commit")
    except BaseException:
        if db.in_transaction:
            db.execute("rollback")
        raise
