"""What the runner of the judges tells of judges that end, fail, or can not start."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from judges import environment, run
from judges.cases import short

ENDS_WELL = 'print(\'{"case": "a", "outcome": "passed", "reason": ""}\')'


def cases_of(program: str, folder: Path) -> list[dict[str, str]]:
    return run.run_cases([sys.executable, "-c", program], folder, {}, folder / "log")


def test_cases_are_what_a_judge_prints_whatever_else_it_says(tmp_path: Path):
    assert cases_of(f"print('hello'); {ENDS_WELL}", tmp_path) == [
        {"case": "a", "outcome": "passed", "reason": ""}
    ]


def test_a_judge_that_dies_has_failed_though_all_it_told_had_passed(tmp_path: Path):
    found = cases_of(f"{ENDS_WELL}; raise SystemExit('it broke')", tmp_path)
    assert found[-1]["outcome"] == "failed"
    assert "it broke" in found[-1]["reason"]


@pytest.mark.slow
def test_a_judge_that_can_not_be_installed_says_so_and_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "none.txt").write_text("not a requirement ==\n")
    monkeypatch.setattr(environment, "HERE", tmp_path)
    monkeypatch.setattr(environment, "BUILD", tmp_path / "build")
    found = run.judged(run.Judge("none", "None", "none", "python", "none"), {})
    assert (found["passed"], found["failed"]) == (0, 1)
    assert found["cases"][0]["case"] == "is installed"
    assert "not a requirement" in found["cases"][0]["reason"]


def test_judges_that_did_not_run_keep_what_they_had_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(run, "FIGURES", tmp_path / "judges.json")
    run.keep([found("anthropic", passed=3), found("openai-python", passed=1)])
    run.keep([found("openai-python", passed=2)])
    kept = json.loads(run.FIGURES.read_text("utf-8"))
    assert [(one["name"], one["passed"]) for one in kept["judges"]] == [
        ("openai-python", 2),
        ("anthropic", 3),
    ]
    assert kept["results"][0]["value"] == 5


def test_an_unknown_judge_is_named(capsys: pytest.CaptureFixture[str]):
    assert run.main(["nobody"]) == 2
    assert "nobody" in capsys.readouterr().out


def test_a_reason_holds_no_place_of_this_machine():
    told = short("File /" + "root/some/where.py says\n  http://127.0.0.1:4711/v1 is /v1/x")
    assert told == "File where.py says http://127.0.0.1/v1 is /v1/x"


def test_every_judge_has_a_pinned_list():
    for judge in run.JUDGES:
        name = judge.environment or judge.name
        if judge.runs in ("python", "backend"):
            lines = (environment.HERE / "requirements" / f"{name}.txt").read_text().split()
            assert lines
            assert all("==" in line for line in lines), name
        else:
            package = json.loads((environment.HERE / "node" / name / "package.json").read_text())
            assert all(v[0].isdigit() for v in package["dependencies"].values()), name


def found(name: str, **counts: int) -> dict[str, Any]:
    return {"name": name, "passed": 0, "failed": 0, "skipped": 0, "cases": [], **counts}
