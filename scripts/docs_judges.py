"""Writes docs/reference/judges.md: what the judges found, from docs/figures/judges.json.

python -m judges.run [NAME ...]    find anew
python scripts/docs.py             write the page
"""

from typing import Any

HEAD = """\
# Judges

Clients and suites written by others, run unchanged against Edgewise: `make judges`. Each has an
environment of its own with exact versions ([judges](../../judges)), and speaks over loopback to
`edgewise serve cloud`, whose model is the strict upstream of `edgewise.testing.upstream`: it
answers by rules, so a case knows what must come back. The MCP suite speaks to
`edgewise serve device`. Ray Serve stands behind the platform in place of that upstream, with a
small model that needs no GPU; vLLM on it is not run here. All below is written by the run.
"""


def judges_page(report: dict[str, Any]) -> str:
    """The table of judges, then what failed and what was skipped with the reasons, then the
    cases of each."""
    judges: list[dict[str, Any]] = report["judges"]
    lines = [
        HEAD,
        "| judge | package | version | passed | failed | skipped |",
        "|---|---|---|---|---|---|",
    ]
    for one in judges:
        counts = " | ".join(str(one[kind]) for kind in ("passed", "failed", "skipped"))
        package = f"`{one['package']}`" if one["package"] else ""
        lines.append(
            f"| [{one['what']}](#{one['name']}) | {package} | {one['version']} | {counts} |"
        )
    lines += ["", "## What failed", ""]
    failed = [(one, case) for one in judges for case in one["cases"] if case["outcome"] == "failed"]
    if failed:
        lines += ["| judge | case | reason |", "|---|---|---|"]
        lines += [_row(one["name"], case["case"], case["reason"]) for one, case in failed]
    else:
        lines.append("Nothing.")
    for one in judges:
        lines += ["", f"## {one['name']}", "", *_cases(one)]
    return "\n".join(lines)


def _cases(one: dict[str, Any]) -> list[str]:
    skipped: dict[str, list[str]] = {}
    for case in one["cases"]:
        if case["outcome"] == "skipped":
            skipped.setdefault(case["reason"], []).append(f"`{case['case']}`")
    passed = [f"`{case['case']}`" for case in one["cases"] if case["outcome"] == "passed"]
    lines = [f"Passed: {', '.join(passed)}." if passed else "Passed: none."]
    if skipped:
        lines += ["", "| skipped because | cases |", "|---|---|"]
        lines += [_row(reason, ", ".join(names)) for reason, names in skipped.items()]
    return lines


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
