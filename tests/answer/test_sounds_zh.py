"""Chinese syllables become sounds, with the tones of connected speech."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgewise.answer.sounds_zh import ChineseSounds, changed, sounds_of
from tests.each_row import each_row


@pytest.fixture(scope="module")
def chinese() -> ChineseSounds:
    pytest.importorskip("jieba")
    pytest.importorskip("pypinyin")
    sounds = ChineseSounds()
    sounds.load()
    return sounds


@each_row(
    "syllable, sounds",
    [
        ("zhong1", "ꭧʊ→ŋ"),
        ("shi4", "ʂɨ↘"),
        ("zi5", "ʦɨ"),
        ("xu1", "ɕy→"),
        ("lüe4", "lɥe↘"),
        ("nv3", "ny↓"),
        ("yuan2", "ɥɛ↗n"),
        ("you3", "jou↓"),
        ("jiu3", "ʨjou↓"),
        ("wei4", "wei↘"),
        ("gui4", "kwei↘"),
        ("er4", "ɚ↘"),
        ("ri4", "ɻɨ↘"),
        ("bo1", "pwo→"),
        ("o2", "ɔ↗"),
        ("a", ""),
        ("", ""),
        ("xyz1", ""),
    ],
)
def test_a_syllable_has_its_sounds(syllable: str, sounds: str):
    assert sounds_of(syllable) == sounds


def test_all_syllables_of_the_dictionary_have_sounds(chinese: ChineseSounds):
    from pypinyin import Style, pinyin

    without: set[str] = set()
    for code in range(0x4E00, 0x9FA6):
        for readings in pinyin(chr(code), style=Style.TONE3, heteronym=True,
                               neutral_tone_with_five=True):  # fmt: skip
            without |= {each for each in readings if each.isalnum() and not sounds_of(each)}
    assert {each for each in without if ord(each[0]) < 0x3400} <= {"pin1ye", "hai3lo"}


@each_row(
    "text, tones",
    [
        ("你好", "23"),
        ("很好", "23"),
        ("不是", "24"),
        ("不能", "42"),
        ("一个", "24"),
        ("一起", "43"),
        ("第一", "41"),
        ("十一月", "214"),
        ("星期一", "111"),
        ("北京", "31"),
    ],
)
def test_tones_change_as_in_speech(chinese: ChineseSounds, text: str, tones: str):
    arrows = str.maketrans({"→": "1", "↗": "2", "↓": "3", "↘": "4"})
    told = "".join(each for each in chinese.of(text).translate(arrows) if each in "1234")
    assert told == tones


@each_row(
    "text, syllable",
    [
        ("银行", "xa↗ŋ"),
        ("行驶", "ɕi↗ŋ"),
        ("重新", "ꭧʰʊ↗ŋ"),
        ("重量", "ꭧʊ↘ŋ"),
        ("音乐", "ɥe↘"),
        ("快乐", "lɤ↘"),
        ("还有", "xai↗"),
        ("空调", "tʰjau↗"),
        ("长城", "ꭧʰa↗ŋ"),
        ("行长", "ꭧa↓ŋ"),
    ],
)
def test_a_character_of_two_readings_is_read_by_its_word(
    chinese: ChineseSounds, text: str, syllable: str
):
    assert syllable in chinese.of(text)


def test_thirds_change_within_a_word_and_after_a_single_one():
    assert changed([("ni3",), ("hao3",)], ["你", "好"]) == [["ni2"], ["hao3"]]
    assert changed([("hao3",), ("jiu3", "ba1")], ["好", "酒吧"])[0] == ["hao2"]
    assert changed([("zhi3", "hao3")], ["只好"]) == [["zhi2", "hao3"]]


def test_words_of_a_car_are_not_cut_apart(chinese: ChineseSounds):
    assert len(chinese.of("主驾车窗").split()) == 2


def test_no_cache_in_the_shared_folder_is_made(chinese: ChineseSounds, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    again = ChineseSounds()
    again.load()
    assert again.of("你好")
    assert list(tmp_path.iterdir()) == []


@settings(deadline=None, max_examples=60)
@given(st.text(st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF), max_size=40))
def test_no_character_breaks_it(chinese: ChineseSounds, text: str):
    chinese.of(text)
