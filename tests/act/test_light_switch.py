"""What the light switch carries along: the policy, the catalogue and the car agree on it."""

from typing import Any

import pytest

from edgewise.act.catalogue.light_exterior import set_exterior
from edgewise.act.light_switch import HIGH, LOW, PARKING, RUNNING, SWITCH, low_beam_in, puts_out
from edgewise.core.call import Call, Effect, Resolved
from edgewise.device.vehicle.couplings import lamps_of
from tests.core.test_freshness import aged
from tests.each_row import each_row
from tests.safety.situation import LIGHTS, MOVING, USER, facts_of, judge, snapshot

LAMPS = (LOW, HIGH, PARKING, RUNNING, LIGHTS + "Fog.Front.IsOn", LIGHTS + "Fog.Rear.IsOn")
DARK: dict[str, Any] = {SWITCH: "OFF", **dict.fromkeys(LAMPS, False)}


@each_row("position", ["OFF", "POSITION", "DAYTIME_RUNNING_LIGHTS", "BEAM"])
@each_row("lamp", LAMPS)
def test_what_a_position_puts_out_is_what_goes_out_in_the_car(position: str, lamp: str):
    lit = DARK | {lamp: True}
    dark_then = lamps_of(position, lit).get(lamp, lit[lamp]) is False
    replaced = position == "BEAM"  # the low beam stands for the daytime lights
    expected = position == "OFF" or (dark_then and not replaced)
    assert puts_out(position, snapshot(lit)) is expected
    assert (low_beam_in(position) == "on") is (lamps_of(position, DARK)[LOW] is True)


@pytest.mark.rule(2)
@pytest.mark.parametrize("position", ["POSITION", "DAYTIME_RUNNING_LIGHTS"])
def test_the_switch_is_not_turned_to_less_light_than_there_is(position: str):
    """It may stand in OFF while the low beam is lit by itself, or by a hand at the lever."""
    turn = [(SWITCH, position)]
    assert judge(facts_of(turn, snapshot(MOVING, DARK))) == "allow"
    lit = snapshot(MOVING, DARK, {LOW: True})
    assert judge(facts_of(turn, lit)) == "deny R02-darken-driving"
    assert judge(facts_of(turn, lit), confirmed=True) == "deny R02-darken-driving"
    unread = snapshot(MOVING, DARK, without=(LOW,))
    assert judge(facts_of(turn, unread)) == "deny R02-darken-driving"
    a_while_ago = aged(snapshot(MOVING, DARK), LOW, 1.1)
    assert judge(facts_of(turn, a_while_ago)) == "deny R02-darken-driving"


@pytest.mark.rule(2)
@pytest.mark.parametrize("position", ["POSITION", "DAYTIME_RUNNING_LIGHTS", "OFF"])
def test_automatic_lights_are_not_left_for_less_though_nothing_shines_now(position: str):
    """They may come on at dusk; parked it is asked about, and so is an undo that does it."""
    turn, automatic = [(SWITCH, position)], {SWITCH: "AUTO"}
    assert judge(facts_of(turn, snapshot(MOVING, DARK, automatic))) == "deny R02-darken-driving"
    parked = snapshot(DARK, automatic)
    assert judge(facts_of(turn, parked)) == "ask R02-darken-parked"
    beam = facts_of([(SWITCH, "BEAM")], parked)
    assert judge(beam) == "allow"


@pytest.mark.rule(2)
@each_row(
    ("lamp", "position"),
    [
        (HIGH, "POSITION"),
        (LIGHTS + "Fog.Rear.IsOn", "POSITION"),
        (RUNNING, "POSITION"),
        (PARKING, "DAYTIME_RUNNING_LIGHTS"),
    ],
)
def test_no_lamp_pays_for_another(lamp: str, position: str):
    lit = snapshot(MOVING, DARK, {lamp: True})
    assert judge(facts_of([(SWITCH, position)], lit)) == "deny R02-darken-driving"


@pytest.mark.rule(2)
def test_a_lamp_written_beside_the_switch_does_not_hide_what_the_switch_does():
    beside = [(SWITCH, "POSITION"), (PARKING, True)]
    lit = snapshot(MOVING, DARK, {LOW: True})
    assert judge(facts_of(beside, lit)) == "deny R02-darken-driving"


@pytest.mark.rule(4)
@each_row("kind", ["position", "daytime"])
@each_row("unknown", [(), (LOW,), (SWITCH,), LAMPS])
def test_position_and_daytime_lights_come_on_whatever_is_lit(kind: str, unknown: tuple[str, ...]):
    for low in (True, False):
        state = snapshot(MOVING, DARK, {LOW: low}, without=unknown)
        call = Call("1", "light.exterior.set", {"kind": kind, "state": "on"}, USER)
        resolved = set_exterior(call, state)
        assert isinstance(resolved, Resolved)
        lamp = Effect(PARKING if kind == "position" else RUNNING, True)
        assert lamp in resolved.effects
        written = [(effect.target, effect.value) for effect in resolved.effects]
        assert judge(facts_of(written, state)) == "allow"
        assert low is False or SWITCH not in dict(written)
