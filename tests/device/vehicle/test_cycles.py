"""What a bus must repeat is all that safety looks at, often enough, and as the guide says."""

import re
from pathlib import Path

import pytest

from edgewise.act.exposure import EXPOSED, matches
from edgewise.act.facts import gather
from edgewise.agent.traced import traced
from edgewise.core.call import Call, Effect, Resolved
from edgewise.core.label import OriginKind, label_of
from edgewise.core.message import Speaker
from edgewise.core.signal import Reading, Snapshot
from edgewise.device.vehicle.cycles import CYCLES, cycle_of, due, periods
from edgewise.device.vehicle.signals import SignalKind, load_signals
from tests.safety.situation import ANYTHING, NOW, USER, facts_of, snapshot

GUIDE = Path(__file__).parents[3] / "docs" / "guide" / "drivers.md"
NEVER_AGES = ".HasAntiPinch"
"""How the car was built."""
VALUES = (True, False, 0, 50, 100, "OFF", "AUTO", "OPEN", "CLOSE", "START")


def looked_at(call: Call, effects: tuple[Effect, ...], state: Snapshot) -> set[str]:
    watched, seen = traced(state)
    gather(call, ANYTHING, Resolved(effects), watched, Speaker())
    return {target for target in seen.seen if target.startswith("Vehicle.")}


def test_all_that_a_decision_looks_at_is_repeated():
    writable = [s.path for s in load_signals().values() if s.kind is SignalKind.ACTUATOR]
    calls = [Call("1", "test.anything", {}, label) for label in (USER, label_of(OriginKind.SYSTEM))]
    seen = {
        target
        for path in (*writable, "software.update")
        for value in VALUES
        for call in calls
        for target in looked_at(call, (Effect(path, value),), snapshot())
    }
    moves = {path for path in seen & set(writable) if cycle_of(path) is None}
    ages = {target for target in seen - moves if not target.endswith(NEVER_AGES)}
    assert {target for target in ages if cycle_of(target) is None} == set()
    # what is left is looked at only where that very signal is written, and its value plays no part
    for path in moves:
        state = snapshot({path: 50})
        fresh = facts_of([(path, 50)], state)["effects"]
        old = Snapshot(state.readings | {path: Reading(50, NOW - 1e6)}, state.now, state.wall)
        assert facts_of([(path, 50)], old)["effects"] == fresh, path


@pytest.mark.rule(1)
def test_each_is_told_four_times_within_the_limit_that_the_policy_gives_it():
    for cycle in CYCLES:
        assert cycle.every_s * 4 == cycle.limit_s
    assert periods()["Vehicle.Speed"] == 0.25
    assert periods()["Vehicle.Body.Raindetection.Intensity"] < 10
    assert "Vehicle.Cabin.Light.IsDomeOn" not in periods()


def test_every_pattern_names_a_signal_or_a_row_of_the_allow_list():
    rows = {row.pattern for row in EXPOSED}
    for cycle in CYCLES:
        for pattern in cycle.patterns:
            known = any(matches(pattern, path) for path in load_signals())
            assert known or pattern in rows, pattern


def test_due_is_what_was_sent_a_period_ago():
    every = {"a": 1.0, "b": 2.0, "c": 1.0}
    assert due(every, {"a": 10.0, "b": 10.0}, 10.5) == []
    assert due(every, {"a": 10.0, "b": 10.0}, 11.0) == ["a"]
    assert due(every, {"a": 11.0, "b": 10.0}, 12.0) == ["a", "b"]


def test_the_guide_has_the_same_table():
    rows = re.findall(
        r"^\| ([^|]+) \| ([\d.]+) s \| ([\d.]+) s \| (.+) \|$", GUIDE.read_text("utf-8"), re.M
    )
    told = [(what, float(every), float(limit), names) for what, every, limit, names in rows]
    assert told == [
        (c.what, c.every_s, c.limit_s, ", ".join(f"`{name}`" for name in c.patterns))
        for c in CYCLES
    ]
