"""A request, and its answer as it grows: token by token, with its text and its end.

It does not know whether the model computes with a cache or without: `generate.py` does. What can
never be answered is refused here, before it waits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

import torch
from torch import Tensor

from edgewise.errors import UserError
from edgewise.step3.cache import Table
from edgewise.step3.model import Step3ForCausalLM, too_long
from edgewise.step3.pictures import PicturePixels
from edgewise.step3.sampling import GREEDY, Sampling, choose, log_probabilities
from edgewise.step3.stopping import Decode, TextStream
from edgewise.step3.vision_language import Step3VL

Finish = Literal["stop", "length", "cancelled"]


@dataclass(frozen=True, slots=True)
class Request:
    """A prompt as tokens, in which the tokens of its pictures stand (`image_tokens.expand`)."""

    prompt: Sequence[int]
    sampling: Sampling = GREEDY
    pictures: Sequence[PicturePixels] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """What one step gave one request. `text` is what is certain by now, so it may lag behind the
    tokens; the token that ends an answer as one of `stop_ids` is not told. `finish` in the last."""

    request: int
    token: int | None
    text: str
    logprob: float | None
    finish: Finish | None


@dataclass(frozen=True, slots=True)
class Completion:
    """A whole answer. With a stop string, `tokens` are all that were taken and `text` ends before
    it. `logprobs` has one for each token, or none where they were not asked for."""

    tokens: list[int]
    text: str
    logprobs: list[float]
    finish: Finish


class Answer:
    """One request on its way: its tokens so far, its text, and its part of the cache."""

    def __init__(self, number: int, request: Request, decode: Decode | None) -> None:
        self.number, self.request = number, request
        self.ids = list(request.prompt)
        self.table = Table()
        self.vectors: Tensor | None = None  # of a prompt with pictures, (tokens, h)
        self.finished = False
        self._text = TextStream(decode, request.sampling.stop)
        self._random = Random(request.sampling.seed)

    @property
    def unread(self) -> int:
        """How many tokens are not in the cache yet."""
        return len(self.ids) - self.table.tokens

    def draw(self) -> float:
        """The next number in [0, 1) of its seed; one for each token that it takes."""
        return self._random.random()

    def take(self, token: int, logprob: float | None) -> Piece:
        sampling = self.request.sampling
        finish: Finish | None = None
        if token in sampling.stop_ids:
            self.finished = True
            return Piece(self.number, None, self._text.close(), None, "stop")
        self.ids.append(token)
        text = self._text.take(token)
        if self._text.stopped:
            finish = "stop"
        elif len(self.ids) == len(self.request.prompt) + sampling.max_tokens:
            finish = "length"
            text += self._text.close()
        self.finished = finish is not None
        return Piece(self.number, token, text, logprob, finish)


def take(answers: Sequence[Answer], logits: Tensor) -> list[Piece]:
    """Gives each answer the token that follows by its scores, a row of (B, V)."""
    if not answers:
        return []
    wanted = [answer.request.sampling for answer in answers]
    tokens = choose(logits, wanted, [answer.draw() for answer in answers])
    told: Sequence[float | None] = [None] * len(answers)
    if any(sampling.logprobs for sampling in wanted):
        told = log_probabilities(logits, tokens)
    return [
        answer.take(token, logprob if answer.request.sampling.logprobs else None)
        for answer, token, logprob in zip(answers, tokens, told, strict=True)
    ]


def completion(pieces: Sequence[Piece]) -> Completion:
    """The whole of one request's pieces; one that was cancelled has no end."""
    return Completion(
        tokens=[piece.token for piece in pieces if piece.token is not None],
        text="".join(piece.text for piece in pieces),
        logprobs=[piece.logprob for piece in pieces if piece.logprob is not None],
        finish=(pieces[-1].finish if pieces else None) or "cancelled",
    )


def see(model: Step3ForCausalLM, request: Request) -> Tensor:
    """(T, h): the vectors of a prompt's tokens, with its pictures'."""
    ids = torch.tensor(request.prompt, device=model.lm_head.weight.device)
    if isinstance(model, Step3VL):
        return model.embed(ids, request.pictures)
    return model.model.embed_tokens(ids)


def check(model: Step3ForCausalLM, request: Request) -> None:
    """Raises UserError for a request that this model can not answer."""
    config, prompt = model.model.config, request.prompt
    if not prompt:
        raise UserError("the prompt has no tokens; give at least one", code="bad_prompt")
    if strange := [token for token in prompt if not 0 <= token < config.vocab_size]:
        raise UserError(
            f"the prompt has token {strange[0]}; the vocabulary ends at {config.vocab_size - 1}:"
            " take the tokenizer beside the checkpoint",
            code="bad_prompt",
        )
    if (tokens := len(prompt) + request.sampling.max_tokens) > config.context:
        raise too_long(tokens, config)
    if not isinstance(model, Step3VL):
        if request.pictures:
            raise UserError(
                "this model has no vision; load it with vision, or leave the pictures out",
                code="bad_picture",
            )
        return
    named, seen = prompt.count(model.whole.image_token_id), model.image_tokens(request.pictures)
    if named != seen:
        raise UserError(
            f"the prompt has {named} image tokens and its pictures need {seen}; expand the prompt"
            " by the layouts of the same pictures",
            code="bad_picture",
        )
