"""A migrated database has the tables of tables.py, and its ledger is append-only."""

from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, create_engine, delete, insert, inspect, select, text, update
from sqlalchemy.engine import make_url

from edgewise.cloud.database import Database
from edgewise.cloud.migrations import migrate, newest, settings
from edgewise.cloud.tables import ledger, metadata
from edgewise.errors import UserError
from tests.cloud.conftest import NOW, NewUrl

ROW: dict[str, Any] = {
    "id": "req_1",
    "at": NOW,
    "day": "2027-01-15",
    "outcome": "done",
    "estimated": False,
    "took_ms": 1.5,
    "cost_nano": 2**62,
    **dict.fromkeys(("organisation", "project", "key", "device", "endpoint", "model"), ""),
    **dict.fromkeys(("backend", "backend_model", "currency", "price_since", "trace"), ""),
}


def test_the_migrated_tables_are_those_of_the_metadata(database: Database):
    with database.begin() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, metadata) == []


def test_the_migrated_checks_are_those_of_the_metadata(database: Database):
    with database.begin() as connection:
        inspector = inspect(connection)
        for table in metadata.sorted_tables:
            wanted = {str(c.name) for c in table.constraints if isinstance(c, CheckConstraint)}
            found = {str(c["name"]) for c in inspector.get_check_constraints(table.name)}
            assert found == wanted, table.name


def test_opening_brings_an_empty_database_to_the_newest_step(new_url: NewUrl):
    database = Database(new_url())
    with database.read() as connection:
        assert connection.execute(
            text("SELECT version_num FROM alembic_version")
        ).scalars().all() == [newest()]
    database.close()


def test_opening_again_changes_nothing(database_url: str):
    first = Database(database_url)
    with first.begin() as connection:
        connection.execute(insert(ledger).values(ROW))
    first.close()
    second = Database(database_url)
    with second.read() as connection:
        assert connection.execute(select(ledger.c.cost_nano)).scalar_one() == 2**62
    second.close()


def test_a_database_of_a_later_version_is_refused(database_url: str):
    later = Database(database_url)
    with later.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    later.close()
    with pytest.raises(UserError, match="later version") as refused:
        Database(database_url)
    assert refused.value.code == "database_newer"


def test_the_owners_of_the_first_organisation_become_operators(new_url: NewUrl):
    """A database as a version before the operators left it."""
    url = make_url(new_url())
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    engine = create_engine(url)
    with engine.begin() as connection:
        config = settings()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for at, place in enumerate(("first", "second")):
            connection.execute(
                text("INSERT INTO organisations (id, name, created_at) VALUES (:id, :id, :at)"),
                {"id": f"org_{place}", "at": at},
            )
            for role in ("owner", "admin"):
                name = {"id": f"{place}_{role}", "role": role, "organisation": f"org_{place}"}
                connection.execute(
                    text(
                        "INSERT INTO accounts (id, email, name, created_at)"
                        " VALUES (:id, :id, '', 1)"
                    ),
                    name,
                )
                connection.execute(
                    text("INSERT INTO memberships VALUES (:id, :organisation, :role)"), name
                )
        migrate(connection)
        marked = connection.execute(
            text("SELECT id FROM accounts WHERE operator_since IS NOT NULL")
        )
        assert marked.scalars().all() == ["first_owner"]
    engine.dispose()


@pytest.mark.parametrize("change", [update(ledger).values(cost_nano=0), delete(ledger)])
def test_a_ledger_row_is_neither_changed_nor_removed(database: Database, change: Any):
    with database.begin() as connection:
        connection.execute(insert(ledger).values(ROW))
    with (
        pytest.raises(UserError, match="append-only") as refused,
        database.begin() as connection,
    ):
        connection.execute(change)
    assert refused.value.code == "conflict"
    with database.read() as connection:
        assert connection.execute(select(ledger.c.cost_nano)).scalars().all() == [2**62]
