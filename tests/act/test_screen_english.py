"""The words of English interfaces: whole, small, and none that orders or sends elsewhere."""

from edgewise.act.screen_abroad import COMMITS_ABROAD, PAYS_ABROAD, YES_ABROAD
from edgewise.act.screen_english import FUNCTION_WORDS, INTERFACE_WORDS
from tests.each_row import each_row


@each_row("words", [FUNCTION_WORDS, INTERFACE_WORDS])
def test_the_words_are_small_letters(words: frozenset[str]):
    assert words
    assert all(word == word.casefold() and word.isascii() for word in words)


def test_no_word_is_in_both_tables():
    assert not FUNCTION_WORDS & INTERFACE_WORDS


def test_what_weighs_in_another_language_is_no_english_word_of_an_interface():
    assert not INTERFACE_WORDS & {*COMMITS_ABROAD, *PAYS_ABROAD}
    assert INTERFACE_WORDS & {*YES_ABROAD} == {"sim"}  # a SIM card, and a yes in Portuguese
