"""`edgewise hear FILE`: what is said in a sound file, by the ears of this machine."""

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from edgewise.cli.language import spoken
from edgewise.core.words import Language, Words
from edgewise.errors import UserError
from edgewise.perceive.hear import NO_WORDS, Heard, Vocabulary
from edgewise.sound.pcm import Pcm

if TYPE_CHECKING:
    from edgewise.perceive.ears import EarsSettings

File = Annotated[Path, typer.Argument(help="WAV, FLAC, Ogg or MP3; at most two hours.")]
Spoken = Annotated[Language | None, typer.Option("--language", help="en or zh; else detected.")]
Plain = Annotated[bool, typer.Option("--plain", help="Do not favour the words of commands.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object, with confidence and time.")]
By = Annotated[
    str, typer.Option("--recogniser", help="One of `edgewise models`; else that of [senses] hear.")
]

LONGEST_S = 2 * 3600.0
MOST_BYTES = 256 << 20
"""Of a file: two hours of 16-bit sound at 16 kHz."""
WAIT_S = 2 * 3600.0
_NOBODY = Words("edgewise: nobody speaks in it\n", "edgewise: 其中没有人说话\n")


def hear(
    file: File, language: Spoken = None, plain: Plain = False, json: AsJson = False, by: By = ""
) -> None:
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
    words = NO_WORDS if plain else _words(language)
    heard = asyncio.run(_transcribe(sound, language, words, _settings(by)))
    if json:
        sys.stdout.write(msgspec.json.encode(heard).decode() + "\n")
    elif heard.text:
        sys.stdout.write(heard.text + "\n")
    else:
        sys.stderr.write(_NOBODY.said_in(spoken()))


def _words(language: Language | None) -> Vocabulary:
    """What a device on this machine would expect to hear, but for its own names."""
    from edgewise.act.catalogue import builtin_catalogue
    from edgewise.perceive.vocabulary import vocabulary_of

    capabilities = builtin_catalogue().capabilities
    languages = [language] if language is not None else list(Language)
    known = [vocabulary_of(capabilities, one) for one in languages]
    return Vocabulary(tuple(dict.fromkeys(word for one in known for word in one.words)))


def _settings(name: str) -> "EarsSettings":
    """Of the recogniser of that name; of the owner's where it is empty. Raises UserError."""
    from edgewise.device.config import data_folder, load_config
    from edgewise.device.senses import ears_settings
    from edgewise.perceive.recognisers import checked

    folder = data_folder()
    name = checked(name) if name else load_config(folder).senses.hear
    return ears_settings(name, folder / "models")


async def _transcribe(
    sound: Pcm, language: Language | None, words: Vocabulary, settings: "EarsSettings"
) -> Heard:
    from edgewise.perceive.ears import LocalEars

    ears = LocalEars(settings)
    try:
        return await ears.transcribe(sound, language=language, vocabulary=words, deadline_s=WAIT_S)
    finally:
        await ears.close()
