"""`edgewise eval understand` measures sets at hand and names every error."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Edgewise

MAP = {"window.set": {"slurp": {"labels": ["open"]}}, "none": {"slurp": {"labels": ["talk"]}}}
ROWS = [{"text": "open my window", "intent": "open"}, {"text": "I like trees", "intent": "talk"},
        {"text": "call a taxi", "intent": "open"}]  # fmt: skip


@pytest.mark.slow
def test_the_last_line_is_a_report_and_errors_are_written(
    edgewise: Edgewise, tmp_path: Path
) -> None:
    (tmp_path / "slurp").mkdir()
    (tmp_path / "intent_map.json").write_text(json.dumps(MAP))
    (tmp_path / "slurp" / "data.jsonl").write_text("\n".join(map(json.dumps, ROWS)))
    errors = tmp_path / "errors.jsonl"
    ran = edgewise(
        "eval", "understand", "--data", str(tmp_path), "--sets", "slurp", "--errors", str(errors)
    )
    assert ran.code == 0, ran.err
    report = json.loads(ran.out.splitlines()[-1])
    figures = {row["metric"]: row["value"] for row in report["results"]}
    assert report["name"] == "eval_understand"
    assert figures["slurp sentences"] == 3
    assert round(figures["slurp functions"]) == 67
    assert figures["safety sentences"] >= 600
    assert "opposite actions" in ran.out.splitlines()[0]
    lines = [json.loads(line) for line in errors.read_text("utf-8").splitlines()]
    assert "confusions" in lines[0]
    assert {line["set"] for line in lines} == {"safety", "slurp"}
    head, *misses = [line for line in lines if line["set"] == "slurp"]
    assert "confusions" in head
    assert [miss["text"] for miss in misses] == ["call a taxi"]


def test_a_folder_without_sets_is_one_clear_line(edgewise: Edgewise, tmp_path: Path) -> None:
    assert edgewise("eval", "understand", "--data", str(tmp_path)).is_one_clear_line("intent_map")


def test_a_public_set_without_a_folder_is_one_clear_line(edgewise: Edgewise) -> None:
    assert edgewise("eval", "understand", "--sets", "slurp").is_one_clear_line("--data")
