"""Scenes: saved with the label of who saved them, run only by their exact name."""

import json

from edgewise.act.arguments import check_arguments
from edgewise.act.catalogue import builtin_catalogue
from edgewise.act.catalogue.scene import save
from edgewise.act.perform import shows
from edgewise.core.call import Call, Impossible
from edgewise.core.label import OriginKind, label_of
from edgewise.core.signal import snapshot_of

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


def saved_row(call):
    (effect,) = save(call, snapshot_of({})).effects
    return effect.value


def test_what_is_saved_reads_back_as_it_was_written():
    steps = {"steps": [{"capability": "window.set", "arguments": {"windows": ["all"]}}]}
    call = Call("t", "scene.save", {"name": "x", "steps": steps}, label_of(OriginKind.TYPED))
    row = saved_row(call)
    assert shows(json.loads(json.dumps(row)), row)


def test_a_step_keeps_who_proposed_it_and_the_labels_of_its_arguments():
    client, web = label_of(OriginKind.CLIENT, "mcp"), label_of(OriginKind.WEB, "a.b")
    said = {"place": {"origins": [{"kind": "message", "detail": "Eve"}]}, "x": "nonsense"}
    step = {"capability": "nav.set_destination", "arguments": {"place": "y"}, "labels": said}
    arguments = {"name": "x", "steps": {"steps": [step]}}
    row = saved_row(Call("t", "scene.save", arguments, client, {"steps": web}))
    (kept,) = row["steps"]
    assert {o["kind"] for o in kept["label"]["origins"]} == {"client", "web"}
    assert {o["kind"] for o in kept["labels"]["place"]["origins"]} == {"client", "web", "message"}
    assert "app" in {o["kind"] for o in kept["labels"]["x"]["origins"]}
