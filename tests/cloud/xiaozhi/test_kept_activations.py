"""A code that a device shows is good after a restart of the platform, and no longer than before."""

import stat
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from edgewise.cloud.config import XiaozhiConfig
from edgewise.cloud.refusal import Refused
from edgewise.cloud.xiaozhi.activations import State
from edgewise.cloud.xiaozhi.bootstrap import Asking
from edgewise.cloud.xiaozhi.kept_activations import WAITING, KeptActivations
from edgewise.testing.clock import ManualClock
from tests.cloud.running import Running, config_over, running_cloud, serving
from tests.cloud.xiaozhi.test_ota import Device, bind

ASKING = Asking("02:00:00:00:00:01", "client", "Bread", "2.4.0", language="zh-CN")
PEER, CODE_S = "203.0.113.5", 600.0
ENABLED = XiaozhiConfig(enabled=True)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / WAITING


def opened(file: Path, clock: ManualClock) -> KeptActivations:
    return KeptActivations(file, clock, CODE_S)


@asynccontextmanager
async def started_again(folder: Path, before: Running) -> AsyncGenerator[Running]:
    """The next start over the folder of a platform that has ended."""
    config = config_over(before.upstream.address, xiaozhi=ENABLED)
    async with serving(folder, config) as (address, cloud):
        cloud.first_start = before.cloud.first_start
        running = Running(address, cloud, before.upstream)
        yield running
        for client in running.strangers:
            await client.aclose()


async def test_what_a_device_shows_is_good_after_a_restart(tmp_path: Path):
    async with running_cloud(tmp_path, xiaozhi=ENABLED) as running:
        told = await Device(running, ASKING.mac).ask()
    shown = told["activation"]
    async with started_again(tmp_path, running) as running:
        device = Device(running, ASKING.mac)
        body = {"challenge": shown["challenge"]}
        assert (await device.activate(body)).status_code == 202
        bind(running, shown["code"])
        assert (await device.activate(body)).status_code == 200
        again = await device.ask()
        assert "activation" not in again
        assert again["websocket"]["token"] == told["websocket"]["token"]


async def test_a_device_whose_code_was_lost_is_given_another(tmp_path: Path):
    async with running_cloud(tmp_path, xiaozhi=ENABLED) as running:
        shown = (await Device(running, ASKING.mac).ask())["activation"]
    (tmp_path / WAITING).write_text("cut o")
    async with started_again(tmp_path, running) as running:
        device = Device(running, ASKING.mac)
        assert (await device.activate({"challenge": shown["challenge"]})).status_code == 404
        with pytest.raises(Refused, match="within two minutes") as refused:
            bind(running, shown["code"])
        assert refused.value.problem.code == "no_such_code"
        bind(running, (await device.ask())["activation"]["code"])
        assert "activation" not in await device.ask()


def test_a_kept_code_ends_when_it_would_have_ended(file: Path):
    clock = ManualClock()
    before = opened(file, clock)
    code = before.activations.begin(ASKING, PEER).code
    before.write()
    clock.advance(CODE_S / 2)
    begun = opened(file, clock).activations.claim(code, "acc")
    assert begun.asking == ASKING
    clock.advance(CODE_S / 2)
    with pytest.raises(Refused):
        opened(file, clock).activations.claim(code, "acc")


def test_a_clock_that_was_set_back_makes_no_code_live_longer(file: Path):
    before = opened(file, ManualClock(wall=2e9))
    code = before.activations.begin(ASKING, PEER).code
    before.write()
    clock = ManualClock(wall=1e9)
    after = opened(file, clock)
    clock.advance(CODE_S)
    with pytest.raises(Refused):
        after.activations.claim(code, "acc")


def test_one_that_was_being_bound_waits_again_and_a_bound_one_is_told(file: Path):
    clock = ManualClock()
    before = opened(file, clock)
    bound = before.activations.begin(ASKING, PEER)
    before.activations.settle(before.activations.claim(bound.code, "acc"))
    claimed = before.activations.begin(Asking(ASKING.mac, "other"), PEER)
    before.activations.claim(claimed.code, "acc")
    before.write()
    after = opened(file, clock).activations
    assert [one.state for one in after.held()] == [State.BOUND, State.PENDING]
    assert after.finish(ASKING.mac, ASKING.client, bound.challenge, lambda _: True) is True
    after.claim(claimed.code, "acc")


def test_the_file_is_its_owners_alone_and_is_written_when_something_changed(file: Path):
    kept = opened(file, ManualClock())
    kept.activations.begin(ASKING, PEER)
    kept.write()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.unlink()
    kept.write()
    assert not file.exists()
    kept.activations.begin(Asking(ASKING.mac, "other"), PEER)
    kept.write()
    assert file.exists()


def test_a_folder_that_can_not_be_written_is_told_and_keeps_nothing_from_going_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    kept = opened(tmp_path / "none" / WAITING, ManualClock())
    kept.activations.begin(ASKING, PEER)
    kept.write()
    assert "can not be written" in caplog.text
