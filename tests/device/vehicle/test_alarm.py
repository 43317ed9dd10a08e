"""Being called at a moment of a clock."""

import asyncio

from edgewise.core.clock import SystemClock
from edgewise.device.vehicle.alarm import call_at, wait_until
from edgewise.testing.clock import ManualClock


async def test_a_clock_turned_by_hand_rings_when_it_is_turned():
    clock = ManualClock()
    waiting = asyncio.create_task(wait_until(clock, clock.monotonic() + 5))
    await asyncio.sleep(0)
    clock.advance(4.9)
    await asyncio.sleep(0)
    assert not waiting.done()
    clock.advance(0.2)
    await asyncio.wait_for(waiting, 1)


async def test_the_machines_clock_rings_by_the_event_loop():
    clock = SystemClock()
    began = clock.monotonic()
    await asyncio.wait_for(wait_until(clock, began + 0.02), 2)
    assert clock.monotonic() >= began + 0.019


async def test_a_cancelled_wait_leaves_no_alarm_behind():
    clock = ManualClock()
    waiting = asyncio.create_task(wait_until(clock, clock.monotonic() + 5))
    await asyncio.sleep(0)
    assert clock.waiting == 1
    waiting.cancel()
    await asyncio.wait((waiting,))
    assert clock.waiting == 0


async def test_an_alarm_of_the_event_loop_can_be_cancelled():
    rung: list[int] = []
    clock = SystemClock()
    cancel = call_at(clock, clock.monotonic(), lambda: rung.append(1))
    cancel()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not rung
