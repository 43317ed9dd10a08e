"""All drivers as one: each target goes to its own, and none without a driver."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import pytest

from edgewise.act.driver import Drivers
from edgewise.core.call import Effect, hold
from edgewise.core.signal import JsonValue, Reading
from edgewise.core.words import Words
from edgewise.errors import DeviceError


@dataclass(eq=False)
class Shelf:
    """A driver that keeps values and tells the watchers."""

    prefix: str
    receipts_only: tuple[str, ...] = ()
    values: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    batches: list[list[str]] = field(default_factory=list[list[str]])
    watchers: list[asyncio.Queue[str]] = field(default_factory=list[asyncio.Queue[str]])

    async def read(self, targets: Sequence[str]) -> dict[str, Reading]:
        return {t: Reading(self.values[t], 0.0) for t in targets if t in self.values}

    async def write(self, effects: Sequence[Effect]) -> dict[str, JsonValue]:
        self.batches.append([effect.target for effect in effects])
        for effect in effects:
            self.values[effect.target] = effect.value
            for queue in self.watchers:
                queue.put_nowait(effect.target)
        return {e.target: f"did {e.value}" for e in effects if e.target in self.receipts_only}

    async def watch(self, targets: Sequence[str]) -> AsyncIterator[dict[str, Reading]]:
        queue: asyncio.Queue[str] = asyncio.Queue()
        self.watchers.append(queue)
        try:
            yield await self.read(targets)
            while True:
                yield await self.read([await queue.get()])
        finally:
            self.watchers.remove(queue)


@pytest.fixture
def car() -> Shelf:
    return Shelf("Vehicle", values={"Vehicle.A": 1, "Vehicle.B": 2})


@pytest.fixture
def phone() -> Shelf:
    return Shelf("phone", ("phone.calls",), {"phone.x": "y"})


async def test_each_target_is_read_from_its_own_driver(car: Shelf, phone: Shelf) -> None:
    drivers = Drivers([car, phone])
    readings = await drivers.read(["Vehicle.B", "phone.x", "home.lamp", "Vehicle.C"])
    assert {target: reading.value for target, reading in readings.items()} == {
        "Vehicle.B": 2,
        "phone.x": "y",
    }
    assert drivers.prefixes == ("Vehicle", "phone")


async def test_a_name_that_only_starts_alike_is_not_that_driver_s(car: Shelf) -> None:
    assert await Drivers([car]).read(["VehicleX.A"]) == {}
    with pytest.raises(DeviceError):
        await Drivers([car]).write([Effect("VehicleX.A", 1)])


async def test_effects_of_one_driver_are_one_batch_in_order(car: Shelf, phone: Shelf) -> None:
    effects = [Effect("Vehicle.B", 0), Effect("phone.x", 1), Effect("Vehicle.A", 0)]
    await Drivers([car, phone]).write(effects)
    assert car.batches == [["Vehicle.B", "Vehicle.A"]]
    assert phone.batches == [["phone.x"]]


async def test_one_effect_without_a_driver_and_nothing_is_written(car: Shelf) -> None:
    with pytest.raises(DeviceError, match=r"home\.lamp") as raised:
        await Drivers([car]).write([Effect("Vehicle.A", 0), Effect("home.lamp", True)])
    assert raised.value.code == "no_provider"
    assert car.batches == []


async def test_receipts_come_back_from_those_that_give_them(car: Shelf, phone: Shelf) -> None:
    receipts = await Drivers([car, phone]).write([Effect("Vehicle.A", 0), Effect("phone.calls", 7)])
    assert receipts == {"phone.calls": "did 7"}


def test_what_gives_receipts_has_no_read_back_and_neither_has_what_is_below(
    car: Shelf, phone: Shelf
) -> None:
    drivers = Drivers([car, phone])
    assert drivers.receipts_only == ("phone.calls",)
    assert not drivers.has_readback("phone.calls.1")
    assert drivers.has_readback("phone.callsign")
    assert drivers.has_readback("Vehicle.A")


def test_targets_that_are_worked_step_by_step_are_known_to_their_driver(
    car: Shelf, phone: Shelf
) -> None:
    class Worked(Shelf):
        stepwise = ("gui.screen",)

    drivers = Drivers([car, phone, Worked("gui")])
    assert drivers.stepwise(["gui.screen", "gui.apps", "Vehicle.A"]) == {"gui.screen"}
    assert Drivers([car]).stepwise(["gui.screen"]) == frozenset()


async def test_watching_tells_the_present_first_and_then_changes_of_all(
    car: Shelf, phone: Shelf
) -> None:
    drivers = Drivers([car, phone])
    seen: dict[str, JsonValue] = {}
    changes = drivers.watch(["Vehicle.A", "phone.x"])

    async def follow(until: dict[str, JsonValue]) -> None:
        while seen != until:
            seen.update({t: r.value for t, r in (await anext(changes)).items()})

    await asyncio.wait_for(follow({"Vehicle.A": 1, "phone.x": "y"}), 5)
    await drivers.write([Effect("phone.x", "z"), Effect("Vehicle.A", 5)])
    await asyncio.wait_for(follow({"Vehicle.A": 5, "phone.x": "z"}), 5)
    await changes.aclose()
    assert car.watchers == phone.watchers == []


async def test_one_driver_s_watch_is_ended_with_the_reader(car: Shelf) -> None:
    changes = Drivers([car]).watch(["Vehicle.A"])
    assert (await anext(changes))["Vehicle.A"].value == 1
    assert len(car.watchers) == 1
    await changes.aclose()
    assert car.watchers == []


async def test_watching_what_no_driver_has_ends_at_once() -> None:
    watched = Drivers([]).watch(["home.lamp"])
    assert await asyncio.wait_for(_all(watched), 5) == []


async def test_a_watch_ends_after_the_last_driver_and_raises_what_one_raises(car: Shelf) -> None:
    class Short(Shelf):
        async def watch(self, targets: Sequence[str]) -> AsyncIterator[dict[str, Reading]]:
            for target in targets:
                yield {target: Reading(self.values.get(target), 0.0)}

    class Broken(Shelf):
        async def watch(self, targets: Sequence[str]) -> AsyncIterator[dict[str, Reading]]:
            yield {}
            raise DeviceError("the bus is gone")

    both = Drivers([Short("a", values={"a.x": 1}), Short("b", values={"b.x": 2, "b.y": 3})])
    told = await asyncio.wait_for(_all(both.watch(["a.x", "b.x", "b.y"])), 5)
    values = {target: reading.value for change in told for target, reading in change.items()}
    assert values == {"a.x": 1, "b.x": 2, "b.y": 3}
    with pytest.raises(DeviceError, match="bus is gone"):
        await asyncio.wait_for(_all(Drivers([car, Broken("b")]).watch(["Vehicle.A", "b.x"])), 5)
    assert car.watchers == []


async def _all(changes: AsyncIterator[dict[str, Reading]]) -> list[dict[str, Reading]]:
    return [change async for change in changes]


@dataclass(eq=False)
class Garage(Shelf):
    """A driver that can also hold, and be away."""

    held: list[str] = field(default_factory=list[str])
    away: Words | None = None

    async def hold(self, targets: Sequence[str]) -> None:
        self.held += targets


async def test_a_hold_goes_to_the_driver_s_hold_and_never_to_its_write() -> None:
    garage = Garage("Vehicle", values={"Vehicle.A": 1})
    await Drivers([garage]).write([Effect("Vehicle.B", 2), hold("Vehicle.A")])
    assert garage.held == ["Vehicle.A"]
    assert garage.batches == [["Vehicle.B"]]


async def test_a_driver_without_motors_is_never_asked_to_hold(phone: Shelf) -> None:
    drivers = Drivers([Garage("Vehicle"), phone])
    with pytest.raises(DeviceError) as refusal:
        await drivers.write([Effect("Vehicle.A", 1), hold("phone.x")])
    assert refusal.value.code == "not_writable"
    assert phone.values == {"phone.x": "y"}


def test_only_what_is_needed_counts_as_away(phone: Shelf) -> None:
    gone = Words("gone", "不在")
    drivers = Drivers([Garage("Vehicle", away=gone), phone])
    assert drivers.away(["phone.x", "home.lamp"]) == {}
    assert drivers.away(["phone.x", "Vehicle.A", "Vehicle.B"]) == {"Vehicle": gone}
