"""The page that `edgewise eval route --page FILE` writes: every router of a set under another, with
RouteLLM's published figures; then what they are worth beside rank.

Made from a report (report.py) alone, so that kept figures give the same page. A figure's name is
`set | router | split | figure`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

Rows = Mapping[str, Any]
"""The results of a report by their metric."""

TITLE = "# How well routing scores choose"
HEADS = ("APGR", "CPT50", "CPT80", "kept at 20 %", "kept at 30 %", "kept at 50 %")
PUBLISHED = {
    "gsm8k": (
        ("RouteLLM BERT", "arena + judge", "0.531", "44.8", "79.1"),
        ("RouteLLM causal LLM", "arena + judge", "0.622", "33.6", "63.3"),
        ("RouteLLM MF", "arena + judge", "0.565", "38.8", "72.6"),
        ("RouteLLM SW ranking", "arena + judge", "0.568", "41.2", "73.5"),
    ),
    "mmlu": (
        ("RouteLLM BERT", "arena + 1,500 labels", "0.572", "41.3", "72.2"),
        ("RouteLLM causal LLM", "arena + 1,500 labels", "0.600", "35.5", "70.3"),
        ("RouteLLM MF", "arena + 1,500 labels", "0.597", "35.5", "71.4"),
        ("RouteLLM SW ranking", "arena + 1,500 labels", "0.603", "35.4", "71.6"),
    ),
}
"""Tables of arXiv 2406.18665, on whole sets; here visible rows are measured."""
TOLD = """\
A router sends the questions that it scores highest to the strong model. `APGR`: the mean part of
the two models' gap that is made up, over all shares sent; chance is 0.5. `CPT50`, `CPT80`: the
share of questions that must be sent to make up half, or four fifths, of the gap. `kept`: quality of
the mix as a share of the strong model's, when 20, 30 or 50 % are sent. In brackets the 95 %
interval of 1,000 bootstrap draws; behind a goal whether it is met. No row is judged by a scorer
that learnt from it.

What the splits mean. **In domain**: `5 folds`, and `labels` (five draws of so many rows): the rows
judged are like those learnt from, which flatters every router. **Out of domain**: `subjects held
out`, `data sets held out` (whole groups, dealt out three times), and `nothing of this set learnt`.
The answer check reads the small model's answer, so it costs the time to write one; the others read
the question alone. RouteLLM's routers learnt mostly from other data than they were judged on, so
that an in-domain figure above theirs is no like-for-like win. The answer check `by hand` was
fitted on nothing, but its features were chosen by people who had looked at these answers."""


def routing_page(report: Mapping[str, Any]) -> str:
    """The page for a report."""
    rows = {row["metric"]: row for row in report["results"]}
    machine = report["machine"]
    lines = [TITLE, "", f"{machine['cpu']}, one thread, Python {machine['python']}.", "", TOLD]
    told: set[str] = set()
    for name in dict.fromkeys(metric.split(" | ")[0] for metric in rows):
        own = [metric for metric in rows if metric.startswith(f"{name} | ")]
        table = list(rank_table(name, rows, own, told))
        if table:
            lines += ["", f"## {name}", "", *_about(name, rows, told), "", *table]
    rest = [metric for metric in rows if metric not in told]
    lines += ["", "## Beside rank", "", *rest_table(rest, rows)]
    if missed := list(missed_goals(rows)):
        lines += ["", "## Goals missed", "", *missed]
    return "\n".join(lines) + "\n"


def _about(name: str, rows: Rows, told: set[str]) -> list[str]:
    names = [f"{name} | {what}" for what in ("rows", "weak model right", "strong model right")]
    if any(each not in rows for each in names):
        return []
    told.update(names)
    count, weak, strong = (rows[each]["value"] for each in names)
    return [f"{count:g} rows; the weak model alone is right in {weak:.1f} %, the strong one in"
            f" {strong:.1f} %."]  # fmt: skip


def rank_table(name: str, rows: Rows, own: Iterable[str], told: set[str]) -> Iterable[str]:
    """A row for each router of `own`; the metrics that it tells are added to `told`."""
    heads = [m.removesuffix(" | APGR") for m in own if m.endswith(" | APGR")]
    if not heads:
        return
    yield "| router | learnt from | " + " | ".join(HEADS) + " |"
    yield "|---" * (len(HEADS) + 2) + "|"
    for head in heads:
        _, router, split = head.split(" | ")
        cells = [_cell(head, what, rows, told) for what in HEADS]
        yield f"| {router} | {split} | " + " | ".join(cells) + " |"
    for router, data, *published in PUBLISHED.get(name, ()):
        cells = [*published, *[""] * (len(HEADS) - len(published))]
        yield f"| {router} | {data}; published | " + " | ".join(cells) + " |"


def _cell(head: str, what: str, rows: Rows, told: set[str]) -> str:
    names = [f"{head} | {what}{end}" for end in ("", " low", " high")]
    told.update(names)
    row, low, high = (rows[each] for each in names)
    digits = 3 if what == "APGR" else 1
    value = f"{row['value']:.{digits}f} ({low['value']:.{digits}f} to {high['value']:.{digits}f})"
    if row["goal"] is None:
        return value
    return f"**{value}**, {row['goal']}: {'met' if row['met'] else 'missed'}"


def rest_table(names: Iterable[str], rows: Rows) -> Iterable[str]:
    """A row for each metric."""
    yield "| set | of | figure | value | goal |"
    yield "|---|---|---|---|---|"
    for metric in names:
        first, *middle, last = metric.split(" | ")
        row = rows[metric]
        met = "" if row["met"] is None else ", met" if row["met"] else ", **missed**"
        value = f"{row['value']:.3g} {row['unit']}".strip()
        yield f"| {first} | {', '.join(middle)} | {last} | {value} | {row['goal'] or ''}{met} |"


def missed_goals(rows: Rows) -> Iterable[str]:
    """A line for each goal that was not met, and by how much."""
    return (_missed(row) for row in rows.values() if row["met"] is False)


def _missed(row: Mapping[str, Any]) -> str:
    limit = float(row["goal"].split()[1])
    return f"- {row['metric']}: {row['value']:.4g}, goal {row['goal']}, short by" \
           f" {abs(row['value'] - limit):.3g}"  # fmt: skip
