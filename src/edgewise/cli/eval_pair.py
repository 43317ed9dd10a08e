"""`edgewise eval route --pair`: routing on a recorded pair, of the device's own model and a cloud.

The last line of its output is a report (`learn/report.py`).
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from edgewise.cli.write import write_file
from edgewise.learn.report import Result

NAME = "eval_pair"


def evaluate_recording(
    recording: Path,
    page: Path | None,
    save: Path | None,
    tell: Callable[[str], None],
    show: Callable[[Result], None],
) -> None:
    """Measure, show each figure, write the files that were asked for, and print the report."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from edgewise.device.route_score import question_score
    from edgewise.learn.pair import load_recording
    from edgewise.learn.pair_eval import evaluate_pair
    from edgewise.learn.pair_page import pair_page
    from edgewise.learn.report import format_report
    from edgewise.think.models import entry

    pair = load_recording(recording)
    results: list[Result] = []
    languages = entry(pair.about.device).languages
    for result in evaluate_pair(pair, question_score, languages, tell):
        results.append(result)
        if not result.metric.endswith((" low", " high")):
            show(result)
    line = format_report(NAME, results)
    found = json.loads(line) | {"about": msgspec.to_builtins(pair.about)}
    if page is not None:
        write_file(page, pair_page(found))
    if save is not None:
        write_file(save, json.dumps(found, ensure_ascii=False, indent=2) + "\n")
    sys.stdout.write(line + "\n")
