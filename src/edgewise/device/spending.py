"""What clouds have cost today, in money and bytes: the file `spending.json` of the device's folder.

A day is UTC's. It is written after each answer; a file that can not be read counts as everything
spent, so that a broken disk is no free pass.
"""

import json
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


class Spent(Struct, frozen=True):
    """One day's; `turns` is how many turns sent something."""

    day: str
    money: float = 0.0
    size_bytes: int = 0
    turns: int = 0

    @property
    def is_lost(self) -> bool:
        """Whether the account can not be read, which counts as everything spent."""
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

    def today(self) -> Spent:
        """What was spent today."""
        day = datetime.fromtimestamp(self._clock.now(), UTC).date().isoformat()
        try:
            found = msgspec.json.decode(self._path.read_bytes(), type=Spent)
        except FileNotFoundError:
            return Spent(day)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return Spent(day, math.inf, 2**62)
        return found if found.day >= day else Spent(day)

    def add(self, money: float, size_bytes: int, *, turn: str = "") -> None:
        """Note what an answer cost; all of one `turn` count as one. Raises DeviceError when that
        can not be kept."""
        before = self.today()
        if before.is_lost:
            return
        is_new = bool(turn) and turn not in self._turns
        self._turns.append(turn)
        after = Spent(before.day, before.money + max(0.0, money),
                      before.size_bytes + max(0, size_bytes), before.turns + is_new)  # fmt: skip
        fresh = self._path.with_suffix(".new")
        try:
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(msgspec.json.encode(after) + b"\n")
            fresh.replace(self._path)
        except OSError as error:
            raise DeviceError(
                f"{json.dumps(str(self._path))} can not be written: {error.strerror}",
                code="store_failed",
            ) from error
