"""Entered once, whatever the disk and the database do; nothing is lost on the way."""

import asyncio
import json
import resource
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from edgewise.cloud.flight import Facts, Flights
from edgewise.cloud.journal import Journal
from edgewise.cloud.ledger import Entry, Ledger, Outcome
from edgewise.cloud.prices import Price, PriceList
from edgewise.cloud.refusal import Refused
from edgewise.cloud.usage import Usage
from edgewise.errors import LinkError, UserError
from edgewise.testing.clock import ManualClock

PRICES = PriceList([Price("fake", date(2020, 1, 1), input=Decimal(1), output=Decimal(2))])


class Table:
    """A database that can be away, and that can not hold some entries."""

    def __init__(self) -> None:
        self.rows: dict[str, Entry] = {}
        self.away = False
        self.refused: set[str] = set()

    def insert(self, entries: Sequence[Entry]) -> None:
        if self.away:
            raise LinkError("away")
        if any(entry.facts.id in self.refused for entry in entries):
            raise UserError("can not hold it", code="bad_value")
        for entry in entries:
            self.rows.setdefault(entry.facts.id, entry)


def made(folder: Path, table: Table) -> Ledger:
    flights, journal = Flights(folder / "flights", 4), Journal(folder / "journal")
    return Ledger(flights, journal, PRICES, "CNY", ManualClock(), table.insert)


def facts(id: str) -> Facts:
    return Facts(id, 1.0, "org", "proj", "key", "", "chat", "fake")


def settled(ledger: Ledger, id: str, usage: Usage = Usage(10, 0, 5)) -> Entry:  # noqa: B008
    return ledger.settle(ledger.open(facts(id)), Outcome.DONE, usage)


async def test_a_settled_request_is_in_the_database_after_a_flush(tmp_path: Path):
    table = Table()
    ledger = made(tmp_path, table)
    entry = settled(ledger, "a")
    assert (entry.cost_nano, entry.price_since) == (10_000 + 10_000, "2020-01-01")
    assert await ledger.flush()
    assert table.rows == {"a": entry}
    assert not ledger.running
    assert await ledger.flush()


async def test_a_request_is_settled_once(tmp_path: Path):
    ledger = made(tmp_path, Table())
    flight = ledger.open(facts("a"))
    ledger.settle(flight, Outcome.DONE, Usage())
    with pytest.raises(AssertionError):
        ledger.settle(flight, Outcome.DONE, Usage())


async def test_what_a_killed_process_left_is_entered_at_the_next_start(tmp_path: Path):
    table = Table()
    before = made(tmp_path, table)
    settled(before, "settled")
    flight = before.open(facts("running"))
    before.count(flight, Usage(7, 2, 3, 1))
    before.move(flight, "up", "its name")
    ledger = made(tmp_path, table)
    (crashed,) = ledger.recover()
    await ledger.flush()
    assert set(table.rows) == {"settled", "running"}
    assert table.rows["running"] == crashed
    assert (crashed.outcome, crashed.usage) == (Outcome.CRASHED, Usage(7, 2, 3, 1))
    assert crashed.facts.backend_model == "its name"
    assert made(tmp_path, table).recover() == []


async def test_a_kill_between_the_line_and_the_slot_enters_it_once(tmp_path: Path):
    table = Table()
    before = made(tmp_path, table)
    flight = before.open(facts("a"))
    before._flights.leave = lambda _: None  # type: ignore[method-assign]
    before.settle(flight, Outcome.DONE, Usage(1))
    ledger = made(tmp_path, table)
    assert ledger.recover() == []
    await ledger.flush()
    assert table.rows["a"].outcome is Outcome.DONE
    assert ledger._flights.used == 0


async def test_entries_wait_while_the_database_is_away(tmp_path: Path):
    table = Table()
    ledger = made(tmp_path, table)
    table.away = True
    for number in range(3):
        settled(ledger, str(number))
        assert not await ledger.flush()
    with pytest.raises(LinkError):
        await ledger.read_whole(lambda: 0)
    table.away = False
    assert await ledger.flush()
    assert set(table.rows) == {"0", "1", "2"}
    assert not ledger._journal.sealed()


async def test_an_entry_that_the_database_can_not_hold_does_not_stop_the_others(tmp_path: Path):
    table = Table()
    ledger = made(tmp_path, table)
    table.refused = {"b"}
    for id in "abc":
        settled(ledger, id)
    assert await ledger.flush()
    assert set(table.rows) == {"a", "c"}
    kept = (tmp_path / "journal" / "refused").read_text().splitlines()
    assert [json.loads(line)["facts"][0] for line in kept] == ["b"]


async def test_a_line_that_a_power_cut_broke_does_not_stop_the_others(tmp_path: Path):
    table = Table()
    before = made(tmp_path, table)
    settled(before, "a")
    before._journal.append(b"\x00\x00\x00")
    settled(before, "b")
    ledger = made(tmp_path, table)
    ledger.recover()
    assert set(table.rows) == {"a", "b"}
    assert (tmp_path / "journal" / "refused").read_bytes() == b"\x00\x00\x00\n"


@contextmanager
def full_disk() -> Iterator[None]:
    """No file grows while this lasts."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


async def test_on_a_full_disk_entries_wait_and_no_request_is_taken(tmp_path: Path):
    table = Table()
    ledger = made(tmp_path, table)
    flight = ledger.open(facts("a"))
    with full_disk():
        entry = ledger.settle(flight, Outcome.DONE, Usage(3, 0, 4))
        with pytest.raises(Refused) as refused:
            ledger.open(facts("b"))
    assert (refused.value.status, refused.value.problem.code) == (503, "ledger_full")
    assert await ledger.flush()
    assert table.rows == {"a": entry}
    ledger.open(facts("b"))


async def test_a_kill_while_the_disk_is_full_loses_nothing(tmp_path: Path):
    before = made(tmp_path, Table())
    flight = before.open(facts("a"))
    with full_disk():
        before.settle(flight, Outcome.DONE, Usage(3, 0, 4))
    (crashed,) = made(tmp_path, Table()).recover()
    assert crashed.usage == Usage(3, 0, 4)


async def test_more_requests_than_slots_are_told_to_come_back(tmp_path: Path):
    ledger = made(tmp_path, Table())
    flights = [ledger.open(facts(str(number))) for number in range(4)]
    with pytest.raises(Refused) as refused:
        ledger.open(facts("one more"))
    assert refused.value.status == 503
    ledger.settle(flights[0], Outcome.DONE, Usage())
    ledger.open(facts("one more"))


async def test_a_look_at_the_database_knows_what_was_settled_since(tmp_path: Path):
    table = Table()
    ledger = made(tmp_path, table)
    settled(ledger, "a")

    def read() -> set[str]:
        settled(ledger, "b")
        return set(table.rows)

    found, since = await ledger.read_whole(read)
    assert found == {"a"}
    assert [entry.facts.id for entry in since] == ["b"]
    assert (await ledger.read_whole(lambda: set(table.rows))) == ({"a", "b"}, [])


async def test_closing_enters_what_is_left(tmp_path: Path):
    table = Table()
    ledger = made(tmp_path, table)
    settled(ledger, "a")
    await ledger.close()
    assert set(table.rows) == {"a"}
    assert list((tmp_path / "journal").iterdir()) == []


async def test_closing_in_the_middle_of_a_flush_waits_for_it(tmp_path: Path):
    table = Table()
    entered, goes_on = threading.Event(), threading.Event()
    at_once: list[int] = []
    running = 0

    def insert(entries: Sequence[Entry]) -> None:
        nonlocal running
        running += 1
        at_once.append(running)
        entered.set()
        assert goes_on.wait(5)
        table.insert(entries)
        running -= 1

    ledger = made(tmp_path, table)
    ledger._insert = insert
    settled(ledger, "a")
    flushing = asyncio.create_task(ledger.flush())
    assert await asyncio.to_thread(entered.wait, 5)
    flushing.cancel()
    await asyncio.gather(flushing, return_exceptions=True)
    settled(ledger, "b")
    asyncio.get_running_loop().call_later(0.1, goes_on.set)
    await ledger.close()
    assert set(table.rows) == {"a", "b"}
    assert set(at_once) == {1}
