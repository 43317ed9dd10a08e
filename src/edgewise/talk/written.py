"""The ears of a conversation in writing: there are none, and who asks is told what to do."""

from edgewise.core.words import Language
from edgewise.errors import ModelError
from edgewise.perceive.hear import NO_WORDS, Heard, Vocabulary
from edgewise.sound.pcm import Pcm


class NoEars:
    """Implements `Ears` where nothing can be heard; `remedy` is what to install or set."""

    def __init__(self, remedy: str) -> None:
        self._remedy = remedy

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
        """Raises ModelError."""
        del sound, language, vocabulary, is_final, deadline_s
        raise ModelError(self._remedy, code="model_missing")

    async def finished(self, sound: Pcm, *, deadline_s: float = 2.0) -> float:
        """Raises ModelError."""
        del sound, deadline_s
        raise ModelError(self._remedy, code="model_missing")

    async def warm(self, language: Language) -> None:
        """There is nothing to load."""
        del language

    async def close(self) -> None:
        """There is nothing to end."""


class NoActivity:
    """Implements `Activity`: nothing is speech."""

    def feed(self, data: bytes) -> list[float]:
        """See `Activity`."""
        del data
        return []
