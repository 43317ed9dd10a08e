"""A device that is in no car: it stands, and nothing of a car can be moved by it."""

from collections.abc import AsyncIterator, Sequence

import pytest

from edgewise.act.driver import Drivers
from edgewise.act.facts import driving_state
from edgewise.answer.manner import Manner, is_moving, manner_of
from edgewise.core.call import Effect
from edgewise.core.signal import JsonValue, Reading, Snapshot
from edgewise.core.words import Words
from edgewise.errors import DeviceError
from edgewise.hosting.standing import STANDS, Standing
from edgewise.testing.clock import ManualClock

VOLUME = "Vehicle.Cabin.Infotainment.Media.Volume"


async def _snapshot() -> Snapshot:
    clock = ManualClock()
    readings = await Drivers([Standing(clock)]).read(["Vehicle"])
    return Snapshot(readings, clock.monotonic(), clock.now())


async def test_it_stands_in_park_and_may_be_spoken_to():
    snapshot = await _snapshot()
    assert driving_state(snapshot) == "parked"
    assert not is_moving(snapshot)
    assert manner_of((), {}, snapshot, None) is Manner.ALOUD


async def test_nothing_else_is_claimed():
    clock = ManualClock()
    assert await Standing(clock).read(["Vehicle.Cabin", "Vehicle.Speeding"]) == {}
    assert set(await Standing(clock).read(["Vehicle.Speed"])) == {"Vehicle.Speed"}


async def test_nothing_can_be_written():
    with pytest.raises(DeviceError) as told:
        await Standing(ManualClock()).write([Effect("Vehicle.Speed", 10)])
    assert told.value.code == "not_writable"


class Loud:
    """A driver of one signal."""

    prefix = "Vehicle"
    receipts_only = ("Vehicle.Cabin.Horn",)
    away = Words("away", "不在")

    def __init__(self) -> None:
        self.read_of: list[str] = []
        self.written: list[Effect] = []

    async def read(self, targets: Sequence[str]) -> dict[str, Reading]:
        self.read_of += targets
        return {VOLUME: Reading(7, 0.0), "Vehicle.Speed": Reading(100.0, 0.0)}

    async def write(self, effects: Sequence[Effect]) -> dict[str, JsonValue]:
        self.written += effects
        return {}

    async def watch(self, targets: Sequence[str]) -> AsyncIterator[dict[str, Reading]]:
        yield await self.read(targets)


async def test_the_few_signals_of_the_device_itself_are_beside_it():
    loud = Loud()
    standing = Standing(ManualClock(), loud)
    assert set(await standing.read(list(STANDS))) == set(STANDS)
    assert loud.read_of == []
    found = await standing.read(["Vehicle"])
    assert found[VOLUME].value == 7
    assert found["Vehicle.Speed"].value == 0.0
    await standing.write([Effect(VOLUME, 3)])
    assert loud.written == [Effect(VOLUME, 3)]
    with pytest.raises(DeviceError):
        await standing.write([Effect(VOLUME, 3), Effect("Vehicle.Speed", 9)])
    assert len(loud.written) == 1
    assert standing.away == loud.away
    assert standing.receipts_only == loud.receipts_only
