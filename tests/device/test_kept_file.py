"""A small file is the old one or the new one, its owner's alone, and a full disk is said."""

from pathlib import Path

import pytest

from edgewise.device.kept_file import keep_file, unwritten
from edgewise.errors import DeviceError


def test_a_file_is_replaced_and_nobody_else_may_read_it(tmp_path: Path):
    path = tmp_path / "mode"
    path.write_bytes(b"old")
    path.with_suffix(".new").write_bytes(b"left by a kill")
    keep_file(path, b"new", "it is as it was")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["mode"]


def test_what_can_not_be_kept_is_said_with_what_holds_still(tmp_path: Path):
    (tmp_path / "mode").mkdir()
    with pytest.raises(DeviceError, match=r"can not be written .*; it is as it was$") as raised:
        keep_file(tmp_path / "mode", b"new", "it is as it was")
    assert raised.value.code == "store_failed"
    assert (tmp_path / "mode").is_dir()


def test_the_error_names_the_file_and_the_reason():
    error = unwritten(Path("/d/mode"), OSError(28, "No space left on device"), "old")
    assert str(error).startswith("/d/mode can not be written (No space left on device)")
