"""The desktop's session bus as a driver: notifications, and media players that speak MPRIS.

Targets: `desktop.notifications.<id>` takes `{"title", "body", "urgency"}` or None to close it;
`desktop.media.players.<player>.status` (`playing`, `paused`, `stopped`) and `.volume` (percent)
are read back; `desktop.media.skip.<player>` takes `next` or `previous`, which nothing shows.
Titles of what plays were written by others and are labelled MEDIA. It does not know seeking,
playlists or the system bus.
Sources: Desktop Notifications Specification 1.3; MPRIS D-Bus Interface Specification 2.2.
"""

import asyncio
import html
import unicodedata
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from edgewise.core.call import Effect
from edgewise.core.clock import Clock
from edgewise.core.label import OriginKind, label_of
from edgewise.core.signal import JsonValue, Reading, as_object
from edgewise.device.desktop.player import LONGEST_TEXT, row_of
from edgewise.errors import DeviceError

if TYPE_CHECKING:
    from dbus_fast import Message
    from dbus_fast.aio import MessageBus

CALL_S = 3.0
PLAYERS = "desktop.media.players"
SKIP = "desktop.media.skip"
NOTIFICATIONS = "desktop.notifications"
MOST_SHOWN = 256
"""Notifications that are remembered, so that they can be replaced and closed."""
_MPRIS = "org.mpris.MediaPlayer2"
_PLAYER = f"{_MPRIS}.Player"
_NOTIFY = "org.freedesktop.Notifications"
_BUS = "org.freedesktop.DBus"
_STATUS_CALLS = {"playing": "Play", "paused": "Pause", "stopped": "Stop"}
_SKIP_CALLS = {"next": "Next", "previous": "Previous"}
_SIGNALS = (
    f"type='signal',sender='{_BUS}',member='NameOwnerChanged'",
    f"type='signal',interface='{_BUS}.Properties',member='PropertiesChanged',"
    "path='/org/mpris/MediaPlayer2'",
    f"type='signal',interface='{_NOTIFY}',member='NotificationClosed'",
)
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
        self._shown: dict[str, int] = {}  # 0: closed since
        self._watchers: set[asyncio.Event] = set()

    async def connect(self) -> None:
        """Connects now instead of at first use. Raises DeviceError (`no_provider`)."""
        await self._connected()

    async def read(self, targets: Sequence[str]) -> dict[str, Reading]:
        """`desktop.media.players` is a list of rows; a player's `status` and `volume` one value.

        A read never fails: without a bus, or a player of that name, the target is left out. Only
        the players that are named are asked, so one that hangs holds up nobody else's reading.
        """
        whole = any(target in ("desktop", "desktop.media", PLAYERS) for target in targets)
        parts = {t: t.removeprefix(PLAYERS + ".").rpartition(".") for t in targets
                 if t.startswith(PLAYERS + ".") and t.endswith((".status", ".volume"))}  # fmt: skip
        if not whole and not parts:
            return {}
        try:
            names = await self._names() if whole else sorted({part[0] for part in parts.values()})
            asked = await asyncio.gather(*(self._player(name) for name in names))
        except DeviceError:
            return {}
        rows = {str(row["id"]): row for row in asked if row is not None}
        now = self._clock.monotonic()
        found = {
            target: Reading(rows[name][field], now)
            for target, (name, _, field) in parts.items()
            if name in rows
        }
        if whole:
            label = label_of(OriginKind.MEDIA, "mpris")
            found[PLAYERS] = Reading(list(rows.values()), now, label=label)
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

    async def _names(self) -> list[str]:
        names = cast(list[str], (await self._ask(_BUS, "/org/freedesktop/DBus", _BUS,
                                                 "ListNames"))[0])  # fmt: skip
        prefix = _MPRIS + "."
        return sorted(name.removeprefix(prefix) for name in names if name.startswith(prefix))

    async def _player(self, identity: str) -> dict[str, JsonValue] | None:
        try:
            answer = await self._ask(f"{_MPRIS}.{identity}", f"/{_MPRIS.replace('.', '/')}",
                                     f"{_BUS}.Properties", "GetAll", "s", [_PLAYER])  # fmt: skip
        except DeviceError:  # it left the bus meanwhile, hangs, or is no player
            return None
        return row_of(identity, _plain(answer[0] if answer else None))

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
            number = self._shown.get(identity)
            if number is None:
                raise DeviceError(f"{effect.target} is not among the last {MOST_SHOWN} that this"
                                  " device has shown; close it on the desktop",
                                  code="refused")  # fmt: skip
            if number:
                await self._ask(_NOTIFY, path, _NOTIFY, "CloseNotification", "u", [number])
                self._shown[identity] = 0
            return number
        row = cast(dict[str, Any], effect.value)
        # Bodies may hold markup, which servers interpret: what is shown is text.
        body = html.escape(_clean(row.get("body", "")), quote=False)
        hints = {"urgency": Variant("y", _URGENCY[row.get("urgency", "normal")])}
        title, replaces = _clean(row["title"]), self._shown.get(identity, 0)
        arguments: list[Any] = ["Edgewise", replaces, "", title, body, [], hints, -1]
        answer = await self._ask(_NOTIFY, path, _NOTIFY, "Notify", "susssasa{sv}i", arguments)
        self._shown.pop(identity, None)
        self._shown[identity] = int(answer[0])
        while len(self._shown) > MOST_SHOWN:
            self._shown.pop(next(iter(self._shown)))
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
        from dbus_fast import ErrorType, InvalidBusNameError, Message, MessageType

        try:
            message = Message(destination=name, path=path, interface=interface, member=method,
                              signature=signature, body=list(arguments))  # fmt: skip
            async with asyncio.timeout(CALL_S):
                reply = await bus.call(message)
        except TimeoutError as error:
            raise DeviceError(f"{name} did not answer within {CALL_S:g} s",
                              code="timed_out") from error  # fmt: skip
        except InvalidBusNameError as error:
            raise DeviceError(f"{name} is no name on the bus", code="no_provider") from error
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
                async with asyncio.timeout(CALL_S):
                    bus = await MessageBus(bus_address=self._address).connect()
                    bus.add_message_handler(self._on_message)
                    for rule in _SIGNALS:
                        await bus.call(Message(destination=_BUS, path="/org/freedesktop/DBus",
                                               interface=_BUS, member="AddMatch", signature="s",
                                               body=[rule]))  # fmt: skip
            except (OSError, EOFError, DBusFastError) as error:  # TimeoutError is an OSError
                why = str(error) or f"no answer within {CALL_S:g} s"
                raise DeviceError(
                    f"there is no session bus ({why}); start a desktop session or"
                    " set DBUS_SESSION_BUS_ADDRESS",
                    code="no_provider",
                ) from error
            self._bus = bus
            return bus

    def _on_message(self, message: "Message") -> None:
        if message.member in ("PropertiesChanged", "NameOwnerChanged"):
            for changed in self._watchers:
                changed.set()
        if message.member == "NotificationClosed" and message.signature == "uu":
            number = int(message.body[0])
            self._shown = {i: 0 if shown == number else shown for i, shown in self._shown.items()}


def _plain(properties: object) -> dict[str, Any]:
    """The answer of Properties.GetAll without its variants; those of Metadata are taken off too."""
    from dbus_fast import Variant

    def bare(value: object) -> Any:
        return value.value if isinstance(value, Variant) else value

    plain = {key: bare(value) for key, value in as_object(properties).items()}
    plain["Metadata"] = {k: bare(v) for k, v in as_object(plain.get("Metadata")).items()}
    return plain


def _clean(text: object) -> str:
    """Text that a bus carries: no NUL (the bus would cut the line) nor other control characters
    but line ends, no lone surrogates."""
    kept = (c for c in str(text) if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs"))
    return "".join(kept)[:LONGEST_TEXT]


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
        if value is None:
            raise DeviceError("a skip is not taken back, the place in the title is lost; skip the"
                              " other way instead", code="refused")  # fmt: skip
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
