"""The contract of ears: sound in, words out.

`ears.py` is the one of this machine, in a process of its own. What is heard is as trusted as who
speaks; these values do not know who that is.
"""

from typing import Protocol

from msgspec import Struct

from edgewise.core.words import Language
from edgewise.sound.pcm import Pcm


class Vocabulary(Struct, frozen=True):
    """Words that are likely here, most likely first: names of capabilities, contacts, places,
    applications. A recogniser that can be told takes as many as it has room for."""

    words: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    """Those of `words` that are names of people, places, songs: what was heard becomes one only
    where it has exactly its sound, for a wrong one would call somebody else."""


NO_WORDS = Vocabulary()
UNSURE_BELOW = {Language.ENGLISH: 0.6, Language.CHINESE: 0.3}
"""Confidence below which an order is better asked again than obeyed. By 40 made commands each:
English below 0.6 are none of 33 heard right and none of 7 wrong; in noise of 5 dB none of 15 and 6
of 25. In Chinese confidence tells nothing of use: right ones have 0.36 to 0.9, wrong ones 0.3 to
0.65, for a correction is less sure than the sound it mends. So only the policy asks there. English
is Moonshine alone; where it is unsure, the second recogniser comes on top."""
IN_DOUBT = 0.35
"""The most that is given to an English text where two recognisers differ in a word of direction,
side, number or negation: below what is asked again, above what is dropped as invented."""


class Heard(Struct, frozen=True):
    """What was said, in the written form of the language (digits, simplified characters).

    `text` is empty where nobody spoke. `confidence` is 0 to 1: the geometric mean of the
    probabilities that the recogniser gives the tokens of this very text. It is comparable between
    Moonshine and Whisper as far as their own probabilities are (of what is right, the median is
    0.97 and 0.93 in English); a text corrected by the vocabulary has what its sound alone is worth,
    so less. Recognisers of a hub that give no probabilities have 1. `took_ms` is the recogniser's
    own time; `engine` its name in models.toml.
    """

    text: str
    language: Language
    confidence: float = 0.0
    took_ms: float = 0.0
    engine: str = ""


class Ears(Protocol):
    """Recognises speech. For one event loop; several may ask at once and are served in turn.

    Errors: ModelError (`model_missing`, `model_busy`, `model_timed_out`, `model_crashed`).
    """

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
        """The words in `sound` (any rate). `language` None: it is detected; not where the words are
        surely those of the `expected` one, in which the beginning of the sound was heard. Not
        `is_final`: a look at speech that goes on, quick before exact."""
        ...

    async def finished(self, sound: Pcm, *, deadline_s: float = 2.0) -> float:
        """How likely (0 to 1) who spoke has finished, from the last 8 seconds up to a pause."""
        ...

    async def warm(self, language: Language) -> None:
        """Have what that language needs loaded."""
        ...

    async def close(self) -> None:
        """End it and give back its memory."""
        ...
