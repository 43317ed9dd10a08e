"""Which token follows: the likeliest, or one drawn by its probability.

    temperature   0 takes the likeliest; else scores are divided by it before they are probabilities
    top_p         draws among the fewest likeliest tokens whose probabilities reach it together

A draw is one number in [0, 1) that is handed in: with the same number the same token follows,
whatever else is in the batch. Ends of an answer are in `stopping.py`.
Letters of shapes: B sequences, V vocabulary. Source of top_p: arXiv 1904.09751.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from edgewise.errors import UserError


@dataclass(frozen=True, slots=True)
class Sampling:
    """How one request's answer is made. Raises UserError, which names the value.

    `stop` are texts and `stop_ids` tokens that end it, which it then does not contain; `seed` None
    draws differently each time; `logprobs` tells how likely each token was (its natural logarithm,
    before temperature and top_p)."""

    temperature: float = 0.0
    top_p: float = 1.0
    seed: int | None = None
    max_tokens: int = 256
    stop: tuple[str, ...] = ()
    stop_ids: tuple[int, ...] = ()
    logprobs: bool = False

    def __post_init__(self) -> None:
        if not (self.temperature >= 0 and math.isfinite(self.temperature)):
            raise _wrong("temperature", self.temperature, "0 or more, such as 0.7")
        if not 0 < self.top_p <= 1:
            raise _wrong("top_p", self.top_p, "over 0 and at most 1")
        if self.max_tokens < 1:
            raise _wrong("max_tokens", self.max_tokens, "1 or more")
        if isinstance(self.stop, str) or not all(self.stop):
            raise _wrong("stop", self.stop, "texts in a tuple, none of them empty")


GREEDY = Sampling()


def choose(logits: Tensor, wanted: Sequence[Sampling], draws: Sequence[float]) -> list[int]:
    """The token that follows each of B sequences, by its scores (B, V), its wishes and its draw."""
    chosen = logits.argmax(-1)  # (B,)
    drawn = [row for row, sampling in enumerate(wanted) if sampling.temperature > 0]
    if drawn:
        heat, most, draw = (
            torch.tensor(column, dtype=torch.float64, device=logits.device)[:, None]  # (b, 1)
            for column in zip(
                *((wanted[row].temperature, wanted[row].top_p, draws[row]) for row in drawn),
                strict=True,
            )
        )
        scores = logits[drawn].double()
        scores = (scores - scores.amax(-1, keepdim=True)) / heat  # no heat is too little
        chosen[drawn] = _drawn(scores.softmax(-1), most, draw)
    return chosen.tolist()


def log_probabilities(logits: Tensor, chosen: Sequence[int]) -> list[float]:
    """Of the chosen token of each row of (B, V)."""
    rows = torch.tensor(chosen, device=logits.device)[:, None]
    return logits.float().log_softmax(-1).gather(1, rows)[:, 0].tolist()


def _drawn(probabilities: Tensor, top_p: Tensor, draw: Tensor) -> Tensor:
    """(b, V), (b, 1) and (b, 1) -> (b,): the token at which the sum of probabilities, from the
    likeliest on, passes the draw's part of what may be drawn."""
    probabilities, order = probabilities.sort(dim=-1, descending=True, stable=True)
    before = probabilities.cumsum(-1) - probabilities
    upto = probabilities.where(before < top_p, 0.0).cumsum(-1)
    place = (upto <= draw * upto[:, -1:]).sum(-1, keepdim=True)  # a draw is below 1
    return order.gather(1, place)[:, 0]


def _wrong(name: str, value: object, limit: str) -> UserError:
    return UserError(f"{name} is {value!r}; give {limit}", code="bad_sampling")
