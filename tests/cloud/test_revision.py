"""The revision moves with its transaction, and this process hears of it once that is committed."""

import pytest

from edgewise.cloud.database import Database
from edgewise.cloud.revision import lock_revision, move_revision, read_revision


def number(database: Database) -> int:
    with database.read() as connection:
        return read_revision(connection)


def test_a_committed_move_is_seen_and_told(database: Database):
    before, heard = number(database), []
    database.when_moved(lambda: heard.append(number(database)))
    with database.begin() as connection:
        move_revision(connection)
        move_revision(connection)
        assert heard == []
    assert heard == [before + 2]


def test_a_move_that_is_rolled_back_never_was(database: Database):
    before, heard = number(database), []
    database.when_moved(lambda: heard.append(1))

    def move_and_fail() -> None:
        with database.begin() as connection:
            move_revision(connection)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        move_and_fail()
    with database.begin() as connection:
        lock_revision(connection)
    assert (number(database), heard) == (before, [])
