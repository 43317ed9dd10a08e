"""A realtime connection over any socket: both ways at once, within bounds, until either ends.

Whoever has a socket gives two functions: the next message (None: the client left) and sending one.
A client that sends too fast, events or sound, is read more slowly; one that does not read its
events, says nothing for long, or has talked for as long as a session lasts, is told so and let go.
It knows no web framework and no key: `still` is asked before each event, and says why the session
must end.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import aclosing
from typing import Any

import msgspec
from msgspec import Struct

from edgewise.talk.realtime.connection import Connection
from edgewise.talk.realtime.problem import Problem
from edgewise.talk.realtime.reply import Event
from edgewise.talk.talk import Talk

MESSAGE_BYTES = 4 * 1024 * 1024
"""Of one event: a picture of 3 MB in base64."""
SESSION_S = 1_800.0
"""As long as StepFun's and, at first, OpenAI's."""


WEIGHT_BYTES = 65_536


class Bounds(Struct, frozen=True):
    """What one connection may use. `messages_a_second` over a while, `burst` at once; each
    `WEIGHT_BYTES` of a message count as one more. Sound is taken at `sound_speed` times the speed
    it was spoken at, `sound_burst_s` of it at once: all of it is listened to."""

    message_bytes: int = MESSAGE_BYTES
    messages_a_second: float = 100.0
    burst: int = 400
    sound_speed: float = 2.0
    sound_burst_s: float = 20.0
    idle_s: float = 600.0
    session_s: float = SESSION_S
    write_s: float = 30.0


class Closing(Struct, frozen=True):
    """How a connection is closed: a code of RFC 6455, and why."""

    code: int = 1000
    reason: str = ""


LEFT = Closing(1001, "the client left")
Receive = Callable[[], Awaitable[str | bytes | None]]
Send = Callable[[str], Awaitable[None]]
Still = Callable[[], Problem | None]


def always() -> Problem | None:
    """Nothing ends it from outside."""
    return None


async def converse(
    connection: Connection,
    talk: Talk,
    receive: Receive,
    send: Send,
    *,
    bounds: Bounds | None = None,
    still: Still = always,
    ended: asyncio.Event | None = None,
    beside: Sequence[Coroutine[Any, Any, Closing]] = (),
) -> Closing:
    """Serve one connection to its end; how it is to be closed. `ended`, when it is set, makes
    `still` be asked at once; what goes on `beside` ends with the connection, and it with that. The
    conversation is closed in any case."""
    line = _Line(connection, talk, receive, send, bounds or Bounds(), still, ended, beside)
    try:
        return await line.run()
    finally:
        await talk.close()


class _Over(Exception):
    """The connection ends by our side: what the client is told before."""

    def __init__(self, problem: Problem, closing: Closing) -> None:
        super().__init__(str(problem))
        self.problem = problem
        self.closing = closing


class _Line:
    def __init__(
        self,
        connection: Connection,
        talk: Talk,
        receive: Receive,
        send: Send,
        bounds: Bounds,
        still: Still,
        ended: asyncio.Event | None,
        beside: Sequence[Coroutine[Any, Any, Closing]],
    ) -> None:
        self._connection = connection
        self._talk = talk
        self._receive = receive
        self._write = send
        self._bounds = bounds
        self._still = still
        self._ended = ended or asyncio.Event()
        self._beside = beside
        self._left = float(bounds.burst)
        self._sound_left_s = self._bounds.sound_burst_s
        self._filled_at = asyncio.get_running_loop().time()
        self._heard_at = self._filled_at

    async def run(self) -> Closing:
        try:
            return await self._both_ways()
        except _Over as over:
            return await self._tell_end(over)
        except (TimeoutError, ConnectionError):
            return LEFT

    async def _both_ways(self) -> Closing:
        tasks = [asyncio.create_task(one) for one in self._beside]
        try:
            await self._send(self._connection.opening())
            tasks += [
                asyncio.create_task(one) for one in (self._read(), self._tell(), self._watch())
            ]
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return next(task.result() for task in done)

    async def _read(self) -> Closing:
        while True:
            message = await self._receive()
            if message is None:
                return LEFT
            self._heard_at = asyncio.get_running_loop().time()
            self._check()
            heard_s = self._connection.heard_s
            size = len(message) if isinstance(message, bytes) else len(message.encode())
            if size > self._bounds.message_bytes:
                said = f"a message of {size} bytes; the limit is {self._bounds.message_bytes}"
                await self._send([self._connection.error(Problem("message_too_large", said))])
            else:
                await self._send(self._connection.receive(message))
            more_s = self._connection.heard_s - heard_s
            if (pause_s := self._pause_s(1.0 + size / WEIGHT_BYTES, more_s)) > 0:
                await asyncio.sleep(pause_s)

    def _pause_s(self, weight: float, sound_s: float) -> float:
        """How long not to read, by what came lately."""
        now = asyncio.get_running_loop().time()
        bounds = self._bounds
        grown = (now - self._filled_at) * bounds.messages_a_second
        self._left = min(float(bounds.burst), self._left + grown) - weight
        grown_s = (now - self._filled_at) * bounds.sound_speed
        self._sound_left_s = min(bounds.sound_burst_s, self._sound_left_s + grown_s) - sound_s
        self._filled_at = now
        by_sound = -self._sound_left_s / bounds.sound_speed
        return max(0.0, -self._left / bounds.messages_a_second, by_sound)

    async def _tell(self) -> Closing:
        """What happens, as it happens."""
        async with aclosing(self._talk.events()) as events:
            async for happened in events:
                self._check()
                await self._send(self._connection.tell(happened))
        return Closing(1000, "the conversation ended")

    async def _watch(self) -> Closing:
        """Until the session has lasted its time, nothing was said for long, or it may not go on."""
        loop, bounds = asyncio.get_running_loop(), self._bounds
        ends_at = loop.time() + bounds.session_s
        while True:
            self._check()
            now = loop.time()
            if now >= ends_at:
                said = f"a session lasts {bounds.session_s:g} s; connect again"
                raise _Over(Problem("session_expired", said), Closing(1000, "session_expired"))
            idle_at = self._heard_at + bounds.idle_s
            if self._connection.is_answering:
                idle_at = max(idle_at, now + bounds.idle_s)
            if now >= idle_at:
                said = f"nothing came for {bounds.idle_s:g} s; connect again"
                raise _Over(Problem("session_idle", said), Closing(1000, "session_idle"))
            self._ended.clear()
            try:
                async with asyncio.timeout_at(min(ends_at, idle_at)):
                    await self._ended.wait()
            except TimeoutError:
                continue

    def _check(self) -> None:
        if (problem := self._still()) is not None:
            raise _Over(problem, Closing(1008, problem.code))

    async def _tell_end(self, over: _Over) -> Closing:
        try:
            await self._send([self._connection.error(over.problem)])
        except (TimeoutError, ConnectionError):
            return LEFT
        return over.closing

    async def _send(self, events: list[Event]) -> None:
        for event in events:
            text = msgspec.json.encode(event).decode()
            async with asyncio.timeout(self._bounds.write_s):
                await self._write(text)
