"""This machine as a chip for the planner, by measurement: what it reads, multiplies and decodes.

`measure_machine` gives a `Chip`, `measure_rates` what llama.cpp reaches on it. The rates are fitted
to made-up models (`plan_probe`), never to the model whose speed is then predicted: a layer's fixed
cost to many narrow layers, each format's to weights far larger than the processor's cache,
attention's FLOPs to keys and values that it holds; reading those that it does not hold costs the
memory's measured rate besides. With one thread the clock is the process's own processor time, so
that other programs disturb less; with more it is the wall's. A token's time is the median of
several differences between a long decode and a short one; other figures are the best of several.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

from msgspec import Struct

from edgewise.cli.plan_probe import probe_model, write_probe
from edgewise.cli.plan_quiet import told_of_probes
from edgewise.core.words import Words
from edgewise.errors import ModelError
from edgewise.learn.report import read_cpu_model
from edgewise.plan.arch import Architecture, Gqa
from edgewise.plan.chip import Chip, Kind
from edgewise.plan.count import decode, prefill
from edgewise.plan.edge import Rates
from edgewise.plan.number_format import NumberFormat
from edgewise.plan.stored import NAMED, StoredWeights, read_for_a_token, stored_as
from edgewise.think.llama_process import load

REPEATS = 5
FEW, MANY = 4, 28
"""Tokens of a short and a long decode: what starting one costs is the same in both."""
COPY_BYTES = 256 * 2**20
"""Read by each thread; several times the largest cache of a desktop chip."""
SHORT, LONG = 64, 1024
PROMPT = 256
FORMATS = (NumberFormat.Q4_1, NumberFormat.Q8_0)
NARROW_HEADS = Gqa(heads=4, kv_heads=2, head_dim=64)
WIDE_HEADS = Gqa(heads=16, kv_heads=4, head_dim=64)
SGEMM = """
import time, numpy
a = numpy.ones((1024, 1024), dtype=numpy.float32)
a @ a
best = 1e9
for _ in range(8):
    began = time.perf_counter(); a @ a; best = min(best, time.perf_counter() - began)
print(2 * 1024**3 / best)
"""


class Probe(Struct, frozen=True):
    """A made-up model, how its weights are kept, and the contexts that it is measured at."""

    model: Architecture
    stored: NumberFormat
    contexts: tuple[int, ...] = (SHORT,)


def measure_machine(threads: int | None = None) -> Chip:
    """This machine as a chip: its memory, and what `threads` threads (all cores unless said) read
    from memory and multiply in FP32 in a second; takes seconds, and the machine should be quiet."""
    threads = threads or usable_cores()
    source = f"measured on this machine, {threads} thread{'s' if threads > 1 else ''}"
    figures = ("memory", "bandwidth", "peak_flops")
    return Chip(
        name="this machine",
        kind=Kind.DESKTOP,
        price_usd_per_hour=None,
        peak_flops={NumberFormat.FP32: measure_flops_s(threads)},
        memory_bytes=float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")),
        bandwidth_bytes_s=measure_bandwidth(threads),
        network_bytes_s=None,
        power_w=None,
        tops=None,
        cards=1,
        aliases=(read_cpu_model(),),
        sources=dict.fromkeys(figures, source),
    )


def usable_cores() -> int:
    """The cores that this process may use; all of them where the system does not tell."""
    has_affinity = hasattr(os, "sched_getaffinity")
    return len(os.sched_getaffinity(0)) if has_affinity else os.cpu_count() or 1


def measure_bandwidth(threads: int) -> float:
    """Bytes a second that so many threads read together from memory that no cache holds."""
    import numpy

    arrays = [numpy.ones(COPY_BYTES // 4, dtype=numpy.int32) for _ in range(threads)]
    best, clock = float("inf"), clock_for(threads)
    for _ in range(REPEATS):
        began = clock()
        if threads == 1:
            arrays[0].max()
        else:
            workers = [threading.Thread(target=array.max) for array in arrays]
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()
        best = min(best, clock() - began)
    return threads * COPY_BYTES / best


def measure_flops_s(threads: int) -> float:
    """FP32 FLOP/s of a product of two matrices by numpy's library, in a process of its own because
    that library takes its number of threads when it is loaded."""
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    limits = dict.fromkeys(names, str(threads))
    ran = subprocess.run(
        [sys.executable, "-c", SGEMM],
        env=os.environ | limits,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=120,
    )
    return float(ran.stdout)


def probes(formats: Sequence[NumberFormat] = FORMATS) -> tuple[Probe, ...]:
    """What is measured for the rates of these formats."""
    first = formats[0]
    return (
        Probe(probe_model(1, NARROW_HEADS, 256, 256), first),
        Probe(probe_model(48, NARROW_HEADS, 256, 256), first),
        Probe(probe_model(24, WIDE_HEADS, 256, 256), first, (SHORT, LONG)),
        *(Probe(probe_model(8, WIDE_HEADS, 1024, 4096), each) for each in formats),
    )


def measure_rates(
    threads: int = 1,
    formats: Sequence[NumberFormat] = FORMATS,
    tell: Callable[[Words], None] = lambda _: None,
) -> Rates:
    """What llama.cpp reaches here with so many threads, keys and values in 16 bits. `tell` is told
    what begins, of each probe, and where other programs make the figures doubtful.
    Raises ModelError without the extras `plan` and `llama`."""
    tell(_BEGINS.filled(count=len(probes(formats))))
    rows: list[tuple[list[float], float]] = []
    repeats: list[list[float]] = []
    wide: dict[NumberFormat, float] = {}
    prefill_flops_s = 0.0
    for probe in probes(formats):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "probe.gguf"
            _write(path, probe)
            asked = Asked(path, threads, max(probe.contexts) + PROMPT)
            for context in probe.contexts:
                repeats.append(asked.repeats_s(context))
                seconds = median(repeats[-1])
                tell(
                    _PROBE.filled(
                        layers=probe.model.layers,
                        stored=probe.stored,
                        context=context,
                        ms=f"{1e3 * seconds:.2f}",
                    )
                )
                rows.append((_features(probe, context + (FEW + MANY) // 2, formats), seconds))
            if probe.model.hidden == max(each.model.hidden for each in probes(formats)):
                wide[probe.stored] = median(repeats[-1])
                flops = prefill(probe.model, PROMPT).flops
                prefill_flops_s = max(prefill_flops_s, flops / asked.prompt_s(PROMPT))
    if (doubt := told_of_probes(repeats, wide)) is not None:
        tell(doubt)
    disturbed = ", disturbed by other programs" if doubt is not None else ""
    found = solve(rows)
    by_format = {each: _rate(found[number]) for number, each in enumerate(formats)}
    return Rates(
        weights_bytes_s=by_format,
        other_weights_bytes_s=min(by_format.values()),
        cache_bytes_s=measure_bandwidth(threads),
        core_flops_s=_rate(found[-3]),
        linear_flops_s=float("inf"),
        prefill_flops_s=prefill_flops_s,
        layer_s=found[-2],
        token_s=found[-1],
        source=f"made-up models in llama.cpp on this machine, threads: {threads}{disturbed}",
    )


class Asked:
    """A model file in llama.cpp, asked with tokens' numbers; seconds are those of `clock`."""

    def __init__(self, path: Path, threads: int, context_tokens: int) -> None:
        self.clock = clock_for(threads)
        try:
            self._runtime: Any = load(
                str(path),
                folder=tempfile.mkdtemp(),
                context_tokens=context_tokens,
                threads=threads,
                prompt_threads=threads,
            )
        except ImportError as error:
            raise _missing("llama") from error
        except RuntimeError as error:
            raise ModelError(f"llama.cpp did not load {path}: {error}") from error

    def token_s(self, context: int) -> float:
        """Seconds of a token after `context` others: the median of several means."""
        return median(self.repeats_s(context))

    def repeats_s(self, context: int) -> list[float]:
        """Several times over, the mean of the tokens between `FEW` and `MANY`."""
        self._seconds(context, 1)
        more = [self._seconds(context, MANY) - self._seconds(context, FEW) for _ in range(REPEATS)]
        return [each / (MANY - FEW) for each in more]

    def prompt_s(self, tokens: int) -> float:
        """Seconds to read a prompt of which nothing is cached."""
        return min(self._seconds(tokens, 1, first=first) for first in (3, 5))

    def _seconds(self, context: int, tokens: int, first: int = 0) -> float:
        request = {
            "prompt": [17 + (7 * each + first) % 400 for each in range(context)],
            "n_predict": tokens,
            "ignore_eos": True,
            "temperature": 0,
            "cache_prompt": True,
            "stream": False,
        }
        written: list[Any] = []
        began = self.clock()
        self._runtime.handle_completions(request, written.append)
        seconds = self.clock() - began
        if not written or "error" in (last := written[-1]):
            raise ModelError(f"llama.cpp did not decode: {str(written)[:200]}")
        if last["usage"]["completion_tokens"] != tokens:
            raise ModelError(f"llama.cpp decoded other than {tokens} tokens: {last['usage']}")
        return seconds


def clock_for(threads: int) -> Callable[[], float]:
    """The process's own processor time for one thread, the wall's for more."""
    return time.process_time if threads == 1 else time.perf_counter


def solve(rows: Sequence[tuple[list[float], float]]) -> list[float]:
    """Costs that meet the seconds best, all relative errors alike and no cost below 0."""
    numpy: Any = import_module("numpy")
    share = numpy.array([[each / seconds for each in row] for row, seconds in rows])
    scale = numpy.abs(share).max(axis=0)
    kept = [number for number, size in enumerate(scale) if size]
    found = numpy.zeros(len(scale))
    while kept:
        costs = numpy.linalg.lstsq(share[:, kept] / scale[kept], numpy.ones(len(rows)))[0]
        if (costs >= 0).all():
            found[kept] = costs / scale[kept]
            break
        kept.pop(int(costs.argmin()))
    return [float(each) for each in found]


def _features(probe: Probe, context: int, formats: Sequence[NumberFormat]) -> list[float]:
    """What a token of the probe costs each rate: bytes by format, attention's FLOPs, layers, 1."""
    read = read_for_a_token(probe.model, probe_weights(probe))
    named = {NAMED[name]: size for name, size in read.items()}
    by_format = [named.get(each, 0.0) for each in formats]
    return [*by_format, decode(probe.model, context).core, float(probe.model.layers), 1.0]


def probe_weights(probe: Probe) -> StoredWeights:
    """The probe's weights: its embedding is in `Q8_0`, its norms in 32 bits."""
    formats = dict(stored_as(probe.model, probe.stored).part_formats)
    for part, kept in (("embedding", NumberFormat.Q8_0), ("small", NumberFormat.FP32)):
        formats[part] = stored_as(probe.model, kept).part_formats[part]
    return StoredWeights({part: sum(each.values()) for part, each in formats.items()}, formats)


def _write(path: Path, probe: Probe) -> None:
    try:
        write_probe(path, probe.model, probe.stored)
    except ImportError as error:
        raise _missing("plan") from error


def _rate(cost: float) -> float:
    return 1 / cost if cost else float("inf")


def _missing(extra: str) -> ModelError:
    return ModelError(
        f"measuring needs the extra {extra}: pip install 'edgewise[{extra}]'", code="model_missing"
    )


_BEGINS = Words(
    "Measuring {count} made-up models in llama.cpp, some minutes; a line tells what a token took:",
    "用 llama.cpp 测量 {count} 个合成模型，需要数分钟；每行一个，列出每 token 用时：",
)
_PROBE = Words(
    "probe of {layers} layers, {stored}, context {context}: {ms} ms",
    "探测模型 {layers} 层，{stored}，上下文 {context}：{ms} 毫秒",
)
