"""What is entered for storage is size times hours, whatever restarts and crashes came between."""

import asyncio
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from edgewise.cloud.accounts import FirstStart, first_start
from edgewise.cloud.budget import Budget, Budgets, Period, ScopeKind
from edgewise.cloud.database import Database
from edgewise.cloud.file_store import File, FileStore, New
from edgewise.cloud.flight import Flights
from edgewise.cloud.journal import Journal
from edgewise.cloud.keys import make_key
from edgewise.cloud.ledger import Ledger
from edgewise.cloud.ledger_table import insert_entries
from edgewise.cloud.prices import Price, PriceList
from edgewise.cloud.storage_meter import HOUR_S, Stay, StorageMeter
from edgewise.cloud.tables import ledger as ledger_table
from edgewise.errors import LinkError
from edgewise.testing.clock import ManualClock
from tests.cloud.conftest import NOW

pytestmark = pytest.mark.slow


class FailingDatabase(Database):
    """Fails at the n-th transaction that writes, counted from when `fails_in` is set."""

    fails_in = 0
    always_fails = False

    @contextmanager
    def begin(self) -> Generator[Connection]:
        if self.always_fails:
            raise LinkError("away", code="database_away")
        if self.fails_in:
            self.fails_in -= 1
            if not self.fails_in:
                raise LinkError("away", code="database_away")
        with super().begin() as connection:
            yield connection


class Storage:
    """A store and its meter, which can be killed and started again."""

    def __init__(self, database: Database, folder: Path, owner: tuple[str, str]) -> None:
        self.database = database
        self.folder = folder
        self.owner = owner
        self.clock = ManualClock(wall=NOW)
        self.expected: dict[str, tuple[int, float, float]] = {}
        self.start()

    def start(self) -> None:
        self.store = FileStore(self.database, self.folder / "files", self.clock)
        self.budgets = Budgets(self.clock)
        self.ledger = Ledger(
            Flights(self.folder / "flights", slots=8),
            Journal(self.folder / "journal"),
            PriceList([Price("storage", date(2026, 1, 1), storage=Decimal(24))]),
            "CNY",
            self.clock,
            lambda entries: insert_entries(self.database, entries),
        )
        self.ledger.recover()
        self.meter = StorageMeter(self.database, self.store, self.ledger, self.budgets, self.clock)

    async def upload(self, size_bytes: int) -> File:
        part = self.store.new_part()
        part.write_bytes(bytes(size_bytes))
        (file,) = await self.store.keep([(New(*self.owner, "a", "user_data"), part)])
        self.expected[file.id] = (size_bytes, self.clock.now(), float("inf"))
        return file

    async def delete(self, id: str) -> None:
        await self.store.delete(self.owner[0], id)
        size_bytes, begun, _ = self.expected[id]
        self.expected[id] = (size_bytes, begun, self.clock.now())

    def due(self) -> int:
        """Size times hours of each file until the last full hour, rounded down a file."""
        until = self.clock.now() // HOUR_S * HOUR_S
        total = 0
        for size_bytes, begun, end in self.expected.values():
            lived_ms = round(min(end, until) * 1000) - round(begun * 1000)
            total += size_bytes * max(0, lived_ms) // 3_600_000
        return total

    async def entered(self) -> int:
        await self.ledger.flush()
        with self.database.read() as connection:
            asked = select(func.coalesce(func.sum(ledger_table.c.storage_byte_hours), 0))
            return int(connection.execute(asked).scalar_one())


def storage_over(database: Database, folder: Path, started: FirstStart) -> Storage:
    with database.begin() as connection:
        key = make_key(connection, started.organisation.id, started.project.id, "k", now_s=NOW).key
    return Storage(database, folder, (started.project.id, key.id))


async def test_a_file_is_entered_each_hour_with_what_it_held(
    database: Database, started: FirstStart, tmp_path: Path
):
    storage = storage_over(database, tmp_path, started)
    file = await storage.upload(1000)
    storage.clock.advance(2 * HOUR_S)
    await storage.meter.enter()
    assert await storage.entered() == storage.due() == 2000
    storage.clock.advance(1800)
    await storage.delete(file.id)
    storage.clock.advance(1800)
    await storage.meter.enter()
    assert await storage.entered() == storage.due() == 2500
    storage.clock.advance(50 * HOUR_S)
    assert await storage.meter.enter() == 0
    assert await storage.entered() == 2500


async def test_an_hour_of_a_key_is_one_entry_that_names_the_hour_and_has_a_price(
    database: Database, started: FirstStart, tmp_path: Path
):
    storage = storage_over(database, tmp_path, started)
    for _ in range(3):
        await storage.upload(1_000_000)
    storage.clock.advance(HOUR_S)
    assert await storage.meter.enter() == 1
    (entry,) = storage.ledger.recent
    assert entry.facts.started == NOW
    assert (entry.facts.endpoint, entry.facts.model) == ("files", "storage")
    assert entry.facts.key == storage.owner[1]
    assert entry.cost_nano == 3_000_000  # 24 a gigabyte and day is 1 a gigabyte and hour


async def test_storage_counts_against_the_budgets_above_it(
    database: Database, started: FirstStart, tmp_path: Path
):
    storage = storage_over(database, tmp_path, started)
    budget = Budget("b", ScopeKind.PROJECT, storage.owner[0], Period.TOTAL, 10**9)
    storage.budgets.load([budget], {})
    await storage.upload(1_000_000)
    storage.clock.advance(HOUR_S)
    await storage.meter.enter()
    assert storage.budgets.standings()[0].spent_nano == 1_000_000


async def test_what_is_in_the_ledger_already_is_not_charged_to_a_budget_again(
    database_url: str, started: FirstStart, tmp_path: Path
):
    database = FailingDatabase(database_url)
    storage = storage_over(database, tmp_path, started)
    await storage.upload(1_000_000)
    storage.clock.advance(HOUR_S)
    database.fails_in = 2  # the entry is in the ledger, the file is not marked
    with pytest.raises(LinkError):
        await storage.meter.enter()
    storage.start()
    budget = Budget("b", ScopeKind.PROJECT, storage.owner[0], Period.TOTAL, 10**9)
    storage.budgets.load([budget], {"b": 1_000_000})
    assert await storage.meter.enter() == 0
    assert storage.budgets.standings()[0].spent_nano == 1_000_000
    database.close()


@pytest.mark.parametrize("failures", [1, 2, 4])
async def test_an_hour_is_charged_once_however_often_the_database_is_away(
    database_url: str, started: FirstStart, tmp_path: Path, failures: int
):
    database = FailingDatabase(database_url)
    storage = storage_over(database, tmp_path, started)
    budget = Budget("b", ScopeKind.PROJECT, storage.owner[0], Period.TOTAL, 10**9)
    storage.budgets.load([budget], {})
    await storage.upload(1_000_000)
    storage.clock.advance(HOUR_S)
    for _ in range(failures):
        database.always_fails = True
        with pytest.raises(LinkError):
            await storage.meter.enter()
        assert storage.budgets.standings()[0].spent_nano == 1_000_000
    database.always_fails = False
    await storage.meter.enter()
    assert storage.budgets.standings()[0].spent_nano == 1_000_000
    assert await storage.entered() == storage.due()
    database.close()


async def test_an_expired_file_is_entered_up_to_its_end(
    database: Database, started: FirstStart, tmp_path: Path
):
    storage = storage_over(database, tmp_path, started)
    part = storage.store.new_part()
    part.write_bytes(bytes(100))
    await storage.store.keep([(New(*storage.owner, "a", "batch", 5400), part)])
    storage.clock.advance(5 * HOUR_S)
    await storage.store.end_expired()
    await storage.meter.enter()
    assert await storage.entered() == 150


@pytest.mark.parametrize("fails_in", [1, 2, 3])
async def test_a_crash_at_any_write_of_the_meter_enters_nothing_twice_and_nothing_less(
    database_url: str, started: FirstStart, tmp_path: Path, fails_in: int
):
    database = FailingDatabase(database_url)
    storage = storage_over(database, tmp_path, started)
    file = await storage.upload(777)
    storage.clock.advance(HOUR_S)
    database.fails_in = fails_in
    with suppress(LinkError):
        await storage.meter.enter()
    database.fails_in = 0
    storage.start()  # the killed one's files are left as they were
    storage.clock.advance(3 * HOUR_S)
    await storage.meter.enter()
    await storage.delete(file.id)
    storage.clock.advance(HOUR_S)
    await storage.meter.enter()
    assert await storage.entered() == storage.due() == 4 * 777
    database.close()


ACTS = st.one_of(
    st.tuples(st.just("upload"), st.integers(0, 5000)),
    st.tuples(st.just("delete"), st.integers(0, 9)),
    st.tuples(st.just("wait"), st.integers(1, 9000)),
    st.tuples(st.just("enter"), st.integers(0, 3)),
    st.tuples(st.just("restart"), st.just(0)),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(ACTS, max_size=20))
def test_the_sum_is_size_times_hours_whatever_the_restarts(
    migrated_file: Path, acts: list[tuple[str, int]]
):
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_hold_sum(migrated_file, Path(folder), acts))


async def _hold_sum(migrated_file: Path, folder: Path, acts: list[tuple[str, int]]) -> None:
    (folder / "db").write_bytes(migrated_file.read_bytes())
    database = FailingDatabase(f"sqlite:///{folder / 'db'}")
    started = first_start(database, now_s=NOW)
    assert started is not None
    storage = storage_over(database, folder, started)
    for act, number in acts:
        live = [id for id, (_, _, end) in storage.expected.items() if end == float("inf")]
        match act:
            case "upload":
                await storage.upload(number)
            case "delete" if live:
                await storage.delete(live[number % len(live)])
            case "wait":
                storage.clock.advance(number + 0.123)
            case "enter":
                database.fails_in = number
                try:
                    await storage.meter.enter()
                except LinkError:
                    if number % 2:
                        storage.start()
                database.fails_in = 0
            case "restart":
                storage.start()
            case _:
                pass
    await storage.meter.enter()
    assert await storage.entered() == storage.due()
    database.close()


def test_parts_of_a_stay_add_up_to_the_whole():
    stay = Stay("o", "p", "k", 7, 100.5, 50_000.25, 100.5)
    parts = [amount for _, amount in stay.hours(float("inf"))]
    assert sum(parts) == stay.byte_hours(float("inf")) == 7 * 49_899_750 // 3_600_000
