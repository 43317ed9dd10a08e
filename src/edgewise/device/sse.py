"""Server-sent events: a stream of frames as an HTTP reply that notices when the reader leaves.

Two streams are served by it: events of a turn (none may be lost; a slow reader slows the turn's
reporting) and changes of state (only the newest value of each target matters, so a slow reader
gets fewer, larger changes). Source: HTML Living Standard, section 9.2, "Server-sent events".
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing

import msgspec
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from edgewise.core.event import Event, to_json
from edgewise.core.signal import JsonValue
from edgewise.device.wire import ApiError, ErrorReply, refusal
from edgewise.errors import EdgewiseError, UserError
from edgewise.web.frame import EVENT_STREAM_HEADERS, KEEP_ALIVE, frame

KEEP_ALIVE_S = 10.0
QUEUED_FRAMES = 256
LEAVE_S = 2.0
log = logging.getLogger(__name__)


def frame_of(event: Event) -> bytes:
    """An event of a turn: its sequence number is the id, its tag the name."""
    tag = event.__struct_config__.tag
    return frame(to_json(event), event=str(tag), id=str(event.seq))


class EventStream(Response):
    """A reply that sends the frames of `frames` as they come.

    An error before the first frame becomes an ordinary error reply. `on_leave` is awaited when the
    reader goes away first; `on_end` is called in any case, once.
    """

    def __init__(
        self,
        frames: AsyncGenerator[bytes, None],
        *,
        on_leave: Callable[[], Awaitable[object]] | None = None,
        on_end: Callable[[], None] | None = None,
        keep_alive_s: float = KEEP_ALIVE_S,
    ) -> None:
        super().__init__()
        self._frames = frames
        self._on_leave = on_leave
        self._on_end = on_end
        self._keep_alive_s = keep_alive_s
        self._started = False
        self._queue: asyncio.Queue[bytes | Exception | None] = asyncio.Queue(QUEUED_FRAMES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        pump = asyncio.create_task(self._pump())
        gone = asyncio.create_task(_disconnected(receive))
        try:
            await self._send_all(scope, receive, send, gone, pump)
        except OSError:  # the server found the connection closed while sending
            pass
        except asyncio.CancelledError:  # only the server cancels a reply, when it shuts down
            await self._cut(send)
        finally:
            gone.cancel()
            await self._finish(pump)

    async def _pump(self) -> None:
        """Runs the generator from start to end in one task, as task groups inside it need."""
        try:
            async with aclosing(self._frames) as frames:
                async for part in frames:
                    await self._queue.put(part)
            await self._queue.put(None)
        except EdgewiseError as error:
            await self._queue.put(error)
        except Exception as error:
            log.exception("a stream of events broke off")
            await self._queue.put(error)

    async def _send_all(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        gone: asyncio.Task[None],
        pump: asyncio.Task[None],
    ) -> None:
        first = await self._next(gone, pump)
        if isinstance(first, Exception):
            await refusal(as_api_error(first))(scope, receive, send)
            return
        await send(
            {"type": "http.response.start", "status": 200, "headers": list(EVENT_STREAM_HEADERS)}
        )
        self._started = True
        part = first
        while part is not None and not gone.done():
            if isinstance(part, Exception):
                problem = msgspec.json.encode(ErrorReply(as_api_error(part).problem))
                part = frame(problem, event="error")
                await send({"type": "http.response.body", "body": part, "more_body": True})
                break
            await send({"type": "http.response.body", "body": part, "more_body": True})
            part = await self._next(gone, pump)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _cut(self, send: Send) -> None:
        if not self._started:
            await send({"type": "http.response.start", "status": 503, "headers": []})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _next(
        self, gone: asyncio.Task[None], pump: asyncio.Task[None]
    ) -> bytes | Exception | None:
        """The next frame, a keep-alive when none came in time, or `None` at the end."""
        if not self._queue.empty():
            return self._queue.get_nowait()
        if pump.done():
            return None
        got = asyncio.create_task(self._queue.get())
        done, _ = await asyncio.wait(
            {got, gone, pump}, timeout=self._keep_alive_s, return_when=asyncio.FIRST_COMPLETED
        )
        if got.done():
            return got.result()
        got.cancel()
        return None if done else KEEP_ALIVE

    async def _finish(self, pump: asyncio.Task[None]) -> None:
        """Lets the generator end in order, then by force; shielded from the server's own haste."""
        try:
            if not pump.done():
                if self._on_leave is not None:
                    await self._on_leave()
                    drain = asyncio.create_task(self._drain())
                    await asyncio.wait({pump}, timeout=LEAVE_S)
                    drain.cancel()
                pump.cancel()
            await asyncio.wait([pump])  # who is cancelled meanwhile stays so
        finally:
            if self._on_end is not None:
                self._on_end()

    async def _drain(self) -> None:
        while True:
            await self._queue.get()


async def latest_changes(
    changes: AsyncIterator[dict[str, JsonValue]], *, at_most_every_s: float
) -> AsyncGenerator[dict[str, JsonValue], None]:
    """Joins changes so that at most one comes in `at_most_every_s`, each with the newest values."""
    waiting: dict[str, JsonValue] = {}
    some = asyncio.Event()

    async def gather() -> None:
        async for change in changes:
            waiting.update(change)
            some.set()

    task = asyncio.create_task(gather())
    task.add_done_callback(lambda _: some.set())
    try:
        while True:
            await some.wait()
            some.clear()
            if waiting:
                out = dict(waiting)
                waiting.clear()
                yield out
                await asyncio.wait({task}, timeout=at_most_every_s)
            if task.done():
                task.result()
                if not waiting:
                    return
                some.set()
    finally:
        task.cancel()
        await asyncio.wait([task])  # who is cancelled meanwhile stays so
        if not task.cancelled():
            task.exception()  # was told above, or comes too late for anybody


def as_api_error(error: Exception) -> ApiError:
    """The reply for an error of a turn: a person's mistake is 400, all else is ours."""
    if isinstance(error, ApiError):
        return error
    if isinstance(error, UserError):
        return ApiError(400, error.code, str(error), "change the request as the message says")
    if isinstance(error, EdgewiseError):
        return ApiError(503, error.code, str(error), "try again; `edgewise doctor` tells more")
    return ApiError(
        500, "internal_error", "the device failed to answer", "see the device's log for the cause"
    )


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
