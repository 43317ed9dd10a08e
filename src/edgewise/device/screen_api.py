"""The device's screen over HTTP: what is on it, its picture, and one step on it.

A step is a call of `gui.act` and goes through resolve, decide and perform like any other: this is
no second way to act. A line of a GUI model (GELab-Zero's action words) is a model's idea and is
labelled so, whoever sends it. A step may name the look that it was decided on (`seen`); where what
it touches has changed since, nothing is done. What is on a screen is personal: the routes are the
person's alone (`callers.py`); a program may propose `gui.act` where it proposes any other call.
"""

from typing import Annotated

from fastapi import APIRouter
from msgspec import Meta
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from edgewise.act.gui_words import LONGEST, arguments_of, read_line
from edgewise.act.screen import Element, Seen
from edgewise.core.event import Event
from edgewise.core.label import Label, OriginKind, label_of
from edgewise.core.signal import JsonValue
from edgewise.core.words import Language
from edgewise.device import wire
from edgewise.device.callers import caller_of, session_of, speaker_of
from edgewise.device.cloud_told import Reply
from edgewise.device.document import route_document
from edgewise.device.doors import Doors
from edgewise.device.screen.driver import ScreenDriver
from edgewise.device.screen.looks import CALL, Looks
from edgewise.device.wire import ApiError, Body, Name, Seat, read_body, reply
from edgewise.errors import UserError

_Text = Annotated[str, Meta(max_length=wire.TEXT_LIMIT)]


class ScreenTold(Reply, frozen=True):
    """One look at the screen. Boxes are x0, y0, x1, y1 in thousandths of its width and height;
    `width` and `height` are pixels; `headless`: nobody in the car sees it. `seen` names the look,
    for a step that is decided on it."""

    app: str
    title: str
    width: int
    height: int
    headless: bool
    elements: tuple[Element, ...]
    seen: str = ""


class StepBody(Body, frozen=True):
    """One step on the screen: a `line` of a GUI model, or an `action` with what it needs. `target`
    is an element's words, an app or a direction; points are "x,y" in thousandths. `seen` is that of
    the look (`ScreenTold`) it was decided on; empty: on the screen as it will be."""

    line: Annotated[str, Meta(max_length=LONGEST)] = ""
    action: Annotated[str, Meta(max_length=64)] = ""
    target: _Text = ""
    text: _Text = ""
    point: Annotated[str, Meta(max_length=32)] = ""
    point2: Annotated[str, Meta(max_length=32)] = ""
    seen: Annotated[str, Meta(max_length=32)] = ""
    session: Name = "default"
    zone: Seat | None = "driver"
    language: Language | None = None


def told(seen: Seen, name: str = "") -> ScreenTold:
    """A look as the API tells it, by its name."""
    size = (seen.width, seen.height)
    return ScreenTold(seen.app, seen.title, *size, seen.headless, seen.elements, name)


def screen_routes(screen: ScreenDriver | None, doors: Doors) -> APIRouter:
    """The routes for a device with this screen, or without one."""
    routes, looks = APIRouter(), Looks()

    @routes.get("/v1/screen", **route_document("What is on the screen", ScreenTold))
    async def look() -> Response:
        seen = await _there(screen).seen()
        made = reply(told(seen, looks.remember(seen)))
        made.headers["Cache-Control"] = "no-store"
        return made

    @routes.get("/v1/screen.png", **route_document("A picture of the screen (PNG)", bytes))
    async def picture() -> Response:
        drawn = await _there(screen).screenshot()
        return Response(drawn, 200, {"Cache-Control": "no-store"}, "image/png")

    @routes.post("/v1/screen/step", **route_document("Do one step on it", Event, StepBody))
    async def step(request: HttpRequest) -> Response:
        body = await read_body(request, StepBody)
        _there(screen)
        arguments, label = _call_of(body)
        if body.seen:
            arguments["seen"] = _place(looks, body.seen, arguments)
        caller = caller_of(request)
        call = wire.CallBody(
            CALL, arguments, session_of(caller, body.session), language=body.language
        )
        return doors.open_call(call, speaker_of(caller, body.zone), caller, label)

    return routes


def _there(screen: ScreenDriver | None) -> ScreenDriver:
    if screen is None:
        raise ApiError(
            409,
            "no_screen",
            "no screen is set up on this device",
            'write [screen] with backend = "chromium" or "adb" in config.toml and start it again',
        )
    return screen


def _place(looks: Looks, name: str, arguments: dict[str, JsonValue]) -> str:
    place = looks.place(name, arguments)
    if place is None:
        raise ApiError(
            409,
            "look_forgotten",
            f"seen: the look {name!r} is not remembered here",
            "look again (GET /v1/screen) and decide on what is there now",
        )
    return place


def _call_of(body: StepBody) -> tuple[dict[str, JsonValue], Label | None]:
    """The arguments of the call, and the label of what a model made. Raises ApiError (400)."""
    if bool(body.line) == bool(body.action):
        raise ApiError(400, "invalid_field", "line: send it or an action, not both", "send one")
    if body.action:
        names = ("action", "target", "text", "point", "point2")
        given = {name: getattr(body, name) for name in names}
        return {name: value for name, value in given.items() if value}, None
    try:
        line = read_line(body.line)
    except UserError as error:
        raise ApiError(400, "invalid_field", f"line: {error}", "correct the line") from error
    if len(line.steps) != 1:
        raise ApiError(
            400,
            "no_step",
            f"line: {line.word} is not one step on the screen",
            "send CLICK twice for a double click; what waits, asks or ends is for your own program",
        )
    return dict(arguments_of(line.steps[0])), label_of(OriginKind.MODEL, "gui")
