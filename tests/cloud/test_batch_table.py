"""A batch's status moves forward only, and a project sees its own batches."""

import pytest

from edgewise.cloud.accounts import FirstStart
from edgewise.cloud.batch_table import (
    CANCELLABLE,
    UNFINISHED,
    Batch,
    BatchError,
    BatchUsage,
    Status,
    change_batch,
    count_unfinished,
    find_batch,
    insert_batch,
    list_batches,
    read_batch,
    unfinished,
)
from edgewise.cloud.database import Database
from edgewise.cloud.keys import make_key
from edgewise.cloud.tables import files
from tests.cloud.conftest import NOW


@pytest.fixture
def batch(database: Database, started: FirstStart) -> Batch:
    organisation, project = started.organisation.id, started.project.id
    with database.begin() as connection:
        key = make_key(connection, organisation, project, "k", now_s=NOW).key.id
        row = {"id": "file_1", "project": project, "key": key, "name": "a", "purpose": "batch"}
        row |= {"size_bytes": 1, "created_at": NOW, "metered_until": NOW}
        connection.execute(files.insert().values(row))
        made = Batch(
            "batch_1",
            project,
            key,
            "/v1/embeddings",
            "file_1",
            Status.VALIDATING,
            NOW,
            NOW + 1,
            {"a": "b"},
        )
        insert_batch(connection, made)
    return made


def test_a_batch_is_read_as_it_was_made(database: Database, batch: Batch):
    with database.read() as connection:
        assert read_batch(connection, "batch_1") == batch
        assert find_batch(connection, batch.project, "batch_1") == batch
        assert find_batch(connection, "proj_other", "batch_1") is None
        assert list_batches(connection, "proj_other", after=None, limit=9) == ()


def test_errors_and_usage_are_kept(database: Database, batch: Batch):
    errors, usage = [BatchError("code", "message", 3, "body")], BatchUsage(1, 2, 3, 4)
    with database.begin() as connection:
        assert change_batch(connection, batch.id, UNFINISHED, errors=errors, usage=usage)
        found = read_batch(connection, batch.id)
    assert found is not None
    assert (found.errors, found.usage) == (errors, usage)


def test_what_has_ended_is_not_changed_any_more(database: Database, batch: Batch):
    with database.begin() as connection:
        assert unfinished(connection) == [batch.id]
        assert change_batch(connection, batch.id, UNFINISHED, status=Status.COMPLETED)
        assert not change_batch(connection, batch.id, CANCELLABLE, status=Status.CANCELLING)
        assert unfinished(connection) == []
        assert count_unfinished(connection, batch.project) == 0


def test_pages_go_from_the_newest_back(database: Database, batch: Batch):
    with database.begin() as connection:
        for number in (2, 3, 4):
            values = {name: getattr(batch, name) for name in Batch.__struct_fields__}
            at = NOW + number // 3  # two of one moment
            insert_batch(connection, Batch(**{**values, "id": f"batch_{number}", "created_at": at}))
        seen: list[str] = []
        last: Batch | None = None
        while page := list_batches(connection, batch.project, after=last, limit=1):
            last = page[0]
            seen.append(last.id)
    assert seen == ["batch_4", "batch_3", "batch_2", "batch_1"]
