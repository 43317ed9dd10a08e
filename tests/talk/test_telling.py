"""Events on their way to who reads them."""

import asyncio

from edgewise.talk.events import Cleared, Failed, ReplySound, SpeechStarted
from edgewise.talk.telling import MOST_EVENTS, SOUND_LIMIT_BYTES, Telling


async def test_all_events_are_read_once_in_order_until_the_end():
    telling = Telling()
    telling.tell(SpeechStarted("a", 0))
    telling.tell(Cleared())
    telling.end()
    telling.tell(SpeechStarted("too late", 0))
    assert [event async for event in telling.read()] == [SpeechStarted("a", 0), Cleared()]


async def test_a_reader_waits_for_what_comes():
    telling = Telling()
    events = telling.read()
    first = asyncio.ensure_future(anext(events))
    await asyncio.sleep(0)
    assert not first.done()
    telling.tell(Cleared())
    assert await first == Cleared()
    await events.aclose()


async def test_sound_that_nobody_reads_holds_up_who_makes_it():
    telling = Telling()
    sound = ReplySound("r", "i", bytes(SOUND_LIMIT_BYTES), "words")
    await asyncio.wait_for(telling.room(), 1)
    telling.tell(sound)
    waiting = asyncio.ensure_future(telling.room())
    await asyncio.sleep(0)
    assert not waiting.done()
    events = telling.read()
    assert await anext(events) == sound
    await asyncio.wait_for(waiting, 1)
    await events.aclose()


async def test_events_that_nobody_reads_end_it_with_the_reason():
    telling = Telling()
    for _ in range(MOST_EVENTS + 5):
        telling.tell(Cleared())
    assert telling.ended
    told = [event async for event in telling.read()]
    assert len(told) == MOST_EVENTS + 1
    assert isinstance(told[-1], Failed)
    assert told[-1].code == "talk_not_read"
