"""What is in memory of the bindings is what the database has, and the other way round."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from edgewise.cloud.database import Database
from edgewise.cloud.projects import rename_device
from edgewise.cloud.xiaozhi import bound as module
from edgewise.cloud.xiaozhi.bindings import read_bindings
from edgewise.errors import LinkError
from tests.cloud.conftest import NOW
from tests.cloud.waiting import until
from tests.cloud.xiaozhi.house import CLIENT, MAC, House


@asynccontextmanager
async def kept(house: House, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    monkeypatch.setattr(module, "KEEP_S", 0.01)
    keeping = asyncio.create_task(house.voice.bound.keep())
    yield
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)


def last_seen(house: House) -> float:
    with house.database.read() as connection:
        (found,) = read_bindings(connection, now_s=NOW)
    return found.last_seen


async def test_what_devices_said_is_written_down_at_the_end(house: House):
    house.bound()
    house.clock.advance(30)
    house.ask()
    assert last_seen(house) == NOW
    await house.voice.bound.close()
    assert last_seen(house) == NOW + 30


async def test_another_name_given_elsewhere_is_learned(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    made, token = house.bound()
    with house.database.begin() as connection:
        rename_device(connection, house.organisation, made.device, "Hall")
    async with kept(house, monkeypatch):
        house.ask()
        await until(lambda: house.voice.admit(token, MAC, CLIENT).name == "Hall")


async def test_what_could_not_be_written_is_written_later(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    house.bound()
    house.clock.advance(30)
    house.ask()
    tried = asyncio.Event()

    def away(_: Database) -> None:
        tried.set()
        raise LinkError("the database is away", code="database_away")

    with monkeypatch.context() as broken:
        broken.setattr(Database, "begin", away)
        async with kept(house, monkeypatch):
            await asyncio.wait_for(tried.wait(), 5)
    await house.voice.bound.close()
    assert last_seen(house) == NOW + 30


async def test_a_device_bound_while_they_are_read_again_is_not_lost(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    """What was read is older then, and is let go of."""
    made, _ = house.bound()
    bound = house.voice.bound
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()

    def read_slowly(*given: object, **named: object) -> tuple[()]:
        loop.call_soon_threadsafe(begun.set)
        asyncio.run_coroutine_threadsafe(learned.wait(), loop).result(5)
        return ()

    learned = asyncio.Event()
    with monkeypatch.context() as slow:
        slow.setattr(module, "read_bindings", read_slowly)
        reading = asyncio.create_task(bound._learn_again())  # pyright: ignore[reportPrivateUsage]
        await begun.wait()
        bound.learn(made)
        learned.set()
        await reading
    assert bound.of_mac(MAC) == made
