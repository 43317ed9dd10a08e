"""A session with the cloud's agent: what is said goes up, text and proposed calls come down.

It connects, and connects again with growing pauses; no message is lost or doubled by that
(`web/sequence.py`). It performs nothing: what a proposal becomes is the device's affair, which
tells it by `report` (`agent/proposals.py`). All it holds is bounded.
Source: docs/decisions/0008-device-agent-api.md. Needs `websockets` and `httpx` (extra `device`).
"""

import asyncio
import logging
import random
import secrets
from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

import msgspec

from edgewise.core.clock import Clock, SystemClock
from edgewise.core.exchange import (
    Ack,
    Cancel,
    CloudMessage,
    DeviceMessage,
    Ended,
    Fault,
    FromCloud,
    NotTaken,
    Opened,
    Opening,
    Outcome,
    Proposed,
    Pulse,
    Report,
    Say,
    Welcome,
    cloud_frame,
    numbered,
)
from edgewise.core.part import TextPart
from edgewise.core.words import Language
from edgewise.errors import EdgewiseError, LinkError, UserError
from edgewise.web.sequence import Incoming, Outgoing

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

_log = logging.getLogger("edgewise.think")

PULSE_S = 0.5
"""A proposal's age is known to this, and to the way there and back."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.25, 8.0
CONNECT_S = 10.0
MOST_UNREAD = 1_024
"""Messages of one turn that its reader may be behind."""
_MAY_COME_BACK = {"unacknowledged"}
"""Faults after which the session goes on with a new connection; all others end it."""
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class AgentClient:
    """One session, as an async context: `async with AgentClient(...) as client`.

    `address` is the platform's, as `https://cloud.example`; `key` the device's credential.
    """

    def __init__(
        self,
        address: str,
        key: str,
        opening: Opening,
        *,
        clock: Clock | None = None,
        jitter: Callable[[], float] = random.random,
        most_failures: int | None = None,
        may_connect: Callable[[], bool] = lambda: True,
    ) -> None:
        """With `most_failures` connections in a row that brought nothing the session is lost; else
        it tries on. `may_connect` is asked before each: a no ends the session. Raises UserError for
        an address that would send the key in the clear."""
        parts = urlsplit(address)
        plain = parts.scheme == "http" and parts.hostname in _LOOPBACK
        if not parts.hostname or (parts.scheme != "https" and not plain):
            raise UserError(
                f"{address!r} is no https address; http is for loopback only", code="bad_address"
            )
        self._address = address.rstrip("/")
        self._is_near = parts.hostname in _LOOPBACK
        self._headers = {"Authorization": f"Bearer {key}"}
        self._opening, self._clock, self._jitter = opening, clock or SystemClock(), jitter
        self._incoming = Incoming()
        self._turns: dict[str, asyncio.Queue[CloudMessage | LinkError]] = {}
        self._pulses: deque[tuple[int, float]] = deque(maxlen=512)
        self._said_at: dict[str, float] = {}
        self._most_failures = most_failures
        self._may_connect = may_connect
        self._told = 0
        self._news = asyncio.Event()
        self._failure: LinkError | None = None
        self._task: asyncio.Task[None] | None = None
        self.connected = False

    async def __aenter__(self) -> Self:
        """Open the session. Raises LinkError when the cloud can not be reached or refuses."""
        self.opened = await self._open()
        bounds = self.opened.bounds
        self._outgoing = Outgoing(bounds.unacknowledged, bounds.unacknowledged_bytes, spare=16)
        self._task = asyncio.create_task(self._stay_connected())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        """End the session, in the cloud too if it can be reached."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._end(LinkError("the session was closed", code="session_closed"))
        with suppress(EdgewiseError):
            await self._http("DELETE", f"/v1/agent/sessions/{self.opened.session}")

    async def say(
        self,
        parts: Sequence[TextPart],
        *,
        turn: str = "",
        locale: Language | None = None,
        deadline_s: float = 60.0,
    ) -> AsyncGenerator[CloudMessage, None]:
        """A turn's messages, `Ended` the last; leaving early cancels the turn.

        `turn` names it; the same name again is the same turn. Raises LinkError when it is not
        taken, the session is lost, or its reader is too far behind.
        """
        key = turn or f"t{secrets.token_hex(8)}"
        if key in self._turns:
            raise UserError(f"the turn {key!r} runs already", code="turn_running")
        queue: asyncio.Queue[CloudMessage | LinkError] = asyncio.Queue()
        self._turns[key] = queue
        self._said_at[key] = self._clock.monotonic()
        ended = False
        try:
            await self._put(Say(key, tuple(parts), locale, deadline_s))
            while not ended:
                message = await queue.get()
                if isinstance(message, LinkError):
                    ended = True
                    raise message
                if isinstance(message, NotTaken):
                    ended = True
                    raise LinkError(message.message, code=message.code)
                ended = isinstance(message, Ended)
                yield message
        finally:
            self._turns.pop(key, None)
            self._said_at.pop(key, None)
            if not ended:
                self._put_now(Cancel(key))

    async def report(self, turn: str, call: str, outcome: Outcome) -> None:
        """Tell what became of a proposed call. Waits for room; raises LinkError when it is lost."""
        await self._put(Report(turn, call, outcome))

    def age_s(self, proposed: Proposed) -> float:
        """How old a proposal is at most, by this device's clock: since the pulse that the cloud had
        when it proposed, or else since the turn was said."""
        now = self._clock.monotonic()
        since = next((at for pulse, at in self._pulses if pulse == proposed.pulse), None)
        if since is None:
            since = self._said_at.get(proposed.turn, 0.0)
        return now - since

    # -- what goes up

    async def _put(self, message: DeviceMessage) -> None:
        body = msgspec.json.encode(message)
        limit = self.opened.bounds.message_bytes - 128
        if len(body) > limit:
            raise UserError(
                f"the message is {len(body)} bytes long, the limit is {limit}; send less",
                code="too_large",
            )
        while self._failure is None and not self._outgoing.has_room(len(body)):
            await self._news.wait()
        if self._failure is not None:
            raise self._failure
        self._outgoing.put(body)
        self._tell()

    def _put_now(self, message: DeviceMessage) -> None:
        """What can not wait; when even what is spare is taken, the turn's deadline ends it."""
        if self._failure is None:
            with suppress(LinkError):
                self._outgoing.put(msgspec.json.encode(message))
            self._tell()

    def _tell(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()

    # -- what comes down

    def _take(self, message: CloudMessage) -> None:
        queue = self._turns.get(message.turn)
        if queue is None or (isinstance(message, NotTaken) and message.call):
            if isinstance(message, NotTaken):
                _log.info("the cloud did not take a message: %s", message.code)
            return
        if queue.qsize() < MOST_UNREAD:
            queue.put_nowait(message)
        elif queue.qsize() == MOST_UNREAD:
            queue.put_nowait(LinkError("the turn is not read fast enough", code="not_read"))

    def _end(self, failure: LinkError) -> None:
        """The session is over: all who wait are told."""
        if self._failure is None:
            self._failure = failure
        for queue in self._turns.values():
            queue.put_nowait(self._failure)
        self._tell()

    # -- the connection

    async def _stay_connected(self) -> None:
        failures = 0
        try:
            while True:
                if not self._may_connect():
                    raise LinkError("nothing may be sent any more", code="consent_withdrawn")
                before = self._told, self._outgoing.acknowledged
                await self._connection()
                moved = before != (self._told, self._outgoing.acknowledged)
                failures = 0 if moved else failures + 1
                if self._most_failures is not None and failures >= self._most_failures:
                    raise LinkError("the connection to the cloud is lost", code="link_lost")
                longest_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** min(failures, 8))
                await asyncio.sleep(longest_s * (0.5 + self._jitter() / 2))
        except LinkError as error:
            self._end(error)
        except EdgewiseError as error:
            self._end(LinkError(str(error), code=error.code))

    async def _connection(self) -> None:
        """One connection from its start to its loss. Raises LinkError when the session is over."""
        from websockets.asyncio.client import connect
        from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

        url = f"ws{self._address[4:]}{self.opened.channel}?resume_after={self._incoming.received}"
        try:
            async with connect(
                url,
                additional_headers=self._headers,
                open_timeout=CONNECT_S,
                max_size=self.opened.bounds.message_bytes + 4_096,
                max_queue=16,
                proxy=None if self._is_near else True,
            ) as socket:
                await self._both_ways(socket)
        except InvalidStatus as error:
            status = error.response.status_code
            if status in (400, 401, 403, 404):
                raise LinkError(
                    f"the cloud refuses the session with HTTP {status}", code="session_lost"
                ) from error
        except (OSError, TimeoutError, ConnectionClosed, InvalidHandshake) as error:
            _log.debug("the connection to the cloud's agent is lost: %s", error)
        finally:
            self.connected = False

    async def _both_ways(self, socket: "ClientConnection") -> None:
        async with asyncio.timeout(CONNECT_S):
            first = _frame_of(await socket.recv())
        if isinstance(first, Fault):
            raise LinkError(first.message, code=first.code)
        if not isinstance(first, Welcome):
            raise LinkError("the cloud did not begin with a welcome", code="bad_frame")
        self._outgoing.resume(first.ack)
        self.connected = True
        self._tell()
        tasks = [
            asyncio.create_task(work)
            for work in (self._read(socket), self._write(socket), self._pulse(socket))
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in done:
            task.result()

    async def _read(self, socket: "ClientConnection") -> None:
        async for text in socket:
            match _frame_of(text):
                case FromCloud(seq, ack, message):
                    self._outgoing.acknowledge(ack)
                    if self._incoming.take(seq):
                        self._take(message)
                case Ack(ack):
                    self._outgoing.acknowledge(ack)
                case Fault(code, why) if code not in _MAY_COME_BACK:
                    raise LinkError(why, code=code)
                case _:
                    return
            self._tell()

    async def _write(self, socket: "ClientConnection") -> None:
        self._told = 0
        while True:
            news, received = self._news, self._incoming.received
            for kept in self._outgoing.due():
                await socket.send(numbered(kept.seq, received, kept.body).decode())
                self._told = received
            if self._told < received:
                await socket.send(msgspec.json.encode(Ack(received)).decode())
                self._told = received
            await news.wait()

    async def _pulse(self, socket: "ClientConnection") -> None:
        """While a turn runs, say that the device is there, and remember when it said so.

        Numbers are drawn at random, so that the cloud can name no pulse before it has it.
        """
        while True:
            news = self._news
            if self._turns:
                number = 1 + secrets.randbelow(2**53)
                self._pulses.append((number, self._clock.monotonic()))
                await socket.send(msgspec.json.encode(Pulse(number)).decode())
                await asyncio.sleep(PULSE_S)
            else:
                await news.wait()

    # -- opening and ending

    async def _open(self) -> Opened:
        key = secrets.token_hex(16)
        for attempt in range(3):
            try:
                reply = await self._http(
                    "POST",
                    "/v1/agent/sessions",
                    content=msgspec.json.encode(self._opening),
                    headers={"Content-Type": "application/json", "Idempotency-Key": key},
                )
                return msgspec.json.decode(reply, type=Opened)
            except msgspec.MsgspecError as error:
                raise LinkError(f"the cloud's reply is no session: {error}") from error
            except LinkError as error:
                if error.code != "unreachable" or attempt == 2:
                    raise
                await asyncio.sleep(FIRST_PAUSE_S * (0.5 + self._jitter()))
        raise AssertionError("the last attempt returns or raises")

    async def _http(self, method: str, path: str, **sent: Any) -> bytes:
        """One request; its body. Raises LinkError: `unreachable`, or the cloud's own code."""
        import httpx

        headers = {**self._headers, **sent.pop("headers", {})}
        by_proxy = not self._is_near
        try:
            async with httpx.AsyncClient(timeout=CONNECT_S, trust_env=by_proxy) as client:
                reply = await client.request(method, self._address + path, headers=headers, **sent)
        except httpx.HTTPError as error:
            raise LinkError(
                f"{self._address} does not answer: {error}", code="unreachable"
            ) from error
        if reply.status_code < 300:
            return reply.content
        raise _refusal(reply.status_code, reply.content)


class _Problem(msgspec.Struct):
    message: str
    code: str | None = None


class _ErrorBody(msgspec.Struct):
    error: _Problem


def _refusal(status: int, body: bytes) -> LinkError:
    with suppress(msgspec.MsgspecError):
        problem = msgspec.json.decode(body, type=_ErrorBody).error
        return LinkError(problem.message[:500], code=problem.code or "refused")
    return LinkError(f"the cloud answered HTTP {status}", code="refused")


def _frame_of(text: str | bytes) -> Any:
    try:
        return cloud_frame(text)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise LinkError(f"the cloud sent what is no frame: {error}", code="bad_frame") from error
