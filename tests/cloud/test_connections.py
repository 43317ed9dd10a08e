"""Connections are bounded, kept for the next request, and their places are never lost."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest

from edgewise.cloud import connections
from edgewise.cloud.connections import Busy, Connections
from edgewise.cloud.upstream_connection import Connection
from tests.cloud.raw_server import LOOPS, Line, raw_server

pytestmark = pytest.mark.parametrize("loop", LOOPS)
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Server:
    """Answers every request; `end` breaks all connections."""

    def __init__(self) -> None:
        self.lines: list[Line] = []

    async def talk(self, line: Line) -> None:
        self.lines.append(line)
        while True:
            await line.request()
            await line.say(ANSWER)

    def end(self) -> None:
        for line in self.lines:
            line.writer.transport.abort()


def over(
    loop: Any,
    most: int,
    do: Callable[[Connections, Any], Awaitable[None]],
    made: Callable[[], Server] = Server,
) -> None:
    async def run() -> None:
        server = made()
        async with raw_server(server.talk) as address:
            held = Connections(address, most, 1.0)
            try:
                async with asyncio.timeout(20):
                    await do(held, server)
            finally:
                held.close()
                server.end()
                await asyncio.sleep(0)

    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(run())


class Apart(Server):
    """Tells the end of each answer, by `rest`, when it is let."""

    def __init__(self, rest: bytes) -> None:
        super().__init__()
        self.rest = rest
        self.let = asyncio.Event()

    async def talk(self, line: Line) -> None:
        self.lines.append(line)
        while True:
            await line.request()
            await line.say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n")
            await self.let.wait()
            await line.say(self.rest)


async def ask(connection: Connection) -> None:
    connection.send(b"GET / HTTP/1.1\r\n\r\n", b"")
    await connection.head(5)
    while await connection.read(5):
        pass


async def asked(held: Connections) -> None:
    connection = await held.take(5)
    await ask(connection)
    held.give(connection)


def test_one_connection_serves_one_after_the_other(loop: Any):
    async def do(held: Connections, server: Server) -> None:
        for _ in range(5):
            await asked(held)
        assert len(server.lines) == 1

    over(loop, 4, do)


def test_no_more_than_the_most_are_open_and_all_get_their_turn(loop: Any):
    async def do(held: Connections, server: Server) -> None:
        await asyncio.gather(*(asked(held) for _ in range(40)))
        assert len(server.lines) <= 3

    over(loop, 3, do)


def test_who_waits_in_vain_is_told_that_all_are_busy(loop: Any):
    async def do(held: Connections, _: Server) -> None:
        taken = await held.take(5)
        with pytest.raises(Busy, match="all 1 connections are busy"):
            await held.take(0.02)
        await ask(taken)
        held.give(taken)
        assert await held.take(0.02) is taken

    over(loop, 1, do)


@pytest.mark.parametrize("is_ended_by_us", [False, True])
def test_a_place_passes_on_when_its_connection_ends(loop: Any, is_ended_by_us: bool):
    async def do(held: Connections, server: Server) -> None:
        taken = await held.take(5)
        waiting = [asyncio.create_task(asked(held)) for _ in range(3)]
        await asyncio.sleep(0.01)
        if is_ended_by_us:
            taken.send(b"GET / HTTP/1.1\r\n\r\n", b"")
            held.give(taken)  # its answer is not read: nobody else can use it
        else:
            server.end()
        await asyncio.gather(*waiting)
        assert len(server.lines) == 2

    over(loop, 1, do)


def test_those_that_are_cancelled_while_they_wait_lose_no_place(loop: Any):
    async def do(held: Connections, _: Server) -> None:
        taken = await held.take(5)
        waiting = [asyncio.create_task(held.take(5)) for _ in range(6)]
        await asyncio.sleep(0.01)
        await ask(taken)
        held.give(taken)  # the first has it now, and is cancelled before it knows
        for task in waiting[:5]:
            task.cancel()
        got = await waiting[5]
        await ask(got)
        held.give(got)
        for task in waiting[:5]:
            with suppress(asyncio.CancelledError):
                held.give(await task)

    over(loop, 1, do)


def test_those_that_can_not_connect_lose_no_place(loop: Any):
    async def run() -> None:
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            held = Connections(f"http://127.0.0.1:{nobody.getsockname()[1]}", 1, 1.0)
            for _ in range(3):
                found = await asyncio.gather(
                    *(held.take(5) for _ in range(5)), return_exceptions=True
                )
                assert all(isinstance(one, OSError) for one in found)

    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(run())


def test_one_that_the_server_ended_is_not_given_out(loop: Any):
    async def do(held: Connections, server: Server) -> None:
        await asked(held)
        server.end()
        await asyncio.sleep(0.02)
        await asked(held)
        assert len(server.lines) == 2

    over(loop, 1, do)


@pytest.mark.parametrize("is_waited_for", [False, True])
def test_words_that_are_there_before_a_request_are_not_its_answer(loop: Any, is_waited_for: bool):
    async def do(held: Connections, server: Server) -> None:
        taken = await held.take(5)
        await ask(taken)
        waiting = asyncio.create_task(held.take(5)) if is_waited_for else None
        await asyncio.sleep(0.01)
        server_side = server.lines[0].writer.get_extra_info("socket").fileno()
        os.write(server_side, ANSWER)  # in the socket, while the loop is busy
        held.give(taken)
        got = await (waiting or held.take(5))
        assert got is not taken
        await ask(got)
        assert len(server.lines) == 2

    over(loop, 1, do)


def test_one_that_nobody_used_is_closed(loop: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(connections, "KEEP_S", 0.02)

    async def do(held: Connections, server: Server) -> None:
        await asked(held)
        while not server.lines[0].reader.at_eof():  # noqa: ASYNC110  another's state
            await asyncio.sleep(0.005)

    over(loop, 1, do)


def test_one_that_was_idle_for_too_long_is_not_used_though_it_is_still_open(
    loop: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(connections, "KEEP_S", 0.2)

    async def do(held: Connections, server: Server) -> None:
        first, second = await held.take(5), await held.take(5)
        for one in (first, second):
            await ask(one)
        held.give(first)
        await asyncio.sleep(0.12)
        held.give(second)  # the first sweep, at 0.2 s, leaves it
        await asyncio.sleep(0.23)
        assert second.is_reusable
        assert await held.take(5) is not second
        assert len(server.lines) == 3

    over(loop, 4, do)


def test_a_server_that_takes_no_connection_is_not_waited_for(loop: Any):
    async def run() -> None:
        with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
            address = full.getsockname()
            filling = [socket.socket() for _ in range(4)]
            for one in filling:
                one.setblocking(False)
                one.connect_ex(address)
            held = Connections(f"http://127.0.0.1:{address[1]}", 4, 0.1)
            with pytest.raises(OSError, match=r"within 0\.1 s"):
                await held.take(5)
            for one in filling:
                one.close()

    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(run())


def test_those_that_waited_in_vain_are_forgotten(loop: Any):
    async def do(held: Connections, _: Server) -> None:
        await held.take(5)
        for _ in range(5):
            with pytest.raises(Busy):
                await held.take(0.001)
        assert not held._waiting

    over(loop, 1, do)


def test_closing_ends_all_waiting_and_lets_nobody_in(loop: Any):
    async def do(held: Connections, server: Server) -> None:
        await held.take(5)
        waiting = [asyncio.create_task(held.take(5)) for _ in range(3)]
        await asyncio.sleep(0.01)
        held.close()
        found = await asyncio.gather(*waiting, return_exceptions=True)
        assert all(isinstance(one, OSError) for one in found)
        with pytest.raises(OSError, match="closed"):
            await held.take(5)
        assert len(server.lines) == 1

    over(loop, 1, do)


def test_a_new_one_is_none_of_those_that_were_kept(loop: Any):
    async def do(held: Connections, server: Server) -> None:
        await asked(held)
        connection = await held.take(5, is_new=True)
        await ask(connection)
        assert len(server.lines) == 2

    over(loop, 1, do)


async def read_once(held: Connections, server: Apart, *, is_let: bool = True) -> Connection:
    """Read the last word of an answer, give its connection back, then let its end come."""
    server.let.clear()
    connection = await held.take(5)
    connection.send(b"GET / HTTP/1.1\r\n\r\n", b"")
    await connection.head(5)
    assert await connection.read(5) == b"ok"
    held.give_at_end(connection)
    if is_let:
        server.let.set()
    return connection


def test_an_answer_whose_end_comes_apart_leaves_its_connection_to_the_next(loop: Any):
    async def do(held: Connections, server: Apart) -> None:
        for _ in range(3):
            await read_once(held, server)  # all but the first one wait for the place
        assert len(server.lines) == 1

    over(loop, 1, do, lambda: Apart(b"0\r\n\r\n"))


@pytest.mark.parametrize("rest", [b"2\r\nno\r\n", b"0\r\n\r\nHTTP/1.1 200 OK\r\n", b"what"])
def test_one_that_says_more_after_its_last_word_is_not_used_again(loop: Any, rest: bytes):
    async def do(held: Connections, server: Apart) -> None:
        first = await read_once(held, server)
        assert await read_once(held, server) is not first
        assert not first.is_open

    over(loop, 1, do, lambda: Apart(rest))


def test_an_end_that_does_not_come_is_not_waited_for_long(
    loop: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(connections, "END_S", 0.02)

    async def do(held: Connections, server: Apart) -> None:
        first = await read_once(held, server, is_let=False)
        assert await read_once(held, server) is not first
        assert not first.is_open

    over(loop, 1, do, lambda: Apart(b"0\r\n\r\n"))
