"""Words are said in the language asked for."""

import pytest

from edgewise.core.words import Language, Words


def test_each_language_has_its_own_text() -> None:
    words = Words("open", "打开")
    assert {language: words.said_in(language) for language in Language} == {
        "en": "open",
        "zh": "打开",
    }


def test_the_places_of_a_text_are_filled_alike_in_every_language() -> None:
    assert Words("open {what}", "打开{what}").filled(what="A") == Words("open A", "打开A")
    with pytest.raises(KeyError):
        Words("open {what}", "打开").filled(whom="A")
