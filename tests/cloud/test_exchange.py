"""One request is settled once, with what was produced, however it ends."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from edgewise.cloud.budget import Budget, Period, ScopeKind
from edgewise.cloud.caller import Caller, Endpoint
from edgewise.cloud.chat import read_chat
from edgewise.cloud.config import BackendConfig, ModelConfig, Route, UsageReport
from edgewise.cloud.exchange import Exchange, settled
from edgewise.cloud.ledger import Entry, Outcome
from edgewise.cloud.prices import Price
from edgewise.cloud.refusal import Refused
from edgewise.cloud.usage import Usage
from tests.cloud.running import Running, running_cloud
from tests.cloud.strange_upstream import events, reply, strange_upstream
from tests.cloud.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    async with running_cloud(tmp_path_factory.mktemp("cloud")) as served:
        yield served


def caller_of(running: Running) -> Caller:
    found = running.cloud.find(running.key)
    assert found is not None
    return found


def asking(words: str = "a b c", *, stream: bool = True, **directive: Any) -> bytes:
    said = (json.dumps({"test": directive}) if directive else "") + words
    messages = [{"role": "user", "content": said}]
    return json.dumps({"model": "fake", "stream": stream, "messages": messages}).encode()


async def begun(running: Running, body: bytes) -> Exchange:
    return await running.cloud.gateway.chat(caller_of(running), read_chat(body), Endpoint.CHAT)


def likely_input(body: bytes) -> int:
    return read_chat(body).likely_input


def last(running: Running) -> Entry:
    assert not running.cloud.ledger.running
    return running.cloud.ledger.recent[-1]


def produced(running: Running, entry: Entry) -> Usage:
    record = running.upstream.produced.requests[entry.facts.id]
    return Usage(record.input_tokens, 0, record.output_tokens)


async def test_a_stream_that_is_read_to_its_end_is_done(running: Running):
    async with await begun(running, asking()) as exchange:
        whole = [event async for batch in exchange.batches() for event in batch]
    assert len(whole) == 5
    assert (last(running).outcome, last(running).usage) == (
        Outcome.DONE,
        produced(running, last(running)),
    )
    assert last(running).usage.output_tokens == 3


async def test_a_stream_that_is_left_is_counted_to_the_last_token(running: Running):
    async with await begun(running, asking(tokens=60, delay_ms=1)) as exchange:
        batches = exchange.batches()
        await anext(batches)
        await batches.aclose()
    entry = last(running)
    assert entry.outcome is Outcome.DISCONNECTED
    assert entry.usage == produced(running, entry)
    assert not entry.estimated
    assert entry.usage.output_tokens < 60


async def test_an_exchange_that_nobody_reads_is_settled_and_stopped(running: Running):
    async with await begun(running, asking(tokens=60, delay_ms=1)):
        pass
    assert last(running).outcome is Outcome.DISCONNECTED
    assert last(running).usage == produced(running, last(running))


async def test_one_that_is_cancelled_twice_is_settled_once(running: Running):
    exchange = await begun(running, asking(tokens=60, delay_ms=1))

    async def read() -> None:
        async with exchange:
            async for _ in exchange.batches():
                pass

    task = asyncio.create_task(read())
    await asyncio.sleep(0.02)
    for _ in range(3):
        task.cancel()
        await asyncio.sleep(0)
    await asyncio.gather(task, return_exceptions=True)
    await settled()
    assert last(running).usage == produced(running, last(running))


async def test_a_client_that_leaves_before_the_first_byte_is_counted(running: Running):
    for first_ms in (0, 1, 3, 10, 200):
        body = asking(tokens=30, first_ms=first_ms, delay_ms=1)
        task = asyncio.create_task(begun(running, body))
        await asyncio.sleep(0.003)
        task.cancel()
        (made,) = await asyncio.gather(task, return_exceptions=True)
        if isinstance(made, Exchange):
            async with made:
                pass
        await settled()
        entry = last(running)
        assert entry.outcome is Outcome.DISCONNECTED
        record = running.upstream.produced.requests.get(entry.facts.id)
        told = Usage(record.input_tokens, 0, record.output_tokens) if record else Usage()
        if told == Usage() and entry.estimated:  # it was cut while its input was read
            told = Usage(likely_input(body))
        assert entry.usage == told


async def test_input_is_billed_when_the_client_leaves_before_the_first_byte(running: Running):
    body = asking(tokens=30, first_ms=5000)
    totals = running.upstream.produced.totals
    before = totals.attempts
    task = asyncio.create_task(begun(running, body))
    await until(lambda: totals.attempts > before)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await settled()
    entry = last(running)
    assert (entry.outcome, entry.estimated) == (Outcome.DISCONNECTED, True)
    assert entry.usage == Usage(likely_input(body))
    assert entry.usage.input_tokens > 0


EVENTS_BEGIN = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"


@pytest.mark.parametrize("event", [b"", b'data: {"error":{"message":"no","code":500}}\n\n'])
async def test_input_is_billed_when_the_client_leaves_before_the_first_event(
    tmp_path: Path, event: bytes
):
    async with strange_upstream(lambda *_: EVENTS_BEGIN + event) as strange:
        backend = BackendConfig("up", f"{strange.address}/v1")
        async with running_cloud(tmp_path, backend=(backend,)) as running:
            async with await begun(running, asking()):
                pass
            assert last(running).outcome is Outcome.DISCONNECTED
            refused = bool(event)
            assert last(running).usage.input_tokens == (0 if refused else likely_input(asking()))


async def test_a_refusal_that_comes_after_the_client_left_costs_nothing(tmp_path: Path):
    refusal = reply(b'{"error":{"message":"no"}}', status="400 Bad")
    async with strange_upstream(lambda *_: refusal) as strange:
        strange.answers.clear()
        backend = BackendConfig("up", f"{strange.address}/v1")
        async with running_cloud(tmp_path, backend=(backend,)) as running:
            task = asyncio.create_task(begun(running, asking()))
            await until(lambda: strange.bodies)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            strange.answers.set()
            await settled()
            assert (last(running).outcome, last(running).usage) == (Outcome.DISCONNECTED, Usage())


async def test_an_upstream_that_answers_though_the_client_left_is_billed(tmp_path: Path):
    done = {
        "choices": [{"index": 0, "delta": {"content": "a"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 4, "completion_tokens": 2},
    }
    answer = events(json.dumps(done).encode(), b"[DONE]")
    async with strange_upstream(lambda *_: answer) as strange:
        backend = BackendConfig("up", f"{strange.address}/v1", usage=UsageReport.CONTINUOUS)
        async with running_cloud(tmp_path, backend=(backend,)) as running:
            strange.answers.clear()
            task = asyncio.create_task(begun(running, asking()))
            async with asyncio.timeout(5):
                while not strange.bodies:  # noqa: ASYNC110  another's state
                    await asyncio.sleep(0.005)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            strange.answers.set()
            await settled()
            assert last(running).outcome is Outcome.DISCONNECTED
            assert last(running).usage == Usage(4, 0, 2)
            assert running.cloud.pool.health["up"].running == 0


async def test_an_upstream_that_breaks_is_billed_for_what_it_wrote(running: Running):
    for how in ("cut", "event"):
        exchange = await begun(running, asking(tokens=20, fail_after=4, fail_by=how))
        seen: list[bytes] = []
        with pytest.raises(Refused) as refused:
            await read_into(exchange, seen)
        assert refused.value.status == 502
        assert sum(b'"content":"t' in event or b'"content":" t' in event for event in seen) == 4
        assert last(running).outcome is Outcome.FAILED
        assert last(running).usage == produced(running, last(running))


async def read_into(exchange: Exchange, seen: list[bytes]) -> None:
    async with exchange:
        async for batch in exchange.batches():
            seen += batch


async def test_an_answer_without_a_stream_becomes_one(tmp_path: Path):
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    whole = {
        "id": "x",
        "choices": [{"index": 0, "message": {"tool_calls": [call]}, "finish_reason": "tool_calls"}],
        "usage": {"prompt_tokens": 4, "completion_tokens": 2},
    }
    async with strange_upstream(lambda *_: reply(json.dumps(whole).encode())) as strange:
        backend = BackendConfig("up", f"{strange.address}/v1")
        async with running_cloud(tmp_path, backend=(backend,)) as running:
            tools = [{"type": "function", "function": {"name": "f"}}]
            body = json.dumps({**json.loads(asking()), "tools": tools}).encode()
            async with await begun(running, body) as exchange:
                completion = await exchange.completion()
            assert completion["choices"][0]["message"]["tool_calls"] == [call]
            assert last(running).usage == Usage(4, 0, 2)


async def test_an_answer_without_a_stream_must_call_a_tool_too_where_one_is_required(
    tmp_path: Path,
):
    whole = {
        "choices": [{"index": 0, "message": {"content": "no"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 4, "completion_tokens": 2},
    }
    async with strange_upstream(lambda *_: reply(json.dumps(whole).encode())) as strange:
        backend = BackendConfig("up", f"{strange.address}/v1")
        async with running_cloud(tmp_path, backend=(backend,)) as running:
            tools = [{"type": "function", "function": {"name": "f"}}]
            asked = {**json.loads(asking()), "tools": tools, "tool_choice": "required"}
            async with await begun(running, json.dumps(asked).encode()) as exchange:
                with pytest.raises(Refused, match="called no tool"):
                    await exchange.completion()
            entry = last(running)
    assert (entry.outcome, entry.detail) == (Outcome.FAILED, "tool_choice_not_obeyed")
    assert entry.usage == Usage(4, 0, 2)


async def test_what_was_held_for_more_input_is_given_back_on_the_way(tmp_path: Path):
    price = Price("fake", date(2020, 1, 1), input=Decimal(1), output=Decimal(1))
    async with running_cloud(tmp_path, price=(price,)) as running:
        who = caller_of(running)
        cap = Budget("b", ScopeKind.PROJECT, who.project, Period.TOTAL, 10_000_000_000)
        running.cloud.budgets.load([cap], {})
        running.cloud._known_budgets = running.cloud.directory.budgets()
        held: list[int] = []
        async with await begun(running, asking()) as exchange:
            held.append(running.cloud.budgets.standings()[0].reserved_nano)
            async for _ in exchange.batches():
                if running.cloud.ledger.running:
                    held.append(running.cloud.budgets.standings()[0].reserved_nano)
        told = last(running).usage.input_tokens
        output = running.cloud.config.model[0].output_tokens
        assert held[0] > held[1] == (told + output) * 1000


async def test_a_budget_that_ends_on_the_way_ends_the_stream(tmp_path: Path):
    """An upstream that writes more than it was asked for is stopped by the budget."""

    def chunk(number: int) -> bytes:
        told = {"prompt_tokens": 1, "completion_tokens": number * 1000}
        choice = {"index": 0, "delta": {"content": "a"}}
        return json.dumps({"choices": [choice], "usage": told}).encode()

    answer = events(*(chunk(number) for number in range(1, 30)))
    price = Price("fake", date(2020, 1, 1), output=Decimal(1))
    async with strange_upstream(lambda *_: answer) as strange:
        backend = BackendConfig("up", f"{strange.address}/v1", usage=UsageReport.CONTINUOUS)
        async with running_cloud(tmp_path, backend=(backend,), price=(price,)) as running:
            who = caller_of(running)
            cap = Budget("b", ScopeKind.PROJECT, who.project, Period.TOTAL, 5_000_000)
            running.cloud.budgets.load([cap], {})
            running.cloud._known_budgets = running.cloud.directory.budgets()
            exchange = await begun(running, asking())
            with pytest.raises(Refused) as refused:
                await read_into(exchange, [])
            assert refused.value.problem.code == "budget_exceeded"
            (standing,) = running.cloud.budgets.standings()
            assert standing.reserved_nano == 0
            assert standing.spent_nano == last(running).cost_nano == 29_000_000


@pytest.mark.parametrize(("limit", "ends_well"), [(0.5, True), (0.049, False)])
async def test_more_searches_than_were_held_need_room_in_the_budget(
    tmp_path: Path, limit: float, ends_well: bool
):
    """The upstream tells eight, four more than were held, before its answer ends."""
    choice = {"index": 0, "delta": {"content": "a"}}
    told = {"prompt_tokens": 1, "completion_tokens": 1, "num_search_queries": 8}
    begin = json.dumps({"choices": [choice], "usage": told}).encode()
    finish = json.dumps({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}).encode()
    price = Price("fake", date(2020, 1, 1), search=Decimal("0.01"))
    body = {**json.loads(asking()), "web_search_options": {}}
    async with strange_upstream(lambda *_: events(begin, finish, b"[DONE]")) as strange:
        backend = BackendConfig("up", f"{strange.address}/v1", usage=UsageReport.CONTINUOUS)
        model = ModelConfig("fake", (Route("up"),), most_searches=4)
        changes = {"backend": (backend,), "model": (model,), "price": (price,)}
        async with running_cloud(tmp_path, **changes) as running:
            place = (ScopeKind.PROJECT, caller_of(running).project)
            cap = Budget("b", *place, Period.TOTAL, int(limit * 10**9))
            running.cloud.budgets.load([cap], {})
            running.cloud._known_budgets = running.cloud.directory.budgets()
            exchange = await begun(running, json.dumps(body).encode())
            assert running.cloud.budgets.standings()[0].reserved_nano == 40_000_000
            said = await asyncio.gather(read_into(exchange, []), return_exceptions=True)
            assert [isinstance(one, Refused) for one in said] == [not ends_well]
            assert last(running).usage.searches == 8


async def test_an_upstream_that_ends_without_done_still_tells_its_usage_to_who_asked(
    tmp_path: Path,
):
    choice = {"index": 0, "delta": {"content": "a"}, "finish_reason": "stop"}
    told = {"prompt_tokens": 3, "completion_tokens": 1}
    only = json.dumps({"choices": [choice], "usage": told}).encode()
    body = {**json.loads(asking()), "stream_options": {"include_usage": True}}
    async with strange_upstream(lambda *_: events(only)) as strange:
        backend = BackendConfig("up", f"{strange.address}/v1", usage=UsageReport.CONTINUOUS)
        async with (
            running_cloud(tmp_path, backend=(backend,)) as running,
            await begun(running, json.dumps(body).encode()) as exchange,
        ):
            whole = [json.loads(event) async for batch in exchange.batches() for event in batch]
    assert [event.get("usage") for event in whole] == [None, told]
    assert last(running).outcome is Outcome.DONE
