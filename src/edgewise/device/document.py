"""The OpenAPI document of the device API, made from the structs that validate its bodies.

FastAPI lists the routes; the schemas come from `wire.py`. Streams are described by the schema of
the JSON in one event's `data`.
"""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.responses import Response

from edgewise.core.event import Event
from edgewise.device.callers import program_may
from edgewise.device.cloud_told import Reply
from edgewise.device.wire import schemas
from edgewise.web.call_form import FIELDS, FORM, SDP

_ERROR = {
    "description": "Refused or failed: what, and the remedy",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorReply"}}},
}


def route_document(
    summary: str, answer: Any, body: type | None = None, *, stream: bool = False
) -> dict[str, Any]:
    """Arguments for a route's decorator that describe its answer and its body."""
    stream = stream or answer == Event
    media_type = "text/event-stream" if stream else "application/json"
    extra: dict[str, Any] = {}
    if body is not None:
        schema = {"$ref": f"#/components/schemas/{body.__name__}"}
        content = {"application/json": {"schema": schema}}
        extra["requestBody"] = {"required": True, "content": content}
    return {
        "summary": summary,
        "response_model": None,
        "response_class": Response,
        "openapi_extra": extra,
        "responses": {
            200: {
                "description": "Server-sent events; each `data` is one of these"
                if stream
                else "Done",
                "content": {media_type: {"schema": _schema_of(answer)}},
            },
            "default": _ERROR,
        },
    }


def call_document() -> dict[str, Any]:
    """Arguments for the decorator of the route that begins a call."""
    offer: dict[str, Any] = {"schema": {"type": "string", "description": "the client's offer"}}
    body = {SDP: offer, FORM: {"schema": FIELDS}}
    answer = {"description": "The answer", "content": {SDP: {"schema": {"type": "string"}}}}
    return {
        "summary": "Begin a conversation over WebRTC; `Location` names the call",
        "status_code": 201,
        "response_model": None,
        "response_class": Response,
        "openapi_extra": {"requestBody": {"required": True, "content": body}},
        "responses": {201: answer, "default": _ERROR},
    }


def document(app: FastAPI) -> dict[str, Any]:
    """The whole document; made once."""
    if app.openapi_schema is not None:
        return app.openapi_schema
    made = get_openapi(title=app.title, version=app.version, routes=app.routes)
    for path, operations in made["paths"].items():
        for method, operation in operations.items():
            operation["responses"].pop("422", None)  # bad input answers 400, see api.py
            if program_may(method.upper(), path):
                operation["security"] = [{"person": []}, {"program": []}]
    event, components = schemas()
    made["components"] = {
        "schemas": {**components, "Event": event},
        "securitySchemes": {
            "person": _bearer("the file token, or a key of the cockpit's page"),
            "program": _bearer("the file program-token"),
        },
    }
    made["security"] = [{"person": []}]
    for open_path in ("/v1/health", "/v1/launch/redeem"):
        for operation in made["paths"][open_path].values():
            operation["security"] = []
    app.openapi_schema = made
    return made


def _bearer(which: str) -> dict[str, str]:
    return {"type": "http", "scheme": "bearer", "description": which}


def _schema_of(answer: Any) -> dict[str, Any]:
    if answer == Event:
        return {"$ref": "#/components/schemas/Event"}
    if isinstance(answer, type) and (
        answer.__module__ == schemas.__module__ or issubclass(answer, Reply)
    ):
        return {"$ref": f"#/components/schemas/{answer.__name__}"}
    return {"type": "object", "additionalProperties": True}
