"""An upstream that answers with given bytes, whatever they are, and keeps what it was sent."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

Answer = Callable[[bytes, bytes], bytes]
"""The whole reply to a head and a body; the connection ends with it."""


@dataclass
class StrangeUpstream:
    """`answers` is set unless a test holds the answers back; a client's end changes nothing."""

    address: str = ""
    answers: asyncio.Event = field(default_factory=asyncio.Event)
    heads: list[bytes] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)


@asynccontextmanager
async def strange_upstream(answer: Answer) -> AsyncGenerator[StrangeUpstream]:
    known = StrangeUpstream()
    known.answers.set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            if head.startswith(b"GET /v1/models "):  # how it is: well
                writer.write(reply(b"{}"))
                await writer.drain()
                writer.close()
                return
            length = next(
                int(line[15:]) for line in head.lower().split(b"\r\n") if line[:15] == LENGTH
            )
            body = await reader.readexactly(length)
            known.heads.append(head)
            known.bodies.append(body)
            await known.answers.wait()
            writer.write(answer(head, body))
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    known.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield known


LENGTH = b"content-length:"


def reply(
    body: bytes, *headers: str, status: str = "200 OK", kind: str = "application/json"
) -> bytes:
    head = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    return "\r\n".join([*head, *headers, "Connection: close", "", ""]).encode() + body


def events(*data: bytes) -> bytes:
    """A stream of events with these data."""
    return reply(b"".join(b"data: " + one + b"\n\n" for one in data), kind="text/event-stream")
