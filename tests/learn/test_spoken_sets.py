"""A user's own recordings: how they lie in a folder, and what is wrong with one that does not."""

import wave
from pathlib import Path

import pytest

from edgewise.core.words import Language
from edgewise.errors import UserError
from edgewise.learn.spoken_sets import load_spoken_sets


def record(path: Path, text: str | None = None) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\x01\x00" * 800)
    if text is not None:
        path.with_suffix(".txt").write_text(text + "\n", "utf-8")


def test_sets_languages_and_texts_are_read(tmp_path: Path):
    record(tmp_path / "en" / "a.wav", "open the window")
    record(tmp_path / "my car" / "zh" / "b.wav")
    (tmp_path / "my car" / "zh" / "transcripts.tsv").write_text("b.wav\t打开车窗\n", "utf-8")
    record(tmp_path / "synthetic-x" / "en" / "c.wav", "call mom\tcall.start")
    own, made, car = load_spoken_sets(tmp_path)
    assert (own.set, own.text, own.language) == ("own", "open the window", Language.ENGLISH)
    assert (car.set, car.text, car.language) == ("my car", "打开车窗", Language.CHINESE)
    assert (made.text, made.capability) == ("call mom", "call.start")
    assert [one.is_made for one in (own, made, car)] == [False, True, False]
    assert own.sound.rate_hz == 16_000
    assert own.sound.length_s == pytest.approx(0.1, abs=0.01)


def test_a_folder_without_recordings_says_how_they_should_lie(tmp_path: Path):
    with pytest.raises(UserError, match="NAME/en or NAME/zh"):
        load_spoken_sets(tmp_path)
    with pytest.raises(UserError, match="is no folder"):
        load_spoken_sets(tmp_path / "nothing")


def test_a_recording_without_its_text_is_named(tmp_path: Path):
    record(tmp_path / "en" / "a.wav")
    with pytest.raises(UserError, match=r"a\.wav has no text"):
        load_spoken_sets(tmp_path)


def test_a_file_that_is_no_sound_is_named(tmp_path: Path):
    record(tmp_path / "en" / "a.wav", "hello")
    (tmp_path / "en" / "a.wav").write_bytes(b"nothing")
    with pytest.raises(UserError, match=r"a\.wav"):
        load_spoken_sets(tmp_path)
