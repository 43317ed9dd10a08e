"""Edgewise's own platform under measurement: keys, limits, ledger and traces on, as users have it.

The one place that knows how it is started for a benchmark.
"""

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.processes import first_line, start

START_S = 30.0
SETTINGS = """
[[backend]]
name = "upstream"
url = "{upstream}/v1"
most_connections = 4096

[defaults]
requests_a_minute = 100_000_000
tokens_a_minute = 100_000_000_000
requests_at_once = 10_000
streams_at_once = 10_000

[project_defaults]
requests_a_minute = 100_000_000
tokens_a_minute = 100_000_000_000
requests_at_once = 10_000
streams_at_once = 10_000
"""
MODEL = """
[[model]]
name = "{name}"
routes = [{{ backend = "upstream" }}]

[[price]]
model = "{name}"
since = 2026-01-01
input = "1.35"
output = "5.4"
"""


def write_settings(folder: Path, upstream: str, models: list[str]) -> None:
    """A `cloud.toml` with one backend and these models, priced, with limits that never bite."""
    text = SETTINGS.format(upstream=upstream) + "".join(MODEL.format(name=m) for m in models)
    (folder / "cloud.toml").write_text(text, encoding="utf-8")


def start_edgewise(
    folder: Path, cores: frozenset[int], port: int = 0
) -> tuple[str, str, subprocess.Popen[str]]:
    """Serve the platform over `folder`: its address, a developer's key, its process."""
    command = [sys.executable, "-m", "edgewise.cli", "serve", "cloud"]
    command += ["--folder", str(folder), "--port", str(port), "--print-key"]
    process = start(command, cores=cores, log=folder / "errors.txt")
    told = json.loads(first_line(process, START_S))
    return told["address"], told["key"], process
