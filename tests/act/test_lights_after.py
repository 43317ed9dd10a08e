"""Lamps after a batch: what a switch carries along, and who puts the low beam out."""

import pytest

from edgewise.core.signal import Snapshot
from tests.core.test_freshness import aged
from tests.each_row import each_row
from tests.safety.situation import LIGHTS, MOVING, PARKED, facts_of, judge, snapshot


@pytest.mark.rule(2)
def test_high_beam_off_darkens_only_when_nothing_else_lights_the_road():
    off = [(LIGHTS + "Beam.High.IsOn", False)]
    dark = {LIGHTS + "LightSwitch": "POSITION", LIGHTS + "Beam.Low.IsOn": False}
    assert "light.exterior.darken" not in facts_of(off, snapshot(MOVING))["effects"]
    assert "light.exterior.darken" in facts_of(off, snapshot(MOVING, dark))["effects"]


@pytest.mark.rule(2)
@pytest.mark.parametrize("low", [False, None])
def test_automatic_lights_are_not_trusted_to_light_the_road_once_the_high_beam_is_off(low: object):
    off = [(LIGHTS + "Beam.High.IsOn", False)]
    night = {"Vehicle.Exterior.LightIntensity": 0.0, LIGHTS + "Beam.High.IsOn": True}
    automatic = {LIGHTS + "LightSwitch": "AUTO", LIGHTS + "Beam.Low.IsOn": low}
    state = snapshot(MOVING, night, automatic)
    assert judge(facts_of(off, state)) == "deny R02-darken-driving"
    with_low = [(LIGHTS + "LightSwitch", "BEAM"), (LIGHTS + "Beam.Low.IsOn", True), *off]
    assert judge(facts_of(with_low, state)) == "allow"
    lit = snapshot(MOVING, night, automatic, {LIGHTS + "Beam.Low.IsOn": True})
    assert judge(facts_of(off, lit)) == "allow"


SWITCH = LIGHTS + "LightSwitch"
LOW = LIGHTS + "Beam.Low.IsOn"
FOG = LIGHTS + "Fog.Front.IsOn"
LEVER = LIGHTS + "IsHighBeamSwitchOn"
RAIN = "Vehicle.Body.Raindetection.Intensity"
WIPERS = "Vehicle.Body.Windshield.Front.Wiping.Mode"
LIGHT = "Vehicle.Exterior.LightIntensity"
AUTOMATIC = [(SWITCH, "AUTO")]
UNLIT = {SWITCH: "OFF", LOW: False}


@pytest.mark.rule(2, 4)
def test_by_day_in_the_dry_the_low_beam_may_be_left_to_automatic_lights():
    assert judge(facts_of(AUTOMATIC, snapshot(MOVING))) == "allow"
    sensor = snapshot(MOVING, {WIPERS: "RAIN_SENSOR"})
    assert judge(facts_of(AUTOMATIC, sensor)) == "allow"


@pytest.mark.rule(2)
@each_row(
    "needed",
    [
        {RAIN: 1},
        {RAIN: None},
        {WIPERS: "INTERVAL"},
        {WIPERS: None},
        {LIGHT: 49.0},
        {LIGHT: 5.0},
        {LIGHT: None},
        {LIGHT: "bright"},
    ],
)
def test_a_low_beam_that_may_be_needed_is_not_left_to_automatic_lights(needed: dict[str, object]):
    moving = facts_of(AUTOMATIC, snapshot(MOVING, needed))
    assert judge(moving) == judge(moving, confirmed=True) == "deny R02-automatic-driving"
    parked = facts_of(AUTOMATIC, snapshot(PARKED, needed))
    assert judge(parked) == "ask R02-darken-parked"
    assert judge(parked, confirmed=True) == "allow"
    assert judge(facts_of(AUTOMATIC, snapshot(MOVING, needed, UNLIT))) == "allow"


@pytest.mark.rule(2)
@pytest.mark.parametrize("old", [LIGHT, RAIN])
def test_weather_of_a_while_ago_does_not_leave_the_road_to_automatic_lights(old: str):
    state = snapshot(MOVING)
    assert judge(facts_of(AUTOMATIC, aged(state, old, 61.0))) == "deny R02-automatic-driving"


@pytest.mark.rule(2)
def test_a_lamp_that_nobody_can_read_counts_as_lit():
    night = snapshot(MOVING, {LIGHT: 0.0}, without=(LOW,))
    assert judge(facts_of(AUTOMATIC, night)) == "deny R02-automatic-driving"
    lost = Snapshot({}, 0.0, 0.0)
    assert judge(facts_of([(SWITCH, "BEAM"), (LOW, True)], lost)) == "allow"


@pytest.mark.rule(5)
@each_row(
    ("batch", "low_beam"),
    [
        ([], "on"),
        ([(SWITCH, "BEAM")], "on"),
        ([(SWITCH, "BEAM"), (LOW, True)], "on"),
        ([(SWITCH, "BEAM"), (LOW, False)], "unknown"),
        ([(SWITCH, "OFF")], "off"),
        ([(SWITCH, "POSITION")], "off"),
        ([(SWITCH, "AUTO")], "unknown"),
        ([(SWITCH, "AUTO"), (LOW, True)], "unknown"),
        ([(SWITCH, "OFF"), (LOW, True)], "unknown"),
    ],
)
def test_the_switch_carries_the_low_beam_along(batch: list[tuple[str, object]], low_beam: str):
    facts = facts_of([*batch, (FOG, True)], snapshot())
    assert facts["low_beam_after"] == low_beam
    verdict = judge(facts, confirmed=True)
    assert verdict == "allow" if low_beam == "on" else verdict == "deny R05-fog-needs-low-beam"


@pytest.mark.rule(5)
def test_fog_lights_need_the_high_beams_lever_to_be_known_down():
    assert judge(facts_of([(FOG, True)], snapshot({LEVER: True}))) == "deny R05-fog-needs-low-beam"
    unread = facts_of([(FOG, True)], snapshot(without=(LEVER,)))
    assert judge(unread) == "deny R05-fog-needs-low-beam"
