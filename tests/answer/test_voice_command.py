"""Another program can be the voice: by its input and output alone, within limits."""

import asyncio
import struct
import sys
import wave
from pathlib import Path

import pytest

from edgewise.answer.voice_command import CommandVoice, read_wav
from edgewise.core.words import Language
from edgewise.errors import ModelError, UserError

EN, ZH = Language.ENGLISH, Language.CHINESE
SPEAKER = """
import sys, wave
text = sys.stdin.buffer.read()
with wave.open(sys.stdout.buffer, "wb") as file:
    file.setnchannels(1), file.setsampwidth(2), file.setframerate(22050)
    file.writeframes(bytes(2 * len(text)) + "|".join(sys.argv[1:]).encode().ljust(40))
"""


def command(program: str, *arguments: str) -> CommandVoice:
    return CommandVoice([sys.executable, "-c", program, *arguments])


async def test_a_program_speaks_each_clause():
    voice = command(SPEAKER, "{language}", "{voice}", "{speed}")
    spoken = [each async for each in voice.speak("好的，已打开。", ZH, voice="x", speed=1.5)]
    assert [each.text for each in spoken] == ["好的，", "已打开。"]
    assert spoken[0].sound.rate_hz == 22_050
    assert b"zh|x|1.5" in spoken[0].sound.data


async def test_words_never_become_arguments():
    voice = command(SPEAKER, "{language}")
    (spoken,) = [each async for each in voice.speak("--help {voice}", EN)]
    assert b"help" not in spoken.sound.data
    with pytest.raises(UserError, match="-f"):
        [each async for each in voice.speak("a", EN, voice="-f/etc/passwd")]


DEADLINE_S = {"model_crashed": 30.0, "model_failed": 30.0, "model_timed_out": 0.3}
"""Where the program itself ends it, a busy machine may take its time."""


@pytest.mark.parametrize(
    ("program", "code"),
    [
        ("raise SystemExit(3)", "model_crashed"),
        ("print('no sound')", "model_failed"),
        ("import sys\nwhile True: sys.stdout.write('a' * 65536)", "model_failed"),
        ("import time; time.sleep(60)", "model_timed_out"),
    ],
)
async def test_a_program_that_misbehaves_is_ended_and_told(program: str, code: str):
    with pytest.raises(ModelError) as raised:
        [each async for each in command(program).speak("a", EN, deadline_s=DEADLINE_S[code])]
    assert raised.value.code == code


async def test_a_program_that_is_not_there_is_told():
    with pytest.raises(ModelError, match="voice_command"):
        [each async for each in CommandVoice(["/no/such/program"]).speak("a", EN)]
    with pytest.raises(UserError):
        CommandVoice([])


async def test_closing_ends_the_program(tmp_path: Path):
    mark = tmp_path / "pid"
    program = f"import os, time; open({str(mark)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    stream = command(program).speak("a", EN)
    task = asyncio.ensure_future(anext(stream))
    async with asyncio.timeout(10):
        while not (mark.exists() and mark.read_text()):
            await asyncio.wait([task], timeout=0.02)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not Path(f"/proc/{mark.read_text()}").exists()


def test_a_stream_of_unknown_length_is_read(tmp_path: Path):
    head = b"RIFF\xff\xff\xff\x7fWAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 22050, 44100, 2, 16)
    sound = read_wav(head + b"data\x00\xf0\xff\x7f" + b"\1\0" * 50 + b"\1", "espeak-ng")
    assert (sound.samples, sound.rate_hz) == (50, 22_050)


@pytest.mark.parametrize("channels", [2])
def test_two_channels_are_refused(tmp_path: Path, channels: int):
    path = tmp_path / "two.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(8))
    for data in (path.read_bytes(), path.read_bytes()[:20], b"", b"RIFF" + bytes(100)):
        with pytest.raises(ModelError, match="no WAV"):
            read_wav(data, "program")
