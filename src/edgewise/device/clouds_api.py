"""Routes about clouds: how the device stands with them, what left, and the person's hand on it.

They are the person's alone: a program is refused by `callers.py`, which lists what one may use.
What is chosen here counts at once and is kept; what left is told, never what it was made of.
"""

from fastapi import APIRouter
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from edgewise.device import cloud_told, clouds_wire, wire
from edgewise.device.callers import caller_of
from edgewise.device.cloud_desk import CloudDesk
from edgewise.device.document import route_document
from edgewise.device.doors import Doors
from edgewise.device.trails import trail_of
from edgewise.device.wire import ApiError, read_body, reply


def cloud_routes(desk: CloudDesk, doors: Doors) -> APIRouter:
    """The routes for `desk`."""
    routes = APIRouter()
    _add_standing(routes, desk)
    _add_consents(routes, desk)

    @routes.get(
        "/v1/agent/turns/{turn}/left",
        **route_document("What left the device in a turn", cloud_told.LeftOfTurn),
    )
    async def left(request: HttpRequest, turn: str) -> Response:
        events = await trail_of(doors, turn, caller_of(request))
        return reply(desk.left(turn, events, await doors.agent.after(turn)))

    @routes.get(
        "/v1/agent/left/pictures/{sha256}",
        **route_document("A picture exactly as it left", wire.Done),
    )
    async def sent_picture(sha256: str) -> Response:
        picture = desk.sent_picture(sha256)
        if picture is None:
            raise ApiError(
                404,
                "unknown_picture",
                f"no picture {sha256[:16]!r} left that is still remembered",
                "take a hash of GET /v1/agent/turns/{turn}/left, soon after the turn",
            )
        return Response(picture.data, 200, {"Cache-Control": "no-store"}, picture.media_type)

    return routes


def _add_standing(routes: APIRouter, desk: CloudDesk) -> None:
    @routes.get("/v1/clouds", **route_document("The clouds and their cost", cloud_told.Clouds))
    async def clouds() -> Response:
        return reply(desk.told())

    @routes.put(
        "/v1/mode",
        **route_document(
            "Choose where questions are thought about", cloud_told.Clouds, clouds_wire.ModeBody
        ),
    )
    async def choose(request: HttpRequest) -> Response:
        desk.choose((await read_body(request, clouds_wire.ModeBody)).mode)
        return reply(desk.told())

    @routes.put(
        "/v1/network",
        **route_document("Enter a tunnel or leave it", cloud_told.Clouds, clouds_wire.NetworkBody),
    )
    async def connect(request: HttpRequest) -> Response:
        desk.connect(online=(await read_body(request, clouds_wire.NetworkBody)).online)
        return reply(desk.told())


def _add_consents(routes: APIRouter, desk: CloudDesk) -> None:
    @routes.get("/v1/consents", **route_document("What was agreed to", cloud_told.ConsentRows))
    async def consents() -> Response:
        return reply(cloud_told.ConsentRows(desk.consents()))

    @routes.post(
        "/v1/consents",
        **route_document(
            "Agree to giving a cloud something", cloud_told.ConsentRow, clouds_wire.ConsentBody
        ),
    )
    async def grant(request: HttpRequest) -> Response:
        return reply(desk.grant(await read_body(request, clouds_wire.ConsentBody)))

    @routes.delete(
        "/v1/consents/{consent}",
        **route_document("Take a consent back", cloud_told.ConsentRow),
    )
    async def revoke(consent: str) -> Response:
        return reply(desk.revoke(consent))
