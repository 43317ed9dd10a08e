"""English words sound as they do in their sentence; no dictionary of another licence is needed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgewise.answer.sounds_en import EnglishSounds, spelled
from edgewise.errors import ModelError
from tests.each_row import each_row


@pytest.fixture(scope="module")
def english() -> EnglishSounds:
    sounds = EnglishSounds()
    try:
        sounds.load()
    except ModelError as error:
        pytest.skip(f"the dictionaries are not installed: {error}")
    return sounds


@each_row(
    "text, sounds",
    [
        ("the window", "ðə wˈɪndO"),
        ("the app", "ði ˈæp"),
        ("a window", "ɐ wˈɪndO"),
        ("plan A", "plˈæn ˈA"),
        ("to open", "tʊ ˈOpᵊn"),
        ("to close", "tə klˈOz"),
        ("it is close", "ɪt ɪz klˈOs"),
        ("a record", "ɐ ɹˈɛkəɹd"),
        ("I record", "ˈI ɹəkˈɔɹd"),
        ("I have read", "ˈI hæv ɹˈɛd"),
        ("sunroof", "sˈʌnɹˌuf"),
        ("USB", "jˌuˌɛsbˈi"),
        ("LED", "ˌɛlˌidˈi"),
        ("U.S.A.", "jˌuˌɛsˈA"),
        ("WARNING", "wˈɔɹnɪŋ"),
        ("OK", "ˌOkˈA"),
        ("WiFi", "wˈIfˌI"),
        ("well-known", "wˈɛl nˈOn"),
    ],
)
def test_words_in_their_sentence(english: EnglishSounds, text: str, sounds: str):
    assert english.of(text) == sounds


@each_row(
    "known, ending, word",
    [
        ("navigator", "z", "navigators"),
        ("defroster", "z", "defrosters"),
        ("Zork", "s", "Zork's"),
        ("airbag", "z", "airbag's"),
        ("switch", "ᵻz", "switch's"),
    ],
)
def test_an_ending_is_added_to_a_word_that_is_known(
    english: EnglishSounds, known: str, ending: str, word: str
):
    assert english.of(word) == english.of(known) + ending


def test_british_spellings_are_known(english: EnglishSounds):
    assert english.of("kilometres") == english.of("kilometers")
    assert english.of("neighbourhoods") == english.of("neighborhoods")


def test_letters_are_spelled_with_the_stress_on_the_last():
    assert spelled("ab") == "ˌAbˈi"


def test_a_dictionary_that_is_missing_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.prefix", str(tmp_path))
    with pytest.raises(ModelError, match="edgewise models install misaki-en"):
        EnglishSounds().load()


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=80))
def test_no_text_breaks_it(english: EnglishSounds, text: str):
    english.of(text)
