"""The pair's section tells what is real, each score's rank, and what every way keeps and sends."""

import json

from edgewise.learn.pair_page import HEADS, pair_page
from edgewise.learn.report import format_report, measure
from tests.learn.test_routing_page import figures

ABOUT = {"device": "smollm2-135m", "cloud": "scripted: right in 95%", "seed": 1, "currency": "CNY",
         "machine": "a core"}  # fmt: skip


def test_ranks_ways_and_a_missed_goal_are_told():
    results = [
        measure("pair | rows", 400, ""),
        measure("pair | weak model right", 35, "%"),
        measure("pair | strong model right", 95, "%"),
        measure("pair | questions in all", 440, ""),
        *figures("pair | answer check | kinds held out", 0.7),
        *(
            measure(f"pair | all sent | all questions | {name}", 99, unit,
                    at_most=35 if name == "bytes leaving" else None)
            for name, unit in HEADS
        ),
        measure("pair | device alone | right of capital (24)", 80, "%"),
    ]  # fmt: skip
    page = pair_page(json.loads(format_report("eval_pair", results)) | {"about": ABOUT})
    assert "The cloud is scripted: right in 95%." in page
    assert "400 questions were put to the device, which is right in 35.0 %" in page
    assert max(map(len, page.split("|")[0].splitlines())) <= 100
    assert "| answer check | kinds held out | **0.700 (0.600 to 0.800)**" in page
    assert "| all sent | 99.0 | 99.0 | **99.0**, <= 35: missed | 99.0 | 99 | 99 |" in page
    assert "right of capital (24) | 80 % |" in page
    assert "bytes leaving: 99, goal <= 35, short by 64" in page
