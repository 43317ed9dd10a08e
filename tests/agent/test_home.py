"""The home gives each turn the whole vehicle, and of the rest only what was asked for."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from edgewise.act.driver import Drivers
from edgewise.act.function import Catalogue
from edgewise.act.policy import builtin_policy
from edgewise.agent.home import Home
from edgewise.core.call import Effect
from edgewise.core.signal import Reading
from edgewise.device.phone.store import DocumentStore
from edgewise.device.screen.driver import ScreenDriver
from edgewise.device.vehicle.simulated import SimulatedVehicle
from edgewise.testing.clock import ManualClock
from edgewise.testing.screen import Page, ScriptedScreen
from tests.agent.conftest import ScriptedMind


async def test_a_snapshot_holds_the_vehicle_and_the_targets_named(tmp_path: Path) -> None:
    clock = ManualClock(wall=500.0, monotonic=7.0)
    car, stores = SimulatedVehicle(clock), DocumentStore(tmp_path / "s.sqlite", clock)
    drivers = Drivers([car, *stores.drivers])
    await drivers.write([Effect("phone.contacts.1", {"name": "Mom"})])
    home = Home(Catalogue(), builtin_policy(), drivers, ScriptedMind({}), clock)

    plain = await home.snapshot()
    assert plain.get("Vehicle.Speed") == 0
    assert (plain.now, plain.wall) == (7.0, 500.0)
    assert not [target for target in plain.readings if not target.startswith("Vehicle.")]

    wider = await home.snapshot(["phone.contacts", "nobody.knows"])
    assert wider.get("phone.contacts")[0]["name"] == "Mom"
    assert "nobody.knows" not in wider.readings
    stores.close()


async def test_a_snapshot_is_of_the_moment_and_does_not_change_later() -> None:
    clock = ManualClock()
    car = SimulatedVehicle(clock)
    home = Home(Catalogue(), builtin_policy(), Drivers([car]), ScriptedMind({}), clock)
    before = await home.snapshot()
    car.drive(gear="D", speed_km_h=50)
    assert before.get("Vehicle.Speed") == 0
    assert (await home.snapshot()).get("Vehicle.Speed") == 50


async def test_a_device_that_does_not_answer_is_missing_and_keeps_nobody_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edgewise.agent.home.READ_S", 0.2)
    clock = ManualClock()
    car, stores = SimulatedVehicle(clock), DocumentStore(tmp_path / "s.sqlite", clock)
    phone = stores.drivers[0]

    async def never(targets: Sequence[str]) -> dict[str, Reading]:
        await asyncio.Event().wait()
        return {}

    monkeypatch.setattr(phone, "read", never)
    home = Home(Catalogue(), builtin_policy(), Drivers([car, phone]), ScriptedMind({}), clock)
    async with asyncio.timeout(0.3):
        seen = await home.snapshot([f"{phone.prefix}.call"])
    assert seen.get("Vehicle.Speed") == 0
    assert f"{phone.prefix}.call" not in seen.readings
    stores.close()


async def test_a_slow_device_is_waited_for_and_does_not_make_the_cars_readings_old(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("edgewise.agent.home.READ_S", 0.01)
    clock = ManualClock()
    car = SimulatedVehicle(clock)
    screen = ScreenDriver(ScriptedScreen({"one": Page("Shop", "Tea")}, "one"), clock)
    look = screen.read

    async def slowly(targets: Sequence[str]) -> dict[str, Reading]:
        clock.advance(5.0)
        await asyncio.sleep(0.03)
        return await look(targets)

    monkeypatch.setattr(screen, "read", slowly)
    home = Home(Catalogue(), builtin_policy(), Drivers([car, screen]), ScriptedMind({}), clock)
    seen = await home.snapshot(["gui.screen"])
    assert seen.get("gui.screen")["title"] == "Tea"
    assert seen.fresh("Vehicle.Speed", within_s=1.0) == 0
