"""The self-test is made soon after the start and on asking, and stands in nobody's way."""

import logging

import pytest

from edgewise.cloud.xiaozhi import checks as module
from edgewise.cloud.xiaozhi.checks import AGAIN_S, Checks
from edgewise.cloud.xiaozhi.probe import Probe
from edgewise.testing.clock import ManualClock
from tests.cloud.xiaozhi.outside import Answering, served


async def test_an_address_is_asked_again_after_a_while_alone():
    probe, clock = Probe(), ManualClock()
    checks = Checks(probe, clock)
    async with served(Answering(probe).routes()) as port:
        address = f"http://127.0.0.1:{port}"
        assert checks.last(address) is None
        assert (await checks.check(address)).code == "loopback"
    assert (await checks.check(f"{address}/")).code == "loopback"
    clock.advance(AGAIN_S)
    assert (await checks.check(address)).code == "unreachable"
    found = checks.last(address)
    assert found is not None
    assert found.code == "unreachable"


async def test_a_wrong_public_url_is_told_in_the_log_soon_after_the_start(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(module, "LOOK_S", 0.0)
    with caplog.at_level(logging.WARNING):
        await Checks(Probe(), ManualClock()).look("")
        assert not caplog.records
        async with served(Answering(Probe()).routes()) as port:
            await Checks(Probe(), ManualClock()).look(f"http://127.0.0.1:{port}")
    assert "Another server answers" in caplog.text
