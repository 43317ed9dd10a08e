"""`/v1/realtime` of the platform: a chat model of it, heard and spoken by this machine's senses.

A WebSocket that speaks the realtime API's events. A key comes as on any route, or as a subprotocol
from a browser (`web/websocket.py`), or is a short-lived one (`client_secrets.py`). Whose it is, is
asked anew at each event, and at once when keys are revoked. It makes a conversation for each
connection, and knows neither its events nor what they cost.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from edgewise.cloud.answers import answer
from edgewise.cloud.caller import Caller, Endpoint
from edgewise.cloud.chat import decode
from edgewise.cloud.client_secrets import LIVES_S, PREFIX, ClientSecret, ClientSecrets, fields_of
from edgewise.cloud.config import Config, ModelConfig, ModelKind
from edgewise.cloud.directory import Directory
from edgewise.cloud.doors import caller_of, read_body, secret_in
from edgewise.cloud.gateway import Gateway
from edgewise.cloud.realtime_offer import NO_EARS, offer_of, senses_models
from edgewise.cloud.refusal import (
    Refused,
    bad_request,
    reply_to,
    server_stopping,
    wrong_key,
)
from edgewise.cloud.senses import Senses
from edgewise.cloud.talk_meter import MeteredTalk
from edgewise.cloud.talk_mind import PlatformMind
from edgewise.core.clock import Clock
from edgewise.errors import EdgewiseError
from edgewise.talk.conversation import Conversation
from edgewise.talk.microphones import Channel
from edgewise.talk.realtime.connection import Connection
from edgewise.talk.realtime.ga import GA
from edgewise.talk.realtime.pictures import Pictures
from edgewise.talk.realtime.problem import Problem
from edgewise.talk.realtime.session import Session
from edgewise.talk.realtime.socket import Bounds, converse
from edgewise.talk.remembering import new_id
from edgewise.talk.settings import Settings
from edgewise.talk.written import NoActivity, NoEars
from edgewise.web import websocket

PATH = "/v1/realtime"
SECRETS_PATH = "/v1/realtime/client_secrets"
SECRET_BODY_BYTES = 256 * 1024


class Asked(Struct, frozen=True):
    """A connection that may be: whose, with which model, begun by which sessions."""

    caller: Caller
    model: ModelConfig
    sessions: tuple[dict[str, Any], ...] = ()


class Opened(Struct, frozen=True):
    """A conversation, its terms, and why it must end."""

    talk: MeteredTalk
    session: Session
    pictures: Pictures
    still: Callable[[], Problem | None]
    bounds: Bounds


class Realtime:
    """The routes, and the sessions that are open. `senses` may be None: then all is in writing."""

    def __init__(
        self,
        config: Config,
        gateway: Gateway,
        directory: Directory,
        senses: Senses | None,
        clock: Clock,
    ) -> None:
        self.senses = senses
        self._config = config
        self._gateway = gateway
        self._directory = directory
        self._clock = clock
        self._secrets = ClientSecrets(clock)
        self._open: Counter[str] = Counter()
        self._ended: set[asyncio.Event] = set()
        self._is_closing = False

    def routes(self) -> list[BaseRoute]:
        """What to mount at the root of the application."""
        return [
            WebSocketRoute(PATH, self._serve),
            Route(SECRETS_PATH, self._make_secret, methods=["POST"]),
        ]

    def check_soon(self) -> None:
        """Ask whose each session's key is, now: some were revoked."""
        for ended in self._ended:
            ended.set()

    def end_soon(self) -> None:
        """The platform ends, and all sessions with it."""
        self._is_closing = True
        self.check_soon()

    async def _make_secret(self, request: Request) -> Response:
        caller = caller_of(request)
        caller.check_endpoint(Endpoint.REALTIME)
        fields = decode(
            await read_body(request.scope, request.receive, SECRET_BODY_BYTES), fields_of
        )
        given = dict(fields.session or {"type": "realtime"})
        model = self._model(caller, given, given.pop("model", ""))
        offer = offer_of(self._config, self._gateway, caller, model, self.senses)
        session = Session(new_id("sess"), offer)
        try:
            begun = GA.changed(session, given)
        except Problem as problem:
            raise bad_request(str(problem), problem.param, problem.code) from problem
        lives_s = fields.expires_after.seconds if fields.expires_after is not None else LIVES_S
        secret, made = self._secrets.make(caller, model.name, given, lives_s)
        shown = {"value": secret, "expires_at": int(made.expires_at), "session": GA.shown(begun)}
        return answer(request, shown)

    def _model(self, caller: Caller, session: dict[str, Any], name: Any) -> ModelConfig:
        """The model of a session: a chat model, or for one that only listens, the ears."""
        if session.get("type") == "transcription":
            ears = self._config.ears_model
            return self._gateway.model_for(caller, ears or "none", ModelKind.TRANSCRIPTION)
        if not isinstance(name, str) or not name:
            said = f"model: it is missing; connect to {PATH}?model=NAME (GET /v1/models lists them)"
            raise bad_request(said, "model")
        return self._gateway.model_for(caller, name)

    async def _serve(self, socket: WebSocket) -> None:
        try:
            asked = self.admit(socket)
            self.enter(asked.caller)
        except Refused as refused:
            await socket.send_denial_response(reply_to(refused))
            return
        ended = self.watched()
        try:
            await self._talk(socket, asked, ended)
        finally:
            self.leave(asked.caller, ended)

    def admit_key(self, client: HTTPConnection) -> Caller:
        """Whose key it is, here. Raises Refused."""
        return self._holder(client)[0]

    def admit(self, client: HTTPConnection, given: Mapping[str, Any] | None = None) -> Asked:
        """Who connects, and for what; `given` is the session that a call begins with. Raises
        Refused."""
        caller, made = self._holder(client)
        query = client.query_params
        session = dict(given or {})
        named = session.pop("model", "")
        if not session and query.get("intent") == "transcription":
            session = {"type": "transcription"}
        sessions = (session,)
        if made is None:
            name = query.get("model", named)
        else:
            sessions = (made.session, session)
            name = query.get("model", named or made.model)
            if name != made.model:
                said = f"model: {str(name)[:80]!r}; this client secret is for {made.model!r}"
                raise bad_request(said, "model")
        model = self._model(caller, sessions[0], name)
        return Asked(caller, model, tuple(one for one in sessions if one))

    def _holder(self, client: HTTPConnection) -> tuple[Caller, ClientSecret | None]:
        """Whose key it is, and the client secret if it is one. Raises Refused."""
        scope = client.scope
        secret = secret_in(scope) or websocket.secret_in(scope.get("subprotocols", ()))
        now = self._clock.now()
        if secret.startswith(PREFIX):
            made = self._secret(secret)
            found = self._directory.caller_of(made.caller.key, now)
        else:
            made, found = None, self._directory.find(secret, now) if secret else None
        if found is None:
            raise wrong_key()
        found.check_endpoint(Endpoint.REALTIME)
        return found if made is None else _only_realtime(found), made

    def _secret(self, secret: str) -> ClientSecret:
        found = self._secrets.find(secret)
        if found is None:
            raise wrong_key("the client secret is unknown or ran out; have another made")
        return found

    def enter(self, caller: Caller) -> None:
        """Take a place for a session. Raises Refused (429, 503)."""
        if self._is_closing:
            raise server_stopping()
        bounds = self._config.senses
        own, all_open = self._open[caller.key], self._open.total()
        if own >= bounds.most_of_key or all_open >= bounds.most:
            said = f"{own} realtime sessions of this key are open; at most {bounds.most_of_key} may"
            if own < bounds.most_of_key:
                said = f"{all_open} realtime sessions are open here, as many as may"
            raise Refused(
                429, "too_many_sessions", f"{said}; close one", headers={"Retry-After": "5"}
            )
        self._open[caller.key] += 1

    def watched(self) -> asyncio.Event:
        """Set when whose keys are, or whether the platform ends, must be asked."""
        ended = asyncio.Event()
        self._ended.add(ended)
        return ended

    def leave(self, caller: Caller, ended: asyncio.Event) -> None:
        """Give a place back."""
        self._ended.discard(ended)
        self._open[caller.key] -= 1
        if not self._open[caller.key]:
            del self._open[caller.key]

    def _ask(self, asked: Asked) -> Callable[[], Caller]:
        """Whose key it is, as often as one asks, with its limits and models of that time."""

        def ask() -> Caller:
            found = _only_realtime(self._directory.held(asked.caller.key, self._clock.now()))
            found.check_model(asked.model.name)
            return found

        return ask

    async def open(self, asked: Asked, ended: asyncio.Event) -> Opened:
        """A conversation as it was asked for. Raises ModelError, TrustError where a sense fails."""
        ask = self._ask(asked)
        pictures = Pictures()
        talk = await self._conversation(asked, ask, pictures, ended)
        senses = self._config.senses
        offer = offer_of(self._config, self._gateway, asked.caller, asked.model, self.senses)
        expires_at = int(self._clock.now() + senses.session_s)
        session = Session(new_id("sess"), offer, talk.settings, expires_at=expires_at)

        def still() -> Problem | None:
            if self._is_closing:
                stopping = server_stopping().problem
                return Problem(stopping.code or "", stopping.message, kind="server_error")
            try:
                ask()
            except Refused as refused:
                return Problem(refused.problem.code or "refused", refused.problem.message)
            return None

        bounds = Bounds(idle_s=senses.idle_s, session_s=senses.session_s)
        return Opened(talk, session, pictures, still, bounds)

    async def _talk(self, socket: WebSocket, asked: Asked, ended: asyncio.Event) -> None:
        try:
            opened = await self.open(asked, ended)
        except EdgewiseError as error:
            await socket.send_denial_response(reply_to(Refused(503, error.code, str(error))))
            return
        try:
            await self._converse(socket, asked, opened, ended)
        finally:
            await opened.talk.close()

    async def _converse(
        self, socket: WebSocket, asked: Asked, opened: Opened, ended: asyncio.Event
    ) -> None:
        beta = websocket.asks_beta(socket.headers, socket.scope["subprotocols"])
        connection = Connection(opened.talk, opened.session, beta=beta, pictures=opened.pictures)
        for session in asked.sessions:
            connection.begin(session)
        await websocket.accept(socket)
        closing = await converse(
            connection,
            opened.talk,
            lambda: websocket.receive(socket),
            lambda text: websocket.send(socket, text),
            bounds=opened.bounds,
            still=opened.still,
            ended=ended,
        )
        await websocket.close(socket, closing.code, closing.reason)

    async def _conversation(
        self, asked: Asked, ask: Callable[[], Caller], pictures: Pictures, ended: asyncio.Event
    ) -> MeteredTalk:
        """A conversation with that model, metered. Raises ModelError where a sense fails."""
        mind = PlatformMind(self._gateway, ask, asked.model.name, pictures)
        ears, voice = senses_models(self._config, self._gateway, asked.caller, self.senses)
        senses = self.senses
        activity = await senses.activity() if senses is not None and ears else NoActivity()
        talk = Conversation(
            senses.ears if senses is not None and ears is not None else NoEars(NO_EARS),
            senses.voice if senses is not None and voice is not None else None,
            mind,
            self._clock,
            Settings(),
            channels=(Channel(activity),),
        )
        return MeteredTalk(talk, self._gateway, ask, ears, voice, ended.set)


def _only_realtime(caller: Caller) -> Caller:
    """The key, for this endpoint alone. Raises Refused where it is not for it."""
    caller.check_endpoint(Endpoint.REALTIME)
    return replace(caller, endpoints=frozenset({Endpoint.REALTIME}))
