"""Wake words by sound, and any phrase by the words heard."""

import pytest

from edgewise.errors import UserError
from edgewise.perceive.wake import DEFAULT_WAKE_WORDS, WAKE_WORDS, WakeWord, after_wake_word
from edgewise.sound.level import amplify
from edgewise.sound.pcm import silence
from tests.each_row import each_row
from tests.recording import recording

JARVIS = ["hey_jarvis"]


def said(*, quieter_db: float = 0, behind_s: float = 1) -> bytes:
    spoken = amplify(recording("hey_jarvis").data, -quieter_db)
    return silence(1).data + spoken + silence(behind_s).data


def heard(wake: WakeWord, data: bytes, step: int = 640) -> list[str]:
    found = [wake.feed(data[place : place + step]) for place in range(0, len(data), step)]
    return [name for name in found if name]


def test_the_word_wakes_once_each_time_that_it_is_said():
    wake = WakeWord(JARVIS)
    assert heard(wake, said() + said()) == ["hey_jarvis", "hey_jarvis"]


def test_it_is_heard_at_a_distance_and_in_pieces_of_any_size():
    assert heard(WakeWord(JARVIS), said(quieter_db=20), 333) == ["hey_jarvis"]
    assert heard(WakeWord(JARVIS), said(), 10**6) == ["hey_jarvis"]


def test_two_sayings_within_the_time_of_deafness_are_one():
    word = recording("hey_jarvis").cut(0.3, 1.3).data
    assert heard(WakeWord(JARVIS), silence(1).data + word + word + silence(1).data) == [
        "hey_jarvis"
    ]
    apart = silence(1).data + word + silence(1).data
    assert heard(WakeWord(JARVIS), apart + apart) == ["hey_jarvis", "hey_jarvis"]


def test_other_speech_does_not_wake_any():
    wake = WakeWord(tuple(WAKE_WORDS))
    assert heard(wake, recording("go_forward").data) == []
    assert heard(wake, recording("sense_and_sensibility").data) == []


def test_only_the_words_that_were_named_are_listened_for():
    assert heard(WakeWord(["hey_mycroft", "okay_nabu"]), said()) == []


def test_after_a_reset_nothing_of_the_old_stream_is_known():
    wake, word = WakeWord(JARVIS), silence(1).data + recording("hey_jarvis").data
    whole = heard(WakeWord(JARVIS), word + silence(1).data)
    assert heard(wake, word[: len(word) * 3 // 4]) == []
    wake.reset()
    assert heard(wake, word[len(word) * 3 // 4 :] + silence(1).data) == []
    assert whole == ["hey_jarvis"]


def test_a_higher_cutoff_hears_less():
    assert heard(WakeWord(JARVIS, cutoffs={"hey_jarvis": 1.0}), said()) == []


def test_a_word_that_does_not_ship_is_refused_with_those_that_do():
    with pytest.raises(UserError, match="known are: hey_jarvis, okay_nabu") as refused:
        WakeWord(["hey_edgewise"])
    assert refused.value.code == "unknown_wake_word"


def test_the_trademark_is_on_only_when_it_is_asked_for():
    assert "alexa" in WAKE_WORDS
    assert "alexa" not in DEFAULT_WAKE_WORDS


@each_row(
    ("text", "phrase", "rest"),
    [
        ("你好小边打开车窗", "你好小边", "打开车窗"),
        ("您好，小编。打开车窗", "你好小边", "打开车窗"),
        ("嗯，你好小鞭", "你好小边", ""),
        ("你好小班放音乐", "你好小边", "放音乐"),
        ("小爱同学，今天天气", "小艾同学", "今天天气"),
        ("Hey, Edge Wise, open the window", "hey edgewise", "open the window"),
        ("Um. Hey Edgewize! Open it.", "hey edgewise", "Open it."),
        ("Okay Nabu stop", "okay nabu", "stop"),
        ("Hello 小边, 22度", "hello 小边", "22度"),
    ],
)
def test_what_follows_the_phrase_is_given_however_it_was_written(text: str, phrase: str, rest: str):
    assert after_wake_word(text, [phrase]) == rest


@each_row(
    ("text", "phrase"),
    [
        ("打开你好小边", "你好小边"),
        ("你好小心点", "你好小边"),
        ("你好", "你好小边"),
        ("小边", "你好小边"),
        ("hey jarvis open it", "hey edgewise"),
        ("open the window", "hey edgewise"),
        ("", "hey edgewise"),
        ("anything", "..."),
        ("嗯啊哦呃嗯你好小边", "你好小边"),
    ],
)
def test_what_does_not_begin_with_the_phrase_is_not_said_to_the_device(text: str, phrase: str):
    assert after_wake_word(text, [phrase]) is None


def test_of_several_phrases_the_longest_that_fits_counts():
    assert after_wake_word("hey edgewise car, go", ["hey edgewise", "hey edgewise car"]) == "go"
