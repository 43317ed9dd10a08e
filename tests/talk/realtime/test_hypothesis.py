"""Partial words only ever grow, whatever the recogniser changes its mind about."""

from hypothesis import given
from hypothesis import strategies as st

from edgewise.talk.realtime.hypothesis import Hypothesis

WORDS = st.lists(st.sampled_from(["open", "opens", "the", "window", "打开", "窗", " "]), max_size=6)


def test_a_word_is_told_when_two_looks_agree_on_it():
    seen = Hypothesis()
    assert seen.more("turn the") == ""
    assert seen.more("turn the light") == "turn the"
    assert seen.more("turn the lights on") == ""  # "light" may still grow
    assert seen.more("turn the lights on now") == " lights on"
    assert seen.rest("turn the lights on now.") == " now."


def test_han_characters_stand_alone():
    seen = Hypothesis()
    seen.more("打开主驾")
    assert seen.more("打开主驾车窗") == "打开主驾"


def test_what_was_told_is_not_taken_back():
    seen = Hypothesis()
    seen.more("close it")
    assert seen.more("close it") == "close it"
    assert seen.more("clothes it") == ""
    assert seen.rest("clothes it") == ""


@given(st.lists(WORDS.map(" ".join), max_size=6))
def test_told_words_are_always_the_beginning_of_a_look(looks):
    seen, told = Hypothesis(), ""
    for look in looks:
        told += seen.more(look)
        assert not told or any(one.startswith(told) for one in looks)
