"""The passes of micro-batches through all layers, attention and feed-forward apart.

    attention worker, each layer:   x = attend(x); y = norm(x)      its stage
                                    y and its experts out, sums in  communication
                                    x = x + sums
    FFN worker, each layer:         y of all attention workers in   communication
                                    its part of feed(y)             its stage
                                    that part out

Each micro-batch runs through this in a thread of its own, and a worker's stage takes one at a time.
So while one is in attention, another is under way and a third is in the feed-forward part: the
paper's pipeline of three, without a schedule. Letters of shapes: N tokens of one micro-batch and
worker, h hidden, K experts a token. Source: Step-3 system report, section 5.
"""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from time import perf_counter
from typing import cast

import torch
from torch import Tensor

from edgewise.step3.afd_link import Group, Shape, finish, pack, receive, send, unpack
from edgewise.step3.afd_message import Chosen, Go, Passed, Plan, Spent
from edgewise.step3.afd_requests import Running
from edgewise.step3.afd_split import FeedSide
from edgewise.step3.attention import rotation_at
from edgewise.step3.cache import PagedCache, Step
from edgewise.step3.config import Step3TextConfig
from edgewise.step3.model import Block, Step3ForCausalLM
from edgewise.step3.sampling import choose


class Stage:
    """A worker's own computing, for one micro-batch at a time, and what it and waiting took."""

    def __init__(self) -> None:
        self._free = threading.Lock()
        self._counting = threading.Lock()
        self._spent = Spent(0.0, 0.0)

    @contextmanager
    def computing(self) -> Generator[None]:
        with self._free:
            begun = perf_counter()
            try:
                yield
            finally:
                self._count(perf_counter() - begun, 0.0)

    @contextmanager
    def waiting(self) -> Generator[None]:
        begun = perf_counter()
        try:
            yield
        finally:
            self._count(0.0, perf_counter() - begun)

    def spent(self) -> Spent:
        """Since it was asked the last time."""
        with self._counting:
            found, self._spent = self._spent, Spent(0.0, 0.0)
        return found

    def _count(self, computing_s: float, waiting_s: float) -> None:
        with self._counting:
            so_far = self._spent
            self._spent = Spent(so_far.computing_s + computing_s, so_far.waiting_s + waiting_s)


class AttentionPasses:
    """One micro-batch on an attention worker: its requests, whose keys and values are in the
    worker's cache."""

    def __init__(
        self,
        side: Step3ForCausalLM,
        cache: PagedCache,
        plan: Plan,
        rank: int,
        group: Group,
        stage: Stage,
    ) -> None:
        self.side, self.cache, self.plan, self.rank = side, cache, plan, rank
        self.blocks = [cast(Block, block) for block in side.model.layers]
        self.group, self.stage = group, stage
        self.running: list[Running] = []

    def go(self, go: Go) -> Passed | None:
        """One pass of its requests, and those that `go` brings in: a token for each; None if there
        are none. Raises PeerLost."""
        self.running += [Running(begun) for begun in go.begun]
        counts = [len(one.pending) for one in self.running]
        if sum(counts) != go.counts[self.rank]:
            raise RuntimeError(f"rank {self.rank} has {counts} tokens of requests, but got {go}")
        if not counts:
            return None
        model = self.side.model
        with self.stage.computing():
            step = self._step()
            ids = [token for one in self.running for token in one.pending]
            x = model.embed_tokens(torch.tensor([ids], device=step.positions.device))  # (1, N, h)
            rotation = rotation_at(step.positions, model.config)
        for layer, block in enumerate(self.blocks):
            with self.stage.computing():
                x = block.attend(x, rotation, step.look(layer))
                y = block.post_attention_layernorm(x)[0]  # (N, h)
                sent = pack(y, *(block.moe.route(y) if block.is_moe else (None, None)))
            with self.stage.waiting():
                fed = self._fed(sent, y)
            x = x + fed
        with self.stage.computing():
            step.finish()
            return Passed(go.micro, self._choose(x[0], counts))

    def _step(self) -> Step:
        for one in self.running:
            self.cache.grow(one.table, one.table.tokens + len(one.pending))
        return Step(self.cache, [(one.table, len(one.pending)) for one in self.running])

    def _fed(self, sent: Tensor, y: Tensor) -> Tensor:
        """What the FFN workers make of y: (N, h), their parts added up in the order of ranks."""
        ranks = range(self.plan.attention, self.plan.workers)
        parts = [torch.empty_like(y) for _ in ranks]
        coming = receive(list(zip(ranks, parts, strict=True)), self.group)
        finish(send([(rank, sent) for rank in ranks], self.group) + coming)
        whole = parts[0]
        for part in parts[1:]:
            whole = whole + part
        return whole

    def _choose(self, x: Tensor, counts: list[int]) -> list[Chosen]:
        """The token after each request's last, which it goes on by; those that ended leave."""
        ends = torch.tensor(counts, device=x.device).cumsum(0) - 1
        scores = self.side.lm_head(self.side.model.norm(x[ends]))  # (requests, V)
        wanted = [one.sampling for one in self.running]
        tokens = choose(scores, wanted, [one.draws.random() for one in self.running])
        going: list[Running] = []
        chosen: list[Chosen] = []
        for one, token in zip(self.running, tokens, strict=True):
            is_last = one.take(token)
            chosen.append(Chosen(one.number, token, is_last))
            if is_last:
                self.cache.release(one.table)
            else:
                going.append(one)
        self.running = going
        return chosen


class FeedPasses:
    """One micro-batch on an FFN worker, which keeps nothing of it from one layer to the next."""

    def __init__(self, side: FeedSide, config: Step3TextConfig, group: Group, stage: Stage) -> None:
        weight = next(side.parameters())
        self.side, self.group, self.stage, self.device = side, group, stage, weight.device
        moe = config.moe_layers_enum
        self.shapes = [
            Shape(config.hidden_size, config.moe_top_k if layer in moe else 0, weight.dtype)
            for layer in config.layers
        ]

    def go(self, go: Go) -> None:
        """Feeds the tokens of all attention workers, through every layer. Raises PeerLost."""
        ranks = [rank for rank, count in enumerate(go.counts) if count]
        counts = [go.counts[rank] for rank in ranks]
        for layer, shape in enumerate(self.shapes):
            sent = [
                torch.empty(shape.size(count), dtype=torch.uint8, device=self.device)
                for count in counts
            ]
            with self.stage.waiting():
                finish(receive(list(zip(ranks, sent, strict=True)), self.group))
            with self.stage.computing():
                parts = self._feed(layer, sent, counts)
            finish(send(list(zip(ranks, parts, strict=True)), self.group))

    def _feed(self, layer: int, sent: list[Tensor], counts: list[int]) -> tuple[Tensor, ...]:
        """All that came in at once, and each worker's tokens back: (N, h)."""
        shape = self.shapes[layer]
        came = [unpack(one, count, shape) for one, count in zip(sent, counts, strict=True)]
        tokens, chosen, weights = (
            torch.cat([part for part in parts if part is not None])
            if parts[0] is not None
            else None
            for parts in zip(*came, strict=True)
        )
        if tokens is None:
            raise RuntimeError("a micro-batch without tokens was sent on its way")
        return self.side(layer, tokens, chosen, weights).split(counts)
