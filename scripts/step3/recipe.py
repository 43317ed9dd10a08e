"""What decides the weights of a small Step-3, beside its data."""

import math
from dataclasses import dataclass

from edgewise.step3.config import Step3VLConfig
from edgewise.step3.nano import size_named

SEED = 20_261_130


@dataclass(frozen=True, slots=True)
class Recipe:
    """What decides the weights, beside the data. `eyes` are the steps in which these learn alone,
    `steps` those of all together; `rate` is the highest; `balance` the weight of the load-balancing
    loss."""

    size: str = "step3-nano"
    eyes: int = 400
    steps: int = 1200
    rows: int = 48
    rate: float = 1e-3
    warmup: int = 40
    last_rate: float = 0.05
    decay: float = 0.05
    clip: float = 1.0
    balance: float = 0.01
    seed: int = SEED

    @property
    def config(self) -> Step3VLConfig:
        return size_named(self.size)

    def rate_at(self, step: int, steps: int = 0) -> float:
        """Up in a line, down as half a cosine to `last_rate` of the highest, over `steps` (0: those
        of all together)."""
        if step < self.warmup:
            return self.rate * (step + 1) / self.warmup
        done = (step - self.warmup) / max(1, (steps or self.steps) - self.warmup)
        return self.rate * (
            self.last_rate + (1 - self.last_rate) * (1 + math.cos(math.pi * done)) / 2
        )
