import asyncio
from collections.abc import AsyncGenerator
from typing import Any

from edgewise.cloud.event_stream import EventStream


class Line:
    """A connection: what was sent, and a client that leaves when told."""

    def __init__(self, stuck: bytes = b"") -> None:
        self.stuck = stuck
        self.sent: list[dict[str, Any]] = []
        self.left = asyncio.Event()
        self.wrote = asyncio.Condition()

    async def receive(self) -> dict[str, Any]:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        async with self.wrote:
            self.sent.append(dict(message))
            self.wrote.notify_all()
        if self.stuck and message.get("body") == self.stuck:
            await asyncio.Event().wait()

    async def until(self, body: bytes) -> None:
        async with self.wrote:
            await self.wrote.wait_for(lambda: any(m.get("body") == body for m in self.sent))


class Source:
    """Frames, with a wait after the first, and whether it was closed."""

    def __init__(self) -> None:
        self.more = asyncio.Event()
        self.closed = asyncio.Event()

    async def frames(self) -> AsyncGenerator[bytes, None]:
        try:
            yield b"1"
            await self.more.wait()
            yield b"2"
        finally:
            self.closed.set()


async def opened(line: Line, source: Source, **settings: Any) -> "asyncio.Task[None]":
    frames = source.frames()
    reply = EventStream(await anext(frames), frames, **settings)
    return asyncio.create_task(reply({"type": "http"}, line.receive, line.send))


async def test_everything_is_sent_with_the_headers_of_a_stream():
    line, source = Line(), Source()
    source.more.set()
    await asyncio.wait_for(await opened(line, source, headers={"Request-Id": "r"}), 5)
    headers = dict(line.sent[0]["headers"])
    assert headers[b"content-type"].startswith(b"text/event-stream")
    assert headers[b"request-id"] == b"r"
    assert [message["body"] for message in line.sent[1:]] == [b"1", b"2", b""]
    assert line.sent[-1]["more_body"] is False


async def test_the_source_is_closed_as_soon_as_the_reader_leaves():
    line, source = Line(), Source()
    sending = await opened(line, source)
    await asyncio.wait_for(line.until(b"1"), 5)
    line.left.set()
    await asyncio.wait_for(sending, 5)
    assert source.closed.is_set()
    assert line.sent[-1]["body"] == b"1"


async def test_the_source_is_closed_when_a_reader_leaves_that_took_nothing_more():
    line, source = Line(stuck=b"1"), Source()
    sending = await opened(line, source)
    await asyncio.wait_for(line.until(b"1"), 5)
    line.left.set()
    await asyncio.wait_for(sending, 5)
    assert source.closed.is_set()


async def test_a_silent_source_is_kept_alive():
    line, source = Line(), Source()
    sending = await opened(line, source, quiet_s=0.01, alive=b": alive\n\n")
    await asyncio.wait_for(line.until(b": alive\n\n"), 5)
    source.more.set()
    await asyncio.wait_for(sending, 5)
    assert line.sent[-2]["body"] == b"2"


async def test_the_source_is_closed_when_the_server_stops():
    line, source = Line(), Source()
    sending = await opened(line, source)
    await asyncio.wait_for(line.until(b"1"), 5)
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    assert source.closed.is_set()
