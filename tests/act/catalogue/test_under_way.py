"""While a motor runs, nothing is said to be so already: what it does and where it is are told."""

import pytest

from edgewise.act.catalogue import builtin_catalogue
from edgewise.act.resolve import resolve
from edgewise.core.call import Call, Resolved
from edgewise.core.label import OriginKind, label_of
from edgewise.core.signal import Reading, Snapshot, snapshot_of
from tests.each_row import each_row

ROOF = "Vehicle.Cabin.Sunroof.Position"
SHADE = "Vehicle.Cabin.Sunroof.Shade.Position"
WINDOW = "Vehicle.Cabin.Door.Row1.DriverSide.Window.Position"
TRUNK = "Vehicle.Body.Trunk.Rear.IsOpen"
CLOSING_ROOF = {ROOF: Reading(58.2, 100.0, 0), SHADE: Reading(100, 100.0)}


def told(car, capability: str, arguments: dict[str, object], moving: dict[str, Reading]):
    still = snapshot_of(car, now=100.0)
    call = Call("t.1", capability, arguments, label_of(OriginKind.VOICE))
    resolved = resolve(
        call, builtin_catalogue(), Snapshot(still.readings | moving, still.now, still.wall)
    )
    assert isinstance(resolved, Resolved)
    return resolved


@pytest.mark.rule(37)
@each_row(
    ("capability", "arguments", "moving", "state"),
    [
        ("roof.set", {"target": "roof", "percent": 0}, CLOSING_ROOF, "closing, now at 58%"),
        ("window.set", {"percent": 100}, {WINDOW: Reading(20, 100.0, 100)}, "opening, now at 20%"),
        ("window.set", {"percent": 0}, {WINDOW: Reading(20, 100.0, 0)}, "closing, now at 20%"),
        (
            "trunk.set",
            {"which": "rear", "open": True},
            {TRUNK: Reading(False, 100.0, True)},
            "opening",
        ),
    ],
)
def test_an_order_that_is_being_carried_out_is_not_done_yet(
    car, capability: str, arguments: dict[str, object], moving: dict[str, Reading], state: str
) -> None:
    """Found: while the sunroof closed, "close the sunroof" was told that it was closed."""
    resolved = told(car, capability, arguments, moving)
    assert (resolved.effects, resolved.notes) == ((), ())
    assert resolved.data["state"] == state


@pytest.mark.rule(37)
@each_row(
    ("topic", "moving", "said"),
    [
        ("sunroof", CLOSING_ROOF, "The sunroof is closing, now at 58%, its shade open."),
        ("windows", {WINDOW: Reading(20, 100.0, 0)}, "Driver window closing, now at 20%"),
        ("windows", {WINDOW: Reading(0, 100.0, 100)}, "Driver window opening, now at 0%"),
        ("trunk", {TRUNK: Reading(False, 100.0, True)}, "Trunk opening"),
    ],
)
def test_a_state_question_tells_what_a_motor_does_and_where_it_is(
    car, topic: str, moving: dict[str, Reading], said: str
) -> None:
    resolved = told(car, "vehicle.get_status", {"topics": [topic]}, moving)
    assert said in str(resolved.data)
