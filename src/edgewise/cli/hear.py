"""`edgewise hear FILE`: what is said in a sound file, by the ears of this machine."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from edgewise.core.words import Language
from edgewise.errors import UserError
from edgewise.perceive.hear import Heard
from edgewise.sound.pcm import Pcm

File = Annotated[Path, typer.Argument(help="WAV, FLAC, Ogg or MP3; at most two hours.")]
Spoken = Annotated[Language | None, typer.Option("--language", help="en or zh; else detected.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object, with confidence and time.")]

LONGEST_S = 2 * 3600.0
MOST_BYTES = 256 << 20
"""Of a file: two hours of 16-bit sound at 16 kHz."""
WAIT_S = 2 * 3600.0


def hear(file: File, language: Spoken = None, json: AsJson = False) -> None:
    """Write down what is said in a sound file."""
    from edgewise.sound.read import read_sound

    try:
        size_bytes = file.stat().st_size
        if size_bytes > MOST_BYTES:
            told = f"{file} has {size_bytes:,} bytes, the limit is {MOST_BYTES:,}; give a part"
            raise UserError(told, code="bad_sound")
        data = file.read_bytes()
    except OSError as error:
        told = f"{file}: {error.strerror}; name a sound file"
        raise UserError(told, code="bad_sound") from error
    sound = read_sound(data, longest_s=LONGEST_S, most_bytes=MOST_BYTES)
    heard = asyncio.run(_transcribe(sound, language))
    if json:
        sys.stdout.write(msgspec.json.encode(heard).decode() + "\n")
    elif heard.text:
        sys.stdout.write(heard.text + "\n")
    else:
        sys.stderr.write("edgewise: nobody speaks in it\n")


async def _transcribe(sound: Pcm, language: Language | None) -> Heard:
    from edgewise.perceive.ears import LocalEars

    ears = LocalEars()
    try:
        return await ears.transcribe(sound, language=language, deadline_s=WAIT_S)
    finally:
        await ears.close()
