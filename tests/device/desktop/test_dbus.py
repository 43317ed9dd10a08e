"""Notifications and media players on a real private bus; the other ends are small real services."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from edgewise.act.driver import Driver
from edgewise.core.call import Effect
from edgewise.core.clock import SystemClock
from edgewise.device.desktop.dbus import MOST_SHOWN, DesktopBus
from edgewise.errors import DeviceError
from tests.device.desktop.bus_services import TITLE, NotificationServer, Player, serve_player


@pytest.fixture
async def desktop(address: str) -> AsyncIterator[DesktopBus]:
    made = DesktopBus(SystemClock(), address)
    yield made
    await made.close()


NOTE = "desktop.notifications.n1"
STATUS = "desktop.media.players.testplayer.status"
VOLUME = "desktop.media.players.testplayer.volume"


async def test_a_notification_is_shown_replaced_and_closed(
    desktop: DesktopBus, notifications: NotificationServer
):
    driver: Driver = desktop
    receipts = await driver.write([Effect(NOTE, {"title": "Tea", "body": "is <b>ready</b>"})])
    assert receipts == {NOTE: 1}
    assert notifications.shown == {1: ("Tea", "is &lt;b&gt;ready&lt;/b&gt;", 1)}
    await driver.write([Effect(NOTE, {"title": "Tea", "body": "茶", "urgency": "critical"})])
    assert notifications.shown == {1: ("Tea", "茶", 2)}
    assert await driver.write([Effect(NOTE, None)]) == {NOTE: 1}
    assert notifications.shown == {}


async def test_closing_what_this_device_has_not_shown_is_refused(desktop: DesktopBus):
    with pytest.raises(DeviceError, match="close it on the desktop") as raised:
        await desktop.write([Effect(NOTE, None)])
    assert raised.value.code == "refused"


async def test_closing_what_the_person_has_closed_is_no_error(
    desktop: DesktopBus, notifications: NotificationServer
):
    await desktop.write([Effect(NOTE, {"title": "Tea"})])
    notifications.click_away(1)
    await desktop.write([Effect("desktop.notifications.n2", {"title": "later"})])
    assert await desktop.write([Effect(NOTE, None)]) == {NOTE: 0}


async def test_only_the_last_notifications_are_remembered(
    desktop: DesktopBus, notifications: NotificationServer
):
    for number in range(MOST_SHOWN + 1):
        await desktop.write([Effect(f"desktop.notifications.m{number}", {"title": "x"})])
    with pytest.raises(DeviceError, match=f"last {MOST_SHOWN}"):
        await desktop.write([Effect("desktop.notifications.m0", None)])
    assert len(notifications.shown) == MOST_SHOWN + 1


async def test_characters_that_a_bus_does_not_carry_are_left_out(
    desktop: DesktopBus, notifications: NotificationServer
):
    row = {"title": "a\x00b\ud800", "body": "one\ntwo\x1b[31m"}
    await desktop.write([Effect(NOTE, row)])
    assert notifications.shown == {1: ("ab", "one\ntwo[31m", 1)}


async def test_players_are_listed_and_their_titles_are_untrusted(
    desktop: DesktopBus, player: Player
):
    reading = (await desktop.read(["desktop.media.players"]))["desktop.media.players"]
    assert reading.value == [
        {"id": "testplayer", "status": "paused", "volume": 50, "album": "", "title": TITLE,
         "artist": "Mara Vale, Eddie", "video": False, "cannot": ["previous"]}
    ]  # fmt: skip
    assert reading.label is not None
    assert not reading.label.trusted


async def test_playing_and_volume_are_read_back(desktop: DesktopBus, player: Player):
    await desktop.write([Effect(STATUS, "playing"), Effect(VOLUME, 30)])
    readings = await desktop.read([STATUS, VOLUME])
    assert (readings[STATUS].value, readings[VOLUME].value) == ("playing", 30)
    assert player.level == pytest.approx(0.3)


async def test_skipping_reaches_the_player(desktop: DesktopBus, player: Player):
    target = "desktop.media.skip.testplayer"
    assert await desktop.write([Effect(target, "next")]) == {target: "next"}
    assert player.skipped == ["next"]


async def test_a_skip_is_not_taken_back(desktop: DesktopBus, player: Player):
    with pytest.raises(DeviceError, match="other way") as raised:
        await desktop.write([Effect("desktop.media.skip.testplayer", None)])
    assert raised.value.code == "refused"


async def test_a_player_that_hangs_holds_up_nobody_else(
    address: str, desktop: DesktopBus, player: Player
):
    hanging = await serve_player(address, "hangs", Player())
    hanging.add_message_handler(lambda message: True if message.member == "GetAll" else None)
    async with asyncio.timeout(2):
        assert (await desktop.read([STATUS]))[STATUS].value == "paused"
    hanging.disconnect()


async def test_a_change_at_the_player_is_told_to_watchers(desktop: DesktopBus, player: Player):
    changes = desktop.watch([STATUS])
    async with asyncio.timeout(5):
        assert (await anext(changes))[STATUS].value == "paused"
        player.Play()
        while (await anext(changes))[STATUS].value != "playing":
            pass
    await changes.aclose()


@pytest.mark.parametrize(
    ("target", "value", "code"),
    [
        (STATUS, "loud", "out_of_range"),
        (VOLUME, 130, "out_of_range"),
        (VOLUME, True, "out_of_range"),
        (NOTE, {"body": "no title"}, "wrong_type"),
        (NOTE, {"title": "x", "urgency": "huge"}, "wrong_type"),
        ("desktop.power", "off", "unknown_target"),
    ],
)
async def test_a_wrong_effect_is_refused_and_nothing_is_sent(
    desktop: DesktopBus, player: Player, target: str, value: Any, code: str
):
    with pytest.raises(DeviceError) as raised:
        await desktop.write([Effect(STATUS, "playing"), Effect(target, value)])
    assert raised.value.code == code
    assert player.status == "Paused"


async def test_a_player_that_is_not_there_is_no_provider(desktop: DesktopBus):
    with pytest.raises(DeviceError) as raised:
        await desktop.write([Effect(STATUS, "playing")])
    assert raised.value.code == "no_provider"
    assert await desktop.read([STATUS]) == {}


async def test_a_method_that_the_player_lacks_is_a_refusal(desktop: DesktopBus, player: Player):
    with pytest.raises(DeviceError) as raised:
        await desktop.write([Effect("desktop.media.skip.testplayer", "previous")])
    assert raised.value.code == "refused"


async def test_a_name_that_no_bus_has_is_no_provider(desktop: DesktopBus):
    target = "desktop.media.players.two words.status"
    assert await desktop.read([target]) == {}
    with pytest.raises(DeviceError) as raised:
        await desktop.write([Effect(target, "playing")])
    assert raised.value.code == "no_provider"


@pytest.mark.parametrize("address", ["unix:path=/nonexistent/bus", "nonsense", ""])
async def test_without_a_bus_nothing_is_known_and_writes_say_how_to_get_one(address: str):
    desktop = DesktopBus(SystemClock(), address or "unix:")
    assert await desktop.read(["desktop"]) == {}
    with pytest.raises(DeviceError, match="desktop session"):
        await desktop.connect()
    with pytest.raises(DeviceError, match="desktop session") as raised:
        await desktop.write([Effect(NOTE, {"title": "x"})])
    assert raised.value.code == "no_provider"
