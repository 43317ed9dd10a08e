"""Which function a clause asks for: a linear softmax over its embedding and its word pieces.

The embedding knows that "chilly" is near "cold"; hashed n-grams (words and word pairs in English,
one to three characters in Chinese) know the exact words. Trained by scripts/train_understand.py;
weights.npz beside this file is described in weights.md. It does not know which way (on, off): see
polarity.py. Its probabilities are calibrated by one temperature, fitted on sentences kept aside.
"""

import functools
import hashlib
import zlib
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

from edgewise.core.regex import regex
from edgewise.errors import ModelError
from edgewise.think.understanding.embed import SIZE, Embedder, load_embedder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BUCKETS = 8192
NONE = "none"
"""Chat, open questions, sentences about the world: nothing here to call."""
UNEXPOSED = "unexposed"
"""Brake, gear, horn, engine start and the like: recognised in order to be declined."""

_PIECE = regex(r"[a-z]+(?:'[a-z]+)?|\d+(?:[.:]\d+)?|[\u3400-\u9fff]|%")
_CHINESE_DIGITS = frozenset("零一二两三四五六七八九十百")


@dataclass(frozen=True, slots=True)
class Guess:
    """A class and its probability."""

    name: str
    confidence: float


class Classifier:
    """Clause -> classes with probabilities, best first."""

    def __init__(
        self,
        embedder: Embedder,
        classes: tuple[str, ...],
        dense: "NDArray[np.float32]",
        hashed: "NDArray[np.int8]",
        scale: "NDArray[np.float32]",
        temperature: float,
    ) -> None:
        self.embedder = embedder
        self.classes = classes
        self._dense, self._hashed, self._scale = dense, hashed, scale
        self._temperature = temperature

    def __call__(self, plain: str, count: int = 5) -> list[Guess]:
        """The `count` most likely classes of a normalised clause."""
        import numpy as np

        logits = self._dense[SIZE] + self.embedder(plain) @ self._dense[:SIZE]
        ids = features(plain)
        if ids:
            rows = self._hashed[ids].sum(axis=0, dtype=np.int32)
            logits = logits + rows * (self._scale / float(np.sqrt(len(ids))))
        logits = logits / self._temperature
        logits -= logits.max()
        shares = np.exp(logits)
        shares /= shares.sum()
        best = np.argsort(-shares)[:count]
        return [Guess(self.classes[int(i)], float(shares[int(i)])) for i in best]


@functools.cache
def load_classifier() -> Classifier:
    """The shipped classifier, read and checked once a process: nothing in it ever changes.

    Raises ModelError when its weights or the embeddings are missing.
    """
    import numpy as np

    embedder = load_embedder()
    path = resources.files("edgewise.think.understanding") / "weights.npz"
    if not path.is_file():
        raise ModelError("weights.npz is missing; make it with scripts/train_understand.py",
                         code="missing_model")  # fmt: skip
    with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
        return Classifier(
            embedder,
            tuple(str(name) for name in stored["classes"]),
            stored["dense"].astype(np.float32),
            stored["hashed"],
            stored["scale"].astype(np.float32),
            float(stored["temperature"]),
        )


@functools.cache
def weights_hash() -> str:
    """SHA-256 of the shipped weights, empty when they are missing; a turn's record carries it."""
    path = resources.files("edgewise.think.understanding") / "weights.npz"
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def features(plain: str) -> list[int]:
    """Bucket numbers of the distinct word pieces of a normalised text, sorted."""
    tokens = ["<n>" if _is_number(t) else t for t in _PIECE.findall(plain)]
    tokens = [t for i, t in enumerate(tokens) if t != "<n>" or i == 0 or tokens[i - 1] != "<n>"]
    words: set[str] = set()
    for i, token in enumerate(tokens):
        words.add(token)
        if i + 1 < len(tokens):
            words.add(f"{token} {tokens[i + 1]}")
            if _han(token) and i + 2 < len(tokens) and _han(tokens[i + 2]):
                words.add(f"{token} {tokens[i + 1]} {tokens[i + 2]}")
        if len(token) > 5 and not _han(token):
            words.add("~" + token[:5])
    if tokens:
        words.add("^" + tokens[0])
        words.add("$" + tokens[-1])
    return sorted({zlib.crc32(word.encode("utf-8", "replace")) % BUCKETS for word in words})


def _han(token: str) -> bool:
    return "\u3400" <= token[0] <= "\u9fff"


def _is_number(token: str) -> bool:
    return token[0].isdigit() or token in _CHINESE_DIGITS
