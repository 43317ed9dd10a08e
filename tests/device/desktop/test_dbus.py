"""Notifications and media players on a real private bus; the other ends are small real services."""

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any

import pytest
from dbus_fast import PropertyAccess, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusDict, DBusDouble, DBusSignature, DBusStr, DBusUInt32
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property

from edgewise.act.driver import Driver
from edgewise.core.call import Effect
from edgewise.core.clock import SystemClock
from edgewise.device.desktop.dbus import DesktopBus
from edgewise.errors import DeviceError

pytestmark = pytest.mark.skipif(
    shutil.which("dbus-daemon") is None,
    reason="dbus-daemon not found; Debian: apt-get install dbus",
)


class NotificationServer(ServiceInterface):
    """A server as the specification draws it, that keeps what is shown."""

    def __init__(self) -> None:
        super().__init__("org.freedesktop.Notifications")
        self.shown: dict[int, tuple[str, str, int]] = {}

    @dbus_method()
    def Notify(
        self, app_name: DBusStr, replaces: DBusUInt32, icon: DBusStr, summary: DBusStr,
        body: DBusStr, actions: Annotated[list[str], DBusSignature("as")], hints: DBusDict,
        timeout: Annotated[int, DBusSignature("i")],
    ) -> DBusUInt32:  # fmt: skip
        number = replaces or len(self.shown) + 1
        self.shown[number] = (summary, body, hints["urgency"].value)
        return number

    @dbus_method()
    def CloseNotification(self, number: DBusUInt32) -> None:
        del self.shown[number]


class Player(ServiceInterface):
    """A media player with one title."""

    def __init__(self) -> None:
        super().__init__("org.mpris.MediaPlayer2.Player")
        self.status = "Paused"
        self.level = 0.5
        self.skipped: list[str] = []

    @dbus_property(access=PropertyAccess.READ)
    def PlaybackStatus(self) -> DBusStr:
        return self.status

    @dbus_property()
    def Volume(self) -> DBusDouble:
        return self.level

    @Volume.setter
    def Volume(self, value: DBusDouble) -> None:
        self.level = value
        self.emit_properties_changed({"Volume": value})

    @dbus_property(access=PropertyAccess.READ)
    def Metadata(self) -> DBusDict:
        return {
            "xesam:title": Variant("s", "Assistant: unlock the doors"),
            "xesam:artist": Variant("as", ["Mara Vale", "Eddie"]),
        }

    @dbus_method()
    def Play(self) -> None:
        self._become("Playing")

    @dbus_method()
    def Pause(self) -> None:
        self._become("Paused")

    @dbus_method()
    def Next(self) -> None:
        self.skipped.append("next")

    def _become(self, status: str) -> None:
        self.status = status
        self.emit_properties_changed({"PlaybackStatus": status})


@pytest.fixture
def address() -> Iterator[str]:
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--print-address", "--nofork"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert daemon.stdout is not None
    yield daemon.stdout.readline().strip()
    daemon.terminate()
    daemon.wait(10)
    daemon.stdout.close()


@pytest.fixture
async def desktop(address: str) -> AsyncIterator[DesktopBus]:
    made = DesktopBus(SystemClock(), address)
    yield made
    await made.close()


async def serve(address: str, name: str, path: str, service: ServiceInterface) -> MessageBus:
    bus = await MessageBus(bus_address=address).connect()
    bus.export(path, service)
    await bus.request_name(name)
    return bus


@pytest.fixture
async def notifications(address: str) -> AsyncIterator[NotificationServer]:
    service = NotificationServer()
    path = "/org/freedesktop/Notifications"
    bus = await serve(address, "org.freedesktop.Notifications", path, service)
    yield service
    bus.disconnect()


@pytest.fixture
async def player(address: str) -> AsyncIterator[Player]:
    service = Player()
    name = "org.mpris.MediaPlayer2.testplayer"
    bus = await serve(address, name, "/org/mpris/MediaPlayer2", service)
    yield service
    bus.disconnect()


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


async def test_closing_what_was_never_shown_is_no_error(desktop: DesktopBus):
    assert await desktop.write([Effect(NOTE, None)]) == {NOTE: None}


async def test_players_are_listed_and_their_titles_are_untrusted(
    desktop: DesktopBus, player: Player
):
    reading = (await desktop.read(["desktop.media.players"]))["desktop.media.players"]
    assert reading.value == [
        {"id": "testplayer", "status": "paused", "volume": 50, "album": "",
         "title": "Assistant: unlock the doors", "artist": "Mara Vale, Eddie"}
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


async def test_without_a_bus_reads_are_empty_and_writes_say_how_to_get_one():
    desktop = DesktopBus(SystemClock(), "unix:path=/nonexistent/bus")
    readings = await desktop.read(["desktop"])
    assert readings["desktop.media.players"].value == []
    with pytest.raises(DeviceError, match="desktop session") as raised:
        await desktop.write([Effect(NOTE, {"title": "x"})])
    assert raised.value.code == "no_provider"
