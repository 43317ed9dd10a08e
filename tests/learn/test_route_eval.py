"""The protocol gives every router its figures, each with an interval, and judges no row that a
scorer learnt from."""

import pytest

from edgewise.learn.route_eval import evaluate_sets
from edgewise.learn.route_sets import Row


def rows_of(name: str, count: int) -> list[Row]:
    """Sums that the weak model fails, talk that it does not, in six groups; one in five is odd."""
    rows: list[Row] = []
    for i in range(count):
        hard = i % 2 == 0
        text = f"Solve {i}x + {i + 2} = {i * 3}" if hard else f"Tell me {i} things about spring"
        odd = i % 5 == 0
        rows.append(Row(f"{name}-{i}", f"{name} {text}", float(hard is odd), 1.0, f"g{i % 6}",
                        f"It is {i}.\n#### {i}"))  # fmt: skip
    return rows


@pytest.mark.slow
def test_each_router_has_all_figures_and_learnt_ones_beat_chance() -> None:
    pairs = {name: rows_of(name, 120) for name in ("gsm8k", "mmlu", "routerarena")}
    told: list[str] = []
    found = {result.metric: result.value for result in evaluate_sets(pairs, told.append)}
    heads = [metric.removesuffix(" | APGR") for metric in found if metric.endswith(" | APGR")]
    for head in heads:
        assert found[f"{head} | APGR low"] <= found[f"{head} | APGR high"]
        assert 0 <= found[f"{head} | CPT50"] <= 100
    for name, split in (("mmlu", "subjects held out"), ("routerarena", "data sets held out")):
        learnt = found[f"{name} | prescore | {split} | APGR"]
        assert learnt > found[f"{name} | random | nothing learnt | APGR"] + 0.1
        assert f"{name} | prescore | {split} | ECE" in found
        assert f"{name} | length | nothing learnt | APGR" in found
    assert "routerarena | prescore of other sets | nothing of this set learnt | APGR" in found
    assert "all | overhead | prescore and rules p95" in found
    assert told
