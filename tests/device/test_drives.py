"""A drive begins with the device and with the car; what was agreed to for one ends with it."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from edgewise.act.driver import Drivers
from edgewise.core.clock import SystemClock
from edgewise.core.signal import JsonValue
from edgewise.device.consents import Consents
from edgewise.device.drives import GEAR, POWER, Ignition, follow_drives
from edgewise.device.runtime import begin_drives
from edgewise.device.vehicle.simulated import SimulatedVehicle
from edgewise.errors import DeviceError
from tests.device.test_reach import connected
from tests.device.vehicle.conftest import kuksa
from tests.each_row import each_row

END_S = 5.0
__all__ = ["kuksa"]  # the fixture of the vehicle's tests


@each_row(
    ("told", "begins"),
    [
        ([{POWER: "ON"}], [True]),
        ([{POWER: "ACC"}, {POWER: "START"}, {POWER: "ON"}], [False, True, False]),
        ([{POWER: "ON"}, {POWER: "LOCK"}, {POWER: "ON"}], [True, False, True]),
        ([{POWER: "ON"}, {GEAR: 126}, {GEAR: 127}], [True, False, False]),
        ([{POWER: "ON"}, {POWER: None}, {POWER: "ON"}], [True, False, True]),
        ([{GEAR: 126}, {GEAR: 127}, {GEAR: 126}, {GEAR: -1}], [False, True, False, True]),
        ([{}, {GEAR: None}], [False, False]),
        ([{POWER: "UNDEFINED", GEAR: 127}], [False]),
    ],
)
def test_a_drive_begins_when_the_car_is_switched_on(
    told: list[dict[str, JsonValue]], begins: list[bool]
):
    ignition = Ignition()
    assert [ignition.turned_on(changed) for changed in told] == begins


async def seen() -> None:
    """Let who watches the car see how it is now."""
    for _ in range(50):
        await asyncio.sleep(0)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(END_S):
        while not holds():  # noqa: ASYNC110 - what another task does is told to nobody
            await asyncio.sleep(0)


async def test_what_was_agreed_to_for_a_drive_ends_when_the_car_is_switched_on_again(
    tmp_path: Path,
):
    async with connected(tmp_path, consent=False) as (device, cloud):
        assert device.reach is not None
        assert device.vehicle is not None
        begin_drives(device, tmp_path)
        consents = Consents(tmp_path, SystemClock())
        first = consents.drive
        assert first
        endpoint = device.reach.config.cloud[0].endpoint
        consents.grant(endpoint, "assist", this_drive=True)
        await seen()
        device.vehicle.drive(gear="D", speed_km_h=30.0)
        device.vehicle.drive(speed_km_h=0.0)
        device.vehicle.set_sensor(POWER, "OFF")
        await seen()
        assert len(consents.in_force()) == 1
        device.vehicle.set_sensor(POWER, "ON")
        await until(lambda: consents.drive != first)
        assert consents.in_force() == ()
    assert cloud.bodies == []


async def test_a_device_that_starts_begins_a_drive(tmp_path: Path):
    drives: list[str] = []
    for _ in range(2):
        async with connected(tmp_path) as (device, _):
            begin_drives(device, tmp_path)
            drives.append(Consents(tmp_path, SystemClock()).drive)
    assert len(set(drives)) == 2


async def test_a_drive_that_can_not_be_kept_at_first_is_tried_again():
    car = SimulatedVehicle.from_state({POWER: "OFF"}, SystemClock())
    tried: list[int] = []

    def begin() -> None:
        tried.append(1)
        if len(tried) < 3:
            raise DeviceError("full", code="store_failed")

    task = asyncio.create_task(follow_drives(Drivers([car]), begin, retry_s=0.0))
    await seen()
    car.set_sensor(POWER, "ON")
    await until(lambda: len(tried) == 3)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def test_a_drive_that_can_not_be_kept_ends_the_one_before_all_the_same(tmp_path: Path):
    consents = Consents(tmp_path, SystemClock())
    assert consents.begin_drive() == consents.drive
    path = tmp_path / "consents.sqlite"
    held = path.read_bytes()
    path.write_bytes(b"no database" * 100)
    with pytest.raises(DeviceError):
        consents.begin_drive()
    path.write_bytes(held)
    assert consents.drive == ""
    assert consents.begin_drive() == consents.drive


@pytest.mark.usefixtures("kuksa")
async def test_a_car_behind_a_databroker_begins_a_drive_when_it_is_switched_on():
    from edgewise.device.vehicle.kuksa_driver import KuksaDriver
    from edgewise.device.vehicle.kuksa_server import KuksaServer

    car = SimulatedVehicle.from_state({POWER: "OFF"}, SystemClock())
    begun: list[int] = []
    async with KuksaServer(car) as server, KuksaDriver(server.address) as driver:
        async with asyncio.timeout(END_S):
            async for changes in driver.watch([POWER]):  # until its first values have come
                if POWER in changes:
                    break
        task = asyncio.create_task(follow_drives(Drivers([driver]), lambda: begun.append(1)))
        await seen()
        car.set_sensor(POWER, "ON")
        await until(lambda: begun == [1])
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
