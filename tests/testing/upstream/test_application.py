import asyncio

import pytest

from edgewise.testing.upstream.application import Upstream
from edgewise.testing.upstream.directive import Directive
from edgewise.testing.upstream.server import started_upstream
from tests.testing.upstream.conftest import Asking

CHAT = {"model": "fake", "messages": [{"role": "user", "content": "hi"}]}


async def test_models_are_listed_and_told_one_by_one(asking: Asking):
    status, models = await asking.get("/v1/models")
    assert (status, [model["id"] for model in models["data"]]) == (200, ["fake"])
    assert (await asking.get("/v1/models/fake"))[1]["id"] == "fake"
    status, error = await asking.get("/v1/models/other")
    assert (status, error["error"]["code"]) == (404, "model_not_found")


async def test_an_unknown_model_path_or_body_is_refused_and_counted_as_refused(asking: Asking):
    status, error = await asking.post(CHAT | {"model": "x"}, x_request_id="r")
    assert (status, error["error"]["code"]) == (404, "model_not_found")
    assert asking.upstream.produced.requests["r"].outcome == "refused"
    assert (await asking.get("/v1/nothing"))[0] == 404
    assert (await asking.post([], path="/v1/chat/completions"))[0] == 400  # type: ignore[arg-type]


async def test_the_truth_is_told_to_whoever_asks(asking: Asking):
    await asking.post(CHAT, x_request_id="r1")
    _, told = await asking.get("/produced")
    assert told["requests"]["r1"]["outcome"] == "finished"
    assert told["totals"]["output_tokens"] == told["requests"]["r1"]["output_tokens"] == 1


async def test_embeddings_count_what_they_read(asking: Asking):
    asked = {"model": "fake", "input": "a b"}
    status, reply = await asking.post(asked, path="/v1/embeddings", x_request_id="e")
    assert (status, len(reply["data"])) == (200, 1)
    assert asking.upstream.produced.requests["e"].input_tokens == 2


async def test_a_key_is_asked_for_when_there_is_one():
    upstream_key = "sk-up"
    async with started_upstream(key=upstream_key) as upstream:
        await check_key(upstream, upstream_key)


async def check_key(upstream: Upstream, key: str) -> None:
    import aiohttp

    async with aiohttp.ClientSession() as session:
        asking = Asking(upstream, session)
        status, error = await asking.post(CHAT)
        assert (status, error["error"]["code"]) == (401, "invalid_api_key")
        assert (await asking.post(CHAT, authorization=f"Bearer {key}"))[0] == 200


async def test_it_fails_before_the_first_byte_as_often_as_told(asking: Asking):
    asking.upstream.directive = Directive(fail_status=503, fail_times=2)
    statuses = [(await asking.post(CHAT, x_request_id="r"))[0] for _ in range(3)]
    assert statuses == [503, 503, 200]
    assert asking.upstream.produced.requests["r"].attempts == 3


async def test_one_that_is_told_to_fail_is_not_healthy(asking: Asking):
    assert (await asking.get("/health"))[0] == 200
    asking.upstream.directive = Directive(fail_status=503)
    assert (await asking.get("/health"))[0] == 503
    assert (await asking.get("/v1/models"))[0] == 503
    assert (await asking.get("/produced"))[0] == 200


async def test_a_directive_in_the_message_is_obeyed_and_not_echoed(asking: Asking):
    text = 'hello {"test": {"first_ms": 1}}'
    asked = CHAT | {"messages": [{"role": "user", "content": text}]}
    _, reply = await asking.post(asked)
    assert reply["choices"][0]["message"]["content"] == "hello"
    assert (await asking.post(CHAT, x_test_fail_status="429"))[0] == 429


async def test_a_hang_before_the_first_byte_lasts_until_the_client_leaves(asking: Asking):
    asking.upstream.directive = Directive(hang_after=0)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asking.post(CHAT, x_request_id="r"), 0.05)
    record = await asking.upstream.produced.ended("r")
    assert (record.outcome, record.input_tokens) == ("left", 0)


async def test_requests_are_kept_as_they_came(asking: Asking):
    await asking.post(CHAT, x_request_id="r1")
    seen = asking.upstream.seen[-1]
    assert (seen.path, seen.headers["x-request-id"]) == ("/v1/chat/completions", "r1")
    assert b'"hi"' in seen.body
