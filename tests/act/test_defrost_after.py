"""Whoever takes the air from a front defrost stops it; other changes of the climate do not."""

from typing import Any

import pytest

from edgewise.core.message import Channel
from edgewise.core.zone import Zone
from tests.core.test_freshness import aged
from tests.each_row import each_row
from tests.safety.situation import AIR, IDLING, MOVING, PARKED, facts_of, judge, snapshot

DEFROST = "Vehicle.Cabin.HVAC.IsFrontDefrosterActive"
ROW1 = "Vehicle.Cabin.HVAC.Station.Row1."
ROW2 = "Vehicle.Cabin.HVAC.Station.Row2."
FAN = ROW1 + "Driver.FanSpeed"
FLOW = ROW1 + "Driver.AirDistribution"
CLEARING: dict[str, Any] = {DEFROST: True, AIR: True, FAN: 20, FLOW: "UP"}
TAKING = [
    [(FAN, 0)],
    [(FAN, 10)],
    [(FLOW, "DOWN")],
    [(FLOW, "MIDDLE")],
    [(AIR, False)],
    [(ROW1 + "Passenger.FanSpeed", 0)],
    [(AIR, False), (FAN, 0)],
]


@pytest.mark.rule(9)
@each_row("state", [MOVING, IDLING])
@each_row("effects", TAKING)
def test_to_take_the_air_from_a_defrost_on_the_road_is_to_stop_it(
    effects: list[tuple[str, object]], state: dict[str, Any]
):
    facts = facts_of(effects, snapshot(state, CLEARING))
    assert facts["action"] == "safety_critical"
    assert judge(facts) == "ask R09-defrost-stops"
    assert judge(facts, confirmed=True) == "allow"
    assert judge(facts_of(effects, snapshot(state))) == "allow"
    assert judge(facts_of(effects, snapshot(PARKED, CLEARING))) == "allow"


@pytest.mark.rule(9)
@each_row("effects", TAKING)
def test_a_defrost_that_nobody_can_read_may_be_on(effects: list[tuple[str, object]]):
    lost = snapshot(MOVING, without=(DEFROST,))
    assert judge(facts_of(effects, lost)) == "ask R09-defrost-stops"
    frozen = aged(snapshot(MOVING), DEFROST, 61.0)
    assert judge(facts_of(effects, frozen)) == "ask R09-defrost-stops"


@pytest.mark.rule(9)
def test_no_program_and_no_passenger_stops_a_defrost_unasked():
    state = snapshot(MOVING, CLEARING)
    for circumstances in ({"channel": Channel.MCP, "zone": None}, {"zone": Zone.PASSENGER}):
        for effects in TAKING:
            assert judge(facts_of(effects, state, **circumstances)).startswith("ask")


@pytest.mark.rule(9)
@each_row(
    "effect",
    [
        (FAN, 20),
        (FAN, 100),
        (FLOW, "UP"),
        (ROW1 + "Driver.Temperature", 30.0),
        (ROW2 + "Driver.FanSpeed", 0),
        (ROW2 + "Driver.AirDistribution", "DOWN"),
    ],
)
def test_what_leaves_the_windshield_its_air_is_done_at_once(effect: tuple[str, object]):
    assert judge(facts_of([effect], snapshot(MOVING, CLEARING))) == "allow"


@pytest.mark.rule(9)
def test_a_weak_fan_may_be_raised_a_little():
    weak = snapshot(MOVING, CLEARING, {FAN: 0})
    assert judge(facts_of([(FAN, 10)], weak)) == "allow"
    assert judge(facts_of([(FAN, 10)], aged(weak, FAN, 1.1))) == "ask R09-defrost-stops"


@pytest.mark.rule(4, 9)
def test_a_defrost_comes_on_with_its_own_air_but_not_without():
    means = [(DEFROST, True), (FAN, 20), (FLOW, "UP"), (AIR, True)]
    assert judge(facts_of(means, snapshot(MOVING))) == "allow"
    hollow = [(DEFROST, True), (FAN, 0)]
    assert judge(facts_of(hollow, snapshot(MOVING))) == "ask R09-defrost-stops"
