"""`edgewise eval see` prints a report, and writes a page and figures."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Edgewise
from tests.perceive.test_eyes import written


@pytest.mark.slow
def test_own_pictures_are_measured_and_the_last_line_is_a_report(
    edgewise: Edgewise, tmp_path: Path
):
    (tmp_path / "a.png").write_bytes(written("CHECK ENGINE", "Range 412 km"))
    (tmp_path / "a.txt").write_text("CHECK ENGINE\nRange 999 km\n", "utf-8")
    page, save, errors = (tmp_path / name for name in ("page.md", "figures.json", "errors.txt"))
    ran = edgewise(
        "eval", "see", "--data", str(tmp_path), "--page", str(page), "--save", str(save),
        "--errors", str(errors),
    )  # fmt: skip
    assert ran.code == 0, ran.err
    report = json.loads(ran.out.splitlines()[-1])
    assert report["name"] == "eval_see"
    first = report["results"][0]
    assert (first["metric"], first["value"], first["met"]) == (
        "own pictures | strings right", 50.0, False,
    )  # fmt: skip
    assert json.loads(save.read_text("utf-8")) == report
    assert "strings right" in page.read_text("utf-8")
    assert "Range999km" in errors.read_text("utf-8")


def test_a_folder_without_pictures_is_refused(edgewise: Edgewise, tmp_path: Path):
    ran = edgewise("eval", "see", "--data", str(tmp_path))
    assert ran.code != 0
    assert "no picture" in ran.err
