"""The page that `edgewise eval hear --page FILE` writes: what was heard of each set, as tables.

Made from a report (report.py) alone, so that kept figures give the same page. A figure's name is
`set | language | recorded or synthetic | figure`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from edgewise.learn.routing_page import missed_goals, rest_table

TITLE = "# How well speech is heard"
TOLD = """\
`recorded`: a person speaks, in recordings that ship in public packages or that the user gave.
`synthetic`: a voice of a machine speaks, which is clearer than people are; music, noise and silence
are made too. `synthetic-catalogue` are examples of the device's own capabilities, so that its
vocabulary holds the very sentences; `synthetic-unseen` are sentences of public sets, which it does
not hold. Word errors (English) and character errors (Chinese) are insertions, deletions and
substitutions by words said; numbers count as words and spelling does not count. `with the same
call when heard`: of the sentences that are right when typed, those from which the same functions
with the same arguments are understood when they are heard. That is strict: what a message says or
what is looked for counts as another argument by one capital or question mark, so that the figure of
sentences full of titles (`snips`) tells little. Times are the recogniser's own, of sounds up to
8 s, on a machine that did other work as well.

Kept in docs/figures/eval_hear.json by `edgewise eval hear --data DIR --save FILE`, where DIR holds
the recordings of `python -m scripts.spoken_sets DIR` and what `--make 60 --sentences SETS` had
said."""


def hear_page(report: Mapping[str, Any]) -> str:
    """The page for a report."""
    rows: dict[str, Any] = {row["metric"]: row for row in report["results"]}
    machine = report["machine"]
    lines = [TITLE, "", f"{machine['cpu']}, {machine['cores_used']} cores, Python"
             f" {machine['python']}.", "", TOLD]  # fmt: skip
    for kind in ("recorded", "synthetic"):
        own = [metric for metric in rows if f" | {kind} | " in metric]
        lines += ["", f"## {kind.capitalize()}", "", *rest_table(own, rows)]
    rest = [metric for metric in rows if metric.count(" | ") == 2]
    lines += ["", "## Time and memory", "", *_rest(rest, rows)]
    if missed := list(missed_goals(rows)):
        lines += ["", "## Goals missed", "", *missed]
    return "\n".join(lines) + "\n"


def _rest(metrics: Iterable[str], rows: Mapping[str, Any]) -> Iterable[str]:
    yield "| language | figure | value |"
    yield "|---|---|---|"
    for metric in metrics:
        _, language, figure = metric.split(" | ")
        yield f"| {language} | {figure} | {rows[metric]['value']:.4g} {rows[metric]['unit']} |"
