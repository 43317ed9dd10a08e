"""Scenes: saved with the label of who saved them, run only by their exact name."""

from edgewise.act.arguments import check_arguments
from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.call import Impossible

SAVED = {"scene.saved": [{"id": "s1", "name": "Evening", "steps": []}]}


def test_the_present_cabin_is_saved_as_steps_that_can_be_run(meaning):
    changes = {
        "Vehicle.Cabin.Seat.Row1.DriverSide.HeatingCooling": 67,
        "Vehicle.Cabin.Light.AmbientLight.Row1.DriverSide.IsLightOn": True,
    }
    (effect,) = meaning("scene.save", {"name": "evening"}, changes).effects
    assert effect.target == "scene.saved.turn.1"
    catalogue = builtin_catalogue()
    steps = effect.value["steps"]
    assert {step["capability"] for step in steps} == {
        "climate.set_power",
        "climate.set_temperature",
        "climate.set_fan",
        "seat.set_heat_vent",
        "light.interior.set",
    }
    for step in steps:
        capability = catalogue.get(step["capability"]).capability
        assert isinstance(check_arguments(capability, step["arguments"]), dict)
        assert step["label"]["origins"][0]["kind"] == "voice"


def test_a_scene_of_the_same_name_is_replaced(meaning):
    (effect,) = meaning("scene.save", {"name": "evening"}, SAVED).effects
    assert effect.target == "scene.saved.s1"


def test_given_steps_are_kept_as_given(meaning):
    steps = [{"capability": "window.set", "arguments": {"percent": 0}}, {"nonsense": 1}]
    (effect,) = meaning("scene.save", {"name": "shut", "steps": {"steps": steps}}).effects
    assert [step["capability"] for step in effect.value["steps"]] == ["window.set"]


def test_too_many_steps_are_refused(meaning):
    steps = [{"capability": "window.set", "arguments": {}}] * 21
    assert isinstance(
        meaning("scene.save", {"name": "long", "steps": {"steps": steps}}), Impossible
    )


def test_an_unknown_scene_is_not_run_and_the_known_ones_are_named(meaning):
    refused = meaning("scene.run", {"name": "camping"}, SAVED)
    assert isinstance(refused, Impossible)
    assert "Evening" in refused.words.en
