"""Rule 44: without a model, a store or a bus the safe direction and help still work."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import pytest

from edgewise.core.call import Status
from edgewise.core.message import Request, Speaker
from edgewise.core.part import TextPart
from edgewise.core.signal import Reading
from edgewise.errors import DeviceError
from edgewise.think.think import Thinking
from tests.safety.situation import LIGHTS, MOVING
from tests.safety.test_four_ways import car, results_of

DARK = {**MOVING, LIGHTS + "LightSwitch": "OFF", LIGHTS + "Beam.Low.IsOn": False}
SAFE = [
    ("打开大灯", LIGHTS + "Beam.Low.IsOn", True),
    ("turn on the headlights", LIGHTS + "Beam.Low.IsOn", True),
    ("打开双闪", LIGHTS + "Hazard.IsSignaling", True),
    ("锁车", "Vehicle.Cabin.Door.Row1.DriverSide.IsLocked", True),
    ("turn on the front defroster", "Vehicle.Cabin.HVAC.IsFrontDefrosterActive", True),
]


def said(text: str) -> Request:
    return Request((TextPart(text),), "s", Speaker())


@pytest.mark.rule(44)
@pytest.mark.rule(4)
@pytest.mark.parametrize(("text", "target", "value"), SAFE)
async def test_without_any_model_the_safe_direction_works(
    text: str, target: str, value: object, tmp_path: Path
) -> None:
    tested = await car(tmp_path, DARK)
    tested.agent.home = dataclasses.replace(tested.agent.home, mind=Thinking(None, None, "gone"))
    await tested.run(said(text))
    assert tested.vehicle.export_state()[target] == value


@pytest.mark.rule(44)
@pytest.mark.rule(42)
@pytest.mark.parametrize("text", ["打110", "call 112", "call an ambulance"])
async def test_without_any_model_help_can_be_called(text: str, tmp_path: Path) -> None:
    tested = await car(tmp_path, MOVING)
    tested.agent.home = dataclasses.replace(tested.agent.home, mind=Thinking(None, None, "gone"))
    results = results_of(await tested.run(said(text)))
    assert [result.status for result in results] == [Status.DONE]


@pytest.mark.rule(44)
@pytest.mark.rule(42)
@pytest.mark.parametrize("text", ["hang up", "挂断", "把电话挂了"])
async def test_without_any_model_a_call_for_help_can_be_ended(text: str, tmp_path: Path) -> None:
    tested = await car(tmp_path, MOVING)
    tested.agent.home = dataclasses.replace(tested.agent.home, mind=Thinking(None, None, "gone"))
    await tested.run(said("打120"))
    (cancelled,) = results_of(await tested.run(said("取消")))
    assert [note.rule for note in cancelled.notes] == [42]
    (ended,) = results_of(await tested.run(said(text)))
    assert ended.changed == {"phone.call.current": None}


@pytest.mark.rule(44)
async def test_without_any_model_other_words_are_answered_with_what_is_missing(
    tmp_path: Path,
) -> None:
    tested = await car(tmp_path, {})
    mind = Thinking(None, None, "the weights are not installed")
    tested.agent.home = dataclasses.replace(tested.agent.home, mind=mind)
    events = await tested.run(said("open the window"))
    assert results_of(events) == []
    assert "the weights are not installed" in events[-1].text


@pytest.mark.rule(44)
async def test_a_car_that_can_not_be_read_moves_nothing_but_help_can_be_called(
    tmp_path: Path,
) -> None:
    tested = await car(tmp_path, {})

    async def lost(targets: Sequence[str]) -> dict[str, Reading]:
        raise DeviceError("the bus is lost", code="no_provider")

    tested.vehicle.read = lost  # type: ignore[method-assign]
    (opened,) = results_of(await tested.run(said("打开后备箱")))
    assert opened.status is not Status.DONE
    (called,) = results_of(await tested.run(said("打110")))
    assert called.status is Status.DONE
