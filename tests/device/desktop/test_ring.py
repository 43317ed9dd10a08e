"""A ring shows on the desktop by an ordinary call, and never hinders the ringing."""

import asyncio
from pathlib import Path

import pytest

from edgewise.core.event import TurnStarted
from edgewise.core.message import Channel, Request, Speaker
from edgewise.core.part import TextPart
from edgewise.device.desktop.ring import notification_of, show_ring
from edgewise.device.phone.ringer import Ring
from edgewise.device.runtime import Device, ring_alarms, start_device
from edgewise.testing.clock import ManualClock
from tests.device.desktop.bus_services import NotificationServer

TEA = {"id": "t1", "kind": "timer", "label": "tea"}


async def started(folder: Path, clock: ManualClock, *, desktop: bool = True) -> Device:
    on = "true" if desktop else "false"
    (folder / "config.toml").write_text(f'chat_model = ""\ndesktop = {on}\n')
    return await start_device(folder, clock=clock)


async def test_a_timer_that_is_over_shows_on_the_desktop(
    tmp_path: Path, address: str, notifications: NotificationServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    clock = ManualClock()
    device = await started(tmp_path, clock)
    request = Request((TextPart("set a tea timer for 5 minutes"),), "s")
    assert [event async for event in device.agent.run(request)][-1].changed
    clock.advance(301.0)
    ring_alarms(device, clock)
    async with asyncio.timeout(5):
        await notifications.came.wait()
    ((title, body, urgency),) = notifications.shown.values()
    assert "timer" in (title + body).casefold()
    assert urgency == 2
    await device.close()


async def test_it_is_a_turn_of_a_program_in_its_own_session(
    tmp_path: Path, address: str, notifications: NotificationServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    device = await started(tmp_path, ManualClock())
    await show_ring(device.agent, Ring(TEA, 0.0, missed=False))
    assert notifications.shown == {1: ("tea", "Timer / 计时器", 2)}
    (turn,) = await device.agent.recent(5)
    events = await device.agent.trail(turn)
    assert events is not None
    start = events[0]
    assert isinstance(start, TurnStarted)
    assert (start.session, start.speaker) == ("alarms", Speaker(None, Channel.API))
    await device.close()


async def test_a_desktop_that_can_not_show_it_is_logged_and_no_more(
    tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    device = await started(tmp_path, ManualClock())
    await show_ring(device.agent, Ring(TEA, 0.0, missed=False))
    assert "no_provider" in caplog.text
    assert "tea" not in caplog.text
    await device.close()


async def test_without_a_desktop_nothing_is_tried(tmp_path: Path):
    device = await started(tmp_path, ManualClock(), desktop=False)
    await show_ring(device.agent, Ring(TEA, 0.0, missed=False))
    assert await device.agent.recent(5) == []
    await device.close()


def test_a_ring_without_a_label_is_told_in_both_languages():
    shown = notification_of(Ring({"kind": "alarm"}, 0.0, missed=False))
    assert shown == {"title": "Alarm / 闹钟", "body": "", "urgency": "critical"}


def test_a_missed_ring_is_said_to_be_missed_and_not_urgent():
    shown = notification_of(Ring({"kind": "reminder", "label": "买" * 300}, 99.0, missed=True))
    assert len(shown["title"]) == 200
    assert "Missed" in shown["body"]
    assert "错过" in shown["body"]
    assert shown["urgency"] == "normal"
