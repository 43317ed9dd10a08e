"""`edgewise eval route` prints a report, and writes a page, figures and a scorer."""

import json
from pathlib import Path

import pytest

from edgewise.route.scorer import scorer_from
from edgewise.think.sentence_vector import load_known
from tests.cli.conftest import Edgewise
from tests.learn.test_route_eval import rows_of


def write_gsm8k(folder: Path) -> None:
    (folder / "gsm8k").mkdir()
    rows = [
        {"text": row.text, "weak_correct": row.weak == 1, "strong_correct": True,
         "weak_answer": row.answer}
        for row in rows_of("gsm8k", 60)
    ]  # fmt: skip
    (folder / "gsm8k" / "data.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")


@pytest.mark.slow
def test_the_last_line_is_a_report_and_files_are_written(
    edgewise: Edgewise, tmp_path: Path
) -> None:
    write_gsm8k(tmp_path)
    page, save, scorer = (tmp_path / name for name in ("page.md", "figures.json", "scorer.json"))
    ran = edgewise(
        "eval", "route", "--data", str(tmp_path), "--sets", "gsm8k", "--page", str(page),
        "--save", str(save), "--scorer", str(scorer),
    )  # fmt: skip
    assert ran.code == 0, ran.err
    report = json.loads(ran.out.splitlines()[-1])
    assert report["name"] == "eval_route"
    assert json.loads(save.read_text("utf-8")) == report
    assert "| answer check | 5 folds |" in page.read_text("utf-8")
    assert "no answer text was used" in scorer_from(scorer.read_bytes()).card
    with scorer.with_suffix(".npz").open("rb") as file:
        assert len(load_known(file)[0].ids) == 60


def test_a_folder_without_sets_is_one_clear_line(edgewise: Edgewise, tmp_path: Path) -> None:
    assert edgewise("eval", "route", "--data", str(tmp_path)).is_one_clear_line("--data")


def test_an_unknown_set_is_one_clear_line(edgewise: Edgewise, tmp_path: Path) -> None:
    ran = edgewise("eval", "route", "--data", str(tmp_path), "--sets", "nothing")
    assert ran.is_one_clear_line("gsm8k, mmlu, routerarena")
