"""A folder is asked from the shell: the answer as it comes, its counts behind it."""

import sys
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="torch is not installed (extra step3)")

from scripts.step3.sample import main
from tests.step3.small_folder import picture, small_folder


def asked(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["sample", *words])
    return main()


def test_text_and_pictures_are_answered_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    folder = small_folder(tmp_path / "model")
    (tmp_path / "a.png").write_bytes(picture("red"))
    shown = ["--picture", str(tmp_path / "a.png"), "--tokens", "4"]
    assert asked(monkeypatch, str(folder), "What colour is it?", *shown) == 0
    assert " + 4 tokens, length)" in capsys.readouterr().out


def test_what_is_missing_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    assert asked(monkeypatch, str(tmp_path), "What?") == 1
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert asked(monkeypatch, str(tmp_path), "What?", "--temperature", "-1") == 1
    assert "temperature" in capsys.readouterr().err
