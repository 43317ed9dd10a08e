"""Words are said in the language asked for."""

from edgewise.core.words import Language, Words


def test_each_language_has_its_own_text() -> None:
    words = Words("open", "打开")
    assert {language: words.said_in(language) for language in Language} == {
        "en": "open",
        "zh": "打开",
    }
