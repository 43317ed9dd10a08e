"""The simulated vehicle behind the driver protocol: reads, writes, watching, driving, faults."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgewise.act.driver import Driver, Drivers
from edgewise.core.call import Effect
from edgewise.core.signal import Reading
from edgewise.device.vehicle.faults import (
    MissingValue,
    ProviderGone,
    SlowBus,
    Stale,
    Stuck,
    Swallowed,
)
from edgewise.device.vehicle.signals import SignalKind, check_value, load_signals
from edgewise.device.vehicle.simulated import SimulatedVehicle
from edgewise.errors import DeviceError, UserError
from edgewise.testing.clock import ManualClock

SIGNALS = load_signals()
DOOR = "Vehicle.Cabin.Door.Row1.DriverSide"
WINDOW = f"{DOOR}.Window.Position"
DOME = "Vehicle.Cabin.Light.IsDomeOn"
GEAR = "Vehicle.Powertrain.Transmission.SelectedGear"
LOW = "Vehicle.Body.Lights.Beam.Low.IsOn"
START = "Vehicle.Powertrain.TractionBattery.Charging.StartStopCharging"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def car(clock: ManualClock) -> SimulatedVehicle:
    return SimulatedVehicle(clock)


async def value(car: SimulatedVehicle, path: str) -> Any:
    reading = (await car.read([path])).get(path)
    return None if reading is None else reading.value


async def following(changes: AsyncIterator[dict[str, Reading]]) -> dict[str, Reading]:
    return await asyncio.wait_for(anext(changes), 5)


def test_it_is_a_driver(car: SimulatedVehicle):
    driver: Driver = car
    assert Drivers([driver]).prefixes == ("Vehicle",)


async def test_the_prefix_alone_reads_everything_that_has_a_value(car: SimulatedVehicle):
    readings = await car.read(["Vehicle"])
    assert readings.keys() == {p for p, s in SIGNALS.items() if s.initial is not None}


async def test_an_inner_node_reads_all_below_it_and_nothing_beside_it(car: SimulatedVehicle):
    readings = await car.read(["Vehicle.Cabin.Door", "Vehicle.Speed"])
    assert readings.keys() == {
        path for path in SIGNALS if path.startswith("Vehicle.Cabin.Door.")
    } | {"Vehicle.Speed"}


async def test_reading_the_whole_car_costs_a_turn_next_to_nothing(car: SimulatedVehicle):
    took_ms: list[float] = []
    for _ in range(50):
        began = time.perf_counter()
        await car.read(["Vehicle"])
        took_ms.append((time.perf_counter() - began) * 1000)
    assert min(took_ms) < 0.3


@pytest.mark.parametrize("target", ["Vehicle.Nothing", "Vehicle.Spee", "phone.contacts", ""])
async def test_unknown_targets_are_left_out_of_a_read(car: SimulatedVehicle, target: str):
    assert await car.read([target]) == {}


async def test_every_reading_is_as_fresh_as_the_clock(car: SimulatedVehicle, clock: ManualClock):
    clock.advance(7.0)
    assert (await car.read(["Vehicle.Speed"]))["Vehicle.Speed"].at == clock.monotonic()


async def test_a_window_moves_and_shows_where_it_goes(car: SimulatedVehicle, clock: ManualClock):
    assert await car.write([Effect(WINDOW, 50)]) == {}
    assert (await car.read([WINDOW]))[WINDOW] == Reading(0, clock.monotonic(), 50)
    clock.advance(1.0)
    assert (await car.read([WINDOW]))[WINDOW] == Reading(25, clock.monotonic(), 50)
    clock.advance(1.0)
    assert (await car.read([WINDOW]))[WINDOW] == Reading(50, clock.monotonic(), None)


@pytest.mark.parametrize(
    ("target", "wanted", "code"),
    [
        ("Vehicle.Nothing", 1, "unknown_target"),
        ("Vehicle.Cabin", 1, "unknown_target"),
        ("Vehicle.Speed", 0, "not_writable"),
        (GEAR, 127, "not_writable"),
        ("Vehicle.Body.Horn.IsActive", True, "not_writable"),
        (WINDOW, "half", "wrong_type"),
        (WINDOW, 101, "out_of_range"),
        (START, "START", "refused"),
        ("Vehicle.ADAS.DMS.IsEnabled", False, "refused"),
    ],
)
async def test_a_write_is_refused_by_its_code_and_changes_nothing(
    car: SimulatedVehicle, target: str, wanted: Any, code: str
):
    before = car.export_state()
    with pytest.raises(DeviceError) as refusal:
        await car.write([Effect(DOME, True), Effect(target, wanted), Effect(WINDOW, 100)])
    assert refusal.value.code == code
    assert car.export_state() == before


async def test_charging_starts_with_a_cable_in(car: SimulatedVehicle):
    cable = START.replace("StartStopCharging", "ChargingPort.AnyPosition.IsChargingCableConnected")
    car.set_sensor(cable, True)
    await car.write([Effect(START, "START")])
    assert await value(car, START.replace("StartStopCharging", "IsCharging")) is True


async def test_watching_tells_the_current_readings_first_and_then_each_change(
    car: SimulatedVehicle, clock: ManualClock
):
    changes = car.watch([WINDOW])
    assert (await following(changes))[WINDOW].value == 0
    await car.write([Effect(WINDOW, 50)])
    assert (await following(changes))[WINDOW].target == 50
    clock.advance(1.0)
    assert (await following(changes))[WINDOW].value == 25
    clock.advance(10.0)
    last = (await following(changes))[WINDOW]
    assert (last.value, last.target) == (50, None)
    await changes.aclose()  # pyright: ignore[reportAttributeAccessIssue]


async def test_a_watcher_hears_only_of_its_own_targets(car: SimulatedVehicle):
    changes = car.watch([WINDOW])
    await following(changes)
    await car.write([Effect(DOME, True)])
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(anext(changes), 0.05)


async def test_a_watcher_hears_of_a_value_that_went_missing(car: SimulatedVehicle):
    changes = car.watch(["Vehicle.Speed"])
    await following(changes)
    car.set_sensor("Vehicle.Speed", None)
    assert (await following(changes))["Vehicle.Speed"].value is None
    car.set_sensor("Vehicle.Speed", 3)
    assert (await following(changes))["Vehicle.Speed"].value == 3.0


async def test_two_watchers_both_hear(car: SimulatedVehicle):
    both = [car.watch([DOME]), car.watch(["Vehicle.Cabin.Light"])]
    for changes in both:
        await following(changes)
    await car.write([Effect(DOME, True)])
    for changes in both:
        assert (await following(changes))[DOME].value is True


async def test_no_timer_runs_unless_somebody_watches_and_something_moves(
    car: SimulatedVehicle, clock: ManualClock
):
    await car.write([Effect(WINDOW, 100)])
    assert clock.waiting == 0
    changes = car.watch([WINDOW])
    await following(changes)
    assert clock.waiting == 1
    clock.advance(10.0)
    await following(changes)
    car.set_sensor(
        "Vehicle.Exterior.AirTemperature",
        await value(car, "Vehicle.Cabin.HVAC.AmbientAirTemperature"),
    )
    clock.advance(2.0)
    assert clock.waiting == 0


async def test_a_watcher_that_leaves_takes_its_timer_along(
    car: SimulatedVehicle, clock: ManualClock
):
    changes = car.watch([WINDOW])
    await following(changes)
    await car.write([Effect(WINDOW, 100)])
    assert clock.waiting == 1
    await changes.aclose()  # pyright: ignore[reportAttributeAccessIssue]
    assert clock.waiting == 0


async def test_watching_follows_the_machines_own_clock_too():
    car = SimulatedVehicle(pace=50.0)
    await car.write([Effect(WINDOW, 100)])
    async with asyncio.timeout(5):
        async for change in car.watch([WINDOW]):
            if change[WINDOW].value == 100:
                break
    assert await value(car, WINDOW) == 100


async def test_the_cabin_cools_over_minutes(clock: ManualClock):
    car = SimulatedVehicle.from_state(
        {"Vehicle.Exterior.AirTemperature": 35, "Vehicle.Cabin.HVAC.AmbientAirTemperature": 38},
        clock,
    )
    station = "Vehicle.Cabin.HVAC.Station.Row1.Driver"
    await car.write(
        [
            Effect("Vehicle.Cabin.HVAC.IsAirConditioningActive", True),
            Effect(f"{station}.FanSpeed", 80),
            Effect(f"{station}.Temperature", 20.0),
        ]
    )
    seen = []
    for _ in range(4):
        seen.append(await value(car, "Vehicle.Cabin.HVAC.AmbientAirTemperature"))
        clock.advance(300.0)
    assert seen[0] == 38
    assert seen == sorted(seen, reverse=True)
    assert seen[1] > 25
    assert seen[3] < 25


@pytest.mark.parametrize(
    ("speed", "gear", "shown"),
    [
        (60, "D", (60.0, 127, True, False)),
        (0, "d", (0.0, 127, False, False)),
        (60, None, (60.0, 127, True, False)),
        (-5, "R", (-5.0, -1, True, False)),
        (0, "P", (0.0, 126, False, True)),
        (None, "N", (0.0, 0, False, False)),
        (None, 127, (0.0, 127, False, False)),
    ],
)
async def test_a_person_drives(car: SimulatedVehicle, speed: Any, gear: Any, shown: tuple[Any]):
    car.drive(speed_km_h=speed, gear=gear)
    paths = (
        "Vehicle.Speed",
        GEAR,
        "Vehicle.IsMoving",
        "Vehicle.Powertrain.Transmission.IsParkLockEngaged",
    )
    assert tuple([await value(car, path) for path in paths]) == shown


async def test_driving_off_wakes_a_sleeping_car(clock: ManualClock):
    car = SimulatedVehicle.from_state({"Vehicle.LowVoltageSystemState": "OFF"}, clock)
    car.drive(speed_km_h=10)
    assert await value(car, "Vehicle.LowVoltageSystemState") == "ON"


@pytest.mark.parametrize(
    ("speed", "gear"), [(60, "P"), (60, 126), (1000, None), ("fast", None), (0, "Q"), (0, 55)]
)
async def test_what_no_car_can_do_is_refused_and_changes_nothing(
    car: SimulatedVehicle, speed: Any, gear: Any
):
    before = car.export_state()
    with pytest.raises(UserError):
        car.drive(speed_km_h=speed, gear=gear)
    assert car.export_state() == before


async def test_a_rolling_car_can_not_be_put_in_park(car: SimulatedVehicle):
    car.drive(speed_km_h=30)
    with pytest.raises(UserError, match="stop it first"):
        car.drive(gear="P")
    car.drive(speed_km_h=0, gear="P")


async def test_a_person_may_set_what_software_may_not(car: SimulatedVehicle):
    car.set_sensor(f"{DOOR}.IsOpen", True)
    assert await value(car, f"{DOOR}.IsOpen") is True
    with pytest.raises(DeviceError):
        await car.write([Effect(f"{DOOR}.IsOpen", False)])


@pytest.mark.parametrize(
    ("path", "wanted", "part"),
    [("Vehicle.Spead", 1, "Vehicle.Speed"), ("Vehicle.Speed", "x", "km/h")],
)
def test_setting_what_does_not_fit_is_refused_with_the_remedy(
    car: SimulatedVehicle, path: str, wanted: Any, part: str
):
    with pytest.raises(UserError, match=part):
        car.set_sensor(path, wanted)


async def test_a_state_sets_what_follows_from_it(clock: ManualClock):
    car = SimulatedVehicle.from_state({"Vehicle.Speed": 100}, clock)
    assert await value(car, GEAR) == 127
    assert await value(car, "Vehicle.IsMoving") is True


async def test_a_state_may_contradict_itself_and_is_taken_at_its_word(clock: ManualClock):
    state = {"Vehicle.Speed": 100, GEAR: 126, "Vehicle.IsMoving": False, LOW: True}
    car = SimulatedVehicle.from_state(state, clock)
    assert {path: await value(car, path) for path in state} == state


async def test_a_missing_gear_leaves_the_park_lock_unknown(clock: ManualClock):
    car = SimulatedVehicle.from_state({GEAR: None}, clock)
    readings = await car.read(["Vehicle.Powertrain.Transmission"])
    assert GEAR not in readings
    assert "Vehicle.Powertrain.Transmission.IsParkLockEngaged" not in readings


@pytest.mark.parametrize("pace", [0, -1, float("nan")])
def test_a_pace_must_be_positive(pace: float):
    with pytest.raises(UserError, match="pace"):
        SimulatedVehicle(pace=pace)


async def test_a_stuck_window_takes_the_target_and_does_not_move(
    car: SimulatedVehicle, clock: ManualClock
):
    car.inject(Stuck(f"{DOOR}.Window"))
    await car.write([Effect(WINDOW, 100)])
    clock.advance(1.0)
    assert (await car.read([WINDOW]))[WINDOW] == Reading(0, clock.monotonic(), 100)
    clock.advance(60.0)
    car.heal()
    clock.advance(60.0)
    assert await value(car, WINDOW) == 0
    await car.write([Effect(WINDOW, 100)])
    clock.advance(60.0)
    assert await value(car, WINDOW) == 100


async def test_a_window_can_stick_half_way(car: SimulatedVehicle, clock: ManualClock):
    car.inject(Stuck(WINDOW, at=40))
    await car.write([Effect(WINDOW, 100)])
    clock.advance(60.0)
    assert await value(car, WINDOW) == 40


async def test_a_swallowed_write_is_accepted_and_never_shows(
    car: SimulatedVehicle, clock: ManualClock
):
    car.inject(Swallowed(DOME))
    await car.write([Effect(DOME, True), Effect(WINDOW, 50)])
    clock.advance(10.0)
    assert await value(car, DOME) is False
    assert await value(car, WINDOW) == 50


async def test_a_slow_bus_delays_reads_and_writes(car: SimulatedVehicle, clock: ManualClock):
    car.inject(SlowBus(1.5))
    for slow in (car.write([Effect(DOME, True)]), car.read([DOME])):
        task = asyncio.ensure_future(slow)
        await asyncio.sleep(0)
        clock.advance(1.4)
        await asyncio.sleep(0)
        assert not task.done()
        clock.advance(0.2)
        await asyncio.wait_for(task, 1)


async def test_a_write_given_up_on_a_slow_bus_changes_nothing(
    car: SimulatedVehicle, clock: ManualClock
):
    car.inject(SlowBus(1.5))
    task = asyncio.ensure_future(car.write([Effect(DOME, True)]))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait((task,))
    clock.advance(10.0)
    car.heal()
    assert await value(car, DOME) is False


async def test_without_its_provider_a_part_refuses_writes_and_its_readings_age(
    car: SimulatedVehicle, clock: ManualClock
):
    began = clock.monotonic()
    car.inject(ProviderGone("Vehicle.Cabin.Door"))
    with pytest.raises(DeviceError) as refusal:
        await car.write([Effect(DOME, True), Effect(WINDOW, 50)])
    assert refusal.value.code == "no_provider"
    clock.advance(5.0)
    assert (await car.read([WINDOW]))[WINDOW].at == began
    assert (await car.read([DOME]))[DOME] == Reading(False, clock.monotonic())
    car.heal()
    await car.write([Effect(WINDOW, 50)])


async def test_a_stale_speed_keeps_its_value_and_its_time(
    car: SimulatedVehicle, clock: ManualClock
):
    began = clock.monotonic()
    car.inject(Stale("Vehicle.Speed"))
    clock.advance(3.0)
    car.drive(speed_km_h=80)
    assert (await car.read(["Vehicle"]))["Vehicle.Speed"] == Reading(0.0, began)
    car.heal(Stale("Vehicle.Speed"))
    assert (await car.read(["Vehicle"]))["Vehicle.Speed"] == Reading(80.0, clock.monotonic())


async def test_a_missing_value_is_in_no_reading(car: SimulatedVehicle):
    car.inject(MissingValue("Vehicle.Speed"))
    assert "Vehicle.Speed" not in await car.read(["Vehicle"])
    assert await car.read(["Vehicle.Speed"]) == {}
    assert car.faults == (MissingValue("Vehicle.Speed"),)


async def test_healing_one_fault_leaves_the_others(car: SimulatedVehicle, clock: ManualClock):
    car.inject(Stuck(WINDOW))
    car.inject(Stale("Vehicle.Speed"))
    car.heal(Stale("Vehicle.Speed"))
    await car.write([Effect(WINDOW, 50)])
    clock.advance(10.0)
    assert await value(car, WINDOW) == 0


def test_a_fault_of_nothing_is_refused_with_the_remedy(car: SimulatedVehicle):
    with pytest.raises(UserError, match=r"did you mean Vehicle\.Speed"):
        car.inject(Stale("Vehicle.Sped"))


async def test_a_state_survives_json_and_a_restart(car: SimulatedVehicle, clock: ManualClock):
    car.drive(speed_km_h=42.5)
    car.set_sensor("Vehicle.Driver.FatigueLevel", None)
    await car.write([Effect(WINDOW, 50), Effect("Vehicle.Body.Lights.LightSwitch", "BEAM")])
    clock.advance(1.3)
    state = car.export_state()
    again = SimulatedVehicle.from_state(json.loads(json.dumps(state)), clock)
    assert again.export_state() == state


WRITABLE = [s for s in SIGNALS.values() if s.kind is SignalKind.ACTUATOR]


@st.composite
def effects(draw: st.DrawFn) -> Effect:
    signal = draw(st.sampled_from(WRITABLE))
    return Effect(signal.path, draw(fitting(signal.path)))


def fitting(path: str) -> st.SearchStrategy[Any]:
    signal = SIGNALS[path]
    if signal.only or signal.allowed:
        return st.sampled_from(signal.only or signal.allowed)
    match signal.datatype:
        case "boolean":
            return st.booleans()
        case "string":
            return st.just(signal.initial)
        case "float" | "double":
            return st.floats(signal.minimum, signal.maximum, width=32)
        case _:
            high = int(signal.maximum if signal.maximum is not None else 200)
            return st.integers(int(signal.minimum or 0), high)


STEPS = st.lists(
    st.tuples(st.lists(effects(), max_size=4), st.floats(0, 400)), min_size=1, max_size=8
)


def check_all(state: dict[str, Any]) -> None:
    for path, shown in state.items():
        if shown is not None:
            assert check_value(SIGNALS[path], shown) == shown


@settings(max_examples=60, deadline=None)
@given(STEPS, st.floats(-20, 200))
def test_no_sequence_of_writes_leaves_the_ranges_or_breaks_the_round_trip(
    steps: Sequence[tuple[list[Effect], float]], speed: float
):
    async def run() -> None:
        clock = ManualClock()
        car = SimulatedVehicle.from_state({"Vehicle.Speed": speed}, clock)
        closed = {p: car.export_state()[p] for p, s in SIGNALS.items() if closed_off(s.kind, p)}
        for batch, pause_s in steps:
            try:
                await car.write(batch)
            except DeviceError as error:
                assert error.code == "refused"  # noqa: PT017 - charging without a cable
            clock.advance(pause_s)
            state = car.export_state()
            check_all(state)
            assert {path: state[path] for path in closed} == closed
            again = SimulatedVehicle.from_state(state, clock)
            assert again.export_state() == state

    asyncio.run(run())


def closed_off(kind: SignalKind, path: str) -> bool:
    """What no write may ever change; a window's IsOpen only follows its position."""
    return kind is SignalKind.CLOSED and not path.endswith("Window.IsOpen")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(effects(), max_size=4),
    st.sampled_from(
        [
            Effect("Vehicle.Nothing", 1),
            Effect("Vehicle.Speed", 0.0),
            Effect(GEAR, 127),
            Effect(WINDOW, 101),
            Effect(WINDOW, None),
            Effect(DOME, "on"),
        ]
    ),
    st.integers(0, 4),
)
def test_a_batch_with_one_bad_effect_changes_nothing(
    good: list[Effect], bad: Effect, position: int
):
    async def run() -> None:
        clock = ManualClock()
        car = SimulatedVehicle(clock)
        before = car.export_state()
        with pytest.raises(DeviceError):
            await car.write([*good[:position], bad, *good[position:]])
        clock.advance(30.0)
        assert car.export_state() == before

    asyncio.run(run())
