"""The ears of this machine: recognisers in a process of their own, started when first wanted.

It does not know microphones, nor when a turn is over; it is handed sound and gives words.
"""

from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

from edgewise.core.words import Language
from edgewise.engine.child import EngineSettings
from edgewise.engine.engine import Engine
from edgewise.errors import ModelError, UserError
from edgewise.perceive.ears_wire import (
    Finished,
    Order,
    Transcribe,
    Warm,
    encode,
    heards,
    likelies,
)
from edgewise.perceive.hear import NO_WORDS, Heard, Vocabulary
from edgewise.perceive.vocabulary import bounded
from edgewise.sound.pcm import Pcm

MEMORY_LIMIT_BYTES = 3 << 29
LONGEST_S = 2 * 3600.0
WARMING_S = 60.0
FINISHED_S = 8.0
"""Of the sound up to a pause, so much is sent."""


@dataclass(frozen=True, slots=True)
class EarsSettings:
    """`english` and `chinese` are names of recognisers (`recognisers.py`); those of a hub lie in
    `hub_folder`. `threads`: one leaves the other core to whoever thinks and speaks."""

    english: str = "moonshine-tiny-en"
    chinese: str = "whisper-base"
    hub_folder: Path | None = None
    threads: int = 1
    memory_limit_bytes: int = MEMORY_LIMIT_BYTES
    idle_s: float = 300.0


class LocalEars:
    """Implements `Ears`. For one event loop; close it in the end."""

    def __init__(self, settings: EarsSettings | None = None, engine: Engine | None = None) -> None:
        self._engine = engine or Engine(engine_settings(settings or EarsSettings()))

    @property
    def process_id(self) -> int | None:
        """Of the process, while it runs."""
        return self._engine.process_id

    async def transcribe(
        self,
        sound: Pcm,
        *,
        language: Language | None = None,
        vocabulary: Vocabulary = NO_WORDS,
        is_final: bool = True,
        expected: Language | None = None,
        deadline_s: float = 20.0,
    ) -> Heard:
        """The words in `sound`. Of a vocabulary so much is taken as `bounded` says. Raises
        UserError (`sound_too_long`)."""
        if sound.length_s > LONGEST_S:
            told = f"the sound lasts {sound.length_s:,.0f} s, the limit is {LONGEST_S:,.0f} s"
            raise UserError(f"{told}; give it in parts", code="sound_too_long")
        known = bounded(vocabulary)
        order = Transcribe(sound, language, known.words, is_final, known.names, expected)
        return heards.decode(await self._asked(order, deadline_s))

    async def finished(self, sound: Pcm, *, deadline_s: float = 2.0) -> float:
        """How likely (0 to 1) who spoke has finished, from the last 8 seconds up to a pause."""
        last = sound.cut(max(0.0, sound.length_s - FINISHED_S))
        return likelies.decode(await self._asked(Finished(last), deadline_s)).probability

    async def warm(self, language: Language, vocabulary: Vocabulary = NO_WORDS) -> None:
        """Have what that language needs loaded, and a vocabulary made ready."""
        known = bounded(vocabulary)
        order = Warm(language, known.words, known.names)
        async with aclosing(self._engine.ask(encode(order), deadline_s=WARMING_S)) as reports:
            async for _ in reports:
                pass

    async def close(self) -> None:
        """End the process."""
        await self._engine.close()

    async def _asked(self, order: Order, deadline_s: float) -> bytes:
        found: bytes | None = None
        async with aclosing(self._engine.ask(encode(order), deadline_s=deadline_s)) as reports:
            async for report in reports:
                found = report
        if found is None:
            raise ModelError("speech recognition told nothing", code="model_failed")
        return found


def engine_settings(settings: EarsSettings) -> EngineSettings:
    """The process and its limits."""
    arguments = [
        f"--threads={settings.threads}",
        f"--english={settings.english}",
        f"--chinese={settings.chinese}",
    ]
    if settings.hub_folder is not None:
        arguments.append(f"--hub-folder={settings.hub_folder}")
    return EngineSettings(
        name="speech recognition",
        module="edgewise.perceive.ears_process",
        arguments=tuple(arguments),
        memory_limit_bytes=settings.memory_limit_bytes,
        idle_s=settings.idle_s,
    )
