import pytest

from benchmarks import bench_cloud
from benchmarks.bench_cloud import CLOSED, SLOW, Cell, Cells
from benchmarks.cloud_servers import Served
from benchmarks.load import Outcome

SERVERS = [Served(name, "", "", 0, 0.0) for name in ("direct", "litellm", "edgewise")]


def cell(latency_ms: float, cpu_ms: float) -> Cell:
    outcome = Outcome([latency_ms / 1e3] * 100, [latency_ms / 1e3] * 100, 0, 1.0)
    return Cell(outcome, cpu_ms / 1e3 * 100)


def figures(edgewise_cpu_ms: float, edgewise_ms: float) -> dict[str, tuple[float, bool | None]]:
    cells: Cells = {}
    for kind in (*CLOSED, *SLOW, *bench_cloud.PACED):
        cells["direct", kind.name] = cell(100, 0.1)
        cells["litellm", kind.name] = cell(140, 9.0)
        cells["edgewise", kind.name] = cell(edgewise_ms, edgewise_cpu_ms)
    results = bench_cloud._figures(SERVERS, cells)
    return {result.metric: (result.value, result.met) for result in results}


def test_the_goals_are_met_by_what_is_fast_enough():
    found = figures(edgewise_cpu_ms=0.7, edgewise_ms=100.5)
    value, met = found["edgewise: whole reply, closed, 32 connections: CPU"]
    assert (pytest.approx(0.7), True) == (value, met)
    value, met = found["edgewise: stream, 32 in flight: added p50"]
    assert (pytest.approx(0.5), True) == (value, met)
    assert all(met for _, met in found.values() if met is not None)
    assert sum(met is not None for _, met in found.values()) == 2 + 2 + 2 * 2 + len(CLOSED)


def test_the_goals_are_missed_by_what_is_not():
    found = figures(edgewise_cpu_ms=1.3, edgewise_ms=120)
    assert not any(met for _, met in found.values() if met is not None)


def test_ratios_are_requests_for_each_second_of_cpu():
    found = figures(edgewise_cpu_ms=0.9, edgewise_ms=101)
    ratios = [value for name, (value, _) in found.items() if "requests a CPU second" in name]
    assert ratios == [pytest.approx(10)] * len(CLOSED)


def test_errors_of_a_peer_are_told_and_those_of_ours_end_the_benchmark():
    missing: dict[str, str] = {}
    failed = Cell(Outcome([], [], 3, 1.0, ["HTTP/1.1 500"]))
    cells: Cells = {("direct", "x"): cell(1, 1), ("litellm", "x"): failed}
    bench_cloud._check(cells, missing)
    assert list(cells) == [("direct", "x")]
    assert "500" in next(iter(missing.values()))
    with pytest.raises(SystemExit, match="3 errors"):
        bench_cloud._check({("edgewise", "x"): failed}, {})
