"""What pages keep in the device's own browser is forgotten, unless a browser still writes it."""

import socket
import sys
from pathlib import Path

import pytest

from edgewise.device.screen.chromium import ChromiumScreen, ChromiumSettings
from edgewise.device.screen.profile import forget_profile, profile_of
from edgewise.errors import DeviceError


def profile_in(folder: Path) -> Path:
    profile = profile_of(folder)
    (profile / "Default").mkdir(parents=True)
    (profile / "Default" / "Cookies").write_bytes(b"session=4711")
    return profile


def test_all_of_it_goes_and_then_there_is_none(tmp_path: Path):
    folder = tmp_path / "screen"
    assert not forget_profile(folder)
    profile_in(folder)
    assert forget_profile(folder)
    assert list(tmp_path.iterdir()) == []


def test_one_that_a_crashed_browser_left_locked_goes_too(tmp_path: Path):
    profile = profile_in(tmp_path / "screen")
    (profile / "SingletonLock").symlink_to(f"{socket.gethostname()}-1")
    assert forget_profile(tmp_path / "screen")


def test_one_that_is_held_stays_and_the_error_says_by_whom(tmp_path: Path):
    profile = profile_in(tmp_path / "screen")
    (profile / "SingletonLock").symlink_to("elsewhere-7")
    with pytest.raises(DeviceError, match=r"machine elsewhere.*erase again") as refused:
        forget_profile(tmp_path / "screen")
    assert refused.value.code == "not_erased"
    assert (profile / "Default" / "Cookies").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="links")
def test_what_can_not_be_deleted_is_named(tmp_path: Path):
    (tmp_path / "screen").symlink_to(tmp_path)
    with pytest.raises(DeviceError, match="delete") as refused:
        forget_profile(tmp_path / "screen")
    assert refused.value.code == "not_erased"
    assert tmp_path.exists()


@pytest.mark.browser
@pytest.mark.timeout(120)
async def test_a_real_browser_holds_its_profile_until_it_is_closed_and_starts_without_one(
    tmp_path: Path,
):
    screen = ChromiumScreen(ChromiumSettings(tmp_path / "screen", {}, sandbox=False))
    try:
        before = await screen.look()
        with pytest.raises(DeviceError, match="holds its profile"):
            forget_profile(tmp_path / "screen")
        await screen.close()
        assert forget_profile(tmp_path / "screen")
        assert await screen.look() == before
    finally:
        await screen.close()
