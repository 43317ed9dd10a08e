from typing import NamedTuple

import pytest

from edgewise.cloud.accounts import FirstStart
from edgewise.cloud.database import Database
from edgewise.cloud.keys import make_key
from edgewise.cloud.response_store import KEPT_S, SqlResponseStore, TooLarge

NOW = 1_800_000_000.0


class Home(NamedTuple):
    """A store, and whose the responses are."""

    store: SqlResponseStore
    project: str
    key: str


@pytest.fixture
def home(database: Database, started: FirstStart) -> Home:
    project = started.project.id
    with database.begin() as connection:
        made = make_key(connection, started.organisation.id, project, "mine", now_s=NOW)
    return Home(SqlResponseStore(database, lambda: NOW), project, made.key.id)


async def test_what_is_put_is_got_and_put_again_in_its_place(home: Home):
    store, project, key = home
    assert await store.get(project, "resp_1") is None
    await store.put(project, key, "resp_1", {"response": {"status": "queued"}})
    await store.put(project, key, "resp_1", {"response": {"status": "completed", "座": None}})
    assert await store.get(project, "resp_1") == {"response": {"status": "completed", "座": None}}


async def test_another_project_neither_sees_nor_deletes_it(home: Home):
    store, project, key = home
    await store.put(project, key, "resp_1", {"a": 1})
    assert await store.get("proj_other", "resp_1") is None
    assert await store.delete("proj_other", "resp_1") is False
    assert await store.get(project, "resp_1") == {"a": 1}


async def test_what_is_deleted_is_gone(home: Home):
    store, project, key = home
    await store.put(project, key, "resp_1", {"a": 1})
    assert await store.delete(project, "resp_1") is True
    assert await store.delete(project, "resp_1") is False
    assert await store.get(project, "resp_1") is None


async def test_what_is_larger_than_its_reader_takes_is_not_loaded(home: Home):
    store, project, key = home
    await store.put(project, key, "resp_1", {"a": "x" * 100})
    with pytest.raises(TooLarge):
        await store.get(project, "resp_1", 100)
    assert await store.get(project, "resp_1", 200) == {"a": "x" * 100}


async def test_a_response_is_kept_for_thirty_days(home: Home, database: Database):
    store, project, key = home
    await store.put(project, key, "resp_1", {"a": 1})
    before = SqlResponseStore(database, lambda: NOW + KEPT_S - 1)
    assert before.sweep() == 0
    assert await before.get(project, "resp_1") == {"a": 1}
    after = SqlResponseStore(database, lambda: NOW + KEPT_S)
    assert await after.get(project, "resp_1") is None
    assert after.sweep() == 1
