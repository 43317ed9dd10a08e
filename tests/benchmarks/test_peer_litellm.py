from pathlib import Path

import pytest

from benchmarks.peer_litellm import KNOWN_PTH, PINS, Missing, check_start_files, install, version


def test_everything_of_the_peer_is_pinned_to_one_version():
    pins = [line for line in PINS.read_text().splitlines() if not line.startswith("#")]
    assert f"litellm=={version()}" in pins
    assert all(pin.partition("==")[2] and " " not in pin for pin in pins)


def test_an_environment_with_known_start_files_is_used(tmp_path: Path):
    for name, text in KNOWN_PTH.items():
        (tmp_path / name).write_text(f"{text}\n")
    check_start_files(tmp_path)


@pytest.mark.parametrize("name", ["litellm_init.pth", *KNOWN_PTH, "sitecustomize.py"])
def test_an_environment_that_runs_foreign_code_at_start_is_refused(tmp_path: Path, name: str):
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / name).write_text("import os; os.system('true')\n")
    with pytest.raises(Missing, match="not known"):
        check_start_files(tmp_path)


@pytest.mark.slow
def test_a_peer_that_can_not_be_installed_is_missing_and_says_why(tmp_path: Path):
    pins = tmp_path / "pins.txt"
    pins.write_text(f"nothing @ file://{tmp_path}/nothing-1.0-py3-none-any.whl\n")
    with pytest.raises(Missing, match="could not be installed"):
        install(tmp_path / "home", pins)
