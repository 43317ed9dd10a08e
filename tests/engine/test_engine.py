"""A model's process answers one order after another, and what happens to it costs one answer."""

import asyncio
import os
import random
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from edgewise.engine.child import EngineSettings
from edgewise.engine.engine import Engine
from edgewise.errors import ModelError, UserError

SETTINGS = EngineSettings("the sample", "sample_process", grace_s=2.0)


@pytest.fixture(autouse=True)
def _the_sample_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(Path(__file__).parent), *sys.path]))


@pytest.fixture
async def engine() -> AsyncIterator[Engine]:
    engine = Engine(SETTINGS)
    yield engine
    await engine.close()


async def ask(engine: Engine, order: bytes, deadline_s: float = 20.0) -> list[bytes]:
    return [report async for report in engine.ask(order, deadline_s=deadline_s)]


async def until_gone(process_id: int) -> None:
    async with asyncio.timeout(10):
        while os.path.exists(f"/proc/{process_id}"):  # noqa: ASYNC110 - no event tells of it
            await asyncio.sleep(0.01)


async def test_an_order_is_answered_whatever_the_library_prints(engine: Engine):
    assert not engine.is_loaded
    assert await ask(engine, b"abc") == [b"cba"]
    assert engine.is_loaded


async def test_orders_are_answered_one_after_another_by_one_process(engine: Engine):
    found = await asyncio.gather(*(ask(engine, b"pid") for _ in range(5)))
    assert len({report for reports in found for report in reports}) == 1


async def test_what_the_process_refuses_is_told_and_it_goes_on(engine: Engine):
    first = await ask(engine, b"pid")
    with pytest.raises(UserError, match="no sound") as caught:
        await ask(engine, b"bad")
    assert caught.value.code == "bad_sound"
    assert await ask(engine, b"pid") == first


async def test_a_process_that_dies_costs_one_answer(engine: Engine):
    first = await ask(engine, b"pid")
    with pytest.raises(ModelError, match=r"ended with status 7 \(about to die\)") as caught:
        await ask(engine, b"die")
    assert caught.value.code == "model_crashed"
    assert await ask(engine, b"pid") != first


async def test_an_answer_given_up_stops_and_the_process_stays(engine: Engine):
    first = await ask(engine, b"pid")
    reports = engine.ask(b"count", deadline_s=20)
    assert await anext(reports) == b"0"
    await reports.aclose()
    assert await ask(engine, b"pid") == first


async def test_a_process_that_hangs_is_killed_and_the_next_order_starts_another(engine: Engine):
    [first] = await ask(engine, b"pid")
    with pytest.raises(ModelError, match="did not answer within") as caught:
        await ask(engine, b"hang", deadline_s=0.2)
    assert caught.value.code == "model_timed_out"
    [second] = await ask(engine, b"pid")
    assert second != first
    await until_gone(int(first))


async def test_a_process_over_its_memory_says_so_and_the_next_order_is_answered():
    engine = Engine(replace(SETTINGS, memory_limit_bytes=150_000_000))
    try:
        with pytest.raises(ModelError):
            await ask(engine, b"much")
        assert await ask(engine, b"abc") == [b"cba"]
    finally:
        await engine.close()


async def test_an_idle_process_gives_its_memory_back():
    engine = Engine(replace(SETTINGS, idle_s=0.05))
    try:
        [first] = await ask(engine, b"pid")
        await until_gone(int(first))
        assert await ask(engine, b"abc") == [b"cba"]
    finally:
        await engine.close()


async def test_too_many_orders_are_refused_at_once():
    engine = Engine(replace(SETTINGS, most_waiting=1))
    try:
        reports = engine.ask(b"count", deadline_s=20)
        await anext(reports)
        waiting = asyncio.create_task(ask(engine, b"abc"))
        await asyncio.sleep(0)
        with pytest.raises(ModelError, match="waiting") as caught:
            await ask(engine, b"abc")
        assert caught.value.code == "model_busy"
        await reports.aclose()
        assert await waiting == [b"cba"]
    finally:
        await engine.close()


async def test_a_model_that_cannot_load_says_why_each_time():
    engine = Engine(replace(SETTINGS, arguments=("--broken",)))
    for _ in range(2):
        with pytest.raises(ModelError, match="the file is not here"):
            await ask(engine, b"abc")
    await engine.close()


async def test_a_library_that_is_not_there_is_told_with_the_extra_that_brings_it():
    engine = Engine(replace(SETTINGS, arguments=("--bare",)))
    with pytest.raises(ModelError, match=r"a_library.*install edgewise\[sample\]"):
        await ask(engine, b"abc")
    await engine.close()


async def test_closing_ends_the_process(engine: Engine):
    [first] = await ask(engine, b"pid")
    await engine.close()
    await until_gone(int(first))
    with pytest.raises(ModelError, match="closed"):
        await ask(engine, b"abc")


async def test_an_order_that_a_stopped_process_does_not_take_ends_in_time():
    engine = Engine(replace(SETTINGS, grace_s=0.2))
    try:
        [first] = await ask(engine, b"pid")
        os.kill(int(first), signal.SIGSTOP)
        async with asyncio.timeout(10):
            with pytest.raises(ModelError, match="did not answer within"):
                await ask(engine, bytes(400_000), deadline_s=0.2)
            [second] = await ask(engine, b"pid")
            await until_gone(int(first))
        assert second != first
    finally:
        await engine.close()


@pytest.mark.parametrize("first_wish", ["ask", "warm"])
async def test_closing_while_the_model_loads_leaves_no_process(first_wish: str):
    engine = Engine(replace(SETTINGS, arguments=("--slow",)))
    wish = asyncio.create_task(ask(engine, b"abc") if first_wish == "ask" else engine.warm())
    async with asyncio.timeout(10):
        while not processes():  # noqa: ASYNC110 - no event tells of it
            await asyncio.sleep(0.01)
        await engine.close()
        with pytest.raises(ModelError, match="closed"):
            await wish
    assert processes() == set()
    assert not engine.is_loaded


async def test_a_process_killed_while_idle_costs_no_answer(engine: Engine):
    [first] = await ask(engine, b"pid")
    os.kill(int(first), signal.SIGKILL)
    async with asyncio.timeout(10):
        while engine.is_loaded:  # noqa: ASYNC110 - no event tells of it
            await asyncio.sleep(0.01)
    assert await ask(engine, b"pid") != [first]


async def test_the_deadline_covers_loading_and_the_next_order_finds_it_loaded():
    engine = Engine(replace(SETTINGS, arguments=("--slow",)))
    loop = asyncio.get_running_loop()
    try:
        began = loop.time()
        with pytest.raises(ModelError, match="did not answer within"):
            await ask(engine, b"abc", deadline_s=0.2)
        assert loop.time() - began < 0.8
        [process_id] = processes()
        assert await ask(engine, b"pid") == [str(process_id).encode()]
    finally:
        await engine.close()


async def test_a_refusal_of_an_order_given_up_is_nobodys_error(engine: Engine):
    told: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))
    [first] = await ask(engine, b"pid")
    reports = engine.ask(b"bad later", deadline_s=20)
    assert await anext(reports) == b"first"
    await reports.aclose()
    assert await ask(engine, b"pid") == [first]
    await engine.close()
    assert told == []


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_happens_no_process_and_no_task_is_left_and_the_next_order_is_answered(
    seed: int,
):
    chance = random.Random(seed)
    idle_s = chance.choice([0.02, 300.0])
    # one that is stopped while it loads keeps whoever asks waiting until its limit, not longer
    settings = replace(SETTINGS, grace_s=0.2, idle_s=idle_s, most_waiting=4, load_limit_s=4.0)
    told: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))
    async with asyncio.timeout(60):
        for _ in range(3):
            engine = Engine(settings)
            wishes = [asyncio.create_task(_do_anything(engine, chance)) for _ in range(12)]
            while any(not wish.done() for wish in wishes):
                await asyncio.wait(wishes, timeout=chance.uniform(0, 0.2))
                _harm(wishes, chance)
            for wish in wishes:
                if not wish.cancelled() and (error := wish.exception()) is not None:
                    assert isinstance(error, ModelError | UserError), error
            assert await _answered(engine) == [b"cba"]
            late = asyncio.create_task(_do_anything(engine, chance))
            await asyncio.wait({late}, timeout=chance.uniform(0, 0.2))
            await engine.close()
            await asyncio.wait({late})
            assert late.cancelled() or isinstance(late.exception(), ModelError | UserError | None)
            assert processes() == set()
            assert asyncio.all_tasks() == {asyncio.current_task()}
    assert told == []


async def _answered(engine: Engine) -> list[bytes]:
    """A process that was stopped or killed just now may cost one answer, not two."""
    try:
        return await ask(engine, b"abc", deadline_s=5)
    except ModelError:
        return await ask(engine, b"abc")


async def _do_anything(engine: Engine, chance: random.Random) -> None:
    order = chance.choice(
        [b"abc", b"count", b"die", b"hang", b"bad", b"flood", bytes(400_000), b""]
    )
    if not order:
        return await engine.warm()
    reports = engine.ask(order, deadline_s=chance.choice([0.0, 0.05, 0.3, 1.0]))
    try:
        async for _ in reports:
            if chance.random() < 0.2:
                break
    finally:
        await reports.aclose()


def _harm(wishes: list[asyncio.Task[None]], chance: random.Random) -> None:
    if chance.random() < 0.5:
        chance.choice(wishes).cancel()
    for process_id in processes():
        if chance.random() < 0.2:
            os.kill(process_id, chance.choice([signal.SIGKILL, signal.SIGSTOP]))


def processes() -> set[int]:
    """The living children of this process that run the sample."""
    found: set[int] = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            is_sample = b"sample_process" in (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if int(parent) == os.getpid() and state != "Z" and is_sample:
            found.add(int(folder.name))
    return found
