"""The page of understanding: one table of all sets, misses told, labels and what was left out."""

import json
from pathlib import Path

from edgewise.learn.report import format_report, measure
from edgewise.learn.understanding_page import HEADS, describe_labels, understanding_page
from tests.learn.test_public_sets import folder_with


def test_each_set_is_one_row_and_a_missed_goal_is_named() -> None:
    results = [
        measure("slurp sentences", 10, "sentences"),
        measure("slurp functions", 80, "%", at_least=90),
        measure("slurp false acts", 1, "%", at_most=2),
        measure("model and vocabulary", 19.5, "MB", at_most=30),
    ]
    page = understanding_page(json.loads(format_report("eval_understand", results)))
    rows = [line for line in page.splitlines() if line.startswith("| slurp")]
    cells = [cell.strip() for cell in rows[0].strip("|").split("|")]
    told = dict(zip(("set", "sentences", *HEADS), cells, strict=True))
    assert told["functions"] == "80 % (>= 90, missed)"
    assert told["false acts"] == "1 % (<= 2)"
    assert told["arguments F1"] == ""
    assert "- model and vocabulary: 19.5 MB (<= 30)" in page


def test_labels_are_told_with_what_is_left_out_and_how_often(tmp_path: Path) -> None:
    rows = [{"text": "wake me", "intent": "alarm_set"}, {"text": "x", "intent": "unheard_of"}]
    told = describe_labels(folder_with(tmp_path, "slurp", *rows), ["slurp", "no set of ours"])
    assert "| `alarm.manage` | alarm_set |" in told
    assert (
        "1 rows count; left out, as a part of theirs has no capability: 1: unheard_of (1)." in told
    )
