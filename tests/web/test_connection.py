"""Connections that say nothing, too little or too much are ended; the others do not notice."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from edgewise.device.api import create_app
from edgewise.device.doorkeeper import Doorkeeper
from edgewise.web.connection import HEADERS_LIMIT_BYTES, LOST, FastConnection, PromptConnection
from tests.device.conftest import PROGRAM_TOKEN, TOKEN, Served, client_of, listen
from tests.device.fake_agent import FakeAgent
from tests.device.test_api import events_of

LIMIT_S = 5.0


class Hasty(PromptConnection):
    request_s = 0.2


@pytest.fixture
async def hasty(tmp_path: object) -> AsyncIterator[Served]:
    """A device whose patience is a fifth of a second."""
    agent, doorkeeper = FakeAgent(), Doorkeeper(TOKEN, PROGRAM_TOKEN)
    app = create_app(agent, doorkeeper=doorkeeper, vehicle=agent.car, body_s=0.2)
    async with listen(app, Hasty) as base_url, client_of(base_url, TOKEN) as client:
        yield Served(base_url, agent, doorkeeper, client)


async def say(served: Served, *pieces: bytes) -> bytes:
    """What the device says to `pieces`, sent one after another, until it ends the connection."""
    port = int(served.base_url.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        return await asyncio.wait_for(reader.read(), LIMIT_S)
    except ConnectionError:
        return b""
    finally:
        writer.close()


@pytest.mark.parametrize(
    "pieces", [(b"",), (b"GET /v1/hea",), (b"GET /v1/health HTTP/1.1\r\n", b"Host: 127.0.0.1\r\n")]
)
async def test_a_request_that_does_not_come_is_not_waited_for(
    hasty: Served, pieces: tuple[bytes, ...]
):
    assert await say(hasty, *pieces) == b""
    assert events_of(await hasty.client.post("/v1/agent/turns", json={"text": "open"}))


async def test_a_second_request_that_does_not_come_is_not_waited_for(hasty: Served):
    said = await say(hasty, b"GET /v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /")
    assert said.startswith(b"HTTP/1.1 200")
    assert said.count(b"HTTP/1.1") == 1


async def test_a_body_that_does_not_come_is_answered_408(hasty: Served):
    head = (
        f"POST /v1/agent/turns HTTP/1.1\r\nHost: {hasty.base_url[7:]}\r\nContent-Length: 50\r\n"
        f"Authorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\n\r\n"
    )
    said = await say(hasty, head.encode(), b'{"text":')
    assert said.startswith(b"HTTP/1.1 408")
    assert json.loads(said.partition(b"\r\n\r\n")[2])["error"]["code"] == "body_too_slow"
    assert not hasty.agent.requests


async def test_a_turn_may_take_longer_than_a_request(hasty: Served):
    async with hasty.client.stream("POST", "/v1/agent/turns", json={"text": "wait"}) as stream:
        await say(hasty, b"")  # as long as the device waits for a request
        hasty.agent.let_all_go()
        text = "".join([part async for part in stream.aiter_text()])
    assert '"event":"stopped"' in text


async def test_fifty_slow_connections_hinder_nobody(hasty: Served):
    slow = asyncio.gather(*(say(hasty, b"GET / HT") for _ in range(50)))
    events_of(await hasty.client.post("/v1/agent/turns", json={"text": "open"}))
    assert await slow == [b""] * 50


@pytest.mark.parametrize(
    "request_", [b"A" * 100_000, b"GET / HTTP/1.1\r\nX: " + b"a" * (HEADERS_LIMIT_BYTES * 2)]
)
async def test_headers_without_end_are_refused(hasty: Served, request_: bytes):
    said = await say(hasty, request_)
    assert said == b"" or said.startswith(b"HTTP/1.1 400")
    assert (await hasty.client.get("/v1/health")).status_code == 200


@pytest.mark.parametrize(
    "head",
    [
        b"GET /v1/agent/turns/stream HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
        b"CONNECT 127.0.0.1:22 HTTP/1.1\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n",
    ],
)
async def test_another_protocol_is_refused(hasty: Served, head: bytes):
    said = await say(hasty, head + b"Host: 127.0.0.1\r\nConnection: close\r\n\r\n")
    assert said == b"" or said.startswith(b"HTTP/1.1 4"), said[:60]
    assert (await hasty.client.get("/v1/health")).status_code == 200


class Telling:
    """An application that waits without end, and the connection that its client made."""

    def __init__(self) -> None:
        self.begun, self.lost, self.ends = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.tell: Callable[[Callable[[], object] | None], None] = lambda _: None
        self.told: list[str] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        self.tell = scope["extensions"][LOST]
        self.tell(self.note)
        self.begun.set()
        await self.ends.wait()

    def note(self) -> None:
        self.told.append("lost")
        self.lost.set()


@pytest.fixture
async def telling() -> AsyncIterator[tuple[Telling, asyncio.StreamWriter]]:
    app = Telling()
    async with listen(app, FastConnection) as address:
        port = int(address.rpartition(":")[2])
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        await asyncio.wait_for(app.begun.wait(), LIMIT_S)
        yield app, writer
        app.ends.set()
        writer.close()


async def test_the_loss_of_a_connection_is_told_once(
    telling: tuple[Telling, asyncio.StreamWriter],
):
    app, writer = telling
    writer.transport.abort()
    await asyncio.wait_for(app.lost.wait(), LIMIT_S)
    assert app.told == ["lost"]


async def test_a_loss_that_was_before_is_told_at_once(
    telling: tuple[Telling, asyncio.StreamWriter],
):
    app, writer = telling
    writer.transport.abort()
    await asyncio.wait_for(app.lost.wait(), LIMIT_S)
    app.tell(app.note)
    assert app.told == ["lost", "lost"]


async def test_a_loss_is_told_to_nobody_who_wants_no_more(
    telling: tuple[Telling, asyncio.StreamWriter],
):
    app, writer = telling
    app.tell(None)
    seen = asyncio.Event()
    connection: Any = app.tell.__self__  # type: ignore[attr-defined]
    connection.cycle.message_event = seen  # which uvicorn sets when the connection is lost
    writer.transport.abort()
    await asyncio.wait_for(seen.wait(), LIMIT_S)
    assert app.told == []


async def test_a_next_request_that_comes_before_the_last_is_done_is_answered():
    """A client has all bytes of a reply before the application says that it was the last."""
    may_end = asyncio.Event()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        body = b""
        while scope["method"] == "POST" and (message := await receive()):
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        length = (b"content-length", b"%d" % (len(body) or 4))
        await send({"type": "http.response.start", "status": 200, "headers": [length]})
        await send({"type": "http.response.body", "body": body or b"some", "more_body": True})
        if scope["method"] == "GET":
            await may_end.wait()
        await send({"type": "http.response.body", "body": b""})

    async with listen(app, FastConnection) as base_url:
        port = int(base_url.rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        async with asyncio.timeout(LIMIT_S):
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert (await reader.readuntil(b"some")).startswith(b"HTTP/1.1 200")
            writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nabc")
            await asyncio.sleep(0.1)
            may_end.set()
            await asyncio.sleep(0.1)
            writer.write(b"def")
            assert (await reader.readuntil(b"abcdef")).startswith(b"HTTP/1.1 200")
        writer.close()


async def test_an_answer_before_the_body_says_that_the_connection_closes_and_is_read_whole():
    """Else a client sends its next request into a connection that ends."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == "/read":
            while (await receive()).get("more_body"):
                pass
        length = (b"content-length", b"4")
        await send({"type": "http.response.start", "status": 413, "headers": [length]})
        await send({"type": "http.response.body", "body": b"some"})

    async def said(path: bytes, *parts: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST " + path + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n")
        told = b""
        for part in parts:
            await asyncio.sleep(0.05)
            writer.write(part)
            await writer.drain()
        async with asyncio.timeout(LIMIT_S):
            told = await reader.readuntil(b"some")
            if b"connection: close" in told:
                assert await reader.read() == b""
        writer.close()
        return told

    async with listen(app, FastConnection) as base_url:
        port = int(base_url.rpartition(":")[2])
        half = bytes(100_000)
        assert b"connection: close" in await said(b"/early", half, half)
        assert b"connection" not in await said(b"/read", half, half)
