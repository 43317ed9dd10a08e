"""`edgewise eval route`: how well scores choose between a small and a large model.

The last line of its output is a report (`learn/report.py`). `--scorer FILE` also fits the scorer
that a device reads, on right and wrong of MMLU and GSM8K, beside it the questions that it knows.
`--pair FILE` measures a recorded pair instead (`eval_pair.py`).
"""

import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from edgewise.cli.eval_pair import evaluate_recording
from edgewise.cli.write import write_file
from edgewise.errors import UserError

Data = Annotated[
    Path | None, typer.Option("--data", help="Folder of the sets: gsm8k, mmlu, routerarena.")
]
Sets = Annotated[str, typer.Option("--sets", help="Names of sets, separated by commas; all.")]
Page = Annotated[Path | None, typer.Option("--page", help="File for a page with the tables.")]
Save = Annotated[Path | None, typer.Option("--save", help="File for the figures, JSON.")]
Scorer = Annotated[Path | None, typer.Option("--scorer", help="File for a scorer, JSON.")]
Pair = Annotated[
    Path | None, typer.Option("--pair", help="A recorded pair, measured instead of the sets.")
]
CARD = """How likely a small model's answer to a question is wrong. Fitted on whether Mixtral-8x7B \
was right on the visible rows of MMLU and GSM8K as RouteLLM recorded it (Apache-2.0; the questions \
MIT); no answer text was used, and no row of RouterArena. What it is worth out of domain stands in \
docs/reference/routing.md. English questions only: others lie beyond its likeness floor."""


def route(
    data: Data = None, pair: Pair = None, sets: Sets = "", page: Page = None, save: Save = None,
    scorer: Scorer = None,
) -> None:  # fmt: skip
    """Measure routing scores on pairs of models, one thread.

    Every figure is of rows that the judged scorer did not learn from; baselines stand beside it.
    """
    if pair is not None and data is None:
        evaluate_recording(pair, page, save, progress(), show)
        return
    if data is None or pair is not None:
        raise UserError("give --data FOLDER for public sets, or --pair FILE for a recorded pair")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from edgewise.learn.report import format_report
    from edgewise.learn.route_eval import evaluate_sets
    from edgewise.learn.route_sets import SETS, load_pair
    from edgewise.learn.routing_page import routing_page

    names = [name.strip() for name in sets.split(",") if name.strip()] or list(SETS)
    pairs = {name: load_pair(data, name) for name in names}
    results: list[Any] = []
    for result in evaluate_sets(pairs, progress()):
        results.append(result)
        if not result.metric.endswith((" low", " high")):
            show(result)
    line = format_report("eval_route", [*results, *_redaction(data)])
    found = json.loads(line)
    if page is not None:
        write_file(page, routing_page(found))
    if save is not None:
        write_file(save, json.dumps(found, ensure_ascii=False, indent=2) + "\n")
    if scorer is not None:
        _write_scorer(scorer, pairs)
    sys.stdout.write(line + "\n")


def _redaction(data: Path) -> list[Any]:
    """The figures of redaction, where its set lies beside the others."""
    from edgewise.learn.redaction_eval import redaction_figures

    if not (data / "pii").is_dir():
        return []
    results = redaction_figures(data)
    return [replace(result, metric=f"redaction | {result.metric}") for result in results]


def _write_scorer(path: Path, pairs: dict[str, Any]) -> None:
    """The general scorer as JSON, and its known questions as arrays beside it."""
    from edgewise.learn.route_eval import LEARNT, general_scorer
    from edgewise.learn.route_fit import write_known
    from edgewise.learn.route_sets import before_answer

    learnt = [name for name in LEARNT if name in pairs]
    if not learnt:
        raise UserError(f"a scorer learns from {' and '.join(LEARNT)}; name them in --sets")
    fitted = general_scorer([before_answer(pairs[name]) for name in learnt])
    kept = msgspec.structs.replace(fitted.scorer, card=CARD)
    write_file(path, msgspec.json.format(msgspec.json.encode(kept), indent=1).decode() + "\n")
    write_known(path.with_suffix(".npz"), fitted)


def progress() -> Any:
    """Tells a person at a terminal what is being measured."""
    start = time.monotonic()

    def tell(what: str) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"[{time.monotonic() - start:5.0f} s] {what}\n")

    return tell


def show(result: Any) -> None:
    met = {True: "  met", False: "  missed", None: ""}[result.met]
    goal = f"  ({result.goal}){met}" if result.goal else ""
    sys.stdout.write(f"{result.metric:78} {result.value:8.4g} {result.unit}{goal}\n")
