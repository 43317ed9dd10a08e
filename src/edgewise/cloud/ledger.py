"""The ledger: what was used, by whom, at what price; entered once, never changed.

Every request that went upstream ends here, by one path, whether it was done, cancelled, failed,
left by its client or cut off by a crash. In order: the flight's slot counts while tokens come; the
journal takes the settled line; then the budget and the limits; the database has it a moment later,
in a batch. After a crash the journal's lines and the slots left behind are entered at the start.
"""

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from edgewise.cloud.flight import Facts, Flights
from edgewise.cloud.journal import Journal, Segment
from edgewise.cloud.prices import PriceList
from edgewise.cloud.refusal import Refused, server_stopping
from edgewise.cloud.usage import NOTHING, Usage
from edgewise.core.clock import Clock
from edgewise.errors import DeviceError, EdgewiseError, UserError

_log = logging.getLogger("edgewise.cloud")

FLUSH_S = 0.25
RECENT = 500
BATCH = 2000
Found = TypeVar("Found")


class Outcome(StrEnum):
    """How a request ended."""

    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"
    DISCONNECTED = "disconnected"
    CRASHED = "crashed"


class Entry(Struct, frozen=True):
    """A line of the ledger. `at` is when it was settled, wall seconds; money in nano-units.

    `estimated`: the upstream did not tell the counts, they are ours (see `relay.py`). `price_since`
    names the price that held, empty for none.
    """

    facts: Facts
    at: float
    outcome: Outcome
    usage: Usage
    cost_nano: int
    currency: str
    estimated: bool = False
    price_since: str = ""
    took_ms: float = 0.0
    detail: str = ""


class Flight:
    """A request on its way; it is settled once. `stop` ends it wherever it is by then; `end` calls
    it when its key is revoked (`revocation.py`) or the platform ends (`stopping.py`), and
    `ended_by` is set before: what who waits for it is told."""

    __slots__ = ("began", "ended_by", "facts", "settled", "slot", "stop", "usage")

    def __init__(self, facts: Facts, slot: int, began: float) -> None:
        self.facts = facts
        self.slot = slot
        self.began = began
        self.usage = NOTHING
        self.settled = False
        self.ended_by: Refused | None = None
        self.stop: Callable[[], object] | None = None

    def end(self, why: Refused) -> None:
        """End it; the first reason stays."""
        if self.ended_by is not None:
            return
        self.ended_by = why
        if self.stop is not None:
            self.stop()


class Ledger:
    """Enters what requests used. `insert` writes a batch into the database and leaves out ids that
    are there; it is called in a thread and raises EdgewiseError when the database is away."""

    def __init__(
        self,
        flights: Flights,
        journal: Journal,
        prices: PriceList,
        currency: str,
        clock: Clock,
        insert: Callable[[Sequence[Entry]], object],
    ) -> None:
        self._flights = flights
        self._journal = journal
        self._prices = prices
        self._currency = currency
        self._clock = clock
        self._insert = insert
        self._encoder = msgspec.json.Encoder()
        self._unwritten: list[tuple[Entry, int]] = []
        self._unsealed: list[Segment] = []
        self._since: list[Entry] = []
        self._flushing = asyncio.Lock()
        self._entering = threading.Lock()
        self.is_closing = False  # no request is let in any more
        self.recent: deque[Entry] = deque(maxlen=RECENT)
        self.running: dict[str, Flight] = {}

    def recover(self) -> list[Entry]:
        """Enter what an earlier process left: its settled lines, then its slots in use.

        A slot whose line is in the journal was settled; the others crashed, and what they had used
        by then is billed. Returns the entries of those.
        """
        settled: set[str] = set()
        for file in self._journal.sealed():
            settled.update(entry.facts.id for entry in self._read(file)[0])
        crashed: list[Entry] = []
        for slot, facts, usage in list(self._flights.left_behind()):
            if facts.id not in settled:
                entry = self._entry(facts, Outcome.CRASHED, usage, estimated=True)
                self._journal.append(self._encoder.encode(entry))
                crashed.append(entry)
            self._flights.leave(slot)
        if crashed:
            _log.warning("entered what a crash cut off; requests: %d", len(crashed))
        self._flush()
        return crashed

    def open(self, facts: Facts) -> Flight:
        """Let a request go upstream. Raises Refused (503) when it could not be accounted for, or
        the platform ends."""
        if self.is_closing:
            raise server_stopping()
        if self._unwritten:
            raise Refused(
                503,
                "ledger_full",
                "the platform's disk takes no more entries; its operator must free space",
                headers={"Retry-After": "30"},
            )
        slot = self._flights.enter(facts)
        if slot is None:
            raise Refused(
                503,
                "too_many_requests_in_flight",
                f"{self._flights.used} requests are in flight, no more are taken; try again",
                headers={"Retry-After": "1"},
            )
        flight = Flight(facts, slot, self._clock.monotonic())
        self.running[facts.id] = flight
        return flight

    def move(self, flight: Flight, backend: str, backend_model: str) -> None:
        """Note the backend that a request goes to (again)."""
        flight.facts = msgspec.structs.replace(
            flight.facts, backend=backend, backend_model=backend_model
        )
        self._flights.update(flight.slot, flight.facts)

    def count(self, flight: Flight, usage: Usage) -> None:
        """Note what a request has used so far."""
        flight.usage = usage
        self._flights.count(flight.slot, usage)

    def settle(
        self,
        flight: Flight,
        outcome: Outcome,
        usage: Usage,
        *,
        estimated: bool = False,
        detail: str = "",
    ) -> Entry:
        """Enter a request; a second time is a fault of ours and raises AssertionError."""
        assert not flight.settled, "a request is settled once"
        flight.settled = True
        flight.stop = None
        took_ms = round((self._clock.monotonic() - flight.began) * 1000, 3)
        self.running.pop(flight.facts.id, None)
        entry = self._entry(
            flight.facts, outcome, usage, estimated=estimated, took_ms=took_ms, detail=detail
        )
        try:
            self._write(entry, flight.slot)
        except DeviceError:
            _log.exception("an entry waits for the disk; no request is taken until then")
            self._flights.count(flight.slot, usage)
            self._unwritten.append((entry, flight.slot))
        self.recent.append(entry)
        self._since.append(entry)
        return entry

    def enter(self, facts: Facts, usage: Usage) -> Entry:
        """Enter what was used without a request on its way: storage. An id that was entered before
        is left out by the database. Raises DeviceError when the disk refuses the line."""
        entry = self._entry(facts, Outcome.DONE, usage, estimated=False)
        self._journal.append(self._encoder.encode(entry))
        self.recent.append(entry)
        self._since.append(entry)
        return entry

    def cost(self, model: str, usage: Usage) -> int:
        """What usage of a model costs now, in nano-units."""
        return self._prices.cost(model, usage, self._clock.now())

    async def keep_flushing(self) -> None:
        """Bring the journal into the database again and again, until cancelled. The journal keeps
        what a fault of ours did not let in, so such a fault is logged and is no end."""
        while True:
            await asyncio.sleep(FLUSH_S)
            try:
                await self.flush()
            except Exception:  # noqa: BLE001  the outermost loop of this task
                _log.exception("entries wait in the journal")

    async def flush(self) -> bool:
        """Bring what is settled into the database; whether all of it is there. What it does not
        take now stays in the journal for the next time."""
        async with self._flushing:
            try:
                await self._swap_and_flush()
            except EdgewiseError as error:
                _log.warning("the database takes no entries now: %s", error)
                return False
        return True

    async def read_whole(self, read: Callable[[], Found]) -> tuple[Found, list[Entry]]:
        """What `read`, called in a thread, finds in the database when it has all that was settled
        before; and what was settled since, which it has not. Raises EdgewiseError."""
        async with self._flushing:
            await self._swap_and_flush()
            found = await asyncio.to_thread(read)
            return found, list(self._since)

    async def close(self) -> None:
        """Enter what is left and close the files."""
        try:
            await self.flush()
            self._journal.close()
            with suppress(EdgewiseError):
                await asyncio.to_thread(self._flush)
        finally:
            self._flights.close()

    async def _swap_and_flush(self) -> None:
        self._retry()
        if (taken := self._journal.swap()) is not None:
            self._unsealed.append(taken)
        self._since = [entry for entry, _ in self._unwritten]
        if self._unsealed or self._journal.sealed():
            await asyncio.to_thread(self._flush)

    def _flush(self) -> None:
        """One at a time: whoever waits for this in the event loop may be cancelled, and the thread
        goes on beside the next one."""
        with self._entering:
            while self._unsealed:
                self._unsealed[0].seal()
                self._unsealed.pop(0)
            for file in self._journal.sealed():
                self._flush_segment(file)

    def _flush_segment(self, file: Path) -> None:
        entries, refused = self._read(file)
        for start in range(0, len(entries), BATCH):
            refused += self._enter(entries[start : start + BATCH])
        if refused:
            kept = self._journal.set_aside(refused)
            _log.error("%d entries can not be entered and are kept in %s", len(refused), kept)
        self._journal.drop(file)

    def _enter(self, entries: Sequence[Entry]) -> list[bytes]:
        """Insert a batch. When the database refuses it for what is in it, each entry goes alone, so
        that one can not stop the others; returns the lines of those that are refused."""
        try:
            self._insert(entries)
        except UserError:
            if len(entries) == 1:
                return [self._encoder.encode(entries[0])]
            return [line for entry in entries for line in self._enter([entry])]
        return []

    def _read(self, file: Path) -> tuple[list[Entry], list[bytes]]:
        """The entries of a segment, and the lines that are none (after a power cut)."""
        decoder = msgspec.json.Decoder(Entry)
        entries: list[Entry] = []
        broken: list[bytes] = []
        for line in filter(None, self._journal.read(file)):
            try:
                entries.append(decoder.decode(line))
            except (msgspec.MsgspecError, UnicodeDecodeError):
                broken.append(line)
        return entries, broken

    def _retry(self) -> None:
        while self._unwritten:
            try:
                self._write(*self._unwritten[0])
            except DeviceError:
                return
            self._unwritten.pop(0)

    def _write(self, entry: Entry, slot: int) -> None:
        """The line first, then the slot: a crash between is seen by the id that both have."""
        self._journal.append(self._encoder.encode(entry))
        self._flights.leave(slot)

    def _entry(
        self,
        facts: Facts,
        outcome: Outcome,
        usage: Usage,
        *,
        estimated: bool,
        took_ms: float = 0.0,
        detail: str = "",
    ) -> Entry:
        now_s = self._clock.now()
        price = self._prices.at(facts.model, now_s)
        return Entry(
            facts,
            now_s,
            outcome,
            usage,
            self._prices.cost(facts.model, usage, now_s),
            self._currency,
            estimated,
            price.since.isoformat() if price is not None else "",
            took_ms,
            detail,
        )
