"""What is to be remembered is said or asked for; a word that points at it is not it."""

import pytest

from edgewise.core.call import Call
from edgewise.core.label import OriginKind, label_of
from edgewise.core.thought import Context
from edgewise.core.words import Language
from edgewise.perceive.perceive import language_of
from tests.each_row import each_row
from tests.safety.device import thinking


def understood(text: str) -> list[tuple[str, dict[str, object]]]:
    context = Context(language_of(text), label=label_of(OriginKind.TYPED, "driver"), turn="t")
    return [(c.capability, c.arguments) for c in thinking().understand(text, context).calls]


@each_row("text", ["remember that", "remember this.", "note that", "记住这个", "记住这件事"])
def test_a_word_that_points_is_not_what_is_remembered(text: str) -> None:
    assert understood(text) == [("memory.save", {})]


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("remember that Tom likes tea", "Tom likes tea"),
        ("remember this code is 42", "this code is 42"),
        ("记住这个车位是我的", "这个车位是我的"),
    ],
)
def test_a_fact_that_begins_with_such_a_word_is_kept_whole(text: str, fact: str) -> None:
    ((name, arguments),) = understood(text)
    assert name == "memory.save"
    assert arguments == {"fact": fact}


@each_row(
    "text",
    ["what do you remember", "What do you remember?", "do you remember anything",
     "tell me what you remember", "你记得什么", "你还记得些什么？"],
)  # fmt: skip
def test_asked_for_no_thing_in_particular_everything_is_recalled(text: str) -> None:
    assert understood(text) == [("memory.recall", {})]


def test_asked_for_something_it_is_that_which_is_recalled() -> None:
    assert understood("what do you remember about Emma") == [("memory.recall", {"query": "Emma"})]


def test_what_is_said_when_asked_what_to_remember_is_remembered() -> None:
    mine = label_of(OriginKind.TYPED, "driver")
    context = Context(
        Language.ENGLISH, label=mine, turn="t", awaiting=Call("p.1", "memory.save", {}, mine)
    )
    (call,) = thinking().understand("my locker code is 42", context).calls
    assert (call.capability, call.arguments) == ("memory.save", {"fact": "my locker code is 42"})
