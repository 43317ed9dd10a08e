"""The page that `edgewise eval understand --page FILE` writes: the figures of all sets as one
table, and how each label of a public set was mapped.

Made from a report (report.py) alone, so that kept figures give the same page. A goal stands beside
its figure; where it is missed, by how much.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from edgewise.learn.public_sets import SETS, Labels, read_labels

TITLE = "# How well sentences are understood"
COLUMNS = {
    "functions": "functions",
    "functions, of sentences that name one": "recall",
    "arguments F1": "arguments F1",
    "functions and arguments exact": "full call",
    "functions and slots": "full call",
    "false acts": "false acts",
    "false acts out of scope": "out of scope",
    "calibration error": "calibration error",
    "latency p50": "p50",
    "latency p95": "p95",
    "latency p95 a command": "p95 a command",
}
"""What a report calls a figure, and its column."""
HEADS = tuple(dict.fromkeys(COLUMNS.values()))
TOLD = """\
`functions`: the set of capabilities called is the one asked for, no more and no less. `recall`:
the same, of the sentences that ask for something a device can do. `arguments F1`: the typed words
that a thought carries (its mentions, from which arguments are filled), pairs of a kind and its
words, against the set's own slots; kinds that the set marks nowhere are not counted, a city, a
state, a country and a spot are one kind, neighbours of one kind are one, and of MAC-SLU only
names, times and persons count, as its other slots are told by the call. `full call`: functions and
all these words right; of Home Assistant's sentences the intent and all its slots. `false acts`: of
the sentences that ask for no change (questions, talk, what no capability answers), those on which
something would have been changed; `out of scope`: of those that no capability answers.
`calibration error`: the mean distance between confidence and the share that was right. Times are
those of one sentence on one thread; `p95 a command` is the same with a sentence's time shared by
the things that it asks for, which is the same where each sentence asks for one. Everything is
measured on the visible parts of the sets."""


def understanding_page(report: Mapping[str, Any], labels: str = "") -> str:
    """The page for a report; `labels` is what `describe_labels` said of the folder measured."""
    rows = {row["metric"]: row for row in report["results"]}
    machine = report["machine"]
    lines = [
        TITLE, "", f"{machine['cpu']}, one thread, Python {machine['python']}.", "",
        "| set | sentences | " + " | ".join(HEADS) + " |", "|---" * (len(HEADS) + 2) + "|",
    ]  # fmt: skip
    names = [metric.removesuffix(" sentences") for metric in rows if metric.endswith(" sentences")]
    for name in names:
        cells = _cells(name, rows)
        if cells:
            count = f"{rows[name + ' sentences']['value']:g}"
            lines.append(f"| {name} | {count} | " + " | ".join(cells) + " |")
    lines += ["", TOLD, *_rest(names, rows)]
    return "\n".join([*lines, *(["", labels] if labels else [])]) + "\n"


def _cells(name: str, rows: Mapping[str, Any]) -> list[str]:
    """A set's figures in the order of `HEADS`; empty where it has none of them."""
    found = {
        head: _cell(row)
        for what, head in COLUMNS.items()
        if (row := rows.get(f"{name} {what}")) is not None
    }
    return [found.get(head, "") for head in HEADS] if found else []


def _rest(names: Sequence[str], rows: Mapping[str, Any]) -> list[str]:
    """Figures that have no column, one a line."""
    in_table = {f"{name} {what}" for name in names for what in ("sentences", *COLUMNS)}
    rest = [f"- {metric}: {_cell(row)}" for metric, row in rows.items() if metric not in in_table]
    return ["", *rest] if rest else []


def _cell(row: Mapping[str, Any]) -> str:
    value = f"{row['value']:.3g} {row['unit']}".strip()
    if row["goal"] is None:
        return value
    return f"{value} ({row['goal']}{'' if row['met'] else ', missed'})"


def describe_labels(folder: Path, names: Iterable[str]) -> str:
    """How each label of these public sets is mapped to capabilities, and which rows are left out,
    as Markdown. Raises UserError when a set cannot be read."""
    lines = ["## How labels are mapped", ""]
    for name in (name for name in names if name in SETS):
        lines += [f"### {name}", "", *_label_lines(read_labels(folder, name)), ""]
    return "\n".join(lines).rstrip()


def _label_lines(labels: Labels) -> list[str]:
    by_meaning: dict[str, list[str]] = {}
    for label, capabilities in labels.mapped.items():
        meaning = " or ".join(f"`{each}`" for each in sorted(capabilities))
        by_meaning.setdefault(meaning, []).append(label)
    left_out = ", ".join(f"{label} ({count})" for label, count in labels.left_out.most_common())
    return [
        "| capability | labels |", "|---|---|",
        *(f"| {meaning} | {', '.join(sorted(each))} |" for meaning, each in by_meaning.items()),
        "",
        f"{labels.rows} rows count; left out, as a part of theirs has no capability:"
        f" {labels.left_out.total()}{': ' + left_out if left_out else ''}.",
    ]  # fmt: skip
