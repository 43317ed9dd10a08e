"""Why a browser did not start is told with what to do."""

import asyncio
import socket
import sys
from pathlib import Path

import pytest

from edgewise.device.screen.chromium import ChromiumScreen, ChromiumSettings
from edgewise.device.screen.not_started import has_display, why_not_started
from edgewise.errors import DeviceError

DISPLAY = {"DISPLAY": ":0"}


def locked_by(profile: Path, host: str, process: int) -> Path:
    profile.mkdir(exist_ok=True)
    (profile / "SingletonLock").symlink_to(f"{host}-{process}")
    return profile


def test_a_window_needs_a_display_and_what_is_headless_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("sys.platform", "linux")
    assert "headless = true" in why_not_started(tmp_path, {}, headless=False)
    assert why_not_started(tmp_path, {"WAYLAND_DISPLAY": "w"}, headless=False) == ""
    assert why_not_started(tmp_path, DISPLAY, headless=False) == ""
    assert why_not_started(tmp_path, {}, headless=True) == ""


async def test_a_process_that_runs_on_the_profile_is_named(tmp_path: Path):
    holder = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", "input()", str(tmp_path / "profile")),
        stdin=asyncio.subprocess.PIPE,
    )
    profile = locked_by(tmp_path / "profile", socket.gethostname(), holder.pid)
    assert f"number {holder.pid}" in why_not_started(profile, headless=True)
    holder.kill()
    await holder.wait()
    assert why_not_started(profile, headless=True) == ""


def test_a_number_that_another_program_has_now_holds_nothing(tmp_path: Path):
    profile = locked_by(tmp_path / "profile", socket.gethostname(), 1)
    assert why_not_started(profile, headless=True) == ""


def test_a_profile_that_another_machine_holds_is_told(tmp_path: Path):
    profile = locked_by(tmp_path / "profile", "elsewhere", 7)
    assert "machine elsewhere" in why_not_started(profile, headless=True)


@pytest.mark.browser
async def test_a_second_screen_on_one_profile_says_who_holds_it(tmp_path: Path):
    settings = ChromiumSettings(tmp_path, {}, sandbox=False)
    first, second = ChromiumScreen(settings), ChromiumScreen(settings)
    try:
        await first.look()
        with pytest.raises(DeviceError, match=f"number {first.process_id}") as away:
            await second.look()
        assert away.value.code == "no_provider"
        await first.look()
    finally:
        await second.close()
        await first.close()


def test_a_display_is_asked_for_only_where_the_environment_names_it(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("sys.platform", "linux")
    assert has_display(DISPLAY)
    assert not has_display({})
    monkeypatch.setattr("sys.platform", "darwin")
    assert has_display({})
