"""What storage costs: byte-hours of files, entered into the ledger once an hour by key.

A file of `s` bytes that lived `t` hours is entered as `s * t` rounded down, over all entries, in
whatever parts: each hour adds the difference of two such sums. An hour is entered once it is over,
from the rows as they are then: nothing that happens later changes what an hour held, so entries
that a crash forced to be made again have the same id and amount, and the ledger takes an id once.
Its price is that of the model `storage`. The part of an hour in which a file is deleted is entered
with that hour.
"""

import asyncio
import logging
from collections.abc import Iterator, Sequence

from msgspec import Struct
from sqlalchemy import or_, select, update

from edgewise.cloud.budget import Budgets
from edgewise.cloud.caller import Endpoint
from edgewise.cloud.config import STORAGE
from edgewise.cloud.database import Database
from edgewise.cloud.file_store import FileStore
from edgewise.cloud.flight import Facts
from edgewise.cloud.ledger import Ledger
from edgewise.cloud.tables import files, ledger, projects
from edgewise.cloud.usage import Usage
from edgewise.core.clock import Clock
from edgewise.errors import EdgewiseError, LinkError

_log = logging.getLogger("edgewise.cloud")

HOUR_S = 3600
LOOK_S = 30.0
_HOUR_MS = 3_600_000
_KNOWN_AT_ONCE = 500


class Stay(Struct, frozen=True):
    """How long a file has been kept: from `created` to `end` (infinity for now), wall seconds, of
    which what lies before `metered_until` is entered."""

    organisation: str
    project: str
    key: str
    size_bytes: int
    created: float
    end: float
    metered_until: float

    def byte_hours(self, until: float) -> int:
        """All that was used by then, rounded down."""
        kept_ms = round(min(until, self.end) * 1000) - round(self.created * 1000)
        return self.size_bytes * max(0, kept_ms) // _HOUR_MS

    def hours(self, until: float) -> Iterator[tuple[int, int]]:
        """What is not entered yet, by hour since 1970."""
        start = self.metered_until
        while start < min(until, self.end):
            hour = int(start // HOUR_S)
            end = float((hour + 1) * HOUR_S)
            yield hour, self.byte_hours(end) - self.byte_hours(start)
            start = end


class StorageMeter:
    """Enters what the files of a store use."""

    def __init__(
        self, database: Database, store: FileStore, to: Ledger, budgets: Budgets, clock: Clock
    ) -> None:
        self._database = database
        self._store = store
        self._ledger = to
        self._budgets = budgets
        self._clock = clock
        self._entered_until = 0.0
        self._on_the_way: set[str] = set()
        """Entries in the journal that the database has not taken: they are charged already."""

    async def keep_metering(self) -> None:
        """End expired files and enter hours that are over, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                await self._store.end_expired()
                if self._entered_until < _last_hour(self._clock.now()):
                    await self.enter()
            except EdgewiseError as error:
                _log.warning("storage is entered later: %s", error)

    async def enter(self) -> int:
        """Enter all hours that are over; how many entries were new. Raises EdgewiseError, and then
        what was not entered comes with the next time."""
        until = _last_hour(self._clock.now())
        async with self._store.changing:
            await self._ledger.flush()
            due = await asyncio.to_thread(self._due, until)
            for facts, usage in due:
                if facts.id not in self._on_the_way:
                    cost_nano = self._ledger.enter(facts, usage).cost_nano
                    self._on_the_way.add(facts.id)
                    self._budgets.charge(facts.organisation, facts.project, facts.key, cost_nano)
            if not await self._ledger.flush():
                raise LinkError("the database takes no entries now", code="database_away")
            self._on_the_way.clear()
            await asyncio.to_thread(self._mark, until)
        self._entered_until = until
        return len(due)

    def _due(self, until: float) -> list[tuple[Facts, Usage]]:
        """The entries that are not in the ledger."""
        amounts: dict[str, int] = {}
        facts: dict[str, Facts] = {}
        for stay in self._stays(until):
            for hour, amount in stay.hours(until):
                id = f"sto_{stay.key}_{hour}"
                amounts[id] = amounts.get(id, 0) + amount
                if id not in facts:
                    facts[id] = _facts(id, stay, hour)
        wanted = [id for id, amount in amounts.items() if amount]
        known = self._known(wanted)
        new = [id for id in wanted if id not in known]
        return [(facts[id], Usage(storage_byte_hours=amounts[id])) for id in new]

    def _stays(self, until: float) -> list[Stay]:
        asked = (
            select(
                projects.c.organisation,
                files.c.project,
                files.c.key,
                files.c.size_bytes,
                files.c.created_at,
                files.c.deleted_at,
                files.c.expires_at,
                files.c.metered_until,
            )
            .join(projects, projects.c.id == files.c.project)
            .where(_UNMETERED, files.c.metered_until < until)
        )
        with self._database.read() as connection:
            return [
                Stay(
                    row.organisation,
                    row.project,
                    row.key,
                    row.size_bytes,
                    row.created_at,
                    min(row.deleted_at or float("inf"), row.expires_at or float("inf")),
                    row.metered_until,
                )
                for row in connection.execute(asked)
            ]

    def _known(self, ids: Sequence[str]) -> set[str]:
        found: set[str] = set()
        with self._database.read() as connection:
            for start in range(0, len(ids), _KNOWN_AT_ONCE):
                asked = select(ledger.c.id).where(ledger.c.id.in_(ids[start:][:_KNOWN_AT_ONCE]))
                found.update(connection.execute(asked).scalars())
        return found

    def _mark(self, until: float) -> None:
        change = update(files).where(_UNMETERED, files.c.metered_until < until)
        with self._database.begin() as connection:
            connection.execute(change.values(metered_until=until))


_UNMETERED = or_(files.c.deleted_at.is_(None), files.c.metered_until < files.c.deleted_at)


def _last_hour(now_s: float) -> float:
    """The end of the last hour that is over."""
    return float(now_s // HOUR_S * HOUR_S)


def _facts(id: str, stay: Stay, hour: int) -> Facts:
    return Facts(
        id,
        float(hour * HOUR_S),
        stay.organisation,
        stay.project,
        stay.key,
        "",
        Endpoint.FILES.value,
        STORAGE,
    )
