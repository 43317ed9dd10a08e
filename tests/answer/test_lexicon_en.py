"""A word is found in a sorted dictionary without an index."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.answer.lexicon_en import NAMES, Lexicon, find
from edgewise.engine.packages import find_file
from edgewise.errors import EdgewiseError

WORDS = {
    "'em": "əm",
    "a": "A",
    "read": {"ADJ": "ɹˈɛd", "DEFAULT": "ɹˈid"},
    "real": "ɹˈil",
    "zoo": "zˈu",
    "été": "Atˈe",
}
DATA = json.dumps(WORDS, ensure_ascii=False, indent=2, sort_keys=True).encode()


@pytest.mark.parametrize("word", sorted(WORDS))
def test_each_word_is_found(word: str):
    wanted = WORDS[word]
    assert find(DATA, word) == (wanted if isinstance(wanted, dict) else {"DEFAULT": wanted})


def test_a_part_of_speech_is_no_word():
    assert find(DATA, "ADJ") is None
    assert find(DATA, "DEFAULT") is None


@given(st.text(max_size=12))
def test_another_word_is_not_found(word: str):
    assert (find(DATA, word) is not None) == (word in WORDS)


@given(
    st.dictionaries(st.text("abc'", min_size=1, max_size=4), st.text("əɪ", min_size=1), min_size=1)
)
def test_any_sorted_dictionary_is_read_whole(words: dict[str, str]):
    data = json.dumps(words, ensure_ascii=False, indent=2, sort_keys=True).encode()
    for word, sounds in words.items():
        assert find(data, word) == {"DEFAULT": sounds}


@pytest.mark.slow
def test_the_real_dictionaries_are_sorted_so_that_every_word_is_found():
    try:
        lexicon = Lexicon()
        files = [json.loads(find_file("misaki-en", name).read_text("utf-8")) for name in NAMES]
    except EdgewiseError as error:
        pytest.skip(str(error))
    for file in files:
        for word in list(file)[::37]:
            assert lexicon.variants(word), word
