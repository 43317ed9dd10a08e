"""Which screen stands behind `gui`: none, a browser, a phone; and what is missing for it."""

from pathlib import Path

from edgewise.core.clock import SystemClock
from edgewise.device.screen.screen_config import ScreenConfig
from edgewise.device.screen.screens import lacks, open_screen


def test_without_a_backend_there_is_no_screen(tmp_path: Path):
    assert open_screen(ScreenConfig(), tmp_path, SystemClock()) is None
    assert lacks(ScreenConfig()) is None


async def test_a_program_that_is_missing_is_told_at_once_and_nothing_is_started(tmp_path: Path):
    for backend, package in (("chromium", "chromium"), ("adb", "adb")):
        config = ScreenConfig(backend, program="no-such-program")
        driver = open_screen(config, tmp_path, SystemClock())
        assert driver is not None
        assert driver.away is not None
        assert f"apt-get install {package}" in driver.away.en
        assert f"apt-get install {package}" in driver.away.zh
        await driver.close()
    assert not list(tmp_path.iterdir())
