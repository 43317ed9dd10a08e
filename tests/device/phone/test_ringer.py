"""Timers and alarms ring once, at their time, also across a restart."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from edgewise.core.call import Effect
from edgewise.device.phone.ringer import Ringer
from edgewise.device.phone.store import DocumentStore

START = datetime(2026, 11, 23, 10)


class HandClock:
    """A clock that a test turns; waiting for it lets other tasks run."""

    def __init__(self) -> None:
        self.wall = START.timestamp()
        self.turned = asyncio.Event()

    def now(self) -> float:
        return self.wall

    def monotonic(self) -> float:
        return self.wall

    def turn(self, seconds: float) -> None:
        self.wall += seconds
        self.turned.set()

    async def wait(self, _seconds: float) -> None:
        await self.turned.wait()
        self.turned.clear()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def store(tmp_path: Path, clock: HandClock) -> AsyncIterator[DocumentStore]:
    made = DocumentStore(tmp_path / "s", clock)
    yield made
    made.close()


async def rows(store: DocumentStore) -> list[dict[str, object]]:
    return (await store.read(["phone.alarms"]))["phone.alarms"].value


TIMER = {"kind": "timer", "state": "set", "duration_s": 60.0, "label": "tea"}


async def test_a_timer_rings_when_its_time_is_over_and_only_once(
    store: DocumentStore, clock: HandClock
):
    ringer = Ringer(store, clock)
    await store.write([Effect("phone.alarms.t", TIMER)])
    clock.turn(59)
    assert await ringer.due() == []
    clock.turn(1)
    (ring,) = await ringer.due()
    assert (ring.row["label"], ring.late_s, ring.missed) == ("tea", 0.0, False)
    assert await ringer.due() == []
    assert (await rows(store))[0]["state"] == "ringing"


async def test_a_ring_is_yielded_as_soon_as_the_clock_reaches_it(
    store: DocumentStore, clock: HandClock
):
    rings = Ringer(store, clock, clock.wait).rings()
    waiting = asyncio.ensure_future(anext(rings))
    async with asyncio.timeout(5):
        await asyncio.sleep(0)
        await store.write([Effect("phone.alarms.t", TIMER)])
        while not waiting.done():
            clock.turn(10)
            await asyncio.sleep(0)
        assert waiting.result().row["label"] == "tea"
    await rings.aclose()


async def test_what_came_due_while_the_device_was_off_is_reported_as_missed(
    tmp_path: Path, clock: HandClock
):
    store = DocumentStore(tmp_path / "off", clock)
    await store.write([Effect("phone.alarms.t", TIMER)])
    store.close()
    clock.turn(3600)
    again = DocumentStore(tmp_path / "off", clock)
    (ring,) = await Ringer(again, clock).due()
    assert (ring.missed, ring.late_s) == (True, 3540.0)
    assert (await rows(again))[0]["state"] == "rung"
    again.close()


async def test_a_repeating_alarm_rings_and_stays_set_for_the_next_day(
    store: DocumentStore, clock: HandClock
):
    at = (START + timedelta(minutes=1)).isoformat(timespec="minutes")
    await store.write([Effect("phone.alarms.a", {"kind": "alarm", "state": "set", "time": at,
                                                 "repeat": "daily"})])  # fmt: skip
    clock.turn(60)
    assert len(await Ringer(store, clock).due()) == 1
    states = {row["id"]: (row["state"], row["time"]) for row in await rows(store)}
    assert states == {
        "a": ("set", "2026-11-24T10:01"),
        "a-20261123": ("ringing", "2026-11-23T10:01"),
    }


async def test_paused_and_rung_rows_do_not_ring(store: DocumentStore, clock: HandClock):
    await store.write([Effect("phone.alarms.p", {**TIMER, "state": "paused"}),
                       Effect("phone.alarms.r", {**TIMER, "state": "rung"})])  # fmt: skip
    clock.turn(3600)
    assert await Ringer(store, clock).due() == []
