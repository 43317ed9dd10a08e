"""The language of the grammar files."""

import random

import pytest

from scripts import sentence_patterns
from scripts.sentence_patterns import Expander, read_grammar


@pytest.fixture
def read(tmp_path, monkeypatch):
    def from_text(text: str):
        (tmp_path / "one.txt").write_text(text, encoding="utf-8")
        monkeypatch.setattr(sentence_patterns, "FOLDER", tmp_path)
        return read_grammar()

    return from_text


def expand(grammar, seed=1):
    pieces = Expander(grammar, random.Random(seed)).expand(grammar.patterns["one"][0].node)
    return [(piece.text, piece.span.type if piece.span else None) for piece in pieces]


def test_a_word_of_a_typed_list_is_a_span(read):
    grammar = read("= 城 : city | 北京\n# one\n去{城}吧")
    assert expand(grammar) == [("去", None), ("北京", "city"), ("吧", None)]


def test_of_two_spans_the_outer_one_counts(read):
    grammar = read("= 城 : city | 北京\n= 站 : place_name | {城}站\n# one\n去{站}")
    assert expand(grammar) == [("去", None), ("北京", "place_name"), ("站", "place_name")]


def test_a_choice_in_angle_brackets_is_a_span(read):
    assert expand(read("# one\n<zone left|left> seat")) == [("left", "zone"), (" seat", None)]


def test_each_word_of_a_list_comes_before_one_comes_again(read):
    grammar = read("= w | a | b\n| c\n# one\n{w}")
    expander = Expander(grammar, random.Random(1))
    node = grammar.patterns["one"][0].node
    assert {piece.text for _ in range(3) for piece in expander.expand(node)} == {"a", "b", "c"}


def test_a_line_with_a_tilde_is_no_order(read):
    patterns = read("# one\n~ it is cold\nopen it").patterns["one"]
    assert [pattern.order for pattern in patterns] == [False, True]


@pytest.mark.parametrize(
    "line", ["a [b|c", "a b]", "a|b", "{unknown}", "<colour red> it", "= w : colour | red"]
)
def test_a_wrong_line_is_named(read, line):
    with pytest.raises(ValueError, match="one"):
        read(f"# one\n{line}")
