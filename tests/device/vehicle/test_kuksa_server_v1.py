"""The calls of v1 that the official client still makes."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from edgewise.device.vehicle.kuksa_server import KuksaServer
from edgewise.device.vehicle.simulated import SimulatedVehicle

pytestmark = pytest.mark.usefixtures("kuksa")

WINDOW = "Vehicle.Cabin.Door.Row1.DriverSide.Window.Position"


@pytest.fixture
def car() -> SimulatedVehicle:
    return SimulatedVehicle()


@pytest.fixture
async def client(kuksa: None, car: SimulatedVehicle) -> AsyncIterator[Any]:
    from kuksa_client.grpc.aio import VSSClient

    async with KuksaServer(car) as server, VSSClient("127.0.0.1", server.port) as connected:
        yield connected


async def test_it_greets(client: Any):
    assert (await client.get_server_info()).name == "edgewise"


async def test_current_and_target_values_and_types_are_told(client: Any):
    from kuksa_client.grpc import Datapoint, DataType

    await client.set_target_values({WINDOW: Datapoint(60)})
    assert (await client.get_target_values([WINDOW]))[WINDOW].value == 60
    assert 0 <= (await client.get_current_values([WINDOW]))[WINDOW].value < 60
    assert await client.get_value_types([WINDOW]) == {WINDOW: DataType.UINT8}


@pytest.mark.parametrize(
    ("path", "value"), [("Vehicle.Body.Horn.IsActive", True), (WINDOW, 101), ("Vehicle.Nope", 1)]
)
async def test_a_target_that_may_not_be_is_refused(
    client: Any, car: SimulatedVehicle, path: str, value: Any
):
    from kuksa_client.grpc import Datapoint, VSSClientError

    before = car.export_state()
    with pytest.raises(VSSClientError):
        await client.set_target_values({path: Datapoint(value)})
    assert car.export_state() == before


async def test_nobody_publishes_without_a_token(client: Any, car: SimulatedVehicle):
    from kuksa_client.grpc import Datapoint, VSSClientError

    with pytest.raises(VSSClientError, match=r"PERMISSION_DENIED|permission"):
        await client.set_current_values({"Vehicle.Speed": Datapoint(88.5)})
    assert car.export_state()["Vehicle.Speed"] == 0
