"""A client and servers of raw sockets for tests of the chaos proxy, on either event loop."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from edgewise.testing.chaos import ChaosProxy
from edgewise.testing.chaos_faults import HEALTHY, Faults
from tests.cloud.raw_server import LOOPS, Line, Talk, raw_server

__all__ = ["ANSWER", "LIMIT_S", "LOOPS", "REQUEST", "Line", "Peer", "chaos", "over", "ping"]
LIMIT_S = 10
REQUEST = b"POST /v1 HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nping"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n" + b"0123456789" * 20


class Peer:
    """A client's connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @classmethod
    async def to(cls, address: str) -> "Peer":
        parts = urlsplit(address)
        return cls(*await asyncio.open_connection(parts.hostname, parts.port))

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def ask(self, data: bytes = REQUEST) -> bytes:
        await self.send(data)
        return await self.reader.readexactly(len(ANSWER))

    async def rest(self) -> tuple[bytes, bool]:
        """All that still comes, and whether it ends in a reset."""
        got = b""
        try:
            while data := await self.reader.read(4096):
                got += data
        except ConnectionError:
            return got, True
        return got, False

    async def silent(self, wait_s: float) -> bool:
        """Whether nothing comes, not even an end, for so long."""
        try:
            async with asyncio.timeout(wait_s):
                await self.reader.read(1)
        except TimeoutError:
            return True
        return False

    def close(self) -> None:
        self.writer.transport.abort()


async def answer_each(line: Line) -> None:
    """Serves `ANSWER` to every request."""
    while True:
        await line.request()
        await line.say(ANSWER)


@asynccontextmanager
async def chaos(
    faults: Faults = HEALTHY, talk: Talk = answer_each, **settings: Any
) -> AsyncGenerator[ChaosProxy]:
    """A proxy before a raw server; whatever the server still has open is aborted at the end."""
    lines: list[Line] = []

    async def kept(line: Line) -> None:
        lines.append(line)
        await talk(line)

    async with raw_server(kept) as address:
        try:
            async with ChaosProxy(address, faults, **settings) as proxy:
                yield proxy
        finally:
            for line in lines:
                line.writer.transport.abort()
            await asyncio.sleep(0)


@asynccontextmanager
async def ping(proxy: ChaosProxy) -> AsyncGenerator[Peer]:
    """A connection to the proxy."""
    peer = await Peer.to(proxy.address)
    try:
        yield peer
    finally:
        peer.close()
        with suppress(Exception):
            await peer.writer.wait_closed()


def over(loop: Any, test: Callable[[], Awaitable[None]]) -> None:
    """Runs a test on a loop, no longer than LIMIT_S."""

    async def run() -> None:
        async with asyncio.timeout(LIMIT_S):
            await test()

    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(run())
