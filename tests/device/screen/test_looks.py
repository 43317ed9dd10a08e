"""A step names the look it was decided on: the same there fits, another does not."""

from msgspec.structs import replace

from edgewise.act.screen import Element, Role, Seen
from edgewise.act.screen_step import Action, Step, place_of
from edgewise.device.screen.looks import MOST_LOOKS, NOWHERE, Looks

BUY = Element("Buy", (100, 200, 900, 300), Role.BUTTON)
CLOCK = Element("12:00", (0, 0, 100, 30), Role.TEXT)
SHOP = Seen("Shop", "Tea", 720, 1280, (CLOCK, BUY), headless=True)
TAP = {"action": "tap", "point": "500,250"}


def test_a_step_has_the_place_that_it_would_have_had_then():
    looks = Looks()
    name = looks.remember(SHOP)
    tap = Step(Action.TAP, 500, 250)
    assert looks.place(name, dict(TAP)) == place_of(tap, SHOP)
    assert looks.place(name, {"action": "tap", "target": "Buy"}) == place_of(tap, SHOP)
    gone = replace(SHOP, elements=(CLOCK, replace(BUY, text="Delete")))
    assert looks.place(looks.remember(gone), dict(TAP)) != place_of(tap, SHOP)
    later = replace(SHOP, elements=(replace(CLOCK, text="12:01"), BUY))
    assert looks.place(looks.remember(later), dict(TAP)) == place_of(tap, SHOP)


def test_a_step_that_would_have_done_nothing_then_fits_no_screen():
    looks = Looks()
    name = looks.remember(SHOP)
    assert looks.place(name, {"action": "tap", "target": "Delete"}) == NOWHERE
    assert looks.place(name, {"action": "fly"}) == NOWHERE


def test_so_many_are_remembered_and_equal_ones_are_one():
    looks = Looks()
    first = looks.remember(SHOP)
    assert looks.remember(replace(SHOP)) == first
    for number in range(MOST_LOOKS):
        looks.remember(replace(SHOP, title=str(number)))
    assert looks.place(first, dict(TAP)) is None
    assert looks.place("", dict(TAP)) is None
