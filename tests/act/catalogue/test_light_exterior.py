"""Exterior lights: two ways to darkness, rules 3 and 5."""

import pytest

from edgewise.core.call import Impossible, Missing
from tests.each_row import each_row

LIGHTS = "Vehicle.Body.Lights"
SWITCH = f"{LIGHTS}.LightSwitch"
LOW = f"{LIGHTS}.Beam.Low.IsOn"
HIGH = f"{LIGHTS}.Beam.High.IsOn"
PARKING = f"{LIGHTS}.Parking.IsOn"
RUNNING = f"{LIGHTS}.Running.IsOn"


def test_headlights_on_sets_switch_and_lamp(writes):
    assert writes("light.exterior.set", {"kind": "low_beam", "state": "on"}) == {
        SWITCH: "BEAM",
        LOW: True,
    }


def test_headlights_that_automatic_has_lit_are_on_already(meaning):
    resolved = meaning("light.exterior.set", {"kind": "low_beam", "state": "on"}, {LOW: True})
    assert resolved.effects == ()
    assert resolved.notes


def test_headlights_off_goes_both_ways_so_that_policy_sees_both(writes):
    changes = {SWITCH: "BEAM", LOW: True, HIGH: True}
    assert writes("light.exterior.set", {"kind": "low_beam", "state": "off"}, changes) == {
        SWITCH: "OFF",
        LOW: False,
        HIGH: False,
    }


def test_all_exterior_lights_off_names_every_lamp(writes):
    lamps = ("Beam.Low", "Beam.High", "Fog.Front", "Fog.Rear", "Parking", "Running")
    changes = {SWITCH: "BEAM", **{f"{LIGHTS}.{lamp}.IsOn": True for lamp in lamps}}
    assert writes("light.exterior.set", {"kind": "all", "state": "off"}, changes) == {
        SWITCH: "OFF",
        **{f"{LIGHTS}.{lamp}.IsOn": False for lamp in lamps},
    }


@each_row(
    "clause",
    ["turn off all the lights", "关闭所有灯", "关闭所有阅读灯", "关闭所有车灯", "lights off"],
)
def test_all_lights_without_naming_those_outside_are_never_the_exterior_ones(meaning, clause):
    arguments = {"kind": "all", "state": "off"}
    asked = meaning("light.exterior.set", arguments, clause=clause)
    assert isinstance(asked, Missing)


@pytest.mark.parametrize("clause", ["turn off all exterior lights", "关闭所有车外灯"])
def test_all_lights_outside_can_be_named(meaning, clause):
    arguments = {"kind": "all", "state": "off"}
    assert meaning("light.exterior.set", arguments, clause=clause).effects


@pytest.mark.parametrize("kind", ["fog", "fog_front", "fog_rear"])
def test_fog_lights_bring_the_low_beam_and_drop_the_high_beam(meaning, kind):
    resolved = meaning("light.exterior.set", {"kind": kind, "state": "on"}, {HIGH: True})
    added = {e.target: e.value for e in resolved.effects if e.because == 5}
    assert added == {SWITCH: "BEAM", LOW: True, HIGH: False}
    assert resolved.atomic
    assert resolved.effects[0].target == SWITCH


def test_fog_lights_off_leave_the_beam(writes):
    lamp = f"{LIGHTS}.Fog.Rear.IsOn"
    assert writes("light.exterior.set", {"kind": "fog_rear", "state": "off"}, {lamp: True}) == {
        lamp: False
    }


def test_high_beam_lights_the_low_beam_as_well(writes):
    assert writes("light.exterior.set", {"kind": "high_beam", "state": "on"}) == {
        SWITCH: "BEAM",
        LOW: True,
        HIGH: True,
    }


@pytest.mark.rule(2)
def test_high_beam_off_leaves_the_low_beam_on(writes):
    arguments = {"kind": "high_beam", "state": "off"}
    lit = {HIGH: True, SWITCH: "AUTO", LOW: True}
    assert writes("light.exterior.set", arguments, lit) == {HIGH: False}
    assert writes("light.exterior.set", arguments, lit | {LOW: False}) == {
        SWITCH: "BEAM",
        LOW: True,
        HIGH: False,
    }
    assert writes("light.exterior.set", arguments, {HIGH: False}) == {}


@pytest.mark.parametrize("switch", ["AUTO", "BEAM"])
def test_position_lights_on_never_lower_the_switch(writes, switch):
    arguments = {"kind": "position", "state": "on"}
    assert writes("light.exterior.set", arguments, {SWITCH: switch}) == {PARKING: True}
    assert writes("light.exterior.set", arguments, {SWITCH: "OFF", LOW: True}) == {PARKING: True}
    assert writes("light.exterior.set", arguments, {SWITCH: "OFF", RUNNING: False}) == {
        SWITCH: "POSITION",
        PARKING: True,
    }


def test_hazard_is_alone(writes):
    hazard = f"{LIGHTS}.Hazard.IsSignaling"
    assert writes("light.exterior.set", {"kind": "hazard", "state": "on"}) == {hazard: True}


def test_automatic_is_a_position_of_the_switch(writes, meaning):
    for arguments in ({"kind": "auto", "state": "on"}, {"kind": "low_beam", "state": "auto"}):
        assert writes("light.exterior.set", arguments, {SWITCH: "BEAM"}) == {SWITCH: "AUTO"}
    refused = meaning("light.exterior.set", {"kind": "hazard", "state": "auto"})
    assert isinstance(refused, Impossible)


def test_leaving_automatic_keeps_lit_what_is_lit(writes):
    arguments = {"kind": "auto", "state": "off"}
    assert writes("light.exterior.set", arguments, {LOW: True}) == {SWITCH: "BEAM"}
    assert writes("light.exterior.set", arguments, {LOW: None}) == {SWITCH: "BEAM"}
    assert writes("light.exterior.set", arguments, {LOW: False}) == {SWITCH: "OFF"}
