"""The OpenAPI document says what the API does."""

import json
import re
from typing import Any

import jsonschema
import pytest

from tests.device.conftest import Served


async def fetch(served: Served) -> dict[str, Any]:
    return (await served.client.get("/openapi.json")).json()


async def test_every_reference_in_the_document_exists(served: Served):
    document = await fetch(served)
    for name in set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document))):
        assert name in document["components"]["schemas"]


async def test_the_document_needs_the_key_and_loads_nothing_from_elsewhere(served: Served):
    async with served.stranger() as stranger:
        assert (await stranger.get("/openapi.json")).status_code == 401
        assert (await stranger.get("/docs")).status_code == 404


async def test_it_says_whose_key_each_route_takes(served: Served):
    document = await fetch(served)
    assert document["security"] == [{"person": []}]
    approve = document["paths"]["/v1/agent/turns/{turn}/approval"]["post"]
    assert "security" not in approve  # that of the document: the person's
    trail = document["paths"]["/v1/agent/turns/{turn}"]["get"]
    assert {"program": []} in trail["security"]
    assert document["paths"]["/v1/health"]["get"]["security"] == []
    assert set(document["components"]["securitySchemes"]) == {"person", "program"}


async def test_only_answers_that_are_given_are_described(served: Served):
    document = await fetch(served)
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert set(operation["responses"]) == {"200", "default"}, path


async def test_it_says_that_no_route_sets_an_actuator(served: Served):
    document = await fetch(served)
    told = document["components"]["schemas"]["SensorBody"]["description"]
    assert "actuator is refused" in " ".join(told.split())
    reply = await served.client.post(
        "/v1/simulation/sensor", json={"path": "Vehicle.Body.Trunk.Rear.IsOpen", "value": True}
    )
    assert reply.status_code == 403


async def test_replies_conform_to_their_schema(served: Served, subtests: pytest.Subtests):
    await served.client.post("/v1/agent/turns", json={"text": "unlock"})
    document = await fetch(served)
    for path, schema in (
        ("/v1/health", "Health"),
        ("/v1/agent/turns", "Turns"),
        ("/v1/agent/turns/t1", "Trail"),
        ("/v1/agent/capabilities", "Capabilities"),
        ("/v1/agent/rules", "Rules"),
        ("/v1/nothing", "ErrorReply"),
    ):
        with subtests.test(path=path, schema=schema):
            reply = (await served.client.get(path)).json()
            jsonschema.validate(reply, document | {"$ref": f"#/components/schemas/{schema}"})


async def test_every_event_of_a_stream_conforms_to_the_schema(served: Served):
    document = await fetch(served)
    reply = await served.client.post("/v1/agent/turns", json={"text": "unlock"})
    lines = [line for line in reply.text.splitlines() if line.startswith("data: ")]
    for line in lines:
        jsonschema.validate(json.loads(line[6:]), document | {"$ref": "#/components/schemas/Event"})
