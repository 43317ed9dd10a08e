"""`edgewise hear FILE`: what is said in a sound file, by the ears of this machine."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from edgewise.core.words import Language
from edgewise.errors import UserError
from edgewise.perceive.hear import NO_WORDS, Heard, Vocabulary
from edgewise.sound.pcm import Pcm

File = Annotated[Path, typer.Argument(help="WAV, FLAC, Ogg or MP3; at most two hours.")]
Spoken = Annotated[Language | None, typer.Option("--language", help="en or zh; else detected.")]
Plain = Annotated[bool, typer.Option("--plain", help="Not helped by the words of commands.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object, with confidence and time.")]

LONGEST_S = 2 * 3600.0
MOST_BYTES = 256 << 20
"""Of a file: two hours of 16-bit sound at 16 kHz."""
WAIT_S = 2 * 3600.0


def hear(file: File, language: Spoken = None, plain: Plain = False, json: AsJson = False) -> None:
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
    heard = asyncio.run(_transcribe(sound, language, NO_WORDS if plain else _words(language)))
    if json:
        sys.stdout.write(msgspec.json.encode(heard).decode() + "\n")
    elif heard.text:
        sys.stdout.write(heard.text + "\n")
    else:
        sys.stderr.write("edgewise: nobody speaks in it\n")


def _words(language: Language | None) -> Vocabulary:
    """What a device on this machine would expect to hear, but for its own names."""
    from edgewise.act.catalogue import builtin_catalogue
    from edgewise.perceive.vocabulary import vocabulary_of

    capabilities = builtin_catalogue().capabilities
    languages = [language] if language is not None else list(Language)
    known = [vocabulary_of(capabilities, one) for one in languages]
    return Vocabulary(tuple(dict.fromkeys(word for one in known for word in one.words)))


async def _transcribe(sound: Pcm, language: Language | None, words: Vocabulary) -> Heard:
    from edgewise.perceive.ears import LocalEars

    ears = LocalEars()
    try:
        return await ears.transcribe(sound, language=language, vocabulary=words, deadline_s=WAIT_S)
    finally:
        await ears.close()
