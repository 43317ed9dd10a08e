"""What is written within a transaction is kept whole or not at all."""

import sqlite3
from pathlib import Path

import pytest

from edgewise.device.transaction import transaction


def opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None, timeout=0.01)


def write_half(db: sqlite3.Connection) -> None:
    with transaction(db):
        db.execute("insert into one values (2)")
        db.execute("insert into another values (2)")


def test_it_is_kept_whole_or_not_at_all(tmp_path: Path):
    db, other = opened(tmp_path / "a.sqlite"), opened(tmp_path / "a.sqlite")
    db.execute("create table one (x)")
    with transaction(db):
        db.execute("insert into one values (1)")
        with pytest.raises(sqlite3.OperationalError, match="locked"), transaction(other):
            pass
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        write_half(db)
    assert db.execute("select x from one").fetchall() == [(1,)]
    assert other.execute("select x from one").fetchall() == [(1,)]
    db.close()
    other.close()
