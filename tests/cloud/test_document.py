"""The OpenAPI document names every route below /v1, and what is in it holds together."""

import re
from pathlib import Path
from typing import Any

from starlette.routing import Route

from edgewise.cloud.app import routes_of
from edgewise.cloud.config import Config
from edgewise.cloud.document import OPERATIONS, document
from edgewise.cloud.service import start_cloud

ELSEWHERE = ("/v1/agent/",)
"""Described by documents of their own, which are joined in."""


async def test_every_route_has_its_row(tmp_path: Path):
    cloud = await start_cloud(Config(), tmp_path)
    try:
        served = {
            (method.lower(), re.sub(r":\w+", "", route.path))
            for route in routes_of(cloud)
            if isinstance(route, Route) and route.path.startswith("/v1/")
            for method in route.methods or ()
            if method not in ("HEAD", "OPTIONS") and not route.path.startswith(ELSEWHERE)
        }
    finally:
        await cloud.close()
    described = {(row.method, row.path) for row in OPERATIONS}
    assert described - {("post", "/v1/chat/completions")} == served


def test_every_reference_leads_somewhere():
    made = document(OPERATIONS)
    schemas = made["components"]["schemas"]
    wanted = {name.removeprefix("#/components/schemas/") for name in references(made)}
    assert wanted <= set(schemas)
    assert "ErrorBody" in wanted


def test_operations_have_names_of_their_own():
    names = [
        operation["operationId"]
        for path in document(OPERATIONS)["paths"].values()
        for operation in path.values()
    ]
    assert len(set(names)) == len(names)


def references(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*(references(inner) for inner in value.values()))
    if isinstance(value, list):
        return set().union(*(references(inner) for inner in value))
    return set()
