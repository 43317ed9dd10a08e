"""What is moving where, from what was written and what switches show."""

import pytest

from edgewise.device.vehicle.kuksa_aims import SETTLE_S, Aims
from edgewise.device.vehicle.motors import STALL_S
from edgewise.device.vehicle.signals import load_signals

THING = "Vehicle.Cabin.Door.Row1.DriverSide.Window"
PLACE, SWITCH = f"{THING}.Position", f"{THING}.Switch"
HERE = {PLACE: 40}


@pytest.fixture
def aims() -> Aims:
    return Aims(load_signals())


def test_a_written_place_is_aimed_at_until_it_shows(aims: Aims):
    aims.sent(PLACE, 70, HERE, 0.0)
    assert aims.target_of(PLACE, 40, 1.0) == 70
    assert aims.target_of(PLACE, 70, 1.1) is None
    assert aims.target_of(PLACE, 40, 1.2) is None


@pytest.mark.parametrize(("command", "end"), [("OPEN", 100), ("ONE_SHOT_CLOSE", 0)])
def test_a_switch_aims_at_an_end(aims: Aims, command: str, end: int):
    aims.sent(SWITCH, command, HERE, 0.0)
    assert aims.target_of(PLACE, 40, 0.1) == end


def test_a_place_that_stays_quiet_is_not_on_its_way(aims: Aims):
    aims.sent(PLACE, 70, HERE, 0.0)
    aims.changed(PLACE, 2.0)
    assert aims.target_of(PLACE, 50, 2.0 + STALL_S - 0.01) == 70
    assert aims.target_of(PLACE, 50, 2.0 + STALL_S) is None


def test_a_held_motor_is_on_its_way_until_it_settles(aims: Aims):
    aims.sent(PLACE, 70, HERE, 0.0)
    aims.held(PLACE, 1.0)
    aims.changed(PLACE, 1.2)
    assert aims.target_of(PLACE, 50, 1.2 + SETTLE_S - 0.01) == 70
    assert aims.quiet_in_s(1.2) == pytest.approx(SETTLE_S)
    assert aims.target_of(PLACE, 50, 1.2 + SETTLE_S) is None
    assert aims.quiet_in_s(9.0) is None


def test_a_switch_let_go_holds(aims: Aims):
    aims.sent(SWITCH, "ONE_SHOT_OPEN", HERE, 0.0)
    aims.sent(SWITCH, "INACTIVE", HERE, 1.0)
    assert aims.target_of(PLACE, 50, 1.0 + SETTLE_S) is None


def test_what_has_no_motor_and_what_nobody_moved_has_no_aim(aims: Aims):
    aims.sent("Vehicle.Cabin.Light.IsDomeOn", True, HERE, 0.0)
    aims.sent("Vehicle.Unknown", 1, HERE, 0.0)
    aims.sent(PLACE, None, HERE, 0.0)
    aims.held(PLACE, 0.0)
    assert aims.target_of(PLACE, 40, 0.0) is None
    assert aims.is_motor(PLACE)
    assert not aims.is_motor(SWITCH)


def test_after_a_loss_nothing_is_known_to_move(aims: Aims):
    aims.sent(PLACE, 70, HERE, 0.0)
    aims.forget()
    assert aims.target_of(PLACE, 40, 0.1) is None


def test_what_did_not_happen_is_put_back(aims: Aims):
    first = aims.sent(PLACE, 70, HERE, 0.0)
    second = aims.sent(SWITCH, "ONE_SHOT_CLOSE", HERE, 0.5)
    aims.put_back([second])
    assert aims.target_of(PLACE, 40, 1.0) == 70
    aims.put_back([first])
    assert aims.target_of(PLACE, 40, 1.0) is None
