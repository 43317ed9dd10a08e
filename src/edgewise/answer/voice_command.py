"""A voice that is another program: text to its standard input, a WAV file from its output.

For engines that may not be part of Edgewise, by their licence or their weight; nothing of them is
imported. `["espeak-ng", "-v", "{language}", "--stdin", "--stdout"]` is one. The program runs once a
clause, with a limit on time and on what it may write. It may run on words of anybody: they go to
its input, never to its command line.
"""

import asyncio
import os
import struct
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress

from edgewise.answer.clauses import clauses_of
from edgewise.answer.speak import Spoken
from edgewise.core.words import Language
from edgewise.errors import ModelError, UserError
from edgewise.sound.pcm import Pcm

MOST_BYTES = 20 << 20
PLACES = ("{language}", "{voice}", "{speed}")
_SEEN = ("HOME", "LANG", "LC_ALL", "PATH", "TMPDIR")


class CommandVoice:
    """Implements `Voice` by a command. `{language}` (en, zh), `{voice}` and `{speed}` in its
    arguments are filled in."""

    def __init__(self, command: Sequence[str], *, default_voice: str = "") -> None:
        """Raises UserError (`bad_config`) for an empty command."""
        if not command:
            raise UserError("voice_command is empty; name a program", code="bad_config")
        self._command = tuple(command)
        self._default_voice = default_voice

    async def speak(
        self,
        text: str,
        language: Language,
        *,
        voice: str = "",
        speed: float = 1.0,
        deadline_s: float = 60.0,
    ) -> AsyncGenerator[Spoken, None]:
        """The clauses of `text` as they are made; closing it ends the program."""
        voice = voice or self._default_voice
        if voice.startswith("-"):
            raise UserError(f"no voice is called {voice!r}", code="unknown_voice")
        filled = [
            part.replace("{language}", language).replace("{voice}", voice or language)
            .replace("{speed}", f"{speed:g}")
            for part in self._command
        ]  # fmt: skip
        deadline = asyncio.get_running_loop().time() + deadline_s
        for clause in clauses_of(text, language):
            if any(sign.isalnum() for sign in clause):
                yield Spoken(clause, await self._said(filled, clause, deadline))
            else:
                yield Spoken(clause, Pcm(b""))

    async def warm(self, language: Language) -> None:
        """Nothing is loaded: the program starts for each clause."""

    async def close(self) -> None:
        """Nothing is held."""

    async def _said(self, command: list[str], clause: str, deadline: float) -> Pcm:
        name = command[0]
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=PIPE,
                stdout=PIPE,
                stderr=DEVNULL,
                env={key: os.environ[key] for key in _SEEN if key in os.environ},
                start_new_session=True,
            )
        except OSError as error:
            told = f"voice_command {name!r} can not be run: {error}; correct it in config.toml"
            raise ModelError(told, code="model_missing") from error
        try:
            async with asyncio.timeout_at(deadline):
                data = await _exchange(process, clause)
                status = await process.wait()
        except TimeoutError:
            raise ModelError(
                f"voice_command {name!r} did not end in time", code="model_timed_out"
            ) from None
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        if status != 0:
            told = f"voice_command {name!r} ended with status {status}"
            raise ModelError(told, code="model_crashed")
        return read_wav(data, name)


async def _exchange(process: asyncio.subprocess.Process, clause: str) -> bytes:
    assert process.stdin is not None
    assert process.stdout is not None
    with suppress(ConnectionError):
        process.stdin.write(clause.encode("utf-8", "replace") + b"\n")
        await process.stdin.drain()
    process.stdin.close()
    data = bytearray()
    while part := await process.stdout.read(1 << 16):
        data += part
        if len(data) > MOST_BYTES:
            told = f"voice_command wrote more than {MOST_BYTES >> 20} MiB for one clause"
            raise ModelError(told, code="model_failed")
    return bytes(data)


def read_wav(data: bytes, name: str) -> Pcm:
    """The samples of a WAV of 16 bits and one channel, whose lengths may be those of a stream
    (unknown, so too large). Raises ModelError (`model_failed`)."""
    told = f"voice_command {name!r} wrote no WAV of 16 bits and one channel"
    if len(data) < 12 or data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise ModelError(told, code="model_failed")
    place, rate = 12, 0
    while place + 8 <= len(data):
        kind, length = data[place : place + 4], struct.unpack_from("<I", data, place + 4)[0]
        body = data[place + 8 : place + 8 + length]
        if kind == b"fmt " and len(body) >= 16:
            form, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", body)
            if (form, channels, bits) != (1, 1, 16) or not 8_000 <= rate <= 96_000:
                raise ModelError(told, code="model_failed")
        elif kind == b"data" and rate:
            return Pcm(body[: len(body) // 2 * 2], rate)
        place += 8 + length + length % 2
    raise ModelError(told, code="model_failed")
