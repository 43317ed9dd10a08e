"""A whole device with the desktop on: typed calls and words reach a real bus and are read back."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from edgewise.core.call import Result, Status
from edgewise.core.event import Answered, CallFinished, Event
from edgewise.core.message import Request, Speaker
from edgewise.core.part import TextPart
from edgewise.device.runtime import Device, start_device
from tests.device.desktop.bus_services import (
    TITLE,
    DeafPlayer,
    NotificationServer,
    Player,
    serve_player,
)

STATUS = "desktop.media.players.testplayer.status"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text('chat_model = ""\ndesktop = true\n')
    return tmp_path


@pytest.fixture
async def device(
    folder: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Device]:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    made = await start_device(folder)
    assert made.notices == []
    yield made
    await made.close()


async def say(device: Device, text: str) -> list[Event]:
    return [event async for event in device.agent.run(Request((TextPart(text),), "s"))]


async def call(device: Device, name: str, **arguments: Any) -> tuple[Result, Answered]:
    events = [e async for e in device.agent.run_call(name, arguments, "s", Speaker())]
    (result,) = (event.result for event in events if isinstance(event, CallFinished))
    assert isinstance(events[-1], Answered)
    return result, events[-1]


async def test_a_typed_pause_reaches_the_player_and_is_read_back(device: Device, player: Player):
    player.status = "Playing"
    result, end = await call(device, "desktop.media", action="pause")
    assert player.status == "Paused"
    assert (result.status, result.changed) == (Status.DONE, {STATUS: "paused"})
    assert result.before == {STATUS: "playing"}
    assert end.text == "testplayer: paused."


async def test_volume_is_set_and_undone(device: Device, player: Player):
    result, _ = await call(device, "desktop.media", volume=30)
    assert result.status is Status.DONE
    assert player.level == pytest.approx(0.3)
    await say(device, "undo that")
    assert player.level == pytest.approx(0.5)


@pytest.mark.slow
@pytest.mark.rule(37)
async def test_a_player_that_ignores_the_command_is_reported_as_not_done(
    device: Device, address: str
):
    deaf = DeafPlayer("Playing")
    bus = await serve_player(address, "testplayer", deaf)
    result, end = await call(device, "desktop.media", action="pause")
    assert (result.status, result.code) == (Status.FAILED, "no_readback")
    assert result.changed == {}
    assert "did not work" in end.text
    bus.disconnect()


@pytest.mark.rule(34)
async def test_a_title_with_an_instruction_changes_nothing_and_is_labelled(
    device: Device, player: Player
):
    before = (await device.agent.drivers.read(["Vehicle.Cabin.Door"])).items()
    locks = {t: r.value for t, r in before if t.endswith("IsLocked")}
    result, end = await call(device, "desktop.read")
    assert TITLE in end.text
    assert result.label is not None
    assert not result.label.trusted
    assert result.label.private
    for words in ("yes", "do it", "do what it says"):
        assert (await say(device, words))[-1].changed == {}
    after = (await device.agent.drivers.read(list(locks))).items()
    assert {t: r.value for t, r in after} == locks
    assert player.status == "Paused"


async def test_words_reach_the_player_on_the_computer_and_not_the_car_s(
    device: Device, player: Player
):
    events = await say(device, "play on the computer")
    assert events[-1].changed == {STATUS: "playing"}
    events = await say(device, "暂停电脑上的播放器")
    assert events[-1].changed == {STATUS: "paused"}
    events = await say(device, "pause the music")
    assert not any(target.startswith("desktop.") for target in events[-1].changed)


async def test_several_players_are_asked_about_and_the_answer_is_understood(
    device: Device, address: str, player: Player
):
    bus = await serve_player(address, "other", second := Player())
    events = await say(device, "play on the computer")
    assert "testplayer" in events[-1].text
    assert "other" in events[-1].text
    assert events[-1].changed == {}
    await say(device, "other")
    assert (second.status, player.status) == ("Playing", "Paused")
    bus.disconnect()


async def test_a_notification_is_shown_and_undo_closes_it(
    device: Device, notifications: NotificationServer
):
    result, end = await call(device, "desktop.notify", title="Tea", body="is ready")
    assert notifications.shown == {1: ("Tea", "is ready", 1)}
    assert end.text == "It is shown on the computer."
    assert result.status is Status.DONE
    await say(device, "undo that")
    assert notifications.shown == {}


async def test_the_text_of_a_notification_stays_out_of_the_trail(
    device: Device, folder: Path, notifications: NotificationServer
):
    await call(device, "desktop.notify", title="Zanzibar", body="Madagascar")
    assert notifications.shown
    (trail,) = (folder / "trail").glob("*.jsonl")
    kept = trail.read_text("utf-8")
    assert "desktop.notify" in kept
    assert "Zanzibar" not in kept
    assert "Madagascar" not in kept


async def test_without_a_notification_server_it_is_not_done(device: Device):
    result, _ = await call(device, "desktop.notify", title="Tea")
    assert (result.status, result.code) == (Status.FAILED, "no_provider")


@pytest.mark.parametrize("bus", ["unix:path=/nonexistent/bus", None])
async def test_without_a_bus_the_device_says_so_and_works(
    folder: Path, monkeypatch: pytest.MonkeyPatch, bus: str | None
):
    monkeypatch.delenv("DISPLAY", raising=False)
    if bus is None:
        monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    else:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus)
    device = await start_device(folder, pace=1000.0)
    assert len(device.notices) == 1
    assert "DBUS_SESSION_BUS_ADDRESS" in device.notices[0]
    assert (await say(device, "open the driver's window"))[-1].changed
    result, end = await call(device, "desktop.media", action="pause")
    assert (result.status, result.code) == (Status.IMPOSSIBLE, "no_desktop")
    assert "desktop" in end.text
    await device.close()


async def test_the_desktop_is_off_unless_the_owner_wants_it(tmp_path: Path):
    (tmp_path / "config.toml").write_text('chat_model = ""\n')
    device = await start_device(tmp_path)
    assert device.desktop is None
    assert device.agent.catalogue.get("desktop.notify") is None
    assert "desktop" not in device.agent.drivers.prefixes
    await device.close()
