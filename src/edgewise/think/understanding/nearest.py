"""Functions that came after training: found by likeness to their name, description and examples.

A third party's capability has no class in the trained weights. Its sentences are compared with the
clause in the same space (embedding and word pieces); it must be clearly nearer than any example of
the trained functions.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from edgewise.core.capability import Capability
from edgewise.think.understanding.classifier import BUCKETS, Guess, features
from edgewise.think.understanding.embed import SIZE, Embedder
from edgewise.think.understanding.normalise import normalise

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEAST = 0.55
"""Cosine below which nothing is near."""
_FOLDED = 512


class Nearest:
    """Clause -> the likeliest added capability, or none."""

    def __init__(
        self, embedder: Embedder, added: Sequence[Capability], known: Sequence[Capability]
    ) -> None:
        import numpy as np

        self._embedder = embedder
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
        vector[:SIZE] = self._embedder(plain)
        ids = [i * _FOLDED // BUCKETS for i in features(plain)]
        vector[[SIZE + i for i in ids]] = 1.0 / float(np.sqrt(max(1, len(ids))))
        length = float(np.sqrt(vector @ vector))
        return vector / length if length else vector


def _sentences(capability: Capability) -> list[str]:
    name = capability.name.replace(".", " ").replace("_", " ")
    examples = [example.text for example in (*capability.en, *capability.zh)]
    return [name, capability.words.en, capability.words.zh, *examples]
