"""One connection: whole answers however they are cut, what came before a break, and no more."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest

from edgewise.cloud import upstream_connection
from edgewise.cloud.upstream_connection import HEAD_BYTES, Connection, Silent
from edgewise.errors import LinkError
from tests.cloud.raw_server import LOOPS, Line, Talk, raw_server

Do = Callable[[Connection], Awaitable[Any]]
ASKED = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n"
LENGTH = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
CHUNKS = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"
CLOSE = b"HTTP/1.1 200 OK\r\n\r\nhello"

pytestmark = pytest.mark.parametrize("loop", LOOPS)


def over(loop: Any, talk: Talk, do: Do) -> Any:
    """What `do` gives, over a connection to a server that talks so."""

    async def run() -> Any:
        async with raw_server(talk) as address:
            _, connection = await asyncio.get_running_loop().create_connection(
                lambda: Connection(lambda _: None), "127.0.0.1", int(address.rpartition(":")[2])
            )
            try:
                async with asyncio.timeout(10):
                    return await do(connection)
            finally:
                connection.abort()

    with asyncio.Runner(loop_factory=loop) as runner:
        return runner.run(run())


def saying(*pieces: bytes) -> Talk:
    """Says that after the first request, and ends the connection."""

    async def talk(line: Line) -> None:
        await line.request()
        await line.say(*pieces)

    return talk


async def ask(connection: Connection) -> bytes:
    connection.send(ASKED, b"x")
    await connection.head(5)
    said = b""
    while data := await connection.read(5):
        said += data
    return said


@pytest.mark.parametrize("answer", [LENGTH, CHUNKS, CLOSE])
def test_an_answer_is_whole_wherever_the_network_cuts_it(loop: Any, answer: bytes):
    for at in range(len(answer)):
        assert over(loop, saying(answer[:at], answer[at:]), ask) == b"hello"


def test_a_second_request_goes_over_the_same_connection(loop: Any):
    async def talk(line: Line) -> None:
        for answer in (LENGTH, CHUNKS, LENGTH):
            await line.request()
            await line.say(answer)

    async def thrice(connection: Connection) -> None:
        for _ in range(3):
            assert connection.is_reusable
            assert await ask(connection) == b"hello"

    over(loop, talk, thrice)


@pytest.mark.parametrize(
    "answer",
    [
        LENGTH.replace(b"OK\r\n", b"OK\r\nConnection: close\r\n"),
        LENGTH + b"HTTP/1.1 200 OK\r\n",
        LENGTH.replace(b"1.1", b"1.0"),
    ],
)
def test_a_connection_that_ends_or_says_too_much_is_not_used_again(loop: Any, answer: bytes):
    async def once(connection: Connection) -> None:
        assert await ask(connection) == b"hello"
        assert not connection.is_reusable

    async def talk(line: Line) -> None:
        await line.request()
        await line.say(answer)
        await line.reader.read()

    over(loop, talk, once)


def test_words_that_nobody_asked_for_end_the_connection(loop: Any):
    async def talk(line: Line) -> None:
        await line.request()
        await line.say(LENGTH)
        await line.say(LENGTH)
        await line.reader.read()

    async def ended(connection: Connection) -> None:
        assert await ask(connection) == b"hello"
        while connection.is_reusable:  # noqa: ASYNC110  another's state
            await asyncio.sleep(0.001)

    over(loop, talk, ended)


@pytest.mark.parametrize("cut", range(len(CHUNKS) - 19, len(CHUNKS) - 2))
def test_what_came_before_a_break_is_read_before_it_is_told(loop: Any, cut: int):
    async def read(connection: Connection) -> tuple[bytes, str]:
        connection.send(ASKED, b"x")
        await connection.head(5)
        await asyncio.sleep(0.02)  # all of it is here before the first read
        said = b""
        try:
            while data := await connection.read(5):
                said += data
        except LinkError as error:
            return said, str(error)
        return said, "nothing was told"

    said, told = over(loop, saying(CHUNKS[:cut]), read)
    assert "before the answer was whole" in told
    assert b"hello".startswith(said)
    assert len(said) >= (2 if cut >= CHUNKS.index(b"he\r\n") + 2 else 0)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nx: " + b"y" * (HEAD_BYTES + 1),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        CHUNKS[:-2] + b"x: " + b"y" * (5 * HEAD_BYTES) + b"\r\n\r\n",
        CHUNKS[:-5] + b"1;" + b"y" * (5 * HEAD_BYTES) + b"\r\nx\r\n0\r\n\r\n",
    ],
)
def test_what_is_no_answer_breaks(loop: Any, answer: bytes):
    with pytest.raises(LinkError):
        over(loop, saying(answer), ask)


def test_an_interim_answer_is_not_the_answer(loop: Any):
    interim = b"HTTP/1.1 103 Early\r\nContent-Type: text/event-stream\r\n\r\n"

    async def kind(connection: Connection) -> tuple[int, str, bytes]:
        said = await ask(connection)
        return connection.status, connection.header(b"content-type"), said

    assert over(loop, saying(interim + LENGTH), kind) == (200, "", b"hello")


@pytest.mark.parametrize("before", [b"", CHUNKS[:40], LENGTH[:-1]])
def test_silence_is_told_after_its_time(loop: Any, before: bytes):
    async def talk(line: Line) -> None:
        await line.request()
        await line.say(before)
        await line.reader.read()

    async def wait(connection: Connection) -> float:
        now = asyncio.get_running_loop().time
        connection.send(ASKED, b"x")
        began = now()
        with suppress(Silent):
            await connection.head(0.05)
            began = now()
            while await connection.read(0.05):
                began = now()
            raise AssertionError("the silence was not told")
        return now() - began

    assert 0.045 <= over(loop, talk, wait) < 2


def test_each_read_has_its_own_time_though_the_first_limit_was_long(loop: Any):
    async def talk(line: Line) -> None:
        await line.request()
        await line.say(LENGTH[:-1])
        await line.reader.read()

    async def wait(connection: Connection) -> None:
        connection.send(ASKED, b"x")
        await connection.head(60)
        await connection.read(60)
        with pytest.raises(Silent):
            await connection.read(0.03)

    over(loop, talk, wait)


def test_who_hangs_up_still_reads_what_was_written(loop: Any):
    async def talk(line: Line) -> None:
        await line.request()
        await line.say(b"HTTP/1.1 200 OK\r\n\r\nhe")
        assert await line.reader.read() == b""  # our half is closed
        await line.say(b"llo")

    async def leave(connection: Connection) -> bytes:
        connection.send(ASKED, b"x")
        await connection.head(5)
        said = await connection.read(5)
        assert connection.close_half()
        while data := await connection.read(5):
            said += data
        assert not connection.is_reusable
        return said

    assert over(loop, talk, leave) == b"hello"


def test_an_answer_that_we_end_ourselves_is_not_whole(loop: Any):
    async def talk(line: Line) -> None:
        await line.request()
        await line.say(CLOSE)
        await line.reader.read()

    async def end(connection: Connection) -> None:
        connection.send(ASKED, b"x")
        await connection.head(5)
        assert await connection.read(5) == b"hello"
        connection.abort()
        with pytest.raises(LinkError, match="before the answer was whole"):
            await connection.read(5)

    over(loop, talk, end)


def test_a_reader_that_is_cancelled_leaves_the_answer_to_the_next(loop: Any):
    async def talk(line: Line) -> None:
        await line.request()
        await asyncio.sleep(0.05)
        await line.say(LENGTH)
        await line.reader.read()

    async def cancelled(connection: Connection) -> bytes:
        first = asyncio.create_task(ask(connection))
        await asyncio.sleep(0.01)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        await connection.head(5)
        return await connection.read(5)

    assert over(loop, talk, cancelled) == b"hello"


def test_an_answer_that_nobody_reads_is_not_taken_in(loop: Any):
    whole = 64 * 1024 * 1024
    sent: list[int] = []

    async def talk(line: Line) -> None:
        await line.request()
        line.writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % whole)
        for _ in range(whole // 65536):
            line.writer.write(b"x" * 65536)
            await line.writer.drain()
            sent.append(65536)

    async def read(connection: Connection) -> int:
        connection.send(ASKED, b"x")
        await connection.head(5)
        await asyncio.sleep(0.2)
        assert sum(sent) < whole // 2
        size = 0
        while data := await connection.read(5):
            assert len(data) < 4 * upstream_connection.MOST_HELD_BYTES
            size += len(data)
        return size

    assert over(loop, talk, read) == whole
