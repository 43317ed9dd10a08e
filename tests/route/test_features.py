"""Surface features tell what a question looks like, and little slips hardly move them."""

import pytest

from edgewise.route.features import NAMES, asked_in, ends_of, features_of

QUESTION = "Which of the following is not a prime?\nA. 2\nB. 9\nC. 11\nD. 13\nAnswer:"


def test_every_name_has_a_value() -> None:
    for text in ("", " ", "?", "你好", QUESTION, "x" * 50_000):
        assert tuple(features_of(text)) == NAMES


def test_options_and_numbers_are_counted() -> None:
    found = features_of(QUESTION)
    assert found["options"] > 1.5
    assert found["option_numbers"] == 1
    assert found["asks_which"] > 0
    assert found["denies"] > 0


def test_chinese_is_read() -> None:
    found = features_of("下列哪一项不是质数？")
    assert found["chinese"] > 0.8
    assert found["asks_which"] > 0
    assert found["follows"] > 0


@pytest.mark.parametrize("change", [str.lower, lambda t: t.replace(" ", "  "), lambda t: t + "?"])
def test_case_blanks_and_a_question_mark_change_nothing(change: object) -> None:
    assert callable(change)
    text = "How many eggs does she sell on the 3 days?"
    assert features_of(change(text)) == pytest.approx(features_of(text))


def test_of_a_long_text_the_ends_are_read() -> None:
    text = "a" * 900 + "b" * 5_000 + "c" * 500
    assert set(ends_of(text)) == {"a", "\n", "c"}


def test_a_system_prompt_is_never_asked() -> None:
    asked = [("user", "What is 2 + 2?")]
    for prompt in ("Be brief.", "Prove theorems in Python. " * 99):
        assert asked_in([("system", prompt), *asked]) == asked_in(asked) == "What is 2 + 2?"
        assert asked_in([("system", prompt), ("user", "yes")]) == "yes"


def test_a_bare_yes_asks_what_it_approves() -> None:
    turns = [("user", "Hi"), ("assistant", "Shall I prove the lemma?"), ("user", "Yes, please")]
    assert "lemma" in asked_in(turns)
    assert asked_in([*turns[:2], ("user", "No, what time is it?")]) == "No, what time is it?"
    assert asked_in([]) == ""
