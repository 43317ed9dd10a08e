"""The sunroof moves by its switch, and its shade opens with it (rule 7)."""

from edgewise.core.call import Impossible, Missing

SWITCH = "Vehicle.Cabin.Sunroof.Switch"
POSITION = "Vehicle.Cabin.Sunroof.Position"
SHADE = "Vehicle.Cabin.Sunroof.Shade.Position"


def test_an_opening_sunroof_opens_its_shade_first_and_together(meaning):
    resolved = meaning("roof.set", {"target": "roof", "percent": 100})
    assert [(e.target, e.value, e.because) for e in resolved.effects] == [
        (SHADE, 100, 7),
        (SWITCH, "ONE_SHOT_OPEN", 0),
    ]
    assert resolved.atomic


def test_an_open_shade_is_not_opened_again(writes):
    assert writes("roof.set", {"percent": 100}, {SHADE: 100}) == {SWITCH: "ONE_SHOT_OPEN"}


def test_closing_leaves_the_shade_alone(writes):
    assert writes("roof.set", {"percent": 0}, {POSITION: 100}) == {SWITCH: "ONE_SHOT_CLOSE"}


def test_a_closed_sunroof_is_not_closed_again(meaning):
    resolved = meaning("roof.set", {"percent": 0}, {POSITION: 0})
    assert resolved.effects == ()
    assert resolved.notes


def test_a_sunroof_of_unknown_place_is_closed(writes):
    assert writes("roof.set", {"percent": 0}, {POSITION: None}) == {SWITCH: "ONE_SHOT_CLOSE"}


def test_the_sunroof_cannot_stop_half_way(meaning):
    refused = meaning("roof.set", {"percent": 50})
    assert isinstance(refused, Impossible)
    assert "50%" in refused.words.zh


def test_tilting(writes, meaning):
    assert writes("roof.set", {"tilt": True}) == {SWITCH: "TILT_UP"}
    assert isinstance(meaning("roof.set", {"target": "shade", "tilt": True}), Impossible)


def test_shades_go_to_any_place(writes):
    assert writes("roof.set", {"target": "shade", "percent": 40}) == {SHADE: 40}
    assert writes("roof.set", {"target": "rear_shade", "percent": 100}) == {
        "Vehicle.Cabin.RearShade.Position": 100
    }


def test_what_to_do_is_asked_for(meaning):
    assert isinstance(meaning("roof.set", {"target": "shade"}), Missing)
