"""Word pieces: longest first, places in the text, what no piece covers is unknown."""

import pytest

from edgewise.think.understanding.word_pieces import SPECIAL, WordPieces

PIECES = WordPieces(
    [*SPECIAL, "open", "##ing", "##er", "o", "打", "开", "'", "s", "cafe", "2", "##2"]
)
UNKNOWN = 1


def texts(text: str) -> list[tuple[str, str]]:
    vocabulary = PIECES.vocabulary
    return [(vocabulary[number], text[start:end]) for number, start, end in PIECES(text)]


def test_a_word_is_cut_into_its_longest_pieces():
    assert texts("opening 22") == [("open", "open"), ("##ing", "ing"), ("2", "2"), ("##2", "2")]


def test_chinese_characters_and_marks_are_words_of_their_own():
    assert texts("打开open's") == [
        ("打", "打"), ("开", "开"), ("open", "open"), ("'", "'"), ("s", "s"),
    ]  # fmt: skip


def test_accents_and_capitals_are_apart_and_places_are_those_of_the_text():
    assert texts("Café open") == [("cafe", "Café"), ("open", "open")]


@pytest.mark.parametrize("word", ["opex", "窗", "o" * 61])
def test_what_has_no_pieces_is_one_unknown(word: str):
    assert PIECES(f"open {word}")[1:] == [(UNKNOWN, 5, 5 + len(word))]


def test_nothing_has_no_pieces():
    assert PIECES("  ") == []
