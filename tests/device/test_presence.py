"""A running device is found by its file, and a dead one is not."""

import os
import subprocess
import sys
from pathlib import Path

from edgewise.device.folder import held
from edgewise.device.presence import Presence, announce, find, left_behind, withdraw


def test_a_device_that_runs_is_found(tmp_path: Path) -> None:
    here = Presence("http://127.0.0.1:1", os.getpid())
    with held(tmp_path, "edgewise run"):
        announce(tmp_path, here)
        assert find(tmp_path) == here
        withdraw(tmp_path)
        assert find(tmp_path) is None


def test_a_device_that_was_killed_is_not_found(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    announce(tmp_path, Presence("http://127.0.0.1:1", process.pid))
    assert find(tmp_path) is None


def test_a_process_that_has_the_number_of_a_killed_one_is_not_found(tmp_path: Path) -> None:
    announce(tmp_path, Presence("http://127.0.0.1:1", os.getpid()))
    assert find(tmp_path) is None
    with held(tmp_path, "edgewise run"):
        announce(tmp_path, Presence("http://127.0.0.1:1", os.getppid()))
        assert find(tmp_path) is None


def test_a_broken_file_is_no_device(tmp_path: Path) -> None:
    (tmp_path / "device.json").write_text("{")
    assert find(tmp_path) is None


def test_the_file_of_another_process_stays(tmp_path: Path) -> None:
    with held(tmp_path, "edgewise run"):
        announce(tmp_path, Presence("http://127.0.0.1:1", os.getppid()))
        withdraw(tmp_path)
    assert (tmp_path / "device.json").exists()


def test_what_a_killed_device_left_is_told(tmp_path: Path) -> None:
    assert left_behind(tmp_path) is None
    killed = Presence("http://127.0.0.1:1", os.getppid())
    announce(tmp_path, killed)
    assert left_behind(tmp_path) == killed
    with held(tmp_path, "edgewise run"):
        assert left_behind(tmp_path) is None
