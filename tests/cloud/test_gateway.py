"""Admitted when key, limits, budget and ledger allow; what is refused holds nothing."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_asyncio

from edgewise.cloud.budget import Budget, Period, ScopeKind
from edgewise.cloud.caller import Caller, Endpoint, KeyKind, Limits
from edgewise.cloud.config import ModelConfig, ModelKind, Route
from edgewise.cloud.exchange import Admission
from edgewise.cloud.ledger import Outcome
from edgewise.cloud.refusal import Refused
from edgewise.cloud.usage import Usage
from tests.cloud.running import Running, running_cloud

pytestmark = pytest.mark.asyncio(loop_scope="module")
MODELS = (
    ModelConfig("fake", (Route("up"),)),
    ModelConfig("public", (Route("up", "fake"),)),
    ModelConfig("vectors", (Route("up"),), kind=ModelKind.EMBEDDING),
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    async with running_cloud(tmp_path_factory.mktemp("cloud"), model=MODELS) as served:
        yield served


def caller(running: Running, **more: Any) -> Caller:
    """Who holds a new key, with some of what is known of them changed."""
    found = running.cloud.find(running.make_key())
    assert found is not None
    return msgspec.structs.replace(found, **more)


def asking(words: str = "a b c", model: str = "fake") -> dict[str, Any]:
    return {"model": model, "messages": [{"role": "user", "content": words}]}


async def complete(running: Running, who: Caller, body: dict[str, Any]) -> dict[str, Any]:
    return await running.cloud.gateway.complete(who, body, endpoint=Endpoint.CHAT)


async def refusal(running: Running, who: Caller, body: dict[str, Any]) -> Refused:
    with pytest.raises(Refused) as refused:
        await complete(running, who, body)
    assert not running.cloud.ledger.running
    return refused.value


async def test_a_completion_is_the_stream_put_together(running: Running):
    whole = await complete(running, caller(running), asking(model="public"))
    assert whole["choices"][0]["message"] == {"role": "assistant", "content": "a b c"}
    assert (whole["object"], whole["model"]) == ("chat.completion", "public")
    stream = running.cloud.gateway.stream(
        caller(running), asking(model="public"), endpoint=Endpoint.CHAT
    )
    chunks = [chunk async for chunk in stream]
    words = [one["choices"][0]["delta"].get("content", "") for one in chunks if one["choices"]]
    assert "".join(words) == "a b c"
    assert chunks[-1]["usage"] == whole["usage"]


async def test_chunks_for_a_caller_who_asked_for_no_stream_are_none_of_its_streams(
    running: Running,
):
    one = caller(running, limits=Limits(streams_at_once=1))
    asked = running.cloud.gateway.stream(one, asking(), endpoint=Endpoint.CHAT)
    assert isinstance(asked, AsyncGenerator)
    async with aclosing(asked):
        await anext(asked)
        whole = running.cloud.gateway.stream(
            one, asking(), endpoint=Endpoint.RESPONSES, is_stream=False
        )
        assert [chunk async for chunk in whole]
        with pytest.raises(Refused, match="streams at once"):
            await anext(running.cloud.gateway.stream(one, asking(), endpoint=Endpoint.CHAT))


async def test_a_stream_that_is_closed_is_settled(running: Running):
    stream = running.cloud.gateway.stream(caller(running), asking(), endpoint=Endpoint.CHAT)
    await anext(stream)
    await stream.aclose()
    assert not running.cloud.ledger.running
    assert running.cloud.ledger.recent[-1].outcome is Outcome.DISCONNECTED


@pytest.mark.parametrize(
    ("who", "model", "status"),
    [
        ({}, "none", 404),
        ({"models": frozenset({"public"})}, "fake", 404),
        ({"endpoints": frozenset({Endpoint.FILES})}, "fake", 403),
        ({"kind": KeyKind.DEVICE}, "fake", 403),
        ({}, "vectors", 400),
    ],
)
async def test_what_a_key_may_not_is_refused_before_anything_is_held(
    running: Running, who: dict[str, Any], model: str, status: int
):
    before = len(running.cloud.ledger.recent)
    assert (await refusal(running, caller(running, **who), asking(model=model))).status == status
    assert len(running.cloud.ledger.recent) == before


async def test_a_place_is_given_back_when_the_budget_refuses(running: Running):
    who = caller(running, project="p2", limits=Limits(requests_at_once=1))
    cap = Budget("b", ScopeKind.PROJECT, "p2", Period.TOTAL, 1)
    running.cloud.budgets.load([cap], {"b": 2})
    for _ in range(3):
        assert (await refusal(running, who, asking())).status == 402
    running.cloud.budgets.load([], {})
    await complete(running, who, asking())


async def test_all_is_given_back_when_the_ledger_is_full(tmp_path: Path):
    async with running_cloud(tmp_path) as running:
        flights = running.cloud.ledger._flights
        taken, flights._free = flights._free, []
        who = caller(running, limits=Limits(requests_at_once=1))
        for _ in range(3):
            assert (await refusal(running, who, asking())).status == 503
        flights._free = taken
        await complete(running, who, asking())


class BrokenWatcher:
    def begin(self, admission: Admission) -> None:
        raise RuntimeError("a fault")


async def test_a_fault_after_a_request_was_let_in_leaves_nothing_held(tmp_path: Path):
    async with running_cloud(tmp_path) as running:
        cloud, who = running.cloud, caller(running, project="p", limits=Limits(requests_at_once=1))
        cloud.budgets.load([Budget("b", ScopeKind.PROJECT, "p", Period.TOTAL, 10**9)], {})
        watcher, cloud.gateway._watcher = cloud.gateway._watcher, BrokenWatcher()
        with pytest.raises(RuntimeError):
            await complete(running, who, asking())
        cloud.gateway._watcher = watcher
        model, most = cloud.config.model[0], Usage(10, 0, 10)
        admission = await cloud.gateway.admit(who, Endpoint.CHAT, model, most, 1, stream=False)
        no_text: Any = object()  # no line can be written of it
        with pytest.raises(TypeError):
            admission.settle(Outcome.DONE, Usage(10), detail=no_text)
        assert not cloud.ledger.running
        assert cloud.budgets.standings()[0].reserved_nano == 0
        await complete(running, who, asking())


async def test_what_an_upstream_refuses_costs_nothing_and_is_entered(running: Running):
    said = asking('{"test": {"fail_status": 400}}')
    assert (await refusal(running, caller(running), said)).status == 400
    entry = running.cloud.ledger.recent[-1]
    assert (entry.outcome, entry.cost_nano, entry.detail) == (Outcome.FAILED, 0, "upstream_refused")


@pytest.mark.parametrize(
    ("trace", "kept"),
    [
        ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", True),
        ("a" * 5000, False),
        ("00-0AF7651916CD43DD8448EB211C80319C-B7AD6B7169203331-01", False),
        ("é", False),
    ],
)
async def test_only_a_well_formed_trace_is_kept(running: Running, trace: str, kept: bool):
    headers = {"traceparent": trace.encode("latin-1")}
    answered = await running.client.post("/v1/chat/completions", json=asking(), headers=headers)
    assert answered.status_code == 200
    assert running.cloud.ledger.recent[-1].facts.trace == (trace if kept else "")
