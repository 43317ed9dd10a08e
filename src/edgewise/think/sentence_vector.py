"""What a text is about, as a vector: the mean of the vectors of its word pieces, no word order.

The vectors are those of the command model (command_words.npy, Chinese and English), read without
its network. A word counts the logarithm of how often it stands there, so that a long wrapping does
not drown a short question; one that the vocabulary lacks but for a slip of the finger is read as
what it was to be. `Known` finds the nearest of questions seen before.
"""

import functools
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib import resources
from math import log1p
from string import ascii_lowercase as _LETTERS
from typing import IO, TYPE_CHECKING

from edgewise.core.regex import regex
from edgewise.errors import ModelError
from edgewise.think.understanding.command_model import FILES, SIZE
from edgewise.think.understanding.word_pieces import WordPieces

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_WORD = regex(r"[a-z0-9]+|[^\sa-z0-9\u3400-\u9fff\w]|[\u3400-\u9fff]|[^\W\u3400-\u9fffa-z0-9]+")
_FEWEST, _MOST = 4, 16
"""Letters of a word that is mended: shorter ones are like too many, longer ones are like none."""
TOLD = 3
"""Ids of neighbours that are named."""


class SentenceVectors:
    """Text -> vector (SIZE). Thread-safe: nothing in it changes but a cache of words."""

    def __init__(
        self, pieces: WordPieces, words: "NDArray[np.int8]", scale: "NDArray[np.float32]"
    ) -> None:
        """`words` (N, SIZE) are the vectors of the pieces, `scale` (N, 1) what each counts for."""
        self._pieces, self._words, self._scale = pieces, words, scale
        whole = enumerate(pieces.vocabulary)
        self._whole = {piece: n for n, piece in whole if piece.isalpha() and len(piece) >= _FEWEST}
        self._numbers = lru_cache(maxsize=16_384)(self._pieces_of)

    def __call__(self, text: str) -> "NDArray[np.float32]":
        """The vector of a text; of one without words, zeros."""
        import numpy as np

        weights: dict[int, float] = {}
        for word, times in Counter(_WORD.findall(text.lower())).items():
            pieces = self._numbers(word)
            for number in pieces:
                weights[number] = weights.get(number, 0.0) + log1p(times) / len(pieces)
        if not weights:
            return np.zeros(SIZE, np.float32)
        numbers = list(weights)
        counts = np.fromiter(weights.values(), np.float32, len(numbers))
        vectors = self._words[numbers] * self._scale[numbers]  # (T, SIZE)
        return counts @ vectors / counts.sum()

    def _pieces_of(self, word: str) -> tuple[int, ...]:
        """The pieces of a word; of one that is a letter away from a known one, that one's."""
        found = tuple(number for number, _, _ in self._pieces(word))
        if len(found) > 1 and _FEWEST <= len(word) <= _MOST and word.isascii():
            mended = min((n for n in map(self._whole.get, _edits(word)) if n), default=0)
            return (mended,) if mended else found
        return found


def _edits(word: str) -> Iterator[str]:
    """The words that become `word` by a slip: letters swapped, one doubled or added, one left out.
    The first letter stays, as it mostly does."""
    for at in range(1, len(word)):
        head, rest = word[:at], word[at:]
        if len(rest) > 1:
            yield head + rest[1] + rest[0] + rest[2:]
        yield head + rest[1:]
        for letter in _LETTERS:
            yield head + letter + rest


class Known:
    """Questions seen before: where each lies, its outcome, its id."""

    def __init__(
        self, places: "NDArray[np.float32]", outcomes: "NDArray[np.float32]", ids: Sequence[str]
    ) -> None:
        """`places` (N, D), any length; `outcomes` (N); as many ids."""
        import numpy as np

        lengths = np.linalg.norm(places, axis=1, keepdims=True)
        self.places = (places / np.where(lengths > 0, lengths, 1)).astype(np.float32)
        self.outcomes, self.ids = outcomes, tuple(ids)

    def nearest(self, place: Sequence[float], count: int) -> tuple[float, float, tuple[str, ...]]:
        """Of the `count` nearest: the mean outcome, the cosine of the nearest, the first ids."""
        import numpy as np

        one = np.asarray(place, np.float32)
        likeness = self.places @ (one / (float(np.linalg.norm(one)) or 1.0))
        count = min(count, len(likeness))
        found = np.argpartition(-likeness, count - 1)[:count]
        found = found[np.argsort(-likeness[found])]
        ids = tuple(self.ids[int(i)] for i in found[:TOLD])
        return float(self.outcomes[found].mean()), float(likeness[found[0]]), ids


def load_known(file: IO[bytes]) -> tuple[Known, int]:
    """The known questions that `learn.route_fit.write_known` wrote, and how many neighbours are
    asked. Raises ModelError when the file holds none."""
    import numpy as np

    try:
        with np.load(file, allow_pickle=False) as stored:
            places = stored["places"].astype(np.float32) * stored["step"]
            known = Known(places, stored["outcomes"], [str(name) for name in stored["ids"]])
            return known, int(stored["count"])
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise ModelError(
            f"no known questions in the scorer's file: {error}; make it anew with: edgewise eval"
            " route --scorer",
            code="missing_model",
        ) from error


@functools.cache
def load_sentence_vectors() -> SentenceVectors:
    """The shipped vectors, read once a process. Raises ModelError when a file is missing."""
    try:
        import numpy as np
    except ImportError as error:
        raise ModelError(
            f"scores need {error.name}; install: pip install 'edgewise[understand]'",
            code="missing_package",
        ) from error
    folder = resources.files("edgewise.think.understanding")
    if missing := [name for name in FILES[1:] if not (folder / name).is_file()]:
        raise ModelError(
            f"{missing[0]} is missing; make it with: make train-understand", code="missing_model"
        )
    words = np.asarray(np.load(str(folder / FILES[3]), mmap_mode="r"))
    pieces = WordPieces((folder / FILES[2]).read_text("utf-8").rstrip("\n").split("\n"))
    with (folder / FILES[1]).open("rb") as file, np.load(file, allow_pickle=False) as stored:
        return SentenceVectors(pieces, words, stored["scale"].astype(np.float32))
