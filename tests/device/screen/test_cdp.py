"""A real Chromium over its pipe: asked, ended, killed, and away when its owner is killed."""

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from edgewise.device.screen.cdp import Browser, start_browser
from edgewise.errors import DeviceError
from tests.cloud.waiting import until

pytestmark = pytest.mark.browser

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-quic",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


def command(folder: Path) -> list[str]:
    return [shutil.which("chromium") or "chromium", *FLAGS, f"--user-data-dir={folder}"]


@pytest.fixture
async def browser(tmp_path: Path) -> AsyncIterator[Browser]:
    started = await start_browser([*command(tmp_path), "about:blank"], lambda *_: None)
    yield started
    await started.close()


async def test_it_answers_and_refuses_in_its_own_words(browser: Browser):
    assert "Chrome" in (await browser.call("Browser.getVersion"))["product"]
    with pytest.raises(DeviceError, match="wasn't found") as refused:
        await browser.call("Browser.flyAway")
    assert refused.value.code == "refused"


async def test_a_call_that_is_not_answered_in_time_says_so(browser: Browser):
    with pytest.raises(DeviceError) as late:
        await browser.call("Browser.getVersion", within_s=0.0)
    assert late.value.code == "timed_out"


async def test_no_port_is_opened(browser: Browser):
    listening = [
        line.split()[9]
        for name in ("tcp", "tcp6")
        for line in Path(f"/proc/{browser.process_id}/net/{name}").read_text().splitlines()[1:]
        if line.split()[3] == "0A"
    ]
    held = {
        os.readlink(link)
        for link in Path(f"/proc/{browser.process_id}/fd").iterdir()
        if link.is_symlink()
    }
    assert not {f"socket:[{inode}]" for inode in listening} & held


async def test_one_that_is_killed_is_away_and_what_waits_hears_of_it(browser: Browser):
    os.killpg(browser.process_id, signal.SIGKILL)
    await until(lambda: not browser.alive)
    with pytest.raises(DeviceError) as gone:
        await browser.call("Browser.getVersion")
    assert gone.value.code == "no_provider"


async def test_closing_ends_every_process_of_it(browser: Browser):
    group = browser.process_id
    assert os.getpgid(group) == group, "it leads a group of its own"
    await browser.close()
    await browser.close()
    await until(lambda: not running_in(group))


def running_in(group: int) -> list[str]:
    """The processes of a group that are not only waiting to be buried."""
    states: list[list[str]] = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            states.append(stat.read_text().rpartition(")")[2].split())
    return [state[0] for state in states if state[2] == str(group) and state[0] != "Z"]


async def test_it_ends_when_its_owner_is_killed(tmp_path: Path):
    code = (
        "import asyncio, sys\n"
        "from edgewise.device.screen.cdp import start_browser\n"
        "async def main():\n"
        "    browser = await start_browser(sys.argv[1:], lambda *_: None)\n"
        "    print(browser.process_id, flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    owner = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", code, *command(tmp_path), "about:blank"),
        stdout=asyncio.subprocess.PIPE,
    )
    assert owner.stdout is not None
    group = int(await owner.stdout.readline())
    owner.kill()
    await owner.wait()
    await until(lambda: has_ended(group))


def has_ended(process: int) -> bool:
    """Whether a process is gone, or waits to be buried by whoever inherited it."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


async def test_a_program_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(DeviceError) as away:
        await start_browser([str(tmp_path / "nothing")], lambda *_: None)
    assert away.value.code == "no_provider"
    assert "nothing" in str(away.value)
