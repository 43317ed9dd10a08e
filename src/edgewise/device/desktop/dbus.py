"""The desktop's session bus as a driver: notifications, and media players that speak MPRIS.

Targets: `desktop.notifications.<id>` takes `{"title", "body", "urgency"}` or None to close it;
`desktop.media.players.<player>.status` (`playing`, `paused`, `stopped`) and `.volume` (percent)
are read back; `desktop.media.skip.<player>` takes `next` or `previous`. Titles of what plays were
written by others and are labelled MEDIA. It does not know seeking, playlists or the system bus.
Sources: Desktop Notifications Specification 1.3; MPRIS D-Bus Interface Specification 2.2.
"""

import asyncio
import html
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from edgewise.core.call import Effect
from edgewise.core.clock import Clock
from edgewise.core.label import OriginKind, label_of
from edgewise.core.signal import JsonValue, Reading
from edgewise.errors import DeviceError

if TYPE_CHECKING:
    from dbus_fast import Message
    from dbus_fast.aio import MessageBus

CALL_S = 3.0
PLAYERS = "desktop.media.players"
SKIP = "desktop.media.skip"
NOTIFICATIONS = "desktop.notifications"
LONGEST_TEXT = 1000
_MPRIS = "org.mpris.MediaPlayer2"
_PLAYER = f"{_MPRIS}.Player"
_NOTIFY = "org.freedesktop.Notifications"
_BUS = "org.freedesktop.DBus"
_STATUS_CALLS = {"playing": "Play", "paused": "Pause", "stopped": "Stop"}
_SKIP_CALLS = {"next": "Next", "previous": "Previous"}
_URGENCY = {"low": 0, "normal": 1, "critical": 2}


class DesktopBus:
    """`act.driver.Driver` for `desktop`; connects at first use, again after the bus was lost.

    `address` is that of a session bus; None means the environment's.
    """

    prefix = "desktop"
    receipts_only = (NOTIFICATIONS, SKIP)

    def __init__(self, clock: Clock, address: str | None = None) -> None:
        self._clock = clock
        self._address = address
        self._bus: MessageBus | None = None
        self._lock = asyncio.Lock()
        self._shown: dict[str, int] = {}
        self._watchers: set[asyncio.Event] = set()

    async def read(self, targets: Sequence[str]) -> dict[str, Reading]:
        """`desktop.media.players` is a list of rows; a player's `status` and `volume` one value.

        Without a bus or players the list is empty: a read never fails.
        """
        wanted = [t for t in targets if t == "desktop" or t.startswith("desktop.media")]
        if not wanted:
            return {}
        try:
            rows = await self._players()
        except DeviceError:
            rows = []
        label = label_of(OriginKind.MEDIA, "mpris")
        now = self._clock.monotonic()
        found: dict[str, Reading] = {}
        for target in wanted:
            if target in ("desktop", "desktop.media", PLAYERS):
                found[PLAYERS] = Reading(rows, now, label=label)
            elif target.startswith(PLAYERS + "."):
                name, _, field = target.removeprefix(PLAYERS + ".").rpartition(".")
                row = next((row for row in rows if row["id"] == name), None)
                if row is not None and field in ("status", "volume"):
                    found[target] = Reading(row[field], now)
        return found

    async def write(self, effects: Sequence[Effect]) -> dict[str, JsonValue]:
        """Sends each; the receipt of a notification is its number.

        All are checked before the first is sent. Raises DeviceError.
        """
        for effect in effects:
            _check(effect)
        receipts: dict[str, JsonValue] = {}
        for effect in effects:
            if effect.target.startswith(NOTIFICATIONS + "."):
                receipts[effect.target] = await self._notify(effect)
            elif effect.target.startswith(SKIP + "."):
                player = effect.target.removeprefix(SKIP + ".")
                await self._call(f"{_MPRIS}.{player}", _SKIP_CALLS[str(effect.value)])
                receipts[effect.target] = effect.value
            else:
                await self._set(effect)
        return receipts

    async def watch(self, targets: Sequence[str]) -> AsyncIterator[dict[str, Reading]]:
        """Current readings, then again whenever a player appears, leaves or tells a change."""
        changed = asyncio.Event()
        self._watchers.add(changed)
        try:
            with suppress(DeviceError):
                await self._connected()
            while True:
                yield await self.read(targets)
                await changed.wait()
                changed.clear()
        finally:
            self._watchers.discard(changed)

    async def close(self) -> None:
        """Leaves the bus."""
        bus, self._bus = self._bus, None
        if bus is not None:
            bus.disconnect()

    async def _players(self) -> list[dict[str, JsonValue]]:
        names = cast(list[str], (await self._ask(_BUS, "/org/freedesktop/DBus", _BUS,
                                                 "ListNames"))[0])  # fmt: skip
        players = sorted(name for name in names if name.startswith(_MPRIS + "."))
        rows = await asyncio.gather(*(self._player(name) for name in players))
        return [row for row in rows if row is not None]

    async def _player(self, name: str) -> dict[str, JsonValue] | None:
        try:
            answer = await self._ask(name, f"/{_MPRIS.replace('.', '/')}",
                                     f"{_BUS}.Properties", "GetAll", "s", [_PLAYER])  # fmt: skip
        except DeviceError:  # it left the bus meanwhile, or is no player
            return None
        values = {key: variant.value for key, variant in cast(dict[str, Any], answer[0]).items()}
        given = cast(dict[str, Any], values.get("Metadata") or {})
        metadata = {key: variant.value for key, variant in given.items()}
        artists = metadata.get("xesam:artist")
        return {
            "id": name.removeprefix(_MPRIS + "."),
            "status": str(values.get("PlaybackStatus", "")).casefold(),
            "volume": round(100 * float(values.get("Volume", 0.0))),
            "title": str(metadata.get("xesam:title", ""))[:LONGEST_TEXT],
            "artist": ", ".join(map(str, cast(list[Any], artists or [])))[:LONGEST_TEXT],
            "album": str(metadata.get("xesam:album", ""))[:LONGEST_TEXT],
        }

    async def _set(self, effect: Effect) -> None:
        name, _, field = effect.target.removeprefix(PLAYERS + ".").rpartition(".")
        if field == "status":
            await self._call(f"{_MPRIS}.{name}", _STATUS_CALLS[str(effect.value)])
            return
        from dbus_fast import Variant

        value = Variant("d", float(effect.value) / 100)
        await self._ask(f"{_MPRIS}.{name}", f"/{_MPRIS.replace('.', '/')}", f"{_BUS}.Properties",
                        "Set", "ssv", [_PLAYER, "Volume", value])  # fmt: skip

    async def _call(self, name: str, method: str) -> None:
        await self._ask(name, f"/{_MPRIS.replace('.', '/')}", _PLAYER, method)

    async def _notify(self, effect: Effect) -> JsonValue:
        from dbus_fast import Variant

        path = f"/{_NOTIFY.replace('.', '/')}"
        identity = effect.target.removeprefix(NOTIFICATIONS + ".")
        if effect.value is None:
            number = self._shown.pop(identity, None)
            if number is not None:
                await self._ask(_NOTIFY, path, _NOTIFY, "CloseNotification", "u", [number])
            return number
        row = cast(dict[str, Any], effect.value)
        # Bodies may hold markup, which servers interpret: what is shown is text.
        body = html.escape(str(row.get("body", ""))[:LONGEST_TEXT], quote=False)
        hints = {"urgency": Variant("y", _URGENCY[row.get("urgency", "normal")])}
        title, replaces = str(row["title"])[:LONGEST_TEXT], self._shown.get(identity, 0)
        arguments: list[Any] = ["Edgewise", replaces, "", title, body, [], hints, -1]
        answer = await self._ask(_NOTIFY, path, _NOTIFY, "Notify", "susssasa{sv}i", arguments)
        self._shown[identity] = int(answer[0])
        return int(answer[0])

    async def _ask(
        self,
        name: str,
        path: str,
        interface: str,
        method: str,
        signature: str = "",
        arguments: Sequence[Any] = (),
    ) -> list[Any]:
        """One call on the bus. Raises DeviceError: `no_provider`, `refused`, `timed_out`."""
        bus = await self._connected()
        from dbus_fast import ErrorType, Message, MessageType

        message = Message(destination=name, path=path, interface=interface, member=method,
                          signature=signature, body=list(arguments))  # fmt: skip
        try:
            async with asyncio.timeout(CALL_S):
                reply = await bus.call(message)
        except TimeoutError as error:
            raise DeviceError(f"{name} did not answer within {CALL_S:g} s",
                              code="timed_out") from error  # fmt: skip
        except (OSError, EOFError) as error:
            await self.close()
            raise DeviceError(f"the session bus was lost: {error}", code="no_provider") from error
        if reply.message_type is not MessageType.ERROR:
            return list(reply.body)
        gone = (ErrorType.SERVICE_UNKNOWN.value, ErrorType.NAME_HAS_NO_OWNER.value)
        text = str(reply.body[0]) if reply.body else str(reply.error_name)
        raise DeviceError(
            f"{name}: {text}", code="no_provider" if reply.error_name in gone else "refused"
        )

    async def _connected(self) -> "MessageBus":
        async with self._lock:
            if self._bus is not None and self._bus.connected:
                return self._bus
            try:
                from dbus_fast import DBusFastError, Message
                from dbus_fast.aio import MessageBus
            except ImportError as error:
                raise DeviceError(
                    "the desktop needs the extra `desktop`: pip install 'edgewise[desktop]'",
                    code="no_provider",
                ) from error
            try:
                bus = await MessageBus(bus_address=self._address).connect()
            except (OSError, EOFError, DBusFastError) as error:
                raise DeviceError(
                    f"there is no session bus ({error}); start a desktop session or"
                    " set DBUS_SESSION_BUS_ADDRESS",
                    code="no_provider",
                ) from error
            bus.add_message_handler(self._on_message)
            for rule in (f"type='signal',sender='{_BUS}',member='NameOwnerChanged'",
                         f"type='signal',interface='{_BUS}.Properties',"
                         "member='PropertiesChanged',path='/org/mpris/MediaPlayer2'"):  # fmt: skip
                await bus.call(Message(destination=_BUS, path="/org/freedesktop/DBus",
                                       interface=_BUS, member="AddMatch", signature="s",
                                       body=[rule]))  # fmt: skip
            self._bus = bus
            return bus

    def _on_message(self, message: "Message") -> None:
        if message.member in ("PropertiesChanged", "NameOwnerChanged"):
            for changed in self._watchers:
                changed.set()


def _check(effect: Effect) -> None:
    """Raises DeviceError for a target or value that this driver does not take."""
    target, value = effect.target, effect.value
    if target.startswith(NOTIFICATIONS + "."):
        row = cast(dict[str, Any], value) if isinstance(value, dict) else {}
        urgent = row.get("urgency", "normal") in _URGENCY
        if value is not None and not (row.get("title") and urgent):
            raise DeviceError(f"{target} takes an object with a title and an urgency of"
                              f" {', '.join(_URGENCY)}", code="wrong_type")  # fmt: skip
        return
    if target.startswith(SKIP + "."):
        allowed: Sequence[str] = tuple(_SKIP_CALLS)
    elif target.startswith(PLAYERS + ".") and target.endswith(".status"):
        allowed = tuple(_STATUS_CALLS)
    elif target.startswith(PLAYERS + ".") and target.endswith(".volume"):
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:
            raise DeviceError(f"{target} takes 0 to 100, not {value!r}", code="out_of_range")
        return
    else:
        raise DeviceError(f"the desktop has no {target}", code="unknown_target")
    if value not in allowed:
        raise DeviceError(f"{target} takes {', '.join(allowed)}, not {value!r}",
                          code="out_of_range")  # fmt: skip
