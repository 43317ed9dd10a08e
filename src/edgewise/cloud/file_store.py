"""Files of the projects: rows in the database, bytes in a folder under their ids.

A file's bytes are written beside under a temporary name and forced to disk, then renamed, then the
row is made: what is listed is whole, and what a crash leaves without a row is removed at the next
start. Names that people give are only ever shown, never paths. Everything is asked for by project,
and what is another's is not there. It does not know what a file is for, nor what storage costs.
"""

import asyncio
import os
import re
import shutil
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, and_, func, insert, or_, select, update

from edgewise.cloud.database import Database
from edgewise.cloud.exchange import Result, settle_later
from edgewise.cloud.identifier import new_id
from edgewise.cloud.refusal import Refused, bad_request
from edgewise.cloud.rows import columns_of, read_all, read_one
from edgewise.cloud.tables import files
from edgewise.core.clock import Clock

ID = re.compile(r"file_[0-9A-Za-z]{24}")
LONGEST_NAME = 255
PART = ".part"


class File(Struct, frozen=True):
    """A file as its row tells it; times are wall seconds. `key` made it and pays its storage."""

    id: str
    project: str
    key: str
    name: str
    purpose: str
    size_bytes: int
    created_at: float
    expires_at: float | None = None


class New(Struct, frozen=True):
    """What a file is to be. `expires_s` counts from its making, None is never."""

    project: str
    key: str
    name: str
    purpose: str
    expires_s: int | None = None


class Page(Struct, frozen=True):
    """A part of a list."""

    files: tuple[File, ...]
    has_more: bool


class FileStore:
    """All files of one platform. `changing` is held while rows are made or ended, and by the meter
    of storage while it reads them."""

    def __init__(self, database: Database, folder: Path, clock: Clock) -> None:
        self._database = database
        self._folder = folder
        self._clock = clock
        self.changing = asyncio.Lock()
        self._coming: dict[str, int] = {}

    def new_part(self) -> Path:
        """A temporary file to write to; whoever asked for it keeps it or removes it."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        return self._folder / f"{new_id('file')}{PART}"

    @asynccontextmanager
    async def room(
        self, project: str, size_bytes: int, *, quota_bytes: int, reserve_bytes: int
    ) -> AsyncGenerator[int]:
        """Hold room for a file that comes, until the block ends; how many bytes it may have: no
        more than `size_bytes`, than what is left of the project's quota beside its files and what
        else comes for it. Raises Refused: 413 when nothing is left of it, 503 when the disk has
        not `reserve_bytes` more."""
        async with self.changing:
            held, free = await asyncio.to_thread(self._held_and_free, project)
            left = quota_bytes - held - self._coming.get(project, 0)
            if left <= 0:
                said = f"the files of this project have {held} of {quota_bytes} bytes"
                raise Refused(413, "project_storage_full", f"{said}; delete some")
            taken = min(size_bytes, left)
            if free - sum(self._coming.values()) - taken < reserve_bytes:
                raise disk_full()
            self._coming[project] = self._coming.get(project, 0) + taken
        try:
            yield taken
        finally:
            self._coming[project] -= taken
            if not self._coming[project]:
                del self._coming[project]

    async def keep(
        self,
        made: Iterable[tuple[New, Path]],
        also: Callable[[Connection, list[File]], object] | None = None,
    ) -> list[File]:
        """Make files of temporary ones that are forced to disk already, all of them or none; `also`
        writes in the same transaction."""
        return await _whole(self._keep(list(made), also))

    async def find(self, project: str, id: str) -> File:
        """The file. Raises Refused (404) when it is not there, expired or another project's."""
        asked = select(*columns_of(files, File)).where(self._there(project), files.c.id == id)
        found = await self._one(asked) if ID.fullmatch(id) else None
        if found is None:
            raise no_file(id)
        return found

    async def read_page(
        self, project: str, *, after: str, limit: int, newest_first: bool, purpose: str
    ) -> Page:
        """Files in the order they were made. Raises Refused (400) for an `after` that is none."""
        asked = select(*columns_of(files, File)).where(self._there(project))
        if purpose:
            asked = asked.where(files.c.purpose == purpose)
        if after:
            start = select(*columns_of(files, File)).where(
                files.c.project == project, files.c.id == after
            )
            last = await self._one(start) if ID.fullmatch(after) else None
            if last is None:
                raise bad_request(f"after: there is no file {after[:80]!r}", "after")
            asked = asked.where(_beyond(last, newest_first=newest_first))
        order = (files.c.created_at, files.c.id)
        asked = asked.order_by(*(column.desc() if newest_first else column for column in order))

        def read() -> tuple[File, ...]:
            with self._database.read() as connection:
                return read_all(connection, asked.limit(limit + 1), File)

        found = await asyncio.to_thread(read)
        return Page(found[:limit], len(found) > limit)

    def path_of(self, file: File) -> Path:
        """Where its bytes lie."""
        return self._folder / file.id

    async def delete(self, project: str, id: str) -> File:
        """End a file and remove its bytes. Raises Refused (404)."""
        file = await self.find(project, id)
        live = and_(files.c.id == id, files.c.deleted_at.is_(None))

        def end() -> int:
            with self._database.begin() as connection:
                change = update(files).where(live).values(deleted_at=self._clock.now())
                return connection.execute(change).rowcount

        if not await _whole(self._change(end)):
            raise no_file(id)
        self.path_of(file).unlink(missing_ok=True)
        return file

    async def end_expired(self) -> int:
        """End the files whose time is over; how many."""
        now_s = self._clock.now()
        over = and_(files.c.deleted_at.is_(None), files.c.expires_at <= now_s)

        def end() -> list[str]:
            with self._database.begin() as connection:
                change = update(files).where(over).values(deleted_at=files.c.expires_at)
                return list(connection.execute(change.returning(files.c.id)).scalars())

        ended = await _whole(self._change(end))
        for id in ended:
            (self._folder / id).unlink(missing_ok=True)
        return len(ended)

    async def sweep(self) -> int:
        """Remove what a crash left in the folder: bytes without a row; how many. To be called
        before the first upload."""
        return await asyncio.to_thread(self._sweep)

    async def _keep(
        self,
        pairs: Sequence[tuple[New, Path]],
        also: Callable[[Connection, list[File]], object] | None,
    ) -> list[File]:
        ids = [new_id("file") for _ in pairs]
        sizes = await asyncio.to_thread(self._take, [part for _, part in pairs], ids)

        def write() -> list[File]:
            now_s = self._clock.now()
            found = [
                _file(id, new, size, now_s)
                for id, (new, _), size in zip(ids, pairs, sizes, strict=True)
            ]
            with self._database.begin() as connection:
                for file in found:
                    connection.execute(insert(files).values(_row(file)))
                if also is not None:
                    also(connection, found)
            return found

        try:
            return await self._change(write)
        except Exception:  # nothing refers to the bytes: they are no file
            for id in ids:
                (self._folder / id).unlink(missing_ok=True)
            raise

    def _sweep(self) -> int:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        with self._database.read() as connection:
            asked = select(files.c.id).where(files.c.deleted_at.is_(None))
            known = set(connection.execute(asked).scalars())
        removed = 0
        for left in self._folder.iterdir():
            if left.name not in known and (left.suffix == PART or ID.fullmatch(left.name)):
                left.unlink(missing_ok=True)
                removed += 1
        return removed

    def _take(self, parts: list[Path], ids: list[str]) -> list[int]:
        """Give temporary files their names; their sizes."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        sizes = [part.stat().st_size for part in parts]
        for part, id in zip(parts, ids, strict=True):
            part.rename(self._folder / id)
        force(self._folder)
        return sizes

    def _held_and_free(self, project: str) -> tuple[int, int]:
        """The bytes of a project's files, and those that are free on the disk."""
        asked = select(func.coalesce(func.sum(files.c.size_bytes), 0)).where(self._there(project))
        with self._database.read() as connection:
            held = int(connection.execute(asked).scalar_one())
        self._folder.mkdir(mode=0o700, exist_ok=True)
        return held, shutil.disk_usage(self._folder).free

    async def _change(self, write: Callable[[], Result]) -> Result:
        async with self.changing:
            return await asyncio.to_thread(write)

    async def _one(self, asked: Any) -> File | None:
        def read() -> File | None:
            with self._database.read() as connection:
                return read_one(connection, asked, File)

        return await asyncio.to_thread(read)

    def _there(self, project: str) -> ColumnElement[bool]:
        """That a file is the project's, neither deleted nor expired."""
        return and_(
            files.c.project == project,
            files.c.deleted_at.is_(None),
            or_(files.c.expires_at.is_(None), files.c.expires_at > self._clock.now()),
        )


async def _whole(work: Coroutine[Any, Any, Result]) -> Result:
    """Do the work to its end, even if who waits for it is cancelled: it has its own thread."""
    return await asyncio.shield(settle_later(work))


def shown_name(given: str) -> str:
    """A name as it is kept: what follows the last slash of either kind, without control
    characters, `file` when nothing is left. It is never used as a path."""
    last = given.replace("\\", "/").rpartition("/")[2]
    kept = "".join(one for one in last if one.isprintable() and not "\ud800" <= one <= "\udfff")
    return kept.strip()[:LONGEST_NAME] or "file"


def disk_full(headers: Mapping[str, str] | None = None) -> Refused:
    """A 503 that the operator must act on."""
    said = "the platform's disk takes no more files; its operator must free space"
    return Refused(503, "disk_full", said, headers={"Retry-After": "30", **(headers or {})})


def no_file(id: str) -> Refused:
    """A 404: not there, deleted, expired, or another project's: one answer for all."""
    return Refused(404, "file_not_found", f"there is no file {id[:80]!r}; GET /v1/files lists them")


def force(path: Path) -> None:
    """Force a file or the entries of a folder to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _file(id: str, new: New, size_bytes: int, now_s: float) -> File:
    expires_at = None if new.expires_s is None else now_s + new.expires_s
    return File(
        id, new.project, new.key, shown_name(new.name), new.purpose, size_bytes, now_s, expires_at
    )


def _row(file: File) -> dict[str, Any]:
    fields = {name: getattr(file, name) for name in File.__struct_fields__}
    return {**fields, "metered_until": file.created_at}


def _beyond(last: File, *, newest_first: bool) -> ColumnElement[bool]:
    at, id = files.c.created_at, files.c.id
    if newest_first:
        return or_(at < last.created_at, and_(at == last.created_at, id < last.id))
    return or_(at > last.created_at, and_(at == last.created_at, id > last.id))
