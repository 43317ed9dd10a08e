"""Functions that came after training: found by likeness to their name, description and examples.

A third party's capability has no class in the trained weights. Its sentences are compared with the
clause in the same space (embedding and word pieces); it must be clearly nearer than any example of
the trained functions.
"""

import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from edgewise.core.capability import Capability
from edgewise.core.regex import regex
from edgewise.think.understanding.command_model import SIZE, CommandModel, Guess
from edgewise.think.understanding.normalise import normalise

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEAST = 0.55
"""Cosine below which nothing is near."""
_FOLDED = 512
_PIECE = regex(r"[a-z]+(?:'[a-z]+)?|\d+(?:[.:]\d+)?|[\u3400-\u9fff]|%")
_CHINESE_DIGITS = frozenset("零一二两三四五六七八九十百")


class Nearest:
    """Clause -> the likeliest added capability, or none."""

    def __init__(
        self, model: CommandModel, added: Sequence[Capability], known: Sequence[Capability]
    ) -> None:
        import numpy as np

        self._model = model
        self._names: list[str] = []
        rows: list[NDArray[np.float32]] = []
        for capability in added:
            for text in _sentences(capability):
                self._names.append(capability.name)
                rows.append(self._vector(text))
        self._own = np.stack(rows)
        others = [self._vector(e.text) for c in known for e in (*c.en, *c.zh)]
        self._others = np.stack(others).astype(np.float16) if others else None

    def __call__(self, plain: str) -> Guess | None:
        """The nearest added capability with its likeness as confidence."""
        vector = self._vector(plain)
        likeness = self._own @ vector
        index = int(likeness.argmax())
        best = float(likeness[index])
        if best < LEAST:
            return None
        if self._others is not None:
            rival = float((self._others @ vector.astype(self._others.dtype)).max())
            if best < rival + 0.02:
                return None
        return Guess(self._names[index], min(1.0, best))

    def _vector(self, text: str) -> "NDArray[np.float32]":
        import numpy as np

        plain = normalise(text).plain
        vector = np.zeros(SIZE + _FOLDED, np.float32)
        vector[:SIZE] = self._model.meaning(plain)
        ids = features(plain)
        vector[[SIZE + i for i in ids]] = 1.0 / float(np.sqrt(max(1, len(ids))))
        length = float(np.sqrt(vector @ vector))
        return vector / length if length else vector


def _sentences(capability: Capability) -> list[str]:
    name = capability.name.replace(".", " ").replace("_", " ")
    examples = [example.text for example in (*capability.en, *capability.zh)]
    return [name, capability.words.en, capability.words.zh, *examples]


def features(plain: str) -> list[int]:
    """Numbers, below `_FOLDED`, of the distinct word pieces of a normalised text, sorted."""
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
    return sorted({zlib.crc32(word.encode("utf-8", "replace")) % _FOLDED for word in words})


def _han(token: str) -> bool:
    return "\u3400" <= token[0] <= "\u9fff"


def _is_number(token: str) -> bool:
    return token[0].isdigit() or token in _CHINESE_DIGITS
