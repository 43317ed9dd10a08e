"""The contract of a voice: words in, sound out, clause by clause.

`voice.py` is the one of this machine, in a process of its own.
"""

from collections.abc import AsyncGenerator
from typing import Protocol

from msgspec import Struct

from edgewise.core.words import Language
from edgewise.sound.pcm import Pcm


class Spoken(Struct, frozen=True):
    """A clause as sound, and the very characters of the text it says: the `text` of all clauses
    joined is the text that was to be spoken."""

    text: str
    sound: Pcm


class Voice(Protocol):
    """Speaks. For one event loop; several may ask at once and are served in turn.

    Errors: ModelError (`model_missing`, `model_busy`, `model_timed_out`, `model_crashed`);
    UserError (`unknown_voice`), naming those there are.
    """

    def speak(
        self,
        text: str,
        language: Language,
        *,
        voice: str = "",
        speed: float = 1.0,
        deadline_s: float = 60.0,
    ) -> AsyncGenerator[Spoken, None]:
        """The clauses of `text` as they are made; closing it stops the work. `voice` empty: the
        language's own. `speed` 0.5 to 2."""
        ...

    async def warm(self, language: Language) -> None:
        """Have it loaded, and the usual acknowledgements made."""
        ...

    async def close(self) -> None:
        """End it and give back its memory."""
        ...
