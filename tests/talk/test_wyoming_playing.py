"""An answer on its way to a satellite: paced, stopped, and known to be heard."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from edgewise.talk.wyoming_playing import AFTER_S, Playing
from edgewise.testing.clock import ManualClock
from tests.talk.test_wyoming_hearing import Kept, settle

SECOND = bytes(48_000)


@asynccontextmanager
async def sending() -> AsyncGenerator[tuple[Playing, Kept, ManualClock]]:
    kept, clock = Kept(), ManualClock()
    playing = Playing(kept, clock)  # type: ignore[arg-type]
    running = asyncio.create_task(playing.run())
    try:
        yield playing, kept, clock
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_no_more_is_sent_than_is_heard_soon():
    async with sending() as (playing, kept, _):
        playing.add(SECOND * 10)
        for _ in range(20):
            await settle()
        kinds = [kind for kind, _ in kept.events]
        assert kinds == ["audio-start"] + ["audio-chunk"] * 6  # half a second, and the next piece


async def test_a_stop_drops_the_rest_and_closes_the_sound():
    async with sending() as (playing, kept, _):
        playing.add(SECOND)
        await settle()
        playing.stop()
        await kept.until("audio-stop")
        assert len(kept.events) < 10


async def test_it_is_heard_until_it_was_played_and_the_room_is_quiet():
    async with sending() as (playing, kept, clock):
        assert not playing.is_heard
        playing.add(bytes(9_600))
        playing.end()
        assert playing.is_heard
        await settle()
        assert kept.events[-1][0] == "audio-stop"
        clock.advance(0.2 + AFTER_S - 0.01)
        assert playing.is_heard
        clock.advance(0.02)
        assert not playing.is_heard


async def test_a_satellite_that_tells_it_has_played_is_believed():
    async with sending() as (playing, _, clock):
        playing.add(bytes(19_200))
        playing.end()
        await settle()
        playing.is_played()
        clock.advance(AFTER_S + 0.01)
        assert not playing.is_heard
