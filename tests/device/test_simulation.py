"""Moving the simulated world through the API."""

from typing import Any

import pytest

from edgewise.device.vehicle.faults import Stuck
from edgewise.device.vehicle.signals import SignalKind, load_signals
from tests.device.conftest import Served
from tests.device.fake_agent import WINDOW
from tests.device.test_api import problem_of

RAIN = "Vehicle.Body.Raindetection.Intensity"


async def test_the_simulated_car_is_driven_and_broken_through_the_api(served: Served):
    client, car = served.client, served.agent.car
    assert (await client.post("/v1/simulation/drive", json={"speed_km_h": 80, "gear": "D"})).json()
    assert car.values["Vehicle.Speed"] == 80
    body = {"path": RAIN, "value": 60}
    assert (await client.post("/v1/simulation/sensor", json=body)).json() == {"done": True}
    body = {"kind": "stuck", "target": WINDOW, "at": 20}
    await client.post("/v1/simulation/fault", json=body)
    assert car.faults == [Stuck(WINDOW, 20)]
    assert "Stuck" in (await client.get("/v1/simulation/fault")).text
    await client.delete("/v1/simulation/fault")
    assert car.faults == []


async def test_the_page_sets_the_weather_and_a_program_does_not(served: Served):
    key = served.doorkeeper.redeem(served.doorkeeper.launch_code())
    assert key is not None
    body = {"path": RAIN, "value": 70}
    async with served.stranger(Authorization=f"Bearer {key[0]}") as page:
        assert (await page.post("/v1/simulation/sensor", json=body)).json() == {"done": True}
    assert served.agent.car.values[RAIN] == 70
    async with served.program() as program:
        reply = await program.post("/v1/simulation/sensor", json=body | {"value": 0})
    assert problem_of(reply, 403)["code"] == "not_for_programs"
    assert served.agent.car.values[RAIN] == 70


async def test_nobody_moves_an_actuator_by_calling_it_a_sensor(served: Served):
    before = dict(served.agent.car.values)
    for signal in load_signals().values():
        if signal.kind is SignalKind.ACTUATOR:
            body = {"path": signal.path, "value": signal.initial}
            reply = await served.client.post("/v1/simulation/sensor", json=body)
            assert problem_of(reply, 403)["code"] == "not_a_sensor"
    assert served.agent.car.values == before


@pytest.mark.parametrize(
    ("route", "body", "named"),
    [
        ("drive", {"speed_km_h": 301}, "300"),
        ("drive", {"speed_km_h": -1}, "0"),
        ("drive", {"gear": "5"}, "gear"),
        ("sensor", {"path": "phone.contacts", "value": 1}, "path"),
        ("fault", {"kind": "explode"}, "kind"),
        ("fault", {"kind": "slow_bus", "delay_s": 60}, "delay_s"),
    ],
)
async def test_values_out_of_range_are_refused_with_the_limit(
    served: Served, route: str, body: dict[str, Any], named: str
):
    reply = await served.client.post(f"/v1/simulation/{route}", json=body)
    assert named in problem_of(reply, 400)["message"]
