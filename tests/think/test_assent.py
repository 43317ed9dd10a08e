"""What sounds like a yes and is none."""

import pytest

from edgewise.core.thought import Context
from edgewise.core.words import Language
from edgewise.think.assent import begins_with_yes, is_unclear
from edgewise.think.fixed import fixed
from tests.each_row import each_row

CONTEXT = Context(Language.ENGLISH, turn="t")
SOUNDS = ("嗯", "嗯嗯", "恩", "呃", "哦", "hmm", "uh", "um", "mm", "uh huh", "well")


def kind_of(text: str) -> str:
    thought = fixed(text, CONTEXT)
    return thought.fixed if thought is not None else ""


@pytest.mark.rule(32)
@each_row("text", SOUNDS)
def test_a_mere_sound_is_no_yes(text: str) -> None:
    """Found: the trunk was opened on 嗯."""
    assert kind_of(text) == ""
    assert is_unclear(text)


@pytest.mark.rule(32)
@each_row("text", ["yep go for it", "yes, go ahead", "ok do it", "嗯，好的", "必须的", "well, yes"])
def test_a_clear_yes_is_one_however_it_is_put(text: str) -> None:
    assert kind_of(text) == "confirm"


@pytest.mark.rule(32)
@each_row(
    "text", ["yes but wait", "yes?", "wait", "maybe", "hmm, I don't know", "是的但是等一下", "等等"]
)
def test_a_yes_with_a_doubt_is_unclear(text: str) -> None:
    assert is_unclear(text)
    assert kind_of(text) == ""


@pytest.mark.rule(32)
@each_row(
    "text", ["no", "no wait", "no yes", "别", "yes but no", "open the window", "yes call her"]
)
def test_a_no_and_an_order_are_not_merely_unclear(text: str) -> None:
    assert not is_unclear(text)


@pytest.mark.rule(31)
@each_row(
    ("text", "yes"),
    [
        ("yes call her", True),
        ("可以打", True),
        ("嗯，好的，打吧", True),
        ("call her", False),
        ("yes, but don't call her", False),
        ("yes call her later", False),
        ("是的，别打", False),
    ],
)
def test_a_yes_with_an_order_is_one_unless_something_takes_it_back(text: str, yes: bool) -> None:
    assert begins_with_yes(text) is yes
