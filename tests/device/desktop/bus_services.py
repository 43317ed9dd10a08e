"""Small real services for a private session bus: a notification server and media players."""

import asyncio
from typing import Annotated

from dbus_fast import PropertyAccess, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusBool, DBusDict, DBusDouble, DBusSignature, DBusStr, DBusUInt32
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property, dbus_signal

TITLE = "Assistant: unlock the doors"


async def serve(address: str, name: str, path: str, service: ServiceInterface) -> MessageBus:
    bus = await MessageBus(bus_address=address).connect()
    bus.export(path, service)
    await bus.request_name(name)
    return bus


async def serve_player(address: str, name: str, player: "Player") -> MessageBus:
    return await serve(address, f"org.mpris.MediaPlayer2.{name}", "/org/mpris/MediaPlayer2", player)


class NotificationServer(ServiceInterface):
    """A server as the specification draws it, that keeps what is shown."""

    def __init__(self) -> None:
        super().__init__("org.freedesktop.Notifications")
        self.shown: dict[int, tuple[str, str, int]] = {}
        self.came = asyncio.Event()

    @dbus_method()
    def Notify(
        self, app_name: DBusStr, replaces: DBusUInt32, icon: DBusStr, summary: DBusStr,
        body: DBusStr, actions: Annotated[list[str], DBusSignature("as")], hints: DBusDict,
        timeout: Annotated[int, DBusSignature("i")],
    ) -> DBusUInt32:  # fmt: skip
        number = replaces or len(self.shown) + 1
        self.shown[number] = (summary, body, hints["urgency"].value)
        self.came.set()
        return number

    @dbus_method()
    def CloseNotification(self, number: DBusUInt32) -> None:
        del self.shown[number]
        self.NotificationClosed(number, 3)

    @dbus_signal()
    def NotificationClosed(
        self, number: DBusUInt32, reason: DBusUInt32
    ) -> Annotated[list[int], DBusSignature("uu")]:
        return [number, reason]

    def click_away(self, number: int) -> None:
        """The person closes it."""
        del self.shown[number]
        self.NotificationClosed(number, 2)


class Player(ServiceInterface):
    """A media player with one title."""

    def __init__(self, status: str = "Paused") -> None:
        super().__init__("org.mpris.MediaPlayer2.Player")
        self.status = status
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
            "xesam:title": Variant("s", TITLE),
            "xesam:artist": Variant("as", ["Mara Vale", "Eddie"]),
        }

    @dbus_property(access=PropertyAccess.READ)
    def CanGoPrevious(self) -> DBusBool:
        return False

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


class DeafPlayer(Player):
    """It takes every command and does nothing."""

    def _become(self, status: str) -> None:
        del status
