"""Decoding by MFA, GQA and MLA after 1k, 8k and 32k tokens, beside what the planner predicts.

Layers of attention alone, random weights, a filled cache, one token at a time. All kinds have the
same hidden width, as many layers, and as near as heads allow the same parameters a layer. On a CPU
(one thread, one sequence) the widths are a quarter of the published models': MFA is Step-3's with a
quarter of its heads and of its query's rank; GQA has the 8 key/value heads of 128 that five of the
Step-3 report's models have; MLA has DeepSeek-V3's latent of 512 + 64, its heads' widths and a
quarter of its query's rank; the heads of both are what the parameters leave. Widths of heads are
not scaled, so a token takes of the cache what it takes as published: 512, 2048 and 576 numbers a
layer. On CUDA the published widths are used, a batch of sequences, and one graph a step.

Every kind is computed in every way (which side of the product comes first, how the keys lie,
torch's fused kernel, block by block) and the fastest is kept, in each number format. On a CPU the
clock is the processor's own time; memory is shared all the same, so a busy machine shows. The
planner is told what this run measures of the machine: a large product's FLOP/s in that format, and
the best of reading and copying memory. It adds the slower of arithmetic and memory for attention's
core to that for the projections. Where a kind lies below its prediction, a kernel decides and not
the architecture: those for thin products reach a part of a large one's rate, and read memory slower
than a plain sum does. So each ratio is predicted twice: by memory's own rate, and by the rate at
which a matrix times a vector reads, which is all that one sequence's decoding does.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

import torch
from msgspec.structs import replace
from torch.nn import functional as F

from benchmarks.attention_kinds import (
    Attend,
    Cache,
    Kind,
    Stack,
    attend_by_blocks,
    attend_by_groups,
    attend_by_keys,
    attend_by_queries,
    attend_by_rows,
    attend_fused,
)
from benchmarks.cached_decoding import compare_cached
from edgewise.learn.report import Result, measure, report
from edgewise.plan.arch import Architecture, Gqa, LayerGroup, Mfa, Mla
from edgewise.plan.count import decode
from edgewise.plan.number_format import NumberFormat, bytes_each
from edgewise.plan.weights import parameters
from edgewise.step3.config import PUBLISHED

LAYERS = 4
CONTEXTS = (1024, 8192, 32_768)
CACHED_AT = CONTEXTS[:2]
TRIAL_S, KEPT_S, MEMORY_S = 0.2, 1.0, 1.0
APART = 1.5
"""The most that a measured and a predicted ratio may differ by, as a factor."""
FORMATS = {torch.float32: NumberFormat.FP32, torch.bfloat16: NumberFormat.BF16}
WAYS: dict[str, tuple[Attend, bool]] = {
    "queries first": (attend_by_queries, False),
    "queries first, keys turned": (attend_by_queries, True),
    "keys first": (attend_by_keys, False),
    "row by row": (attend_by_rows, False),
    "group by group": (attend_by_groups, False),
    "fused": (attend_fused, False),
    "by blocks": (attend_by_blocks, False),
}


@dataclass(frozen=True)
class Setting:
    """Where and how large. `scale` divides the published widths."""

    device: str
    scale: int
    batch: int
    dtypes: tuple[torch.dtype, ...]

    @property
    def hidden(self) -> int:
        return PUBLISHED.hidden_size // self.scale


@dataclass(frozen=True)
class Machine:
    """What this run measured of the device, in one number format."""

    flops_s: float
    bytes_s: float
    vector_bytes_s: float
    """Of a matrix that is multiplied by a vector."""


@dataclass(frozen=True)
class Kept:
    """The fastest way of one kind at one length."""

    way: str
    seconds: float
    predicted_s: float
    by_vector_s: float
    bytes: float


def main() -> None:
    """All of it on the accelerator if there is one, else on one thread of the CPU."""
    began = time.perf_counter() - time.process_time()
    torch.set_num_threads(1)
    torch.manual_seed(7)
    setting = (
        Setting("cuda", 1, 32, (torch.bfloat16,))
        if torch.cuda.is_available()
        else Setting("cpu", 4, 1, (torch.float32, torch.bfloat16))
    )
    results: list[Result] = []
    with torch.inference_mode():
        for dtype in setting.dtypes:
            results += compare(setting, dtype)
        first = setting.dtypes[0]
        results += compare_cached(
            setting.scale, CACHED_AT, setting.device, first, FORMATS[first].value
        )
    if setting.device == "cpu":
        had = 100 * time.process_time() / (time.perf_counter() - began)
        results.append(measure("of the core's time, which other programs share", had, "%"))
    report("step3", results)


def compare(setting: Setting, dtype: torch.dtype) -> Iterator[Result]:
    """All kinds at all lengths in one number format."""
    machine = measure_machine(setting.device, dtype)
    name = FORMATS[dtype].value
    yield measure(f"{name}: a large product", machine.flops_s / 1e9, "GFLOP/s")
    yield measure(
        f"{name}: memory, the better of reading and copying", machine.bytes_s / 1e9, "GB/s"
    )
    yield measure(f"{name}: memory, a matrix by a vector", machine.vector_bytes_s / 1e9, "GB/s")
    for context in CONTEXTS:
        kept: dict[str, Kept] = {}
        for kind, sizes in kinds(setting.hidden, setting.scale).items():
            kept[kind] = fastest(sizes, setting, dtype, context, machine)
            title = f"{name}, {context} tokens: {kind}"
            speed = setting.batch / kept[kind].seconds
            share = kept[kind].bytes / kept[kind].seconds / machine.bytes_s
            yield measure(title, speed, "tokens/s")
            yield measure(f"{title}, of memory bandwidth", 100 * share, "%")
        for other in ("GQA", "MLA"):
            yield from ratio(
                f"{name}, {context} tokens: MFA against {other}", kept["MFA"], kept[other]
            )


def ratio(title: str, mfa: Kept, other: Kept) -> Iterator[Result]:
    """How much faster MFA is, by the clock and by the planner, and how far these are apart."""
    measured, predicted = other.seconds / mfa.seconds, other.predicted_s / mfa.predicted_s
    yield measure(f"{title}", measured, "x")
    by_vector = other.by_vector_s / mfa.by_vector_s
    for rate, told in (("memory's rate", predicted), ("a vector's rate", by_vector)):
        yield measure(f"{title}, predicted by {rate}", told, "x")
        apart = max(measured / told, told / measured)
        yield measure(f"{title}, apart by {rate}", apart, "x", at_most=APART)


def kinds(hidden: int, scale: int) -> dict[str, Kind]:
    """The three kinds, of nearly as many parameters a layer."""
    mfa = Mfa(
        heads=PUBLISHED.num_attention_heads // scale,
        q_rank=PUBLISHED.share_q_dim // scale,
        kv_heads=1,
        head_dim=PUBLISHED.head_dim,
    )
    gqa = Gqa(heads=8, kv_heads=8, head_dim=128)
    mla = Mla(heads=1, q_rank=1536 // scale, kv_rank=512, rope_dim=64, nope_dim=128, value_dim=128)
    budget = size_of(mfa, hidden)

    def nearest(sizes: Gqa | Mla) -> Gqa | Mla:
        grown = (replace(sizes, heads=sizes.heads * times) for times in range(1, 257))
        return min(grown, key=lambda each: abs(size_of(each, hidden) - budget))

    return {"MFA": mfa, "GQA": nearest(gqa), "MLA": nearest(mla)}


def size_of(sizes: Kind, hidden: int) -> int:
    """Weights of one layer's projections."""
    return parameters(architecture(sizes, hidden, 1)).projections


def architecture(
    sizes: Kind, hidden: int, layers: int, stored: NumberFormat = NumberFormat.FP32
) -> Architecture:
    """Layers of attention alone, as the planner knows them."""
    group = LayerGroup(layers, sizes, None, kv_format=stored, norms=1)
    return Architecture(name="attention", hidden=hidden, vocab=1, groups=(group,), tied=True)


def fastest(
    sizes: Kind, setting: Setting, dtype: torch.dtype, context: int, machine: Machine
) -> Kept:
    """Tries all ways and measures the fastest once more."""
    stack = Stack(sizes, setting.hidden, LAYERS).to(setting.device, dtype)
    x = torch.randn(setting.batch, setting.hidden, device=setting.device, dtype=dtype)
    caches: dict[bool, list[Cache]] = {}

    def step_of(way: str) -> Callable[[], object]:
        attend, turned = WAYS[way]
        if turned not in caches:
            caches.clear()  # room for one set
            caches[turned] = [
                Cache(
                    layer, context, setting.batch, turned=turned, dtype=dtype, device=setting.device
                )
                for layer in stack.attention
            ]
        kept = caches[turned]
        return lambda: stack(x, kept, context - 1, attend)

    tried: dict[str, float] = {}
    for way in sorted(WAYS, key=lambda way: WAYS[way][1]):
        if way == "row by row" and dtype != torch.float32:
            continue  # it would add up in sixteen bits
        with suppress(torch.OutOfMemoryError):
            tried[way] = seconds(step_of(way), setting.device, TRIAL_S)
    best = min(tried, key=tried.__getitem__)
    again = seconds(step_of(best), setting.device, KEPT_S)
    predicted, moved = predict(sizes, setting, dtype, context, machine.flops_s, machine.bytes_s)
    by_vector, _ = predict(sizes, setting, dtype, context, machine.flops_s, machine.vector_bytes_s)
    told = ", ".join(f"{way} {1e3 * each:.2f}" for way, each in tried.items())
    print(f"{FORMATS[dtype]} {context} {sizes}: {told}; kept {1e3 * again:.2f} ms, predicted"
          f" {1e3 * predicted:.2f} or {1e3 * by_vector:.2f}", flush=True)  # fmt: skip
    return Kept(best, again, predicted, by_vector, moved)


def predict(
    sizes: Kind,
    setting: Setting,
    dtype: torch.dtype,
    context: int,
    flops_s: float,
    bytes_s: float,
) -> tuple[float, float]:
    """Seconds of a step by the planner's counts, and the bytes that it has to move."""
    planned = architecture(sizes, setting.hidden, LAYERS, FORMATS[dtype])
    work = decode(planned, context)
    weights = parameters(planned).projections * bytes_each(FORMATS[dtype])
    cache = setting.batch * work.cache_traffic
    core_s = max(setting.batch * work.core / flops_s, cache / bytes_s)
    linear = setting.batch * work.projections / flops_s
    return core_s + max(linear, weights / bytes_s), weights + cache


def measure_machine(device: str, dtype: torch.dtype) -> Machine:
    """FLOP/s of a product that fills the processor, and bytes a second of memory that no cache
    holds."""
    side = 2048 if device == "cpu" else 8192
    a, b = (torch.randn(side, side, device=device).to(dtype) for _ in "ab")
    flops_s = 2 * side**3 / seconds(lambda: a @ b, device, MEMORY_S)
    numbers = torch.ones(2**27, device=device)
    other = torch.empty_like(numbers)
    reading = numbers.nbytes / seconds(numbers.sum, device, MEMORY_S)
    copying = 2 * numbers.nbytes / seconds(lambda: other.copy_(numbers), device, MEMORY_S)
    matrix = numbers.to(dtype).view(-1, 2048)
    row = matrix[:1].clone()
    by_vector = matrix.nbytes / seconds(lambda: F.linear(row, matrix), device, MEMORY_S)
    print(f"{FORMATS[dtype]}: {flops_s / 1e9:.1f} GFLOP/s, reading {reading / 1e9:.1f} GB/s,"
          f" copying {copying / 1e9:.1f} GB/s, matrix by vector {by_vector / 1e9:.1f} GB/s",
          flush=True)  # fmt: skip
    return Machine(flops_s, max(reading, copying), by_vector)


def seconds(run: Callable[[], object], device: str, at_least_s: float) -> float:
    """The median time of a run, repeated for that long. On a CPU it is the processor's time: what
    other programs take of the core is not the run's."""
    run()
    if device == "cuda":
        run = graph_of(run)
    clock = time.process_time if device == "cpu" else time.perf_counter
    times: list[float] = []
    until = time.perf_counter() + at_least_s
    while time.perf_counter() < until or len(times) < 3:
        started = clock()
        run()
        if device == "cuda":
            torch.cuda.synchronize()
        times.append(clock() - started)
    return statistics.median(times)


def graph_of(run: Callable[[], object]) -> Callable[[], object]:
    """The run's kernels as one graph, so that starting each takes no time of its own."""
    torch.cuda.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        run()
    return graph.replay


if __name__ == "__main__":
    main()
