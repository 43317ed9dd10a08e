"""What clouds have cost today, in money and bytes: the file `spending.json` of the device's folder.

A day is UTC's. It is written after each answer, and before anything leaves it is tried whether it
can be. A file that can not be read or written counts as everything spent, so that a broken disk is
no free pass: what was spent already is remembered and written once it can be.
"""

import json
import logging
import math
import os
from collections import deque
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from edgewise.core.clock import Clock
from edgewise.errors import DeviceError

FILE = "spending.json"
MOST_TURNS = 256
"""Turns that may run beside each other and still be counted once."""
_log = logging.getLogger("edgewise.device")


class Spent(Struct, frozen=True):
    """One day's; `turns` is how many turns sent something."""

    day: str
    money: float = 0.0
    size_bytes: int = 0
    turns: int = 0

    @property
    def is_lost(self) -> bool:
        """Whether the account can not be read or written, which counts as everything spent."""
        return not math.isfinite(self.money)

    def left_money(self, a_day: float) -> float:
        """What may still be spent of so much a day."""
        return max(0.0, a_day - self.money)

    def left_bytes(self, a_day: int) -> int:
        """How many bytes may still leave of so many a day."""
        return max(0, a_day - self.size_bytes)


class Spending:
    """Adds up what is spent. `money` and bytes are never below 0."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._path = folder / FILE
        self._clock = clock
        self._turns: deque[str] = deque(maxlen=MOST_TURNS)
        self._unwritten: Spent | None = None
        """What the disk did not take; while there is any, all counts as spent."""

    def today(self) -> Spent:
        """What was spent today. What could not be written is tried again first."""
        spent = self._read()
        if self._unwritten is None or spent.is_lost:
            return spent
        try:
            return self._write(_sum(spent, self._unwritten))
        except DeviceError:
            return _lost(spent.day)

    def check(self) -> None:
        """To be asked before anything leaves: raises DeviceError where it could not be counted."""
        spent = self.today()
        if spent.is_lost:
            raise self._error("read or written")
        self._write(spent)

    def add(self, money: float, size_bytes: int, *, turn: str = "") -> None:
        """Note what an answer cost; all of one `turn` count as one. Nothing is raised, as the
        answer is there: what can not be kept is remembered, and nothing is left until it is."""
        before = self.today()
        is_new = bool(turn) and turn not in self._turns
        self._turns.append(turn)
        held = self._unwritten or Spent(before.day)
        day = max(before.day, held.day)
        more = Spent(day, max(0.0, money), max(0, size_bytes), int(is_new))
        if before.is_lost:
            self._unwritten = _sum(more, held)
            return
        try:
            self._write(_sum(before, more))
        except DeviceError as error:
            self._unwritten = more
            _log.warning("%s; nothing more may be spent until it can", error)

    def _day(self) -> str:
        return datetime.fromtimestamp(self._clock.now(), UTC).date().isoformat()

    def _read(self) -> Spent:
        day = self._day()
        try:
            found = msgspec.json.decode(self._path.read_bytes(), type=Spent)
        except FileNotFoundError:
            return Spent(day)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return _lost(day)
        return found if found.day >= day else Spent(day)

    def _write(self, spent: Spent) -> Spent:
        """Keep it, which settles what was not written before. Raises DeviceError."""
        fresh = self._path.with_suffix(".new")
        try:
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(msgspec.json.encode(spent) + b"\n")
            fresh.replace(self._path)
        except OSError as error:
            self._unwritten = self._unwritten or Spent(spent.day)
            raise self._error(f"written: {error.strerror}") from error
        self._unwritten = None
        return spent

    def _error(self, why: str) -> DeviceError:
        return DeviceError(
            f"what clouds cost can not be counted: {json.dumps(str(self._path))} can not be {why};"
            " check the disk and the folder",
            code="not_counted",
        )


def _sum(one: Spent, more: Spent) -> Spent:
    """Both, of the day of `one`."""
    if more.day < one.day:
        return one
    return Spent(
        one.day,
        one.money + more.money,
        one.size_bytes + more.size_bytes,
        one.turns + more.turns,
    )


def _lost(day: str) -> Spent:
    return Spent(day, math.inf, 2**62)
