"""A fault holds for its target and all below it (what each one does: test_simulated.py)."""

from edgewise.device.vehicle.faults import covers
from tests.each_row import each_row


@each_row(
    ("target", "path", "held"),
    [
        ("Vehicle", "Vehicle.Speed", True),
        ("Vehicle.Speed", "Vehicle.Speed", True),
        ("Vehicle.Cabin.Door", "Vehicle.Cabin.Door.Row1.DriverSide.IsLocked", True),
        ("Vehicle.Cabin.Door", "Vehicle.Cabin.DoorCount", False),
        ("Vehicle.Speed", "Vehicle", False),
    ],
)
def test_a_fault_covers_its_target_and_all_below(target: str, path: str, held: bool):
    assert covers(target, path) is held
