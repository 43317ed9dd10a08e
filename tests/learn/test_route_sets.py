"""Pairs of models are read as rows: contaminated ones dropped, groups never on both sides."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edgewise.errors import UserError
from edgewise.learn.route_sets import (
    Row,
    after_answer,
    before_answer,
    folds_of,
    joined,
    load_pair,
    without,
)


def write_set(folder: Path, name: str, *rows: dict[str, Any]) -> Path:
    (folder / name).mkdir()
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (folder / name / "data.jsonl").write_text(text, "utf-8")
    return folder


def mmlu(text: str, *, contaminated: bool = False, domain: str = "law") -> dict[str, Any]:
    return {"text": text, "weak_correct": False, "strong_correct": True, "domain": domain,
            "contaminated": contaminated}  # fmt: skip


def test_contaminated_rows_are_dropped_and_odd_line_ends_kept(tmp_path: Path) -> None:
    write_set(tmp_path, "mmlu", mmlu("one\u2028two"), mmlu("three", contaminated=True))
    (row,) = load_pair(tmp_path, "mmlu")
    assert row == Row("mmlu-0", "one\u2028two", 0.0, 1.0, "law")


def test_scores_of_routerarena_are_read(tmp_path: Path) -> None:
    weak, strong = {"score": 0.25, "answer": "A"}, {"score": 1.0, "answer": "B"}
    row = {"id": "x_1", "text": "q", "dataset": "x", "weak": weak, "strong": strong}
    assert load_pair(write_set(tmp_path, "routerarena", row), "routerarena") == [
        Row("x_1", "q", 0.25, 1.0, "x", "A")
    ]


def test_what_is_not_there_or_no_set_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="--data"):
        load_pair(tmp_path, "mmlu")
    with pytest.raises(UserError, match="gsm8k, mmlu, routerarena"):
        load_pair(tmp_path, "mt_bench")
    with pytest.raises(UserError, match="holds no rows"):
        load_pair(write_set(tmp_path, "mmlu", {"text": "no labels"}), "mmlu")


def test_a_question_in_another_wrapping_is_left_out() -> None:
    stem = "Which planet is the largest of the solar system?"
    rows = [Row("a", f"{stem}\nA. Mars\nAnswer:", 0, 1), Row("b", "Another long question?", 0, 1)]
    others = [Row("c", f"Please read.\nQuestion: {stem.upper()} Options: A. Mars", 0, 1)]
    assert [row.id for row in without(rows, others)] == ["b"]


def test_groups_are_never_on_both_sides_and_each_row_is_judged_once() -> None:
    rows = [Row(str(i), f"question {i}", 0, 1, f"g{i % 7}") for i in range(70)]
    sample = joined([before_answer(rows[:30]), before_answer(rows[30:])])
    judged: list[int] = []
    for learn, judge in folds_of(sample, 5, 0, whole_groups=True):
        assert not set(sample.groups[learn]) & set(sample.groups[judge])
        judged += judge.tolist()
    assert sorted(judged) == list(range(70))
    assert sample.at(np.array([3, 5])).ids == ("3", "5")


def test_answers_have_no_vector() -> None:
    assert after_answer([Row("a", "q", 0, 1, "", "1 + 1 = 2")]).vectors.shape == (1, 0)
