"""Mirrors: both fold and heat together, one is adjusted at a time."""

from edgewise.core.call import Impossible, Missing
from tests.each_row import each_row

MIRROR = "Vehicle.Body.Mirrors"


def test_both_mirrors_fold(writes):
    assert writes("mirror.set", {"fold": True}) == {
        f"{MIRROR}.DriverSide.IsFolded": True,
        f"{MIRROR}.PassengerSide.IsFolded": True,
    }


def test_left_follows_the_side_of_the_driver(writes):
    arguments = {"side": "left", "heat": True}
    assert list(writes("mirror.set", arguments)) == [f"{MIRROR}.DriverSide.IsHeatingOn"]
    right_hand = {"Vehicle.Cabin.DriverPosition": "RIGHT"}
    assert list(writes("mirror.set", arguments, right_hand)) == [
        f"{MIRROR}.PassengerSide.IsHeatingOn"
    ]


@each_row(
    ("direction", "axis", "value"),
    [("up", "Tilt", 10), ("down", "Tilt", -10), ("left", "Pan", 10), ("right", "Pan", -10)],
)
def test_a_mirror_turns_by_a_step(writes, direction, axis, value):
    assert writes("mirror.set", {"side": "left", "direction": direction}) == {
        f"{MIRROR}.DriverSide.{axis}": value
    }


def test_which_mirror_to_adjust_is_asked(meaning):
    asked = meaning("mirror.set", {"direction": "up"})
    assert isinstance(asked, Missing)
    assert asked.choices == ("left", "right")


def test_one_thing_at_a_time(meaning):
    assert isinstance(meaning("mirror.set", {"fold": True, "heat": True}), Impossible)
