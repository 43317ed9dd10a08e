"""`edgewise see` reads a picture here; a file that is none is refused by name."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Edgewise
from tests.perceive.test_eyes import written


def test_a_file_that_is_no_picture_is_refused(edgewise: Edgewise, tmp_path: Path):
    (tmp_path / "a.svg").write_text("<svg/>")
    ran = edgewise("see", str(tmp_path / "a.svg"))
    assert ran.code != 0
    assert "PNG, JPEG, WebP, GIF or BMP" in ran.err
    none = edgewise("see", str(tmp_path / "none.png"))
    assert none.is_one_clear_line("none.png: No such file", "name a file that can be read")
    assert "Errno" not in none.err


@pytest.mark.slow
def test_text_answer_and_lines_are_printed(edgewise: Edgewise, tmp_path: Path):
    path = tmp_path / "a.png"
    path.write_bytes(written("CHECK ENGINE", "Range 412 km"))
    assert edgewise("see", str(path)).out.splitlines() == ["CHECK ENGINE", "Range 412 km"]
    assert "Engine warning" in edgewise("see", str(path), "--ask", "what does it mean").out
    lines = json.loads(edgewise("see", str(path), "--json").out)["lines"]
    assert lines[0]["text"] == "CHECK ENGINE"
    safe = tmp_path / "safe.png"
    assert edgewise("see", str(path), "--safe", str(safe)).code == 0
    assert safe.read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_a_picture_that_can_not_be_written_is_one_clear_line(edgewise: Edgewise, tmp_path: Path):
    path = tmp_path / "a.png"
    path.write_bytes(written("CHECK ENGINE"))
    ran = edgewise("see", str(path), "--safe", str(tmp_path / "no" / "safe.png"))
    assert ran.is_one_clear_line("name a file that can be written")
