"""Responses under way: each turns chunks into recorded frames, alone or for its reader.

A run in the foreground stops with its reader, one in the background goes on without. Both keep
their events on a tape, for readers who come back. Tapes of finished runs are kept for some minutes
and within bounds; what is running in the background is bounded too. It knows neither requests nor
keys' rights. After a restart nothing runs: a kept response that says so has failed (`settled`).
"""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from typing import Any

import msgspec

from edgewise.cloud.ports import close
from edgewise.cloud.refusal import Refused
from edgewise.cloud.response_stream import Event, ResponseStream
from edgewise.cloud.responses_out import error_of
from edgewise.cloud.tape import Behind, Tape, TapeRoom
from edgewise.web.frame import frame

log = logging.getLogger(__name__)

DONE = b"data: [DONE]\n\n"
KEPT_S = 300.0
KEPT_BYTES = 64 * 1024 * 1024
MOST_IN_BACKGROUND = 512
MOST_OF_A_PROJECT = 32
_BEHIND = {
    "type": "error",
    "code": "stream_gone",
    "message": "the reader fell too far behind; fetch the response without stream",
    "param": None,
}
_UNDER_WAY = ("queued", "in_progress")

Keep = Callable[[dict[str, Any]], Awaitable[None]]


class Run:
    """One response under way, or just finished."""

    def __init__(
        self, project: str, stream: ResponseStream, keep: Keep, tape: Tape | None = None
    ) -> None:
        self.project = project
        self.stream = stream
        self.tape = tape or Tape()
        self.task: asyncio.Task[None] | None = None
        self.ended_at_s: float | None = None
        self.is_deleted = False
        self._keep = keep

    @property
    def id(self) -> str:
        """The response's id."""
        return str(self.stream.response["id"])

    async def frames(self, chunks: AsyncIterator[dict[str, Any]]) -> AsyncGenerator[bytes, None]:
        """The frames as the chunks come. Refused before the first chunk is raised as it is.

        Closing it closes the chunks; the response is kept as cancelled.
        """
        try:
            step = aiter(chunks)
            first = await anext(step, None)
            for event in [*self.stream.begin(), *self.stream.start()]:
                yield self.record(event)
            if first is not None:
                for event in self.stream.feed(first):
                    yield self.record(event)
            async with aclosing(self._rest(step)) as rest:
                async for recorded in rest:
                    yield recorded
        finally:
            await close(chunks)
            await self.settle()
        yield DONE

    async def work(self, chunks: AsyncIterator[dict[str, Any]]) -> None:
        """The same without a reader; it was begun already."""
        try:
            async with aclosing(self._rest(chunks)) as rest:
                async for _ in rest:
                    pass
        except Exception:  # the task's outermost loop
            log.exception("response %s failed", self.id)
        finally:
            await close(chunks)
            await self.settle()

    def begin(self) -> None:
        """Records the first events, before there is a chunk."""
        for event in self.stream.begin():
            self.record(event)

    async def keep_now(self) -> None:
        """Keeps it as it is, unless it was deleted."""
        if not self.is_deleted:
            await self._keep(self.stream.response)

    async def settle(self) -> None:
        """Ends what has begun and did not end (it was stopped), and keeps it."""
        if not self.stream.has_begun:
            return
        if not self.stream.is_ended:
            for event in self.stream.cancel():
                self.record(event)
        self.tape.end()
        await self.keep_now()

    async def replay(self, after: int) -> AsyncGenerator[bytes, None]:
        """The frames strictly after `after`, to the end. Raises Refused at the first step only; a
        reader that falls behind later gets an error as its last event."""
        self.tape.check(after)
        try:
            async for recorded in self.tape.follow(after):
                yield recorded
        except Behind:
            yield frame(msgspec.json.encode(_BEHIND), event="error")
        else:
            yield DONE

    def record(self, event: Event) -> bytes:
        """The event's frame, put on the tape."""
        number = str(event["sequence_number"])
        framed = frame(msgspec.json.encode(event), event=event["type"], id=number)
        self.tape.append(framed)
        return framed

    async def _rest(self, chunks: AsyncIterator[dict[str, Any]]) -> AsyncGenerator[bytes, None]:
        try:
            async for chunk in chunks:
                for event in [*self.stream.start(), *self.stream.feed(chunk)]:
                    yield self.record(event)
            for event in self.stream.finish():
                yield self.record(event)
        except Refused as refused:
            for event in self.stream.fail(refused):
                yield self.record(event)
        except Exception:
            failed = Refused(500, "server_error", "the server failed; its log says why")
            for event in self.stream.fail(failed):
                self.record(event)
            raise


class Runs:
    """All runs of this process, found by project and id."""

    def __init__(
        self,
        now_s: Callable[[], float] = time.monotonic,
        *,
        kept_s: float = KEPT_S,
        kept_bytes: int = KEPT_BYTES,
        most_in_background: int = MOST_IN_BACKGROUND,
        most_of_a_project: int = MOST_OF_A_PROJECT,
    ) -> None:
        self._now_s = now_s
        self._kept_s = kept_s
        self._kept_bytes = kept_bytes
        self._most, self._most_of_a_project = most_in_background, most_of_a_project
        self._runs: dict[tuple[str, str], Run] = {}
        self._tasks: dict[asyncio.Task[None], str] = {}
        self._room = TapeRoom()

    def tape(self) -> Tape:
        """A tape for a new run; all of this process share a bound."""
        return Tape(room=self._room)

    def find(self, project: str, id: str) -> Run | None:
        """The run, of this project only."""
        self._prune()
        return self._runs.get((project, id))

    def add(self, run: Run) -> None:
        """Makes it findable."""
        self._prune()
        self._runs[run.project, run.id] = run

    def drop(self, run: Run) -> None:
        """Forgets it."""
        self._runs.pop((run.project, run.id), None)

    def check_room(self, project: str) -> None:
        """Raises Refused (429) when as many run in the background as may, of the project or all."""
        own = sum(of == project for of in self._tasks.values())
        for count, most, whose in (
            (own, self._most_of_a_project, "this project"),
            (len(self._tasks), self._most, "this server"),
        ):
            if count >= most:
                raise Refused(
                    429,
                    "too_many_in_background",
                    f"{count} responses of {whose} run in the background, the limit is {most};"
                    " try again when one has ended",
                    headers={"Retry-After": "5"},
                )

    def start(self, run: Run, chunks: AsyncIterator[dict[str, Any]]) -> None:
        """Goes on with it in the background."""
        run.task = asyncio.create_task(run.work(chunks))
        self._tasks[run.task] = run.project
        run.task.add_done_callback(lambda task: self._tasks.pop(task, None))
        self.add(run)

    async def stop(self, run: Run) -> None:
        """Cancels it and waits until it has settled."""
        if run.task is not None and not run.task.done():
            run.task.cancel()
            await asyncio.gather(run.task, return_exceptions=True)
            if not run.stream.is_ended:  # it was cancelled before its first step
                await run.settle()

    async def close(self) -> None:
        """Cancels everything; to be called once, when the server ends."""
        for run in list(self._runs.values()):
            await self.stop(run)

    def settled(self, response: dict[str, Any]) -> dict[str, Any]:
        """A kept response: when it says that it is under way, and is not, then it has failed."""
        if response["status"] not in _UNDER_WAY:
            return response
        lost = Refused(500, "server_error", "the server restarted before the response was done")
        return {**response, "status": "failed", "error": error_of(lost)}

    def _prune(self) -> None:
        now_s = self._now_s()
        ended = [run for run in self._runs.values() if run.tape.is_ended]
        for run in ended:
            run.ended_at_s = now_s if run.ended_at_s is None else run.ended_at_s
        ended.sort(key=lambda run: run.ended_at_s or 0.0)
        held_bytes = sum(run.tape.size_bytes for run in self._runs.values())
        for run in ended:
            is_old = run.ended_at_s is not None and now_s - run.ended_at_s > self._kept_s
            if not is_old and held_bytes <= self._kept_bytes:
                break
            held_bytes -= run.tape.size_bytes
            self.drop(run)
