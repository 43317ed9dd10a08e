"""Models, prices and the health of backends, as a console sees them."""

import pytest

from edgewise.cloud.backend import Away
from tests.cloud.console.visitor import Visitor, stranger_to
from tests.cloud.running import Running

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
