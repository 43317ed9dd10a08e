"""Models, prices and the health of backends, as a console sees them."""

from pathlib import Path

import pytest

from edgewise.cloud.backend import Away
from edgewise.cloud.config import ModelConfig, Route
from tests.cloud.console.visitor import Visitor, owner_of, stranger_to
from tests.cloud.running import Running, running_cloud

pytestmark = pytest.mark.slow

CHAT = {"model": "fake", "messages": [{"role": "user", "content": "hello"}], "max_tokens": 5}


async def test_a_model_is_shown_with_its_price(owner: Visitor):
    offer = await owner.got("/models")
    [model] = offer["models"]
    assert (model["name"], model["backends"]) == ("fake", ["up"])
    assert model["price"]["input"] == "1.35"
    assert offer["currency"] == "CNY"


async def test_a_backend_that_failed_is_shown_resting_without_what_it_said(
    running: Running, owner: Visitor
):
    health = running.cloud.pool.health["up"]
    for _ in range(3):
        health.fail(running.cloud.clock.monotonic(), Away("secret address is away"))
    offer = await owner.got("/models")
    [backend] = offer["backends"]
    assert backend["state"] == "resting"
    assert backend["rests_for_s"] > 0
    assert "secret" not in str(offer)


async def test_counts_are_of_the_own_organisation_alone(running: Running, owner: Visitor):
    assert (await running.client.post("/v1/chat/completions", json=CHAT)).status_code == 200
    await running.wait_until_idle()
    assert (await owner.got("/models"))["backends"][0]["done"] == 1
    assert (await stranger_to(running).got("/models"))["backends"][0]["done"] == 0


async def test_a_fallback_is_shown_apart_from_those_that_share_the_requests(tmp_path: Path):
    routes = (Route("up"), Route("up", model="other", weight=0))
    async with running_cloud(tmp_path, model=(ModelConfig("fake", routes),)) as running:
        owner = owner_of(running)
        async with owner.client:
            [model] = (await owner.got("/models"))["models"]
    assert (model["backends"], model["fallbacks"]) == (["up"], ["up"])
