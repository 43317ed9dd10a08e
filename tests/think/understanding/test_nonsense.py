"""A clause of made-up words is asked about; known, joined and misspelt words are read."""

from collections.abc import Callable

import pytest

from edgewise.think.understanding.nonsense import names_no_deed, says_nothing
from edgewise.think.understanding.words import UNCLEAR
from tests.each_row import each_row
from tests.think.understanding.test_guards import understood

OWN = ("open", "the", "window", "defrost")


@pytest.fixture
def is_whole() -> Callable[[str], bool]:
    return {"wind", "screen", "fold", "heat", "seat", "on"}.__contains__


@each_row("text", ["flurb", "the flurb please", "open a glonk in zip", "wozzle on"])
def test_made_up_words_say_nothing(text: str, is_whole: Callable[[str], bool]):
    own = [word for word in OWN if word != "open"]
    assert says_nothing(text, is_whole, own)


@each_row(
    "text",
    ["heat it", "the windscreen", "unfold them", "widnow down", "defroste", "up", "22", "open it"],
)  # fmt: skip
def test_known_joined_and_misspelt_words_say_something(text: str, is_whole: Callable[[str], bool]):
    assert not says_nothing(text, is_whole, OWN)


def test_an_order_needs_a_verb_that_is_known(is_whole: Callable[[str], bool]):
    assert names_no_deed("flurb the window", is_whole, OWN)
    for text in ("unfold the mirrors", "opened the window", "flurb", "the flurb", "window down"):
        assert not names_no_deed(text, is_whole, OWN)


@each_row(
    "text",
    [
        "flurb the wozzle please",
        "zibber my glonk now",
        "flurb the window",
        "please zorp my seat",
        "flurb down the window",
    ],
)
def test_nothing_moves_for_nonsense(text: str):
    thought = understood(text)
    assert thought.calls == ()
    assert thought.question == UNCLEAR


@each_row(
    ("text", "capability"),
    [
        ("defog the windscreen", "climate.set_defrost"), ("demist", "climate.set_defrost"),
        ("opne teh widnow", "window.set"), ("unfold the mirrors", "mirror.set"),
        ("aircon on", "climate.set_power"), ("nudge my seat back", "seat.move"),
        ("illuminate the cabin", "light.interior.set"), ("hvac on", "climate.set_power"),
    ],
)  # fmt: skip
def test_words_that_are_no_piece_of_the_vocabulary_still_move_what_they_name(
    text: str, capability: str
):
    assert [call.capability for call in understood(text).calls] == [capability]
