"""The routes by which a person says what a turn's words meant, and what its answer was worth.

It keeps that and does nothing else: no call comes of it, no policy is asked and no driver is told.
It is the person's alone, and only for turns of the session that they name; whoever wants the thing
done says so in a new turn. A program's turn is not corrected: its words are nobody's speech.
"""

from fastapi import APIRouter
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from edgewise.core.event import NOTHING, OTHER
from edgewise.device import wire
from edgewise.device.callers import caller_of, session_of
from edgewise.device.document import route_document
from edgewise.device.doors import Agent
from edgewise.device.trails import no_turn
from edgewise.device.wire import ApiError, read_body, reply


def feedback_routes(agent: Agent) -> APIRouter:
    """The routes that keep feedback."""
    routes = APIRouter()

    @routes.post(
        "/v1/agent/turns/{turn}/feedback",
        **route_document("Keep what the person meant by a turn", wire.Feedback, wire.FeedbackBody),
    )
    async def keep(request: HttpRequest, turn: str) -> Response:
        body = await read_body(request, wire.FeedbackBody)
        session = session_of(caller_of(request), body.session)
        if body.meant not in (OTHER, NOTHING) and agent.catalogue.get(body.meant) is None:
            raise ApiError(
                400,
                "unknown_capability",
                f"meant: the device has no capability called {body.meant!r}",
                f"take a name from GET /v1/agent/capabilities, {OTHER!r} or {NOTHING!r}",
            )
        kept = await agent.correct(turn, session, body.meant)
        if kept is None:
            raise no_turn(turn)
        return reply(wire.Feedback(kept))

    @routes.post(
        "/v1/agent/turns/{turn}/judgement",
        **route_document("Keep what a turn's answer was worth", wire.Judgement, wire.JudgementBody),
    )
    async def judge(request: HttpRequest, turn: str) -> Response:
        body = await read_body(request, wire.JudgementBody)
        session = session_of(caller_of(request), body.session)
        kept = await agent.judge(turn, session, good=body.good)
        if kept is None:
            raise no_turn(turn)
        return reply(wire.Judgement(kept))

    return routes
