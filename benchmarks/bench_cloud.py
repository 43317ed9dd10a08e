"""The platform as a gateway beside LiteLLM's proxy and the least pass-through, in one run.

Each server is one process on one core; the generator and a trivial upstream share the other core.
All run at once and are measured in turn, round by round, so that they share the machine's noise.
Ours has keys, limits, the ledger and telemetry on; LiteLLM has one master key and none of these,
which favours it. "CPU" is user and system time of the whole process tree for each answered request.
"Closed" is a closed loop, which saturates the core: its latencies are queues, not added latency.
"In flight" is a closed loop over an upstream that thinks for 60 to 140 ms, so 32 requests are under
way all the time: what a server adds is the difference to the same loop without it. "Paced" is a
fixed mean rate at random moments over 32 connections, latency counted from when a request fell due.
A stream has 23 events, sent by the upstream in one packet, or (apart) each in its own.
"""

import argparse
import asyncio
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import uvloop

from benchmarks.cloud_servers import NAMES, Served, started
from benchmarks.load import Outcome, hold, percentile, run_closed, run_paced
from benchmarks.peer_litellm import version
from benchmarks.processes import cpu_s, memory_bytes, on_cores, share_cores
from edgewise.learn.report import Result, measure, report
from edgewise.testing.upstream.fixed import SLOW_S

ROUNDS = 3
SECONDS = 2.0
WARM_UP_S = 0.5
LONGER = {"litellm": 3.0}
"""Its requests take up to two seconds when 32 wait; a short run would count too few of them."""
FIRST_WARM_UP_S = 3.0
HELD_STREAMS = 1000
HELD_S = 5.0
IN_FLIGHT = 32


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to ask. `rate` is requests a second of all connections; 0 is a closed loop."""

    name: str
    model: str
    stream: bool
    connections: int
    rate: float = 0.0


WHOLE, STREAM, APART = "whole reply", "stream", "stream apart"
CLOSED = (
    Kind(f"{WHOLE}, closed, 1 connection", "fake", False, 1),
    Kind(f"{WHOLE}, closed, 32 connections", "fake", False, 32),
    Kind(f"{STREAM}, closed, 1 connection", "fake", True, 1),
    Kind(f"{STREAM}, closed, 32 connections", "fake", True, 32),
    Kind(f"{APART}, closed, 32 connections", "fake-apart", True, 32),
)
SLOW = (
    Kind(f"{WHOLE}, {IN_FLIGHT} in flight", "fake-slow", False, IN_FLIGHT),
    Kind(f"{STREAM}, {IN_FLIGHT} in flight", "fake-slow", True, IN_FLIGHT),
)
PACED = (
    Kind(f"{WHOLE}, paced", "fake", False, 32, 200),
    Kind(f"{STREAM}, paced", "fake", True, 32, 100),
)
LITELLM_PACE = 0.1
"""LiteLLM answers about a hundred a second at most; a tenth of the rate is moderate for it."""
CPU_GOALS_MS = {WHOLE: 0.8, STREAM: 1.2}


@dataclass(slots=True)
class Cell:
    """What one server did in one kind, over all rounds."""

    outcome: Outcome = field(default_factory=Outcome)
    cpu_s: float = 0.0

    @property
    def cpu_ms(self) -> float:
        return self.cpu_s / self.outcome.requests * 1000

    def added_ms(self, direct: "Cell", share: float) -> float:
        """A percentile of latency less that of the upstream alone."""
        ours, least = (percentile(c.outcome.latencies_s, share) for c in (self, direct))
        return (ours - least) * 1000


Cells = dict[tuple[str, str], Cell]


def main() -> None:
    """Start all, measure in rounds, report."""
    options = _options()
    only = tuple(name for name in NAMES[1:] if name in options.only.split(","))
    missing: dict[str, str] = {}
    busy = measure("load average of the machine before", os.getloadavg()[0], "processes")
    cores = share_cores()
    with (
        tempfile.TemporaryDirectory() as folder,
        started(only, Path(folder), cores, missing) as servers,
        on_cores(cores.load),
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        cells = runner.run(_measure(servers, options.rounds, options.seconds))
        _check(cells, missing)
        results = _at_rest(servers) + runner.run(_held(servers, options.held))
    results += _figures(servers, cells)
    results += [
        measure(f"{name} is not measured: {why}", 0, "servers") for name, why in missing.items()
    ]
    report("cloud", [busy, *results])


async def _measure(servers: list[Served], rounds: int, seconds: float) -> Cells:
    for server in servers:
        for stream in (False, True):
            target = server.target(stream=stream)
            await run_closed(target, 4, 0.1, FIRST_WARM_UP_S / 2, lambda: None)
    cells: Cells = {}
    for number in range(rounds):
        for kind in (*CLOSED, *SLOW, *PACED):
            print(f"round {number + 1} of {rounds}: {kind.name}", flush=True)
            for server in servers:
                cell = cells.setdefault((server.name, kind.name), Cell())
                await _measure_once(server, kind, seconds, cell)
    return cells


def _check(cells: Cells, missing: dict[str, str]) -> None:
    """An error of ours ends the benchmark; of a peer, its figure is left out and that is said."""
    for (server, kind), cell in list(cells.items()):
        why = f"{cell.outcome.errors} errors: {cell.outcome.first_errors}"
        if not cell.outcome.errors and cell.outcome.requests:
            continue
        if server != "litellm":
            raise SystemExit(f"{server}, {kind}: {why}")
        del cells[server, kind]
        missing[f"{_shown(server)}: {kind}"] = why


async def _measure_once(server: Served, kind: Kind, seconds: float, cell: Cell) -> None:
    marks: list[float] = []

    def mark() -> None:
        marks.append(cpu_s(server.pid))

    target = server.target(kind.model, stream=kind.stream)
    longer = LONGER.get(server.name, 1.0)
    seconds, warm_up_s = seconds * longer, WARM_UP_S * longer
    if kind.rate:
        rate = _rate(server.name, kind)
        found = await run_paced(target, kind.connections, seconds, warm_up_s, rate, mark)
    else:
        spread_s = SLOW_S if kind in SLOW else 0.0
        found = await run_closed(
            target, kind.connections, seconds, warm_up_s, mark, spread_s=spread_s
        )
    cell.outcome.join(found)
    cell.cpu_s += marks[1] - marks[0]


def _rate(server: str, kind: Kind) -> float:
    return kind.rate * (LITELLM_PACE if server == "litellm" else 1)


def _at_rest(servers: list[Served]) -> list[Result]:
    """Memory after the load, and the start."""
    results: list[Result] = []
    for server in servers[1:]:
        name = _shown(server.name)
        results += [
            measure(f"{name}: start to first answer", server.cold_start_s, "s"),
            measure(f"{name}: memory after the load", memory_bytes(server.pid) / 1e6, "MB"),
        ]
    return results


async def _held(servers: list[Served], streams: int) -> list[Result]:
    """Memory with many silent streams; not of LiteLLM, whose stand is no goal of ours."""
    results: list[Result] = []
    for server in servers[1:]:
        if server.name == "litellm":
            continue
        marks: list[int] = []
        target = server.target("fake-held", stream=True)
        alive = await hold(
            target, streams, HELD_S, lambda m=marks, s=server: m.append(memory_bytes(s.pid))
        )
        if alive != streams:
            raise SystemExit(f"{server.name}: {alive} of {streams} streams were open at the end")
        limit = 150 if server.name == "edgewise" else None
        metric = f"{_shown(server.name)}: memory with {streams} silent streams"
        results.append(measure(metric, marks[0] / 1e6, "MB", at_most=limit))
    return results


def _figures(servers: list[Served], cells: Cells) -> list[Result]:
    results: list[Result] = []
    for kind in (*CLOSED, *SLOW, *PACED):
        for server in servers:
            results += _of_cell(server.name, kind, cells)
    for kind in CLOSED:
        results += _ratios(kind, cells)
    return results


def _of_cell(server: str, kind: Kind, cells: Cells) -> list[Result]:
    cell, direct = cells.get((server, kind.name)), cells["direct", kind.name]
    if cell is None:
        return []
    name = f"{_shown(server)}: {kind.name}"
    if kind.rate:
        name += f" at {_rate(server, kind):g} a second"
    results = _latencies(name, kind, cell)
    if server == "direct":
        return results
    if kind in CLOSED:
        goal = CPU_GOALS_MS.get(kind.name.partition(",")[0]) if server == "edgewise" else None
        rate = cell.outcome.requests / cell.outcome.seconds
        return [
            measure(f"{name}: CPU", cell.cpu_ms, "ms a request", at_most=goal),
            measure(f"{name}: answered", rate, "requests a second"),
            *results,
        ]
    for share, most_ms in ((0.5, 1.0), (0.99, 8.0)):
        goal = most_ms if server == "edgewise" and kind in SLOW else None
        metric = f"{name}: added p{share * 100:g}"
        results.append(measure(metric, cell.added_ms(direct, share), "ms", at_most=goal))
    return results


def _latencies(name: str, kind: Kind, cell: Cell) -> list[Result]:
    took_s, first_s = cell.outcome.latencies_s, cell.outcome.first_bytes_s
    rows = [
        measure(f"{name}: p50", percentile(took_s, 0.5) * 1e3, "ms"),
        measure(f"{name}: p99", percentile(took_s, 0.99) * 1e3, "ms"),
    ]
    if kind.stream:
        rows.append(measure(f"{name}: first byte, p50", percentile(first_s, 0.5) * 1e3, "ms"))
    return rows


def _ratios(kind: Kind, cells: Cells) -> list[Result]:
    """Requests for each second of CPU: ours to both others', the floor's to LiteLLM's."""
    results: list[Result] = []
    for ours, other in (("edgewise", "litellm"), ("edgewise", "floor"), ("floor", "litellm")):
        pair = [cells.get((name, kind.name)) for name in (ours, other)]
        if pair[0] and pair[1] and pair[0].cpu_s:
            ratio = pair[1].cpu_ms / pair[0].cpu_ms
            goal = 10 if (ours, other) == ("edgewise", "litellm") else None
            metric = f"{_shown(ours)} to {_shown(other)}: {kind.name}: requests a CPU second"
            results.append(measure(metric, ratio, "times", at_least=goal))
    return results


def _shown(server: str) -> str:
    return {"litellm": f"LiteLLM {version()}", "direct": "upstream alone"}.get(server, server)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks.bench_cloud", description=__doc__)
    parser.add_argument("--only", default=",".join(NAMES[1:]), help="floor, litellm, edgewise")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of one measurement")
    parser.add_argument("--held", type=int, default=HELD_STREAMS, help="silent streams")
    return parser.parse_args()


if __name__ == "__main__":
    main()
