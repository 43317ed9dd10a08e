"""How sure a model was of what it wrote, from the probability it gave each token it chose.

A model of 135 million parameters writes a wrong fact as fluently as a right one, but less surely.
Of its answers to 80 easy questions about the world (SmolLM2-135M, first sentence) 39 were right;
the floors here and the refusal of numbers (`wording`) let 23 pass, 19 of them right. Being sure is
no proof: what passes is still said to be uncertain.
"""

import math

MEAN_FLOOR = 0.5  # geometric mean over the tokens
EACH_FLOOR = 0.15  # the least likely token; a wrong name or number is one unlikely token


class Surety:
    """Collects the tokens of one sentence."""

    def __init__(self) -> None:
        self._sum = 0.0
        self._least = 0.0
        self._tokens = 0

    def add(self, log_probability: float) -> None:
        """Take one token's log probability."""
        self._sum += log_probability
        self._least = min(self._least, log_probability)
        self._tokens += 1

    @property
    def sure(self) -> bool:
        """Whether the model was sure enough of all of it; never of nothing."""
        if not self._tokens:
            return False
        mean = math.exp(self._sum / self._tokens)
        return mean >= MEAN_FLOOR and math.exp(self._least) >= EACH_FLOOR
