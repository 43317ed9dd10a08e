"""A resumable stream keeps its newest events and gives those after one that was seen."""

import asyncio

import pytest

from edgewise.cloud.caller import Caller, KeyKind
from edgewise.cloud.refusal import Refused
from edgewise.cloud.streams import Stream, resume_of, seen_of, tape_in
from edgewise.cloud.tape import TapeRoom

CALLER = Caller("key_1", KeyKind.DEVELOPER, "org_1", "proj_1")


async def test_old_events_go_when_there_are_too_many_and_that_is_told():
    stream = Stream("strm_1", CALLER, 1.0, tape_in(TapeRoom(), 40))
    for number in range(5):
        stream.add(b"%d234" % number)
    stream.end()
    with pytest.raises(Refused) as refused:
        await anext(stream.after(0))
    assert refused.value.status == 410
    assert [frame async for frame in stream.after(3)] == [
        b"id: 4\ndata: 3234\n\nid: 5\ndata: 4234\n\n"
    ]


async def test_a_reader_waits_for_what_is_to_come():
    stream = Stream("strm_1", CALLER, 1.0, tape_in(TapeRoom()))
    reading = asyncio.create_task(anext(stream.after(0)))
    await asyncio.sleep(0)
    stream.add(b"one")
    assert await reading == b"id: 1\ndata: one\n\n"


async def test_a_reader_that_falls_behind_is_told_by_the_last_event():
    stream = Stream("strm_1", CALLER, 1.0, tape_in(TapeRoom(), 40))
    reading = stream.after(0)
    stream.add(b"1234")
    assert await anext(reading) == b"id: 1\ndata: 1234\n\n"
    for _ in range(4):
        stream.add(b"1234")
    assert b'"code":"stream_gone"' in await anext(reading)
    with pytest.raises(StopAsyncIteration):
        await anext(reading)


@pytest.mark.parametrize("given", ["x", "-1", "0", "301", "nan", "inf"])
def test_a_time_that_can_not_be_is_refused(given: str):
    with pytest.raises(Refused):
        resume_of(given)


@pytest.mark.parametrize("given", ["x", "-1", "1.5", "９", "1" * 20])
def test_an_id_that_no_event_has_is_refused(given: str):
    with pytest.raises(Refused):
        seen_of(given)
