"""The OpenAPI document of the platform, made from the structs that validate its bodies.

One row a route; a test holds that every route below `/v1` has one. Answers of a model are described
loosely (an object), since members that a backend adds are passed on. Source: OpenAPI 3.1.1.
"""

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import Struct

import edgewise
from edgewise.cloud.batches import BatchList, BatchObject, NewBatch
from edgewise.cloud.chat import ChatFields
from edgewise.cloud.client_secrets import SecretFields
from edgewise.cloud.embeddings import EmbeddingFields, Embeddings
from edgewise.cloud.files import FORM, Deleted, FileList, FileObject
from edgewise.cloud.message_request import CountRequest, MessageRequest
from edgewise.cloud.models_route import Model, ModelList
from edgewise.cloud.refusal import ErrorBody
from edgewise.cloud.response_request import ResponseRequest
from edgewise.cloud.speech import SpeechFields
from edgewise.cloud.transcriptions import FORM as TRANSCRIPTION_FORM
from edgewise.cloud.usage_report import Sums
from edgewise.web.call_form import FIELDS

REF = "#/components/schemas/{name}"
JSON = "application/json"
EVENTS = "text/event-stream"


class Operation(Struct, frozen=True):
    """One route: what it takes and gives. `streams`: it may answer with server-sent events."""

    method: str
    path: str
    summary: str
    body: Any = None
    answer: Any = None
    streams: bool = False
    parameters: tuple[dict[str, Any], ...] = ()
    content: str = JSON
    form: dict[str, Any] | None = None


def path_parameter(name: str, pattern: str = "") -> dict[str, Any]:
    """A part of the path."""
    schema = {"type": "string", **({"pattern": pattern} if pattern else {})}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def query(name: str, kind: str = "string", **limits: Any) -> dict[str, Any]:
    """A parameter of the query."""
    return {"name": name, "in": "query", "schema": {"type": kind, **limits}}


_RESPONSE = path_parameter("id", "^resp_[0-9a-f]+$")
_FILE = path_parameter("id", "^file_[0-9A-Za-z]{24}$")
_BATCH = path_parameter("id", "^batch_[0-9A-Za-z]{24}$")
_CALL = path_parameter("id", "^rtc_[0-9a-f]+$")
_STREAM = path_parameter("stream", "^strm_[0-9a-f]+$")
_LAST = {"name": "Last-Event-ID", "in": "header", "schema": {"type": "integer", "minimum": 0}}
_DAYS = (query("since", format="date"), query("until", format="date"))
_BY = "^(day|project|key|model)(,(day|project|key|model))*$"
_RESUME = {
    "name": "x-edgewise-resume",
    "in": "header",
    "description": "Seconds that the stream goes on without its client; see /v1/streams/{stream}",
    "schema": {"type": "number", "exclusiveMinimum": 0, "maximum": 300},
}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Names a request: a repeat with the same body within a day gets the same answer",
    "schema": {"type": "string", "maxLength": 255},
}
OPERATIONS: tuple[Operation, ...] = (
    Operation("get", "/v1/models", "The models that the key may use", answer=ModelList),
    Operation(
        "get",
        "/v1/models/{model}",
        "One model",
        answer=Model,
        parameters=(path_parameter("model"),),
    ),
    Operation(
        "get",
        "/v1/usage",
        "What the project used, told apart by `by`: day alone, or day, key and model with commas",
        answer=Sums,
        parameters=(*_DAYS, query("by", pattern=_BY, default="day"), query("key")),
    ),
    Operation(
        "get",
        "/v1/usage/export",
        "The project's ledger as CSV, or as JSON lines with format=json",
        parameters=(*_DAYS, query("key"), query("format", enum=["csv", "json"], default="csv")),
        content="text/csv",
    ),
    Operation(
        "post",
        "/v1/chat/completions",
        "Complete a conversation",
        ChatFields,
        streams=True,
        parameters=(_RESUME, _KEY),
    ),
    Operation(
        "get",
        "/v1/streams/{stream}",
        "Come back to a resumable stream, strictly after Last-Event-ID",
        streams=True,
        parameters=(_STREAM, _LAST),
    ),
    Operation("delete", "/v1/streams/{stream}", "Stop a resumable stream", parameters=(_STREAM,)),
    Operation("post", "/v1/responses", "Create a response", ResponseRequest, streams=True),
    Operation(
        "get",
        "/v1/responses/{id}",
        "A kept response, or its events after `starting_after`",
        streams=True,
        parameters=(
            _RESPONSE,
            query("stream", "boolean"),
            query("starting_after", "integer", minimum=0),
        ),
    ),
    Operation("delete", "/v1/responses/{id}", "Delete a response", parameters=(_RESPONSE,)),
    Operation("post", "/v1/responses/{id}/cancel", "Cancel a response", parameters=(_RESPONSE,)),
    Operation(
        "get",
        "/v1/responses/{id}/input_items",
        "The input of a response",
        parameters=(
            _RESPONSE,
            query("after"),
            query("limit", "integer", minimum=1, maximum=100),
            query("order", enum=["asc", "desc"]),
        ),
    ),
    Operation("post", "/v1/messages", "Anthropic's messages", MessageRequest, streams=True),
    Operation("post", "/v1/messages/count_tokens", "Estimate a message's tokens", CountRequest),
    Operation(
        "post", "/v1/embeddings", "Embed texts or tokens", EmbeddingFields, answer=Embeddings
    ),
    Operation(
        "post",
        "/v1/audio/speech",
        "Say a text; the sound comes as it is made",
        SpeechFields,
        content="application/octet-stream",
    ),
    Operation(
        "post",
        "/v1/audio/transcriptions",
        "Write down what is said in a file of sound",
        form=TRANSCRIPTION_FORM,
    ),
    Operation(
        "post",
        "/v1/realtime/client_secrets",
        "Make a key that lives for minutes and opens the WebSocket /v1/realtime alone",
        SecretFields,
    ),
    Operation(
        "post",
        "/v1/realtime/calls",
        "Begin a conversation over WebRTC; the body may be the offer alone (application/sdp)",
        form=FIELDS,
        content="application/sdp",
    ),
    Operation("post", "/v1/realtime/calls/{id}/hangup", "End a call", parameters=(_CALL,)),
    Operation("post", "/v1/files", "Upload a file", answer=FileObject, form=FORM),
    Operation(
        "get",
        "/v1/files",
        "The project's files",
        answer=FileList,
        parameters=(
            query("after"),
            query("limit", "integer", minimum=1, maximum=10_000),
            query("order", enum=["asc", "desc"]),
            query("purpose"),
        ),
    ),
    Operation("get", "/v1/files/{id}", "One file", answer=FileObject, parameters=(_FILE,)),
    Operation("delete", "/v1/files/{id}", "Delete a file", answer=Deleted, parameters=(_FILE,)),
    Operation(
        "get",
        "/v1/files/{id}/content",
        "The bytes of a file",
        parameters=(_FILE,),
        content="application/octet-stream",
    ),
    Operation("post", "/v1/batches", "Make a batch", NewBatch, answer=BatchObject),
    Operation(
        "get",
        "/v1/batches",
        "The project's batches, newest first",
        answer=BatchList,
        parameters=(query("after"), query("limit", "integer", minimum=1, maximum=100)),
    ),
    Operation("get", "/v1/batches/{id}", "One batch", answer=BatchObject, parameters=(_BATCH,)),
    Operation(
        "post",
        "/v1/batches/{id}/cancel",
        "Begin no more lines of a batch",
        answer=BatchObject,
        parameters=(_BATCH,),
    ),
)


def document(
    operations: Iterable[Operation],
    joined: tuple[dict[str, Any], dict[str, Any]] = ({}, {}),
) -> dict[str, Any]:
    """The document; `joined` are paths and component schemas made elsewhere."""
    rows = tuple(operations)
    shapes = [shape for row in rows for shape in (row.body, row.answer) if shape is not None]
    found, components = msgspec.json.schema_components([*shapes, ErrorBody], ref_template=REF)
    schemas = dict(zip([*shapes, ErrorBody], found, strict=True))
    paths: dict[str, Any] = {}
    for row in rows:
        paths.setdefault(row.path, {})[row.method] = _operation(row, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Edgewise platform API",
            "version": edgewise.__version__,
            "description": "OpenAI-compatible, with Anthropic's messages and the device Agent API.",
        },
        "paths": {**paths, **joined[0]},
        "components": {
            "schemas": {**components, **joined[1]},
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"key": []}],
    }


def _operation(row: Operation, schemas: dict[Any, Any]) -> dict[str, Any]:
    answer = schemas[row.answer] if row.answer is not None else {"type": "object"}
    content: dict[str, Any] = {row.content: {"schema": answer if row.content == JSON else {}}}
    if row.streams:
        content[EVENTS] = {"schema": {"type": "string"}}
    error = {"description": "Refused or failed", "content": {JSON: {"schema": schemas[ErrorBody]}}}
    made: dict[str, Any] = {
        "operationId": _name_of(row),
        "summary": row.summary,
        "responses": {"200": {"description": "Done", "content": content}, "default": error},
    }
    if row.parameters:
        made["parameters"] = list(row.parameters)
    if row.form is not None:
        content = {"multipart/form-data": {"schema": row.form}}
        made["requestBody"] = {"required": True, "content": content}
    elif row.body is not None:
        content = {JSON: {"schema": schemas[row.body]}}
        made["requestBody"] = {"required": True, "content": content}
    return made


def _name_of(row: Operation) -> str:
    words = [part.strip("{}") for part in row.path.removeprefix("/v1/").split("/")]
    return row.method + "".join(word.title().replace("_", "") for word in words)
