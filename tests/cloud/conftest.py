"""A migrated database of its own for each test, on SQLite and on PostgreSQL."""

import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, insert, select

from edgewise.cloud.accounts import FirstStart, first_start
from edgewise.cloud.database import Database
from edgewise.cloud.revision import move_revision
from edgewise.cloud.tables import metadata, revision
from tests.cloud.postgres import Cluster, require_server, running_cluster

NOW = 1_800_000_000.0


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """One PostgreSQL server for this test process, with a migrated database `migrated`."""
    with running_cluster(require_server()) as running:
        Database(running.create("migrated")).close()
        running.create("shared", template="migrated")
        yield running


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    file = tmp_path_factory.mktemp("migrated") / "cloud.sqlite3"
    Database(f"sqlite:///{file}").close()
    return file


NewUrl = Callable[..., str]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NewUrl]:
    """Makes databases: without tables, or with them (`migrated=True`)."""
    made: list[str] = []
    on_postgresql = request.param == "postgresql"
    cluster: Cluster | None = request.getfixturevalue("cluster") if on_postgresql else None

    def make(*, migrated: bool = False) -> str:
        name = f"test_{secrets.token_hex(8)}"
        made.append(name)
        if cluster is not None:
            return cluster.create(name, template="migrated" if migrated else "template0")
        file = tmp_path / f"{name}.sqlite3"
        if migrated:
            shutil.copy(request.getfixturevalue("migrated_file"), file)
        return f"sqlite:///{file}"

    yield make
    if cluster is not None:
        for name in made:
            cluster.drop(name)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, new_url: NewUrl) -> str:
    """The address of a migrated, empty database. PostgreSQL's is one for all tests, emptied: a
    fresh one for each takes a tenth of a second."""
    if request.node.callspec.params["new_url"] == "sqlite":
        return new_url(migrated=True)
    cluster: Cluster = request.getfixturevalue("cluster")
    cluster.empty("shared")
    return cluster.url("shared")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated, empty database."""
    opened = Database(database_url)
    yield opened
    opened.close()


Rows = list[tuple[Table, list[dict[str, Any]]]]


@pytest.fixture(scope="session")
def first_rows(tmp_path_factory: pytest.TempPathFactory) -> tuple[FirstStart, Rows]:
    """What a first start makes and writes; kept, since its password takes long to hash."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('first')}/cloud.sqlite3")
    made = first_start(database, now_s=NOW)
    assert made is not None
    with database.read() as connection:
        rows = [
            (table, [dict(row) for row in connection.execute(select(table)).mappings()])
            for table in metadata.sorted_tables
            if table is not revision
        ]
    database.close()
    return made, [(table, content) for table, content in rows if content]


@pytest.fixture
def started(database: Database, first_rows: tuple[FirstStart, Rows]) -> FirstStart:
    """The organisation, project and administrator of a first start."""
    made, rows = first_rows
    with database.begin() as connection:
        for table, content in rows:
            connection.execute(insert(table), content)
        move_revision(connection)
    return made
