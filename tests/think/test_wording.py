"""What a person is given of a model's words: cautious, about the world, or honestly nothing."""

import pytest

from edgewise.core.words import Language
from edgewise.think.device_words import is_about_device, speaks_of_device
from edgewise.think.honesty import ONLY_WORDS, claims_action
from edgewise.think.wording import CAUTION, NOT_HERE, Wording
from tests.each_row import each_row

SURE, UNSURE = -0.1, -3.0
CITY = "The capital of Japan is Tokyo."


def worded(*tokens: str, likely: float = SURE, cut: bool = False, **how: bool) -> str:
    wording = Wording(Language.ENGLISH, **how)
    shown = "".join(wording.feed(token, likely) for token in tokens if not wording.ended)
    return shown + wording.finish(cut=cut)


def test_a_large_model_s_words_pass_as_they_are():
    assert worded(CITY, " It is large.") == f"{CITY} It is large."


def test_a_small_model_s_words_begin_with_one_caution():
    assert worded(CITY, " It is large.", small=True) == f"{CAUTION.en} {CITY} It is large."


def test_a_model_that_must_be_sure_gives_its_first_sentence_alone():
    assert worded(f"{CITY} ", "More.", small=True, only_sure=True) == f"{CAUTION.en} {CITY}"
    assert worded(CITY, small=True, only_sure=True) == f"{CAUTION.en} {CITY}"


@each_row(
    "sentence",
    [
        "I am your friend.",
        "You're right about that.",
        "The Titanic sank in 2014.",
        "The first president was John F.",
        "The sunroof can not open.",
        "Your car is fine.",
    ],
)
def test_a_model_that_must_be_sure_speaks_of_the_world_and_gives_no_number(sentence: str):
    assert worded(sentence, only_sure=True) == NOT_HERE.en


def test_a_sure_sentence_about_something_else_is_no_answer():
    for asked, given in (("what is the capital of Japan?", True), ("who was Napoleon?", False)):
        wording = Wording(Language.ENGLISH, asked, only_sure=True)
        said = wording.feed(f"{CITY} ", SURE)
        assert (said == CITY, said == NOT_HERE.en) == (given, not given)


def test_a_model_that_is_not_sure_declines_and_names_the_remedy():
    assert worded(CITY, likely=UNSURE, only_sure=True) == NOT_HERE.en
    assert "edgewise models" in NOT_HERE.en
    assert "edgewise models" in NOT_HERE.zh


@pytest.mark.parametrize("tokens", [(), ("\n",), ("It goes on and",)])
def test_nothing_whole_from_a_model_that_must_be_sure_is_declined(tokens: tuple[str, ...]):
    assert worded(*tokens, cut=bool(tokens), only_sure=True) == NOT_HERE.en


def test_a_sentence_about_the_device_is_left_out_and_the_rest_stays():
    assert worded("The sunroof is stuck. ", CITY) == CITY
    assert worded("The sunroof is stuck.", small=True) == NOT_HERE.en


def test_a_claim_takes_the_place_of_a_caution():
    assert worded("I have opened the window.", small=True) == ONLY_WORDS.en


def test_an_answer_cut_off_shows_it_and_nothing_is_told_by_empty():
    assert worded("It goes on and", cut=True) == "It goes on and …"
    wording = Wording(Language.ENGLISH)
    assert (wording.finish(cut=False), wording.empty) == ("", True)


@pytest.mark.parametrize("language", list(Language))
def test_our_own_words_are_no_claims(language: Language):
    assert not claims_action(CAUTION.said_in(language))
    assert not claims_action(NOT_HERE.said_in(language))


def test_the_two_lines_of_defence_agree_on_the_parts_of_the_car():
    for sentence in ("the sunroof is open", "your wipers are old", "天窗坏了"):
        assert is_about_device(sentence)
        assert speaks_of_device(sentence)
