"""What callers of our kuksa.val server may do: scopes, names and refusals as gRPC statuses."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from edgewise.device.vehicle.faults import ProviderGone
from edgewise.device.vehicle.kuksa_server import KuksaServer
from edgewise.device.vehicle.kuksa_values import Stubs, fill_value, load_stubs
from edgewise.device.vehicle.signals import load_signals
from edgewise.device.vehicle.simulated import SimulatedVehicle

pytestmark = pytest.mark.usefixtures("kuksa")

WINDOW = "Vehicle.Cabin.Door.Row1.DriverSide.Window.Position"
TOKENS = {"reader": ("read",), "driver": ("read", "actuate"), "bus": ("read", "provide")}


class Caller:
    """A bare v2 client with a token, so that each status can be seen."""

    def __init__(self, stubs: Stubs, channel: Any, token: str | None = None) -> None:
        self.stubs = stubs
        self.service = stubs.rpc.VALStub(channel)
        self.metadata = (("authorization", f"Bearer {token}"),) if token else ()

    async def get(self, path: str) -> Any:
        request = self.stubs.val.GetValueRequest(signal_id=self.stubs.types.SignalID(path=path))
        return await self.service.GetValue(request, metadata=self.metadata, timeout=5)

    async def actuate(self, path: str, value: Any, datatype: str = "uint8") -> Any:
        request = self.stubs.val.ActuateRequest(signal_id=self.stubs.types.SignalID(path=path))
        fill_value(request.value, datatype, value)
        return await self.service.Actuate(request, metadata=self.metadata, timeout=5)

    async def publish(self, path: str, value: Any, datatype: str = "float") -> Any:
        request = self.stubs.val.PublishValueRequest(signal_id=self.stubs.types.SignalID(path=path))
        fill_value(request.data_point.value, datatype, value)
        return await self.service.PublishValue(request, metadata=self.metadata, timeout=5)


@pytest.fixture
def car() -> SimulatedVehicle:
    return SimulatedVehicle(pace=100.0)


@pytest.fixture
async def guarded(kuksa: None, car: SimulatedVehicle) -> AsyncIterator[Any]:
    """A function that makes callers of a server with tokens."""
    stubs = load_stubs()
    async with (
        KuksaServer(car, tokens=TOKENS) as server,
        stubs.aio.insecure_channel(server.address) as channel,
    ):
        yield lambda token=None: Caller(stubs, channel, token)


async def refused(call: Any) -> tuple[str, str]:
    with pytest.raises(load_stubs().aio.AioRpcError) as refusal:
        await call
    return refusal.value.code().name, refusal.value.details() or ""


async def test_a_call_without_a_valid_token_is_not_authenticated(guarded: Any):
    for token in (None, "guess", ""):
        status, _ = await refused(guarded(token).get("Vehicle.Speed"))
        assert status == "UNAUTHENTICATED"


async def test_each_scope_opens_its_own_door_only(guarded: Any, car: SimulatedVehicle):
    await guarded("reader").get("Vehicle.Speed")
    assert (await refused(guarded("reader").actuate(WINDOW, 50)))[0] == "PERMISSION_DENIED"
    assert (await refused(guarded("driver").publish("Vehicle.Speed", 9)))[0] == "PERMISSION_DENIED"
    assert (await refused(guarded("bus").actuate(WINDOW, 50)))[0] == "PERMISSION_DENIED"
    await guarded("driver").actuate(WINDOW, 50)
    await guarded("bus").publish("Vehicle.Speed", 9.5)
    assert car.export_state()["Vehicle.Speed"] == 9.5


@pytest.mark.parametrize(
    ("path", "value", "datatype", "status", "own"),
    [
        ("Vehicle.Nothing", 1, "uint8", "NOT_FOUND", ""),
        ("Vehicle.Speed", 1.0, "float", "INVALID_ARGUMENT", "not_writable"),
        ("Vehicle.Body.Horn.IsActive", True, "boolean", "INVALID_ARGUMENT", "not_writable"),
        (WINDOW, 101, "uint8", "INVALID_ARGUMENT", "out_of_range"),
        (WINDOW, "half", "string", "INVALID_ARGUMENT", "wrong_type"),
        ("Vehicle.ADAS.DMS.IsEnabled", False, "boolean", "FAILED_PRECONDITION", "refused"),
    ],
)
async def test_a_refusal_has_the_status_of_the_protocol_and_the_code_of_the_driver(
    guarded: Any, path: str, value: Any, datatype: str, status: str, own: str
):
    shown, details = await refused(guarded("driver").actuate(path, value, datatype))
    assert shown == status
    assert details.startswith(own)


async def test_without_a_provider_the_status_is_unavailable(guarded: Any, car: SimulatedVehicle):
    car.inject(ProviderGone())
    assert (await refused(guarded("driver").actuate(WINDOW, 50)))[0] == "UNAVAILABLE"


async def test_a_published_value_must_fit(guarded: Any):
    status, details = await refused(guarded("bus").publish("Vehicle.Speed", 9999.0))
    assert status == "INVALID_ARGUMENT"
    assert "-60..300 km/h" in details


async def test_without_tokens_everybody_reads_and_nobody_publishes(car: SimulatedVehicle):
    stubs = load_stubs()
    async with (
        KuksaServer(car) as server,
        stubs.aio.insecure_channel(server.address) as channel,
    ):
        caller = Caller(stubs, channel)
        assert (await caller.get(WINDOW)).data_point.value.uint32 == 0
        await caller.actuate(WINDOW, 50)
        assert (await refused(caller.publish("Vehicle.Speed", 9)))[0] == "PERMISSION_DENIED"


async def test_no_closed_actuator_moves_through_the_server(guarded: Any, car: SimulatedVehicle):
    before = car.export_state()
    for path, signal in load_signals().items():
        if signal.kind == "closed":
            await refused(guarded("driver").actuate(path, signal.initial, signal.datatype))
    assert car.export_state() == before
