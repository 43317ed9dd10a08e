"""Each part of a text sounds by the rules of its own script; what has no sounds is told."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgewise.answer.sounds import Sounds, plain, tidied, unspoken
from edgewise.core.words import Language
from edgewise.errors import ModelError

EN, ZH = Language.ENGLISH, Language.CHINESE


@pytest.fixture(scope="module")
def sounds() -> Sounds:
    pytest.importorskip("jieba")
    made = Sounds()
    try:
        made.load(ZH)
    except ModelError as error:
        pytest.skip(f"the dictionaries are not installed: {error}")
    return made


def test_english_words_in_chinese_are_english(sounds: Sounds):
    said = sounds.of("正在播放Taylor Swift的歌。", ZH)
    assert "tˈAləɹ swˈɪft" in said
    assert said.startswith("ꭧə↘ŋʦai↘")


def test_chinese_words_in_english_are_chinese_and_figures_english(sounds: Sounds):
    assert sounds.of("晴天, 22 °C.", EN) == "ʨʰi↗ŋtʰjɛ→n, twˈɛnti tˈu dəɡɹˈiz."


def test_marks_stand_where_they_did(sounds: Sounds):
    assert sounds.of("OK. Now, go!", EN) == "ˌOkˈA. nˈW, ɡˌO!"


def test_letters_of_another_script_are_named_once(sounds: Sounds):
    said = sounds.of("Hi Мария, Мария.", EN, tells=True)
    assert said == "hˈI " + sounds.of("something in another script", EN) + "."
    assert sounds.of("Мария", EN) == ""


def test_what_is_not_spoken_is_told():
    assert unspoken("Hi Мир 🙂 22 °C 好") == "Мир"
    assert unspoken("Hello, 好。") == ""


def test_controls_and_emoji_are_passed_over(sounds: Sounds):
    assert sounds.of("O\x00K\u202e 🙂👍🏽\x1b[31m.", EN).endswith(".")
    assert sounds.of("\x00\x01\u200b🙂", EN) == ""


def test_wide_forms_are_the_plain_ones():
    assert plain("ＡＢ１２") == "AB12"


def test_the_strongest_of_several_marks_stays():
    assert tidied(" a , . b !? c ,") == "a. b? c,"
    assert tidied(", . a") == "a"


def test_ten_thousand_characters_are_done_at_once(sounds: Sounds):
    for text in ("a" * 10_000, "好" * 10_000, "1" * 10_000, "a.b@" * 2500, "," * 10_000):
        sounds.of(text, EN)
        sounds.of(text, ZH)


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=120), st.sampled_from([EN, ZH]), st.booleans())
def test_no_text_breaks_it(sounds: Sounds, text: str, language: Language, tells: bool):
    sounds.of(text, language, tells=tells)
    unspoken(text)
