"""Routes that tell what happened: recent turns, one turn's trail, all turns live.

A program is told its own turns only; any other is as unknown to it as one that never was.
"""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from edgewise.core.event import Event, Perceived, TurnStarted
from edgewise.device import wire
from edgewise.device.callers import Caller, caller_of, may_read
from edgewise.device.document import route_document
from edgewise.device.doors import Agent, Doors
from edgewise.device.streams import board_frames
from edgewise.device.wire import ApiError, reply
from edgewise.hosting.board import Board

RECENT_TURNS = 50
_Count = Annotated[int, Query(ge=1, le=RECENT_TURNS)]


def trail_routes(agent: Agent, doors: Doors) -> APIRouter:
    """The routes that read turns."""
    routes = APIRouter()

    @routes.get("/v1/agent/turns", **route_document("Recent turns, newest first", wire.Turns))
    async def recent_turns(request: HttpRequest, limit: _Count = RECENT_TURNS) -> Response:
        recent = await agent.recent(RECENT_TURNS)
        caller, board = caller_of(request), doors.board
        own = [turn for turn in recent if may_read(caller, board.session_of(turn))][:limit]
        trails = [(turn, await agent.trail(turn)) for turn in own]
        told = [summary(turn, events, board) for turn, events in trails if events]
        return reply(wire.Turns(told))

    @routes.get("/v1/agent/turns/stream", **route_document("Events of all turns, live", Event))
    async def watch_turns(request: HttpRequest) -> Response:
        caller = caller_of(request)
        return doors.show(board_frames(doors.board, caller), caller)

    @routes.get("/v1/agent/turns/{turn}", **route_document("The trail of a turn", wire.Trail))
    async def read_trail(request: HttpRequest, turn: str) -> Response:
        events = list(await trail_of(doors, turn, caller_of(request)))
        said, worth = await agent.correction(turn), await agent.judgement(turn)
        return reply(wire.Trail(turn, events, said, worth))

    return routes


async def trail_of(doors: Doors, turn: str, caller: Caller) -> Sequence[Event]:
    """The trail of a turn; one that the caller may not read is as unknown as one that is not."""
    events = await doors.agent.trail(turn)
    if events is None or not may_read(caller, doors.board.session_of(turn)):
        raise no_turn(turn)
    return events


def no_turn(turn: str) -> ApiError:
    """What is said of a turn that is not, or is not the caller's."""
    return ApiError(
        404, "unknown_turn", f"there is no turn {turn[:64]!r}", "see GET /v1/agent/turns"
    )


def summary(turn: str, events: Sequence[Event], board: Board) -> wire.TurnSummary:
    """One line about a turn; one without an end that never was on `board` can not go on."""
    session = next((e.session for e in events if isinstance(e, TurnStarted)), "")
    text = next((e.message.text for e in events if isinstance(e, Perceived)), "")
    tag = str(events[-1].__struct_config__.tag)
    running = "" if board.session_of(turn) else "broken_off"
    ended = tag if tag in ("answered", "needs_approval", "stopped") else running
    return wire.TurnSummary(turn, session, events[0].at, text, ended)
