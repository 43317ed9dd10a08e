"""What understanding knows of a device's capabilities, and its guess which one a clause names.

Declarations are prepared once; the trained weights load with the first sentence. Capabilities that
were added after training are found by the nearest of their examples.
"""

import threading
from collections.abc import Sequence

from edgewise.core.capability import Capability
from edgewise.think.understanding.classifier import NONE, Classifier, Guess, load_classifier
from edgewise.think.understanding.cues import correct
from edgewise.think.understanding.declared import declare
from edgewise.think.understanding.nearest import Nearest
from edgewise.think.understanding.normalise import normalise

FLOOR = 0.5
"""Below this confidence a clause is not acted on; chosen on hand-written sentences (decision 4)."""


class Known:
    """The capabilities of one device as understanding knows them; safe to use from threads."""

    def __init__(self, capabilities: Sequence[Capability]) -> None:
        self.declared = {c.name: declare(c) for c in capabilities}
        self.capabilities = {c.name: c for c in capabilities}
        self._examples = {
            normalise(example.text).plain.strip(" .!?"): c.name
            for c in capabilities
            for example in (*c.en, *c.zh)
        }
        self._lock = threading.Lock()
        self._classifier: Classifier | None = None
        self._nearest: Nearest | None = None

    def warm(self) -> None:
        """Loads the weights now instead of with the first sentence."""
        with self._lock:
            if self._classifier is not None:
                return
            classifier = load_classifier()
            trained = set(classifier.classes)
            added = [c for name, c in self.capabilities.items() if name not in trained]
            known = [c for name, c in self.capabilities.items() if name in trained]
            self._nearest = Nearest(classifier.embedder, added, known) if added else None
            self._classifier = classifier

    def guess(self, plain: str) -> list[Guess]:
        """Functions that a clause may name, the likeliest first; needs `warm()` before."""
        guesses = correct(plain, self.raw_guess(plain))
        if self._nearest is not None:
            added = self._nearest(plain)
            if added is not None and (
                guesses[0].name == NONE
                or added.confidence > guesses[0].confidence
                or added.confidence > 0.8
            ):
                return [added, *guesses]
        return guesses

    def raw_guess(self, plain: str) -> list[Guess]:
        """What the trained layer alone says."""
        assert self._classifier is not None
        return self._classifier(plain)

    def known_share(self, plain: str) -> float:
        """How much of a clause's English is known words, 0 to 1."""
        assert self._classifier is not None
        return self._classifier.embedder.known_share(plain)

    def example_of(self, plain: str) -> str | None:
        """The capability that declares this very sentence as an example."""
        return self._examples.get(plain.strip(" .!?"))
