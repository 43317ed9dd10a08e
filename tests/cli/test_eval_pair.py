"""`edgewise eval route --pair` prints a report, and writes figures and a section."""

import json
from pathlib import Path

import pytest

from edgewise.learn.pair import written
from tests.cli.conftest import Edgewise
from tests.learn.pair_rows import pair_of


@pytest.mark.slow
def test_a_recording_is_measured_and_files_are_written(edgewise: Edgewise, tmp_path: Path):
    pair, page, save = (tmp_path / name for name in ("p.jsonl", "p.md", "p.json"))
    pair.write_bytes(written(pair_of(60)))
    ran = edgewise("eval", "route", "--pair", str(pair), "--page", str(page), "--save", str(save))
    assert ran.code == 0, ran.err
    report = json.loads(ran.out.splitlines()[-1])
    assert report["name"] == "eval_pair"
    assert json.loads(save.read_text("utf-8"))["results"] == report["results"]
    assert "scripted: for a test" in page.read_text("utf-8")


def test_neither_sets_nor_a_pair_is_one_clear_line(edgewise: Edgewise, tmp_path: Path):
    assert edgewise("eval", "route").is_one_clear_line("--pair")
    pair = tmp_path / "none.jsonl"
    assert edgewise("eval", "route", "--pair", str(pair)).is_one_clear_line("--pair")
