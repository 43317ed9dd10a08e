"""Which sentences of a text answer a question, found without a language model.

A sentence is worth the share of the question's terms that it covers, rarer terms counting more: by
the term itself, by one whose vector is near (`sentence_vector`; "price" for "fee"), or, for less,
by its heading and the sentence before it. So the worth is from 0 to 1 and means something by
itself: what is not in the text is worth little. It knows no grammar and draws no conclusion.
"""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from edgewise.core.regex import regex
from edgewise.errors import ModelError
from edgewise.think.sentence_vector import load_sentence_vectors
from edgewise.think.sentences import Piece, Sentence, pieces_of, sentences_of, terms_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = Callable[[str], "NDArray[np.float32]"]

NEAR, MOST_NEAR = 0.3, 0.6
"""From which cosine on another word counts for a term, and what it counts at most: opposites are
near, too."""
OF_HEADING, OF_BEFORE = 0.6, 0.4
LOOKED_AT, LEAST_GAIN = 60, 0.15
NUMBER, ANY_NUMBER = 0.08, 0.03
"""What a number counts where one is asked for, and where nobody knows."""
ABSENT_PAIR = 0.6
"""What two Han characters count that the text does not have: mostly they are of two words."""
_ASKS_NUMBER = regex(
    r"\bhow (?:many|much|long|often|far|high|old)\b|\bwhen\b|\bwhat (?:time|date|day|year)\b"
    r"|多少|几|何时|什么时候|多久|多长|多大|多高|哪天|日期"
)
_NUMBER = regex(
    r"\d|[一二三四五六七八九十百千万两]|\b(?:t(?:wo|hree|en|welve|wenty|hirty)|four|five|six(?:ty)?|seven"
    r"|eight|nine(?:ty)?|hundred|half)\b"
)


class Found(Struct, frozen=True):
    """A sentence that speaks to a question, what it is worth (0 to 1), and how far it covers each
    of the question's terms."""

    number: int
    worth: float
    covers: dict[str, float]


class Passages:
    """A text, made ready to be asked. Making it takes some ms a thousand sentences; it blocks."""

    def __init__(self, text: str, vectors: "Vectors | None" = None) -> None:
        """`vectors`: of words; the shipped ones by default, none where they are not installed."""
        self.text = text
        self.sentences = sentences_of(text)
        self._vectors = vectors or _shipped()
        held = Counter(term for one in self.sentences for term in set(one.terms))
        self._held = held
        self._words = list(held)
        self._places = self._vectors_of(self._words)

    def pieces(self, most_tokens: int) -> tuple[Piece, ...]:
        """The text in pieces that a model can read at once."""
        return pieces_of(self.sentences, most_tokens)

    def find(self, question: str, most: int) -> list[Found]:
        """The `most` sentences that are worth most, best first; a heading is none."""
        weights = self._weights(question)
        if not weights:
            return []
        matches = self._matches(list(weights))
        number = NUMBER if _ASKS_NUMBER.search(question.lower()) else ANY_NUMBER
        own = [_covered(one, matches) for one in self.sentences]
        found: list[Found] = []
        for place, one in enumerate(self.sentences):
            if one.is_heading:
                continue
            counts = dict(own[place])
            if one.heading >= 0:
                _add(counts, own[one.heading], OF_HEADING)
            if one.follows:
                _add(counts, own[place - 1], OF_BEFORE)
            worth = sum(weights[term] * count for term, count in counts.items())
            worth += number if worth and _NUMBER.search(one.text) else 0.0
            # of two that cover the same, the shorter
            worth -= 0.0001 * min(len(one.text), 500)
            found.append(Found(place, max(0.0, min(1.0, worth)), counts))
        found.sort(key=lambda one: -one.worth)
        return found[:most]

    def coverage(self, question: str, found: Sequence[Found]) -> float:
        """How far `found` covers the question's terms together, by their weight (0 to 1)."""
        weights = self._weights(question)
        return sum(
            weight * max((one.covers.get(term, 0.0) for one in found), default=0.0)
            for term, weight in weights.items()
        )

    def choose(self, question: str, most: int, least: float) -> list[Found]:
        """Up to `most` sentences: the best, if it is worth at least `least`, and such as cover what
        those before did not."""
        left = self.find(question, LOOKED_AT)
        chosen = [one for one in left[:1] if one.worth >= least]
        while chosen and len(chosen) < most:
            has = self.coverage(question, chosen)
            gains = [(self.coverage(question, [*chosen, one]) - has, one) for one in left]
            gain, best = max(gains, key=lambda each: each[0])
            if gain < LEAST_GAIN:
                break
            chosen.append(best)
        return chosen

    def _weights(self, question: str) -> dict[str, float]:
        """The question's terms and what each counts, 1 together; the rarer in the text the more."""
        terms = dict.fromkeys(terms_of(question))
        count = len(self.sentences) + 1
        rare = {term: math.log(1 + count / (1 + self._held.get(term, 0))) for term in terms}
        for term in rare:
            if term not in self._held and "\u3400" <= term[0] <= "\u9fff":
                rare[term] *= ABSENT_PAIR
        whole = sum(rare.values())
        return {term: weight / whole for term, weight in rare.items()} if whole else {}

    def _matches(self, terms: list[str]) -> dict[str, dict[str, float]]:
        """Each word of the text that counts for a term, and how much."""
        found: dict[str, dict[str, float]] = {term: {term: 1.0} for term in terms}
        asked = self._vectors_of(terms)
        if asked is None or self._places is None:
            return found
        for term, likeness in zip(terms, asked @ self._places.T, strict=True):
            if any(c.isdigit() for c in term):
                continue  # another number is another thing
            for at in (likeness >= NEAR).nonzero()[0]:
                word = self._words[int(at)]
                near = min(MOST_NEAR, float(likeness[at]))
                # a shared character makes pairs near that are not
                if not any(c.isdigit() or (c in term and c > "\u3000") for c in word):
                    found[term].setdefault(word, near)
        return found

    def _vectors_of(self, words: Sequence[str]) -> "NDArray[np.float32] | None":
        """Of length 1, one a row (N, D)."""
        if self._vectors is None or not words:
            return None
        import numpy as np

        rows = np.stack([self._vectors(word) for word in words])
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return (rows / np.where(lengths > 0, lengths, 1)).astype(np.float32)


def _covered(sentence: Sentence, matches: dict[str, dict[str, float]]) -> dict[str, float]:
    """What a sentence's own words count for each term."""
    words = set(sentence.terms)
    counts: dict[str, float] = {}
    for term, counting in matches.items():
        held = words & counting.keys()
        if held:
            counts[term] = max(counting[word] for word in held)
    return counts


def _add(counts: dict[str, float], others: dict[str, float], share: float) -> None:
    for term, count in others.items():
        counts[term] = max(counts.get(term, 0.0), share * count)


def _shipped() -> "Vectors | None":
    try:
        return load_sentence_vectors()
    except ModelError:
        return None
