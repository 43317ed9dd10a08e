"""Requests to a model whose attention and feed-forward run apart: checked by the front, and as an
attention worker holds them.
"""

import secrets
from dataclasses import replace
from random import Random

from edgewise.errors import UserError
from edgewise.step3.afd_message import Ask, Begun
from edgewise.step3.cache import PAGE_TOKENS, Table
from edgewise.step3.config import Step3TextConfig


class Running:
    """A request under way: what of it is in the cache (`table`), and tokens that are not yet.

    Each token takes one draw from the request's own source, so one that is decoded again goes on as
    it would have."""

    def __init__(self, begun: Begun) -> None:
        self.number, self.sampling = begun.number, begun.ask.sampling
        self.pending = [*begun.ask.prompt, *begun.known]
        self.table = Table()
        self.left = self.sampling.max_tokens - len(begun.known)
        self.draws = Random(self.sampling.seed)
        for _ in begun.known:
            self.draws.random()

    def take(self, token: int) -> bool:
        """Goes on by a token; whether it was the last."""
        self.pending = [token]
        self.left -= 1
        return self.left == 0 or token in self.sampling.stop_ids


def pages(ask: Ask) -> int:
    """How many pages of the cache a request may come to fill."""
    return -(-(len(ask.prompt) + ask.sampling.max_tokens) // PAGE_TOKENS)


def settle(ask: Ask, config: Step3TextConfig, most_pages: int) -> Ask:
    """The request with a seed, if it has none. Raises UserError, which names what does not hold."""
    wanted = ask.sampling
    if not ask.prompt:
        raise UserError("the prompt has no tokens; it needs at least one")
    for token in ask.prompt:
        if not 0 <= token < config.vocab_size:
            raise UserError(f"token {token} of the prompt is not from 0 to {config.vocab_size - 1}")
    if len(ask.prompt) + wanted.max_tokens > config.context:
        raise UserError(
            f"{len(ask.prompt)} tokens of the prompt and max_tokens {wanted.max_tokens} are more"
            f" than the model's context of {config.context}",
            code="too_long",
        )
    if pages(ask) > most_pages:
        raise UserError(
            f"the request may fill {pages(ask)} pages of the cache, which has {most_pages} on each"
            " attention worker; give it more, or ask for fewer tokens",
            code="cache_full",
        )
    if wanted.stop or wanted.logprobs:
        raise UserError(
            "stop strings and logprobs are for one process; here stop_ids end an answer",
            code="bad_sampling",
        )
    if wanted.seed is None:
        wanted = replace(wanted, seed=secrets.randbits(32))
    return Ask(ask.prompt, wanted)
