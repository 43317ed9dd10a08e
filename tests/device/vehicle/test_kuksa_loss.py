"""Rule 44: a device whose databroker is away starts, says so, refuses what needs the car, and finds
the broker when it comes; killed at any time, it is as if the car had never told anything."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from edgewise.core.call import Effect, Status
from edgewise.core.event import Answered, CallFinished, Event
from edgewise.core.message import Request
from edgewise.core.part import TextPart
from edgewise.device.runtime import Device, start_device
from edgewise.errors import DeviceError
from tests.device.vehicle.kuksa_process import Broker, broker

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("kuksa"), pytest.mark.rule(44)]

WINDOW = "Vehicle.Cabin.Door.Row1.DriverSide.Window.Position"
SPEED = "Vehicle.Speed"


@pytest.fixture
async def car(kuksa: None) -> AsyncIterator[Broker]:
    async with broker() as running:
        yield running


async def device_for(folder: Path, address: str) -> Device:
    settings = f'chat_model = ""\nvehicle = "kuksa"\nkuksa_address = "{address}"\n'
    (folder / "config.toml").write_text(settings)
    return await start_device(folder)


async def ask(device: Device, text: str) -> list[Event]:
    return [event async for event in device.agent.run(Request((TextPart(text),), "s"))]


def end_of(events: list[Event]) -> Answered:
    end = events[-1]
    assert isinstance(end, Answered)
    return end


def statuses(events: list[Event]) -> list[tuple[Status, str]]:
    return [(e.result.status, e.result.code) for e in events if isinstance(e, CallFinished)]


async def until_known(device: Device, *, known: bool) -> None:
    async with asyncio.timeout(20):
        async for _ in device.agent.drivers.watch([SPEED]):
            if (SPEED in await device.agent.drivers.read([SPEED])) is known:
                return


async def test_a_device_without_its_car_starts_says_so_and_does_the_rest(
    tmp_path: Path, kuksa: None
) -> None:
    device = await device_for(tmp_path, "127.0.0.1:9")
    assert any("127.0.0.1:9" in notice for notice in device.notices)
    opened = await ask(device, "open the driver's window")
    assert statuses(opened) == [(Status.FAILED, "part_away")]
    assert "127.0.0.1:9" in end_of(opened).text
    assert "没有响应" in end_of(await ask(device, "打开主驾车窗")).text
    asked = await ask(device, "is the driver's window open?")
    assert statuses(asked) == [(Status.FAILED, "part_away")]
    assert statuses(await ask(device, "add milk to my shopping list")) == [(Status.DONE, "")]
    assert statuses(await ask(device, "打110")) == [(Status.DONE, "")]
    await device.close()


async def test_a_killed_broker_leaves_no_values_and_a_new_one_is_found(
    tmp_path: Path, car: Broker
) -> None:
    device = await device_for(tmp_path, car.address)
    assert device.notices == []
    assert end_of(await ask(device, "open the driver's window")).changed == {WINDOW: 100}
    await car.kill()
    await until_known(device, known=False)
    assert await device.agent.drivers.read(["Vehicle"]) == {}
    refused = await ask(device, "close the driver's window")
    assert statuses(refused) == [(Status.FAILED, "part_away")]
    with pytest.raises(DeviceError) as refusal:
        await device.agent.drivers.write([Effect(WINDOW, 0)])
    assert refusal.value.code == "no_provider"
    await car.start()
    await until_known(device, known=True)
    assert device.agent.drivers.away(["Vehicle"]) == {}
    assert end_of(await ask(device, "open the driver's window")).changed == {WINDOW: 100}
    await device.close()


async def test_a_broker_that_comes_after_the_device_is_found(tmp_path: Path, car: Broker) -> None:
    await car.kill()
    device = await device_for(tmp_path, car.address)
    assert len(device.notices) == 1
    await car.start()
    await until_known(device, known=True)
    assert end_of(await ask(device, "open the driver's window")).changed == {WINDOW: 100}
    await device.close()


async def test_a_broker_killed_under_way_fails_the_call_and_ends_the_turn(
    tmp_path: Path, car: Broker
) -> None:
    device = await device_for(tmp_path, car.address)
    events = device.agent.run(Request((TextPart("open the driver's window"),), "s"))
    seen: list[Event] = []
    async for event in events:
        seen.append(event)
        if event.__struct_config__.tag == "call_resolved":
            await car.kill()
    ((status, _),) = statuses(seen)
    assert status in (Status.FAILED, Status.DENIED)
    assert end_of(seen).changed == {}
    await device.close()
