"""A look reads what is there, on both databases, and leaves nothing behind."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from edgewise.cloud.database import Database
from edgewise.cloud.database_look import looked_into, told_name
from edgewise.cloud.migrations import is_current, is_known
from edgewise.errors import DeviceError, UserError


def test_a_database_is_seen_to_be_of_this_version(new_url: Callable[[], str]):
    url = new_url()
    Database(url).close()
    with looked_into(url) as connection:
        assert is_current(connection)
        assert is_known(connection)


def test_one_of_an_earlier_version_stays_as_it_is(new_url: Callable[[], str]):
    url = new_url()
    if url.startswith("sqlite"):
        Path(url.removeprefix("sqlite:///")).touch()
    for _ in range(2):
        with looked_into(url) as connection:
            assert not is_current(connection)
            assert is_known(connection)


def test_one_of_a_later_version_is_not_known(new_url: Callable[[], str]):
    url = new_url()
    database = Database(url)
    with database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'of tomorrow'"))
    database.close()
    with looked_into(url) as connection:
        assert not is_known(connection)


def test_a_look_leaves_no_file_beside_the_database(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'a.db'}"
    Database(url).close()
    before = sorted(tmp_path.iterdir())
    with looked_into(url) as connection:
        assert is_current(connection)
    assert sorted(tmp_path.iterdir()) == before


def test_what_is_being_written_is_seen(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'a.db'}"
    database = Database(url)
    with looked_into(url) as connection:
        assert is_current(connection)
    database.close()


def test_a_file_that_is_none_or_not_there_is_told(tmp_path: Path):
    for text_inside in (None, "this is no database" * 100):
        file = tmp_path / "a.db"
        if text_inside:
            file.write_text(text_inside)
        with (
            pytest.raises(DeviceError, match=r"a\.db"),
            looked_into(f"sqlite:///{file}") as connection,
        ):
            is_current(connection)
        assert file.exists() == bool(text_inside)


def test_a_wrong_url_is_told_and_a_password_never():
    with pytest.raises(UserError), looked_into("mysql://a"):
        pass
    assert "secret" not in told_name("postgresql://me:secret@host/name")
