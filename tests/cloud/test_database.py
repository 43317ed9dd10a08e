"""A database is opened by its URL, set up as promised, and its errors say who must act."""

import sqlite3
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError

from edgewise.cloud.database import Database
from edgewise.cloud.tables import metadata, organisations, projects
from edgewise.errors import DeviceError, LinkError, UserError
from tests.cloud.conftest import NOW, NewUrl
from tests.cloud.postgres import Cluster

ORGANISATION = {"id": "org_1", "name": "One", "created_at": NOW}


def scalar(database: Database, statement: str) -> object:
    with database.read() as connection:
        return connection.execute(text(statement)).scalar_one()


def test_what_is_committed_is_there_after_opening_again(database_url: str):
    first = Database(database_url)
    with first.begin() as connection:
        connection.execute(insert(organisations).values(ORGANISATION))
    first.close()
    second = Database(database_url)
    assert scalar(second, "SELECT name FROM organisations") == "One"
    second.close()


def test_a_raised_error_rolls_everything_back(database: Database):
    def change_and_fail() -> None:
        with database.begin() as connection:
            connection.execute(insert(organisations).values(ORGANISATION))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_and_fail()
    assert scalar(database, "SELECT count(*) FROM organisations") == 0


def test_a_reader_sees_one_state_while_another_writes(database: Database):
    with database.read() as reading:
        assert reading.execute(select(organisations)).all() == []
        with database.begin() as writing:
            writing.execute(insert(organisations).values(ORGANISATION))
        assert reading.execute(select(organisations)).all() == []
    assert scalar(database, "SELECT count(*) FROM organisations") == 1


def test_writers_in_many_threads_wait_for_each_other(database: Database):
    with database.begin() as connection:
        connection.execute(text("UPDATE revision SET number = 0"))

    def add(_: int) -> None:
        with database.begin() as connection:
            connection.execute(text("UPDATE revision SET number = number + 1"))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(add, range(64)))
    assert scalar(database, "SELECT number FROM revision") == 64


def test_many_that_open_an_empty_database_at_once_migrate_it_once(new_url: NewUrl):
    url = new_url()
    together = threading.Barrier(6)

    def open_it(_: int) -> None:
        together.wait(30)
        Database(url).close()

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(open_it, range(6)))
    database = Database(url)
    assert scalar(database, "SELECT count(*) FROM revision") == 1
    database.close()


@pytest.mark.slow
def test_several_processes_that_open_at_once_migrate_once(new_url: NewUrl):
    url = new_url()
    script = "import sys; from edgewise.cloud.database import Database; Database(sys.argv[1])"
    running = [
        subprocess.Popen([sys.executable, "-c", script, url], stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    said = [process.communicate(timeout=60)[1].decode() for process in running]
    assert [process.returncode for process in running] == [0] * 4, said


def test_what_must_be_unique_is_the_users_to_change(database: Database):
    with database.begin() as connection:
        connection.execute(insert(organisations).values(ORGANISATION))
    with pytest.raises(UserError) as refused, database.begin() as connection:
        connection.execute(insert(organisations).values(ORGANISATION))
    assert refused.value.code == "conflict"


def test_a_reference_to_nothing_is_refused(database: Database):
    with pytest.raises(UserError) as refused, database.begin() as connection:
        connection.execute(
            insert(projects).values(
                id="p", organisation="org_none", name="P", limits={}, created_at=NOW
            )
        )
    assert refused.value.code == "conflict"


def test_a_mistake_of_ours_stays_an_error_of_the_library(database: Database):
    with pytest.raises(DBAPIError), database.begin() as connection:
        connection.execute(text("SELECT no_such_column FROM organisations"))
    with pytest.raises(DBAPIError), database.begin() as connection:
        connection.execute(
            metadata.tables["memberships"].insert().values(account="a", organisation="o", role="x")
        )


def test_an_error_does_not_print_the_values_of_its_statement(database: Database):
    canary = "canary-7f3a"
    with pytest.raises(DBAPIError) as raised, database.begin() as connection:
        connection.execute(
            text("SELECT no_such_column FROM revision WHERE :x = 'y'"), {"x": canary}
        )
    assert canary not in str(raised.value)


@pytest.mark.parametrize(
    "url", ["", "nonsense", "mysql://a:canary-pw@b/c", "sqlite://", "sqlite:///:memory:", "://x"]
)
def test_another_url_is_refused_with_what_to_write(url: str):
    with pytest.raises(UserError, match="sqlite:///FILE") as refused:
        Database(url)
    assert "canary-pw" not in str(refused.value)


def test_a_sqlite_file_is_set_up_for_safety_and_speed(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path}/cloud.sqlite3")
    assert scalar(database, "PRAGMA journal_mode") == "wal"
    assert scalar(database, "PRAGMA synchronous") == 1
    assert scalar(database, "PRAGMA foreign_keys") == 1
    assert scalar(database, "PRAGMA busy_timeout") == 10_000
    assert stat.S_IMODE((tmp_path / "cloud.sqlite3").stat().st_mode) == 0o600
    database.close()


def test_a_folder_that_is_not_there_is_told_with_its_name(tmp_path: Path):
    with pytest.raises(UserError, match="absent/cloud") as refused:
        Database(f"sqlite:///{tmp_path}/absent/cloud.sqlite3")
    assert refused.value.code == "bad_config"


def test_a_file_that_is_no_database_is_told(tmp_path: Path):
    (tmp_path / "notes.txt").write_text("not a database, only a text" * 100, encoding="utf-8")
    with pytest.raises(DeviceError, match="not a database") as failed:
        Database(f"sqlite:///{tmp_path}/notes.txt")
    assert failed.value.code == "database_failed"


def test_a_postgresql_server_that_is_away_is_told_without_the_password():
    with pytest.raises(LinkError, match="away") as failed:
        Database("postgresql://someone:canary-pw@127.0.0.1:1/none")
    assert failed.value.code == "database_away"
    assert "canary-pw" not in str(failed.value)


def test_a_wrong_password_is_told_without_it(cluster: Cluster):
    url = cluster.url("migrated", over_tcp=True)
    who, _, where = url.rpartition("@")
    with pytest.raises(LinkError, match="password authentication failed") as failed:
        Database(f"{who.rpartition(':')[0]}:canary-pw@{where}")
    assert "canary-pw" not in str(failed.value)


def test_a_dropped_connection_is_replaced_once_the_server_is_back(cluster: Cluster):
    name = "test_dropped"
    database = Database(cluster.create(name, template="migrated"))
    assert scalar(database, "SELECT 1") == 1
    cluster.disconnect(name)
    with pytest.raises(LinkError) as failed, database.read():
        pass
    assert failed.value.code == "database_away"
    cluster.admit(name)
    assert scalar(database, "SELECT 1") == 1
    database.close()
    cluster.drop(name)


def test_who_opens_a_fresh_file_waits_for_another_that_writes_to_it(tmp_path: Path):
    path = tmp_path / "cloud.sqlite3"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("create table held (x)")
    other.execute("begin immediate")
    other.execute("insert into held values (1)")
    ending = threading.Timer(0.3, other.execute, ("commit",))
    ending.start()
    database = Database(f"sqlite:///{path}")
    ending.join()
    assert scalar(database, "PRAGMA journal_mode") == "wal"
    database.close()
    other.close()
