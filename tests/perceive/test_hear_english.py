"""English by two recognisers: who is asked when, and what is taken of what they heard."""

from collections.abc import Callable, Mapping

import pytest

from edgewise.core.words import Language
from edgewise.perceive.hear import IN_DOUBT, UNSURE_BELOW, Vocabulary
from edgewise.perceive.hear_english import ASKS_BELOW, SURE, hear_english
from edgewise.perceive.recognise import LEAST_CONFIDENCE, Guess, Listening
from tests.perceive.scripted_listening import ScriptedListening

KNOWN = Vocabulary(
    ("clear my to do list", "take the fastest route", "remove this from my favourites",
     "buy a phone charger online", "turn off the child lock", "call Emma Stone now"),
    ("Emma Stone", "Bob", "Rob"),
)  # fmt: skip


def english(text: str, confidence: float) -> Guess:
    return Guess(text, Language.ENGLISH, confidence)


def nobody() -> Listening | None:
    pytest.fail("the other recogniser was asked")


def heard(
    first: Guess,
    other: Callable[[], Listening | None] = nobody,
    fits: Mapping[str, float] | None = None,
) -> tuple[Guess, bool]:
    return hear_english(ScriptedListening([first], fits or {}), other, KNOWN, 3.0, lambda: False)


def by_other(*guesses: Guess, **fits: float) -> Callable[[], Listening | None]:
    return lambda: ScriptedListening(guesses, fits)


def test_what_is_sure_is_only_spelled_as_the_vocabulary_is():
    guess, _ = heard(english("Remove this from my favorites.", SURE))
    assert (guess.text, guess.confidence) == ("remove this from my favourites", SURE)
    assert heard(english("Take the fastest room.", SURE))[0].text == "take the fastest room"


def test_what_is_rather_sure_is_weighed_with_what_sounds_like_it():
    said, wrong = "take the fastest route", "Take the fastest room."
    assert heard(english(wrong, ASKS_BELOW), fits={said: 0.6})[0].text == said
    assert heard(english(wrong, ASKS_BELOW), fits={said: 0.001})[0].text == "take the fastest room"


def test_a_whole_sentence_is_weighed_where_it_orders_the_same():
    said, wrong = "clear my to do list", english("Clear might a due list.", ASKS_BELOW)
    assert heard(wrong, fits={said: 0.2})[0].text == said
    assert heard(wrong, fits={said: 0.001})[0].text == "Clear might a due list"
    on = english("Turn on the child lung.", ASKS_BELOW)
    assert heard(on, fits={"turn off the child lock": 0.9})[0].text == "Turn on the child lung"


def test_the_other_is_asked_where_nobody_is_sure_and_weighs_every_text():
    first = english("Clear mine to do list.", 0.6)
    other = by_other(english("Clear mine to do list.", 0.7))
    guess, _ = heard(first, other, {"clear my to do list": 0.5})
    assert guess.text == "Clear mine to do list"
    better = by_other(english("Clear my to do list.", 0.7))
    guess, by = heard(first, better, {"clear my to do list": 0.7})
    assert (guess.text, guess.confidence, by) == ("clear my to do list", 0.7, True)


@pytest.mark.parametrize("nothing", [(), (english("Thank you.", 0.1),)])
def test_another_that_invents_or_hears_nobody_changes_nothing(nothing: tuple[Guess, ...]):
    first = english("Lock it.", 0.7)
    guess, by = heard(first, by_other(*nothing))
    assert (guess.text, guess.confidence, by) == ("Lock it", 0.7, False)
    assert heard(first, lambda: None)[0].text == "Lock it"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("lock the doors", "unlock the doors"),
        ("unlock the doors", "and lock the doors"),
        ("open the left window", "open the right window"),
        ("close the boot", "open the boot"),
        ("don't call Bob", "do call Bob"),
        ("set it to 15 degrees", "set it to fifty degrees"),
        ("call Bob", "call Rob"),
        ("who opened the boot", "you opened the boot"),
    ],
)
@pytest.mark.parametrize("sure", [0.81, 0.4])
def test_two_recognisers_of_different_orders_leave_it_in_doubt(
    first: str, second: str, sure: float
):
    guess, _ = heard(english(first, sure), by_other(english(second, 0.6)))
    assert LEAST_CONFIDENCE < guess.confidence <= IN_DOUBT < UNSURE_BELOW[Language.ENGLISH]


@pytest.mark.parametrize("text", ["Call Emma Stern now.", "Call Anna Stone now."])
def test_a_name_never_becomes_another_one(text: str):
    first = english(text, 0.85)
    fits = {"call emma stone now": 0.89}
    assert heard(first, fits=fits)[0].text == text.rstrip(".")
