"""`edgewise say`: text as speech, through the loudspeaker or into a file."""

import asyncio
import sys
import wave
from collections.abc import Iterable
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from edgewise.cli.language import spoken
from edgewise.core.words import Language, Words
from edgewise.device.loudspeaker import BUFFER_MS, Loudspeaker, Playing
from edgewise.errors import DeviceError, ModelError, UserError
from edgewise.sound.pcm import SPEAKING_HZ, Pcm
from edgewise.sound.resample import resample

if TYPE_CHECKING:
    from edgewise.answer.speak import Voice

Text = Annotated[str, typer.Argument(help="What to say; - reads standard input.")]
VoiceName = Annotated[str, typer.Option("--voice", help="A name from --voices.")]
Spoken = Annotated[str, typer.Option("--language", help="en or zh; else it is told by the text.")]
Speed = Annotated[float, typer.Option("--speed", min=0.5, max=2.0, help="1 is usual.")]
Out = Annotated[Path | None, typer.Option("--out", help="Write a WAV file, play nothing.")]
Voices = Annotated[bool, typer.Option("--voices", help="List the voices.")]

LONGEST_S = 1800.0
_ENDINGS = ("", ".wav", ".wave")


def say(
    text: Text = "",
    voice: VoiceName = "",
    language: Spoken = "",
    speed: Speed = 1.0,
    out: Out = None,
    voices: Voices = False,
) -> None:
    """Say a text in English or Chinese."""
    if voices:
        _list_voices()
        return
    said = sys.stdin.read() if text == "-" else text
    if not said.strip():
        raise UserError('nothing to say; give a text: edgewise say "Hello"', code="bad_request")
    if out is not None and out.suffix.lower() not in _ENDINGS:
        raise UserError(f"{out}: it writes WAV only; end the name in .wav", code="bad_request")
    asyncio.run(_say(said, _language(language, said), voice, speed, out))


async def _say(text: str, language: Language, voice: str, speed: float, out: Path | None) -> None:
    from edgewise.device.config import data_folder, load_config

    speaking = make_voice(data_folder() / "cache", load_config(data_folder()).voice_command)
    playing, loudspeaker = Playing(), None
    sounds: list[Pcm] = []
    try:
        stream = speaking.speak(text, language, voice=voice, speed=speed, deadline_s=LONGEST_S)
        async with aclosing(stream):
            async for clause in stream:
                if not clause.sound.data:
                    continue
                if out is None and not sounds:
                    loudspeaker = _opened(playing)
                sounds.append(clause.sound)
                if loudspeaker is not None:
                    playing.add(resample(clause.sound, SPEAKING_HZ).data)
        if loudspeaker is not None:
            await _finish(playing)
    finally:
        await speaking.close()
        if loudspeaker is not None:
            loudspeaker.close()
    if not sounds:
        told = "there is nothing in it that can be said; give a text of letters or numbers"
        raise UserError(told, code="bad_request")
    _warn_of_unspoken(text)
    if loudspeaker is None:
        path = out or _free_path(Path("speech.wav"))
        length_s = write_wav(path, sounds)
        told = _WROTE if out is not None else _WROTE_INSTEAD
        print(told.said_in(spoken()).format(length_s=length_s, path=path))


def make_voice(cache_folder: Path, command: tuple[str, ...]) -> "Voice":
    """The voice that the settings name: another program's, or the one of this machine."""
    if command:
        from edgewise.answer.voice_command import CommandVoice

        return CommandVoice(command)
    from edgewise.answer.voice import LocalVoice, VoiceSettings

    return LocalVoice(VoiceSettings(cache_folder=cache_folder))


def write_wav(path: Path, sounds: Iterable[Pcm]) -> float:
    """Write sounds one after another; how long they are together, in seconds. Raises UserError when
    the file can not be written."""
    whole = list(sounds)
    rate_hz = whole[0].rate_hz if whole else SPEAKING_HZ
    try:
        with path.open("wb") as bare, wave.open(bare, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(rate_hz)
            for sound in whole:
                file.writeframes(sound.data)
    except OSError as error:
        told = f"{path}: {error.strerror}; name a file that can be written"
        raise UserError(told, code="bad_request") from error
    return sum(sound.length_s for sound in whole)


def _language(named: str, text: str) -> Language:
    from edgewise.perceive.perceive import language_of

    if not named:
        return language_of(text)
    if named not in tuple(Language):
        known = " and ".join(Language)
        raise UserError(f"the language is {named!r}; known are {known}", code="bad_request")
    return Language(named)


def _list_voices() -> None:
    from edgewise.answer.voices import DEFAULTS, language_of_voice, voice_names

    tongue = spoken()
    for name in voice_names():
        language = language_of_voice(name)
        whose = (_WOMAN if name[1] == "f" else _MAN).said_in(tongue)
        default = _DEFAULT.said_in(tongue) if DEFAULTS[language] == name else ""
        print(f"{name:12} {language}  {whose}{default}")


def _warn_of_unspoken(text: str) -> None:
    from edgewise.answer.sounds import unspoken

    left = unspoken(text)
    if left:
        sys.stderr.write(_UNSPOKEN.said_in(spoken()).format(left=left[:60]))


def _free_path(path: Path) -> Path:
    number = 1
    found = path
    while found.exists():
        number += 1
        found = path.with_stem(f"{path.stem}-{number}")
    return found


def _opened(playing: Playing) -> Loudspeaker | None:
    """The loudspeaker, or None where there is none."""
    try:
        return Loudspeaker(playing)
    except (DeviceError, ModelError):
        return None


async def _finish(playing: Playing) -> None:
    """Returns when all of it was heard."""
    while left_s := playing.left_s:  # noqa: ASYNC110 - the loudspeaker tells nothing
        await asyncio.sleep(left_s)
    await asyncio.sleep(BUFFER_MS / 1000)


_WROTE = Words(
    "Wrote {length_s:.1f} s of speech to {path}", "已将 {length_s:.1f} 秒语音写入 {path}"
)
_WROTE_INSTEAD = Words(
    "No loudspeaker here. Wrote {length_s:.1f} s of speech to {path}",
    "没有找到扬声器，已将 {length_s:.1f} 秒语音写入 {path}",
)
_UNSPOKEN = Words(
    "edgewise: without a sound here, so not said: {left}\n",
    "edgewise: 以下内容无法发音，已跳过：{left}\n",
)
_WOMAN, _MAN = Words("woman", "女声"), Words("man", "男声")
_DEFAULT = Words("  (default)", "  （默认）")
