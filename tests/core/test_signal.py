"""A snapshot never guesses: what is missing or old is None."""

from edgewise.core.signal import Reading, Snapshot, snapshot_of


def test_a_missing_target_is_none() -> None:
    assert snapshot_of({}).get("Vehicle.Speed") is None


def test_an_unknown_value_gives_the_default() -> None:
    assert snapshot_of({"Vehicle.Speed": None}).get("Vehicle.Speed", 7) == 7


def test_a_reading_older_than_asked_for_is_none() -> None:
    snapshot = Snapshot({"Vehicle.Speed": Reading(0.0, at=10.0)}, now=11.5, wall=0.0)
    assert snapshot.fresh("Vehicle.Speed", within_s=1.0) is None
    assert snapshot.fresh("Vehicle.Speed", within_s=2.0) == 0.0


def test_what_is_below_a_node_leaves_out_names_that_only_start_alike() -> None:
    snapshot = snapshot_of({"phone.alarms.1": 1, "phone.alarmsound": 2})
    assert dict(snapshot.under("phone.alarms")) == {"phone.alarms.1": 1}
