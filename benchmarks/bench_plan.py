"""Decoding on this machine as the planner predicts it, beside llama.cpp's own speed, one thread.

The machine's constants are fitted to made-up models of other sizes with random weights
(`edgewise.cli.plan_measure`); the embedded SmolLM2 135M, whose tokens are then timed at three
contexts, is no part of that. The goal is 15 % either way. Prediction and measurement are seconds of
the process's own processor time, so that other programs disturb less; the wall's is told beside.
"""

import tempfile
import time
from pathlib import Path

from edgewise.cli.plan_measure import FEW, MANY, Asked, measure_machine, measure_rates
from edgewise.cli.plan_read import read_model
from edgewise.learn.report import Result, measure, report
from edgewise.plan.edge import decoding
from edgewise.plan.number_format import NumberFormat
from edgewise.think.models import find_embedded

CONTEXTS = (128, 1024, 4096)
MOST_WRONG_PERCENT = 15


def main() -> None:
    """Constants first, then prediction and measurement at each context."""
    chip = measure_machine(threads=1)
    rates = measure_rates(threads=1, tell=lambda told: print(told.en, flush=True))
    results = [
        measure("memory read, one thread", chip.bandwidth() / 1e9, "GB/s"),
        measure("FP32 product, one thread", chip.peak(NumberFormat.FP32) / 1e9, "GFLOP/s"),
        *(
            measure(f"weights in {stored}, one thread", rate / 1e9, "GB/s")
            for stored, rate in rates.weights_bytes_s.items()
        ),
        measure("attention, one thread", rates.core_flops_s / 1e9, "GFLOP/s"),
        measure("a layer's fixed cost", rates.layer_s * 1e6, "us"),
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = find_embedded(Path(folder))
    read = read_model(path)
    assert read.weights is not None, "a GGUF file tells its bytes"
    asked = Asked(path, 1, max(CONTEXTS) + MANY)
    for context in CONTEXTS:
        middle = context + (FEW + MANY) // 2
        predicted = decoding(read.architecture, read.weights, rates, middle).tokens_s
        asked.clock = time.process_time
        results += compare(context, predicted, 1 / asked.token_s(context))
        asked.clock = time.perf_counter
        wall = 1 / asked.token_s(context)
        results.append(measure(f"context {context}: llama.cpp by the wall", wall, "tokens/s"))
    report("plan", results)


def compare(context: int, predicted: float, measured: float) -> list[Result]:
    """The figures of one context."""
    wrong = 100 * abs(predicted / measured - 1)
    print(f"context {context}: predicted {predicted:.1f}, measured {measured:.1f} tokens/s")
    return [
        measure(f"context {context}: predicted", predicted, "tokens/s"),
        measure(f"context {context}: llama.cpp", measured, "tokens/s"),
        measure(f"context {context}: ratio", predicted / measured, "x"),
        measure(f"context {context}: error", wrong, "%", at_most=MOST_WRONG_PERCENT),
    ]


if __name__ == "__main__":
    main()
