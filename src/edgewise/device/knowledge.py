"""Routes that tell what the device can do, what guards it, and how things stand.

A program is told the car's state and nothing of the person's.
"""

from typing import Any

import msgspec
from fastapi import APIRouter
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from edgewise.act.rules import rules_of
from edgewise.device import wire
from edgewise.device.callers import caller_of, readable
from edgewise.device.document import route_document
from edgewise.device.doors import Agent, Doors
from edgewise.device.streams import state_frames
from edgewise.device.wire import reply


def knowledge_routes(agent: Agent, doors: Doors) -> APIRouter:
    """The routes that read capabilities, rules and state."""
    routes = APIRouter()

    @routes.get(
        "/v1/agent/capabilities", **route_document("What the device can do", wire.Capabilities)
    )
    async def capabilities() -> Response:
        catalogue = agent.catalogue
        return reply(wire.Capabilities(catalogue.hash, list(catalogue.capabilities)))

    @routes.get("/v1/agent/rules", **route_document("The policy in force", wire.Rules))
    async def rules() -> Response:
        rows = [wire.rule_row(rule) for rule in rules_of(agent.policy)]
        return reply(wire.Rules(agent.policy.hash, rows))

    @routes.get("/v1/agent/state", **route_document("Value of each target", dict[str, Any]))
    async def state(request: HttpRequest) -> Response:
        prefixes = readable(caller_of(request), agent.drivers.prefixes)
        readings = await agent.drivers.read(prefixes)
        values = {target: reading.value for target, reading in readings.items()}
        if away := agent.drivers.away(prefixes):
            values["device.away"] = msgspec.to_builtins(away)
        body = msgspec.json.encode(values)
        return Response(body, 200, {"Cache-Control": "no-store"}, "application/json")

    @routes.get(
        "/v1/agent/state/stream",
        **route_document("Value of each target, then changes", dict[str, Any], stream=True),
    )
    async def watch_state(request: HttpRequest) -> Response:
        caller = caller_of(request)
        prefixes = readable(caller, agent.drivers.prefixes)
        return doors.show(state_frames(agent.drivers, prefixes), caller)

    return routes
