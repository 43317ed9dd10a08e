"""Text that a Wyoming client wants spoken, whole or while it comes, as chunks of sound.

Clauses are spoken as soon as they are complete. A stream of text has an audio-start, its chunks and
an audio-stop, and then `synthesize-stopped`.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from wyoming.tts import SynthesizeStopped, SynthesizeVoice

from edgewise.answer.clauses import Clauses
from edgewise.answer.speak import Voice
from edgewise.core.words import Language
from edgewise.perceive.perceive import language_of
from edgewise.sound.pcm import SPEAKING_HZ
from edgewise.sound.resample import resample
from edgewise.talk.wyoming_sound import chunks, started, stopped
from edgewise.talk.wyoming_wire import Wire


class Saying:
    """One text. Who gives it bounds it by `characters`."""

    def __init__(
        self,
        wire: Wire,
        voice: Voice,
        wanted: SynthesizeVoice | None,
        language: Language | None,
    ) -> None:
        """`language` is that of a text which tells none."""
        self._wire = wire
        self._voice = voice
        self._name = str(wanted.name or "") if wanted is not None else ""
        named = str(wanted.language or "")[:2].lower() if wanted is not None else ""
        self._language = Language(named) if named in tuple(Language) else None
        self._unclear = language or Language.ENGLISH
        self._coming: asyncio.Queue[str | None] = asyncio.Queue()
        self.characters = 0

    def add(self, text: str) -> None:
        """More of it."""
        if text:
            self.characters += len(text)
            self._coming.put_nowait(text)

    def end(self) -> None:
        """That was all."""
        self._coming.put_nowait(None)

    async def run(self, *, streams: bool) -> None:
        """Speak all of it. Raises ModelError, UserError (`unknown_voice`), LinkError."""
        await self._wire.write(started())
        async with aclosing(self._clauses()) as clauses:
            async for text, language in clauses:
                await self._say(text, language)
        await self._wire.write(stopped())
        if streams:
            await self._wire.write(SynthesizeStopped())

    async def _clauses(self) -> AsyncGenerator[tuple[str, Language], None]:
        cutter: Clauses | None = None
        language = self._language or self._unclear
        while (text := await self._coming.get()) is not None:
            if cutter is None:
                language = self._language or language_of(text, self._unclear)
                cutter = Clauses(language)
            for clause in cutter.feed(text):
                yield clause, language
        for clause in cutter.end() if cutter is not None else ():
            yield clause, language

    async def _say(self, text: str, language: Language) -> None:
        if not text.strip():
            return
        async with aclosing(self._voice.speak(text, language, voice=self._name)) as spoken:
            async for clause in spoken:
                sound = clause.sound
                if sound.rate_hz != SPEAKING_HZ:
                    sound = resample(sound, SPEAKING_HZ)
                for chunk in chunks(sound.data):
                    await self._wire.write(chunk)
