"""What a write does is read from target, value and present value; the rest is not understood."""

import pytest

from edgewise.act.classify import UNCLASSIFIED
from edgewise.act.exposure import EXPOSED, classes_of
from tests.each_row import each_row

SWITCH = "Vehicle.Body.Lights.LightSwitch"

WIPER = "Vehicle.Body.Windshield.Front.Wiping.Mode"

WINDOW = "Vehicle.Cabin.Door.Row2.DriverSide.Window.Position"


@pytest.mark.rule(2)
@each_row("value", ["OFF", "off", "UP", None, True, 1, ["BEAM"], {}])
def test_a_position_of_the_light_switch_that_lights_nothing_darkens(value: object):
    for present in (None, "OFF", "BEAM"):
        assert classes_of(SWITCH, value, present) == ("light.exterior.darken",)


@pytest.mark.rule(4)
@each_row(
    ("present", "value", "expected"),
    [
        ("OFF", "INTERVAL", "wiper.on"),
        ("OFF", "RAIN_SENSOR", "wiper.on"),
        ("INTERVAL", "SLOW", "wiper.on"),
        ("SLOW", "SLOW", "wiper.on"),
        ("MEDIUM", "FAST", "wiper.on"),
        ("RAIN_SENSOR", "FAST", "wiper.on"),
        (None, "FAST", "wiper.on"),
        ("FAST", "INTERVAL", "wiper.off"),
        ("FAST", "MEDIUM", "wiper.off"),
        ("SLOW", "INTERVAL", "wiper.off"),
        ("INTERVAL", "RAIN_SENSOR", "wiper.off"),
        ("RAIN_SENSOR", "MEDIUM", "wiper.off"),
        (None, "MEDIUM", "wiper.off"),
        (None, "RAIN_SENSOR", "wiper.off"),
        ("off", "SLOW", "wiper.off"),
        (["OFF"], "SLOW", "wiper.off"),
        ("OFF", "OFF", "wiper.off"),
    ],
)
def test_wiping_less_than_now_or_than_perhaps_now_is_off(
    present: object, value: str, expected: str
):
    assert classes_of(WIPER, value, present) == (expected,)


@each_row("value", ["fast", None, True, 3, ["FAST"], {}])
def test_a_wiper_mode_that_nobody_knows_is_not_understood(value: object):
    assert classes_of(WIPER, value, "OFF") == ("wiper.off", UNCLASSIFIED)


@each_row(
    ("present", "value", "expected"),
    [
        (0, 50, {"window.open"}),
        (50, 0, {"window.close"}),
        (50, 50, {"motion.stop"}),
        (None, 50, {"window.open", "window.close"}),
        (50, "50", {"window.open", "window.close", UNCLASSIFIED}),
        (50, True, {"window.open", "window.close", UNCLASSIFIED}),
        (50, float("nan"), {"window.open", "window.close", UNCLASSIFIED}),
    ],
)
def test_a_window_of_unknown_place_or_value_may_go_either_way(
    present: object, value: object, expected: set[str]
):
    assert set(classes_of(WINDOW, value, present)) == expected


def test_to_an_end_of_its_way_a_motor_of_unknown_place_can_only_go_one_way():
    assert classes_of(WINDOW, 0, None) == ("window.close",)
    assert classes_of(WINDOW, 100, None) == ("window.open",)


@each_row("value", ["on", 1, None, [True], {"on": True}])
@each_row(
    "target",
    [row.pattern.replace("*", "A") for row in EXPOSED if row.pattern.endswith(("IsOn", "IsOpen"))],
)
def test_a_value_of_the_wrong_type_is_unclassified(target: str, value: object):
    classes = classes_of(target, value, None)
    assert UNCLASSIFIED in classes or classes == ("cluster.off", UNCLASSIFIED)


@pytest.mark.rule(42)
@each_row(
    ("number", "expected"),
    [
        ("110", "call.emergency"),
        ("112", "call.emergency"),
        ("1100", "call.dial"),
        ("13800110110", "call.dial"),
        (110, "call.dial"),
        (["110"], "call.dial"),
    ],
)
def test_an_emergency_call_is_known_by_its_number_alone(number: object, expected: str):
    row = {"state": "dialling", "number": number, "name": "police"}
    assert classes_of("phone.call.current", row, None) == (expected,)


RINGING = {"id": "current", "number": "139", "state": "ringing"}


@each_row(
    ("value", "present", "expected"),
    [
        (RINGING | {"state": "active"}, RINGING, "call.control"),
        (RINGING | {"state": "active"}, None, "call.dial"),
        ({"number": "19005550000", "state": "active"}, RINGING, "call.dial"),
        ({"state": "active"}, {"state": "ringing"}, "call.dial"),
        (RINGING | {"state": "conference"}, RINGING, "call.dial"),
        ({"number": "110", "state": "dialling", "forward_to": "1900"}, None, "call.dial"),
        (None, RINGING, "call.control"),
    ],
)
def test_only_the_call_there_is_can_be_controlled(value: object, present: object, expected: str):
    assert classes_of("phone.call.current", value, present) == (expected,)


def test_marking_a_message_as_read_sends_nothing_but_any_other_field_does():
    assert classes_of("phone.messages.7", {"id": "7", "read": True}, None) == ("message.mark",)
    assert classes_of("phone.messages.7", {"read": True, "body": "x"}, None) == ("message.send",)


@each_row("key", ["invitees", "attendees", "guests", "participants", "cc"])
def test_an_event_that_names_anybody_in_any_field_invites(key: str):
    event = {"title": "a", "start": "2026-11-24", "place": "b", "all_day": True}
    assert classes_of("phone.calendar.1", event, None) == ("calendar.write",)
    assert classes_of("phone.calendar.1", event | {key: []}, None) == ("calendar.write",)
    assert classes_of("phone.calendar.1", event | {key: ["x"]}, None) == ("calendar.invite",)


@each_row("value", ["off", 0, 1, None, [False]])
@each_row("name", ["wifi", "airplane_mode"])
def test_a_switch_that_is_no_truth_value_is_not_understood(name: str, value: object):
    target = f"phone.settings.{name}"
    assert set(classes_of(target, value, None)) == {"device.cut_off", UNCLASSIFIED}
