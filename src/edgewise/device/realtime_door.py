"""`/v1/realtime` of the device: a WebSocket that speaks the realtime API's events.

Whoever may call the API may talk: the person by the cockpit's page or the owner's token; a program
by its own token, without a seat, in sessions of its own. Whose voice a microphone hears nobody
knows: it is of the seat that the address names as `zone` (hold to talk names it, for that is a
person's press), else of no known seat. What is typed is the driver's unless another is named.
`wake` (1 or 0) says whether a wake word is needed: it is where one is set up; `echo=1`, that the
microphone hears the loudspeaker and nothing cancels that. A browser's key comes as a subprotocol
(`web/websocket.py`); host, origin and key were checked by `security.py` before. It knows no model
and makes no conversation.
"""

import time
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any, Literal, Protocol

import msgspec
from msgspec import Struct
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from edgewise.core.zone import Zone
from edgewise.device.callers import Caller, session_of, speaker_of
from edgewise.device.limits import Limits
from edgewise.device.security import denial
from edgewise.device.sight import NO_PICTURES
from edgewise.device.sse import as_api_error
from edgewise.device.wire import ApiError, Name, Seat
from edgewise.errors import EdgewiseError
from edgewise.talk.realtime.connection import Connection
from edgewise.talk.realtime.pictures import Pictures
from edgewise.talk.realtime.problem import Problem
from edgewise.talk.realtime.session import Offer, Session
from edgewise.talk.realtime.socket import Bounds, converse
from edgewise.talk.remembering import new_id
from edgewise.talk.talk import Talk
from edgewise.web import websocket

PATH = "/v1/realtime"
UNKNOWN = "unknown"
"""As `zone`: no known seat, also of what is typed."""
_Zone = Seat | Literal["unknown"]
_Switch = Literal["0", "1"]


class Asked(Struct, frozen=True):
    """What the address names: where the microphone is, the seat of who types, the session."""

    zone: Zone | None
    typed: Zone | None
    session: str
    wake: bool | None = None
    echo: bool = False


class Opens(Protocol):
    """Makes conversations (`conversations.py`)."""

    @property
    def offer(self) -> Offer: ...
    @property
    def sees(self) -> bool: ...
    async def open(
        self,
        caller: Caller,
        zone: Zone | None,
        session: str,
        typed: Zone | None = None,
        *,
        wake: bool | None = None,
        echo: bool = False,
        pictures: Pictures | None = None,
    ) -> Talk: ...


class RealtimeDoor:
    """The route, and who uses it now."""

    def __init__(self, opens: Opens, limits: Limits, bounds: Bounds | None = None) -> None:
        self._opens = opens
        self._limits = limits
        self._bounds = bounds or Bounds()

    @property
    def route(self) -> WebSocketRoute:
        """To be mounted at the root of the application."""
        return WebSocketRoute(PATH, self._serve)

    async def _serve(self, socket: WebSocket) -> None:
        caller: Caller = socket.scope.get("caller") or Caller.PROGRAM
        try:
            asked = asked_in(socket.query_params, caller, self._opens.offer.model)
            leave = self._limits.enter_conversation(caller)
        except ApiError as error:
            await denial(error, socket.scope, socket.send)
            return
        try:
            await self._talk(socket, caller, asked)
        finally:
            leave()

    async def _talk(self, socket: WebSocket, caller: Caller, asked: Asked) -> None:
        pictures = Pictures("" if self._opens.sees else NO_PICTURES)
        try:
            talk = await self._opens.open(
                caller, asked.zone, asked.session, asked.typed,
                wake=asked.wake, echo=asked.echo, pictures=pictures,
            )  # fmt: skip
        except EdgewiseError as error:
            await denial(as_api_error(error), socket.scope, socket.send)
            return
        try:
            await self._converse(socket, talk, pictures)
        finally:
            await talk.close()

    async def _converse(self, socket: WebSocket, talk: Talk, pictures: Pictures) -> None:
        beta = websocket.asks_beta(socket.headers, socket.scope.get("subprotocols", ()))
        expires_at = int(time.time() + self._bounds.session_s)
        session = Session(new_id("sess"), self._opens.offer, talk.settings, expires_at=expires_at)
        await websocket.accept(socket)
        closing = await converse(
            Connection(talk, session, beta=beta, pictures=pictures),
            talk,
            lambda: websocket.receive(socket),
            lambda text: websocket.send(socket, text),
            bounds=self._bounds,
            still=still_of(socket.scope),
        )
        await websocket.close(socket, closing.code, closing.reason)


def asked_in(query: Mapping[str, str], caller: Caller, own: str) -> Asked:
    """The seat and the session that a client names in the address of a device whose model is `own`.
    Raises ApiError."""
    if (model := query.get("model", "")) not in ("", own):
        raise ApiError(
            404,
            "model_not_found",
            f"model: there is no {model[:80]!r} on this device",
            f"connect to {PATH}?model={own}",
        )
    named = _read(query.get("zone"), _Zone, "zone", msgspec.UNSET)
    typed = speaker_of(caller, None if named == UNKNOWN else named).zone
    session = _read(query.get("session"), Name, "session", new_id("talk"))
    heard = None if named is msgspec.UNSET else typed
    wake = _read(query.get("wake"), _Switch, "wake", None)
    echo = _read(query.get("echo"), _Switch, "echo", "0")
    return Asked(
        heard,
        typed,
        session_of(caller, session),
        wake=None if wake is None else wake == "1",
        echo=echo == "1",
    )


def still_of(scope: MutableMapping[str, Any]) -> Callable[[], Problem | None]:
    """Whether the key that a conversation was opened with still opens it."""
    holds: Callable[[], bool] = scope.get("holds") or (lambda: True)

    def still() -> Problem | None:
        if holds():
            return None
        told = "the key of this conversation ran out or was taken back; open it with a new one"
        return Problem("key_ended", told)

    return still


def _read(given: str | None, kind: Any, name: str, missing: Any) -> Any:
    """A parameter of the address. Raises ApiError (400)."""
    if given is None:
        return missing
    try:
        return msgspec.convert(given, kind)
    except msgspec.ValidationError as error:
        raise ApiError(400, "invalid_field", f"{name}: {error}", "change its value") from error
