"""The last line of every benchmark and evaluation: one JSON object, the same shape everywhere.

    {"name": ..., "machine": {...}, "results": [{"metric", "value", "unit", "goal", "met"}, ...]}

Documents quote figures only from such a line (benchmarks/run.py keeps them in docs/figures). The
machine is told by what matters to speed; its name is nobody's business.
"""

import json
import math
import os
import platform
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from edgewise.core.signal import as_list, as_object


@dataclass(frozen=True, slots=True)
class Result:
    """One figure. `goal` is written as a person reads it ("<= 5"); without a goal `met` is None."""

    metric: str
    value: float
    unit: str
    goal: str | None = None
    met: bool | None = None


def measure(
    metric: str,
    value: float,
    unit: str,
    *,
    at_most: float | None = None,
    at_least: float | None = None,
) -> Result:
    """Makes a Result and judges it by its goal, given as an upper or a lower limit, not both."""
    if at_most is not None and at_least is not None:
        raise ValueError(f"{metric}: give at_most or at_least, not both")
    if not math.isfinite(value):
        raise ValueError(f"{metric}: {value} {unit} is no measurement")
    if at_most is not None:
        return Result(metric, value, unit, f"<= {at_most:g}", value <= at_most)
    if at_least is not None:
        return Result(metric, value, unit, f">= {at_least:g}", value >= at_least)
    return Result(metric, value, unit)


def report(name: str, results: Iterable[Result]) -> None:
    """Prints a benchmark's last line. Call it once, at the very end."""
    sys.stdout.write(format_report(name, results) + "\n")
    sys.stdout.flush()


def format_report(name: str, results: Iterable[Result]) -> str:
    """One line of JSON; values are rounded to four significant digits."""
    rows = [asdict(result) | {"value": round_value(result.value)} for result in results]
    if not rows:
        raise ValueError(f"{name}: a report without results says nothing")
    return json.dumps(
        {"name": name, "machine": describe_machine(), "results": rows},
        ensure_ascii=False,
        allow_nan=False,
    )


def parse_report(output: str) -> dict[str, Any]:
    """Reads the last line of a benchmark's output; ValueError says what is wrong with it."""
    lines = output.strip().splitlines()
    if not lines:
        raise ValueError("printed nothing; its last line must be a report")
    try:
        found = as_object(json.loads(lines[-1]))
    except json.JSONDecodeError as error:
        raise ValueError(f"its last line is not JSON ({error}): {lines[-1][:80]!r}") from error
    if set(found) != {"name", "machine", "results"}:
        raise ValueError(f"its last line is not a report: {lines[-1][:80]!r}")
    if not as_list(found["results"]):
        raise ValueError("its report has no results")
    for row in as_list(found["results"]):
        if set(as_object(row)) != {"metric", "value", "unit", "goal", "met"}:
            raise ValueError(f"not a result: {row!r}")
    return found


def describe_machine() -> dict[str, str | int]:
    """The processor, the cores this process may use, and the Python that runs."""
    return {
        "cpu": read_cpu_model(),
        "cores": os.cpu_count() or 1,
        "cores_used": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 0,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def read_cpu_model() -> str:
    """The processor's own name, where the system tells it."""
    cpu_info = Path("/proc/cpuinfo")
    if cpu_info.exists():
        for line in cpu_info.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.lower().startswith(("model name", "hardware")):
                return " ".join(line.partition(":")[2].split())
    return platform.processor() or platform.machine()


def round_value(value: float) -> float:
    """Four significant digits: more would claim a precision that no run has."""
    return float(f"{value:.4g}") if not float(value).is_integer() else value
