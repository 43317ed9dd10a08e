"""One connection through a chaos proxy: bytes are read, watched, made late, and passed or spoiled.

Four tasks: a reader and a writer each way with a short queue between them, so that latency delays a
stream without thinning it. The proxy's faults are asked for at each piece: a change holds at once.
"""

import asyncio
import math
import random
import socket
import struct
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal

from edgewise.testing.chaos_faults import Faults, Lane
from edgewise.testing.chaos_watch import Watch

PIECE_BYTES = 16 * 1024
QUEUED_PIECES = 64
PACE_S = 0.02
"""A limited rate is passed in pieces of so long."""
DRAIN_BYTES = 64 * 1024 * 1024

Way = Literal["up", "down"]
Queue = asyncio.Queue[tuple[float, bytes]]


class Cut(Exception):
    """The connection ends in a reset."""


class Over(Exception):
    """The connection has ended as it should."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a connection needs of its proxy. `pause` waits, no longer than until faults change."""

    target: tuple[str, int]
    pause: Callable[[float], Awaitable[None]]
    watch: Watch
    seed: int


class Link:
    """A connection, the `number`th from 0; `faults` gives those that hold for it now."""

    def __init__(
        self, number: int, client: socket.socket, faults: Callable[[], Faults], given: Surroundings
    ) -> None:
        self._client = client
        self._faults = faults
        self._given = given
        self._leaving = given.watch.connection(number)
        self._chance = random.Random(f"{given.seed}:{number}:requests")
        self._lateness = {way: random.Random(f"{given.seed}:{number}:{way}") for way in _WAYS}
        self._passed = {"up": 0, "down": 0}
        self._stalled: set[Way] = set()
        self._cut_at = math.inf
        self._drawn = False
        self._dead = False
        self._failing = False

    async def run(self) -> None:
        """Serve until either side, a fault or a cancellation ends it; closes both sockets."""
        server = socket.socket(self._client.family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        reset = True
        try:
            reset = await self._ends_in_reset(server)
        finally:
            self._drain()
            for end in (self._client, server):
                if reset:
                    with suppress(OSError):  # the other side may have gone first
                        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                end.close()

    async def _ends_in_reset(self, server: socket.socket) -> bool:
        """Serve to the end. A reset by one side is passed on to the other."""
        reset = False
        try:
            await self._talk(server)
        except* Over:
            pass
        except* Cut:
            self._given.watch.counts["resets"] += 1
            reset = True
        except* OSError:
            reset = True
        return reset

    async def _talk(self, server: socket.socket) -> None:
        faults = self._faults()
        if faults.refuse:
            raise Cut
        if faults.accept_delay_s:
            await self._given.pause(faults.accept_delay_s)
        for end in (self._client, server):
            end.setblocking(False)
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._dead = self._faults().silent
        if not self._dead:
            await asyncio.get_running_loop().sock_connect(server, self._given.target)
        up, down = Queue(QUEUED_PIECES), Queue(QUEUED_PIECES)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._read_up(up, down))
            if not self._dead:
                group.create_task(self._write("up", up, server))
                group.create_task(self._read_down(server, down))
                group.create_task(self._write("down", down, self._client))

    async def _read_up(self, up: Queue, down: Queue) -> None:
        loop = asyncio.get_running_loop()
        while data := await loop.sock_recv(self._client, PIECE_BYTES):
            self._draw(self._leaving.feed(data))
            if self._failing:
                if self._leaving.between:
                    await self._answer_error(down)
            elif not self._dead:
                await self._queue("up", up, data)
        if self._dead or self._failing:
            raise Over
        await self._queue("up", up, b"")

    async def _read_down(self, server: socket.socket, down: Queue) -> None:
        loop = asyncio.get_running_loop()
        while data := await loop.sock_recv(server, PIECE_BYTES):
            await self._queue("down", down, data)
        await self._queue("down", down, b"")

    async def _queue(self, way: Way, queue: Queue, data: bytes) -> None:
        lane = _lane(self._faults(), way)
        late_s = lane.latency_s + self._lateness[way].uniform(0, lane.jitter_s)
        await queue.put((asyncio.get_running_loop().time() + late_s, data))

    async def _write(self, way: Way, queue: Queue, sink: socket.socket) -> None:
        """Pass what is due. An empty piece is the end of the stream; a dead peer sends none."""
        loop = asyncio.get_running_loop()
        while True:
            due_s, data = await queue.get()
            if (wait_s := due_s - loop.time()) > 0:
                await asyncio.sleep(wait_s)
            if data:
                await self._pass(way, data, sink)
            elif not self._dead:
                sink.shutdown(socket.SHUT_WR)
                return

    async def _pass(self, way: Way, data: bytes, sink: socket.socket) -> None:
        while True:
            room = await self._spoil(way)
            if not data or self._dead:
                return
            lane = _lane(self._faults(), way)
            if lane.rate_bytes_s is not None:
                room = min(room, max(int(lane.rate_bytes_s * PACE_S), 1))
            piece, data = data[: int(min(room, PIECE_BYTES))], data[int(min(room, PIECE_BYTES)) :]
            await asyncio.get_running_loop().sock_sendall(sink, piece)
            self._passed[way] += len(piece)
            if way == "down":
                self._given.watch.counts["bytes_down"] += len(piece)
            if lane.rate_bytes_s is not None:
                await asyncio.sleep(len(piece) / lane.rate_bytes_s)

    async def _spoil(self, way: Way) -> float:
        """Does what is due at this byte; returns how many bytes may pass until the next fault."""
        passed = self._passed[way]
        while True:
            faults = self._faults()
            lane = _lane(faults, way)
            reset_at = _or_never(lane.reset_after_bytes)
            dead_at = math.inf
            if way == "down":
                reset_at = min(reset_at, self._cut_at)
                dead_at = _or_never(faults.dead_after_bytes)
            if passed >= reset_at:
                raise Cut
            if faults.silent or passed >= dead_at:
                self._dead = True
            stall_at = math.inf if way in self._stalled else _or_never(lane.stall_after_bytes)
            if self._dead or passed < stall_at:
                return min(reset_at, dead_at, stall_at) - passed
            self._stalled.add(way)
            await self._given.pause(lane.stall_s)

    def _draw(self, begun: int) -> None:
        """Lets chance choose for each request that began; once for what is not HTTP."""
        if not begun and self._leaving.unread and not self._drawn:
            begun = 1
        for _ in range(begun):
            self._drawn = True
            faults = self._faults()
            cut, fails = self._chance.random(), self._chance.random()
            after_bytes = self._chance.randrange(faults.cut_within_bytes)
            if cut < faults.cut_probability:
                self._cut_at = min(self._cut_at, self._passed["down"] + after_bytes)
            if fails < faults.error_probability and not self._leaving.unread:
                self._failing = True

    async def _answer_error(self, down: Queue) -> None:
        self._given.watch.counts["errors"] += 1
        status = self._faults().error_status
        phrase = HTTPStatus(status).phrase
        body = f'{{"error": {{"message": "chaos: {phrase}", "type": "server_error"}}}}'
        head = (
            f"HTTP/1.1 {status} {phrase}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        await self._queue("down", down, (head + body).encode())
        await self._queue("down", down, b"")

    def _drain(self) -> None:
        """Watches what the client had sent and nobody read: it has left all the same."""
        with suppress(OSError):
            for _ in range(DRAIN_BYTES // PIECE_BYTES):
                data = self._client.recv(PIECE_BYTES, socket.MSG_DONTWAIT)
                if not data:
                    return
                self._leaving.feed(data)


_WAYS: tuple[Way, Way] = ("up", "down")


def _lane(faults: Faults, way: Way) -> Lane:
    return faults.up if way == "up" else faults.down


def _or_never(count: int | None) -> float:
    return math.inf if count is None else count
