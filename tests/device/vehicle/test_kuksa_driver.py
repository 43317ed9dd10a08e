"""Our driver over kuksa.val.v2, against our server over a simulated vehicle."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from edgewise.act.driver import Driver
from edgewise.core.call import Effect
from edgewise.device.vehicle.faults import ProviderGone, Stale
from edgewise.device.vehicle.kuksa_driver import KuksaDriver, connect
from edgewise.device.vehicle.kuksa_server import KuksaServer
from edgewise.device.vehicle.signals import load_signals
from edgewise.device.vehicle.simulated import SimulatedVehicle
from edgewise.errors import DeviceError, LinkError, UserError
from edgewise.testing.clock import ManualClock

pytestmark = pytest.mark.usefixtures("kuksa")

WINDOW = "Vehicle.Cabin.Door.Row1.DriverSide.Window.Position"
DOME = "Vehicle.Cabin.Light.IsDomeOn"
OUTSIDE = "Vehicle.Exterior.AirTemperature"
LATITUDE = "Vehicle.Cabin.Infotainment.Navigation.DestinationSet.Latitude"


@pytest.fixture
def car() -> SimulatedVehicle:
    return SimulatedVehicle(pace=50.0)


@pytest.fixture
async def driver(kuksa: None, car: SimulatedVehicle) -> AsyncIterator[KuksaDriver]:
    tokens = {"ours": ("read", "actuate")}
    async with (
        KuksaServer(car, tokens=tokens, hurry=5.0) as server,
        KuksaDriver(server.address, token="ours") as connected,
    ):
        yield connected


async def until(driver: KuksaDriver, path: str, wanted: Any) -> None:
    async with asyncio.timeout(10):
        async for _ in driver.watch([path]):
            reading = (await driver.read([path])).get(path)
            if (None if reading is None else reading.value) == wanted:
                return


async def refusal_of(driver: KuksaDriver, *effects: Effect) -> str:
    with pytest.raises(DeviceError) as refusal:
        await driver.write(effects)
    return refusal.value.code


async def test_it_is_a_driver_and_reads_the_whole_car_from_memory(
    driver: KuksaDriver, car: SimulatedVehicle
):
    as_driver: Driver = driver
    readings = await as_driver.read(["Vehicle"])
    state = {path: value for path, value in car.export_state().items() if value is not None}
    assert {path: reading.value for path, reading in readings.items()} == state
    below = await driver.read(["Vehicle.Cabin.Door"])
    assert below.keys() == {path for path in state if path.startswith("Vehicle.Cabin.Door.")}


async def test_a_window_moves_from_end_to_end(driver: KuksaDriver):
    await driver.write([Effect(WINDOW, 100)])
    await until(driver, WINDOW, 100)


async def test_several_effects_land_together_or_not_at_all(
    driver: KuksaDriver, car: SimulatedVehicle
):
    await driver.write([Effect(DOME, True), Effect(LATITUDE, 39.9)])
    await until(driver, LATITUDE, 39.9)
    assert await refusal_of(driver, Effect(DOME, False), Effect(WINDOW, 101)) == "out_of_range"
    assert car.export_state()[DOME] is True
    await driver.write([Effect(LATITUDE, None)])
    await until(driver, LATITUDE, None)


@pytest.mark.parametrize(
    ("effect", "code"),
    [
        (Effect("Vehicle.Nothing", 1), "unknown_target"),
        (Effect("Vehicle.Speed", 1.0), "not_writable"),
        (Effect(WINDOW, "half"), "wrong_type"),
        (Effect(WINDOW, 101), "out_of_range"),
        (Effect("Vehicle.ADAS.DMS.IsEnabled", False), "refused"),
        (
            Effect("Vehicle.Powertrain.TractionBattery.Charging.StartStopCharging", "START"),
            "refused",
        ),
    ],
)
async def test_a_refusal_has_the_code_of_the_driver_protocol(
    driver: KuksaDriver, effect: Effect, code: str
):
    assert await refusal_of(driver, effect) == code


async def test_closed_actuators_are_refused_before_they_reach_the_broker(driver: KuksaDriver):
    for path, signal in load_signals().items():
        if signal.kind == "closed":
            assert driver.signals[path].kind == "closed"
            assert await refusal_of(driver, Effect(path, signal.initial)) == "not_writable"


async def test_without_a_provider_nothing_is_written(driver: KuksaDriver, car: SimulatedVehicle):
    car.inject(ProviderGone())
    assert await refusal_of(driver, Effect(WINDOW, 50)) == "no_provider"


async def test_a_value_is_as_old_as_the_broker_says_even_when_just_received():
    clock = ManualClock()
    car = SimulatedVehicle(clock)
    sent = clock.monotonic()
    car.inject(Stale("Vehicle.Speed"))
    clock.advance(5.0)
    async with (
        KuksaServer(car, clock=clock) as server,
        KuksaDriver(server.address, clock=clock) as driver,
    ):
        readings = await driver.read(["Vehicle.Speed", OUTSIDE])
        assert readings["Vehicle.Speed"].at == pytest.approx(sent, abs=0.001)
        assert readings[OUTSIDE].at == pytest.approx(sent + 5.0, abs=0.001)


async def test_a_speed_that_is_no_longer_sent_grows_old():
    clock = ManualClock()
    car = SimulatedVehicle(clock)
    async with (
        KuksaServer(car, clock=clock) as server,
        KuksaDriver(server.address, clock=clock) as driver,
    ):
        sent = clock.monotonic()
        car.inject(Stale("Vehicle.Speed"))
        clock.advance(5.0)
        car.set_sensor(OUTSIDE, -7.5)
        await until(driver, OUTSIDE, -7.5)
        readings = await driver.read(["Vehicle.Speed"])
        assert readings["Vehicle.Speed"].at == pytest.approx(sent, abs=0.001)


async def test_a_broker_whose_clock_is_ahead_makes_nothing_younger_than_now(car: SimulatedVehicle):
    behind = ManualClock(wall=0.0)
    async with KuksaServer(car) as server, KuksaDriver(server.address, clock=behind) as driver:
        ages = {behind.monotonic() - r.at for r in (await driver.read(["Vehicle"])).values()}
        assert ages == {0.0}


async def test_a_car_that_changes_by_itself_is_seen(driver: KuksaDriver, car: SimulatedVehicle):
    car.drive(speed_km_h=72)
    await until(driver, "Vehicle.Speed", 72.0)
    car.set_sensor("Vehicle.Speed", None)
    await until(driver, "Vehicle.Speed", None)


async def test_after_a_loss_it_finds_the_broker_again(car: SimulatedVehicle):
    first = KuksaServer(car)
    await first.start()
    driver = KuksaDriver(first.address)
    await driver.start()
    try:
        await first.stop()
        assert await refusal_of(driver, Effect(WINDOW, 50)) == "no_provider"
        car.set_sensor(OUTSIDE, -7.5)
        async with KuksaServer(car, port=first.port):
            await until(driver, OUTSIDE, -7.5)
            await driver.write([Effect(WINDOW, 50)])
            await until(driver, WINDOW, 50)
    finally:
        await driver.close()


async def test_a_broker_that_is_not_there_is_a_broken_link():
    driver = KuksaDriver("127.0.0.1:1", timeout_s=0.5)
    with pytest.raises(LinkError, match=r"127\.0\.0\.1:1"):
        await driver.start()


async def test_a_token_that_may_not_read_is_told_so(car: SimulatedVehicle):
    async with KuksaServer(car, tokens={"t": ("actuate",)}) as server:
        with pytest.raises(LinkError, match="PERMISSION_DENIED"):
            await KuksaDriver(server.address, token="t").start()


async def test_a_closed_driver_writes_nothing(driver: KuksaDriver):
    await driver.close()
    assert await refusal_of(driver, Effect(WINDOW, 50)) == "no_provider"


@pytest.mark.parametrize("address", ["", "55555", "localhost", "localhost:", ":55555", "a:b"])
async def test_an_address_without_host_or_port_is_refused_with_an_example(address: str):
    with pytest.raises(UserError, match=r"127\.0\.0\.1:55555"):
        await connect(address)


async def test_connecting_gives_a_started_driver(car: SimulatedVehicle):
    async with KuksaServer(car) as server:
        driver = await connect(server.address)
        assert (await driver.read([DOME]))[DOME].value is False
        await driver.close()


SEAT = "Vehicle.Cabin.Seat.Row1.DriverSide.Position"
ROOF = "Vehicle.Cabin.Sunroof"


async def moving(driver: KuksaDriver, path: str, effect: Effect) -> Any:
    """Start a motor and return its place once it has moved."""
    start = (await driver.read([path]))[path].value
    await driver.write([effect])
    async with asyncio.timeout(10):
        async for _ in driver.watch([path]):
            reading = (await driver.read([path]))[path]
            if reading.value != start:
                assert reading.target not in (None, reading.value)
                return reading.value
    raise AssertionError("it did not move")


async def standing(driver: KuksaDriver, path: str) -> Any:
    """The place of a motor once it is read standing."""
    async with asyncio.timeout(10):
        async for _ in driver.watch([path]):
            reading = (await driver.read([path]))[path]
            if reading.target in (None, reading.value):
                return reading.value
    raise AssertionError("it did not stop")


@pytest.mark.rule(4)
@pytest.mark.parametrize(
    ("path", "effect"),
    [
        (WINDOW, Effect(WINDOW, 100)),
        (f"{ROOF}.Position", Effect(f"{ROOF}.Switch", "ONE_SHOT_OPEN")),
        ("Vehicle.Body.Trunk.Rear.Position", Effect("Vehicle.Body.Trunk.Rear.IsOpen", True)),
    ],
)
async def test_a_motor_with_a_switch_is_held_where_it_is(kuksa: None, path: str, effect: Effect):
    car = SimulatedVehicle()
    async with KuksaServer(car) as server, KuksaDriver(server.address) as driver:
        began = await moving(driver, path, effect)
        await driver.hold([path])
        place = await standing(driver, path)
        assert began <= place < 100
        assert car.export_state()[path] == place
        assert (await car.read([path]))[path].target is None


@pytest.mark.rule(4)
async def test_a_seat_has_no_switch_and_is_held_at_the_place_told_now(kuksa: None):
    car = SimulatedVehicle()
    async with KuksaServer(car) as server, KuksaDriver(server.address) as driver:
        began = await moving(driver, SEAT, Effect(SEAT, 250))
        await driver.hold([SEAT])
        assert began <= await standing(driver, SEAT) < 250
        assert (await car.read([SEAT]))[SEAT].target is None


@pytest.mark.rule(4)
async def test_a_seat_of_unknown_place_is_not_sent_back_to_an_old_one(kuksa: None):
    clock = ManualClock()
    car = SimulatedVehicle(clock)
    async with (
        KuksaServer(car, clock=clock) as server,
        KuksaDriver(server.address, clock=clock) as driver,
    ):
        await driver.write([Effect(SEAT, 250)])
        car.inject(Stale(SEAT))
        clock.advance(1.5)
        with pytest.raises(DeviceError) as refusal:
            await driver.hold([SEAT, WINDOW])
        assert refusal.value.code == "refused"
        car.heal()
        assert (await car.read([SEAT]))[SEAT].target == 250


async def test_a_motor_that_a_hand_moves_by_its_switch_is_seen_moving(kuksa: None):
    car = SimulatedVehicle()
    async with KuksaServer(car) as server, KuksaDriver(server.address) as driver:
        switch = WINDOW.replace("Position", "Switch")
        await car.write([Effect(switch, "ONE_SHOT_OPEN")])
        await until(driver, switch, "ONE_SHOT_OPEN")
        assert (await driver.read([WINDOW]))[WINDOW].target == 100
        await driver.hold([WINDOW])
        assert await standing(driver, WINDOW) < 100


@pytest.mark.parametrize(
    ("path", "code"), [(DOME, "not_writable"), ("Vehicle.Nothing", "unknown_target")]
)
async def test_what_has_no_motor_can_not_be_held(driver: KuksaDriver, path: str, code: str):
    with pytest.raises(DeviceError) as refusal:
        await driver.hold([path])
    assert refusal.value.code == code


@pytest.mark.rule(4)
async def test_a_motor_whose_write_was_cut_off_is_still_seen_and_held(
    kuksa: None, monkeypatch: pytest.MonkeyPatch
):
    car, taken = SimulatedVehicle(), asyncio.Event()
    write = car.write

    async def slow_to_answer(effects: Any) -> Any:
        receipts = await write(effects)
        taken.set()
        await asyncio.sleep(0.4 if effects[0].value == 100 else 0)
        return receipts

    monkeypatch.setattr(car, "write", slow_to_answer)
    async with KuksaServer(car) as server, KuksaDriver(server.address) as driver:
        writing = asyncio.create_task(driver.write([Effect(WINDOW, 100)]))
        await taken.wait()
        writing.cancel()
        assert (await driver.read([WINDOW]))[WINDOW].target == 100
        await driver.hold([WINDOW])
        assert await standing(driver, WINDOW) < 100


async def test_a_motor_whose_write_was_refused_is_where_it_was(driver: KuksaDriver):
    await driver.write([Effect(WINDOW, 40)])
    await until(driver, WINDOW, 40)
    refused = [Effect(WINDOW, 90), Effect(LATITUDE, 400)]
    with pytest.raises(DeviceError):
        await driver.write(refused)
    assert (await driver.read([WINDOW]))[WINDOW].target is None


async def test_who_is_cancelled_while_it_closes_stays_cancelled(driver: KuksaDriver):
    closing = asyncio.create_task(driver.close())
    await asyncio.sleep(0)
    closing.cancel()
    await asyncio.wait([closing], timeout=5)
    assert closing.cancelled()
