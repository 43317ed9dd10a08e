"""Turns over HTTP: bounded, kept alive, and cancelled with their readers."""

import asyncio

import pytest

from tests.device.conftest import Served
from tests.device.test_api import events_of, problem_of


async def test_a_turn_can_be_cancelled_by_its_id(served: Served):
    async with served.client.stream(
        "POST", "/v1/agent/turns", json={"text": "wait for me"}
    ) as stream:
        await asyncio.wait_for(served.agent.started.wait(), 5)
        reply = await served.client.delete("/v1/agent/turns/t1")
        assert reply.json() == {"cancelled": True}
        text = "".join([part async for part in stream.aiter_text()])
    assert '"event":"stopped"' in text
    assert (await served.client.delete("/v1/agent/turns/none")).json() == {"cancelled": False}


async def test_a_reader_that_leaves_cancels_its_turn(served: Served):
    async with served.client.stream("POST", "/v1/agent/turns", json={"text": "wait"}):
        await asyncio.wait_for(served.agent.started.wait(), 5)
    await asyncio.wait_for(served.agent.closed.wait(), 5)
    assert served.agent.cancelled == ["t1"]


async def test_a_waiting_stream_is_kept_alive_with_comments(served: Served):
    async with served.client.stream("POST", "/v1/agent/turns", json={"text": "wait"}) as stream:
        async for line in stream.aiter_lines():
            if line.startswith(": keep-alive"):
                break
        else:
            pytest.fail("no keep-alive")


async def test_more_turns_at_once_than_allowed_are_told_to_wait(served: Served):
    async with (
        served.client.stream("POST", "/v1/agent/turns", json={"text": "wait"}) as first,
        served.client.stream("POST", "/v1/agent/turns", json={"text": "wait"}) as second,
    ):
        assert first.status_code == second.status_code == 200
        reply = await served.client.post("/v1/agent/turns", json={"text": "open"})
        assert "limit is 2" in problem_of(reply, 429)["message"]
        assert reply.headers["retry-after"] == "1"


async def test_places_are_free_again_after_turns_end(served: Served):
    for _ in range(5):
        events_of(await served.client.post("/v1/agent/turns", json={"text": "open"}))
