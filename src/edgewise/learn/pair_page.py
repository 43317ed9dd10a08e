"""The section of the routing page about our own pair, made from its report alone.

A table of every score's rank, as for public sets, a table of what the policy makes of the pair,
then the figures beside, kinds of questions last.
"""

from collections.abc import Iterator, Mapping
from textwrap import fill
from typing import Any

from edgewise.learn.routing_page import Rows, missed_goals, rank_table, rest_table

TITLE = "## Our own pair"
HEADS = (
    ("kept local", "%"), ("quality kept", "%"), ("bytes leaving", "%"), ("cost", "%"),
    ("p50", "ms"), ("p95", "ms"),
)  # fmt: skip
TOLD = """\
The device's model `{device}` really answered every question of `benchmarks/pair_questions.py` in a
language that it knows, greedy, one thread ({machine}: other work on the machine makes its times
longer). The cloud is {cloud}. All between is real: what leaves was redacted, sent to a served
Edgewise platform and billed there; bytes are those of heads and bodies.
`python -m benchmarks.record_pair` records it, `edgewise eval route --pair FILE` judges it.
An answer is right by its key, and the first sentence counts, as the device gives no more of this
model. The kinds of questions are dealt in two halves, five times, and every router is ranked on
the same halves; `kinds held out` learnt from the other half, `5 folds` from other questions of the
same kinds, which flatters it. `who knows which are right` is what no router can pass."""
POLICIES = """\
What routing makes of all {count} questions, beside sending each: those in a language that the
device does not know always go. `policy`: the built-in one; the device gives only answers of which
its model was sure, and a check decides about those; `fitted` ones learnt from other kinds. `best
threshold` gives any first sentence that the check doubts little enough, the threshold being set
with hindsight. Quality, bytes and cost are shares of sending all."""
COLUMNS = 100


def pair_page(report: Mapping[str, Any]) -> str:
    """The section for a report."""
    rows: Rows = {row["metric"]: row for row in report["results"]}
    told: set[str] = set()
    about = fill(TOLD.format(**report["about"]), COLUMNS, break_on_hyphens=False)
    lines = [TITLE, "", about, "", *_counts(rows, told), ""]
    own = [metric for metric in rows if metric.startswith("pair | ")]
    lines += [*rank_table("pair", rows, own, told), ""]
    count = f"{rows['pair | questions in all']['value']:g}"
    lines += [
        "### What the policy makes of it",
        "",
        fill(POLICIES.format(count=count), COLUMNS),
        "",
    ]
    lines += [*_policies(own, rows, told), "", "### Beside these", ""]
    lines += rest_table([metric for metric in rows if metric not in told], rows)
    if missed := list(missed_goals(rows)):
        lines += ["", "### Goals of the pair missed", "", *missed]
    return "\n".join(lines) + "\n"


def _counts(rows: Rows, told: set[str]) -> Iterator[str]:
    names = [f"pair | {what}" for what in ("rows", "weak model right", "strong model right")]
    told.update(names)
    count, weak, strong = (rows[name]["value"] for name in names)
    yield f"{count:g} questions were put to the device, which is right in {weak:.1f} % of them; the"
    yield f"cloud is in {strong:.1f} %."


def _policies(own: list[str], rows: Rows, told: set[str]) -> Iterator[str]:
    first = f" | {HEADS[0][0]}"
    yield "| way | " + " | ".join(f"{name}, {unit}" for name, unit in HEADS) + " |"
    yield "|---" * (len(HEADS) + 1) + "|"
    for head in [metric.removesuffix(first) for metric in own if metric.endswith(first)]:
        names = [f"{head} | {name}" for name, _ in HEADS]
        told.update(names)
        yield f"| {head.split(' | ')[1]} | " + " | ".join(map(_cell, map(rows.get, names))) + " |"


def _cell(row: Mapping[str, Any] | None) -> str:
    assert row is not None, "every way has all figures"
    value = f"{row['value']:.1f}" if row["unit"] == "%" else f"{row['value']:.0f}"
    if row["goal"] is None:
        return value
    return f"**{value}**, {row['goal']}: {'met' if row['met'] else 'missed'}"
