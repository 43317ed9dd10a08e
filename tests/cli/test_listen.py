"""`edgewise listen`: what is heard, done and said, from a recording; and without a microphone."""

import os
import subprocess
import sys
import wave
from pathlib import Path

import pytest

from edgewise.answer.voice import LocalVoice
from edgewise.cli.listen import Transcript, read_file
from edgewise.core.words import Language
from edgewise.core.zone import Zone
from edgewise.device.config import SensesConfig
from edgewise.device.senses import lacks
from edgewise.errors import UserError
from edgewise.talk.events import (
    Ended,
    Failed,
    Hearing,
    NotTranscribed,
    ReplyActed,
    ReplyEnded,
    Transcribed,
)

NO_MODELS = bool(lacks(SensesConfig(see="")))


def shown(capsys: pytest.CaptureFixture[str], *events: object, zh: bool = False) -> list[str]:
    transcript = Transcript(Language.CHINESE if zh else Language.ENGLISH)
    for event in events:
        transcript.show(event)  # type: ignore[arg-type]
    return capsys.readouterr().out.splitlines()


def test_what_is_heard_done_and_said_is_a_line_each(capsys: pytest.CaptureFixture[str]):
    lines = shown(
        capsys,
        Hearing("i", "open the"),
        Transcribed("i", "open the window", Language.ENGLISH, 1.0, 1.0),
        ReplyActed("r", "j", "c", "window.set", {"zone": "driver", "position": 100}, "ok", True),
        ReplyActed("r", "j", "c", "brake.set", {}, "forbidden", False),
        ReplyEnded("r", "j", Ended.COMPLETED, "It is open.", "It is open."),
        ReplyEnded("r", "j", Ended.INTERRUPTED, "It is open now.", "It is"),
    )
    assert lines == [
        "… open the",
        "> open the window",
        "  ✓ window.set zone=driver position=100",
        "  ✗ brake.set",
        "  It is open.",
        "  It is —",
    ]


def test_what_went_wrong_is_shown(capsys: pytest.CaptureFixture[str]):
    lines = shown(
        capsys,
        Transcribed("i", "", Language.ENGLISH, 0.0, 1.0),
        NotTranscribed("i", "model_busy", "too busy"),
        Failed("talk_overrun", "too much"),
        ReplyEnded("r", "j", Ended.FAILED, "", "", "model_failed", "no model"),
        zh=True,
    )
    assert lines == ["（没有听清）", "! too busy", "! too much", "! no model"]


def test_a_file_that_is_no_sound_is_refused(tmp_path: Path):
    (tmp_path / "a.wav").write_bytes(b"no sound at all")
    for path in (tmp_path / "a.wav", tmp_path / "none.wav"):
        with pytest.raises(UserError) as refused:
            read_file(path)
        assert refused.value.code == "bad_sound"


def test_a_file_of_as_many_channels_as_there_are_seats_is_taken_apart(tmp_path: Path):
    path = tmp_path / "two.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((2, 2, 16_000, 0, "NONE", ""))
        file.writeframes(b"\x10\x00\x20\x00" * 16_000)
    assert [sound.data[:2] for sound in read_file(path, 2)] == [b"\x10\x00", b"\x20\x00"]
    assert [sound.data[:2] for sound in read_file(path)] == [b"\x18\x00"]
    with pytest.raises(UserError, match=r"has 2 channels, \[senses\] names 3.*--zone") as refused:
        read_file(path, 3)
    assert refused.value.code == "bad_sound"


def test_whose_seat_it_was_is_shown(capsys: pytest.CaptureFixture[str]):
    said = Transcribed("i", "open the window", Language.ENGLISH, 1.0, 1.0, Zone.ROW2_LEFT)
    assert shown(capsys, said) == ["row2_left> open the window"]


def listen(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    (home / "config.toml").write_text('chat_model = ""\n')
    return subprocess.run(
        [sys.executable, "-m", "edgewise.cli", "listen", *arguments],
        env={**os.environ, "EDGEWISE_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.skipif(NO_MODELS, reason="no ears or voice: edgewise models install")
async def test_a_recording_is_heard_done_and_answered(tmp_path: Path):
    voice = LocalVoice()
    try:
        speak = voice.speak("Open the driver's window.", Language.ENGLISH)
        speech = b"".join([part.sound.data async for part in speak])
    finally:
        await voice.close()
    path = tmp_path / "said.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 24_000, 0, "NONE", ""))
        file.writeframes(speech)
    ended = listen(tmp_path, "--from", str(path), "--language", "en")
    assert ended.returncode == 0, ended.stderr
    lines = ended.stdout.splitlines()
    assert any(line.startswith("> ") and "window" in line for line in lines), lines
    assert any(line.startswith("  ✓ window.") for line in lines), lines
    assert "indow" in lines[-1]


@pytest.mark.slow
@pytest.mark.skipif(Path("/dev/snd").exists(), reason="this machine may have a microphone")
def test_without_a_microphone_the_error_names_the_way_out(tmp_path: Path):
    ended = listen(tmp_path)
    assert ended.returncode == 1
    assert "no microphone can be opened" in ended.stderr
    assert "--from FILE" in ended.stderr
    assert "Traceback" not in ended.stderr
