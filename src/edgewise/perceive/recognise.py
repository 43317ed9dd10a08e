"""The contract of a recogniser inside the ears' process, and the guards that all of them share.

A recogniser writes something for any sound; the guards drop what nobody said: text that repeats
itself, more of it than anybody can say in that time, and what a model was unsure of throughout.
"""

import math
import zlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from edgewise.core.words import Language
from edgewise.perceive.hear import Vocabulary

if TYPE_CHECKING:
    from edgewise.perceive.mel import Samples


class Guess(Struct, frozen=True):
    """What a recogniser makes of a sound; `confidence` as `mean_probability` has it."""

    text: str
    language: Language
    confidence: float


class Recogniser(Protocol):
    """A loaded model. `samples` hold at most `longest_s` of sound at LISTENING_HZ."""

    name: str
    longest_s: float

    def recognise(
        self,
        samples: "Samples",
        *,
        language: Language | None,
        vocabulary: Vocabulary,
        is_final: bool,
        is_cancelled: Callable[[], bool],
    ) -> Guess: ...


class Listening(Protocol):
    """A sound that one recogniser has in its ear: what it makes of it, and how well other words
    would fit."""

    guesses: Sequence[Guess]
    """Best first, as they were written; none where nobody spoke."""

    def likely(self, text: str) -> Sequence[float]:
        """The probabilities of the tokens of a text, given the sound; it is written as this
        recogniser would, with a capital and a mark at the end."""
        ...


MOST_COMPRESSED = 2.4
"""Of text to its zlib form: Whisper's own limit (arXiv 2212.04356, section 4.5)."""
MOST_LETTERS_PER_S = 30.0
"""The fastest readers say about 25 letters of English a second."""
MOST_HAN_PER_S = 10.0
LEAST_CONFIDENCE = 0.3
LEAST_PROBABILITY = 1e-9


def mean_probability(likely: Sequence[float]) -> float:
    """The geometric mean of the probabilities of a text's tokens, which one unlikely token lowers
    more than it would an arithmetic one: what Whisper's decoder gives as well."""
    if not likely:
        return 0.0
    return math.exp(sum(math.log(max(one, LEAST_PROBABILITY)) for one in likely) / len(likely))


def is_invented(guess: Guess, length_s: float) -> bool:
    """Whether a text can not be what was said in so long a sound."""
    text = guess.text.strip()
    if not any(c.isalnum() for c in text):
        return True
    han = sum("\u3400" <= c <= "\u9fff" for c in text)
    longest_s = max(length_s, 0.5)
    if han > MOST_HAN_PER_S * longest_s or len(text) - han > MOST_LETTERS_PER_S * longest_s:
        return True
    return guess.confidence < LEAST_CONFIDENCE or repeats_itself(text)


def repeats_itself(text: str) -> bool:
    """Whether a text is a loop: it compresses far better than speech does."""
    data = text.encode()
    return len(data) > 40 and len(data) / len(zlib.compress(data)) > MOST_COMPRESSED
