"""`/v1/files`: upload, list, get, content, delete; each project sees its own alone.

Uploads go to disk as they come (`upload.py`), contents come from it in pieces. `expires_after` is
obeyed; a file for a batch is kept for 30 days when nothing is said, as in the OpenAI API. It does
not know where the bytes lie (`file_store.py`). Source: openai-openapi f85dbe2, /files.
"""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any, BinaryIO, cast
from urllib.parse import quote

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from edgewise.cloud.answers import answer, common_headers
from edgewise.cloud.caller import Caller, Endpoint
from edgewise.cloud.config import Config
from edgewise.cloud.doors import caller_of
from edgewise.cloud.file_store import File, FileStore, New, no_file
from edgewise.cloud.refusal import bad_request
from edgewise.cloud.upload import FORM_BYTES, Form, file_too_large, receive_form, said_bytes

PURPOSES = (
    "assistants",
    "batch",
    "evals",
    "fine-tune",
    "retrieval",
    "user_data",
    "vision",
)
"""Those of the OpenAI API, and StepFun's `retrieval`."""
EXPIRES_S = (3600, 30 * 86_400)
MOST_LISTED = 10_000
CHUNK_BYTES = 256 * 1024
_ANCHOR, _SECONDS = "expires_after[anchor]", "expires_after[seconds]"
FORM: dict[str, Any] = {
    "type": "object",
    "required": ["file", "purpose"],
    "properties": {
        "file": {"type": "string", "format": "binary"},
        "purpose": {"enum": list(PURPOSES)},
        _ANCHOR: {"const": "created_at"},
        _SECONDS: {"type": "integer", "minimum": EXPIRES_S[0], "maximum": EXPIRES_S[1]},
    },
}
"""The form of an upload as JSON schema."""


class FileObject(Struct, frozen=True):
    """A file as the API tells it."""

    id: str
    bytes: int
    created_at: int
    filename: str
    purpose: str
    expires_at: int | None = None
    object: str = "file"
    status: str = "processed"
    status_details: str | None = None


class FileList(Struct, frozen=True):
    data: list[FileObject]
    first_id: str | None
    last_id: str | None
    has_more: bool
    object: str = "list"


class Deleted(Struct, frozen=True):
    id: str
    object: str = "file"
    deleted: bool = True


def file_routes() -> list[BaseRoute]:
    """The routes; the store is the platform's."""
    return [
        Route("/v1/files", create, methods=["POST"]),
        Route("/v1/files", list_files, methods=["GET"]),
        Route("/v1/files/{id}", get, methods=["GET"]),
        Route("/v1/files/{id}", delete, methods=["DELETE"]),
        Route("/v1/files/{id}/content", content, methods=["GET"]),
    ]


async def create(request: Request) -> Response:
    """`POST /v1/files`; not for a budget that is spent, nor beyond the project's quota."""
    caller, store = _opened(request)
    cloud: Any = request.app.state.cloud
    config: Config = cloud.config
    cloud.budgets.check(caller.organisation, caller.project, caller.key)
    place = cloud.gateway.limits.enter(caller, 0, stream=False)
    part = store.new_part()
    try:
        if said_bytes(request) > config.file_limit_bytes + FORM_BYTES:
            raise file_too_large(config.file_limit_bytes)
        async with store.room(
            caller.project,
            min(said_bytes(request) or config.file_limit_bytes, config.file_limit_bytes),
            quota_bytes=config.project_files_bytes,
            reserve_bytes=config.disk_reserve_bytes,
        ) as most_bytes:
            form = await receive_form(request, part, most_bytes)
            (file,) = await store.keep([(_new(caller, form), part)])
    finally:
        part.unlink(missing_ok=True)
        place.leave(0)
    return answer(request, shown(file))


async def list_files(request: Request) -> Response:
    """`GET /v1/files`, with `after`, `limit`, `order` and `purpose`."""
    caller, store = _opened(request)
    asked = request.query_params
    order = asked.get("order", "desc")
    if order not in ("asc", "desc"):
        raise bad_request(f"order: {order[:20]!r}; send 'asc' or 'desc'", "order")
    page = await store.read_page(
        caller.project,
        after=asked.get("after", ""),
        limit=limit_of(request, MOST_LISTED, MOST_LISTED),
        newest_first=order == "desc",
        purpose=asked.get("purpose", ""),
    )
    data = [shown(file) for file in page.files]
    first, last = (data[0].id, data[-1].id) if data else (None, None)
    return answer(request, FileList(data, first, last, page.has_more))


async def get(request: Request) -> Response:
    """`GET /v1/files/{id}`."""
    caller, store = _opened(request)
    return answer(request, shown(await store.find(caller.project, request.path_params["id"])))


async def delete(request: Request) -> Response:
    """`DELETE /v1/files/{id}`."""
    caller, store = _opened(request)
    file = await store.delete(caller.project, request.path_params["id"])
    return answer(request, Deleted(file.id))


async def content(request: Request) -> Response:
    """`GET /v1/files/{id}/content`: the bytes, never shown by a browser as a page of ours."""
    caller, store = _opened(request)
    file = await store.find(caller.project, request.path_params["id"])
    try:
        held = await asyncio.to_thread(store.path_of(file).open, "rb")
    except FileNotFoundError as error:  # deleted since
        raise no_file(file.id) from error
    headers = {
        **common_headers(request),
        "Cache-Control": "no-store",
        "Content-Length": str(file.size_bytes),
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
        "X-Content-Type-Options": "nosniff",
    }
    chunks = _chunks(cast(BinaryIO, held))
    return StreamingResponse(chunks, headers=headers, media_type="application/octet-stream")


def shown(file: File) -> FileObject:
    """A file as the API tells it."""
    return FileObject(
        file.id,
        file.size_bytes,
        int(file.created_at),
        file.name,
        file.purpose,
        None if file.expires_at is None else int(file.expires_at),
    )


def limit_of(request: Request, default: int, most: int) -> int:
    """The `limit` of a list. Raises Refused (400)."""
    said = request.query_params.get("limit", str(default))
    if not said.isascii() or not said.isdigit() or len(said) > 9 or not 1 <= int(said) <= most:
        raise bad_request(f"limit: {said[:20]!r}; send a number from 1 to {most}", "limit")
    return int(said)


def check_expiry(seconds: int, param: str) -> int:
    """Raises Refused (400) for a time that a file can not be kept."""
    least, most = EXPIRES_S
    if not least <= seconds <= most:
        raise bad_request(f"{param}: {seconds}; send {least} to {most} seconds", param)
    return seconds


def _opened(request: Request) -> tuple[Caller, FileStore]:
    caller = caller_of(request)
    caller.check_endpoint(Endpoint.FILES)
    return caller, request.app.state.cloud.files


def _new(caller: Caller, form: Form) -> New:
    """What the form asks for. Raises Refused (400) for what is wrong or not known."""
    fields = dict(form.fields)
    purpose = fields.pop("purpose", "")
    if purpose not in PURPOSES:
        said = f"purpose: {purpose[:40]!r}; send one of: {', '.join(PURPOSES)}"
        raise bad_request(said, "purpose")
    anchor, seconds = fields.pop(_ANCHOR, None), fields.pop(_SECONDS, None)
    if fields:
        name = next(iter(fields))[:80]
        raise bad_request(f"{name}: no such field; leave it out", name, "unknown_parameter")
    return New(caller.project, caller.key, form.name, purpose, _expiry(purpose, anchor, seconds))


def _expiry(purpose: str, anchor: str | None, seconds: str | None) -> int | None:
    if anchor is None and seconds is None:
        return EXPIRES_S[1] if purpose == "batch" else None
    if anchor != "created_at":
        raise bad_request(f"{_ANCHOR}: {anchor!r}; send 'created_at'", _ANCHOR)
    if seconds is None or not seconds.isascii() or not seconds.isdigit() or len(seconds) > 9:
        raise bad_request(f"{_SECONDS}: {seconds!r}; send a number", _SECONDS)
    return check_expiry(int(seconds), _SECONDS)


async def _chunks(held: BinaryIO) -> AsyncGenerator[bytes, None]:
    try:
        while chunk := await asyncio.to_thread(held.read, CHUNK_BYTES):
            yield chunk
    finally:
        held.close()
