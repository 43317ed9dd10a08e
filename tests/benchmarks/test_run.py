import ast
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.run import ROOT, main

GOOD = """
from edgewise.learn.report import measure, report
print("warming up")
report("good", [measure("time", 1.5, "s", at_most=2)])
"""


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    """A project with the report writer and no benchmark yet; the cores are given back after."""
    shutil.copytree(ROOT / "benchmarks", tmp_path / "benchmarks")
    for path in (tmp_path / "benchmarks").glob("bench_*.py"):
        path.unlink()
    cores = os.sched_getaffinity(0)
    yield tmp_path
    os.sched_setaffinity(0, cores)


def plant(root: Path, name: str, text: str) -> None:
    (root / "benchmarks" / f"{name}.py").write_text(text, encoding="utf-8")


def test_each_report_becomes_a_figures_file_and_the_last_line_joins_them(
    root: Path, capsys: pytest.CaptureFixture[str]
):
    plant(root, "bench_good", GOOD)
    plant(root, "bench_other", GOOD.replace("good", "other"))
    assert main([], root) == 0
    rows = json.loads(capsys.readouterr().out.splitlines()[-1])["results"]
    assert [row["metric"] for row in rows] == ["good: time", "other: time"]
    figure = json.loads((root / "docs" / "figures" / "good.json").read_text(encoding="utf-8"))
    assert figure["results"] == [
        {"metric": "time", "value": 1.5, "unit": "s", "goal": "<= 2", "met": True}
    ]


def test_a_figures_file_keeps_how_its_benchmark_measured(root: Path):
    plant(root, "bench_good", '"""It flatters us."""\n' + GOOD)
    main([], root)
    figure = json.loads((root / "docs" / "figures" / "good.json").read_text(encoding="utf-8"))
    assert figure["about"] == "It flatters us."


def test_a_benchmark_runs_on_one_core(root: Path):
    plant(root, "bench_good", GOOD)
    main([], root)
    figure = json.loads((root / "docs" / "figures" / "good.json").read_text(encoding="utf-8"))
    assert figure["machine"]["cores_used"] == 1


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("raise SystemExit(3)", "ended with status 3"), ("print('no report')", "not JSON")],
)
def test_a_benchmark_without_a_report_fails_the_run_and_the_others_still_count(
    root: Path, text: str, complaint: str, capsys: pytest.CaptureFixture[str]
):
    plant(root, "bench_bad", text)
    plant(root, "bench_good", GOOD)
    assert main([], root) == 1
    printed = capsys.readouterr()
    assert "bench_bad" in printed.err
    assert complaint in printed.err
    assert len(json.loads(printed.out.splitlines()[-1])["results"]) == 1
    assert [path.name for path in (root / "docs" / "figures").iterdir()] == ["good.json"]


def test_a_name_that_fits_no_benchmark_fails(root: Path):
    plant(root, "bench_good", GOOD)
    assert main(["no such benchmark"], root) == 1
    assert not (root / "docs").exists()


@pytest.mark.parametrize(
    "path", sorted((ROOT / "benchmarks").glob("bench_*.py")), ids=lambda path: path.stem
)
def test_a_benchmark_reports_once_under_its_own_name(path: Path):
    calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8")))
             if isinstance(node, ast.Call) and ast.unparse(node.func) == "report"]  # fmt: skip
    assert [ast.unparse(call.args[0]) for call in calls] == [repr(path.stem[len("bench_") :])]
