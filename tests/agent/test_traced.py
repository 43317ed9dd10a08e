"""The trail keeps exactly the readings that a decision looked at."""

from edgewise.agent.traced import seen_aims, seen_state, traced
from edgewise.core.signal import snapshot_of

VALUES = {"Vehicle.Speed": 0.0, "Vehicle.A.X": 1, "Vehicle.A.Y": 2, "Vehicle.B": None}


def test_only_what_was_looked_at_is_kept() -> None:
    snapshot, seen = traced(snapshot_of(VALUES))
    assert snapshot.get("Vehicle.Speed") == 0.0
    assert snapshot.fresh("Vehicle.A.X", within_s=1.0) == 1
    assert seen_state(seen) == {"Vehicle.A.X": 1, "Vehicle.Speed": 0.0}


def test_looking_for_what_is_missing_is_kept_as_nothing() -> None:
    snapshot, seen = traced(snapshot_of(VALUES))
    assert snapshot.get("Vehicle.Gone", "?") == "?"
    assert "Vehicle.Other" not in snapshot.readings
    assert seen_state(seen) == {"Vehicle.Gone": None, "Vehicle.Other": None}


def test_a_walk_over_a_branch_keeps_that_branch() -> None:
    snapshot, seen = traced(snapshot_of(VALUES))
    assert dict(snapshot.under("Vehicle.A")) == {"Vehicle.A.X": 1, "Vehicle.A.Y": 2}
    assert seen_state(seen) == {"Vehicle.A.X": 1, "Vehicle.A.Y": 2}


def test_telling_what_was_seen_is_not_looking() -> None:
    _, seen = traced(snapshot_of(VALUES))
    assert seen_state(seen) == {}
    assert seen_state(seen) == {}


def test_the_snapshot_itself_is_left_alone() -> None:
    before = snapshot_of(VALUES, now=3.0, wall=4.0)
    after, _ = traced(before)
    assert (after.now, after.wall) == (3.0, 4.0)
    assert after.readings == before.readings
    assert type(before.readings) is dict


def test_who_looks_through_all_readings_sees_what_moves() -> None:
    snapshot, seen = traced(snapshot_of(VALUES, aims={"Vehicle.A.Y": 9}))
    assert len(dict(snapshot.readings.items())) == len(VALUES)
    assert seen_state(seen) == {"Vehicle.A.Y": 2}
    assert seen_aims(seen) == {"Vehicle.A.Y": 9}
