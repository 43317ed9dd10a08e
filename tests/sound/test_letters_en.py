"""A word that no dictionary knows still gets sounds that can be understood."""

from hypothesis import given
from hypothesis import strategies as st

from edgewise.sound.letters_en import sounds_of_letters, stressed
from tests.each_row import each_row


@each_row(
    "word, sounds",
    [
        ("zorp", "zˈɔɹp"),
        ("brake", "bɹˈAk"),
        ("shindle", "ʃˈɪndᵊl"),
        ("phonit", "fˈɑnɪt"),
        ("nation", "nˈæʃən"),
        ("xpeng", "zpˈɛŋ"),
        ("be", "bˈi"),
        ("", ""),
    ],
)
def test_regular_spellings_have_regular_sounds(word: str, sounds: str):
    assert sounds_of_letters(word) == sounds


def test_a_long_word_is_stressed_before_its_last_two_vowels():
    assert stressed("kɑmpʌlɪsɪtɪ").index("ˈ") > 3


@given(st.text(st.characters(min_codepoint=97, max_codepoint=122), min_size=1, max_size=40))
def test_every_word_gets_sounds_and_at_most_one_stress(word: str):
    assert sounds_of_letters(word).count("ˈ") <= 1


@given(st.text(max_size=40))
def test_no_letters_break_it(word: str):
    sounds_of_letters(word)
