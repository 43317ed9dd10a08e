"""The page of routing: a row for each router, published ones beside it, misses by how much."""

import json

from edgewise.learn.report import Result, format_report, measure
from edgewise.learn.routing_page import HEADS, routing_page


def figures(head: str, apgr: float) -> list[Result]:
    return [
        measure(f"{head} | {name}{end}", apgr + shift, "",
                at_least=0.6 if name == "APGR" and not end else None)
        for name in HEADS
        for end, shift in (("", 0), (" low", -0.1), (" high", 0.1))
    ]  # fmt: skip


def test_each_router_is_a_row_and_a_missed_goal_is_told() -> None:
    results = [
        measure("mmlu | rows", 10, ""),
        measure("mmlu | weak model right", 60, "%"),
        measure("mmlu | strong model right", 80, "%"),
        *figures("mmlu | random | nothing learnt", 0.5),
        *figures("mmlu | prescore | 5 folds", 0.7),
        measure("mmlu | prescore | 5 folds | ECE", 0.02, "", at_most=0.06),
    ]
    page = routing_page(json.loads(format_report("eval_route", results)))
    assert "10 rows; the weak model alone is right in 60.0 %, the strong one in 80.0 %." in page
    assert "| prescore | 5 folds | **0.700 (0.600 to 0.800)**, >= 0.6: met |" in page
    assert "| RouteLLM SW ranking | arena + 1,500 labels; published | 0.603 | 35.4 | 71.6 |" in page
    assert "| mmlu | prescore, 5 folds | ECE | 0.02 | <= 0.06, met |" in page
    assert "- mmlu | random | nothing learnt | APGR: 0.5, goal >= 0.6, short by 0.1" in page
