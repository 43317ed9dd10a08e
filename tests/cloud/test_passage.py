"""Whatever becomes of an answer that passes through, it is settled once, its backend freed."""

import asyncio
import json
import time
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from edgewise.cloud.budget import Budget, Period, ScopeKind
from edgewise.cloud.caller import Limits
from edgewise.cloud.config import BackendConfig, ModelConfig, ModelKind, Route
from edgewise.cloud.keys import Scope, revoke_key
from edgewise.cloud.ledger import Entry, Outcome
from edgewise.cloud.prices import NANO, Price
from edgewise.testing.upstream.directive import Directive
from tests.cloud.running import Running, running_cloud
from tests.cloud.strange_upstream import reply, strange_upstream
from tests.cloud.waiting import until

pytestmark = pytest.mark.slow

MODELS = (ModelConfig("voice", (Route("up", "fake"),), kind=ModelKind.SPEECH),)
PRICE = Price("voice", date(2020, 1, 1), characters=Decimal(100_000))
WORDS = "a few words"


async def say(running: Running, words: str = WORDS) -> httpx.Response:
    body = {"model": "voice", "voice": "v", "input": words, "response_format": "pcm"}
    return await running.client.post("/v1/audio/speech", json=body)


async def entry_of(running: Running) -> Entry:
    await until(lambda: running.cloud.ledger.recent)
    await running.wait_until_idle()
    (health,) = running.cloud.gateway.pool.health.values()
    assert health.running == 0
    return running.cloud.ledger.recent[-1]


async def test_an_answer_that_breaks_off_is_cut_and_billed_as_an_estimate(tmp_path: Path):
    async with running_cloud(tmp_path, model=MODELS) as running:
        running.upstream.directive = Directive(fail_after=3)
        with pytest.raises(httpx.RemoteProtocolError):
            await say(running)
        entry = await entry_of(running)
    assert (entry.outcome, entry.detail) == (Outcome.FAILED, "upstream_broken")
    assert (entry.usage.characters, entry.estimated) == (len(WORDS), True)


async def test_a_backend_that_fails_before_it_answers_costs_nothing(tmp_path: Path):
    async with running_cloud(tmp_path, model=MODELS) as running:
        running.upstream.directive = Directive(fail_status=500)
        refused = await say(running)
        entry = await entry_of(running)
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "upstream_unavailable")
    assert refused.headers["x-request-id"] == entry.facts.id
    assert (entry.outcome, entry.usage.characters) == (Outcome.FAILED, 0)


@pytest.mark.parametrize("first_ms", [0, 20, 400])
async def test_a_client_that_leaves_before_the_answer_is_billed_what_was_begun(
    tmp_path: Path, first_ms: int, caplog: pytest.LogCaptureFixture
):
    async with running_cloud(tmp_path, model=MODELS) as running:
        said = json.dumps({"test": {"first_ms": first_ms, "hang_after": 5}}) + WORDS
        asking = asyncio.create_task(say(running, said))
        await until(lambda: running.upstream.produced.totals.attempts == 1)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        entry = await entry_of(running)
        record = await running.upstream.produced.ended(entry.facts.id)
    assert (entry.outcome, record.outcome) == (Outcome.DISCONNECTED, "left")
    assert entry.usage.characters == len(said)
    assert entry.estimated or first_ms < 400
    assert "fault" not in caplog.text


async def test_a_budget_holds_all_characters_before_anything_is_sent(tmp_path: Path):
    async with running_cloud(tmp_path, model=MODELS, price=(PRICE,)) as running:
        first = running.cloud.first_start
        assert first is not None
        cap = Budget("b", ScopeKind.PROJECT, first.project.id, Period.TOTAL, NANO)
        running.cloud.budgets.load([cap], {"b": 0})
        said = json.dumps({"test": {"hang_after": 0}})
        asking = asyncio.create_task(say(running, said))
        await until(lambda: running.upstream.produced.totals.attempts == 1)
        (held,) = running.cloud.budgets.standings()
        assert (held.spent_nano, held.reserved_nano) == (0, len(said) * NANO // 10)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        await entry_of(running)
        (held,) = running.cloud.budgets.standings()
        assert (held.spent_nano, held.reserved_nano) == (len(said) * NANO // 10, 0)
        assert (await say(running, "a")).status_code == 402


async def test_limits_hold_and_are_told(tmp_path: Path):
    async with running_cloud(tmp_path, model=MODELS) as running:
        key = running.make_key(Scope(limits=Limits(requests_a_minute=1)))
        running.client.headers["Authorization"] = f"Bearer {key}"
        done = await say(running)
        assert (await say(running)).status_code == 429
    assert done.headers["x-ratelimit-remaining-requests"] == "0"
    assert done.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("told", "passed"),
    [
        ("audio/mpeg", "audio/mpeg"),
        ("text/plain; charset=utf-8", "text/plain; charset=utf-8"),
        ("nonsense", "application/octet-stream"),
    ],
)
async def test_the_type_of_the_content_is_the_upstreams_if_it_is_one(
    tmp_path: Path, told: str, passed: str
):
    async with strange_upstream(lambda *_: reply(b"abc", kind=told)) as strange:
        backend = BackendConfig("up", f"{strange.address}/v1")
        async with running_cloud(tmp_path, model=MODELS, backend=(backend,)) as running:
            done: Any = await say(running)
            await entry_of(running)
    assert (done.content, done.headers["content-type"]) == (b"abc", passed)


@pytest.mark.parametrize("begun", [False, True])
async def test_an_answer_ends_with_its_key(tmp_path: Path, begun: bool):
    async with running_cloud(tmp_path, model=MODELS) as running:
        directive = {"hang_after": 3} if begun else {"first_ms": 60_000}
        said = json.dumps({"test": directive}) + WORDS
        asking = asyncio.create_task(say(running, said))
        attempts = running.upstream.produced.totals
        await until(lambda: attempts.attempts == 1)
        await asyncio.sleep(0.1)  # where it begins, it has begun
        caller = running.cloud.find(running.key)
        assert caller is not None
        with running.cloud.database.begin() as connection:
            revoke_key(connection, caller.organisation, caller.key, now_s=time.time())
        (told,) = await asyncio.gather(asking, return_exceptions=True)
        if begun:
            assert isinstance(told, httpx.RemoteProtocolError)
        else:
            assert isinstance(told, httpx.Response)
            assert told.status_code == 401
        entry = await entry_of(running)
        record = await running.upstream.produced.ended(entry.facts.id)
    assert (entry.outcome, entry.detail) == (Outcome.FAILED, "key_revoked")
    assert (entry.usage.characters, record.outcome) == (len(said), "left")
