"""`/v1/batches`: make, list, get, cancel; each project sees its own alone.

A batch is made with a file of the project, for an endpoint that the key is for as well. What
happens then is the runner's affair (`batch_run.py`). Source: openai-openapi f85dbe2, /batches.
"""

import asyncio
from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from edgewise.cloud.answers import answer
from edgewise.cloud.batch_lines import ENDPOINTS
from edgewise.cloud.batch_run import BatchRunner
from edgewise.cloud.batch_table import (
    CANCELLABLE,
    Batch,
    BatchError,
    BatchUsage,
    Status,
    change_batch,
    count_unfinished,
    find_batch,
    insert_batch,
    list_batches,
)
from edgewise.cloud.caller import Caller, Endpoint
from edgewise.cloud.chat import decode
from edgewise.cloud.completions import check_json
from edgewise.cloud.doors import caller_of, read_body
from edgewise.cloud.file_store import File, FileStore
from edgewise.cloud.files import check_expiry, limit_of
from edgewise.cloud.identifier import new_id
from edgewise.cloud.refusal import Refused, bad_request
from edgewise.errors import EdgewiseError

BODY_BYTES = 64 * 1024
WINDOW_S = 24 * 3600.0
MOST_LISTED = 100
MOST_UNFINISHED = 100
"""How many batches of a project may wait or run."""
Result = TypeVar("Result")


class ExpiresAfter(Struct, frozen=True, forbid_unknown_fields=True):
    anchor: Literal["created_at"]
    seconds: int


class NewBatch(Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a creation."""

    input_file_id: str
    endpoint: str
    completion_window: Literal["24h"]
    metadata: (
        Annotated[
            dict[
                Annotated[str, Meta(max_length=64)],
                Annotated[str, Meta(max_length=512)],
            ],
            Meta(max_length=16),
        ]
        | None
    ) = None
    output_expires_after: ExpiresAfter | None = None


class Errors(Struct, frozen=True):
    data: list[BatchError]
    object: str = "list"


class Counts(Struct, frozen=True):
    total: int
    completed: int
    failed: int


class BatchObject(Struct, frozen=True):
    """A batch as the API tells it; times are whole seconds."""

    id: str
    endpoint: str
    errors: Errors | None
    input_file_id: str
    status: Status
    output_file_id: str | None
    error_file_id: str | None
    created_at: int
    in_progress_at: int | None
    expires_at: int | None
    finalizing_at: int | None
    completed_at: int | None
    failed_at: int | None
    expired_at: int | None
    cancelling_at: int | None
    cancelled_at: int | None
    request_counts: Counts
    metadata: dict[str, str] | None
    model: str | None
    usage: dict[str, Any] | None
    completion_window: str = "24h"
    object: str = "batch"


class BatchList(Struct, frozen=True):
    data: list[BatchObject]
    first_id: str | None
    last_id: str | None
    has_more: bool
    object: str = "list"


_body = msgspec.json.Decoder(NewBatch)


def batch_routes() -> list[BaseRoute]:
    """The routes; the runner is the platform's."""
    return [
        Route("/v1/batches", create, methods=["POST"]),
        Route("/v1/batches", list_all, methods=["GET"]),
        Route("/v1/batches/{id}", get, methods=["GET"]),
        Route("/v1/batches/{id}/cancel", cancel, methods=["POST"]),
    ]


async def create(request: Request) -> Response:
    """`POST /v1/batches`."""
    caller = _caller(request)
    check_json(request.scope)
    raw = await read_body(request.scope, request.receive, BODY_BYTES)
    asked: NewBatch = decode(raw, _body)
    cloud: Any = request.app.state.cloud
    runner: BatchRunner = cloud.batches
    place = cloud.gateway.limits.enter(caller, 0, stream=False)
    try:
        file = await _input(cloud.files, caller, asked)
        batch = _new(caller, asked, cloud.clock.now())
        try:
            await asyncio.to_thread(runner.take, batch.id, file)
        except FileNotFoundError as error:
            raise _no_input(asked.input_file_id) from error
        try:
            await _change(request, lambda connection: _insert(connection, batch))
        except (Refused, EdgewiseError):
            runner.drop(batch.id)
            raise
        runner.begin(batch.id)
    finally:
        place.leave(0)
    return answer(request, shown(batch))


async def list_all(request: Request) -> Response:
    """`GET /v1/batches`, newest first, with `after` and `limit`."""
    caller = _caller(request)
    limit = limit_of(request, 20, MOST_LISTED)
    after = request.query_params.get("after", "")
    last: Batch | None = None
    if after:
        last = await _find(request, caller, after)
        if last is None:
            raise bad_request(f"after: there is no batch {after[:80]!r}", "after")
    found = await _read(
        request,
        lambda connection: list_batches(connection, caller.project, after=last, limit=limit + 1),
    )
    data = [shown(batch) for batch in found[:limit]]
    first_id, last_id = (data[0].id, data[-1].id) if data else (None, None)
    return answer(request, BatchList(data, first_id, last_id, len(found) > limit))


async def get(request: Request) -> Response:
    """`GET /v1/batches/{id}`."""
    return answer(request, shown(await _found(request, _caller(request))))


async def cancel(request: Request) -> Response:
    """`POST /v1/batches/{id}/cancel`: no more lines are begun, those under way end."""
    caller = _caller(request)
    batch = await _found(request, caller)
    cloud: Any = request.app.state.cloud
    values = {"status": Status.CANCELLING, "cancelling_at": cloud.clock.now()}
    if await _change(request, lambda at: change_batch(at, batch.id, CANCELLABLE, **values)):
        cloud.batches.cancel(batch.id)
    batch = await _found(request, caller)
    if batch.status not in (Status.CANCELLING, Status.CANCELLED):
        raise Refused(409, "batch_ended", f"the batch is {batch.status.value} already")
    return answer(request, shown(batch))


def shown(batch: Batch) -> BatchObject:
    """A batch as the API tells it."""
    return BatchObject(
        id=batch.id,
        endpoint=batch.endpoint,
        errors=Errors(batch.errors) if batch.errors else None,
        input_file_id=batch.input_file,
        status=batch.status,
        output_file_id=batch.output_file,
        error_file_id=batch.error_file,
        request_counts=Counts(batch.total, batch.completed, batch.failed),
        metadata=batch.metadata,
        model=batch.model,
        usage=None if batch.usage is None else _usage(batch.usage),
        created_at=int(batch.created_at),
        in_progress_at=_whole(batch.in_progress_at),
        expires_at=_whole(batch.expires_at),
        finalizing_at=_whole(batch.finalizing_at),
        completed_at=_whole(batch.completed_at),
        failed_at=_whole(batch.failed_at),
        expired_at=_whole(batch.expired_at),
        cancelling_at=_whole(batch.cancelling_at),
        cancelled_at=_whole(batch.cancelled_at),
    )


def _whole(at: float | None) -> int | None:
    return None if at is None else int(at)


def _usage(usage: BatchUsage) -> dict[str, Any]:
    return {
        "input_tokens": usage.input_tokens,
        "input_tokens_details": {"cached_tokens": usage.cached_tokens},
        "output_tokens": usage.output_tokens,
        "output_tokens_details": {"reasoning_tokens": usage.reasoning_tokens},
        "total_tokens": usage.input_tokens + usage.output_tokens,
    }


def _caller(request: Request) -> Caller:
    caller = caller_of(request)
    caller.check_endpoint(Endpoint.BATCHES)
    return caller


async def _input(store: FileStore, caller: Caller, asked: NewBatch) -> File:
    """The input's file. Raises Refused (400; 403 for an endpoint that the key is not for)."""
    if asked.endpoint not in ENDPOINTS:
        said = f"endpoint: {asked.endpoint[:80]!r}; send one of: {', '.join(ENDPOINTS)}"
        raise bad_request(said, "endpoint", "unsupported_value")
    caller.check_endpoint(ENDPOINTS[asked.endpoint][0])
    if asked.output_expires_after is not None:
        check_expiry(asked.output_expires_after.seconds, "output_expires_after.seconds")
    try:
        file = await store.find(caller.project, asked.input_file_id)
    except Refused as refused:
        raise _no_input(asked.input_file_id) from refused
    if file.purpose != "batch":
        said = f"input_file_id: that file's purpose is {file.purpose!r}; upload it with 'batch'"
        raise bad_request(said, "input_file_id")
    return file


def _no_input(id: str) -> Refused:
    said = f"input_file_id: there is no file {id[:80]!r}; GET /v1/files lists them"
    return bad_request(said, "input_file_id", "file_not_found")


def _new(caller: Caller, asked: NewBatch, now_s: float) -> Batch:
    expires = asked.output_expires_after
    return Batch(
        new_id("batch"),
        caller.project,
        caller.key,
        asked.endpoint,
        asked.input_file_id,
        Status.VALIDATING,
        now_s,
        now_s + WINDOW_S,
        asked.metadata,
        None if expires is None else expires.seconds,
    )


def _insert(connection: Connection, batch: Batch) -> None:
    """Raises Refused (429) when the project has too many that are not finished."""
    if count_unfinished(connection, batch.project) >= MOST_UNFINISHED:
        raise Refused(
            429,
            "too_many_batches",
            f"{MOST_UNFINISHED} batches of this project are not finished; wait for them",
            headers={"Retry-After": "60"},
        )
    insert_batch(connection, batch)


async def _found(request: Request, caller: Caller) -> Batch:
    """The batch of the path. Raises Refused (404)."""
    id = request.path_params["id"]
    batch = await _find(request, caller, id)
    if batch is None:
        said = f"there is no batch {id[:80]!r}; GET /v1/batches lists them"
        raise Refused(404, "batch_not_found", said)
    return batch


async def _find(request: Request, caller: Caller, id: str) -> Batch | None:
    if not id.isascii() or not id.isprintable():
        return None
    return await _read(request, lambda connection: find_batch(connection, caller.project, id))


async def _read(request: Request, work: Callable[[Connection], Result]) -> Result:
    def read() -> Result:
        with request.app.state.cloud.database.read() as connection:
            return work(connection)

    return await asyncio.to_thread(read)


async def _change(request: Request, work: Callable[[Connection], Result]) -> Result:
    def change() -> Result:
        with request.app.state.cloud.database.begin() as connection:
            return work(connection)

    return await asyncio.to_thread(change)
