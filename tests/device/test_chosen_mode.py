"""The chosen mode outlives the process, and one that can not be read lets nothing out."""

import stat
from pathlib import Path

import pytest

from edgewise.core.place import Mode
from edgewise.device.chosen_mode import choose_mode, mode_of
from edgewise.errors import DeviceError


def test_until_one_is_chosen_the_settings_mode_holds(tmp_path: Path):
    assert mode_of(tmp_path, Mode.ASK) == (Mode.ASK, None)
    choose_mode(tmp_path, Mode.PREFER_DEVICE)
    assert mode_of(tmp_path, Mode.ASK) == (Mode.PREFER_DEVICE, None)
    assert [path.name for path in tmp_path.iterdir()] == ["mode"]
    assert stat.S_IMODE((tmp_path / "mode").stat().st_mode) == 0o600


@pytest.mark.parametrize("said", [b"", b"prefer", b"\xff\xfe", b"prefer_cloud ask"])
def test_a_damaged_choice_means_device_only_and_is_said(tmp_path: Path, said: bytes):
    (tmp_path / "mode").write_bytes(said)
    mode, told = mode_of(tmp_path, Mode.PREFER_CLOUD)
    assert mode is Mode.DEVICE_ONLY
    assert told is not None
    assert "nothing leaves this device" in told.en


def test_a_choice_that_can_not_be_read_means_device_only(tmp_path: Path):
    (tmp_path / "mode").mkdir()
    assert mode_of(tmp_path, Mode.CLOUD_ONLY)[0] is Mode.DEVICE_ONLY


def test_a_choice_that_can_not_be_kept_is_said(tmp_path: Path):
    with pytest.raises(DeviceError, match="the mode is as it was"):
        choose_mode(tmp_path / "missing", Mode.ASK)


def test_what_a_killed_process_left_half_written_is_no_choice(tmp_path: Path):
    choose_mode(tmp_path, Mode.ASK)
    (tmp_path / "mode.new").write_bytes(b"clo")
    assert mode_of(tmp_path, Mode.DEVICE_ONLY)[0] is Mode.ASK
    choose_mode(tmp_path, Mode.PREFER_CLOUD)
    assert mode_of(tmp_path, Mode.DEVICE_ONLY)[0] is Mode.PREFER_CLOUD
