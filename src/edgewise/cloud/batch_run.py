"""Runs batches in the background: checked, line by line through the gateway, to their files.

Lines run as the key that made the batch: it must be in force for each of them (those under way end
with it), and what its limits refuse for now waits instead of failing. Places are given to projects
in turn (`turns.py`). Progress is the work folder's (`batch_work.py`) and the database's, so a start
goes on where a kill ended; a line that was under way then is run again, one whose answer is written
is not.
"""

import asyncio
import logging
import shutil
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from edgewise.cloud.batch_lines import Line, check_input, raw_lines, read_line, run_line
from edgewise.cloud.batch_table import (
    UNFINISHED,
    Batch,
    BatchError,
    Status,
    change_batch,
    read_batch,
    unfinished,
)
from edgewise.cloud.batch_work import OUTPUT, BatchWork
from edgewise.cloud.caller import Caller
from edgewise.cloud.database import Database
from edgewise.cloud.file_store import File, FileStore, New
from edgewise.cloud.gateway import Gateway
from edgewise.cloud.refusal import Refused
from edgewise.cloud.turns import Turns
from edgewise.core.clock import Clock
from edgewise.errors import EdgewiseError, LinkError

_log = logging.getLogger("edgewise.cloud")

LINES_AT_ONCE = 64
A_BATCH_AT_ONCE = 16
MOST_TRIES = 10
"""How often a line is put to a model that nobody answers for: over about three minutes."""
LONGEST_WAIT_S = 30.0
TELL_S = 1.0
AWAY_S = 5.0
MOST_FAILURES = 20
"""How often a batch is tried again over a fault of this machine, such as a full disk: within about
twenty minutes. A database that is only away is waited for without end."""
GRACE_S = 5.0
"""How long lines under way may take to end when the platform does."""
_READ_BYTES = 1024 * 1024

Find = Callable[[str, float], Caller | None]


class Ending(StrEnum):
    """Why no more lines of a batch are begun."""

    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REVOKED = "key_revoked"
    CLOSED = "closed"


class _Running:
    """A batch under way in this process."""

    def __init__(self, batch: Batch, work: BatchWork) -> None:
        self.batch = batch
        self.work = work
        self.ending: Ending | None = None
        self.stopped = asyncio.Event()
        self.told_at = 0.0

    def end(self, why: Ending) -> None:
        self.ending = self.ending or why
        self.stopped.set()


class BatchRunner:
    """All batches of one platform. `find` gives the key in force of an id."""

    def __init__(
        self,
        database: Database,
        store: FileStore,
        gateway: Gateway,
        find: Find,
        clock: Clock,
        folder: Path,
        *,
        away_s: float = AWAY_S,
    ) -> None:
        self._database = database
        self._store = store
        self._gateway = gateway
        self._find = find
        self._clock = clock
        self._folder = folder
        self._away_s = away_s
        self._turns = Turns(LINES_AT_ONCE)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._running: dict[str, _Running] = {}
        self._cancelled: set[str] = set()
        self._closing = False

    async def start(self) -> None:
        """Go on with what is unfinished, and remove working folders that nobody needs."""

        def read() -> list[str]:
            with self._database.read() as connection:
                ids = unfinished(connection)
            if self._folder.exists():
                for left in self._folder.iterdir():
                    if left.name not in ids:
                        shutil.rmtree(left, ignore_errors=True)
            return ids

        for id in await asyncio.to_thread(read):
            self.begin(id)

    def take(self, id: str, file: File) -> None:
        """Keep the input of a batch that is about to be made. Raises FileNotFoundError."""
        self._work(id).begin(self._store.path_of(file))

    def drop(self, id: str) -> None:
        """Give up the input of a batch that was not made after all."""
        self._work(id).remove()

    def begin(self, id: str) -> None:
        """Run a batch whose row and input are there."""
        task = asyncio.create_task(self._run(id))
        self._tasks[id] = task
        task.add_done_callback(lambda ended: self._look_at(id, ended))

    def cancel(self, id: str) -> None:
        """Begin no more lines of a batch; those under way end."""
        if id in self._tasks:  # else its status says so when it is begun
            self._cancelled.add(id)
        if id in self._running:
            self._running[id].end(Ending.CANCELLED)

    async def idle(self) -> None:
        """Wait until no batch runs."""
        while self._tasks:
            await asyncio.wait(list(self._tasks.values()))
            await asyncio.sleep(0)  # for the callbacks of those that ended

    async def close(self) -> None:
        """Stop; lines under way have a moment to end. The next start goes on."""
        self._closing = True
        for running in self._running.values():
            running.end(Ending.CLOSED)
        if self._tasks:
            await asyncio.wait(list(self._tasks.values()), timeout=GRACE_S)
        left = list(self._tasks.values())
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _run(self, id: str) -> None:
        """Run until it is finished; a database that is away is asked again. Raises the fault that
        lasts."""
        failures = 0
        while not self._closing:
            try:
                await self._work_off(id)
                return
            except EdgewiseError as error:
                failures += not isinstance(error, LinkError)
                if failures >= MOST_FAILURES:
                    raise
                wait_s = self._away_s * max(1, failures)
                _log.warning("batch %s goes on in %g s: %s", id, wait_s, error)
                await asyncio.sleep(wait_s)

    async def _work_off(self, id: str) -> None:
        batch = await asyncio.to_thread(self._read, id)
        if batch is None or batch.status not in UNFINISHED:
            return
        work = self._work(id)
        running = self._running[id] = _Running(batch, work)
        if batch.status is Status.CANCELLING or id in self._cancelled:
            running.end(Ending.CANCELLED)
        if self._closing:
            return
        try:
            if batch.status is Status.VALIDATING and not await self._check(running):
                return
            await asyncio.to_thread(work.resume)
            await self._run_lines(running)
            if running.ending is not Ending.CLOSED:
                await self._finish(running)
        finally:
            work.close()
            del self._running[id]

    async def _check(self, running: _Running) -> bool:
        """Whether the input is right; a batch whose input is wrong has failed."""
        batch, now_s = running.batch, self._clock.now()
        line_bytes = self._gateway.config.body_limit_bytes
        checked = await asyncio.to_thread(
            check_input, running.work.input, batch.endpoint, line_bytes
        )
        values: dict[str, Any] = {"total": checked.total, "model": checked.model}
        if checked.errors:
            values |= {"status": Status.FAILED, "errors": checked.errors, "failed_at": now_s}
        else:
            values |= {"status": Status.IN_PROGRESS, "in_progress_at": now_s}
        if await self._change(batch.id, (Status.VALIDATING,), **values):
            if checked.errors:
                running.work.remove()
            return not checked.errors
        running.end(Ending.CANCELLED)  # meanwhile; it has run nothing
        await self._change(batch.id, (Status.CANCELLING,), total=checked.total)
        return True

    async def _run_lines(self, running: _Running) -> None:
        """Run the lines that are not done yet, some at once, until there are none or it ends."""
        tasks: set[asyncio.Task[None]] = set()
        try:
            async for line in _lines(running.work, self._gateway.config.body_limit_bytes):
                if line.custom_id in running.work.done:
                    continue
                if self._ends(running):
                    if running.ending is not Ending.EXPIRED:
                        break
                    running.work.expire(line.custom_id)
                    continue
                while len(tasks) >= A_BATCH_AT_ONCE:
                    tasks = await self._some_end(running, tasks)
                tasks.add(asyncio.create_task(self._run_line(running, line)))
            while tasks:
                tasks = await self._some_end(running, tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _some_end(
        self, running: _Running, tasks: set[asyncio.Task[None]]
    ) -> set[asyncio.Task[None]]:
        done, left = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
        if self._clock.monotonic() - running.told_at >= TELL_S:
            running.told_at = self._clock.monotonic()
            counts = {"completed": running.work.completed, "failed": running.work.failed}
            await self._change(running.batch.id, UNFINISHED, **counts)
        return left

    async def _run_line(self, running: _Running, line: Line) -> None:
        """Run a line until it has an answer, or the batch ends before."""
        batch, tries = running.batch, 0
        while True:
            async with self._turns.turn(batch.project):
                caller = self._find(batch.key, self._clock.now())
                if caller is None:
                    running.end(Ending.REVOKED)
                if caller is None or self._ends(running):
                    break
                try:
                    answer = await run_line(self._gateway, caller, line)
                    running.work.answer(line.custom_id, answer.request_id, answer.body)
                    return
                except Refused as refused:
                    tries += refused.status != 429
                    if refused.status not in (429, 503) or tries >= MOST_TRIES:
                        running.work.refuse(line.custom_id, refused)
                        return
                    wait_s = _wait_s(refused, tries)
            await self._pause(running, wait_s)
        if running.ending is Ending.EXPIRED:
            running.work.expire(line.custom_id)

    def _ends(self, running: _Running) -> bool:
        """Whether no more lines are begun."""
        if running.ending is None and self._clock.now() >= running.batch.expires_at:
            running.end(Ending.EXPIRED)
        return running.ending is not None

    async def _pause(self, running: _Running, wait_s: float) -> None:
        left_s = max(0.0, running.batch.expires_at - self._clock.now())
        try:
            async with asyncio.timeout(min(wait_s, left_s)):
                await running.stopped.wait()
        except TimeoutError:
            return

    async def _finish(self, running: _Running) -> None:
        """Make the files of what was done and set the last status, in one transaction."""
        batch, work = running.batch, running.work
        if running.ending is None and work.expired:
            running.ending = Ending.EXPIRED
        if running.ending is None:
            now_s = self._clock.now()
            await self._change(
                batch.id, (Status.IN_PROGRESS,), status=Status.FINALIZING, finalizing_at=now_s
            )
        results = await asyncio.to_thread(work.results)
        usage = await asyncio.to_thread(work.usage)
        values = {**_last(running, self._clock.now()), "usage": usage}
        values |= {"completed": work.completed, "failed": work.failed}
        made = [(self._new(batch, file), await self._copied(file)) for file in results]

        def also(connection: Connection, files: list[File]) -> None:
            for file, result in zip(files, results, strict=True):
                values["output_file" if result.name == OUTPUT else "error_file"] = file.id
            change_batch(connection, batch.id, UNFINISHED, **values)

        await self._store.keep(made, also)
        await asyncio.to_thread(work.remove)

    async def _copied(self, file: Path) -> Path:
        """A second name of the bytes, for the store to take; ours stays until all is written."""
        part = self._store.new_part()
        await asyncio.to_thread(part.hardlink_to, file)
        return part

    def _new(self, batch: Batch, file: Path) -> New:
        kind = "output" if file.name == OUTPUT else "errors"
        return New(
            batch.project,
            batch.key,
            f"{batch.id}_{kind}.jsonl",
            "batch_output",
            batch.output_expires_s,
        )

    def _look_at(self, id: str, ended: asyncio.Task[None]) -> None:
        """A fault of ours must not leave a batch that seems to run."""
        del self._tasks[id]
        self._cancelled.discard(id)
        if ended.cancelled() or (fault := ended.exception()) is None:
            return
        _log.error("batch %s ended by a fault", id, exc_info=fault)
        if not self._closing:
            failing = asyncio.create_task(self._fail(id))
            self._tasks[id] = failing
            failing.add_done_callback(lambda _: self._tasks.pop(id))

    async def _fail(self, id: str) -> None:
        """Say that it failed; with the database broken too, the next start takes it up again."""
        said = "the platform failed with this batch; its log has the cause"
        errors = [BatchError("internal_error", said)]
        now_s = self._clock.now()
        values = {"status": Status.FAILED, "errors": errors, "failed_at": now_s}
        with suppress(EdgewiseError):
            await self._change(id, UNFINISHED, **values)

    def _work(self, id: str) -> BatchWork:
        return BatchWork(self._folder / id)

    def _read(self, id: str) -> Batch | None:
        with self._database.read() as connection:
            return read_batch(connection, id)

    async def _change(self, id: str, come_from: tuple[Status, ...], **values: Any) -> bool:
        def change() -> bool:
            with self._database.begin() as connection:
                return change_batch(connection, id, come_from, **values)

        return await asyncio.to_thread(change)


def _last(running: _Running, now_s: float) -> dict[str, Any]:
    """The columns that end a batch."""
    match running.ending:
        case Ending.CANCELLED:
            return {"status": Status.CANCELLED, "cancelled_at": now_s}
        case Ending.EXPIRED:
            return {"status": Status.EXPIRED, "expired_at": now_s}
        case Ending.REVOKED:
            said = "the key that made this batch is revoked or expired; make it with another"
            errors = [BatchError(Ending.REVOKED.value, said)]
            return {"status": Status.FAILED, "failed_at": now_s, "errors": errors}
        case _:
            return {"status": Status.COMPLETED, "completed_at": now_s}


def _wait_s(refused: Refused, tries: int) -> float:
    """How long until a line is tried again: as long as was said, longer with each failure."""
    said = refused.headers.get("Retry-After", "")
    least = float(said) if said.isdigit() else 1.0
    return min(LONGEST_WAIT_S, max(least, float(2**tries)) if tries else least)


async def _lines(work: BatchWork, line_bytes: int) -> AsyncGenerator[Line, None]:
    """The input's lines, read ahead by about a megabyte."""
    lines = raw_lines(work.input, line_bytes)

    def read() -> list[Line]:
        found: list[Line] = []
        size = 0
        for _, raw in lines:
            found.append(read_line(raw))
            size += len(raw)
            if size >= _READ_BYTES:
                break
        return found

    while read_now := await asyncio.to_thread(read):
        for line in read_now:
            yield line
