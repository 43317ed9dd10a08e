"""Bytes on a bare socket, and what comes back: for what no HTTP client would send."""

import asyncio
from collections.abc import AsyncIterable, Iterable
from contextlib import suppress

LIMIT_S = 10.0


async def say(address: str, *pieces: bytes, limit_s: float = LIMIT_S) -> bytes:
    """What the platform says to `pieces` until it ends the connection or falls silent."""

    async def each() -> AsyncIterable[bytes]:
        for piece in pieces:
            yield piece

    return await say_on(address, each(), limit_s=limit_s)


async def say_on(address: str, pieces: AsyncIterable[bytes], *, limit_s: float = LIMIT_S) -> bytes:
    """The same for pieces that are made on the way; they end when the platform ends."""
    host, _, port = address.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    said = bytearray()

    async def read() -> None:
        with suppress(ConnectionError):
            while data := await reader.read(65536):
                said.extend(data)

    async def write() -> None:
        with suppress(ConnectionError):
            async for piece in pieces:
                writer.write(piece)
                await writer.drain()

    reading = asyncio.create_task(read())
    writing = asyncio.create_task(write())
    try:
        await asyncio.wait([reading], timeout=limit_s)
    finally:
        for task in (reading, writing):
            task.cancel()
        await asyncio.gather(reading, writing, return_exceptions=True)
        writer.transport.abort()
    return bytes(said)


def post(
    body: bytes,
    *headers: str,
    key: str = "",
    path: str = "/v1/chat/completions",
    close: bool = True,
) -> bytes:
    """A POST with a JSON body and its length, unless `headers` have another."""
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json"]
    if key:
        lines.append(f"Authorization: Bearer {key}")
    if close:
        lines.append("Connection: close")
    if not any(line.lower().startswith(("content-length", "transfer")) for line in headers):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, *headers, "", ""]).encode("latin-1") + body


def statuses(said: bytes) -> list[int]:
    """The status of each reply in what was said."""
    return [int(part[:3]) for part in said.split(b"HTTP/1.1 ")[1:]]


def repeated(piece: bytes, times: int, first: Iterable[bytes] = ()) -> AsyncIterable[bytes]:
    """`first`, then a piece again and again."""

    async def each() -> AsyncIterable[bytes]:
        for one in first:
            yield one
        for _ in range(times):
            yield piece

    return each()
