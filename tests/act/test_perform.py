"""Nothing counts as done before it was read back; nothing old is carried out."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import msgspec
import pytest

from edgewise.act.driver import Drivers
from edgewise.act.perform import perform, shows
from edgewise.core.call import Call, Effect, Resolved, Result, Status, hold
from edgewise.core.capability import Capability, Risk
from edgewise.core.label import OriginKind, label_of
from edgewise.core.signal import JsonValue, Reading
from edgewise.core.words import Words
from edgewise.device.vehicle.faults import ProviderGone, SlowBus, Stuck, Swallowed
from edgewise.device.vehicle.simulated import SimulatedVehicle
from edgewise.errors import DeviceError, LinkError
from edgewise.testing.clock import ManualClock
from tests.each_row import each_row

WINDOW = "Vehicle.Cabin.Door.Row1.DriverSide.Window.Position"
AIR = "Vehicle.Cabin.HVAC.IsAirConditioningActive"
LOW = "Vehicle.Body.Lights.Beam.Low.IsOn"
CAPABILITY = Capability(
    "window.set", Words("window", "车窗"), Risk.DISRUPTIVE, time_to_live_s=2.0, readback_s=0.1
)


class Bench:
    """A simulated car whose clock a test turns, and one call on it."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.car = SimulatedVehicle(self.clock)
        self.drivers = Drivers([self.car])
        self.restore = True

    async def perform(self, resolved: Resolved, *, asked_s_ago: float = 0.0) -> Result:
        call = Call(
            "t.1",
            "window.set",
            {},
            label_of(OriginKind.TYPED),
            asked_at=self.clock.monotonic() - asked_s_ago,
        )
        return await perform(
            call, CAPABILITY, resolved, self.drivers, self.clock, self._may_restore
        )

    async def moving(self, resolved: Resolved) -> Result:
        """Perform while time goes on."""
        task = asyncio.create_task(self.perform(resolved))
        while not task.done():
            self.clock.advance(0.05)
            await asyncio.sleep(0)
        return task.result()

    async def _may_restore(self, effects: Sequence[Effect]) -> bool:
        del effects
        return self.restore


@pytest.fixture
def bench() -> Bench:
    return Bench()


async def test_a_switch_is_done_when_it_reads_back(bench: Bench) -> None:
    result = await bench.perform(Resolved((Effect(AIR, True),)))
    assert result.status is Status.DONE
    assert result.changed == {AIR: True}
    assert result.before == {AIR: False}


async def test_a_window_is_done_when_it_has_arrived(bench: Bench) -> None:
    result = await bench.moving(Resolved((Effect(WINDOW, 50),)))
    assert result.status is Status.DONE
    assert result.changed == {WINDOW: 50}


async def halfway(bench: Bench) -> None:
    await bench.car.write([Effect(WINDOW, 100)])
    bench.clock.advance(2.0)


async def test_a_held_motor_stands_where_it_is_and_is_read_standing(bench: Bench) -> None:
    await halfway(bench)
    result = await bench.perform(Resolved((hold(WINDOW),)))
    assert result.status is Status.DONE
    assert result.changed == {WINDOW: 50}
    bench.clock.advance(10)
    assert bench.car.export_state()[WINDOW] == 50


@pytest.mark.rule(4)
async def test_on_a_slow_bus_a_held_window_never_turns_round(bench: Bench) -> None:
    await halfway(bench)
    bench.car.inject(SlowBus(0.5))
    places: list[float] = []
    task = asyncio.create_task(bench.perform(Resolved((hold(WINDOW),))))
    while not task.done():
        bench.clock.advance(0.05)
        places.append(bench.car.export_state()[WINDOW])
        await asyncio.sleep(0)
    bench.clock.advance(10)
    places.append(bench.car.export_state()[WINDOW])
    assert places == sorted(places)
    assert places[-1] < 100
    assert task.result().changed == {WINDOW: places[-1]}


@pytest.mark.rule(37)
async def test_a_hold_that_vanishes_is_a_failure_even_when_the_window_ends_somewhere(
    bench: Bench,
) -> None:
    await halfway(bench)
    bench.car.inject(Swallowed(WINDOW))
    result = await bench.moving(Resolved((hold(WINDOW),)))
    assert (result.status, result.code) == (Status.FAILED, "not_held")
    assert result.changed == {}


async def test_what_can_be_held_is_held_and_told_when_the_rest_can_not(bench: Bench) -> None:
    await halfway(bench)
    result = await bench.perform(Resolved((hold(AIR), hold(WINDOW))))
    assert (result.status, result.code) == (Status.FAILED, "not_writable")
    assert result.changed == {WINDOW: 50}


@pytest.mark.rule(38)
async def test_what_was_held_is_not_put_back_with_a_group_that_failed(bench: Bench) -> None:
    await halfway(bench)
    bench.car.inject(Swallowed(AIR))
    bench.car.inject(SlowBus(0.5))  # so that it stands elsewhere than it was read before
    result = await bench.moving(Resolved((hold(WINDOW), Effect(AIR, True)), atomic=True))
    assert result.status is Status.FAILED
    bench.clock.advance(10)
    place = bench.car.export_state()[WINDOW]
    assert place > result.before[WINDOW]
    assert result.changed == {WINDOW: place}


@pytest.mark.rule(37)
async def test_a_stuck_window_is_a_failure_and_said_so(bench: Bench) -> None:
    bench.car.inject(Stuck(WINDOW))
    result = await bench.perform(Resolved((Effect(WINDOW, 50),)))
    assert (result.status, result.code) == (Status.FAILED, "no_readback")
    assert result.changed == {}
    assert result.words is not None


@pytest.mark.rule(37)
async def test_a_write_that_vanishes_is_a_failure(bench: Bench) -> None:
    bench.car.inject(Swallowed(AIR))
    result = await bench.perform(Resolved((Effect(AIR, True),)))
    assert (result.status, result.code) == (Status.FAILED, "no_readback")


@pytest.mark.rule(36)
async def test_a_command_older_than_its_time_to_live_is_dropped(bench: Bench) -> None:
    result = await bench.perform(Resolved((Effect(AIR, True),)), asked_s_ago=2.5)
    assert result.status is Status.EXPIRED
    assert bench.car.export_state()[AIR] is False


@pytest.mark.rule(36)
async def test_a_command_to_nobody_is_dropped_and_never_queued(bench: Bench) -> None:
    bench.car.inject(ProviderGone(AIR))
    result = await bench.perform(Resolved((Effect(AIR, True),)))
    assert (result.status, result.code) == (Status.FAILED, "no_provider")
    bench.car.heal()
    bench.clock.advance(10)
    assert bench.car.export_state()[AIR] is False


@pytest.mark.rule(36)
async def test_a_write_that_outlives_its_command_is_given_up(bench: Bench) -> None:
    bench.car.inject(SlowBus(10.0))
    call = Call("t.1", "x.y", {}, label_of(OriginKind.TYPED), asked_at=bench.clock.monotonic())
    hasty = msgspec.structs.replace(CAPABILITY, time_to_live_s=0.05)
    task = asyncio.create_task(
        perform(
            call,
            hasty,
            Resolved((Effect(AIR, True),)),
            bench.drivers,
            bench.clock,
            bench._may_restore,
        )
    )
    while bench.clock.waiting == 0:  # noqa: ASYNC110 - the manual clock has no event for it
        await asyncio.sleep(0)
    bench.clock.advance(10.0)  # the reading before the write
    result = await task
    assert result.code == "timed_out"
    bench.car.heal()
    assert bench.car.export_state()[AIR] is False


@pytest.mark.rule(38)
async def test_a_group_that_must_land_whole_is_put_back_when_a_part_fails(bench: Bench) -> None:
    bench.car.inject(Swallowed(WINDOW))
    result = await bench.perform(Resolved((Effect(AIR, True), Effect(WINDOW, 50)), atomic=True))
    assert result.status is Status.FAILED
    assert result.changed == {}
    assert bench.car.export_state()[AIR] is False


@pytest.mark.rule(38)
async def test_a_group_is_not_put_back_where_the_policy_forbids_it(bench: Bench) -> None:
    bench.restore = False
    bench.car.inject(Swallowed(WINDOW))
    result = await bench.perform(Resolved((Effect(AIR, True), Effect(WINDOW, 50)), atomic=True))
    assert result.changed == {AIR: True}
    assert bench.car.export_state()[AIR] is True


async def test_a_value_out_of_range_moves_nothing(bench: Bench) -> None:
    result = await bench.perform(Resolved((Effect(AIR, True), Effect(WINDOW, 500))))
    assert (result.status, result.code) == (Status.FAILED, "out_of_range")
    assert bench.car.export_state()[AIR] is False


async def test_a_target_without_any_driver_is_a_failure(bench: Bench) -> None:
    result = await bench.perform(Resolved((Effect("phone.alarms.1", {}),)))
    assert result.code == "no_provider"


async def test_a_read_needs_no_device(bench: Bench) -> None:
    result = await bench.perform(Resolved(data={"speed": 0}))
    assert (result.status, result.data) == (Status.DONE, {"speed": 0})


@each_row(
    ("value", "wanted", "same"),
    [
        ({"a": 1, "at": 5}, {"a": 1}, True),
        ({"a": 2}, {"a": 1}, False),
        (None, {"a": 1}, False),
        (21.98, 22.0, True),
        (21.0, 22.0, False),
        ("on", "on", True),
        (None, None, True),
        ([1, 2], [1, 2], True),
        ([1, 2], (1, 2), True),
        ((1, 2.001), [1, 2.0], True),
        ({"a": [1, (2,)]}, {"a": (1, [2])}, True),
        ([1], [1, 2], False),
        ([], None, False),
        (None, [], False),
        ("ab", ["a", "b"], False),
    ],
)
def test_a_reading_shows_what_was_written(value: object, wanted: object, same: bool) -> None:
    assert shows(value, wanted) is same


class Shelf:
    """A driver that keeps values, counts its operations with others, and fails at one of them."""

    receipts_only: tuple[str, ...] = ()

    def __init__(self, prefix: str, faults: "Faults") -> None:
        self.prefix = prefix
        self.kept: dict[str, JsonValue] = {}
        self._faults = faults

    async def read(self, targets: Sequence[str]) -> dict[str, Reading]:
        self._faults.strike()
        return {t: Reading(self.kept.get(t), 0.0) for t in targets}

    async def write(self, effects: Sequence[Effect]) -> dict[str, JsonValue]:
        if not self._faults.lands:
            self._faults.strike()
        self.kept |= {effect.target: effect.value for effect in effects}
        if self._faults.lands:
            self._faults.strike()
        return {}

    async def watch(self, targets: Sequence[str]) -> AsyncIterator[dict[str, Reading]]:
        self._faults.strike()
        yield {t: Reading(self.kept.get(t), 0.0) for t in targets}


@dataclass
class Faults:
    """`error` at operation `at`, and at all after it where it `stays`; a write may land first."""

    error: Exception
    at: int
    stays: bool
    lands: bool
    count: int = 0

    def strike(self) -> None:
        self.count += 1
        if self.count == self.at or (self.stays and self.count > self.at):
            raise self.error


ERRORS = (
    DeviceError("gone", code="no_provider"),
    DeviceError("odd", code="refused"),
    LinkError("the bus is away"),
    TimeoutError(),
    ConnectionResetError("reset"),
)


@pytest.mark.rule(37)
@pytest.mark.rule(38)
@pytest.mark.parametrize("atomic", [False, True])
@pytest.mark.parametrize("lands", [False, True])
@pytest.mark.parametrize("stays", [False, True])
@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
async def test_it_never_raises_and_tells_the_truth_whichever_operation_fails(
    error: Exception, stays: bool, lands: bool, atomic: bool
) -> None:
    hasty = msgspec.structs.replace(CAPABILITY, readback_s=0.01)
    effects = (Effect("one.a", 1), Effect("two.b", [2.0, "x"]), Effect("one.c", None))
    at, reached = 0, True
    while reached:
        at += 1
        faults = Faults(error, at, stays, lands)
        one, two = Shelf("one", faults), Shelf("two", faults)
        one.kept |= {"one.a": 0, "one.c": {"id": "c"}}
        before = {"one.a": 0, "one.c": {"id": "c"}, "two.b": None}
        clock = ManualClock()
        call = Call("t.1", "x.y", {}, label_of(OriginKind.TYPED), asked_at=clock.monotonic())

        async def may(effects: Sequence[Effect], faults: Faults = faults) -> bool:
            del effects
            faults.strike()
            return True

        result = await perform(
            call, hasty, Resolved(effects, atomic=atomic), Drivers([one, two]), clock, may
        )
        reached = faults.count >= at
        kept = {"two.b": None} | one.kept | two.kept
        differs = {t for t, value in before.items() if kept[t] != value}
        for target, value in result.changed.items():
            assert kept[target] == value
            assert result.before[target] == before[target]
        if result.status is Status.DONE:
            assert differs == before.keys() == result.changed.keys()
        else:
            assert result.code
            assert result.words is not None
        if not stays:
            assert result.changed.keys() == differs, at
    assert at > 5


async def test_a_reading_that_fails_before_the_write_writes_nothing() -> None:
    faults = Faults(DeviceError("gone", code="no_provider"), 1, stays=True, lands=False)
    shelf, clock = Shelf("one", faults), ManualClock()
    call = Call("t.1", "x.y", {}, label_of(OriginKind.TYPED), asked_at=clock.monotonic())
    resolved = Resolved((Effect("one.a", 1),))
    may = Bench()._may_restore
    result = await perform(call, CAPABILITY, resolved, Drivers([shelf]), clock, may)
    assert (result.status, result.code, shelf.kept) == (Status.FAILED, "no_provider", {})


@pytest.mark.rule(38)
async def test_a_batch_over_two_drivers_whose_second_write_fails_tells_what_landed(
    bench: Bench,
) -> None:
    class Refusing(Shelf):
        async def write(self, effects: Sequence[Effect]) -> dict[str, JsonValue]:
            raise DeviceError("no", code="refused")

    never = Faults(DeviceError("x"), 0, stays=False, lands=False)
    bench.drivers = Drivers([bench.car, Refusing("two", never)])
    both = (Effect(AIR, True), Effect("two.b", 1))
    result = await bench.perform(Resolved(both))
    assert (result.code, result.changed) == ("refused", {AIR: True})
    assert result.before == {AIR: False}
    bench.car = SimulatedVehicle(bench.clock)
    bench.drivers = Drivers([bench.car, Refusing("two", never)])
    result = await bench.perform(Resolved(both, atomic=True))
    assert (result.code, result.changed) == ("refused", {})
    assert bench.car.export_state()[AIR] is False


@pytest.mark.rule(38)
async def test_a_member_without_an_earlier_reading_keeps_none_of_the_others_changed(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, put_back = bench.drivers.read, []

    async def read_later(targets: Sequence[str]) -> dict[str, Reading]:
        readings = await read(targets)
        monkeypatch.setattr(bench.drivers, "read", read)
        return {target: reading for target, reading in readings.items() if target != LOW}

    async def may_restore(effects: Sequence[Effect]) -> bool:
        put_back.extend(effects)
        return True

    monkeypatch.setattr(bench.drivers, "read", read_later)
    monkeypatch.setattr(bench, "_may_restore", may_restore)
    bench.car.inject(Swallowed(WINDOW))
    group = (Effect(LOW, True), Effect(AIR, True), Effect(WINDOW, 50))
    result = await bench.perform(Resolved(group, atomic=True))
    assert [effect.target for effect in put_back] == [AIR]
    assert AIR not in result.changed
    assert bench.car.export_state()[AIR] is False
