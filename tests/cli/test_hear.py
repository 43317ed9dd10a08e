"""`edgewise hear` writes down what is said in a file, and tells what it can not read."""

import json
import wave
from pathlib import Path

import pytest

from tests.cli.conftest import Edgewise
from tests.perceive.sounds import needs_model, recorded


def write(path: Path, data: bytes) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(data)
    return path


def test_a_file_that_is_not_there_or_no_sound_is_one_clear_line(
    edgewise: Edgewise, tmp_path: Path
) -> None:
    assert edgewise("hear", str(tmp_path / "nothing.wav")).is_one_clear_line("name a sound file")
    (tmp_path / "no.wav").write_bytes(b"this is text")
    assert edgewise("hear", str(tmp_path / "no.wav")).is_one_clear_line("WAV, FLAC, Ogg")


def test_the_owner_s_recogniser_is_used_unless_another_is_named(
    edgewise: Edgewise, home: Path, tmp_path: Path
) -> None:
    path = str(write(tmp_path / "said.wav", recorded("something").data))
    with (home / "config.toml").open("a", encoding="utf-8") as file:
        file.write("[senses]\nhear = 'whisper-small'\n")
    assert edgewise("hear", path).is_one_clear_line(str(home / "models" / "whisper-small"))
    other = edgewise("hear", path, "--recogniser", "whisper-medium")
    assert other.is_one_clear_line(str(home / "models" / "whisper-medium"))
    assert edgewise("hear", path, "--recogniser", "nope").is_one_clear_line("whisper-small")


@pytest.mark.slow
def test_what_a_person_says_is_written_down(edgewise: Edgewise, tmp_path: Path) -> None:
    needs_model("silero-vad", "moonshine-tiny-en")
    path = write(tmp_path / "said.wav", recorded("something").data)
    ran = edgewise("hear", str(path), "--language", "en", "--json")
    assert ran.code == 0, ran.err
    told = json.loads(ran.out)
    assert told["text"] == "Go somewhere and do something"
    assert told["language"] == "en"


@pytest.mark.slow
def test_silence_is_told_and_writes_nothing(edgewise: Edgewise, tmp_path: Path) -> None:
    needs_model("silero-vad")
    ran = edgewise("hear", str(write(tmp_path / "silent.wav", bytes(32_000))), "--language", "en")
    assert (ran.code, ran.out) == (0, "")
    assert "nobody speaks" in ran.err


@pytest.mark.slow
def test_an_order_is_heard_as_the_device_would(edgewise: Edgewise, tmp_path: Path) -> None:
    needs_model("silero-vad", "whisper-base", "kokoro-82m", "kokoro-voices")
    path = str(tmp_path / "said.wav")
    assert edgewise("say", "打开空调", "--out", path).code == 0
    assert edgewise("hear", path, "--language", "zh").out.strip() == "打开空调"
