"""`edgewise say`: speech into a file or the loudspeaker; every mistake is one clear line."""

import asyncio
import sys
import wave
from pathlib import Path

import pytest

from edgewise.cli import say
from edgewise.cli.say import write_wav
from edgewise.device.loudspeaker import Playing
from edgewise.errors import UserError
from edgewise.sound.pcm import Pcm
from tests.cli.conftest import Edgewise
from tests.perceive.sounds import needs_model

SPEAKER = """
import sys, wave
text = sys.stdin.buffer.read()
with wave.open(sys.stdout.buffer, "wb") as file:
    file.setnchannels(1), file.setsampwidth(2), file.setframerate(22050)
    file.writeframes(bytes(2 * 2205))
"""


@pytest.fixture
def other_voice(home: Path) -> None:
    """A program that speaks a tenth of a second for each clause."""
    program = home / "speaker.py"
    program.write_text(SPEAKER, "utf-8")
    command = f"[{sys.executable!r}, {str(program)!r}]".replace("'", '"')
    with (home / "config.toml").open("a", encoding="utf-8") as file:
        file.write(f"voice_command = {command}\n")


def test_the_voices_are_listed_with_language_and_default(edgewise: Edgewise):
    out = edgewise("say", "--voices").out
    assert "af_heart" in out
    assert out.count("(default)") == 2
    assert all(line.split()[1] in ("en", "zh") for line in out.splitlines())


@pytest.mark.usefixtures("other_voice")
def test_a_text_is_written_to_a_file(edgewise: Edgewise, tmp_path: Path):
    path = tmp_path / "said.wav"
    ran = edgewise("say", "Hello there. Привет.", "--out", str(path))
    assert ran.code == 0, ran.err
    assert str(path) in ran.out
    assert "Привет" in ran.err
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnframes()) == (22_050, 2 * 2205)


@pytest.mark.usefixtures("other_voice")
def test_without_a_loudspeaker_a_new_file_is_written_and_named(
    edgewise: Edgewise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(say, "_opened", lambda playing: None)
    (tmp_path / "speech.wav").write_text("somebody's own")
    ran = edgewise("say", "-", stdin="你好。".encode())
    assert "No loudspeaker" in ran.out
    assert "speech-2.wav" in ran.out
    assert (tmp_path / "speech.wav").read_text() == "somebody's own"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("",), "nothing to say"),
        (("Hello", "--voice", "nobody", "--out", "x.wav"), "af_heart"),
        (("Hello", "--language", "fr"), "en and zh"),
        (("Hello", "--out", "x.mp3"), ".wav"),
        (("a" * 30_000, "--out", "x.wav"), "20,000"),
    ],
)
def test_a_mistake_is_one_clear_line(edgewise: Edgewise, arguments: tuple[str, ...], told: str):
    assert edgewise("say", *arguments).is_one_clear_line(told)


@pytest.mark.slow
def test_a_text_without_anything_to_say_is_told_and_writes_nothing(
    edgewise: Edgewise, tmp_path: Path
):
    needs_model("kokoro-82m", "kokoro-voices")
    path = tmp_path / "said.wav"
    assert edgewise("say", "😀", "--out", str(path)).is_one_clear_line("can be said")
    assert not path.exists()


def test_a_file_that_can_not_be_written_is_told(tmp_path: Path):
    with pytest.raises(UserError, match="name a file that can be written"):
        write_wav(tmp_path / "no" / "folder.wav", [Pcm(b"\0\0", 24_000)])


class FakeLoudspeaker:
    """Takes all there is, and keeps it."""

    def __init__(self, playing: Playing) -> None:
        self.playing = playing
        self.heard = b""
        self._task = asyncio.create_task(self._take())

    async def _take(self) -> None:
        while True:
            if self.playing.left_s:
                self.heard += self.playing.take(1_000)
            await asyncio.sleep(0)

    def close(self) -> None:
        self._task.cancel()


@pytest.mark.usefixtures("other_voice")
def test_what_is_said_is_played_to_its_end_and_written_nowhere(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    opened: list[FakeLoudspeaker] = []

    def open_one(playing: Playing) -> FakeLoudspeaker:
        opened.append(FakeLoudspeaker(playing))
        return opened[0]

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EDGEWISE_HOME", str(home))
    monkeypatch.setattr(say, "_opened", open_one)
    say.say("Hello there. Good morning.")
    [loudspeaker] = opened
    assert loudspeaker.playing.left_s == 0
    assert len(loudspeaker.heard) >= 2 * 2 * 2400, "two clauses of a tenth of a second at 24 kHz"
    assert not list(tmp_path.glob("*.wav"))
