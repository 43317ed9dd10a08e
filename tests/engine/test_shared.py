"""A process that answers several orders at once: they do not wait for one another."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from edgewise.engine.child import EngineSettings
from edgewise.engine.shared import SharedEngine
from edgewise.errors import ModelError, UserError

SETTINGS = EngineSettings("the sample", "shared_process", most_waiting=4)


@pytest.fixture(autouse=True)
def _the_sample_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(Path(__file__).parent), *sys.path]))


@pytest.fixture
async def engine() -> AsyncIterator[SharedEngine]:
    engine = SharedEngine(SETTINGS)
    yield engine
    await engine.close()


async def ask(engine: SharedEngine, order: bytes, deadline_s: float = 20.0) -> list[bytes]:
    return [report async for report in engine.ask(order, deadline_s=deadline_s)]


def numbers(count: int) -> list[bytes]:
    return [b"%d" % n for n in range(count)]


async def test_a_short_order_ends_while_a_long_one_goes_on(engine: SharedEngine):
    long = engine.ask(b"count 1000000", deadline_s=60)
    assert await anext(long) == b"0"
    assert await ask(engine, b"count 3") == numbers(3)
    assert await anext(long) == b"1"
    await long.aclose()


async def test_each_order_hears_its_own_reports(engine: SharedEngine):
    found = await asyncio.gather(*(ask(engine, b"count %d" % n) for n in (5, 9, 2)))
    assert found == [numbers(5), numbers(9), numbers(2)]


async def test_what_is_given_up_is_cancelled_over_there(engine: SharedEngine):
    long = engine.ask(b"count 1000000", deadline_s=60)
    await anext(long)
    await long.aclose()
    async with asyncio.timeout(10):
        while await ask(engine, b"told") == [b"0"]:
            pass
    assert await ask(engine, b"told") == [b"1"]


async def test_what_is_refused_is_told_and_the_others_go_on(engine: SharedEngine):
    with pytest.raises(UserError, match="no order") as caught:
        await ask(engine, b"bad")
    assert caught.value.code == "bad_order"
    assert await ask(engine, b"count 2") == numbers(2)


async def test_a_process_that_dies_costs_all_its_answers_and_starts_anew(engine: SharedEngine):
    long = engine.ask(b"count 1000000", deadline_s=60)
    await anext(long)
    with pytest.raises(ModelError) as caught:
        await ask(engine, b"die")
    assert caught.value.code == "model_crashed"
    with pytest.raises(ModelError):
        async for _ in long:
            pass
    assert await ask(engine, b"count 2") == numbers(2)


async def test_more_than_it_takes_at_once_are_refused(engine: SharedEngine):
    held = [engine.ask(b"count 1000000", deadline_s=60) for _ in range(4)]
    for one in held:
        await anext(one)
    with pytest.raises(ModelError) as caught:
        await ask(engine, b"count 1")
    assert caught.value.code == "model_busy"
    for one in held:
        await one.aclose()


async def test_an_order_over_its_deadline_is_told_so(engine: SharedEngine):
    await engine.warm()
    with pytest.raises(ModelError) as caught:
        await ask(engine, b"count 1000000", deadline_s=0.3)
    assert caught.value.code == "model_timed_out"
    assert await ask(engine, b"count 1") == numbers(1)


async def test_the_process_ends_when_nobody_asks():
    engine = SharedEngine(replace(SETTINGS, idle_s=0.05))
    assert await ask(engine, b"count 1") == numbers(1)
    async with asyncio.timeout(10):
        while engine.is_loaded:  # noqa: ASYNC110 - no event tells of it
            await asyncio.sleep(0.01)
    await engine.close()
