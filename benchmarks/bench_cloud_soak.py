"""Memory of the platform over 200,000 requests, half of them streams, with 8 connections.

The slope is by least squares over the resident set after each 5,000 requests, the first 40,000 left
out: until then caches, pools and the allocator grow to their size. A line that is flat has a slope
of noise; the growth over the whole of the counted part is told beside it.
"""

import argparse
import asyncio
import tempfile
from pathlib import Path

import uvloop

from benchmarks.cloud_servers import Served, started
from benchmarks.load import run_count
from benchmarks.processes import memory_bytes, on_cores, share_cores
from edgewise.learn.report import Result, measure, report

REQUESTS = 200_000
WARM_UP_REQUESTS = 40_000
EACH = 5_000
CONNECTIONS = 8
MOST_GROWTH = 5.0
"""Per cent of the memory after the warm-up; platform.md, section 6.3."""


def main() -> None:
    """Start the server, put it under load, report."""
    parser = argparse.ArgumentParser("python -m benchmarks.bench_cloud_soak", description=__doc__)
    parser.add_argument("--only", default="edgewise", help="edgewise, floor or litellm")
    parser.add_argument("--requests", type=int, default=REQUESTS)
    options = parser.parse_args()
    missing: dict[str, str] = {}
    cores = share_cores()
    with (
        tempfile.TemporaryDirectory() as folder,
        started((options.only,), Path(folder), cores, missing) as servers,
        on_cores(cores.load),
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        if missing:
            raise SystemExit(str(missing))
        samples = runner.run(_soak(servers[-1], options.requests))
    report("cloud_soak", _figures(options.only, samples))


async def _soak(server: Served, requests: int) -> list[tuple[int, int]]:
    """(requests so far, bytes) after each piece of the load."""
    samples: list[tuple[int, int]] = []
    for number in range(requests // EACH):
        target = server.target(stream=number % 2 == 1)
        outcome = await run_count(target, CONNECTIONS, EACH)
        if outcome.errors:
            raise SystemExit(f"{outcome.errors} errors: {outcome.first_errors}")
        done = (number + 1) * EACH
        samples.append((done, memory_bytes(server.pid)))
        if number % 4 == 3:
            print(f"{done} requests: {samples[-1][1] / 1e6:.1f} MB", flush=True)
    return samples


def _figures(name: str, samples: list[tuple[int, int]]) -> list[Result]:
    counted = [sample for sample in samples if sample[0] > WARM_UP_REQUESTS] or samples
    requests, first = samples[-1][0], counted[0][1]
    growth = (counted[-1][1] - first) / first * 100
    return [
        measure(f"{name}: requests", requests, "requests"),
        measure(f"{name}: memory after the warm-up", first / 1e6, "MB"),
        measure(f"{name}: memory at the end", samples[-1][1] / 1e6, "MB"),
        measure(f"{name}: growth after the warm-up", growth, "%", at_most=MOST_GROWTH),
        measure(f"{name}: slope", slope(counted) * 1000, "bytes a 1,000 requests"),
    ]


def slope(samples: list[tuple[int, int]]) -> float:
    """Bytes a request, by least squares; 0 for a single sample."""
    count = len(samples)
    middle_x = sum(x for x, _ in samples) / count
    middle_y = sum(y for _, y in samples) / count
    spread = sum((x - middle_x) ** 2 for x, _ in samples)
    joint = sum((x - middle_x) * (y - middle_y) for x, y in samples)
    return joint / spread if spread else 0.0


if __name__ == "__main__":
    main()
