"""The documents say what the code takes: every reference resolves, every message is in them."""

import re
from typing import Any

import jsonschema
import msgspec
import pytest

from edgewise.cloud.agent_document import asyncapi, openapi
from edgewise.core.exchange import (
    Ack,
    Cancel,
    Fault,
    FromCloud,
    FromDevice,
    NotTaken,
    Opening,
    Pulse,
    Welcome,
)


def references(value: Any) -> set[str]:
    return set(re.findall(r'"\$ref":"([^"]+)"', msgspec.json.encode(value).decode()))


def resolve(document: dict[str, Any], reference: str) -> Any:
    found: Any = document
    for name in reference.removeprefix("#/").split("/"):
        found = found[name]
    return found


def test_every_reference_of_the_channels_document_resolves() -> None:
    document = asyncapi()
    found = references(document)
    assert len(found) > 20
    for reference in found:
        resolve(document, reference)


def test_no_schema_of_the_channel_has_a_discriminator_in_openapis_form() -> None:
    """AsyncAPI's own schema (3.0.0) refuses it."""
    assert b"discriminator" not in msgspec.json.encode(asyncapi())


def test_every_reference_of_the_sessions_paths_resolves() -> None:
    paths, components = openapi()
    document = {"paths": paths, "components": {"schemas": components}}
    for reference in references(document):
        resolve(document, reference)
    assert set(paths) == {
        "/v1/agent/sessions",
        "/v1/agent/sessions/{session}",
        "/v1/agent/sessions/{session}/channel",
        "/v1/agent/asyncapi.json",
    }


@pytest.mark.parametrize(
    "frame",
    [
        FromDevice(1, 0, Cancel("t")),
        Ack(1),
        Pulse(1),
        Welcome("as_1", 0),
        FromCloud(1, 0, NotTaken("t", "c", "m")),
        Fault("c", "m"),
    ],
    ids=lambda frame: type(frame).__name__,
)
def test_a_frame_fits_its_schema_and_a_broken_one_does_not(frame: msgspec.Struct) -> None:
    schema = {
        "$ref": f"#/components/schemas/{type(frame).__name__}",
        "components": asyncapi()["components"],
    }
    plain = msgspec.to_builtins(frame)
    jsonschema.validate(plain, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**plain, "frame": "command"}, schema)


def test_the_cloud_has_no_word_for_an_approval_or_a_command() -> None:
    document = asyncapi()
    tags = {
        schema["properties"]["type"]["enum"][0]
        for schema in document["components"]["schemas"].values()
        if "enum" in schema.get("properties", {}).get("type", {})
    }
    assert tags >= {"started", "text", "proposed", "withdrawn", "ended", "not_taken"}
    assert not {tag for tag in tags if "appro" in tag or "confirm" in tag or "command" in tag}


def test_an_opening_fits_its_schema() -> None:
    _, components = openapi()
    schema = {"$ref": "#/components/schemas/Opening", "components": {"schemas": components}}
    plain = msgspec.json.decode(msgspec.json.encode(Opening((), "0" * 64, "1" * 64)))
    jsonschema.validate(plain, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**plain, "policy_hash": "0"}, schema)
