"""The device API and the cockpit's files over HTTP, for one agent of this process.

The routes that act are here; those that tell are `trails.py` and `knowledge.py`; `feedback.py`
keeps what a person says of a turn. Who may call is `security.py`, what each caller may use
`callers.py` and how much of it `limits.py`, what bodies and replies look like `wire.py`. A turn
that comes through any door here is posted on the `board`, so that the person at the cockpit sees
it.
Loopback only; it knows nothing of accounts, TLS or other machines.
"""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

import edgewise
from edgewise.core.event import Event, NeedsApproval
from edgewise.core.message import Approval, Request
from edgewise.core.part import ImagePart, TextPart
from edgewise.device import wire
from edgewise.device.callers import Caller, caller_of, session_of, speaker_of
from edgewise.device.calls_door import CallsDoor
from edgewise.device.cloud_desk import CloudDesk
from edgewise.device.clouds_api import cloud_routes
from edgewise.device.config import SensesConfig
from edgewise.device.deadline import deadline_of
from edgewise.device.document import document, route_document
from edgewise.device.doorkeeper import Doorkeeper
from edgewise.device.doors import Agent, Doors
from edgewise.device.erase import Erase, erase_routes
from edgewise.device.feedback import feedback_routes
from edgewise.device.knowledge import knowledge_routes
from edgewise.device.limits import Limits
from edgewise.device.mcp_door import McpDoor
from edgewise.device.page import cockpit_routes
from edgewise.device.realtime_door import Opens, RealtimeDoor
from edgewise.device.screen.driver import ScreenDriver
from edgewise.device.screen_api import screen_routes
from edgewise.device.security import BODY_S, Guard
from edgewise.device.senses_api import NO_SENSES, senses_routes
from edgewise.device.sight import Sight
from edgewise.device.simulation import Simulation, simulation_routes
from edgewise.device.sse import as_api_error
from edgewise.device.trails import trail_of, trail_routes
from edgewise.device.wire import ApiError, read_body, refusal, reply
from edgewise.errors import EdgewiseError
from edgewise.hosting.board import Board
from edgewise.perceive.document import check_documents, document_of


def create_app(
    agent: Agent,
    *,
    doorkeeper: Doorkeeper,
    vehicle: Simulation | None = None,
    limits: Limits | None = None,
    keep_alive_s: float = 10.0,
    body_s: float = BODY_S,
    language: str = "",
    clouds: CloudDesk | None = None,
    board: Board | None = None,
    erase: Erase | None = None,
    conversations: Opens | None = None,
    senses: SensesConfig = NO_SENSES,
    hub_folder: Path | None = None,
    sight: Sight | None = None,
    screen: ScreenDriver | None = None,
) -> FastAPI:
    """The web application of one device.

    `doorkeeper.launch_code()` opens the cockpit once: `http://127.0.0.1:8474/#CODE`. `vehicle` is
    given when it is simulated: then the routes below `/v1/simulation` exist. `language` is that of
    the cockpit's first paint; empty: the browser's. `clouds` is the person's hand on mode, network
    and consents (`clouds_api.py`). `board` is given when more than the doors posts on it; `erase`
    where turns can be erased; `conversations` where the device converses (`/v1/realtime`), and
    `senses` says with what (a hub's recogniser lies in `hub_folder`); `sight` where turns may come
    with pictures; `screen` where the device has a screen with apps to look at and touch.
    """
    board = board or Board()
    limits = limits or Limits()
    doors = Doors(agent, board, limits, keep_alive_s)
    programs = McpDoor(agent, board, limits)
    calls = CallsDoor(conversations, limits) if conversations is not None else None

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        yield
        await programs.close()
        if calls is not None:
            await calls.close()

    app = FastAPI(
        title="Edgewise device API",
        version=edgewise.__version__,
        docs_url=None,  # its page would load scripts from elsewhere
        redoc_url=None,
        lifespan=lifespan,
    )
    app.include_router(_session_routes(doorkeeper, simulated=vehicle is not None))
    app.include_router(_turn_routes(agent, doors, sight))
    app.include_router(_call_routes(agent, doors))
    app.include_router(trail_routes(agent, doors))
    app.include_router(feedback_routes(agent))
    app.include_router(knowledge_routes(agent, doors))
    if clouds is not None:
        app.include_router(cloud_routes(clouds, doors))
    if erase is not None:
        app.include_router(erase_routes(erase))
    app.include_router(senses_routes(senses, hub_folder, screen=screen is not None))
    app.include_router(screen_routes(screen, doors))
    if vehicle is not None:
        app.include_router(simulation_routes(vehicle))
    app.router.routes.append(programs.route)
    if conversations is not None:
        app.router.routes.append(RealtimeDoor(conversations, limits).route)
    if calls is not None:
        app.include_router(calls.routes)
    app.router.routes.extend(cockpit_routes(language))
    _answer_errors(app)
    app.add_middleware(Guard, doorkeeper=doorkeeper, body_s=body_s)
    app.openapi = lambda: document(app)
    return app


def _session_routes(doorkeeper: Doorkeeper, *, simulated: bool) -> APIRouter:
    routes = APIRouter()

    @routes.get("/v1/health", **route_document("Whether the device answers", wire.Health))
    async def health() -> Response:
        return reply(wire.Health("ok", edgewise.__version__, simulated))

    @routes.post(
        "/v1/launch", **route_document("A fresh code for the cockpit", wire.Launch, wire.NoBody)
    )
    async def launch(request: HttpRequest) -> Response:
        await read_body(request, wire.NoBody)
        code = doorkeeper.launch_code()
        return reply(wire.Launch(code, f"/#{code}"))

    @routes.post(
        "/v1/launch/redeem",
        **route_document("Exchange a launch code for a page key", wire.PageKey, wire.LaunchBody),
    )
    async def redeem(request: HttpRequest) -> Response:
        body = await read_body(request, wire.LaunchBody)
        key = doorkeeper.redeem(body.code)
        if key is None:
            raise ApiError(
                401,
                "launch_code_used",
                "this launch code is unknown or was used before",
                "run `edgewise cockpit` for a fresh address",
            )
        return reply(wire.PageKey(*key))

    return routes


def _turn_routes(agent: Agent, doors: Doors, sight: Sight | None) -> APIRouter:
    routes = APIRouter()

    @routes.post("/v1/agent/turns", **route_document("Run a turn", Event, wire.TurnBody))
    async def start_turn(request: HttpRequest) -> Response:
        body = await read_body(request, wire.TurnBody)
        if not body.text.strip():
            raise ApiError(400, "empty_text", "text: it is empty", "send what the person said")
        caller = caller_of(request)
        speaker = speaker_of(caller, body.zone)
        session = session_of(caller, body.session)
        documents = [
            document_of(one.name, one.text, private=one.private, as_it_is=one.as_it_is)
            for one in body.documents
        ]
        check_documents(documents)
        deadline_s = deadline_of(request, body.deadline_s)
        pictures = await _pictures(body, sight)
        parts = (TextPart(body.text), *documents, *pictures)
        said = Request(parts, session, speaker, body.language, deadline_s=deadline_s)
        try:
            return doors.open(said, caller)
        except ApiError:
            if sight is not None:
                sight.forget(pictures)
            raise

    @routes.delete("/v1/agent/turns/{turn}", **route_document("Cancel a turn", wire.Cancelled))
    async def cancel_turn(request: HttpRequest, turn: str) -> Response:
        if caller_of(request) is Caller.PROGRAM:
            await trail_of(doors, turn, Caller.PROGRAM)
        return reply(wire.Cancelled(await agent.cancel(turn)))

    @routes.post(
        "/v1/agent/turns/{turn}/approval",
        **route_document("Say yes or no to a turn that asks", Event, wire.ApprovalBody),
    )
    async def approve(request: HttpRequest, turn: str) -> Response:
        body = await read_body(request, wire.ApprovalBody)
        caller = caller_of(request)
        events = await trail_of(doors, turn, caller)
        asked = next((e for e in events if isinstance(e, NeedsApproval)), None)
        session = doors.board.session_of(turn)
        if asked is None or asked.approval != body.approval or not session:
            raise ApiError(
                409,
                "nothing_to_approve",
                f"turn {turn!r} does not ask for approval {body.approval!r}, or does no longer",
                "send the values of its needs_approval event, or ask again if that was long ago",
            )
        approval = Approval(body.approval, body.payload_hash, body.approved)
        speaker = speaker_of(caller, body.zone)
        return doors.open(Request((), session, speaker, asked.language, approval), caller)

    return routes


async def _pictures(body: wire.TurnBody, sight: Sight | None) -> tuple[ImagePart, ...]:
    """The pictures of a turn, opened and read. Raises ApiError, EdgewiseError."""
    if not body.pictures:
        return ()
    if sight is None:
        raise ApiError(400, "no_pictures", "pictures: this device takes none", "leave them out")
    if body.documents:
        raise ApiError(
            400,
            "invalid_field",
            "pictures: documents came with them",
            "ask about the pictures and about the documents, one after the other",
        )
    return await sight.take_all((one.name, one.data, one.private) for one in body.pictures)


def _call_routes(agent: Agent, doors: Doors) -> APIRouter:
    routes = APIRouter()

    @routes.post("/v1/agent/calls", **route_document("Run one typed call", Event, wire.CallBody))
    async def start_call(request: HttpRequest) -> Response:
        body = await read_body(request, wire.CallBody)
        if agent.catalogue.get(body.capability) is None:
            raise ApiError(
                404,
                "unknown_capability",
                f"capability: the device has none called {body.capability!r}",
                "take a name from GET /v1/agent/capabilities",
            )
        caller = caller_of(request)
        speaker = speaker_of(caller, body.zone)
        named = msgspec.structs.replace(body, session=session_of(caller, body.session))
        return doors.open_call(named, speaker, caller)

    return routes


def _answer_errors(app: FastAPI) -> None:
    async def refused(_: HttpRequest, error: Exception) -> Response:
        return refusal(as_api_error(error))

    async def no_route(_: HttpRequest, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 404
        headers: Mapping[str, str] = (
            error.headers if isinstance(error, HTTPException) else None
        ) or {}
        return refusal(
            ApiError(
                status,
                HTTP_CODES.get(status, "http_error"),
                _said(error),
                "see /openapi.json for the routes",
                headers,
            )
        )

    async def bad_parameter(_: HttpRequest, error: Exception) -> Response:
        found: list[dict[str, Any]] = []
        if isinstance(error, RequestValidationError):
            found = list(error.errors())
        name = ".".join(str(part) for part in found[0]["loc"][1:]) if found else "parameter"
        said = found[0]["msg"] if found else "invalid"
        return refusal(ApiError(400, "invalid_field", f"{name}: {said}", "change its value"))

    app.add_exception_handler(ApiError, refused)
    app.add_exception_handler(EdgewiseError, refused)
    app.add_exception_handler(HTTPException, no_route)
    app.add_exception_handler(RequestValidationError, bad_parameter)
    app.add_exception_handler(Exception, refused)


HTTP_CODES = {404: "no_such_route", 405: "wrong_method"}


def _said(error: Exception) -> str:
    return str(error.detail) if isinstance(error, HTTPException) else "no such route"
