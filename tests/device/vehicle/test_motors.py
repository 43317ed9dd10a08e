"""What a command means to the motors."""

from hypothesis import given
from hypothesis import strategies as st

from edgewise.device.vehicle.motors import Motion, motion_of, moved
from edgewise.device.vehicle.signals import load_signals
from tests.each_row import each_row

ROOF = "Vehicle.Cabin.Sunroof.Position"
SWITCH = "Vehicle.Cabin.Sunroof.Switch"
TRUNK = "Vehicle.Body.Trunk.Rear"


@each_row(
    ("value", "here", "target"),
    [
        ("ONE_SHOT_OPEN", 0, 100),
        ("OPEN", 40, 100),
        ("ONE_SHOT_CLOSE", 40, 0),
        ("CLOSE", -100, 0),
        ("TILT_UP", 0, -100),
        ("TILT_DOWN", -60, 0),
        ("TILT_DOWN", 60, None),
        ("INACTIVE", 60, None),
    ],
)
def test_a_switch_moves_its_position(value: str, here: float, target: float | None):
    assert motion_of(SWITCH, value, load_signals(), {ROOF: here}) == Motion(ROOF, target)


def test_a_lid_opens_and_shuts_by_its_motor():
    here = {f"{TRUNK}.Position": 0.0}
    signals = load_signals()
    assert motion_of(f"{TRUNK}.IsOpen", True, signals, here) == Motion(f"{TRUNK}.Position", 100)
    assert motion_of(f"{TRUNK}.IsOpen", False, signals, here) == Motion(f"{TRUNK}.Position", 0)


def test_what_has_no_motor_starts_none():
    signals = load_signals()
    assert motion_of("Vehicle.Body.Lights.LightSwitch", "BEAM", signals, {ROOF: 0.0}) is None
    assert motion_of(f"{TRUNK}.IsLocked", True, signals, {f"{TRUNK}.Position": 0.0}) is None


POSITIONS = st.floats(-100, 100)


@given(POSITIONS, POSITIONS, st.floats(0, 300), st.none() | POSITIONS)
def test_a_motor_never_overshoots_and_never_goes_the_other_way(
    here: float, target: float, by: float, jam: float | None
):
    there = moved(here, target, by, jam)
    assert min(here, target) <= there <= max(here, target)
    assert abs(there - here) <= by + 1e-9


def test_a_motor_jams_where_it_must_pass():
    assert moved(0, 100, 80, 50) == 50
    assert moved(50, 100, 80, 50) == 50
    assert moved(80, 100, 80, 50) == 100
