"""The connections to one backend: a bounded number, kept open between requests.

`take` one, `give` it back; whoever comes when all are busy waits its turn. One that was not used
for `KEEP_S` is not used again, so that none is picked up just when the backend gives it up itself.
"""

import asyncio
import ssl
from collections import deque
from urllib.parse import urlsplit

from edgewise.cloud.upstream_connection import Connection
from edgewise.errors import LinkError

KEEP_S = 4.0
"""Less than uvicorn's 5 s, which vLLM, SGLang and Ray Serve are served by."""
END_S = 0.25
"""How long an answer whose last word was read may take to end: servers send that apart."""
PORTS = {"http": 80, "https": 443}


class Busy(LinkError):
    """All connections were busy for as long as was waited."""


class Connections:
    """Made within an event loop; `close` it."""

    def __init__(self, url: str, most: int, connect_s: float) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or ""
        self._port = parts.port or PORTS[parts.scheme]
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._most = most
        self._connect_s = connect_s
        self._loop = asyncio.get_running_loop()
        self._open: set[Connection] = set()
        self._connecting = 0
        self._idle: dict[Connection, float] = {}  # since when; the newest last
        self._waiting: deque[asyncio.Future[Connection | None]] = deque()
        self._sweeping: asyncio.TimerHandle | None = None
        self._closed = False

    async def take(self, wait_s: float, *, is_new: bool = False) -> Connection:
        """A connection that nobody else uses; `is_new`: none of those that were kept, which then
        are ended. Raises Busy when none got free within `wait_s`, OSError when none can be made."""
        while True:
            if self._closed:
                raise OSError("it is closed")
            if is_new:
                self._end_idle(0.0)
            while self._idle:
                connection, since = self._idle.popitem()
                if self._loop.time() - since < KEEP_S and _is_ready(connection):
                    return connection
                connection.abort()
            if len(self._open) + self._connecting < self._most:
                self._connecting += 1
                return await self._connect()
            got = await self._wait(wait_s)
            if got is None:  # its place is counted already
                return await self._connect()
            if _is_ready(got) and not is_new:
                return got
            got.abort()

    def give(self, connection: Connection) -> None:
        """It is not used any more; it is kept if another request may go over it."""
        if not connection.is_reusable:
            connection.abort()
            return
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done():
                waiting.set_result(connection)
                return
        self._idle[connection] = self._loop.time()
        if self._sweeping is None:
            self._sweeping = self._loop.call_later(KEEP_S, self._sweep)

    def give_at_end(self, connection: Connection) -> None:
        """As `give`, when the answer ends, whose last word was read; that is waited for."""
        if connection.is_ending:
            connection.end_soon(END_S, lambda: self.give(connection))
        else:
            self.give(connection)

    def close(self) -> None:
        """End all, and all waiting."""
        self._closed = True
        if self._sweeping is not None:
            self._sweeping.cancel()
        for waiting in self._waiting:
            waiting.cancel()
        for connection in list(self._open):
            connection.abort()

    async def _wait(self, wait_s: float) -> Connection | None:
        """A connection that another gave back, or None: there is a place for a new one, which is
        counted in already."""
        waiting: asyncio.Future[Connection | None] = self._loop.create_future()
        self._waiting.append(waiting)
        try:
            async with asyncio.timeout(wait_s):
                return await waiting
        except BaseException as error:
            if waiting in self._waiting:
                self._waiting.remove(waiting)
            if waiting.done() and not waiting.cancelled():  # it came just when nobody waited on
                self._pass_on(waiting.result())
            if isinstance(error, TimeoutError):
                raise Busy(f"all {self._most} connections are busy") from error
            task = asyncio.current_task()
            if self._closed and task is not None and not task.cancelling():
                raise OSError("it is closed") from None
            raise

    def _pass_on(self, got: Connection | None) -> None:
        if got is not None:
            self.give(got)
        else:
            self._connecting -= 1
            self._let_in()

    async def _connect(self) -> Connection:
        """A new one; its place is counted in `_connecting`."""
        try:
            async with asyncio.timeout(self._connect_s):
                _, connection = await self._loop.create_connection(
                    lambda: Connection(self._lost), self._host, self._port, ssl=self._tls
                )
            if not connection.is_open:
                raise OSError("the connection was closed at once")
            self._open.add(connection)
        except TimeoutError as error:
            raise OSError(f"no connection within {self._connect_s:g} s") from error
        finally:
            self._connecting -= 1
            self._let_in()
        return connection

    def _lost(self, connection: Connection) -> None:
        self._open.discard(connection)
        self._idle.pop(connection, None)
        self._let_in()

    def _let_in(self) -> None:
        """Let the next that waits make a connection, if there is a place."""
        while self._waiting and len(self._open) + self._connecting < self._most:
            waiting = self._waiting.popleft()
            if not waiting.done():
                self._connecting += 1
                waiting.set_result(None)

    def _sweep(self) -> None:
        """End those that were idle for too long."""
        self._sweeping = None
        self._end_idle(KEEP_S)
        if self._idle:
            self._sweeping = self._loop.call_later(KEEP_S, self._sweep)

    def _end_idle(self, for_s: float) -> None:
        oldest = self._loop.time() - for_s
        for connection, since in list(self._idle.items()):
            if since <= oldest:
                self._idle.pop(connection)
                connection.abort()


def _is_ready(connection: Connection) -> bool:
    """Whether another request may go over it."""
    return connection.is_reusable and connection.is_quiet
