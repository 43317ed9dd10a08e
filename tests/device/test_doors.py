"""Turns over HTTP: bounded, kept alive, and cancelled with their readers."""

import asyncio
from contextlib import AsyncExitStack

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
        call = {"capability": "window.set", "arguments": {"percent": 9}}
        assert problem_of(await served.client.post("/v1/agent/calls", json=call), 429)


async def test_stop_and_no_are_heard_when_no_place_is_free(served: Served):
    asked = events_of(await served.client.post("/v1/agent/turns", json={"text": "unlock"}))[-1]
    no = {"approval": asked["approval"], "payload_hash": asked["payload_hash"], "approved": False}
    async with (
        served.client.stream("POST", "/v1/agent/turns", json={"text": "wait"}),
        served.client.stream("POST", "/v1/agent/turns", json={"text": "wait"}),
    ):
        assert events_of(await served.client.post("/v1/agent/turns", json={"text": "stop"}))
        route = f"/v1/agent/turns/{asked['turn']}/approval"
        assert events_of(await served.client.post(route, json=no))
        assert problem_of(await served.client.post(route, json=no | {"approved": True}), 429)


async def test_forty_programs_at_once_leave_the_persons_places_free(served: Served):
    async with served.program() as program, AsyncExitStack() as held:
        replies = [
            await held.enter_async_context(
                program.stream("POST", "/v1/agent/turns", json={"text": "wait", "session": f"p{n}"})
            )
            for n in range(40)
        ]
        assert [reply.status_code for reply in replies] == [200] * 2 + [429] * 38
        assert {reply.headers["retry-after"] for reply in replies[2:]} == {"1"}
        events_of(await served.client.post("/v1/agent/turns", json={"text": "open"}))
        served.agent.let_all_go()


async def test_open_streams_are_bounded_and_a_closed_one_makes_room(served: Served):
    async with (
        served.program() as program,
        served.client.stream("GET", "/v1/agent/turns/stream") as persons,
    ):
        assert persons.status_code == 200
        async with (
            program.stream("GET", "/v1/agent/state/stream") as first,
            program.stream("GET", "/v1/agent/turns/stream") as second,
        ):
            assert first.status_code == second.status_code == 200
            reply = await program.get("/v1/agent/state/stream")
            assert "limit is 2" in problem_of(reply, 429)["message"]
            assert reply.headers["retry-after"] == "1"
        await asyncio.wait_for(served.agent.car.left.wait(), 5)
        async with program.stream("GET", "/v1/agent/state/stream") as again:
            assert again.status_code == 200


async def test_places_are_free_again_after_turns_end(served: Served):
    for _ in range(5):
        events_of(await served.client.post("/v1/agent/turns", json={"text": "open"}))
