"""A device for one question keeps its car under a name, and only then."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from edgewise.core.event import TurnStarted
from edgewise.core.message import Request
from edgewise.core.part import TextPart
from edgewise.core.signal import JsonValue
from edgewise.device.alone import device_alone
from edgewise.device.runtime import start_device
from edgewise.errors import UserError

WINDOW = "Vehicle.Cabin.Door.Row1.DriverSide.Window.Position"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EDGEWISE_HOME", str(tmp_path))
    (tmp_path / "config.toml").write_text('chat_model = ""\n')
    return tmp_path


async def opened(name: str, state: Mapping[str, JsonValue] | None = None) -> object:
    """How far the window of the car kept under `name` is open."""
    async with device_alone(state, name, pace=1000.0) as device:
        assert device.vehicle is not None
        return device.vehicle.export_state()[WINDOW]


async def test_the_car_of_a_name_is_kept_and_another_name_has_another() -> None:
    assert await opened("a", {WINDOW: 30}) == 30
    assert await opened("a") == 30
    assert await opened("b") == 0
    assert await opened("") == 0


async def test_the_kept_car_is_the_owner_s_alone(home: Path) -> None:
    before = os.umask(0o022)
    try:
        await opened("a")
    finally:
        os.umask(before)
    assert [path.stat().st_mode & 0o777 for path in (home / "cars").iterdir()] == [0o600]


async def test_a_given_state_is_laid_over_the_kept_one() -> None:
    await opened("a", {WINDOW: 30, "Vehicle.Cabin.HVAC.IsAirConditioningActive": True})
    async with device_alone({WINDOW: 5}, "a", pace=1000.0) as device:
        assert device.vehicle is not None
        state = device.vehicle.export_state()
    assert state[WINDOW] == 5
    assert state["Vehicle.Cabin.HVAC.IsAirConditioningActive"] is True


async def test_the_car_is_kept_also_when_the_question_fails(home: Path) -> None:
    with pytest.raises(RuntimeError):
        async with device_alone({WINDOW: 30}, "a", pace=1000.0):
            raise RuntimeError("the terminal went away")
    assert await opened("a") == 30
    (kept,) = (home / "cars").iterdir()
    assert json.loads(kept.read_text("utf-8"))[WINDOW] == 30


@pytest.mark.parametrize("text", ["{", "[1, 2]", "null", '"x"'])
async def test_a_kept_car_that_can_not_be_read_is_a_new_one(home: Path, text: str) -> None:
    await opened("a", {WINDOW: 30})
    (kept,) = (home / "cars").iterdir()
    kept.write_text(text)
    assert await opened("a") == 0


async def test_a_name_can_not_leave_the_folder(home: Path) -> None:
    before = set(home.parent.iterdir())
    await opened("../../evil")
    assert set(home.parent.iterdir()) == before
    assert len(list((home / "cars").iterdir())) == 1


async def test_a_bad_state_is_refused_before_anything_is_kept(home: Path) -> None:
    with pytest.raises(UserError, match="Sped"):
        await opened("a", {"Vehicle.Sped": 1})
    assert not (home / "cars").exists()


async def test_its_turns_are_marked_as_of_a_car_of_their_own(home: Path) -> None:
    request = Request((TextPart("stop"),), "cli")
    async with device_alone(None, "", pace=1000.0) as device:
        alone, *_ = [event async for event in device.agent.run(request)]
    device = await start_device(home)
    own, *_ = [event async for event in device.agent.run(request)]
    recorded = await device.agent.trail(alone.turn)
    await device.close()
    assert isinstance(alone, TurnStarted)
    assert isinstance(own, TurnStarted)
    assert (alone.own_car, own.own_car) == (True, False)
    assert recorded is not None
    assert recorded[0] == alone
