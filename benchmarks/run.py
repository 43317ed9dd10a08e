"""Runs every benchmarks/bench_*.py in turn, each in a process of its own pinned to one core.

Each one's last line goes to docs/figures/<name>.json, with what the benchmark says of itself under
`about`: kept figures may be older than the benchmark. The last line printed here joins them all.
A benchmark that crashes or ends without a report makes the run fail; a goal that is not met does
not: the figure says so itself.

    python -m benchmarks.run [NAME ...]      all, or only those whose file name holds a NAME
"""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from edgewise.learn.report import describe_machine, parse_report

ROOT = Path(__file__).resolve().parents[1]


def main(names: list[str], root: Path = ROOT) -> int:
    """Runs the benchmarks whose file names hold one of the names; 1 if one of them failed."""
    pin_to_one_core()
    figures = root / "docs" / "figures"
    rows: list[dict[str, Any]] = []
    failed: list[str] = []
    for path in sorted((root / "benchmarks").glob("bench_*.py")):
        if names and not any(name in path.stem for name in names):
            continue
        print(f"== {path.stem}", flush=True)
        try:
            found = run_benchmark(path.stem, root)
        except ValueError as error:
            print(f"!! {path.stem}: {error}", file=sys.stderr, flush=True)
            failed.append(path.stem)
            continue
        figures.mkdir(parents=True, exist_ok=True)
        kept = {"name": found["name"], "about": _said_in(path), **found}
        text = json.dumps(kept, ensure_ascii=False, indent=2)
        (figures / f"{found['name']}.json").write_text(text + "\n", encoding="utf-8")
        rows += [row | {"metric": f"{found['name']}: {row['metric']}"} for row in found["results"]]
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr, flush=True)
    joined = {"name": "all", "machine": describe_machine(), "results": rows}
    print(json.dumps(joined, ensure_ascii=False), flush=True)
    return 1 if failed or not rows else 0


def pin_to_one_core() -> None:
    """Keeps this process and its children on the last core it may use; elsewhere says it cannot."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    else:
        print("this system cannot pin a process to a core: figures are of all cores")


def run_benchmark(module: str, root: Path) -> dict[str, Any]:
    """Runs one benchmark, showing its lines as they come; ValueError when it gives no report."""
    lines: list[str] = []
    command = [sys.executable, "-m", f"benchmarks.{module}"]
    with subprocess.Popen(
        command, cwd=root, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    if process.returncode != 0:
        raise ValueError(f"ended with status {process.returncode}")
    return parse_report("".join(lines))


def _said_in(path: Path) -> str:
    return ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
