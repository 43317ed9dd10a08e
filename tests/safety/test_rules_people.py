"""Rules on who asks, whose words they are, what is shown and what leaves, each with a twin."""

from typing import Any

import pytest

from edgewise.core.capability import Risk, Sink
from edgewise.core.label import Label, OriginKind, join, label_of
from edgewise.core.message import Channel
from edgewise.core.zone import Zone
from tests.each_row import each_row
from tests.safety.situation import (
    DRIVER_WINDOW,
    GEAR,
    IDLING,
    LIGHTS,
    MOVING,
    PARKED,
    USER,
    facts_of,
    judge,
    snapshot,
)

WEB = label_of(OriginKind.WEB, "example.com")
SYSTEM = label_of(OriginKind.SYSTEM)
DOME = ("Vehicle.Cabin.Light.IsDomeOn", True)
PASSENGER_WINDOW = "Vehicle.Cabin.Door.Row1.PassengerSide.Window.Position"
UNLOCK = ("Vehicle.Cabin.Door.Row2.DriverSide.IsLocked", False)
TO_MOTHER = ("phone.messages.1", {"to": "妈妈", "number": "13800001111", "body": "hi"})
TO_STRANGER = ("phone.messages.1", {"to": "x", "number": "55501", "body": "hi"})
EMERGENCY = ("phone.call.current", {"state": "dialling", "number": "120", "name": "120"})
PAY = ("phone.payments.1", {"amount": 10, "purpose": "parking"})
TOLL = ("phone.payments.1", {"amount": 10, "purpose": "toll"})
PROVED = {"session.authenticated": True}
ROUTE = ("nav.route", {"destination": {"name": "home"}, "via": []})


def check(effects: list[tuple[str, Any]], *states: dict[str, Any], **more: Any) -> str:
    return judge(facts_of(effects, snapshot(*states), **more))


@pytest.mark.rule(13)
def test_the_route_keeps_a_destination_and_is_changed_once_at_a_time():
    running = {"nav.route": {"destination": {"name": "work"}, "via": []}}
    last = ("nav.edit", "nav.only_destination")
    assert check([ROUTE], claims=("nav.edit",)) == "deny R13-no-route"
    assert check([("nav.route", None)]) == "deny R13-no-route"
    assert check([("nav.route", None)], running, claims=last) == "deny R13-only-destination"
    assert check([ROUTE, ROUTE], running) == "deny R13-one-edit"
    assert check([ROUTE], running, claims=("nav.edit",)) == "allow"
    assert check([ROUTE]) == "allow"
    assert check([("nav.route", None)], running) == "allow"


@pytest.mark.rule(14)
@pytest.mark.parametrize("state", [IDLING, MOVING])
def test_no_video_or_game_where_the_driver_sees_it_unless_parked(state: dict[str, Any]):
    film = ("Vehicle.Cabin.Infotainment.Media.SelectedURI", "https://a.example/film.mp4")
    song = ("Vehicle.Cabin.Infotainment.Media.SelectedURI", "https://a.example/song.mp3")
    assert check([film], state) == "deny R14-video-driving"
    assert check([film], state, arguments={"zone": "passenger"}) == "deny R14-video-driving"
    assert check([film], state, arguments={"zone": ["rear"]}) == "deny R14-video-driving"
    assert check([DOME], state, claims=("game",)) == "deny R14-video-driving"
    assert check([film], state, arguments={"zone": "rear"}) == "deny R14-video-driving"
    assert check([film], PARKED) == "allow"
    assert check([song], state) == "allow"


@pytest.mark.rule(15, 16)
@each_row(
    ("claim", "expected"),
    [
        ("screen.keyboard", "deny R15-typing-moving"),
        ("screen.dialpad", "deny R15-typing-moving"),
        ("screen.setup", "deny R15-typing-moving"),
        ("screen.text", "deny R16-text-moving"),
    ],
)
def test_no_typing_and_no_reading_on_a_screen_while_moving(claim: str, expected: str):
    assert check([], MOVING, claims=(claim,)) == expected
    assert check([], IDLING, claims=(claim,)) == "allow"
    assert check([], MOVING) == "allow"


@pytest.mark.rule(18)
def test_more_than_six_looks_at_the_screen_are_too_many_while_moving():
    assert check([], MOVING, claims=("visual_steps=7",)) == "deny R18-visual-steps-moving"
    assert check([], MOVING, claims=("visual_steps=many",)) == "deny R18-visual-steps-moving"
    assert check([], MOVING, claims=("visual_steps=6",)) == "allow"
    assert check([], PARKED, claims=("visual_steps=7",)) == "allow"


@pytest.mark.rule(19)
def test_apps_are_not_operated_on_a_screen_the_driver_sees_while_moving():
    assert check([("gui.tap.1", {})], MOVING) == "deny R19-drawing-moving"
    assert check([("gui.headless.tap", {})], MOVING) == "allow"
    assert check([("gui.tap.1", {})], PARKED) == "allow"


@pytest.mark.rule(20)
def test_nothing_covers_the_rear_image():
    overlay = ("screen.overlay",)
    assert check([], IDLING, {GEAR: -1}, claims=overlay) == "deny R20-rear-image"
    assert judge(facts_of([], snapshot(without=(GEAR,)), claims=overlay)) == "deny R20-rear-image"
    assert check([], IDLING, claims=overlay) == "allow"
    assert check([], IDLING, {GEAR: -1}) == "allow"


@pytest.mark.rule(28)
@each_row("zone", [Zone.PASSENGER, Zone.ROW2_LEFT, Zone.ALL, None])
def test_the_driver_is_asked_about_the_drivers_place_and_safety(zone: Zone | None):
    assert check([(DRIVER_WINDOW, 10)], zone=zone) == "ask R28-driver-zone"
    assert check([UNLOCK], zone=zone) == "ask R28-critical"
    assert check([(PASSENGER_WINDOW, 10)], zone=zone) == "allow"
    assert check([(DRIVER_WINDOW, 10)], zone=Zone.DRIVER) == "allow"


@pytest.mark.rule(30)
def test_a_guess_does_only_what_can_be_undone():
    assert check([(PASSENGER_WINDOW, 10)], inferred=True) == "ask R30-inferred"
    assert check([TO_MOTHER], inferred=True) == "ask R30-inferred"
    warm = ("Vehicle.Cabin.HVAC.Station.Row1.Driver.Temperature", 25)
    assert check([warm], inferred=True) == "allow"
    assert check([(PASSENGER_WINDOW, 10)]) == "allow"


@pytest.mark.rule(31)
@each_row(
    "effect",
    [
        TO_MOTHER,
        ("phone.emails.1", {"to": "a@b.example", "body": "x"}),
        ("phone.call.current", {"state": "dialling", "number": "13800001111"}),
        ("phone.calendar.1", None),
        ("phone.calendar.1", {"title": "x", "invitees": ["a"]}),
        ("phone.orders.1", {"item": "noodles"}),
        ("memory.facts.1", None),
    ],
)
def test_what_can_not_be_taken_back_is_read_back_first(effect: tuple[str, Any]):
    facts = facts_of([effect], snapshot(MOVING))
    assert judge(facts) == "ask R31-read-back"
    assert judge(facts, confirmed=True) == "allow"
    assert check([("phone.calendar.1", {"title": "x"})], MOVING) == "allow"


@pytest.mark.rule(31)
def test_paying_needs_proof_and_a_parked_car_but_for_tolls():
    yes = {"confirmed": True}
    assert judge(facts_of([PAY], snapshot(MOVING, PROVED)), **yes) == "deny R31-pay-parked"
    assert judge(facts_of([PAY], snapshot(PARKED)), **yes) == "deny R31-pay-authenticated"
    assert judge(facts_of([TOLL], snapshot(MOVING)), **yes) == "deny R31-pay-authenticated"
    assert judge(facts_of([PAY], snapshot(PARKED, PROVED)), **yes) == "allow"
    assert judge(facts_of([TOLL], snapshot(MOVING, PROVED)), **yes) == "allow"
    assert check([PAY], PARKED, PROVED) == "ask R31-read-back"


@pytest.mark.rule(33)
def test_words_of_others_ask_and_never_pay_unlock_or_write_to_strangers():
    foreign: dict[str, Any] = {"arguments": {"a": "x"}, "labels": {"a": WEB}}
    assert check([(PASSENGER_WINDOW, 10)], **foreign) == "ask R33-origin"
    assert check([ROUTE], **foreign) == "ask R33-origin"
    assert check([TO_MOTHER], **foreign) == "ask R31-read-back"
    assert check([UNLOCK], **foreign) == "deny R33-origin-forbids"
    assert check([PAY], PROVED, **foreign) == "deny R33-origin-forbids"
    assert check([TO_STRANGER], **foreign) == "deny R33-origin-stranger"
    assert check([DOME], **foreign) == "allow"
    assert check([TO_STRANGER], arguments={"a": "x"}) == "ask R31-read-back"


@pytest.mark.rule(33)
@each_row("kind", [kind for kind in OriginKind if not label_of(kind).trusted])
def test_joining_with_the_persons_own_words_does_not_launder(kind: OriginKind):
    mixed = join([USER, label_of(kind)])
    answer = check([(PASSENGER_WINDOW, 10)], arguments={"a": 1}, labels={"a": mixed})
    assert answer == "ask R33-origin"


@pytest.mark.rule(34)
@each_row("label", [WEB, Label(), join([USER, WEB]), label_of(OriginKind.MODEL)])
@each_row("effects", [[], [DOME], [(LIGHTS + "LightSwitch", "BEAM")], [EMERGENCY], [TO_MOTHER]])
def test_content_proposes_nothing_not_even_what_is_safe(
    effects: list[tuple[str, Any]], label: Label
):
    facts = facts_of(effects, snapshot(MOVING), label=label)
    assert judge(facts).startswith("deny")
    assert judge(facts, confirmed=True) == "deny R34-content-proposes"
    assert check([DOME], MOVING, label=USER) == "allow"


@pytest.mark.rule(35)
def test_private_words_go_only_to_whom_the_person_chose():
    secret = label_of(OriginKind.SYSTEM, readers=("owner",))
    common: dict[str, Any] = {"sinks": (Sink("body", "to"),)}
    unchosen = {"arguments": {"body": "x"}, "labels": {"body": secret}}
    chosen = {"arguments": {"body": "x", "to": "妈妈"}, "labels": {"body": secret}}
    assert check([TO_MOTHER], **common, **unchosen) == "deny R35-private-out"
    assert check([TO_MOTHER], **common, **chosen) == "ask R31-read-back"
    assert check([("mcp.notes.add", {})], **unchosen) == "deny R35-private-out"
    assert check([("mcp.notes.add", {})], arguments={"body": "x"}) == "allow"


@pytest.mark.rule(39)
def test_an_update_needs_signature_park_power_and_a_way_back():
    update = [("software.model", {"version": "2"})]
    good = {"session.update": {"signed": True, "rollback": True}}
    soc = "Vehicle.Powertrain.TractionBattery.StateOfCharge.Displayed"
    assert check(update, good) == "ask R31-read-back"
    for broken in (
        good | MOVING,
        good | {soc: 10.0},
        good | {soc: None},
        {"session.update": {"signed": False, "rollback": True}},
        {"session.update": {"signed": True}},
        {},
    ):
        assert judge(facts_of(update, snapshot(broken)), confirmed=True) == "deny R39-update"
    charging = {soc: 10.0, "Vehicle.Powertrain.TractionBattery.Charging.IsCharging": True}
    assert judge(facts_of(update, snapshot(good, charging)), confirmed=True) == "allow"


@pytest.mark.rule(41)
@each_row(
    "alert",
    [
        {"Vehicle.Edgewise.IsTakeOverRequested": True},
        {"Vehicle.ADAS.EBA.IsEngaged": True},
        {"Vehicle.Driver.FatigueLevel": 80.0},
        {"Vehicle.Driver.FatigueLevel": None},
    ],
)
def test_the_car_starts_nothing_by_itself_while_the_driver_is_needed(alert: dict[str, Any]):
    assert check([DOME], MOVING, alert, label=SYSTEM) == "deny R41-not-now"
    assert check([DOME], MOVING, alert, label=USER) == "allow"
    assert check([DOME], MOVING, label=SYSTEM) == "allow"


@pytest.mark.rule(42)
@each_row("zone", [Zone.DRIVER, Zone.ROW2_RIGHT, None])
@each_row("number", ["110", "119", "120", "112", "911"])
def test_an_emergency_call_is_allowed_at_once_from_every_seat(number: str, zone: Zone | None):
    row = {"state": "dialling", "number": number, "name": "x"}
    effects = [("phone.call.current", row), ("phone.calls.1", {"number": number})]
    risk = Risk.IRREVERSIBLE
    assert check(effects, MOVING, zone=zone, inferred=True, risk=risk) == "allow"
    other = [("phone.call.current", row | {"number": number + "0"})]
    assert check(other, MOVING, zone=zone, risk=risk).startswith("ask")


@pytest.mark.rule(42)
def test_nothing_else_rides_on_an_emergency_call():
    assert check([EMERGENCY, TO_STRANGER], MOVING) == "ask R31-read-back"
    assert check([EMERGENCY, UNLOCK], MOVING) == "deny R23-opening-moving"
    assert check([EMERGENCY], MOVING) == "allow"


@pytest.mark.rule(42)
@pytest.mark.parametrize("channel", [Channel.API, Channel.MCP, Channel.CLOUD])
def test_a_programs_emergency_call_asks_the_person_first(channel: Channel):
    """Also when a person runs what the program saved."""
    client = label_of(OriginKind.CLIENT, channel)
    assert check([EMERGENCY], MOVING, channel=channel) == "ask R42-program-asks"
    assert check([EMERGENCY], MOVING, label=join([USER, client])) == "ask R42-program-asks"
    for by_person in (Channel.VOICE, Channel.TOUCH, Channel.TYPED):
        assert check([EMERGENCY], MOVING, channel=by_person) == "allow"


@each_row("detail", ["api", "mcp", "cloud"])
@each_row(
    "effect",
    [
        (PASSENGER_WINDOW, 10),
        ROUTE,
        ("scene.saved.1", {"name": "relax", "steps": []}),
        ("phone.contacts.1", {"id": "1", "name": "妈妈", "number": "19005550000"}),
        ("phone.contacts.9", {"name": "Zed", "number": "19005550000", "relation": "mum"}),
    ],
)
def test_who_repeats_a_programs_words_does_not_make_them_a_persons(
    effect: tuple[str, Any], detail: str
):
    client = label_of(OriginKind.CLIENT, detail)
    assert check([effect], label=join([USER, client])) == "ask R00-program-asks"
    in_argument: dict[str, Any] = {"arguments": {"a": 1}, "labels": {"a": client}}
    assert check([effect], **in_argument) == "ask R00-program-asks"
    assert check([effect], channel=Channel(detail)) == "ask R00-program-asks"
    assert check([effect]) == "allow"


@pytest.mark.rule(33)
def test_a_number_out_of_content_is_not_saved_to_a_contact_unasked():
    foreign: dict[str, Any] = {"arguments": {"number": "1"}, "labels": {"number": WEB}}
    contact = ("phone.contacts.1", {"id": "1", "name": "妈妈", "number": "19005550000"})
    assert check([contact], **foreign) == "ask R33-origin"


def test_a_program_ends_the_persons_route_only_after_a_yes():
    underway = {"nav.route": {"destination": "Home"}}
    assert check([("nav.route", None)], underway) == "allow"
    assert check([("nav.route", None)], underway, channel=Channel.API) == "ask R00-program-asks"
    assert check([("nav.route", None)], underway, inferred=True) == "ask R30-inferred"
