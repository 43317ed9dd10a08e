"""Facts come from effects and readings; what is missing, stale or odd counts as unsafe."""

import json

import pytest

from edgewise.act.facts import driving_state, gather
from edgewise.core.call import Call, Effect, Resolved
from edgewise.core.capability import Capability, Risk
from edgewise.core.message import Speaker
from edgewise.core.signal import Reading, Snapshot, snapshot_of
from edgewise.core.words import Words
from tests.core.test_freshness import aged
from tests.each_row import each_row
from tests.safety.situation import (
    AIR,
    ANYTHING,
    DRIVER_WINDOW,
    GEAR,
    IDLING,
    LIGHTS,
    MOVING,
    REAR_WINDOW,
    ROOF,
    USER,
    facts_of,
    judge,
    snapshot,
)

BOTH_WAYS = {"window.open", "window.open.rear", "window.close", "window.close.rear"}
LOCK = "Vehicle.Powertrain.Transmission.IsParkLockEngaged"
CURRENT = "Vehicle.Powertrain.Transmission.CurrentGear"


@pytest.mark.rule(1)
@each_row(
    ("values", "expected"),
    [
        ({}, "moving"),
        ({"Vehicle.Speed": 0.0}, "moving"),
        ({GEAR: 126}, "moving"),
        ({"Vehicle.Speed": 0.0, GEAR: 126}, "parked"),
        ({"Vehicle.Speed": 0, LOCK: True}, "moving"),
        ({"Vehicle.Speed": 0, GEAR: 126, LOCK: True, CURRENT: 0}, "parked"),
        ({"Vehicle.Speed": 0, GEAR: 126, LOCK: False}, "idling"),
        ({"Vehicle.Speed": 0, GEAR: 126, CURRENT: 3}, "idling"),
        ({"Vehicle.Speed": 0, GEAR: 126, LOCK: True, CURRENT: -1}, "idling"),
        ({"Vehicle.Speed": 0, GEAR: 126, LOCK: None, CURRENT: 126}, "parked"),
        ({"Vehicle.Speed": 0.0, GEAR: 127}, "idling"),
        ({"Vehicle.Speed": 0.0, GEAR: 0}, "idling"),
        ({"Vehicle.Speed": 0.0, GEAR: 127, LOCK: True}, "idling"),
        ({"Vehicle.Speed": 0.0, LOCK: False}, "moving"),
        ({"Vehicle.Speed": 0.1, GEAR: 126}, "moving"),
        ({"Vehicle.Speed": -3.0, GEAR: 126}, "moving"),
        ({"Vehicle.Speed": "0", GEAR: 126}, "moving"),
        ({"Vehicle.Speed": False, GEAR: 126}, "moving"),
        ({"Vehicle.Speed": float("nan"), GEAR: 126}, "moving"),
        ({"Vehicle.Speed": None, GEAR: 126}, "moving"),
        ({"Vehicle.Speed": 0.0, GEAR: 126, "Vehicle.IsMoving": True}, "moving"),
    ],
)
def test_driving_is_moving_unless_standing_still_is_known(values: dict[str, object], expected: str):
    assert driving_state(snapshot_of(values)) == expected


@pytest.mark.rule(1)
@each_row(("age_s", "expected"), [(1.0, "parked"), (1.01, "moving")])
@each_row("old", ["Vehicle.Speed", GEAR])
def test_a_speed_or_gear_older_than_a_second_is_none(old: str, age_s: float, expected: str):
    readings = {"Vehicle.Speed": Reading(0.0, 50.0), GEAR: Reading(126, 50.0)}
    readings[old] = Reading(readings[old].value, 50.0 - age_s)
    assert driving_state(Snapshot(readings, 50.0, 0.0)) == expected


def test_facts_are_json_and_the_same_each_time():
    effects = [(DRIVER_WINDOW, 80), (ROOF + "Switch", "OPEN"), ("phone.messages.1", {"body": "x"})]
    first = facts_of(effects, snapshot(MOVING))
    assert json.loads(json.dumps(first)) == first
    assert facts_of(effects, snapshot(MOVING)) == first


def test_every_order_of_the_effects_gives_the_same_facts():
    effects = [(LIGHTS + "Fog.Front.IsOn", True), (LIGHTS + "Beam.Low.IsOn", False)]
    state = snapshot(MOVING)
    assert facts_of(effects, state) == facts_of(effects[::-1], state)


@pytest.mark.rule(2)
@each_row(
    "effects",
    [
        [(LIGHTS + "LightSwitch", "OFF")],
        [(LIGHTS + "Beam.Low.IsOn", False)],
        [(LIGHTS + "Parking.IsOn", False)],
        [(LIGHTS + "Running.IsOn", False)],
        [(LIGHTS + "LightSwitch", "POSITION")],
        [(LIGHTS + "LightSwitch", "BEAM"), (LIGHTS + "Beam.Low.IsOn", False)],
        [(LIGHTS + "Hazard.IsSignaling", True), (LIGHTS + "LightSwitch", "OFF")],
        [("Vehicle.Cabin.Light.IsDomeOn", False), (LIGHTS + "LightSwitch", "OFF")],
    ],
)
def test_every_way_to_darkness_is_one_class(effects: list[tuple[str, object]]):
    facts = facts_of(effects, snapshot(MOVING))
    assert "light.exterior.darken" in facts["effects"]
    assert facts["action"] == "safety_critical"


def test_deleting_several_alarms_at_once_asks_and_one_does_not():
    one = facts_of([("phone.alarms.1", None)], snapshot())
    assert one["action"] == "reversible"
    several = facts_of([("phone.alarms.1", None), ("phone.alarms.2", None)], snapshot())
    assert several["action"] == "irreversible"


def test_one_target_written_twice_is_not_understood():
    facts = facts_of([(DRIVER_WINDOW, 100), (DRIVER_WINDOW, 60)], snapshot())
    assert "unclassified" in facts["effects"]


@pytest.mark.rule(4)
def test_the_safe_direction_is_an_action_of_its_own_whatever_the_capability_declares():
    on = [(LIGHTS + "LightSwitch", "BEAM"), (LIGHTS + "Hazard.IsSignaling", True)]
    for risk in Risk:
        assert facts_of(on, snapshot(MOVING), risk=risk)["action"] == "protect"
    mixed = [*on, ("Vehicle.Cabin.Light.IsDomeOn", False)]
    assert facts_of(mixed, snapshot(MOVING))["action"] != "protect"


@pytest.mark.rule(9)
def test_what_serves_a_defrost_stays_in_the_safe_direction_with_it():
    fan = ("Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed", 40)
    defrost = ("Vehicle.Cabin.HVAC.IsFrontDefrosterActive", True)
    assert facts_of([defrost, fan, (AIR, True)], snapshot(MOVING))["action"] == "protect"
    assert facts_of([fan, (AIR, True)], snapshot(MOVING))["action"] == "reversible"


def test_a_declared_risk_of_others_can_be_raised_but_not_lowered_by_effects():
    unlock = [("Vehicle.Cabin.Door.Row1.DriverSide.IsLocked", False)]
    dome = [("Vehicle.Cabin.Light.IsDomeOn", True)]
    stranger = Capability(
        "x.y", Words("x", "x"), Risk.REVERSIBLE, actuators=("*",), provider="somebody"
    )
    assert facts_of(unlock, snapshot(), capability=stranger)["action"] == "safety_critical"
    strict = facts_of(dome, snapshot(), capability=stranger, risk=Risk.SAFETY_CRITICAL)
    assert strict["action"] == "safety_critical"
    own = facts_of(dome, snapshot(), risk=Risk.SAFETY_CRITICAL)
    assert own["action"] == "reversible"


def test_a_call_without_effects_only_reads():
    assert facts_of([], snapshot(), risk=Risk.IRREVERSIBLE)["action"] == "read"


def test_a_target_outside_the_declared_actuators_is_told():
    narrow = Capability(
        "w.s", Words("w", "w"), Risk.DISRUPTIVE, actuators=("Vehicle.Cabin.Door.*.Window.Position",)
    )
    assert facts_of([(DRIVER_WINDOW, 10)], snapshot(), capability=narrow)["declared"]
    assert not facts_of([(AIR, True)], snapshot(), capability=narrow)["declared"]


def test_a_claim_can_not_make_a_call_an_emergency_or_safe():
    facts = facts_of(
        [("phone.call.current", {"state": "dialling", "number": "555"})],
        snapshot(),
        claims=("call.emergency", "light.hazard.on", "protect"),
    )
    assert facts["action"] == "irreversible"
    assert facts["effects"] == ["call.dial"]


def test_the_older_names_of_sides_follow_the_driver():
    seat = "Vehicle.Cabin.Seat.Row1.{}.Position"
    for on_left, side in ((True, "Left"), (False, "Right")):
        resolved = Resolved((Effect(seat.format(side), 100),))
        call = Call("1", ANYTHING.name, {}, USER)
        facts = gather(call, ANYTHING, resolved, snapshot(IDLING), Speaker(), on_left)
        assert facts["driver_zone"] is True
        assert "driver_seat.move" in facts["effects"]
        assert (
            gather(call, ANYTHING, resolved, snapshot(), Speaker(), not on_left)["driver_zone"]
            is False
        )


@pytest.mark.parametrize(("claim", "steps"), [("visual_steps=9", 9), ("visual_steps=x", 99)])
@pytest.mark.rule(18)
def test_visual_steps_are_counted_and_an_odd_count_is_many(claim: str, steps: int):
    assert facts_of([], snapshot(), claims=(claim,))["visual_steps"] == steps


@pytest.mark.rule(4, 21, 22)
@each_row(
    ("target", "value", "classes"),
    [
        (REAR_WINDOW, 0, {"window.close", "window.close.rear"}),
        (REAR_WINDOW, 100, {"window.open", "window.open.rear"}),
        (REAR_WINDOW, 40, BOTH_WAYS),
        ("Vehicle.Body.Trunk.Rear.Position", 40, {"trunk.open", "trunk.close"}),
        ("Vehicle.Cabin.Seat.Row1.DriverSide.Position", 120, {"driver_seat.move"}),
    ],
)
def test_only_a_motor_known_to_stand_there_stays_when_it_is_sent_there(
    target: str, value: int, classes: set[str]
):
    state = snapshot({target: value})
    assert facts_of([(target, value)], state)["effects"] == ["motion.stop"]
    old = facts_of([(target, value)], aged(state, target, 1.1))
    assert set(old["effects"]) == classes


def test_a_row_of_a_collection_is_the_present_value_of_its_target():
    ringing = {"id": "current", "number": "139", "state": "ringing"}
    state = snapshot({"phone.call": [ringing]})
    answered = [("phone.call.current", ringing | {"state": "active"})]
    assert facts_of(answered, state)["effects"] == ["call.control"]
    assert facts_of(answered, snapshot())["effects"] == ["call.dial"]


@pytest.mark.rule(14)
def test_a_place_that_is_only_said_does_not_hide_a_film_from_the_driver():
    media = "Vehicle.Cabin.Infotainment.Media."
    film = "https://a.example/film.mp4"
    front, behind = (media + "SelectedURI", film), (media + "Row2.Left.SelectedURI", film)
    said = facts_of([front], snapshot(MOVING), arguments={"zone": "rear"})
    assert judge(said) == "deny R14-video-driving"
    assert judge(facts_of([behind], snapshot(MOVING))) == "allow"
    assert judge(facts_of([behind, front], snapshot(MOVING))) == "deny R14-video-driving"


@pytest.mark.rule(28)
@each_row(
    "effect",
    [
        (LIGHTS + "Beam.High.IsOn", True),
        (LIGHTS + "Fog.Front.IsOn", True),
        (LIGHTS + "Hazard.IsSignaling", False),
        ("Vehicle.Body.Windshield.Front.Wiping.Mode", "OFF"),
        ("Vehicle.ADAS.LaneDepartureDetection.IsEnabled", True),
    ],
)
def test_what_the_driver_sees_by_is_the_drivers_place(effect: tuple[str, object]):
    assert judge(facts_of([effect], snapshot())) == "allow"
    assert judge(facts_of([effect], snapshot(), zone=None)) == "ask R28-driver-zone"
    safe = facts_of([(LIGHTS + "LightSwitch", "BEAM")], snapshot(), zone=None)
    assert judge(safe) == "allow"


def test_a_count_of_any_length_is_many():
    assert facts_of([], snapshot(), claims=("visual_steps=" + "9" * 5000,))["visual_steps"] == 99


@pytest.mark.rule(22)
def test_a_motor_under_way_is_somewhere_else_by_now():
    state = snapshot()
    state.readings[REAR_WINDOW] = Reading(45, state.now - 0.9, target=100)
    effects = facts_of([(REAR_WINDOW, 60)], state)["effects"]
    assert {"window.open", "window.close"} <= set(effects)
    assert "motion.stop" not in facts_of([(REAR_WINDOW, 45)], state)["effects"]
    assert "window.close" not in facts_of([(REAR_WINDOW, 100)], state)["effects"]
