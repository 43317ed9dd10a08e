"""An answer is right by its key: the one new number, a whole word, a yes, the letters in order."""

import pytest

from benchmarks.pair_check import is_right
from benchmarks.pair_questions import Asked, Key


def asked(text: str, key: Key, kind: str = "k", language: str = "en") -> Asked:
    return Asked("x", kind, language, text, key, "")


SUM = asked("What is 12 plus 30?", Key(number=42))
HOURS = asked("How many minutes are in 3 hours?", Key(number=180))


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ("42", True), ("12 plus 30 is 42.", True), ("It is forty-two or 43.", False),
        ("12 and 30 make 42, not 43.", False), ("12 + 30", False), ("", False),
    ],
)  # fmt: skip
def test_a_number_must_be_the_only_new_one(answer: str, right: bool):
    assert is_right(SUM, answer) is right


def test_a_number_may_stand_before_the_questions_own_and_hold_a_comma():
    assert is_right(HOURS, "There are 180 minutes in three hours.")
    assert is_right(asked("How many metres?", Key(number=2000)), "2,000 metres")


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ("Ghana is in Africa.", True), ("It is in africa!", True), ("In Asia.", False),
        ("Africa, or Asia.", False), ("It is an African country.", False),
    ],
)  # fmt: skip
def test_a_word_must_stand_whole_and_without_its_rivals(answer: str, right: bool):
    key = Key(("Africa",), ("Asia", "Europe"))
    assert is_right(asked("On which continent is Ghana?", key), answer) is right


def test_a_symbol_is_told_by_its_capitals():
    helium = asked("What is the chemical symbol of helium?", Key(("He",)), "symbol")
    assert is_right(helium, "It is He.")
    assert not is_right(helium, "I think he is Helios.")


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("Yes, it is.", True), ("No.", False), ("The Sun is a star.", True),
        ("The Sun is not a star.", False), ("That is false.", True),
    ],
)  # fmt: skip
def test_a_yes_is_the_first_word_or_that_nothing_is_denied(answer: str, says: bool):
    assert is_right(asked("Is the Sun a star?", Key(yes=True)), answer) is says
    assert is_right(asked("Is the Sun a star?", Key(yes=False)), answer) is not says


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ("G-A-R-D-E-N", True), ("g, a, r, d, e, n", True), ("garden", False),
        ("G-A-D-R-E-N", False), ("G A R D E N and G A R D E M", False),
    ],
)  # fmt: skip
def test_letters_must_be_told_one_by_one_in_order(answer: str, right: bool):
    assert is_right(asked("Spell the word “garden”.", Key(spelt="garden")), answer) is right


def test_chinese_words_are_found_in_a_sentence_but_not_in_the_question_itself():
    opposite = asked("“早”的反义词是什么？", Key(("晚",)), language="zh")
    assert is_right(opposite, "答案是晚。")
    assert not is_right(opposite, "“早”的反义词是什么？")
