"""The voice of this machine: Kokoro in a process of its own, one clause an order.

The next clause is made while the one before is heard. Frequent and repeated clauses come from
`acknowledge.py` without the process. It does not know loudspeakers, nor what the words mean.
"""

import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path

from edgewise.answer.acknowledge import FREQUENT, Acknowledgements, Key
from edgewise.answer.clauses import LAST_PAUSE_S, clauses_of, pause_s
from edgewise.answer.speak import Spoken
from edgewise.answer.voice_wire import Clause, Made, encode, mades
from edgewise.answer.voices import DEFAULTS, checked
from edgewise.core.words import Language
from edgewise.engine.child import EngineSettings
from edgewise.engine.engine import Engine
from edgewise.engine.packages import package
from edgewise.errors import ModelError, UserError
from edgewise.sound.pcm import SPEAKING_HZ, Pcm, silence

LONGEST_TEXT = 20_000
"""Characters: some twenty minutes of speech."""
SLOWEST, FASTEST = 0.5, 2.0
MEMORY_LIMIT_BYTES = 1 << 30
"""Measured: 0.5 GB for fifteen seconds of sound in one run; a clause that does not fit is made in
shorter runs."""
WARMING_S = 60.0
AHEAD = 1
"""Clauses that are made before they are asked for."""


@dataclass(frozen=True, slots=True)
class VoiceSettings:
    """`cache_folder`: where the frequent answers are kept, None: nowhere. `threads` of the model:
    one leaves the other core to whoever thinks. `idle_s` as of the engine. `remembers` what it said
    lately; not where several speak by it: how soon a clause comes would tell that another said it.
    """

    cache_folder: Path | None = None
    threads: int = 1
    idle_s: float = 300.0
    remembers: bool = True
    voices: dict[Language, str] = field(default_factory=lambda: dict(DEFAULTS))


class LocalVoice:
    """Implements `Voice`. For one event loop; close it in the end."""

    def __init__(self, settings: VoiceSettings | None = None, engine: Engine | None = None) -> None:
        self._settings = settings or VoiceSettings()
        self._engine = engine or Engine(engine_settings(self._settings))
        folder = self._settings.cache_folder
        self._kept = Acknowledgements(
            folder / "voice" if folder is not None else None, remembers=self._settings.remembers
        )
        self._model = next(
            file.sha256 for file in package("kokoro-82m").file if file.path == "kokoro.onnx"
        )

    @property
    def process_id(self) -> int | None:
        """Of the running process."""
        return self._engine.process_id

    async def speak(
        self,
        text: str,
        language: Language,
        *,
        voice: str = "",
        speed: float = 1.0,
        deadline_s: float = 60.0,
    ) -> AsyncGenerator[Spoken, None]:
        """The clauses of `text` as they are made; closing it stops the work."""
        chosen = self._checked(text, language, voice, speed)
        deadline = asyncio.get_running_loop().time() + deadline_s
        made: asyncio.Queue[Spoken | Exception | None] = asyncio.Queue(AHEAD)
        keys = [
            Key(clause, language, chosen, speed, self._model)
            for clause in clauses_of(text, language)
        ]
        work = asyncio.create_task(self._make_all(keys, deadline, made))
        try:
            while (next_one := await made.get()) is not None:
                if isinstance(next_one, Exception):
                    raise next_one
                yield next_one
        finally:
            work.cancel()
            await asyncio.wait({work})

    async def warm(self, language: Language) -> None:
        """Have it loaded, and the frequent answers made."""
        await self._engine.warm()
        own = self._settings.voices[language]
        await self._asked(Clause("", language, own), WARMING_S)  # loads the dictionaries
        for words in FREQUENT:
            for text in clauses_of(words.said_in(language), language):
                key = Key(text, language, own, 1.0, self._model)
                if self._kept.find(key) is None:
                    made = await self._made(key, WARMING_S, tells=False)
                    self._kept.keep(key, Pcm(made.data, made.rate_hz))

    async def close(self) -> None:
        """End the process."""
        await self._engine.close()

    def _checked(self, text: str, language: Language, voice: str, speed: float) -> str:
        if len(text) > LONGEST_TEXT:
            told = f"the text has {len(text):,} characters, the limit is {LONGEST_TEXT:,}"
            raise UserError(f"{told}; speak it in parts", code="text_too_long")
        if not SLOWEST <= speed <= FASTEST:
            told = f"the speed is {speed:g}; it is {SLOWEST:g} to {FASTEST:g}"
            raise UserError(told, code="bad_speed")
        return checked(voice or self._settings.voices[language])

    async def _make_all(
        self, keys: list[Key], deadline: float, made: "asyncio.Queue[Spoken | Exception | None]"
    ) -> None:
        tells = True
        try:
            for place, key in enumerate(keys):
                sound = self._kept.find(key)
                if sound is None:
                    left_s = deadline - asyncio.get_running_loop().time()
                    new = await self._made(key, left_s, tells=tells)
                    sound = Pcm(new.data, new.rate_hz)
                    if new.unspoken:
                        tells = False
                    else:
                        self._kept.keep(key, sound)
                pause = LAST_PAUSE_S if place == len(keys) - 1 else pause_s(key.text)
                await made.put(Spoken(key.text, _followed(sound, pause)))
            await made.put(None)
        except Exception as error:  # noqa: BLE001 - told to whoever listens, in `speak`
            await made.put(error)

    async def _made(self, key: Key, deadline_s: float, *, tells: bool) -> Made:
        if not any(each.isalnum() for each in key.text):
            return Made(b"", SPEAKING_HZ)
        if deadline_s <= 0:
            told = "speech synthesis did not come to the end of the text in time"
            raise ModelError(told, code="model_timed_out")
        text = key.text.encode("utf-8", "replace").decode()  # a lone surrogate can not be sent
        return await self._asked(
            Clause(text, key.language, key.voice, key.speed, tells), deadline_s
        )

    async def _asked(self, order: Clause, deadline_s: float) -> Made:
        made: Made | None = None
        async with aclosing(self._engine.ask(encode(order), deadline_s=deadline_s)) as reports:
            async for report in reports:
                made = mades.decode(report)
        if made is None:
            told = f"speech synthesis gave no sound for {len(order.text)} characters"
            raise ModelError(told, code="model_failed")
        return made


def _followed(sound: Pcm, pause_s: float) -> Pcm:
    if not sound.data:
        return sound
    return Pcm(sound.data + silence(pause_s, sound.rate_hz).data, sound.rate_hz)


def engine_settings(settings: VoiceSettings) -> EngineSettings:
    """The process of these settings."""
    arguments = [f"--threads={settings.threads}"]
    if settings.cache_folder is not None:
        arguments.append(f"--cache-folder={settings.cache_folder}")
    limit = MEMORY_LIMIT_BYTES if sys.platform.startswith("linux") else 0
    return EngineSettings(
        "speech synthesis",
        "edgewise.answer.voice_process",
        tuple(arguments),
        memory_limit_bytes=limit,
        idle_s=settings.idle_s,
        grace_s=3.0,
    )
