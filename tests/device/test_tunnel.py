"""The tunnel outlives the process, and one that can not be read lets nothing out."""

import stat
from pathlib import Path

import pytest

from edgewise.device.tunnel import FILE, in_tunnel, set_tunnel, tunnel_of
from edgewise.errors import DeviceError


def test_a_device_is_in_no_tunnel_until_somebody_says_so(tmp_path: Path):
    assert tunnel_of(tmp_path) == (False, None)
    set_tunnel(tmp_path, on=True)
    assert tunnel_of(tmp_path) == (True, None)
    set_tunnel(tmp_path, on=False)
    assert tunnel_of(tmp_path) == (False, None)
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


@pytest.mark.parametrize("said", [b"", b"of", b"\xff\xfe", b"off on"])
def test_a_file_that_says_nothing_known_is_a_tunnel_and_is_said(tmp_path: Path, said: bytes):
    (tmp_path / FILE).write_bytes(said)
    tunnel, told = tunnel_of(tmp_path)
    assert tunnel
    assert told is not None
    assert "edgewise tunnel off" in told.en


def test_a_file_that_can_not_be_read_is_a_tunnel(tmp_path: Path):
    (tmp_path / FILE).mkdir()
    assert in_tunnel(tmp_path)


def test_what_can_not_be_kept_is_said(tmp_path: Path):
    with pytest.raises(DeviceError, match="the tunnel is as it was"):
        set_tunnel(tmp_path / "missing", on=True)


def test_what_a_killed_process_left_half_written_changes_nothing(tmp_path: Path):
    set_tunnel(tmp_path, on=False)
    (tmp_path / f"{FILE}.new").write_bytes(b"o")
    assert not in_tunnel(tmp_path)
    set_tunnel(tmp_path, on=True)
    assert in_tunnel(tmp_path)
