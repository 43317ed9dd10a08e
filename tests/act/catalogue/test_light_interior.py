"""Lights inside: whose lamp, brightness, colour; never a light outside (rule 3)."""

from edgewise.core.call import Impossible, Missing
from tests.each_row import each_row

SPOT = "Vehicle.Cabin.Light.Spotlight.Row1.DriverSide"
AMBIENT = "Vehicle.Cabin.Light.AmbientLight.Row1.DriverSide"
DOME = "Vehicle.Cabin.Light.IsDomeOn"


def test_a_reading_light_is_ones_own(writes):
    assert writes("light.interior.set", {"kind": "reading", "on": True}) == {
        f"{SPOT}.IsLightOn": True
    }
    effects = writes("light.interior.set", {"kind": "reading", "on": True}, zone="row2_left")
    assert list(effects) == ["Vehicle.Cabin.Light.Spotlight.Row2.DriverSide.IsLightOn"]


@each_row("kind", ["all", "reading", "ambient", "dome"])
def test_nothing_inside_ever_touches_a_light_outside(meaning, car, kind):
    lit = {path: True for path in car if path.endswith((".IsLightOn", "IsDomeOn"))}
    resolved = meaning("light.interior.set", {"kind": kind, "on": False}, lit)
    assert resolved.effects
    assert all(e.target.startswith("Vehicle.Cabin.Light.") for e in resolved.effects)


def test_all_lights_are_reading_ambient_and_dome(writes, car):
    lit = {path: True for path in car if path.endswith((".IsLightOn", "IsDomeOn"))}
    effects = writes("light.interior.set", {"on": False}, lit)
    assert len([t for t in effects if ".Cabin.Light." in t]) == 9
    assert effects[DOME] is False


def test_a_colour_alone_turns_the_light_on(writes):
    effects = writes("light.interior.set", {"kind": "ambient", "color": "blue", "zone": "driver"})
    assert effects == {f"{AMBIENT}.IsLightOn": True, f"{AMBIENT}.Color": "#0000FF"}


def test_brightness_steps_stay_within_1_and_100(writes):
    arguments = {"kind": "ambient", "delta": -100, "zone": "driver"}
    changes = {f"{AMBIENT}.IsLightOn": True}
    assert writes("light.interior.set", arguments, changes) == {f"{AMBIENT}.Intensity": 1}


def test_off_changes_no_colour(writes):
    arguments = {"kind": "ambient", "on": False, "color": "red", "zone": "driver"}
    assert writes("light.interior.set", arguments, {f"{AMBIENT}.IsLightOn": True}) == {
        f"{AMBIENT}.IsLightOn": False
    }


def test_what_to_do_is_asked_for(meaning):
    assert isinstance(meaning("light.interior.set", {"kind": "ambient"}), Missing)


@each_row("change", [{"delta": -20}, {"brightness": 50}, {"color": "red", "on": True}])
def test_the_dome_light_is_not_lit_by_an_order_to_dim_it(meaning, change):
    found = meaning("light.interior.set", {"kind": "dome", **change})
    assert isinstance(found, Impossible)
    assert found.code == "only_on_off"


def test_dimming_all_lights_leaves_the_dome_light_as_it_is(writes):
    effects = writes("light.interior.set", {"kind": "all", "brightness": 40})
    assert effects
    assert DOME not in effects
