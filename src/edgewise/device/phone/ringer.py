"""Alarms, timers and reminders that ring.

`Ringer.rings` yields a row when its time has come and marks it `ringing` in the store first, so a
restart does not ring it again; what came due while the device was off is reported as missed. It
does not make sound: a face does. The time of a row is local, without zone.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from edgewise.act.catalogue.alarm import ALARMS, next_ring, remaining_s
from edgewise.core.call import Effect
from edgewise.core.clock import Clock
from edgewise.device.phone.store import DocumentStore

MISSED_AFTER_S = 60.0
"""A ring this late is reported as missed instead of ringing."""
LONGEST_WAIT_S = 30.0
"""The wall clock may be set at any time, so no wait is longer."""

Wait = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Ring:
    """A row of `phone.alarms` that came due, `late_s` after its time; `missed` when too late."""

    row: dict[str, Any]
    late_s: float
    missed: bool


class Ringer:
    """Waits for the alarms of one store. `wait` is asyncio.sleep but in tests."""

    def __init__(self, store: DocumentStore, clock: Clock, wait: Wait = asyncio.sleep) -> None:
        self._store = store
        self._clock = clock
        self._wait = wait

    async def rings(self) -> AsyncIterator[Ring]:
        """Yields each alarm once, the earliest first, for ever; new and changed rows count."""
        changes = self._store.watch([ALARMS])
        await anext(changes)
        changed = asyncio.ensure_future(anext(changes))
        waiting: asyncio.Future[None] | None = None
        try:
            while True:
                for ring in await self.due():
                    yield ring
                waiting = asyncio.ensure_future(self._wait(await self._pause_s()))
                await asyncio.wait({waiting, changed}, return_when=asyncio.FIRST_COMPLETED)
                if not waiting.done():
                    waiting.cancel()
                if changed.done():
                    changed = asyncio.ensure_future(anext(changes))
        finally:
            changed.cancel()
            await asyncio.gather(changed, return_exceptions=True)
            if waiting is not None:
                waiting.cancel()
                await asyncio.gather(waiting, return_exceptions=True)
            await changes.aclose()

    async def due(self) -> list[Ring]:
        """The alarms whose time has come, marked in the store in one transaction."""
        found: list[Ring] = []
        effects: list[Effect] = []
        now = datetime.fromtimestamp(self._clock.now())
        for row, left_s in await self._waiting():
            if left_s > 0:
                continue
            missed = -left_s > MISSED_AFTER_S
            found.append(Ring(row, -left_s, missed))
            effects += _after(row, now, missed=missed)
        if effects:
            await self._store.write(effects)
        return sorted(found, key=lambda ring: -ring.late_s)

    async def _pause_s(self) -> float:
        lefts = [left_s for _, left_s in await self._waiting()]
        return max(0.0, min([LONGEST_WAIT_S, *lefts]))

    async def _waiting(self) -> list[tuple[dict[str, Any], float]]:
        wall = self._clock.now()
        now = datetime.fromtimestamp(wall)
        rows: list[dict[str, Any]] = (await self._store.read([ALARMS]))[ALARMS].value
        timed = [(row, remaining_s(row, wall, now)) for row in rows]
        return [(row, left_s) for row, left_s in timed if left_s is not None]


def _after(row: dict[str, Any], now: datetime, *, missed: bool) -> list[Effect]:
    """The row as rung or ringing; a repeating one also moves on to its next time."""
    target = f"{ALARMS}.{row['id']}"
    state = "rung" if missed else "ringing"
    again = next_ring(row, now)
    if again is None:
        return [Effect(target, {**row, "state": state})]
    moved = Effect(target, {**row, "time": again})
    if missed:
        return [moved]
    # The ring is a row of its own, so that stopping it leaves the repeating alarm set.
    once = {**row, "repeat": "once", "state": "ringing"}
    return [moved, Effect(f"{ALARMS}.{row['id']}-{now:%Y%m%d}", once)]
