"""What was typed is read back from how a field is told."""

import pytest

from edgewise.act.screen import Element, Role
from edgewise.act.screen_letters import shortened
from edgewise.device.screen.field_text import holds, require_field, require_held
from edgewise.errors import DeviceError
from tests.each_row import each_row

BOX = (0, 0, 100, 100)
LONG = "".join(f"{number}, " for number in range(300))


def field(text: str) -> Element:
    return Element(text, BOX, Role.FIELD)


@each_row(
    ("told", "typed", "there"),
    [
        ("Search: tea", "tea", True),
        ("tea", "tea", True),
        ("Search: green tea", "green\xa0tea", True),
        ("Search: old tea", "tea", False),
        ("Search: teatea", "tea", False),
        ("Search", "tea", False),
        (shortened(f"Search: {LONG}", 300), LONG, True),
        (shortened(f"Search: {LONG}more", 300), LONG, False),
    ],
)
def test_a_field_holds_what_was_typed_and_nothing_else(told: str, typed: str, there: bool):
    assert holds(field(told), typed) is there


@each_row("focus", [None, field("old")])
def test_what_is_not_there_is_refused_in_words(focus: Element | None):
    with pytest.raises(DeviceError, match="does not hold what was typed") as error:
        require_held(focus, "new", "old")
    assert error.value.code == "refused"


@each_row(
    ("before", "told", "is_cleared"),
    [
        ("Search: tea", "Search", True),
        ("Step 2: name: tea", "Step 2: name", True),
        ("tea", "", True),
        ("tea", "What to look for", True),
        ("Search: tea", "Search: tea", False),
        ("Search: tea", "Search: t", False),
        ("tea", "te", False),
        ("Search", "Search", False),
    ],
)
def test_a_field_that_shows_what_it_showed_was_not_cleared(
    before: str, told: str, is_cleared: bool
):
    if is_cleared:
        require_held(field(told), "", before)
    else:
        with pytest.raises(DeviceError, match="was empty, or its app did not let"):
            require_held(field(told), "", before)


@each_row("focus", [None, Element("OK", BOX, Role.BUTTON), Element("PIN", BOX, Role.FIELD, True)])
def test_only_an_open_field_is_typed_into(focus: Element | None):
    with pytest.raises(DeviceError) as error:
        require_field(focus)
    assert error.value.code == "refused"
    assert require_field(field("Name")) == field("Name")
