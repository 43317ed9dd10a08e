"""A response is kept although the database is away, and the newest state of it wins."""

import asyncio

from edgewise.cloud.response_keeper import Keeping, ResponseKeeper
from edgewise.errors import LinkError
from tests.cloud.fake_completer import MemoryStore

AWAY = LinkError("away", code="database_away")


async def test_what_could_not_be_written_is_found_and_written_later():
    store = MemoryStore()
    keeper = ResponseKeeper(store, again_s=0)
    store.away = AWAY
    assert await keeper.put("p", "k", "resp_1", {"a": 1}) is Keeping.LATER
    assert await keeper.put("p", "k", "resp_1", {"a": 2}) is Keeping.LATER
    assert await keeper.get("p", "resp_1") == {"a": 2}
    assert await keeper.get("q", "resp_1") is None
    store.away = None
    async with asyncio.timeout(5):
        await store.wrote.wait()
    assert store.kept == {("p", "resp_1"): {"a": 2}}
    assert await keeper.put("p", "k", "resp_1", {"a": 3}) is Keeping.KEPT
    await keeper.close()


async def test_no_more_than_fits_waits_for_the_database():
    store = MemoryStore()
    keeper = ResponseKeeper(store, limit_bytes=10)
    store.away = AWAY
    assert await keeper.put("p", "k", "resp_1", {"a": 1}) is Keeping.LATER
    assert await keeper.put("p", "k", "resp_2", {"a": 1}) is Keeping.NOT
    assert await keeper.delete("p", "resp_1") is True
    assert await keeper.put("p", "k", "resp_2", {"a": 1}) is Keeping.LATER
    await keeper.close()


async def test_what_waits_is_written_a_last_time_at_the_end():
    store = MemoryStore()
    keeper = ResponseKeeper(store)
    store.away = AWAY
    await keeper.put("p", "k", "resp_1", {"a": 1})
    store.away = None
    await keeper.close()
    assert store.kept == {("p", "resp_1"): {"a": 1}}
