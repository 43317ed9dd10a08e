"""Load on an OpenAI-compatible server: keep-alive sockets on one event loop, as little Python each
request as can be, so that the generator is not what is measured.

Three ways. `closed`: each connection asks again as soon as it is answered, which saturates a server
of one core; its latencies are queues. `paced`: requests fall due at random moments of a fixed mean
rate, whatever the server does, and wait for a free connection; latency counts from when a request
fell due, so a stall is not left out. `hold`: streams that are open and silent. A request counts
only with status 200 and, when it streams, a `[DONE]`; any other is an error. Hosts other than
loopback and runs over 60 s are refused: this is no tool against other people's servers.
"""

import asyncio
import contextlib
import json
import math
import random
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "::1", "localhost")
LONGEST_S = 60.0
DRAIN_S = 10.0
SEED = 7
MESSAGE = "Say hello to the world. " * 8
LOST = "the connection was lost"
END = b"0\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked: the server, its key, the model and whether the reply is streamed."""

    address: str
    key: str
    model: str = "fake"
    stream: bool = False

    def request(self) -> bytes:
        """The bytes of one request."""
        asked = {
            "model": self.model,
            "stream": self.stream,
            "messages": [{"role": "user", "content": MESSAGE}],
        }
        body = json.dumps(asked).encode()
        head = (
            f"POST /v1/chat/completions HTTP/1.1\r\nHost: {urlsplit(self.address).netloc}\r\n"
            f"Authorization: Bearer {self.key}\r\nContent-Type: application/json\r\n"
            f"Accept: */*\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def place(self) -> tuple[str, int]:
        """Host and port. Raises ValueError for a host that is not this machine."""
        parts = urlsplit(self.address)
        if parts.hostname not in LOOPBACK or parts.port is None:
            raise ValueError(f"{self.address}: only loopback, with its port, may be put under load")
        return parts.hostname, parts.port


@dataclass(slots=True)
class Outcome:
    """What a run saw, after its warm-up; times in seconds. `first_errors` are for a person."""

    latencies_s: list[float] = field(default_factory=list[float])
    first_bytes_s: list[float] = field(default_factory=list[float])
    errors: int = 0
    seconds: float = 0.0
    first_errors: list[str] = field(default_factory=list[str])

    def fail(self, why: str) -> None:
        """Count an error."""
        self.errors += 1
        if len(self.first_errors) < 3:
            self.first_errors.append(why)

    def join(self, other: "Outcome") -> None:
        """Add another run of the same kind."""
        self.latencies_s += other.latencies_s
        self.first_bytes_s += other.first_bytes_s
        self.errors += other.errors
        self.seconds += other.seconds
        self.first_errors = (self.first_errors + other.first_errors)[:3]

    @property
    def requests(self) -> int:
        """How many were answered well."""
        return len(self.latencies_s)


def percentile(values: list[float], share: float) -> float:
    """The value that `share` (0 to 1) of all are not above; nearest rank, no interpolation."""
    if not values:
        raise ValueError("no percentile of nothing")
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


class Connection(asyncio.Protocol):
    """One socket, one request at a time. `done` gets an empty text, or what was wrong."""

    def __init__(self, request: bytes, stream: bool, done: Callable[["Connection", str], None]):
        self.began = 0.0
        self.first_byte = 0.0
        self.busy = False
        self._request = request
        self._stream = stream
        self._done = done
        self._reply = bytearray()
        self._length: int | None = None
        self._body_at = 0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def ask(self, due: float = 0.0) -> None:
        """Send the request; `due` is when it fell due, now if not given."""
        assert self._transport is not None
        assert not self.busy
        self.busy = True
        self.began = due or time.perf_counter()
        self.first_byte = 0.0
        self._reply.clear()
        self._body_at = 0
        self._transport.write(self._request)

    def close(self) -> None:
        """End the connection."""
        if self._transport is not None:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        if not self.first_byte:
            self.first_byte = time.perf_counter()
        self._reply += data
        if not self._body_at and not self._read_head():
            return
        if self._length is None:
            if self._reply.endswith(END):
                self._end()
        elif len(self._reply) - self._body_at >= self._length:
            self._end()

    def connection_lost(self, exc: Exception | None) -> None:
        if self.busy:
            self.busy = False
            self._done(self, f"{LOST} ({exc or 'closed by the server'})")

    def _read_head(self) -> bool:
        end = self._reply.find(b"\r\n\r\n")
        if end < 0:
            return False
        self._body_at = end + 4
        at = self._reply.lower().find(b"\r\ncontent-length:", 0, end)
        self._length = None
        if at >= 0:
            self._length = int(self._reply[at + 17 : self._reply.find(b"\r\n", at + 2)])
        return True

    def _end(self) -> None:
        self.busy = False
        if not self._reply.startswith(b"HTTP/1.1 200"):
            self._done(self, self._reply[:300].decode("utf-8", "replace"))
        elif self._stream and b"data: [DONE]" not in self._reply:
            self._done(self, "the stream has no [DONE]")
        else:
            self._done(self, "")


class Run:
    """One run against one target. `mark` is called when the warm-up is over and at the end."""

    def __init__(self, target: Target, connections: int, mark: Callable[[], None]) -> None:
        self.outcome = Outcome()
        self._target = target
        self._count = connections
        self._mark = mark
        self._counts_from = float("inf")
        self._ends = float("inf")
        self._left = math.inf
        self._ended = 0
        self._over = asyncio.Event()
        self._waiting: deque[float] = deque()
        self._idle: deque[Connection] = deque()
        self._closed = True
        self._connections: list[Connection] = []

    async def closed(self, seconds: float, warm_up_s: float, spread_s: float) -> Outcome:
        """Every connection asks again as soon as it is answered."""
        await self._connect(seconds + warm_up_s)
        chance = random.Random(SEED)
        for connection in self._connections:
            asyncio.get_running_loop().call_later(chance.random() * spread_s, connection.ask)
        await self._time(seconds, warm_up_s)
        return await self._end()

    async def paced(self, seconds: float, warm_up_s: float, rate: float) -> Outcome:
        """`rate` requests a second fall due in the mean, each independent of the others."""
        self._closed = False
        await self._connect(seconds + warm_up_s)
        self._idle.extend(self._connections)
        loop, began = asyncio.get_running_loop(), time.perf_counter()
        pump = loop.create_task(self._fall_due(began, rate))
        await self._time(seconds, warm_up_s)
        pump.cancel()
        return await self._end()

    async def count(self, requests: int) -> Outcome:
        """Exactly `requests`, as fast as they are answered."""
        await self._connect(LONGEST_S)
        self._left = requests - self._count
        self._counts_from = time.perf_counter()
        for connection in self._connections:
            connection.ask()
        await asyncio.wait_for(self._over.wait(), LONGEST_S)
        self._ends = time.perf_counter()
        return await self._end()

    async def _connect(self, seconds: float) -> None:
        host, port = self._target.place()
        if seconds > LONGEST_S:
            raise ValueError(f"a run of {seconds} s is over the limit of {LONGEST_S} s")
        loop, request = asyncio.get_running_loop(), self._target.request()
        for _ in range(self._count):
            _, connection = await loop.create_connection(
                lambda: Connection(request, self._target.stream, self._answered), host, port
            )
            self._connections.append(connection)

    async def _time(self, seconds: float, warm_up_s: float) -> None:
        await asyncio.sleep(warm_up_s)
        self._mark()
        self._counts_from = time.perf_counter()
        await asyncio.sleep(seconds)
        self._ends = time.perf_counter()
        self._mark()

    async def _end(self) -> Outcome:
        """What is still being answered is not counted, but waited for: it would burden the next."""
        self.outcome.seconds = self._ends - self._counts_from
        self._over.clear()
        if any(one.busy for one in self._connections):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._over.wait(), DRAIN_S)
        for connection in self._connections:
            connection.close()
        await asyncio.sleep(0)
        return self.outcome

    async def _fall_due(self, began: float, rate: float) -> None:
        chance, due = random.Random(SEED), began
        while True:
            due += chance.expovariate(rate)
            late = time.perf_counter() - due
            if late < 0:
                await asyncio.sleep(-late)
            if self._idle:
                self._idle.popleft().ask(due)
            else:
                self._waiting.append(due)

    def _answered(self, connection: Connection, wrong: str) -> None:
        now = time.perf_counter()
        if self._counts_from <= now < self._ends:
            if wrong:
                self.outcome.fail(wrong)
            else:
                self.outcome.latencies_s.append(now - connection.began)
                self.outcome.first_bytes_s.append(connection.first_byte - connection.began)
        if now >= self._ends:
            if not any(one.busy for one in self._connections):
                self._over.set()
            return
        lost = wrong.startswith(LOST)
        if self._closed and self._left > 0 and not lost:
            self._left -= 1
            connection.ask(now)
        elif self._closed:
            self._ended += 1
            if self._ended == self._count:
                self._over.set()
        elif lost:
            return
        elif self._waiting:
            connection.ask(self._waiting.popleft())
        else:
            self._idle.append(connection)


async def run_closed(
    target: Target,
    connections: int,
    seconds: float,
    warm_up_s: float,
    mark: Callable[[], None],
    *,
    spread_s: float = 0.0,
) -> Outcome:
    """A closed loop over `connections`, whose first requests are spread over `spread_s` at random:
    else all of them come at once, again and again, when each takes the same time."""
    return await Run(target, connections, mark).closed(seconds, warm_up_s, spread_s)


async def run_paced(
    target: Target,
    connections: int,
    seconds: float,
    warm_up_s: float,
    rate: float,
    mark: Callable[[], None],
) -> Outcome:
    """`rate` requests a second over at most `connections` at once."""
    return await Run(target, connections, mark).paced(seconds, warm_up_s, rate)


async def run_count(target: Target, connections: int, requests: int) -> Outcome:
    """`requests` in a closed loop, all of them counted. Raises TimeoutError after 60 s."""
    return await Run(target, connections, lambda: None).count(requests)


async def hold(target: Target, streams: int, seconds: float, mark: Callable[[], None]) -> int:
    """Opens `streams` streams, waits for the first event of each, holds them for `seconds`, then
    calls `mark` and leaves. Returns how many were open then."""
    host, port = target.place()
    if seconds > LONGEST_S:
        raise ValueError(f"a run of {seconds} s is over the limit of {LONGEST_S} s")
    request = target.request()
    opened: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
    try:
        for _ in range(streams):
            reader, writer = await asyncio.open_connection(host, port)
            opened.append((reader, writer))
            writer.write(request)
        begun = [
            await asyncio.wait_for(reader.readuntil(b"data: "), LONGEST_S) for reader, _ in opened
        ]
        await asyncio.sleep(seconds)
        alive = [
            head
            for head, (reader, _) in zip(begun, opened, strict=True)
            if head.startswith(b"HTTP/1.1 200") and not reader.at_eof()
        ]
        mark()
        return len(alive)
    finally:
        for _, writer in opened:
            writer.transport.abort()
