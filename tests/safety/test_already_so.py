"""An order that is forbidden is refused although it would change nothing.

"It is already so" would sound as if it had been obeyed, and as if it would be the next time.
"""

import pytest

from edgewise.core.call import Status
from edgewise.core.message import Speaker
from tests.safety.device import car, results_of, said
from tests.safety.situation import LIGHTS, MOVING, PARKED

DOOR = "Vehicle.Cabin.Door."
DOORS = {
    f"{DOOR}Row{row}.{side}.IsLocked": False
    for row in (1, 2)
    for side in ("DriverSide", "PassengerSide")
}
CHILD_LOCK = {"Vehicle.Cabin.IsWindowChildLockEngaged": False}
DARK = {LIGHTS + "LightSwitch": "OFF", LIGHTS + "Beam.Low.IsOn": False}
FORBIDDEN = [
    pytest.param("unlock the doors", DOORS, marks=pytest.mark.rule(23)),
    pytest.param("把车门都解锁", DOORS, marks=pytest.mark.rule(23)),
    pytest.param("turn off the child lock", CHILD_LOCK, marks=pytest.mark.rule(23)),
    pytest.param("turn off the headlights", DARK, marks=pytest.mark.rule(2)),
    pytest.param("把大灯关掉", DARK, marks=pytest.mark.rule(2)),
]


@pytest.mark.parametrize(("text", "state"), FORBIDDEN)
async def test_a_forbidden_order_is_refused_although_it_is_already_so(
    text: str, state: dict[str, object]
) -> None:
    tested = await car(None, {**MOVING, **state})
    events = await tested.run(said(text, Speaker()))
    (result,) = results_of(events)
    assert result.status is Status.DENIED
    assert result.words is not None
    assert result.words.en in events[-1].text or result.words.zh in events[-1].text
    assert result.notes == ()
    assert "already" not in events[-1].text
    assert "已经" not in events[-1].text


@pytest.mark.rule(23)
@pytest.mark.parametrize(("text", "state"), [(p.values[0], p.values[1]) for p in FORBIDDEN])
async def test_parked_what_is_already_so_needs_no_yes(text: str, state: dict[str, object]) -> None:
    tested = await car(None, {**PARKED, **state})
    (result,) = results_of(await tested.run(said(text, Speaker())))
    assert (result.status, result.changed) == (Status.DONE, {})


@pytest.mark.rule(4)
async def test_an_allowed_order_that_is_already_so_is_told_so() -> None:
    tested = await car(None, {**MOVING, LIGHTS + "Hazard.IsSignaling": True})
    (result,) = results_of(await tested.run(said("打开双闪", Speaker())))
    assert result.status is Status.DONE
