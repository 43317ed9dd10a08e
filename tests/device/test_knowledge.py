"""What the device can do, what guards it and how things stand is told."""

import asyncio
import json

from tests.device.conftest import Served
from tests.device.fake_agent import WINDOW


async def test_capabilities_and_rules_are_told_with_their_hashes(served: Served):
    told = (await served.client.get("/v1/agent/capabilities")).json()
    assert told["hash"] == served.agent.catalogue.hash
    assert told["capabilities"][0]["name"] == "window.set"
    rules = (await served.client.get("/v1/agent/rules")).json()
    assert [rule["number"] for rule in rules["rules"]] == list(range(1, 45))
    lights = rules["rules"][1]
    assert any(name.startswith("R02") for name in lights["policies"])
    assert lights["condition"]["zh"]


async def test_state_is_given_whole_and_then_as_it_changes(served: Served):
    assert (await served.client.get("/v1/agent/state")).json()[WINDOW] == 0
    async with served.client.stream("GET", "/v1/agent/state/stream") as stream:
        lines = (line async for line in stream.aiter_lines() if line.startswith("data: "))
        assert json.loads((await anext(lines))[6:])[WINDOW] == 0
        served.agent.car.set_sensor(WINDOW, 55)
        assert json.loads((await anext(lines))[6:]) == {WINDOW: 55}
    await asyncio.wait_for(served.agent.car.left.wait(), 5)
