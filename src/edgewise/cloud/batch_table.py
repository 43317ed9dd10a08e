"""Batches in the database: made, read by project, moved from one status to the next.

A status only moves forward: each change names the statuses it may come from, so a cancellation and
the end of the work can not undo each other. It does not know how a batch is run.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, and_, func, insert, or_, select, update

from edgewise.cloud.rows import columns_of, read_all, read_one
from edgewise.cloud.tables import batches


class Status(StrEnum):
    """Where a batch stands, as in the OpenAI API."""

    VALIDATING = "validating"
    FAILED = "failed"
    IN_PROGRESS = "in_progress"
    FINALIZING = "finalizing"
    COMPLETED = "completed"
    EXPIRED = "expired"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"


UNFINISHED = (Status.VALIDATING, Status.IN_PROGRESS, Status.FINALIZING, Status.CANCELLING)
CANCELLABLE = (Status.VALIDATING, Status.IN_PROGRESS)


class BatchError(Struct, frozen=True):
    """What is wrong with a line of the input (counted from 1), or with the whole."""

    code: str
    message: str
    line: int | None = None
    param: str | None = None


class BatchUsage(Struct, frozen=True):
    """Tokens of all answers together."""

    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    reasoning_tokens: int = 0


class Batch(Struct, frozen=True):
    """A batch as its row tells it; times are wall seconds, files are ids."""

    id: str
    project: str
    key: str
    endpoint: str
    input_file: str
    status: Status
    created_at: float
    expires_at: float
    metadata: dict[str, str] | None = None
    output_expires_s: int | None = None
    model: str | None = None
    output_file: str | None = None
    error_file: str | None = None
    total: int = 0
    completed: int = 0
    failed: int = 0
    errors: list[BatchError] | None = None
    usage: BatchUsage | None = None
    in_progress_at: float | None = None
    finalizing_at: float | None = None
    completed_at: float | None = None
    failed_at: float | None = None
    expired_at: float | None = None
    cancelling_at: float | None = None
    cancelled_at: float | None = None


def insert_batch(connection: Connection, batch: Batch) -> None:
    """Make a row."""
    connection.execute(insert(batches).values(msgspec.to_builtins(batch)))


def find_batch(connection: Connection, project: str, id: str) -> Batch | None:
    """The batch of that id, if it is the project's."""
    asked = select(*columns_of(batches, Batch))
    return read_one(
        connection, asked.where(batches.c.id == id, batches.c.project == project), Batch
    )


def read_batch(connection: Connection, id: str) -> Batch | None:
    """The batch of that id, for who runs it."""
    return read_one(
        connection, select(*columns_of(batches, Batch)).where(batches.c.id == id), Batch
    )


def list_batches(
    connection: Connection, project: str, *, after: Batch | None, limit: int
) -> tuple[Batch, ...]:
    """The project's batches, newest first, behind `after`."""
    at, id = batches.c.created_at, batches.c.id
    asked = select(*columns_of(batches, Batch)).where(batches.c.project == project)
    if after is not None:
        same = and_(at == after.created_at, id < after.id)
        asked = asked.where(or_(at < after.created_at, same))
    return read_all(connection, asked.order_by(at.desc(), id.desc()).limit(limit), Batch)


def unfinished(connection: Connection) -> list[str]:
    """Ids of the batches that are to be run, oldest first."""
    asked = select(batches.c.id).where(batches.c.status.in_(UNFINISHED))
    return list(connection.execute(asked.order_by(batches.c.created_at)).scalars())


def count_unfinished(connection: Connection, project: str) -> int:
    """How many of a project's batches are to be run."""
    asked = select(func.count()).select_from(batches)
    asked = asked.where(batches.c.project == project, batches.c.status.in_(UNFINISHED))
    return connection.execute(asked).scalar_one()


def change_batch(
    connection: Connection, id: str, come_from: Sequence[Status], **values: Any
) -> bool:
    """Set columns of a batch that has one of these statuses; whether it had."""
    change = update(batches).where(batches.c.id == id, batches.c.status.in_(come_from))
    return bool(connection.execute(change.values(msgspec.to_builtins(values))).rowcount)
