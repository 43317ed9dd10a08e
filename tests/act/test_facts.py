"""Facts come from effects and readings; what is missing, stale or odd counts as unsafe."""

import json

import pytest

from edgewise.act.facts import (
    FRESH_S,
    SEATED_S,
    SETTLED_S,
    WEATHER_S,
    driving_state,
    gather,
)
from edgewise.core.call import Call, Effect, Resolved
from edgewise.core.capability import Capability, Risk, Sink
from edgewise.core.label import Label, OriginKind, label_of
from edgewise.core.message import Channel, Speaker
from edgewise.core.signal import Reading, Snapshot, snapshot_of
from edgewise.core.words import Words
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
    snapshot,
)

LOCK = "Vehicle.Powertrain.Transmission.IsParkLockEngaged"


@pytest.mark.rule(1)
@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, "moving"),
        ({"Vehicle.Speed": 0.0}, "moving"),
        ({GEAR: 126}, "moving"),
        ({"Vehicle.Speed": 0.0, GEAR: 126}, "parked"),
        ({"Vehicle.Speed": 0, LOCK: True}, "parked"),
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
@pytest.mark.parametrize(("age_s", "expected"), [(1.0, "parked"), (1.01, "moving")])
@pytest.mark.parametrize("old", ["Vehicle.Speed", GEAR])
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
@pytest.mark.parametrize(
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


@pytest.mark.rule(2)
def test_high_beam_off_darkens_only_when_nothing_else_lights_the_road():
    off = [(LIGHTS + "Beam.High.IsOn", False)]
    dark = {LIGHTS + "LightSwitch": "POSITION", LIGHTS + "Beam.Low.IsOn": False}
    assert "light.exterior.darken" not in facts_of(off, snapshot(MOVING))["effects"]
    assert "light.exterior.darken" in facts_of(off, snapshot(MOVING, dark))["effects"]


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


@pytest.mark.rule(33)
def test_arguments_tell_the_kinds_of_their_untrusted_sources():
    facts = facts_of(
        [(DRIVER_WINDOW, 10)],
        snapshot(),
        arguments={"a": 1, "b": 2, "c": 3},
        labels={"a": label_of(OriginKind.WEB), "b": Label()},
    )
    assert facts["tainted"] == ["unknown", "web"]
    assert facts["tainted_arguments"] == ["a", "b"]


@pytest.mark.rule(35)
@pytest.mark.parametrize(
    ("arguments", "labels", "leaks"),
    [
        (
            {"body": "x", "to": "Ann"},
            {"body": label_of(OriginKind.MESSAGE, readers=("owner",))},
            False,
        ),
        (
            {"body": "x", "to": "Ann"},
            {
                "body": label_of(OriginKind.MESSAGE, readers=("owner",)),
                "to": label_of(OriginKind.MESSAGE, "Eve"),
            },
            True,
        ),
        ({"body": "x"}, {"body": label_of(OriginKind.MESSAGE, readers=("owner",))}, True),
        (
            {"body": "x", "to": "Ann"},
            {
                "body": label_of(OriginKind.MESSAGE, readers=("Ann",)),
                "to": label_of(OriginKind.MESSAGE, "Eve"),
            },
            False,
        ),
        ({"body": "x"}, {}, False),
    ],
)
def test_private_words_leak_when_the_person_did_not_choose_who_gets_them(
    arguments: dict[str, object], labels: dict[str, Label], leaks: bool
):
    facts = facts_of(
        [("phone.messages.1", {"body": "x"})],
        snapshot(),
        sinks=(Sink("body", "to"),),
        arguments=arguments,
        labels=labels,
    )
    assert facts["private_out"] is leaks


@pytest.mark.rule(35)
def test_a_tool_without_declared_sinks_is_taken_to_send_everything():
    private = {"note": label_of(OriginKind.CALENDAR, readers=("owner",))}
    facts = facts_of([("mcp.a.b", {})], snapshot(), arguments={"note": "x"}, labels=private)
    assert facts["private_out"]


@pytest.mark.rule(22)
@pytest.mark.parametrize(
    ("status", "child", "expected"),
    [
        ("EMPTY", None, "empty"),
        ("OCCUPIED", False, "adult"),
        ("OCCUPIED", True, "child"),
        ("OCCUPIED", None, "unknown"),
        ("UNKNOWN", False, "unknown"),
        (None, None, "unknown"),
    ],
)
def test_who_sits_at_a_rear_window(status: str | None, child: bool | None, expected: str):
    seat = "Row2.PassengerSide"
    state = snapshot(
        {
            REAR_WINDOW: 50,
            f"Vehicle.Cabin.Seat.{seat}.OccupancyStatus": status,
            f"Vehicle.Edgewise.Occupant.{seat}.IsChild": child,
        }
    )
    assert facts_of([(REAR_WINDOW, 0)], state)["rear_occupants"] == expected


@pytest.mark.rule(7)
def test_a_shade_that_is_moving_counts_as_where_it_goes():
    state = snapshot()
    state.readings[ROOF + "Shade.Position"] = Reading(30, state.now, target=100)
    assert facts_of([(ROOF + "Switch", "OPEN")], state)["shade_after"] == 100


@pytest.mark.rule(33)
def test_a_name_alone_does_not_make_a_known_recipient():
    known = {"to": "妈妈", "number": "138 0000 1111", "body": "x"}
    forged = {"to": "妈妈", "number": "999999", "body": "x"}
    assert facts_of([("phone.messages.1", known)], snapshot())["new_recipient"] is False
    assert facts_of([("phone.messages.1", forged)], snapshot())["new_recipient"] is True


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


def aged(state: Snapshot, target: str, age_s: float) -> Snapshot:
    """`state` with the reading of `target` frozen `age_s` ago."""
    readings = dict(state.readings)
    readings[target] = Reading(readings[target].value, state.now - age_s)
    return Snapshot(readings, state.now, state.wall)


SEAT = "Vehicle.Cabin.Seat.Row2.PassengerSide.OccupancyStatus"
FOG = (LIGHTS + "Fog.Front.IsOn", True)
SHUT = (REAR_WINDOW, 0)


@pytest.mark.rule(5, 6, 7, 8, 11, 20, 21, 22)
@pytest.mark.parametrize(
    ("target", "limit_s", "effect", "fact", "unsafe"),
    [
        ("Vehicle.Body.Raindetection.Intensity", WEATHER_S, FOG, "weather", "unknown"),
        ("Vehicle.Exterior.AirTemperature", WEATHER_S, FOG, "weather", "unknown"),
        (SEAT, SEATED_S, SHUT, "rear_occupants", "unknown"),
        ("Vehicle.LowVoltageSystemState", FRESH_S, SHUT, "power", "unknown"),
        (AIR, SETTLED_S, (DRIVER_WINDOW, 100), "ac_after", "unknown"),
        (LIGHTS + "Beam.Low.IsOn", SETTLED_S, FOG, "low_beam_after", "unknown"),
        (LIGHTS + "Beam.High.IsOn", SETTLED_S, FOG, "high_beam_after", "unknown"),
        (ROOF + "Position", SETTLED_S, (ROOF + "Shade.Position", 50), "roof_after", 100),
        (DRIVER_WINDOW, SETTLED_S, (AIR, True), "widest_window_after", 100),
    ],
)
def test_a_reading_that_stands_still_is_unknown_after_its_limit(
    target: str, limit_s: float, effect: tuple[str, object], fact: str, unsafe: object
):
    state = snapshot({REAR_WINDOW: 80})
    if target == DRIVER_WINDOW:
        state = snapshot()
    assert facts_of([effect], aged(state, target, limit_s))[fact] != unsafe
    assert facts_of([effect], aged(state, target, limit_s + 0.1))[fact] == unsafe


@pytest.mark.rule(22)
def test_an_old_word_that_no_child_sits_there_is_none():
    child = "Vehicle.Edgewise.Occupant.Row2.PassengerSide.IsChild"
    state = snapshot({REAR_WINDOW: 80, SEAT: "OCCUPIED", child: False})
    assert facts_of([SHUT], state)["rear_occupants"] == "adult"
    assert facts_of([SHUT], aged(state, child, SEATED_S + 1))["rear_occupants"] == "unknown"


@pytest.mark.rule(4, 21, 22)
@pytest.mark.parametrize(
    ("target", "value", "classes"),
    [
        (REAR_WINDOW, 0, {"window.close", "window.close.rear"}),
        (REAR_WINDOW, 100, {"window.open"}),
        (REAR_WINDOW, 40, {"window.open", "window.close", "window.close.rear"}),
        ("Vehicle.Body.Trunk.Rear.Position", 40, {"trunk.open", "trunk.close"}),
        ("Vehicle.Cabin.Seat.Row1.DriverSide.Position", 120, {"driver_seat.move"}),
    ],
)
def test_only_a_motor_known_to_stand_there_is_stopped_by_being_sent_there(
    target: str, value: int, classes: set[str]
):
    state = snapshot({target: value})
    assert facts_of([(target, value)], state)["action"] == "protect"
    old = facts_of([(target, value)], aged(state, target, 1.1))
    assert old["action"] != "protect"
    assert set(old["effects"]) == classes


def test_a_program_is_known_by_its_channel_or_by_any_label():
    client = label_of(OriginKind.CLIENT, "mcp")
    assert facts_of([], snapshot())["program"] is False
    assert facts_of([], snapshot(), channel=Channel.CLOUD)["program"]
    assert facts_of([], snapshot(), label=client)["program"]
    assert facts_of([], snapshot(), arguments={"a": 1}, labels={"a": client})["program"]


@pytest.mark.rule(35)
def test_private_words_said_again_are_as_private_as_the_first_time():
    call = Call("1", ANYTHING.name, {}, USER)
    private = Resolved(data="x", label=label_of(OriginKind.MESSAGE, readers=("owner",)))
    assert gather(call, ANYTHING, private, snapshot(), Speaker())["private_read"]
    assert not gather(call, ANYTHING, Resolved(data="x"), snapshot(), Speaker())["private_read"]


def test_a_row_of_a_collection_is_the_present_value_of_its_target():
    ringing = {"id": "current", "number": "139", "state": "ringing"}
    state = snapshot({"phone.call": [ringing]})
    answered = [("phone.call.current", ringing | {"state": "active"})]
    assert facts_of(answered, state)["effects"] == ["call.control"]
    assert facts_of(answered, snapshot())["effects"] == ["call.dial"]
