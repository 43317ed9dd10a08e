"""Attention and feed-forward of a small Step-3 apart, against one process with as many threads.

24 requests of 32 tokens are answered with 24 tokens each, greedily, by a model of 15 million random
weights in fp32 whose attention and experts read about as many bytes a layer. One process: two
threads, all requests at once. Apart: one attention worker and one FFN worker, one thread each. "In
flight" are micro-batches of 8; the same 8 one after the other, with no stage overlapping another,
are the comparison for the pipeline alone. Time per token is from the moment when every request has
its first token to the last token, over the tokens in between. Communicating is what an attention
worker waits beyond what the FFN worker computes. Uses all cores, also under `benchmarks.run`.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import torch

from edgewise.learn.report import Result, measure, report
from edgewise.step3.afd import Disaggregated
from edgewise.step3.afd_message import Ask, Plan
from edgewise.step3.config import Step3TextConfig
from edgewise.step3.generate import Generator, Request
from edgewise.step3.layout import count_parameters
from edgewise.step3.model import Step3ForCausalLM
from edgewise.step3.sampling import Sampling
from edgewise.step3.weights import load_model, save_model

SMALL = Step3TextConfig(
    hidden_size=256,
    intermediate_size=512,
    num_hidden_layers=6,
    num_attention_heads=16,
    head_dim=128,
    share_q_dim=256,
    moe_layers_enum=tuple(range(1, 6)),
    moe_num_experts=8,
    moe_top_k=2,
    moe_intermediate_size=192,
    share_expert_dim=192,
    vocab_size=2048,
    max_position_embedding=1024,
    max_seq_len=1024,
)
REQUESTS, IN_FLIGHT = 24, 3
PROMPT, ANSWER = 32, 24
PAGES = 128
RUNS = 3
Stream = Iterator[tuple[int, int]]


def main() -> None:
    """Measure one process, then each way of going apart, and report."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, range(os.cpu_count() or 1))
    torch.set_num_threads(2)
    torch.manual_seed(1)
    print(f"{count_parameters(SMALL) / 1e6:.1f} million parameters, {os.cpu_count()} cores")
    draws = torch.Generator().manual_seed(2)
    asks = [
        Ask(
            tuple(torch.randint(0, SMALL.vocab_size, (PROMPT,), generator=draws).tolist()),
            Sampling(max_tokens=ANSWER),
        )
        for _ in range(REQUESTS)
    ]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "model"
        save_model(Step3ForCausalLM(SMALL), folder)
        results = measure_all(folder, asks)
    report("afd", results)


def measure_all(folder: Path, asks: list[Ask]) -> list[Result]:
    few = asks[: REQUESTS // IN_FLIGHT]
    model = load_model(folder).requires_grad_(False)
    alone_ms, expected = timed("one process", asks, lambda: in_one_process(model, asks))
    with Disaggregated(folder, Plan(micro_batches=IN_FLIGHT), pages=PAGES) as apart:
        piped_ms, found = timed("3 in flight", asks, lambda: apart.stream(asks))
        attention, feed, _ = shares(apart, asks)
    same = sum(one == other for one, other in zip(found, expected, strict=True))
    with Disaggregated(folder, Plan(micro_batches=1), pages=PAGES) as apart:
        whole_ms, _ = timed("one batch of 24", asks, lambda: apart.stream(asks))
        _, _, whole_share = shares(apart, asks)
        turns_ms, _ = timed("8 and 8 and 8", few, lambda: apart.stream(few))
        _, _, turns_share = shares(apart, few)
    return [
        measure("one process, two threads: time per token", alone_ms, "ms"),
        measure("1A1F, three in flight: time per token", piped_ms, "ms"),
        measure("1A1F, the same three in turn: time per token", turns_ms, "ms"),
        measure("1A1F, one batch of all, no overlap: time per token", whole_ms, "ms"),
        measure("three in flight against one process", alone_ms / piped_ms, "x as fast"),
        measure("three in flight against the same in turn", turns_ms / piped_ms, "x as fast"),
        measure("three in flight: attention worker computing", 100 * attention, "%"),
        measure("three in flight: FFN worker computing", 100 * feed, "%"),
        measure("the same in turn: communicating", 100 * turns_share, "%"),
        measure("one batch of all: communicating", 100 * whole_share, "%"),
        measure("answers equal to one process's", 100 * same / len(asks), "%", at_least=100),
    ]


def timed(
    name: str, asks: list[Ask], stream: Callable[[], Stream]
) -> tuple[float, list[list[int]]]:
    """Milliseconds a token, the median of some runs after one that is not counted; the answers."""
    found: list[float] = []
    for _ in range(RUNS + 1):
        answers: list[list[int]] = [[] for _ in asks]
        begun, since = 0.0, 0
        for number, token in stream():
            answers[number].append(token)
            if not begun and all(answers):
                begun, since = time.perf_counter(), sum(map(len, answers))
        tokens = sum(map(len, answers)) - since
        found.append((time.perf_counter() - begun) / tokens * 1000)
    print(f"{name}: " + ", ".join(f"{one:.2f}" for one in found[1:]) + " ms a token", flush=True)
    return statistics.median(found[1:]), answers


def shares(apart: Disaggregated, asks: list[Ask]) -> tuple[float, float, float]:
    """Of one more run's time: computing on the attention and on the FFN side, communicating (for
    one micro-batch; several wait at the same time)."""
    apart.measure()
    begun = time.perf_counter()
    apart.decode(asks)
    whole = time.perf_counter() - begun
    spent = apart.measure()
    attention, feed = spent["attention worker 0"], spent["FFN worker 0"]
    return (
        attention.computing_s / whole,
        feed.computing_s / whole,
        (attention.waiting_s - feed.computing_s) / whole,
    )


def in_one_process(model: Step3ForCausalLM, asks: list[Ask]) -> Stream:
    generator = Generator(model, pages=PAGES, step_tokens=2 * REQUESTS * PROMPT)
    numbers = {generator.add(Request(one.prompt, one.sampling)): n for n, one in enumerate(asks)}
    while generator.busy:
        for piece in generator.step():
            if piece.token is not None:
                yield numbers[piece.request], piece.token


if __name__ == "__main__":
    main()
