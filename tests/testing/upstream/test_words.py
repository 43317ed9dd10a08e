from hypothesis import given
from hypothesis import strategies as st

from edgewise.testing.upstream.words import count_tokens, numbered_words, pieces_of
from tests.each_row import each_row


@given(st.text())
def test_the_pieces_of_a_text_are_the_text_and_as_many_as_are_counted(text: str):
    assert "".join(pieces_of(text)) == text
    assert count_tokens(text) == len(pieces_of(text))


@each_row(
    "text, count",
    [("", 0), ("hello", 1), ("hello world", 2), ("打开空调", 4), ("x" * 25, 3), ("a  ", 2)],
)
def test_a_word_and_a_han_character_are_a_token(text: str, count: int):
    assert count_tokens(text) == count


def test_numbered_words_are_as_many_tokens():
    assert numbered_words(3) == ["t0", " t1", " t2"]
    assert count_tokens("".join(numbered_words(40))) == 40
