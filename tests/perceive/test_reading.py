"""Lines in the order that a person reads them, by models whose files are known."""

import random
from pathlib import Path

import pytest

from edgewise.engine.packages import verify
from edgewise.errors import ModelError, TrustError
from edgewise.perceive import reading
from edgewise.perceive.reading import HASHES, in_order, models_folder
from edgewise.perceive.see import Box, Line


def line(text: str, left: int, top: int, height: int = 20) -> Line:
    return Line(text, Box(left, top, left + 80, top + height), 1.0)


def test_rows_are_read_from_left_to_right_and_then_down():
    lines = [line("a", 0, 10), line("b", 300, 14), line("c", 600, 4, 40), line("d", 0, 60),
             line("e", 300, 58), line("f", 0, 100)]  # fmt: skip
    shuffled = random.Random(3).sample(lines, len(lines))
    assert "".join(one.text for one in in_order(shuffled)) == "abcdef"


def test_lines_that_only_touch_are_two_rows():
    assert [one.text for one in in_order([line("b", 0, 20), line("a", 300, 5)])] == ["a", "b"]
    assert in_order([]) == ()


def test_the_models_are_those_that_were_measured():
    pytest.importorskip("rapidocr")
    for name, sha256 in HASHES.items():
        assert verify(models_folder() / name, sha256=sha256) == sha256


def test_other_models_are_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    for name in HASHES:
        (tmp_path / name).write_bytes(b"something else")
    monkeypatch.setattr(reading, "models_folder", lambda: tmp_path)
    with pytest.raises(TrustError) as caught:
        reading.Reading()
    assert caught.value.code == "wrong_hash"


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(__import__("sys").modules, "rapidocr", None)
    with pytest.raises(ModelError, match=r"edgewise\[see\]"):
        models_folder()
