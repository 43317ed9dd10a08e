"""A phone whose programs keep how they were called."""

from pathlib import Path

import pytest

from tests.device.screen.phone import Phone


@pytest.fixture
def phone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Phone:
    folder = tmp_path / "phone"
    folder.mkdir()
    monkeypatch.setenv("PHONE", str(folder))
    return Phone(folder)
