"""Error rates: what counts, what is only spelling, and that a library of the field agrees."""

import jiwer
import pytest

from edgewise.core.words import Language
from edgewise.learn.word_errors import NO_ERRORS, Errors, edits, errors_between

EN, ZH = Language.ENGLISH, Language.CHINESE


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("set it to 22 degrees", "Set it to twenty-two degrees."),
        ("call 5550123", "Call 555-0123"),
        ("two nine three four zero", "29340"),
        ("check the tyre pressure", "Check the tire pressure."),
        ("how does the child lock work", "How does the childlock work?"),
        ("", ""),
    ],
)
def test_spelling_is_no_error_in_english(said: str, heard: str):
    assert errors_between(said, heard, EN).wrong == 0


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("调到二十二度", "调到22度。"),
        ("關閉車窗", "关闭车窗"),
        ("风量三挡", "风量三档"),
        ("好吗", "好嘛？"),
    ],
)
def test_spelling_is_no_error_in_chinese(said: str, heard: str):
    assert errors_between(said, heard, ZH).wrong == 0


def test_each_wrong_word_counts_once():
    assert errors_between("open the window", "open a window now", EN) == Errors(2, 3)
    assert errors_between("打开车窗", "大开窗", ZH) == Errors(2, 4)
    assert errors_between("open", "", EN) == Errors(1, 1)


def test_rates_are_of_all_that_was_said():
    assert (Errors(1, 10) + Errors(0, 10)).percent == 5.0
    assert NO_ERRORS.percent == 0.0


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("a b c d", "a x c"), ("one two", "two one two three"), ("a", "b c d e"), ("x y z", "x y z")],
)
def test_edits_are_those_of_jiwer(wanted: str, found: str):
    rate = jiwer.wer(wanted, found)
    assert edits(wanted.split(), found.split()) == round(rate * len(wanted.split()))
