"""The data folder is private, and one process at a time serves it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from edgewise.core.words import Language
from edgewise.device.folder import Held, held, holder, is_open, prepare
from edgewise.errors import DeviceError

HOLD = """
import sys
from pathlib import Path
from edgewise.device.folder import held
with held(Path(sys.argv[1]), "edgewise serve mcp"):
    print("held", flush=True)
    sys.stdin.read()
"""


def mode(folder: Path) -> int:
    return folder.stat().st_mode & 0o777


def test_a_new_folder_is_its_owner_s_alone(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    assert prepare(folder) == ()
    assert mode(folder) == 0o700


@pytest.mark.parametrize("before", [0o755, 0o750, 0o701])
def test_a_folder_with_a_device_s_files_only_is_closed(tmp_path: Path, before: int) -> None:
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "config.toml").write_text("")
    (folder / "trail").mkdir()
    folder.chmod(before)
    assert prepare(folder) == ()
    assert mode(folder) == 0o700


def test_a_folder_with_a_foreign_file_is_left_open_and_told(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "letter.txt").write_text("dear all")
    folder.chmod(0o755)
    (warning,) = prepare(folder)
    assert mode(folder) == 0o755
    assert is_open(folder)
    for language in Language:
        assert f'chmod 700 "{folder}"' in warning.said_in(language)
        assert "755" in warning.said_in(language)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_another_user_keeps_its_mode(tmp_path: Path) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    os.chown(folder, 12345, -1)
    folder.chmod(0o755)
    assert len(prepare(folder)) == 1
    assert mode(folder) == 0o755


@pytest.mark.parametrize("where", ["file", "file/below"])
def test_a_file_in_its_place_is_said_with_the_remedy(tmp_path: Path, where: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DeviceError, match="EDGEWISE_HOME"):
        prepare(tmp_path / where)


def test_a_held_folder_is_refused_and_its_holder_named(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == b"held\n"
        who = rf"edgewise serve mcp, process {first.pid}\)"
        with pytest.raises(Held, match=who), held(tmp_path, "edgewise run"):
            pytest.fail("two hold it")
        first.kill()
        first.wait()
    assert holder(tmp_path) is None
    with held(tmp_path, "edgewise run"):
        found = holder(tmp_path)
        assert found is not None
        assert (found.process, found.command) == (os.getpid(), "edgewise run")
    assert holder(tmp_path) is None


def test_looking_who_holds_it_does_not_hinder_a_start(tmp_path: Path) -> None:
    with held(tmp_path, "edgewise run"):
        pass
    for _ in range(50):
        assert holder(tmp_path) is None
        with held(tmp_path, "edgewise run"):
            assert holder(tmp_path) is not None


def test_a_folder_that_was_never_held_has_no_holder(tmp_path: Path) -> None:
    assert holder(tmp_path) is None
    (tmp_path / "device.lock").write_text("{")
    assert holder(tmp_path) is None


def test_a_lock_that_can_not_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "device.lock").mkdir()
    with pytest.raises(DeviceError, match="EDGEWISE_HOME"), held(tmp_path, "edgewise run"):
        pass
