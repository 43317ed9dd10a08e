"""English words by their sound: what the vocabulary mends, and what it must never touch."""

import pytest

from edgewise.core.words import Language
from edgewise.perceive.opposite import telling_words
from edgewise.perceive.sound_alike_en import EnglishAlike

WORDS = (
    "clear my to do list",
    "remove this from my favourites",
    "buy a phone charger online",
    "turn off the child lock",
    "look up the history of tea online",
    "turn right at the lights",
    "open the left window",
    "set the volume to 30 percent",
    "send a message to Alice Chen",
    "put lunch on my calendar for Sunday at noon",
)
KNOWN = EnglishAlike((*WORDS, "Alice Chen", "Bob"), ("Alice Chen", "Bob"))


@pytest.mark.parametrize(
    ("heard", "spelled"),
    [
        ("Remove this from my favorites", "remove this from my favourites"),
        ("By a phone charger online", "buy a phone charger online"),
        ("Turn off the child lark", "turn off the child lock"),
        ("please open the Left window?", "please open the left window?"),
    ],
)
def test_what_sounds_the_same_is_spelled_as_the_vocabulary_is(heard: str, spelled: str):
    assert KNOWN.spelled(heard) == spelled
    assert KNOWN.may_stand_for(spelled, heard)


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("Clear mine to do list", "clear my to do list"),
        ("Put launch on my calendar for Sunday", "put lunch on my calendar for sunday"),
    ],
)
def test_what_sounds_nearly_so_is_proposed(heard: str, meant: str):
    assert meant in [one.text.lower() for one in KNOWN.proposals(heard)]
    assert KNOWN.spelled(heard).lower() == heard.lower()


@pytest.mark.parametrize(
    "heard",
    [
        "by a lake",
        "turn write at the lights",
        "open the lift window",
        "open the right window",
        "set the volume to 13 percent",
        "set the volume to 40 percent",
        "send a message to Alex Chen",
        "put lunch on my calendar for Monday at noon",
        "my calendar for Monday at noon",
        "what a lovely day",
        "",
        "?!",
    ],
)
def test_what_decides_an_order_and_what_is_unknown_is_never_exchanged(heard: str):
    for found in (KNOWN.spelled(heard), *(one.text for one in KNOWN.proposals(heard))):
        if found.lower() != heard.lower():
            assert heard == "turn write at the lights"  # by exactly its sound, where none was said
            assert found == "turn right at the lights"


def test_the_opposite_of_a_word_that_was_said_is_never_put_for_it():
    known = EnglishAlike(["turn write at the lights", "close to windows please"])
    assert known.spelled("turn right at the lights") == "turn right at the lights"
    assert known.spelled("close two windows please") == "close two windows please"
    assert not known.may_stand_for("turn write at the lights", "turn right at the lights")


def test_a_name_never_becomes_another_one_of_its_sound():
    known = EnglishAlike(["send a message to Bob", "Bob"], ["Bob"])
    assert known.spelled("send a message to Barb") == "send a message to Barb"
    assert {one.text for one in known.proposals("send a message to Barb")} == {
        "send a message to Barb"
    }
    assert not known.may_stand_for("send a message to Bob", "send a message to Barb")


def test_more_of_the_vocabulary_is_worth_more():
    assert KNOWN.value("clear my to do list") > KNOWN.value("clear my to do") > 0.0
    assert KNOWN.value("what a lovely day") == 0.0


def test_without_a_vocabulary_nothing_changes():
    nothing = EnglishAlike(())
    assert nothing.spelled("By a phone") == "By a phone"
    assert [one.text for one in nothing.proposals("By a phone")] == ["By a phone"] * 2


TOLD = EnglishAlike(
    ["turn on the fog lights", "where is the child lock on", "call Bob now"], ["Bob"]
)


@pytest.mark.parametrize(
    ("heard", "ordered"),
    [
        ("won't turn on the fog lights", "want turn on the fog lights"),
        ("who turn on the fog lights", "turn on the fog lights"),
        ("I turned on the fog lights", "I turn on the fog lights"),
        ("why is the child lock on", "where is the child lock on"),
        ("was the fog light on", "the fog light on"),
    ],
)
def test_a_question_and_what_is_told_never_become_an_order(heard: str, ordered: str):
    assert not TOLD.may_stand_for(ordered, heard)
    for text in (TOLD.spelled(heard), *(one.text for one in TOLD.proposals(heard))):
        kept = [telling_words(one, Language.ENGLISH) for one in (heard, text)]
        assert kept[0] == kept[1] or not TOLD.may_stand_for(text, heard)
    assert TOLD.may_stand_for("turn on the fog lights", "turn on the frog lights")


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("Clear might a due list", "clear my to do list"),
        ("turn off the child lung", "turn off the child lock"),
        ("turn off the child lung please", None),
        ("what a lovely day today", None),
        ("", None),
    ],
)
def test_a_sentence_of_as_many_words_is_found_by_all_of_its_sound(heard: str, meant: str | None):
    assert KNOWN.sentence(heard) == meant
    assert EnglishAlike(()).sentence(heard) is None
