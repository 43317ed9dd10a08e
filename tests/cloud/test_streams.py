"""A resumable stream keeps its newest events and gives those after one that was seen."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from edgewise.cloud.caller import Caller, KeyKind
from edgewise.cloud.refusal import Refused
from edgewise.cloud.streams import MOST_OF_A_KEY, Stream, Streams, resume_of, seen_of, tape_in
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


class Endless:
    """An exchange that writes nothing until it may end."""

    def __init__(self) -> None:
        self.may_end = asyncio.Event()

    async def __aenter__(self) -> "Endless":
        return self

    async def __aexit__(self, *_: object) -> None:
        return

    async def batches(self) -> AsyncGenerator[list[bytes], None]:
        await self.may_end.wait()
        yield [b"{}"]


async def test_streams_that_are_over_make_room_and_those_that_run_do_not():
    streams = Streams()
    exchanges: list[Any] = [Endless() for _ in range(MOST_OF_A_KEY)]
    begun = [streams.start(exchange, CALLER, 60.0) for exchange in exchanges]
    with pytest.raises(Refused) as refused:
        streams.start(exchanges[0], CALLER, 60.0)
    assert refused.value.status == 429
    exchanges[5].may_end.set()
    assert begun[5].task is not None
    await begun[5].task
    fresh: Any = Endless()
    new = streams.start(fresh, CALLER, 60.0)
    assert streams.find(new.id, CALLER) is new
    with pytest.raises(Refused, match="no stream"):
        streams.find(begun[5].id, CALLER)
    assert streams.find(begun[0].id, CALLER) is begun[0]
    await streams.close()


@pytest.mark.parametrize("given", ["x", "-1", "0", "301", "nan", "inf"])
def test_a_time_that_can_not_be_is_refused(given: str):
    with pytest.raises(Refused):
        resume_of(given)


@pytest.mark.parametrize("given", ["x", "-1", "1.5", "９", "1" * 20])
def test_an_id_that_no_event_has_is_refused(given: str):
    with pytest.raises(Refused):
        seen_of(given)
