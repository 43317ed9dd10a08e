"""What understanding knows of a device's capabilities, and its guess which one a clause names.

Declarations are prepared once; the trained weights load with the first sentence. Capabilities that
were added after training are found by the nearest of their examples.
"""

import threading
from collections.abc import Sequence
from functools import lru_cache

from edgewise.core.capability import Capability, Risk
from edgewise.think.understanding.command_model import (
    NONE,
    UNEXPOSED,
    CommandModel,
    Guess,
    load_command_model,
)
from edgewise.think.understanding.cues import correct
from edgewise.think.understanding.declared import declare
from edgewise.think.understanding.guards import acts_on_car
from edgewise.think.understanding.mentioned import without_names
from edgewise.think.understanding.nearest import Nearest
from edgewise.think.understanding.nonsense import names_no_deed, says_nothing
from edgewise.think.understanding.normalise import is_chinese, normalise
from edgewise.think.understanding.screen_heads import SCREEN
from edgewise.think.understanding.tagging import Span
from edgewise.think.understanding.verbatim import without_titles

FLOOR = 0.5
"""Below this confidence a clause is not acted on; chosen for a rate of false acts (decision 4)."""
UNABLE = 0.4
"""What a guess counts for that this device cannot carry out."""
READ_FLOOR = 0.4
"""The same for what only reads: a wrong answer costs a sentence."""


class Known:
    """The capabilities of one device as understanding knows them; safe to use from threads."""

    def __init__(self, capabilities: Sequence[Capability]) -> None:
        self.declared = {c.name: declare(c) for c in capabilities}
        self.capabilities = {c.name: c for c in capabilities}
        self._examples = {
            _bare(example.text): c.name for c in capabilities for example in (*c.en, *c.zh)
        }
        self._words = frozenset(word for example in self._examples for word in example.split())
        self.guess = lru_cache(maxsize=64)(self._guess)
        """Functions that a clause of a text may name (`_guess`); the last are remembered."""
        self._lock = threading.Lock()
        self._model: CommandModel | None = None
        self._nearest: Nearest | None = None

    def warm(self) -> None:
        """Loads the weights now instead of with the first sentence."""
        with self._lock:
            if self._model is not None:
                return
            model = load_command_model()
            trained = set(model.functions)
            added = [c for name, c in self.capabilities.items() if name not in trained]
            known = [c for name, c in self.capabilities.items() if name in trained]
            self._nearest = Nearest(model, added, known) if added else None
            self._model = model

    def prepare(self) -> None:
        """Builds now what the first sentence about each capability would wait for."""
        for declared in self.declared.values():
            declared.prepare()

    def _guess(self, plain: str, within: str = "") -> list[Guess]:
        """Functions that a clause of the text `within` may name, the likeliest first; needs
        `warm()` before."""
        bare = without_titles(without_names(plain, self.mentions(plain, within)))
        guesses = correct(bare, self._able(self.raw_guess(plain, within)))
        if self._nearest is not None:
            added = self._nearest(plain)
            if added is not None and (
                guesses[0].name == NONE
                or added.confidence > guesses[0].confidence
                or added.confidence > 0.8
            ):
                return [added, *guesses]
        return guesses

    def _able(self, guesses: Sequence[Guess]) -> list[Guess]:
        """The guesses with less trust in what this device cannot do: "turn on the fan" in a car is
        not said to a house that it does not know."""
        weights = [g.confidence * (1.0 if self._can(g.name) else UNABLE) for g in guesses]
        total = sum(weights) or 1.0
        scale = sum(g.confidence for g in guesses) / total
        able = [Guess(g.name, w * scale) for g, w in zip(guesses, weights, strict=True)]
        return sorted(able, key=lambda guess: -guess.confidence)

    def _can(self, name: str) -> bool:
        capability = self.capabilities.get(name)
        return capability.available if capability else name in (NONE, UNEXPOSED)

    def raw_guess(self, plain: str, within: str = "") -> list[Guess]:
        """What the command model alone says."""
        return self.model.guess(plain, within)

    @property
    def model(self) -> CommandModel:
        """The command model; needs `warm()` before."""
        assert self._model is not None
        return self._model

    @property
    def has_screen(self) -> bool:
        """Whether the device has a screen that it may touch."""
        hand = self.capabilities.get(SCREEN)
        return hand is not None and hand.available

    def floor(self, name: str) -> float:
        """The confidence that a function needs to be called."""
        capability = self.capabilities.get(name)
        return READ_FLOOR if capability and capability.risk is Risk.READ else FLOOR

    def mentions(self, plain: str, within: str = "") -> tuple[Span, ...]:
        """Typed words of a clause of the text `within`, with their places in the clause."""
        at = within.find(plain) if plain else -1
        if at < 0 or not self.model.sees(within, at + len(plain)):
            return self.model.see(plain).mentions
        return tuple(
            Span(m.kind, m.start - at, m.end - at)
            for m in self.model.see(within).mentions
            if at <= m.start and m.end <= at + len(plain)
        )

    def known_share(self, plain: str) -> float:
        """How much of a clause's English is known words, 0 to 1."""
        return self.model.known_share(plain)

    def is_made_up(self, plain: str, name: str) -> bool:
        """Whether an English clause that is taken for an order of `name` is made-up words; for what
        moves the car its verb must be known too, and what is played may have any name."""
        if is_chinese(plain) or name == "media.play":
            return False
        if says_nothing(plain, self.model.knows, self._words):
            return True
        capability = self.capabilities.get(name)
        moves = capability is not None and acts_on_car(capability)
        return moves and names_no_deed(plain, self.model.knows, self._words)

    def example_of(self, plain: str) -> str | None:
        """The capability that declares this very sentence as an example."""
        return self._examples.get(plain.strip(" .!?"))


@lru_cache(maxsize=4096)
def _bare(example: str) -> str:
    """A declared sentence without its end; the same ones are declared for each device."""
    return normalise(example).plain.strip(" .!?")
