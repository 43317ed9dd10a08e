"""The official client of KUKSA reads, subscribes to and moves our vehicle over gRPC."""

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest

from edgewise.device.vehicle.cycles import periods
from edgewise.device.vehicle.kuksa_server import KuksaServer
from edgewise.device.vehicle.kuksa_values import fill_value, load_stubs, plain_value
from edgewise.device.vehicle.signals import load_signals
from edgewise.device.vehicle.simulated import SimulatedVehicle
from edgewise.errors import UserError

pytestmark = pytest.mark.usefixtures("kuksa")

WINDOW = "Vehicle.Cabin.Door.Row1.DriverSide.Window.Position"
DOME = "Vehicle.Cabin.Light.IsDomeOn"


@pytest.fixture
def car() -> SimulatedVehicle:
    return SimulatedVehicle(pace=50.0)


@pytest.fixture
async def server(kuksa: None, car: SimulatedVehicle) -> AsyncIterator[KuksaServer]:
    tokens = {"all": ("read", "actuate", "provide")}
    async with KuksaServer(car, tokens=tokens, hurry=50.0) as running:
        yield running


@pytest.fixture
async def client(server: KuksaServer) -> AsyncIterator[Any]:
    """The official asynchronous client."""
    from kuksa_client.grpc.aio import VSSClient

    async with VSSClient("127.0.0.1", server.port, token="all") as connected:
        yield connected


@pytest.fixture
async def service(server: KuksaServer) -> AsyncIterator[Any]:
    """The v2 stub as generated."""
    stubs = load_stubs()
    async with stubs.aio.insecure_channel(server.address) as channel:
        yield stubs.rpc.VALStub(channel)


TOKEN = (("authorization", "Bearer all"),)


async def test_the_official_client_moves_a_window_from_end_to_end(client: Any):
    from kuksa_client.grpc import Datapoint

    seen: list[int] = []
    changes = client.subscribe_current_values([WINDOW])
    async with asyncio.timeout(10):
        async for change in changes:
            seen.append(change[WINDOW].value)
            if len(seen) == 1:
                await client.set_target_values({WINDOW: Datapoint(100)})
            if change[WINDOW].value == 100:
                break
    assert seen[0] == 0
    assert seen == sorted(seen)


async def test_the_official_client_publishes_a_sensor_over_v2(client: Any, car: SimulatedVehicle):
    from kuksa_client.grpc import Datapoint

    await client.set_current_values({"Vehicle.Speed": Datapoint(88.5)})
    assert car.export_state()["Vehicle.Speed"] == 88.5


async def test_the_official_client_subscribes_to_a_branch(client: Any):
    async with asyncio.timeout(10):
        async for change in client.subscribe_current_values(["Vehicle.Body.Lights"]):
            assert change.keys() == {
                p for p in load_signals() if p.startswith("Vehicle.Body.Lights.")
            }
            break


async def test_metadata_of_a_branch_has_types_limits_and_ids(service: Any):
    val = load_stubs().val
    answer = await service.ListMetadata(
        val.ListMetadataRequest(root="Vehicle.Cabin.Door"), metadata=TOKEN
    )
    rows = {row.path: row for row in answer.metadata}
    assert rows.keys() == {p for p in load_signals() if p.startswith("Vehicle.Cabin.Door.")}
    assert (plain_value(rows[WINDOW].min), plain_value(rows[WINDOW].max)) == (0, 100)
    assert len({row.id for row in rows.values()}) == len(rows)


async def test_values_can_be_asked_for_and_followed_by_number(service: Any):
    stubs = load_stubs()
    rows = await service.ListMetadata(stubs.val.ListMetadataRequest(root=WINDOW), metadata=TOKEN)
    number = rows.metadata[0].id
    asked = stubs.val.GetValuesRequest(
        signal_ids=[stubs.types.SignalID(id=number), stubs.types.SignalID(path="Vehicle.Speed")]
    )
    answer = await service.GetValues(asked, metadata=TOKEN)
    assert [plain_value(point.value) for point in answer.data_points] == [0, 0.0]
    stream = service.SubscribeById(
        stubs.val.SubscribeByIdRequest(signal_ids=[number]), metadata=TOKEN, timeout=10
    )
    async for change in stream:
        assert plain_value(change.entries[number].value) == 0
        break
    stream.cancel()


async def test_a_batch_is_all_or_nothing(service: Any, car: SimulatedVehicle):
    stubs = load_stubs()

    def request(path: str, datatype: str, value: Any) -> Any:
        actuation = stubs.val.ActuateRequest(signal_id=stubs.types.SignalID(path=path))
        fill_value(actuation.value, datatype, value)
        return actuation

    good = request(DOME, "boolean", True)
    bad = request(WINDOW, "uint8", 101)
    with pytest.raises(stubs.aio.AioRpcError):
        await service.BatchActuate(
            stubs.val.BatchActuateRequest(actuate_requests=[good, bad]), metadata=TOKEN
        )
    assert car.export_state()[DOME] is False
    await service.BatchActuate(
        stubs.val.BatchActuateRequest(actuate_requests=[good]), metadata=TOKEN
    )
    assert car.export_state()[DOME] is True


async def test_a_missing_value_is_an_empty_datapoint(service: Any, car: SimulatedVehicle):
    stubs = load_stubs()
    car.set_sensor("Vehicle.Speed", None)
    request = stubs.val.GetValueRequest(signal_id=stubs.types.SignalID(path="Vehicle.Speed"))
    answer = await service.GetValue(request, metadata=TOKEN)
    assert plain_value(answer.data_point.value) is None


async def test_what_safety_looks_at_is_sent_again_though_unchanged(service: Any):
    stubs = load_stubs()
    stream = service.Subscribe(
        stubs.val.SubscribeRequest(signal_paths=[*periods(), DOME]), metadata=TOKEN, timeout=10
    )
    first = await anext(aiter(stream))
    told = {path for path, point in first.entries.items() if plain_value(point.value) is not None}
    again: dict[str, int] = {}
    async for change in stream:
        assert DOME not in change.entries
        for path, point in change.entries.items():
            taken = point.timestamp.ToNanoseconds()
            assert taken > first.entries[path].timestamp.ToNanoseconds()
            again[path] = again.get(path, 0) + 1
        if again.keys() >= told & periods().keys():
            break
    stream.cancel()
    assert again["Vehicle.Speed"] > again["Vehicle.Body.Lights.Beam.Low.IsOn"]


async def test_an_unknown_root_is_not_found(service: Any):
    stubs = load_stubs()
    with pytest.raises(stubs.aio.AioRpcError) as refusal:
        await service.ListMetadata(
            stubs.val.ListMetadataRequest(root="Vehicle.Nothing"), metadata=TOKEN
        )
    assert refusal.value.code() == stubs.grpc.StatusCode.NOT_FOUND


async def test_the_server_says_what_it_is(service: Any):
    answer = await service.GetServerInfo(load_stubs().val.GetServerInfoRequest())
    assert answer.name == "edgewise"


async def test_a_taken_port_is_refused_with_the_remedy(car: SimulatedVehicle):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        server = KuksaServer(car, port=taken.getsockname()[1])
        with pytest.raises(UserError, match="choose another port"):
            await server.start()
