"""Streams of server-sent events: nothing lost, nobody waited for, cleaned up behind readers."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

import msgspec

from edgewise.core.event import TextDelta
from edgewise.device.sse import EventStream, frame_of, latest_changes
from edgewise.errors import UserError
from edgewise.web.frame import frame


class Reader:
    """The receiving end of an ASGI reply: keeps what is sent, leaves when told."""

    def __init__(self) -> None:
        self.status = 0
        self.body = b""
        self.left = asyncio.Event()
        self.got = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.status = message.get("status", self.status)
        self.body += message.get("body", b"")
        self.got.set()


async def deliver(stream: EventStream, reader: Reader) -> None:
    async with asyncio.timeout(5):
        await stream({"type": "http"}, reader.receive, reader.send)


async def pieces(*parts: bytes) -> AsyncGenerator[bytes, None]:
    for part in parts:
        yield part


def test_a_frame_has_number_name_and_one_line_of_data():
    event = TextDelta(seq=3, at=1.0, turn="t", text="a\nb")
    head, name, data, *rest = frame_of(event).decode().split("\n")
    assert (head, name, rest) == ("id: 3", "event: text_delta", ["", ""])
    assert msgspec.json.decode(data.removeprefix("data: "))["text"] == "a\nb"
    assert frame(b"{}") == b"data: {}\n\n"


async def test_all_frames_arrive_in_order_and_the_stream_ends():
    reader, ended = Reader(), []
    parts = [frame(str(n).encode()) for n in range(1000)]
    await deliver(EventStream(pieces(*parts), on_end=lambda: ended.append(1)), reader)
    assert reader.body == b"".join(parts)
    assert ended == [1]


async def test_an_error_before_the_first_frame_has_its_own_status():
    async def fails() -> AsyncGenerator[bytes, None]:
        raise UserError("speed: 999 is over 300")
        yield b""

    reader = Reader()
    await deliver(EventStream(fails()), reader)
    assert reader.status == 400
    assert b"999 is over 300" in reader.body


async def test_an_error_later_is_told_as_an_event():
    async def fails() -> AsyncGenerator[bytes, None]:
        yield frame(b"1")
        raise UserError("gone")

    reader = Reader()
    await deliver(EventStream(fails()), reader)
    assert reader.status == 200
    assert b"event: error\ndata: " in reader.body


async def test_a_fault_of_ours_is_told_without_its_secrets():
    async def fails() -> AsyncGenerator[bytes, None]:
        raise ValueError("password hunter2")
        yield b""

    reader = Reader()
    await deliver(EventStream(fails()), reader)
    assert reader.status == 500
    assert b"hunter2" not in reader.body


async def test_a_reader_that_leaves_ends_the_generator_in_order():
    reader, steps = Reader(), []
    gate = asyncio.Event()

    async def waits() -> AsyncGenerator[bytes, None]:
        try:
            yield frame(b"1")
            await gate.wait()
            steps.append("told to stop")
            yield frame(b"2")
        finally:
            steps.append("closed")

    async def leave() -> None:
        gate.set()

    stream = EventStream(waits(), on_leave=leave, on_end=lambda: steps.append("ended"))
    task = asyncio.create_task(deliver(stream, reader))
    await asyncio.wait_for(reader.got.wait(), 5)
    reader.left.set()
    await task
    assert steps == ["told to stop", "closed", "ended"]


async def test_a_generator_that_is_cancelled_from_within_ends_the_stream():
    async def cancelled() -> AsyncGenerator[bytes, None]:
        yield frame(b"1")
        raise asyncio.CancelledError

    reader = Reader()
    await deliver(EventStream(cancelled()), reader)
    assert reader.body == frame(b"1")


async def test_silence_is_filled_with_comments():
    async def silent() -> AsyncGenerator[bytes, None]:
        await asyncio.Event().wait()
        yield b""

    reader = Reader()
    task = asyncio.create_task(deliver(EventStream(silent(), keep_alive_s=0.01), reader))
    async with asyncio.timeout(5):
        while b": keep-alive" not in reader.body:
            reader.got.clear()
            await reader.got.wait()
    reader.left.set()
    await task


async def test_changes_that_come_faster_than_they_are_read_join_to_the_newest():
    seen = asyncio.Event()

    async def bursts() -> AsyncIterator[dict[str, Any]]:
        for number in range(100):
            yield {"speed": number}
        seen.set()

    got = [change async for change in latest_changes(bursts(), at_most_every_s=0.0)]
    assert got[-1] == {"speed": 99}
    assert len(got) < 100


async def test_an_error_of_the_source_of_changes_reaches_the_reader():
    async def breaks() -> AsyncIterator[dict[str, Any]]:
        yield {"speed": 1}
        raise UserError("the bus is gone")

    got: list[object] = []
    try:
        async for change in latest_changes(breaks(), at_most_every_s=0.0):
            got.append(change)
    except UserError as error:
        got.append(str(error))
    assert got == [{"speed": 1}, "the bus is gone"]


async def test_a_server_that_shuts_down_ends_the_reply_in_order():
    async def silent() -> AsyncGenerator[bytes, None]:
        yield frame(b"1")
        await asyncio.Event().wait()

    reader, ended = Reader(), []
    stream = EventStream(silent(), on_end=lambda: ended.append(1))
    task = asyncio.create_task(deliver(stream, reader))
    await asyncio.wait_for(reader.got.wait(), 5)
    task.cancel()
    await asyncio.wait({task}, timeout=5)
    assert not task.cancelled()
    assert (reader.body, ended) == (frame(b"1"), [1])


async def test_a_reader_of_changes_who_is_cancelled_as_it_leaves_stays_cancelled():
    ending, gate = asyncio.Event(), asyncio.Event()

    async def slow_to_end() -> AsyncIterator[dict[str, Any]]:
        try:
            yield {"speed": 1}
            await asyncio.Event().wait()
        finally:
            ending.set()
            await gate.wait()

    async def reads() -> None:
        changes = latest_changes(slow_to_end(), at_most_every_s=0.0)
        try:
            await anext(changes)
            await changes.aclose()
        finally:
            gate.set()

    reader = asyncio.create_task(reads())
    await asyncio.wait_for(ending.wait(), 5)
    reader.cancel()
    await asyncio.wait({reader}, timeout=5)
    assert reader.cancelled()


async def test_a_reply_that_is_cancelled_while_its_generator_ends_stays_cancelled():
    ending, gate, ended = asyncio.Event(), asyncio.Event(), list[int]()

    async def slow_to_end() -> AsyncGenerator[bytes, None]:
        try:
            yield frame(b"1")
            await asyncio.Event().wait()
        finally:
            ending.set()
            await gate.wait()

    reader = Reader()
    stream = EventStream(slow_to_end(), on_end=lambda: ended.append(1))
    task = asyncio.create_task(deliver(stream, reader))
    await asyncio.wait_for(reader.got.wait(), 5)
    reader.left.set()
    await asyncio.wait_for(ending.wait(), 5)
    task.cancel()
    await asyncio.wait({task}, timeout=5)
    gate.set()
    assert task.cancelled()
    assert ended == [1]
