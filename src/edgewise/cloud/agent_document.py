"""The documents of the device Agent API, made from the structs that validate its messages.

OpenAPI 3.1 for the sessions (paths and components, to be joined into the platform's document) and
AsyncAPI 3.0 for the channel. It knows no server and no session.
Source: OpenAPI 3.1.1; AsyncAPI 3.0.0 (sections Channel, Operation, Message objects).
"""

from functools import cache
from typing import Any, cast

import msgspec

import edgewise
from edgewise.cloud.agent_sessions import PATH, Shown
from edgewise.cloud.refusal import ErrorBody
from edgewise.core.exchange import (
    Ack,
    Fault,
    FromCloud,
    FromDevice,
    Opened,
    Opening,
    Pulse,
    Welcome,
)

_REF = "#/components/schemas/{name}"
_FROM_DEVICE = (FromDevice, Ack, Pulse)
_FROM_CLOUD = (Welcome, FromCloud, Ack, Fault)
_TAG = "Device Agent API"


def openapi() -> tuple[dict[str, Any], dict[str, Any]]:
    """Paths and component schemas of the REST part, for the platform's OpenAPI document."""
    _, components = msgspec.json.schema_components(
        [Opening, Opened, Shown, ErrorBody], ref_template=_REF
    )
    one = {
        "name": "session",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "pattern": "^as_[A-Za-z0-9_-]+$"},
    }
    paths = {
        PATH: {"post": _open_operation()},
        PATH + "/{session}": {
            "parameters": [one],
            "get": _operation(
                "agentSessionShow", "Show a session", {"200": _told("The session", "Shown")}
            ),
            "delete": _operation(
                "agentSessionEnd",
                "End a session and its turns",
                {"204": {"description": "It has ended"}},
            ),
        },
        PATH + "/{session}/channel": {"parameters": [one], "get": _channel_operation()},
        "/v1/agent/asyncapi.json": {
            "get": {
                "operationId": "agentDocument",
                "tags": [_TAG],
                "summary": "The AsyncAPI document of the channel",
                "security": [],
                "responses": {
                    "200": {
                        "description": "AsyncAPI 3.0",
                        "content": {"application/json": {"schema": {"type": "object"}}},
                    }
                },
            }
        },
    }
    return paths, components


@cache
def asyncapi() -> dict[str, Any]:
    """The AsyncAPI document of the channel."""
    shapes = list(dict.fromkeys((*_FROM_DEVICE, *_FROM_CLOUD)))
    _, schemas = msgspec.json.schema_components(shapes, ref_template=_REF)
    messages = {
        shape.__name__: {
            "name": shape.__name__,
            "summary": (shape.__doc__ or "").split("\n\n")[0],
            "contentType": "application/json",
            "payload": {"$ref": _REF.format(name=shape.__name__)},
        }
        for shape in shapes
    }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Edgewise device Agent API",
            "version": edgewise.__version__,
            "description": _DESCRIPTION,
        },
        "defaultContentType": "application/json",
        "channels": {
            "session": {
                "address": PATH + "/{session}/channel",
                "parameters": {"session": {"description": "`session` of the reply that opened it"}},
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
                "bindings": {"ws": {"query": _RESUME, "bindingVersion": "0.1.0"}},
            }
        },
        "operations": {
            "fromDevice": _channel_use("receive", "What the device sends", _FROM_DEVICE),
            "fromCloud": _channel_use("send", "What the cloud sends", _FROM_CLOUD),
        },
        "components": {
            "messages": messages,
            "schemas": _without_discriminators(schemas),
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _without_discriminators(schema: Any) -> Any:
    """OpenAPI's `discriminator` is an object, AsyncAPI's a word; branches name their tag anyway."""
    if isinstance(schema, dict):
        plain = cast(dict[str, Any], schema)
        return {
            name: _without_discriminators(value)
            for name, value in plain.items()
            if name != "discriminator" or not isinstance(value, dict)
        }
    if isinstance(schema, list):
        return [_without_discriminators(value) for value in cast(list[Any], schema)]
    return schema


def _open_operation() -> dict[str, Any]:
    body = {"content": {"application/json": {"schema": {"$ref": _REF.format(name="Opening")}}}}
    operation = _operation(
        "agentSessionOpen",
        "Open a session with what the device can do",
        {"201": _told("The session", "Opened")},
    )
    operation["requestBody"] = {"required": True, **body}
    operation["parameters"] = [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "description": "Sent again, it gives the session that it opened",
            "schema": {"type": "string", "maxLength": 128},
        }
    ]
    return operation


def _channel_operation() -> dict[str, Any]:
    operation = _operation(
        "agentSessionChannel",
        "Upgrade to the session's WebSocket; its messages: /v1/agent/asyncapi.json",
        {"101": {"description": "Switched to the WebSocket protocol"}},
    )
    operation["parameters"] = [
        {
            "name": "resume_after",
            "in": "query",
            "schema": _RESUME["properties"]["resume_after"],
        }
    ]
    return operation


def _operation(name: str, summary: str, responses: dict[str, Any]) -> dict[str, Any]:
    return {
        "operationId": name,
        "tags": [_TAG],
        "summary": summary,
        "responses": {**responses, "default": _told("Refused, with the remedy", "ErrorBody")},
    }


def _told(what: str, name: str) -> dict[str, Any]:
    schema = {"$ref": _REF.format(name=name)}
    return {"description": what, "content": {"application/json": {"schema": schema}}}


def _channel_use(action: str, summary: str, shapes: tuple[type, ...]) -> dict[str, Any]:
    return {
        "action": action,
        "summary": summary,
        "channel": {"$ref": "#/channels/session"},
        "messages": [{"$ref": f"#/channels/session/messages/{shape.__name__}"} for shape in shapes],
    }


_RESUME: dict[str, Any] = {
    "type": "object",
    "properties": {
        "resume_after": {
            "type": "integer",
            "minimum": 0,
            "default": 0,
            "description": "The last message that arrived; strictly what follows is sent",
        }
    },
}
_DESCRIPTION = """\
A device says what its person asks and what it can do; the cloud's agent thinks and proposes calls;
the device decides on each by its own policy, performs it and reports. No message of the cloud is an
approval or a command. Each side numbers its messages from 1 and acknowledges the other's; after a
lost connection both send strictly what follows the last number that arrived. Messages are WebSocket
text of at most `bounds.message_bytes`; the key goes in the Authorization header of the upgrade."""
