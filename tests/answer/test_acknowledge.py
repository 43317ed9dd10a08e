"""Frequent answers are kept on disk, others only in memory; both are bounded."""

import msgspec

from edgewise.answer.acknowledge import (
    FREQUENT,
    MOST_CHARACTERS,
    MOST_FILES,
    MOST_REMEMBERED,
    Acknowledgements,
    Key,
    is_frequent,
)
from edgewise.core.words import Language
from edgewise.sound.pcm import Pcm

EN, ZH = Language.ENGLISH, Language.CHINESE
OK = Key("OK.", EN, "af_heart", 1.0, "f" * 64)
PRIVATE = msgspec.structs.replace(OK, text="Call Anna.")
SOUND = Pcm(b"\1\0" * 100, 24_000)


def test_a_frequent_answer_is_there_after_a_restart(tmp_path):
    Acknowledgements(tmp_path / "voice").keep(OK, SOUND)
    assert Acknowledgements(tmp_path / "voice").find(OK) == SOUND


def test_words_of_a_person_are_kept_in_memory_alone(tmp_path):
    kept = Acknowledgements(tmp_path)
    kept.keep(PRIVATE, SOUND)
    assert kept.find(PRIVATE) == SOUND
    assert list(tmp_path.iterdir()) == []
    assert Acknowledgements(tmp_path).find(PRIVATE) is None


def test_another_voice_speed_language_or_model_is_another_sound(tmp_path):
    kept = Acknowledgements(tmp_path)
    kept.keep(OK, SOUND)
    for other in (
        {"voice": "am_michael"},
        {"speed": 1.2},
        {"language": ZH, "text": "好的。"},
        {"model": "e" * 64},
    ):
        assert kept.find(msgspec.structs.replace(OK, **other)) is None
        assert msgspec.structs.replace(OK, **other).file_name != OK.file_name


def test_a_file_that_was_damaged_is_not_played(tmp_path):
    Acknowledgements(tmp_path).keep(OK, SOUND)
    (path,) = tmp_path.iterdir()
    for damage in (b"", b"\xc1", path.read_bytes()[:-3], msgspec.msgpack.encode([24_000, b"odd"])):
        path.write_bytes(damage)
        assert Acknowledgements(tmp_path).find(OK) is None


def test_what_was_said_longest_ago_is_forgotten():
    kept = Acknowledgements(None)
    keys = [msgspec.structs.replace(OK, text=f"clause {n}") for n in range(MOST_REMEMBERED + 1)]
    for key in keys:
        kept.remember(key, SOUND)
        kept.find(keys[0])  # asked for again and again: it stays
    assert kept.find(keys[0]) == SOUND
    assert kept.find(keys[1]) is None


def test_long_and_silent_clauses_are_not_remembered():
    kept = Acknowledgements(None)
    long = msgspec.structs.replace(OK, text="a" * (MOST_CHARACTERS + 1))
    kept.remember(long, SOUND)
    kept.remember(OK, Pcm(b""))
    assert kept.find(long) is None
    assert kept.find(OK) is None


def test_files_do_not_grow_without_end(tmp_path):
    kept = Acknowledgements(tmp_path)
    for n in range(MOST_FILES + 5):
        kept.keep(msgspec.structs.replace(OK, voice=str(n)), SOUND)
    assert len(list(tmp_path.iterdir())) == MOST_FILES


def test_a_folder_that_can_not_be_written_breaks_nothing(tmp_path):
    (tmp_path / "voice").write_text("a file stands in the way")
    kept = Acknowledgements(tmp_path / "voice")
    kept.keep(OK, SOUND)
    assert kept.find(OK) == SOUND


def test_each_frequent_answer_is_short_in_both_languages():
    for words in FREQUENT:
        for language in Language:
            assert is_frequent(words.said_in(language), language)
            assert len(words.said_in(language)) <= MOST_CHARACTERS
    assert not is_frequent("好的。", EN)
