"""Runs the judges: `make judges`, or `python -m judges.run [NAME ...]`.

Each judge in its own environment, one after another, against one platform. What they find goes to
docs/figures/judges.json, from which scripts/docs.py makes docs/reference/judges.md; judges that
were not named keep what they found before. Ends with 1 when a case failed.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from judges.cases import short
from judges.environment import (
    BUILD,
    ROOT,
    CannotInstall,
    node_environment,
    python_environment,
)
from judges.servers import running_device, running_platform

FIGURES = ROOT / "docs" / "figures" / "judges.json"
JUDGE_S = 600.0
ABOUT = (
    "Clients and suites of others, unchanged, against `edgewise serve cloud` over the upstream of"
    " `edgewise.testing.upstream`, and against `edgewise serve device`; and a backend of others"
    " behind the platform."
)


@dataclass(frozen=True)
class Judge:
    """A client, a suite or a backend. `package` is whose version is told; `runs` where its cases
    are: a module in its venv, a Node program, a module here that drives a Node program, or one here
    that brings up a platform over a backend in its venv."""

    name: str
    what: str
    package: str
    runs: Literal["python", "node", "driver", "backend"]
    module: str = ""
    arguments: tuple[str, ...] = ()
    environment: str = ""
    version: str = ""


JUDGES = (
    Judge("openai-python", "OpenAI's SDK for Python", "openai", "python", "openai_python"),
    Judge("openai-node", "OpenAI's SDK for Node", "openai", "node"),
    Judge("pydantic-ai", "Pydantic AI", "pydantic-ai-slim", "python", "pydantic_ai_agent"),
    Judge("openai-agents", "OpenAI's Agents SDK", "openai-agents", "python", "openai_agents"),
    Judge(
        "langchain",
        "LangChain's standard tests",
        "langchain-openai",
        "python",
        "langchain_standard",
    ),
    Judge("ai-sdk", "Vercel's AI SDK", "ai", "node"),
    Judge("litellm", "LiteLLM as a client", "litellm", "python", "litellm_client"),
    Judge("anthropic", "Anthropic's SDK for Python", "anthropic", "python", "anthropic_python"),
    Judge(
        "open-responses",
        "The Open Responses compliance cases, restated",
        "jsonschema",
        "python",
        "open_responses",
        version="2026-04-24",
    ),
    Judge(
        "mcp-2025-11-25",
        "MCP conformance, requirements of 2025-11-25",
        "@modelcontextprotocol/conformance",
        "driver",
        "mcp_conformance",
        ("2025-11-25",),
        "mcp-conformance",
    ),
    Judge(
        "mcp-2026-07-28",
        "MCP conformance, requirements of 2026-07-28",
        "@modelcontextprotocol/conformance",
        "driver",
        "mcp_conformance",
        ("2026-07-28",),
        "mcp-conformance",
    ),
    Judge("ray-serve", "Ray Serve as a backend", "ray", "backend", "ray_serve"),
    # last: it calls what deletes, too
    Judge("schemathesis", "Schemathesis over /openapi.json", "schemathesis", "python", "openapi"),
)


def main(arguments: list[str]) -> int:
    """Run the judges of those names, or all."""
    names = {judge.name for judge in JUDGES}
    unknown = [name for name in arguments if name not in names]
    if unknown:
        print(f"no judge {unknown[0]!r}; one of: {', '.join(sorted(names))}")
        return 2
    chosen = [judge for judge in JUDGES if not arguments or judge.name in arguments]
    found: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="judges-") as folder, ExitStack() as stack:
        told: dict[str, str] = {}
        if any(judge.runs in ("python", "node") for judge in chosen):
            platform = stack.enter_context(running_platform(Path(folder)))
            told |= {
                "JUDGE_ADDRESS": platform.address,
                "JUDGE_KEY": platform.key,
                "JUDGE_NARROW_KEY": platform.narrow_key,
            }
        if any(judge.runs == "driver" for judge in chosen):
            device = stack.enter_context(running_device(Path(folder)))
            told |= {"JUDGE_DEVICE": device.address, "JUDGE_TOKEN": device.token}
        for judge in chosen:
            found.append(judged(judge, told))
            show(found[-1])
    keep(found)
    return 1 if any(one["failed"] for one in found) else 0


def judged(judge: Judge, told: dict[str, str]) -> dict[str, Any]:
    """What a judge finds: its cases and their counts. One that can not run is one failed case."""
    version, cases = "", []
    try:
        command, folder, version = prepared(judge)
        cases = run_cases(command, folder, told, BUILD / f"{judge.name}.log")
    except CannotInstall as error:
        cases = [failed("is installed", str(error))]
    outcomes = [one["outcome"] for one in cases]
    return {
        "name": judge.name,
        "what": judge.what,
        "package": "" if judge.version else judge.package,
        "version": judge.version or version,
        **{kind: outcomes.count(kind) for kind in ("passed", "failed", "skipped")},
        "cases": cases,
    }


def prepared(judge: Judge) -> tuple[list[str], Path, str]:
    """The command of a judge, where it runs, and the version of its package. Raises
    CannotInstall."""
    name = judge.environment or judge.name
    module = f"judges.{judge.module}"
    if judge.runs in ("python", "backend"):
        interpreter = str(python_environment(name))
        asked = f"from importlib.metadata import version as v; print(v({judge.package!r}))"
        version = subprocess.check_output([interpreter, "-c", asked], text=True).strip()
        if judge.runs == "backend":
            return [sys.executable, "-m", module, interpreter], ROOT, version
        return [interpreter, "-m", module], ROOT, version
    folder = node_environment(name)
    about = json.loads((folder / "node_modules" / judge.package / "package.json").read_text())
    if judge.runs == "node":
        return ["node", "judge.mjs"], folder, about["version"]
    return [sys.executable, "-m", module, *judge.arguments], ROOT, about["version"]


def run_cases(
    command: list[str], folder: Path, told: dict[str, str], log: Path
) -> list[dict[str, str]]:
    """The cases that a judge's process tells; a process that ends too early is a failed case."""
    environment = {**os.environ, **told, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    with log.open("w") as errors:
        process = subprocess.Popen(
            command, cwd=folder, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment
        )
        timer = threading.Timer(JUDGE_S, process.kill)
        timer.start()
        assert process.stdout is not None
        with process.stdout:
            cases = [json.loads(line) for line in process.stdout if line.startswith('{"case"')]
        ended = process.wait()
        timer.cancel()
    if ended != 0 and not any(one["outcome"] == "failed" for one in cases):
        said = short(log.read_text("utf-8")[-600:])
        cases.append(failed("runs to its end", f"ended with {ended}: {said}"))
    return cases


def failed(name: str, reason: str) -> dict[str, str]:
    """A case that failed."""
    return {"case": name, "outcome": "failed", "reason": short(reason)}


def show(found: dict[str, Any]) -> None:
    """Print a judge's counts, and what failed."""
    counts = ", ".join(f"{found[kind]} {kind}" for kind in ("passed", "failed", "skipped"))
    print(f"{found['name']} {found['version']}: {counts}", flush=True)
    for one in found["cases"]:
        if one["outcome"] == "failed":
            print(f"  failed: {one['case']}: {one['reason']}", flush=True)


def keep(found: list[dict[str, Any]]) -> None:
    """Write what was found, beside what other judges had found before."""
    kept: dict[str, Any] = {}
    if FIGURES.is_file():
        kept = {one["name"]: one for one in json.loads(FIGURES.read_text("utf-8"))["judges"]}
    kept |= {one["name"]: one for one in found}
    judges = [kept[judge.name] for judge in JUDGES if judge.name in kept]
    results = [
        {
            "metric": kind,
            "value": sum(one[kind] for one in judges),
            "unit": "cases",
            "goal": None,
            "met": None,
        }
        for kind in ("passed", "failed", "skipped")
    ]
    report = {"name": "judges", "about": ABOUT, "results": results, "judges": judges}
    text = json.dumps(report, ensure_ascii=False, indent=1)
    FIGURES.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
