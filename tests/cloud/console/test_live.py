"""Live requests as server-sent events, and traces: of one's own organisation alone."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from edgewise.cloud.console import live
from tests.cloud.console.visitor import Visitor, stranger_to
from tests.cloud.running import Running

pytestmark = pytest.mark.slow


def chat(tokens: int, delay_ms: float) -> dict[str, Any]:
    directive = json.dumps({"test": {"tokens": tokens, "delay_ms": delay_ms}})
    return {"model": "fake", "stream": True, "messages": [{"role": "user", "content": directive}]}


async def events(visitor: Visitor) -> AsyncIterator[Any]:
    """What the stream tells, event by event."""
    address = f"/organisations/{visitor.organisation}/requests"
    async with visitor.client.stream("GET", address) as reply:
        assert reply.status_code == 200, await reply.aread()
        assert reply.headers["content-type"].startswith("text/event-stream")
        async for line in reply.aiter_lines():
            if line.startswith("data: "):
                yield json.loads(line.removeprefix("data: "))


async def until(stream: AsyncIterator[Any], wanted: str) -> Any:
    """The first event that has something under `wanted`."""
    async with asyncio.timeout(10):
        async for event in stream:
            if event[wanted]:
                return event
    raise AssertionError(f"nothing {wanted}")


async def test_a_request_is_seen_running_and_then_ended(running: Running, owner: Visitor):
    stream = events(owner)
    assert await anext(stream) == {"running": [], "ended": []}
    async with running.client.stream("POST", "/v1/chat/completions", json=chat(400, 5)) as reply:
        assert reply.status_code == 200
        [seen] = (await until(stream, "running"))["running"]
        assert (seen["model"], seen["endpoint"]) == ("fake", "chat")
    [ended] = (await until(stream, "ended"))["ended"]
    assert ended["id"] == seen["id"]
    assert ended["outcome"] == "disconnected"
    await stream.aclose()


async def test_a_request_that_failed_upstream_tells_why_and_which_backend_was_asked(
    running: Running, owner: Visitor
):
    body = chat(1, 0)
    body["messages"][0]["content"] = json.dumps({"test": {"fail_status": 503}})
    assert (await running.client.post("/v1/chat/completions", json=body)).status_code == 503
    await running.wait_until_idle()
    [ended] = (await until(events(owner), "ended"))["ended"]
    assert (ended["outcome"], ended["detail"]) == ("failed", "upstream_unavailable")
    assert ended["backend"] == "up"


async def test_nothing_of_it_is_seen_by_another_organisation(running: Running, owner: Visitor):
    other = stranger_to(running)
    await running.client.post("/v1/chat/completions", json={**chat(2, 0), "stream": False})
    await running.wait_until_idle()
    assert len((await until(events(owner), "ended"))["ended"]) == 1
    assert await anext(events(other)) == {"running": [], "ended": []}
    assert len((await owner.got("/traces"))["traces"]) == 1
    assert (await other.got("/traces"))["traces"] == []


async def test_a_trace_tells_counts_and_ids_and_nothing_that_was_said(
    running: Running, owner: Visitor
):
    body = {"model": "fake", "messages": [{"role": "user", "content": "canary-4711"}]}
    await running.client.post("/v1/chat/completions", json=body)
    await running.wait_until_idle()
    [span] = (await owner.got("/traces"))["traces"]
    assert span["attributes"]["gen_ai.request.model"] == "fake"
    assert "canary" not in str(span)
    assert running.key not in str(span)


async def test_the_stream_ends_with_its_session(running: Running, owner: Visitor):
    stream = events(owner)
    await anext(stream)
    await owner.client.delete("/me/sessions")
    async with asyncio.timeout(live.LOOK_S * live.CHECK_LOOKS + 5):
        assert [event async for event in stream] == []


async def test_the_stream_ends_when_the_platform_does(running: Running, owner: Visitor):
    stream = events(owner)
    await anext(stream)
    running.cloud.ending.set()
    async with asyncio.timeout(2):
        assert [event async for event in stream] == []


async def test_streams_of_one_account_are_bounded(running: Running, owner: Visitor):
    held = [events(owner) for _ in range(live.MOST_STREAMS)]
    for stream in held:
        await anext(stream)
    assert await owner.refused("GET", "/requests") == (429, "too_many_streams")
    for stream in held:
        await stream.aclose()
