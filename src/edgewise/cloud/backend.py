"""The contract of a backend: something that answers OpenAI-shaped requests.

`upstream.py` is one over HTTP, `embedded.py` the model of this machine; `pool.py` chooses.
"""

from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Protocol

from edgewise.cloud.config import BackendConfig
from edgewise.errors import LinkError

JSON = "application/json"
MISSET = frozenset({401, 403, 404})
"""Statuses that say that our settings of a backend are wrong: its key, its address, a name."""


class Cause(StrEnum):
    """Why a backend did not take a request, for who shows it in words of their own; OTHER has none
    but its message."""

    CHECK = "check"
    UNREACHABLE = "unreachable"
    SLOW = "slow"
    BUSY = "busy"
    ANSWERED = "answered"
    OTHER = "other"


class Away(Exception):
    """A backend did not take a request: nothing of it was answered, so another may be asked.

    `status` is the upstream's HTTP status, 0 when there was none; `wait_s` how long it wants to be
    left alone; `is_slow` says that it has the request and did not begin to answer in time.
    """

    def __init__(
        self,
        message: str,
        status: int = 0,
        wait_s: float = 0.0,
        *,
        is_slow: bool = False,
        cause: Cause = Cause.OTHER,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.wait_s = wait_s
        self.is_slow = is_slow
        self.cause = Cause.SLOW if is_slow else cause


class Line:
    """The connection that a request waits on for its answer to begin. `hang_up` tells the backend
    that nobody waits any more, by closing our half: what it has written by then still comes. Who
    may go away by being cancelled, and then asks for the `rest`, says so by `keeps_rest`."""

    __slots__ = ("_close_half", "_keeps_rest", "is_left", "rest")

    def __init__(self, *, keeps_rest: bool = False) -> None:
        self.is_left = False
        self.rest: Callable[[], Awaitable[Reply]] | None = None
        self._keeps_rest = keeps_rest
        self._close_half: Callable[[], object] | None = None

    def opened(self, close_half: Callable[[], object]) -> None:
        """The request goes over a connection that `close_half` closes our half of. Raises LinkError
        when nobody waits any more."""
        if self.is_left:
            raise LinkError("nobody waits for the answer any more")
        self._close_half = close_half

    def closed(self) -> None:
        """The request is refused, or is about to go over another connection."""
        self._close_half = None

    def ended(self) -> None:
        """The answer is over: its connection may be another's by now, so it is not closed."""
        if self._close_half is not None:
            self._close_half = _close_nothing

    @property
    def is_open(self) -> bool:
        """Whether a backend has the request and has not refused it: it may be at work."""
        return self._close_half is not None

    def leave(self, rest: Callable[[], "Awaitable[Reply]"]) -> bool:
        """Who waited was cancelled; `rest` is the answer that may begin yet. Whether it will be
        asked for."""
        if self._keeps_rest:
            self.rest = rest
        return self._keeps_rest

    def hang_up(self) -> None:
        self.is_left = True
        if self._close_half is not None:
            self._close_half()


def _close_nothing() -> None: ...


class Reply(Protocol):
    """An answer that has begun. `read` gives its bytes as they come, empty at the end; it raises
    LinkError when the connection breaks or falls silent.

    `stop` tells the backend that nobody wants the rest; what it had written by then can still be
    read. `close` ends it in any case and is called once; `is_whole` says that its last word was
    read, so that a connection which is about to tell its end can be kept.
    """

    @property
    def is_stream(self) -> bool: ...
    @property
    def content_type(self) -> str: ...
    async def read(self) -> bytes: ...
    def stop(self) -> bool: ...
    async def close(self, *, is_whole: bool = False) -> None: ...


class Backend(Protocol):
    """`post` sends a body, JSON unless said otherwise, to a path below `/v1`.

    Raises Away when the backend did not take the request (it is down, too busy, its key is wrong),
    Refused with the upstream's own 4xx where the request is at fault. `ailing` asks it how it
    is: why it is not well, None when it is. A backend that can tell its connection before it
    answers tells `line`.
    """

    @property
    def config(self) -> BackendConfig: ...
    async def post(
        self,
        path: str,
        body: bytes,
        request_id: str,
        line: Line | None = None,
        content_type: str = JSON,
    ) -> Reply: ...
    async def ailing(self) -> Away | None: ...
    async def close(self) -> None: ...


async def read_all(reply: Reply, limit_bytes: int) -> bytes:
    """A whole answer. Raises LinkError when it breaks off or has more than `limit_bytes`."""
    parts: list[bytes] = []
    size = 0
    while data := await reply.read():
        size += len(data)
        if size > limit_bytes:
            raise LinkError(f"the upstream's answer has more than {limit_bytes} bytes")
        parts.append(data)
    return b"".join(parts) if len(parts) != 1 else parts[0]
