"""Sound that a Wyoming client wants written down: words as they settle, then all of them.

English is looked at while it still comes, for its recogniser is quick; a look at Chinese would keep
its final words waiting. What was told of a look is never taken back, so it may differ from the end;
`transcript` is the whole text and the one that counts.
"""

import asyncio
import logging

from wyoming.asr import Transcript, TranscriptChunk, TranscriptStart, TranscriptStop

from edgewise.core.words import Language
from edgewise.errors import EdgewiseError, UserError
from edgewise.perceive.hear import Ears, Vocabulary
from edgewise.sound.pcm import BYTES_PER_SAMPLE, LISTENING_HZ, Pcm
from edgewise.talk.realtime.hypothesis import Hypothesis
from edgewise.talk.wyoming_wire import Wire

_log = logging.getLogger("edgewise.talk")

LONGEST_S = 60.0
"""Of sound in one request."""
LOOK_BYTES = LISTENING_HZ * BYTES_PER_SAMPLE
"""Of new sound before it is looked at for words: a second."""
_LONGEST_BYTES = int(LONGEST_S) * LISTENING_HZ * BYTES_PER_SAMPLE


class Hearing:
    """One transcription. `language` None: it is detected."""

    def __init__(
        self, wire: Wire, ears: Ears, language: Language | None, vocabulary: Vocabulary
    ) -> None:
        self._wire = wire
        self._ears = ears
        self._language = language
        self._vocabulary = vocabulary
        self._sound = bytearray()
        self._looked_bytes = 0
        self._look: asyncio.Task[None] | None = None
        self._hypothesis = Hypothesis()
        self._is_told = False
        self._is_over = False

    def add(self, data: bytes) -> None:
        """More sound, at LISTENING_HZ. Raises UserError (`sound_too_long`)."""
        if len(self._sound) + len(data) > _LONGEST_BYTES:
            told = f"more than {LONGEST_S:g} s of sound in one request; send it in parts"
            raise UserError(told, code="sound_too_long")
        self._sound += data
        is_due = len(self._sound) - self._looked_bytes >= LOOK_BYTES
        is_free = self._look is None or self._look.done()
        if self._language is Language.ENGLISH and is_due and is_free:
            self._looked_bytes = len(self._sound)
            self._look = asyncio.create_task(self._look_at(Pcm(bytes(self._sound))))

    async def finish(self) -> None:
        """That was all: tell what was said. Raises ModelError, LinkError."""
        self._is_over = True
        await self.close()
        heard = await self._ears.transcribe(
            Pcm(bytes(self._sound)), language=self._language, vocabulary=self._vocabulary
        )
        await self._tell(self._hypothesis.rest(heard.text), heard.language, must=True)
        await self._wire.write(Transcript(heard.text, language=heard.language.value))
        await self._wire.write(TranscriptStop())

    async def close(self) -> None:
        """End the look in progress."""
        if self._look is not None:
            self._look.cancel()
            await asyncio.gather(self._look, return_exceptions=True)

    async def _look_at(self, sound: Pcm) -> None:
        try:
            heard = await self._ears.transcribe(
                sound, language=self._language, vocabulary=self._vocabulary, is_final=False
            )
            if not self._is_over:
                await self._tell(self._hypothesis.more(heard.text), heard.language)
        except EdgewiseError as error:  # the final words fail too then, and tell it
            _log.debug("wyoming: a look at speech failed: %s", error)

    async def _tell(self, more: str, language: Language, must: bool = False) -> None:
        if (more or must) and not self._is_told:
            self._is_told = True
            await self._wire.write(TranscriptStart(language=language.value))
        if more:
            await self._wire.write(TranscriptChunk(more))
