"""Nothing counts as done before it was read back; nothing old is carried out."""

import asyncio
from collections.abc import Sequence

import msgspec
import pytest

from edgewise.act.driver import Drivers
from edgewise.act.perform import perform, shows
from edgewise.core.call import Call, Effect, Resolved, Result, Status
from edgewise.core.capability import Capability, Risk
from edgewise.core.label import OriginKind, label_of
from edgewise.core.words import Words
from edgewise.device.vehicle.faults import ProviderGone, SlowBus, Stuck, Swallowed
from edgewise.device.vehicle.simulated import SimulatedVehicle
from edgewise.testing.clock import ManualClock

WINDOW = "Vehicle.Cabin.Door.Row1.DriverSide.Window.Position"
AIR = "Vehicle.Cabin.HVAC.IsAirConditioningActive"
LOW = "Vehicle.Body.Lights.Beam.Low.IsOn"
CAPABILITY = Capability(
    "window.set", Words("window", "车窗"), Risk.DISRUPTIVE, time_to_live_s=2.0, readback_s=0.2
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


@pytest.mark.parametrize(
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
    ],
)
def test_a_reading_shows_what_was_written(value: object, wanted: object, same: bool) -> None:
    assert shows(value, wanted) is same
