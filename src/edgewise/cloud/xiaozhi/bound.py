"""The bindings in memory, so that a device that connects waits for no database.

Only this process changes which device is bound; what else becomes of one (another name in the list
of devices) is read again now and then, and what a device says of itself is written then.
"""

import asyncio
from collections.abc import Iterator
from contextlib import suppress

from msgspec.structs import replace

from edgewise.cloud.database import Database
from edgewise.cloud.directory import Directory
from edgewise.cloud.xiaozhi.bindings import Binding, Seen, note_seen, read_bindings
from edgewise.core.clock import Clock
from edgewise.errors import EdgewiseError

KEEP_S = 15.0


class Bound:
    """All bindings of one platform; read from the database when it is made."""

    def __init__(self, database: Database, directory: Directory, clock: Clock) -> None:
        self._database = database
        self._directory = directory
        self._clock = clock
        self._seen: dict[str, Seen] = {}
        self._changes = 0
        self._revision = directory.revision
        self._by_mac = self._read()

    def of_mac(self, mac: str) -> Binding | None:
        """The binding of a MAC, whether its key is in force or not."""
        return self._by_mac.get(mac)

    def of_device(self, device: str) -> Binding | None:
        """The binding of a device's id."""
        return next((one for one in self._by_mac.values() if one.device == device), None)

    def of_organisation(self, organisation: str) -> list[Binding]:
        """The bindings of an organisation, oldest first."""
        held = [one for one in self._by_mac.values() if one.organisation == organisation]
        return sorted(held, key=lambda one: (one.created_at, one.device))

    def __iter__(self) -> Iterator[Binding]:
        return iter(self._by_mac.values())

    def learn(self, binding: Binding) -> None:
        """A binding was made or changed, and that is committed."""
        self._by_mac[binding.mac] = binding
        self._changes += 1

    def forget(self, binding: Binding) -> None:
        """A device was taken away, and that is committed."""
        held = self._by_mac.get(binding.mac)
        if held is not None and held.device == binding.device:
            del self._by_mac[binding.mac]
        self._changes += 1
        self._seen.pop(binding.device, None)

    def see(self, held: Binding, board: str, firmware: str, serial: str) -> None:
        """A device was here, and said this of itself; what it left out stays."""
        seen = Seen(
            held.device,
            self._clock.now(),
            board or held.board,
            firmware or held.firmware,
            serial or held.serial,
        )
        self._seen[held.device] = seen
        self.learn(
            replace(
                held,
                last_seen=seen.last_seen,
                board=seen.board,
                firmware=seen.firmware,
                serial=seen.serial,
            )
        )

    async def keep(self) -> None:
        """Write down what devices said, and read what else became of them, until it is
        cancelled."""
        while True:
            await asyncio.sleep(KEEP_S)
            with suppress(EdgewiseError):  # the database is away: the next round comes soon
                if self._seen or self._revision != self._directory.revision:
                    await self._write()
                    await self._learn_again()

    async def close(self) -> None:
        """Write down what is left."""
        with suppress(EdgewiseError):
            await self._write()

    async def _write(self) -> None:
        """Raises EdgewiseError when the database is away; what was not written stays."""
        seen, self._seen = self._seen, {}

        def write() -> None:
            with self._database.begin() as connection:
                note_seen(connection, seen.values())

        try:
            if seen:
                await asyncio.to_thread(write)
        except EdgewiseError:
            self._seen = {**seen, **self._seen}
            raise

    async def _learn_again(self) -> None:
        """Read all of them, unless something changes here meanwhile."""
        changes, revision = self._changes, self._directory.revision
        found = await asyncio.to_thread(self._read)
        if changes == self._changes:
            self._by_mac, self._revision = found, revision

    def _read(self) -> dict[str, Binding]:
        with self._database.read() as connection:
            return {one.mac: one for one in read_bindings(connection, now_s=self._clock.now())}
