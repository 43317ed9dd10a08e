"""What happened can be read afterwards and watched live."""

import msgspec

from tests.device.conftest import Served
from tests.device.test_api import problem_of


async def test_the_trail_and_the_recent_turns_can_be_read(served: Served):
    for text in ("open", "make it dark"):
        await served.client.post("/v1/agent/turns", json={"text": text})
    recent = (await served.client.get("/v1/agent/turns")).json()["turns"]
    assert [(turn["text"], turn["ended"]) for turn in recent] == [
        ("make it dark", "answered"),
        ("open", "answered"),
    ]
    trail = (await served.client.get("/v1/agent/turns/t2")).json()
    assert [e["event"] for e in trail["events"]][-1] == "answered"
    assert problem_of(await served.client.get("/v1/agent/turns/t9"), 404)
    assert problem_of(await served.client.get("/v1/agent/turns?limit=0"), 400)
    assert problem_of(await served.client.get("/v1/agent/turns?limit=x"), 400)


async def test_turns_of_others_are_shown_live(served: Served):
    async with served.client.stream("GET", "/v1/agent/turns/stream") as stream:
        lines = stream.aiter_lines()
        assert await anext(lines) == "event: listening"
        await served.client.post("/v1/agent/turns", json={"text": "unlock"})
        async for line in lines:
            if line == "event: needs_approval":
                break


async def test_a_turn_whose_device_was_ended_is_told_as_broken_off(served: Served):
    await served.client.post("/v1/agent/turns", json={"text": "open"})
    served.agent.trails["before"] = [
        msgspec.structs.replace(event, turn="before") for event in served.agent.trails["t1"][:-1]
    ]
    recent = (await served.client.get("/v1/agent/turns")).json()["turns"]
    assert {turn["turn"]: turn["ended"] for turn in recent} == {
        "t1": "answered",
        "before": "broken_off",
    }
