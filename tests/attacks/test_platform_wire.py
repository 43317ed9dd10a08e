"""Attacks on the platform's sockets: smuggled requests, slow ones, and ones that do not end."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from edgewise.cloud import doors
from edgewise.web.connection import HEADERS_LIMIT_BYTES, FastConnection
from tests.cloud.running import Running, running_cloud
from tests.cloud.wire import post, repeated, say, say_on, statuses

BODY = json.dumps({"model": "fake", "messages": [{"role": "user", "content": "hi"}]}).encode()
PREFIX = b"POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
HIDDEN = b"GET /v1/models HTTP/1.1\r\nHost: a\r\n\r\n"


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """One platform that bears all of it."""
    async with running_cloud(tmp_path_factory.mktemp("cloud")) as served:
        yield served


async def works(running: Running) -> None:
    """The next good request gets its answer."""
    reply = await running.client.post("/v1/chat/completions", content=BODY, headers=JSON)
    assert reply.status_code == 200


JSON = {"Content-Type": "application/json"}

SMUGGLED = {
    "length and chunks": b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks and length": b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
    "two lengths": b"Content-Length: 0\r\nContent-Length: 5\r\n\r\n",
    "two equal lengths": b"Content-Length: 0\r\nContent-Length: 0\r\n\r\n",
    "a list of lengths": b"Content-Length: 0, 5\r\n\r\n",
    "a signed length": b"Content-Length: +0\r\n\r\n",
    "a negative length": b"Content-Length: -1\r\n\r\n",
    "a hexadecimal length": b"Content-Length: 0x0\r\n\r\n",
    "a huge length": b"Content-Length: 99999999999999999999999\r\n\r\n",
    "a folded header": b"Content-Length: 0\r\nX-A: b\r\n c: d\r\n\r\n",
    "a folded length": b"Content-Length:\r\n 0\r\n\r\n",
    "a space before the colon": b"Content-Length : 0\r\n\r\n",
    "a null in a header": b"X-A: b\x00c\r\nContent-Length: 0\r\n\r\n",
    "a bare return": b"X-A: b\rContent-Length: 0\r\n\r\n",
    "bare line feeds": b"Content-Length: 0\n\n",
    "an unknown coding": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "a coding after chunked": b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "two codings": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
    "a coding in quotes": b'Transfer-Encoding: "chunked"\r\n\r\n0\r\n\r\n',
    "a coding with a tab": b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
    "a chunk of no size": b"Transfer-Encoding: chunked\r\n\r\n\r\n\r\n",
    "a chunk of a signed size": b"Transfer-Encoding: chunked\r\n\r\n+0\r\n\r\n",
    "a chunk of 0x size": b"Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n",
    "a huge chunk": b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffffff\r\n\r\n",
    "a chunk that is longer": b"Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
    "chunks by line feeds": b"Transfer-Encoding: chunked\r\n\r\n1\na\n0\n\n",
    "a trailer": b"Transfer-Encoding: chunked\r\n\r\n0\r\nAuthorization: Bearer x\r\n\r\n",
}


@pytest.mark.parametrize("how", SMUGGLED)
async def test_a_request_hidden_in_another_is_not_answered(running: Running, how: str):
    said = await say(running.address, PREFIX + SMUGGLED[how] + HIDDEN, limit_s=3)
    assert statuses(said) in ([400], [401], [401, 400], []), said
    assert b"403" not in said
    await works(running)


async def test_a_request_of_http_1_0_with_chunks_hides_nothing(running: Running):
    old = PREFIX.replace(b"HTTP/1.1", b"HTTP/1.0") + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    assert len(statuses(await say(running.address, old + HIDDEN, limit_s=3))) <= 1
    await works(running)


async def test_a_body_of_a_gigabyte_is_refused_before_it_is_read(running: Running):
    sent = 0

    async def pieces():
        nonlocal sent
        yield post(b"", f"Content-Length: {2**30}", key=running.key)
        for _ in range(2**30 // 65536):
            sent += 65536
            yield bytes(65536)

    began = time.monotonic()
    said = await say_on(running.address, pieces())
    assert said.startswith(b"HTTP/1.1 413")
    assert b"request_too_large" in said
    assert time.monotonic() - began < 5
    assert sent < 64 * 2**20
    await works(running)


async def test_a_body_that_grows_over_the_limit_is_refused_there(tmp_path: Path):
    async with running_cloud(tmp_path, body_limit_bytes=100_000) as running:
        head = post(b"", "Transfer-Encoding: chunked", key=running.key)
        piece = b"2000\r\n" + b" " * 0x2000 + b"\r\n"
        said = await say_on(running.address, repeated(piece, 10_000, [head]))
        assert said.startswith(b"HTTP/1.1 413")
        await works(running)


async def test_a_wrong_key_is_told_so_whatever_body_follows(running: Running):
    head = post(b"", f"Content-Length: {20 * 2**20}", key="sk-wrong", close=False)
    said = await say_on(running.address, repeated(bytes(65536), 320, [head]))
    assert statuses(said) == [401]
    assert b"invalid_api_key" in said


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"POST /v1/chat/completions HT",
        PREFIX,
        PREFIX + b"X-A: b",
    ],
)
async def test_a_head_that_does_not_come_is_not_waited_for(
    running: Running, monkeypatch: pytest.MonkeyPatch, head: bytes
):
    monkeypatch.setattr(FastConnection, "request_s", 0.2)
    began = time.monotonic()
    assert await say(running.address, head) == b""
    assert time.monotonic() - began < 3
    await works(running)


async def test_a_head_that_comes_in_drops_is_not_waited_for(
    running: Running, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(FastConnection, "request_s", 0.3)

    async def drops():
        yield PREFIX
        for _ in range(100):
            await asyncio.sleep(0.05)
            yield b"X-A: b\r\n"

    began = time.monotonic()
    assert await say_on(running.address, drops()) == b""
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("part", [b"", b'{"model":'])
async def test_a_body_that_does_not_come_is_not_waited_for(
    running: Running, monkeypatch: pytest.MonkeyPatch, part: bytes
):
    monkeypatch.setattr(doors, "BODY_S", 0.2)
    said = await say(running.address, post(part, "Content-Length: 100", key=running.key))
    assert said.startswith(b"HTTP/1.1 408")
    await works(running)


async def test_a_body_that_comes_in_drops_is_not_waited_for(
    running: Running, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(doors, "BODY_S", 0.3)

    async def drops():
        yield post(b"", "Content-Length: 100", key=running.key)
        for _ in range(90):
            await asyncio.sleep(0.05)
            yield b" "

    said = await say_on(running.address, drops())
    assert said.startswith(b"HTTP/1.1 408")


FLOODS = {
    "many headers": (PREFIX, b"X-A: bbbbbbbbbbbbbbbbbbbbbbbb\r\n"),
    "a long header": (PREFIX + b"X-A: ", b"b" * 4096),
    "a long name": (PREFIX, b"b" * 4096),
    "a long path": (b"GET /", b"b" * 4096),
    "a long method": (b"", b"G" * 4096),
    "many trailers": (
        PREFIX + b"Transfer-Encoding: chunked\r\n\r\n0\r\n",
        b"X-A: bbbbbbbbbbbbbbbbbbbbbbbb\r\n",
    ),
    "a long trailer": (PREFIX + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX-A: ", b"b" * 4096),
    "a long chunk extension": (PREFIX + b"Transfer-Encoding: chunked\r\n\r\n1;", b"b" * 4096),
}


@pytest.mark.parametrize("how", FLOODS)
async def test_a_flood_of_what_is_no_body_is_cut_off(running: Running, how: str):
    head, piece = FLOODS[how]
    sent = 0

    async def pieces():
        nonlocal sent
        yield head
        for _ in range(20_000):
            sent += len(piece)
            yield piece

    said = await say_on(running.address, pieces())
    assert statuses(said) in ([400], [401], [401, 400], [], [405]), said[:200]
    assert sent < 20_000 * len(piece) or sent < 4 * 2**20
    await works(running)


@pytest.mark.parametrize("how", ["many trailers", "a long trailer", "a long chunk extension"])
async def test_a_flood_behind_a_good_key_is_cut_off(running: Running, how: str):
    head, piece = FLOODS[how]
    head = head.replace(b"Host: a", b"Host: a\r\nAuthorization: Bearer " + running.key.encode())
    said = await say_on(running.address, repeated(piece, 5_000, [head]))
    assert statuses(said) in ([400], []), said[:200]
    await works(running)


async def test_a_body_in_chunks_of_one_byte_is_bounded(running: Running):
    head = post(b"", "Transfer-Encoding: chunked", key=running.key)
    said = await say_on(running.address, repeated(b"1\r\n \r\n" * 1000, 100, [head]))
    assert statuses(said) == [400]
    await works(running)


async def test_a_good_body_in_chunks_is_read(running: Running):
    chunks = b"".join(b"%x\r\n%s\r\n" % (1, bytes([byte])) for byte in BODY) + b"0\r\n\r\n"
    said = await say(running.address, post(chunks, "Transfer-Encoding: chunked", key=running.key))
    assert statuses(said) == [200]


async def test_headers_up_to_the_limit_are_read_and_longer_ones_are_not(running: Running):
    most = HEADERS_LIMIT_BYTES - 400
    fits = await say(running.address, post(BODY, "X-A: " + "b" * most, key=running.key))
    assert statuses(fits) == [200]
    over = await say(running.address, post(BODY, "X-A: " + "b" * (most + 400), key=running.key))
    assert statuses(over) == [400]
    assert not running.cloud.ledger.running


async def test_requests_sent_at_once_are_answered_in_order(running: Running):
    one = post(BODY, key=running.key, close=False)
    said = await say(running.address, one + one + post(BODY, key=running.key))
    assert statuses(said) == [200, 200, 200]


async def test_many_that_say_nothing_do_not_stop_the_others(running: Running):
    silent = [asyncio.create_task(say(running.address, PREFIX, limit_s=5)) for _ in range(200)]
    try:
        await works(running)
    finally:
        for task in silent:
            task.cancel()
        await asyncio.gather(*silent, return_exceptions=True)
