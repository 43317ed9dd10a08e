"""Every route of the management API: none without a session, none into another organisation."""

import random
import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.routing import Mount, Route

from edgewise.cloud.console.api import console_routes
from edgewise.cloud.service import Cloud
from tests.cloud.console.visitor import Visitor, first_project, stranger_to
from tests.cloud.running import Running

pytestmark = pytest.mark.slow

OPEN = {"/sign-in", "/sign-in/oidc", "/sign-in/oidc/finish", "/{rest:path}"}
TRIES = 300


def routes(cloud: Cloud) -> Iterator[tuple[str, str]]:
    """Method and path of each, below /console/api."""
    console = next(route for route in console_routes(cloud) if isinstance(route, Mount))
    api = next(r for r in console.routes if isinstance(r, Mount) and r.path == "/api")
    for route in api.routes:
        assert isinstance(route, Route)
        for method in sorted((route.methods or set()) - {"HEAD"}):
            yield method, route.path


async def test_no_route_answers_who_is_not_signed_in(running: Running):
    asked = [(m, p) for m, p in routes(running.cloud) if p not in OPEN]
    assert len(asked) > 25
    async with running.stranger() as client:
        for method, path in asked:
            place = "/console/api" + re.sub(r"\{\w+\}", "x", path)
            reply = await client.request(method, place, json=body_for(path, random.Random(1), {}))
            assert reply.status_code == 401, (method, path, reply.text)


async def test_no_key_of_the_api_opens_a_route(running: Running):
    for method, path in routes(running.cloud):
        if path in OPEN:
            continue
        place = "/console/api" + re.sub(r"\{\w+\}", "x", path)
        body = body_for(path, random.Random(1), {})
        reply = await running.client.request(method, place, json=body)
        assert reply.status_code == 401, (method, path)


async def test_nothing_of_another_organisation_is_shown_or_changed(
    running: Running, owner: Visitor
):
    """Random requests of a stranger with the owner's ids, in the owner's organisation and in the
    stranger's own: nothing of the owner's is told, and nothing of it is different after."""
    theirs = await everything_in(owner, first_project(running), "canary")
    stranger = stranger_to(running)
    project = (await stranger.made("POST", "/projects", {"name": "Own"}))["id"]
    own = await everything_in(stranger, project, "own")
    before = await picture_of(owner)
    secret = re.compile("|".join([*theirs.values(), "First organisation", "canary"]))
    chance = random.Random(4711)
    every = [(m, p) for m, p in routes(running.cloud) if "{" in p.replace("{rest:path}", "")]
    assert {p for _, p in every if p.startswith("/platform/")}, "what is the operator's too"
    outcomes = set()
    for _ in range(TRIES):
        method, path = chance.choice([route for route in every if not is_stream(route[1])])
        mixed = {kind: chance.choice((theirs[kind], own[kind])) for kind in theirs}
        place = re.sub(r"\{(\w+)\}", lambda found, at=mixed: at[found[1]], path)
        foreign = [kind for kind in theirs if theirs[kind] in place or path.startswith("/platform")]
        body = body_for(path, chance, mixed)
        reply = await stranger.client.request(method, place, json=body)
        told = reply.text
        for sent in (place, str(body)):
            for known in theirs.values():
                told = told.replace(known, "") if known in sent else told
        assert not secret.search(told), (method, place, reply.text)
        if foreign:
            assert reply.status_code in (403, 404), (method, place, reply.text)
        outcomes.add(reply.status_code)
    assert await picture_of(owner) == before
    assert {200, 404} <= outcomes


def is_stream(path: str) -> bool:
    """Whether a route answers without end."""
    return path.endswith(("/requests", "/voice-devices/live"))


async def everything_in(visitor: Visitor, project: str, name: str) -> dict[str, str]:
    """One of each kind; what stands for them in a path."""
    device = await visitor.made("POST", "/devices", {"project": project, "name": name})
    key = await visitor.made("POST", "/keys", {"project": project, "name": name})
    scope = {"scope_kind": "project", "scope": project, "period": "day", "limit": "1"}
    budget = await visitor.made("POST", "/budgets", scope)
    return {
        "organisation": visitor.organisation,
        "account": visitor.account,
        "project": project,
        "device": device["id"],
        "key": key["key"]["key"]["id"],
        "budget": budget["id"],
    }


async def picture_of(visitor: Visitor) -> list[Any]:
    """All that the organisation's own owner sees of it."""
    paths = (
        "/members",
        "/projects?archived=true",
        "/devices?archived=true",
        "/keys",
        "/budgets",
    )
    voices = (await visitor.got("/voice-devices"))["devices"]
    return [await visitor.got(path) for path in paths] + [await visitor.got("/usage"), voices]


def body_for(path: str, chance: random.Random, ids: dict[str, str]) -> dict[str, Any]:
    """A body that holds for the route, with ids that may be another's."""
    project, device = ids.get("project", "x"), ids.get("device", "x")
    kinds = ("organisation", "project", "key")
    kind = chance.choice(kinds)
    named: dict[str, dict[str, Any]] = {
        "members": {"role": "admin", "account": "acc_unknown"},
        "account": {"role": "member"},
        "devices": {"project": project, "name": "new"},
        "keys": {"project": project, "name": "new"} | chance.choice(({}, {"device": device})),
        "budgets": {"scope_kind": kind, "scope": ids.get(kind, "x"), "period": "total", "limit": 1},
        "budget": {"limit": "0"},
        "password": {"old": "x", "new": "y"},
        "identity": {"password": "x"},
        "unlink": {"password": "x"},
        "voicedevices": {"code": "x", "project": project, "name": "new"},
        "finish": {"code": "x", "state": "x", "secret": "x"},
    }
    return named.get(re.sub(r"\W", "", path.rsplit("/", 1)[-1]), {"name": "new"})
