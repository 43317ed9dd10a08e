"""The words that are likely here: names first, sentences last, as many as have room."""

from msgspec.structs import replace

from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.capability import Argument, Capability, Choice, Example, Kind, Risk
from edgewise.core.words import Language, Words
from edgewise.perceive.hear import Vocabulary
from edgewise.perceive.vocabulary import (
    LONGEST_WORD,
    MOST_CHARACTERS,
    MOST_HAN,
    bounded,
    prompt_words,
    vocabulary_of,
)


def capability(name: str, *, available: bool = True) -> Capability:
    return Capability(
        name,
        Words("Window", "车窗"),
        Risk.REVERSIBLE,
        arguments=(
            Argument(
                "part",
                Kind.CHOICE,
                Words("part", "部件"),
                choices=(Choice("roof", Words("sunroof", "天窗"), ("roof",), ("车顶窗",)),),
            ),
        ),
        en=(Example("open the sunroof"),),
        zh=(Example("打开天窗"),),
        available=available,
    )


def test_names_come_first_then_choices_then_sentences():
    found = vocabulary_of(
        [capability("a.b")], Language.CHINESE, contacts=["张伟"], places=["外滩"], names=["微信"]
    )
    assert found.words == ("张伟", "外滩", "微信", "天窗", "车顶窗", "打开天窗")
    assert found.names == ("张伟", "外滩", "微信")


def test_each_language_has_its_own():
    found = vocabulary_of([capability("a.b")], Language.ENGLISH, contacts=["Bob"])
    assert found.words == ("Bob", "sunroof", "roof", "open the sunroof")


def test_what_the_device_can_not_do_is_no_word_of_it():
    assert vocabulary_of([capability("a.b", available=False)], Language.CHINESE).words == ()


def test_a_word_said_twice_stands_once():
    found = vocabulary_of([capability("a.b"), capability("c.d")], Language.CHINESE)
    assert len(found.words) == len(set(found.words)) == 3


def test_a_prompt_takes_short_words_in_order_as_far_as_there_is_room():
    vocabulary = Vocabulary(("张伟", "把所有的车窗都打开一半", "外滩", "天窗"))
    assert prompt_words(vocabulary, 6) == ("张伟", "外滩")
    assert prompt_words(vocabulary, 0) == ()


def test_a_word_that_is_too_long_is_left_out():
    longest, too_long = "窗" * LONGEST_WORD, "窗" * (LONGEST_WORD + 1)
    found = bounded(Vocabulary((too_long, longest, "天窗"), (too_long, "天窗")))
    assert found == Vocabulary((longest, "天窗"), ("天窗",))


def test_of_a_flood_of_words_the_first_are_taken():
    flood = tuple(f"{chr(0x4E00 + n)}{'窗' * 49}" for n in range(2000))
    taken = bounded(Vocabulary(("外滩", *flood), ("外滩", flood[-1])))
    assert taken.names == ("外滩",)
    assert MOST_HAN - 50 < sum(map(len, taken.words)) <= MOST_HAN
    english = bounded(Vocabulary(tuple(f"{n:06d} windows" for n in range(10_000))))
    assert MOST_CHARACTERS - 14 < sum(map(len, english.words)) <= MOST_CHARACTERS


def test_all_that_the_catalogue_says_has_room_in_both_languages():
    usable = [replace(one, available=True) for one in builtin_catalogue().capabilities]
    both = [word for one in Language for word in vocabulary_of(usable, one).words]
    known = Vocabulary(tuple(dict.fromkeys(word for word in both if len(word) <= LONGEST_WORD)))
    assert bounded(known) == known
    assert len(known.words) > 2000
