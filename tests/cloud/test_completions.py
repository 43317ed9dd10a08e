"""`/v1/chat/completions` as a client sees it: headers, events, and how it ends."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from edgewise.cloud.caller import Limits
from edgewise.cloud.keys import Scope
from tests.cloud.running import Running, running_cloud
from tests.cloud.wire import post, say, statuses

pytestmark = pytest.mark.asyncio(loop_scope="module")
CHAT = "/v1/chat/completions"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    async with running_cloud(tmp_path_factory.mktemp("cloud")) as served:
        yield served


def asking(words: str = "a b c", **more: Any) -> dict[str, Any]:
    return {"model": "fake", "messages": [{"role": "user", "content": words}], **more}


async def test_an_answer_has_the_headers_of_the_openai_api(running: Running):
    for stream in (True, False):
        answered = await running.client.post(CHAT, json=asking(stream=stream))
        assert answered.status_code == 200
        assert answered.headers["x-request-id"] == running.cloud.ledger.recent[-1].facts.id
        assert answered.headers["cache-control"] == "no-store"
        assert int(answered.headers["openai-processing-ms"]) >= 0
        for name in ("openai-version", "openai-organization", "x-ratelimit-limit-requests"):
            assert answered.headers[name]


async def test_a_stream_ends_in_done_and_tells_usage_when_asked(running: Running):
    plain = await running.client.post(CHAT, json=asking(stream=True))
    told = await running.client.post(
        CHAT, json=asking(stream=True, stream_options={"include_usage": True})
    )
    for answered, count in ((plain, 5), (told, 6)):
        assert answered.headers["content-type"].startswith("text/event-stream")
        *whole, last, end = answered.text.split("\n\n")
        assert (last, end) == ("data: [DONE]", "")
        assert len(whole) == count
    assert '"usage":{' not in plain.text
    assert json.loads(told.text.split("\n\n")[-3][6:])["usage"]["completion_tokens"] == 3


async def test_an_upstream_that_fails_on_the_way_ends_the_stream_in_an_error(running: Running):
    said = '{"test": {"tokens": 9, "fail_after": 3}}'
    answered = await running.client.post(CHAT, json=asking(said, stream=True))
    assert answered.status_code == 200
    assert answered.text.count('"content":"') == 4
    assert json.loads(answered.text.split("\n\n")[-2][6:])["error"]["code"] == "upstream_broken"
    assert "[DONE]" not in answered.text


async def test_an_upstream_that_fails_first_is_a_status(running: Running):
    said = asking('{"test": {"fail_status": 500}}')
    for stream in (True, False):
        answered = await running.client.post(CHAT, json={**said, "stream": stream})
        assert answered.status_code == 503
        assert answered.headers["retry-after"] == "2"
        assert answered.json()["error"]["code"] == "upstream_unavailable"


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD"])
async def test_another_method_is_a_405(running: Running, method: str):
    answered = await running.client.request(method, CHAT)
    assert (answered.status_code, answered.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "json"])
async def test_a_body_that_is_called_something_else_is_refused(running: Running, kind: str):
    answered = await running.client.post(
        CHAT, content=json.dumps(asking()), headers={"Content-Type": kind}
    )
    assert answered.status_code == 400
    assert answered.json()["error"]["code"] == "unsupported_media_type"


async def test_what_is_over_a_limit_is_told_with_the_limits_headers(running: Running):
    key = running.make_key(Scope(limits=Limits(requests_a_minute=1)))
    async with running.stranger(key) as client:
        assert (await client.post(CHAT, json=asking())).status_code == 200
        answered = await client.post(CHAT, json=asking())
    assert answered.status_code == 429
    assert answered.json()["error"]["code"] == "rate_limit_exceeded"
    assert answered.headers["x-ratelimit-remaining-requests"] == "0"
    assert int(answered.headers["retry-after"]) >= 1


@pytest.mark.parametrize("path", ["chat/completions", "responses", "messages", "embeddings"])
async def test_who_is_at_its_limit_is_refused_before_its_body_is_read(running: Running, path: str):
    key = running.make_key(Scope(limits=Limits(requests_at_once=1)))
    said = asking('{"test": {"tokens": 9, "hang_after": 1}}', stream=True)
    async with running.stranger(key) as client, client.stream("POST", CHAT, json=said) as first:
        assert first.status_code == 200
        head = post(b"", "Content-Length: 9", key=key, path=f"/v1/{path}")  # no body follows
        answered = await say(running.address, head, limit_s=5)
    assert statuses(answered) == [429]
    assert b"requests at once" in answered
    assert b"retry-after: 1" in answered.lower()


async def test_a_fault_of_ours_is_a_500_in_the_shape_of_the_api(running: Running):
    gateway = running.cloud.gateway
    budgets, gateway.budgets = gateway.budgets, None  # type: ignore[assignment]
    try:
        answered = await running.client.post(CHAT, json=asking())
    finally:
        gateway.budgets = budgets
    assert answered.status_code == 500
    assert answered.json()["error"]["code"] == "internal_error"
    assert (await running.client.post(CHAT, json=asking())).status_code == 200
