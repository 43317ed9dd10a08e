"""Speech for the voice benchmark: commands said by the shipped voices, as a microphone gives them.

Kokoro says them, so they are synthetic and clean: what is measured on them is time, not how well a
recogniser hears. Where speech begins and ends in a clip is told by its loudness, not by the models
under measurement.
"""

import array
import hashlib
from collections.abc import Sequence
from contextlib import aclosing
from pathlib import Path

from msgspec import Struct

from edgewise.answer.speak import Voice
from edgewise.core.words import Language
from edgewise.sound.pcm import LISTENING_HZ, Pcm
from edgewise.sound.resample import resample

KEPT = Path(__file__).resolve().parents[1] / "build" / "voice_clips"
STEP_MS = 10
QUIET = 0.02
"""Of the loudest 10 ms: what is below it at either end is no speech."""


class Command(Struct, frozen=True):
    """What is said, who says it, and what moves by it: its signal."""

    text: str
    voice: str
    signal: str


class Clip(Struct, frozen=True):
    """A command's sound at LISTENING_HZ and where speech begins and ends in it."""

    command: Command
    sound: Pcm
    begins_ms: int
    ends_ms: int


async def make_clips(
    voice: Voice, commands: Sequence[Command], language: Language, kept: Path = KEPT
) -> tuple[Clip, ...]:
    """Each command as a clip; the sounds are kept in a folder, so that they are made once."""
    return tuple([await _clip(voice, command, language, kept) for command in commands])


async def _clip(voice: Voice, command: Command, language: Language, kept: Path) -> Clip:
    name = hashlib.sha256(f"{command.voice}:{command.text}".encode()).hexdigest()[:24]
    path = kept / f"{name}.pcm"
    data = _read(path)
    if data is None:
        data = await _said(voice, command, language)
        _keep(path, data)
    sound = Pcm(data)
    begins_ms, ends_ms = edges(sound)
    return Clip(command, sound, begins_ms, ends_ms)


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _keep(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


async def _said(voice: Voice, command: Command, language: Language) -> bytes:
    data = b""
    spoken = voice.speak(command.text, language, voice=command.voice)
    async with aclosing(spoken) as clauses:
        async for clause in clauses:
            data += resample(clause.sound, LISTENING_HZ).data
    return data


def edges(sound: Pcm) -> tuple[int, int]:
    """The milliseconds between which it is not quiet."""
    samples = array.array("h", sound.data)
    step = sound.rate_hz * STEP_MS // 1000
    loud = [
        sum(abs(value) for value in samples[i : i + step]) / step
        for i in range(0, len(samples) - step, step)
    ]
    limit = QUIET * max(loud)
    heard = [place for place, value in enumerate(loud) if value > limit]
    return heard[0] * STEP_MS, (heard[-1] + 1) * STEP_MS
