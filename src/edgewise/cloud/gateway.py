"""From a checked request to a metered answer: admit, ask a backend, count, settle.

Everything that thinks on the platform goes through here: completions, responses, messages, batches
and the device's agent. A request is admitted when its key may, its limits and budgets allow and the
ledger can account for it; from then on it is settled once, however it ends (`exchange.py`).
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Any, Protocol

import msgspec

from edgewise.cloud.backend import Away, Backend, Line, Reply
from edgewise.cloud.budget import Budgets
from edgewise.cloud.caller import Caller, Endpoint
from edgewise.cloud.chat import Asked, check_for, read_chat, upstream_body
from edgewise.cloud.config import Config, ModelConfig, ModelKind, Route, UsageReport
from edgewise.cloud.exchange import STOP_S, Admission, Exchange, settle_later
from edgewise.cloud.flight import Facts
from edgewise.cloud.hearing import Hearing
from edgewise.cloud.identifier import new_request_id
from edgewise.cloud.ledger import Ledger, Outcome
from edgewise.cloud.limits import RateLimits
from edgewise.cloud.media import check_addresses, may_hold_sound
from edgewise.cloud.pool import Pool
from edgewise.cloud.refusal import Refused, bad_request, key_revoked, unknown_model
from edgewise.cloud.relay import Relay
from edgewise.cloud.request_log import Content
from edgewise.cloud.usage import NOTHING, Usage
from edgewise.core.clock import Clock

_TRACE = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
"""A `traceparent`; anything else is not kept. Source: W3C Trace Context, section 3.2."""


class Watcher(Protocol):
    """Who is told of requests as they begin and end: traces and metrics."""

    def begin(self, admission: Admission) -> None: ...


class Gateway:
    """The way of every request to a model."""

    def __init__(
        self,
        config: Config,
        pool: Pool,
        ledger: Ledger,
        budgets: Budgets,
        limits: RateLimits,
        clock: Clock,
        watcher: Watcher,
        holds: Callable[[str], bool],
    ) -> None:
        """`holds` is whether the key of that id stands: it may have gone since it was looked up."""
        self.config = config
        self.pool = pool
        self.ledger = ledger
        self.budgets = budgets
        self.limits = limits
        self.clock = clock
        self._watcher = watcher
        self._holds = holds
        self._hearing = Hearing()
        self._models = {model.name: model for model in config.model}

    def models(self, caller: Caller) -> list[ModelConfig]:
        """The models that the key may use."""
        return [m for m in self.config.model if not caller.models or m.name in caller.models]

    def model_for(self, caller: Caller, name: str, kind: ModelKind = ModelKind.CHAT) -> ModelConfig:
        """The model of a request. Raises Refused: 404 when it is unknown or not for this key, 400
        when it is of another kind."""
        caller.check_model(name)
        model = self._models.get(name)
        if model is None:
            raise unknown_model(name)
        if model.kind is not kind:
            said = f"model: {name!r} is for {model.kind.value}, this asks for {kind.value}"
            raise bad_request(f"{said}; GET /v1/models lists what there is", "model")
        return model

    def check_at_once(self, caller: Caller) -> None:
        """See `Completer.check_at_once`."""
        self.limits.check_at_once(caller)

    async def admit(
        self,
        caller: Caller,
        endpoint: Endpoint,
        model: ModelConfig,
        most: Usage,
        likely_tokens: int,
        *,
        stream: bool,
        trace: str = "",
    ) -> Admission:
        """Let a request in that may use `most`. Raises Refused."""
        caller.check_endpoint(endpoint)
        place = self.limits.enter(caller, likely_tokens, stream=stream)
        try:
            reservation = await self.budgets.reserve(
                caller.organisation,
                caller.project,
                caller.key,
                self.ledger.cost(model.name, most),
            )
        except BaseException:
            place.leave(0)
            raise
        try:
            if not self._holds(caller.key):
                raise key_revoked()
            flight = self.ledger.open(self._facts(caller, endpoint, model, trace))
        except BaseException:
            self.budgets.settle(reservation, 0)
            place.leave(0)
            raise
        admission = Admission(
            caller, model, most, flight, place, reservation, self.ledger, self.budgets
        )
        try:
            self._watcher.begin(admission)
        except BaseException:
            admission.settle(Outcome.FAILED, NOTHING, detail="internal_error")
            raise
        return admission

    def _facts(self, caller: Caller, endpoint: Endpoint, model: ModelConfig, trace: str) -> Facts:
        return Facts(
            new_request_id(),
            self.clock.now(),
            caller.organisation,
            caller.project,
            caller.key,
            caller.device,
            endpoint.value,
            model.name,
            trace=trace if _TRACE.fullmatch(trace) else "",
        )

    async def chat(
        self,
        caller: Caller,
        asked: Asked,
        endpoint: Endpoint,
        *,
        trace: str = "",
        is_stream: bool = True,
        until: float | None = None,
    ) -> Exchange:
        """Begin a chat completion; the exchange must be read or closed. At `until` (`deadline.py`)
        it is ended wherever it is. Raises Refused."""
        model = self.model_for(caller, asked.fields.model)
        check_addresses(asked.media, self.config.media_hosts)
        routes = self.pool.obeying(model, lambda backend: check_for(asked, model, backend.config))
        if asked.media and may_hold_sound(asked.media):
            asked = await self._hearing.hear(asked, caller.project)
        most = asked.most(model)
        likely = asked.likely_input + min(1024, most.output_tokens)
        admission = await self.admit(
            caller, endpoint, model, most, likely, stream=asked.stream and is_stream, trace=trace
        )

        line = Line(keeps_rest=True)
        post = self._post(admission, asked, line)
        task = asyncio.current_task()
        assert task is not None
        admission.flight.stop = task.cancel
        if until is not None:
            admission.end_at(until)
        try:
            reply, health = await self.pool.ask(model, routes, post, caller.project)
        except asyncio.CancelledError:
            admission.flight.stop = None
            line.hang_up()
            settle_later(self._leave(admission, asked, line))
            if admission.flight.ended_by is not None and task.uncancel() == 0:
                raise admission.flight.ended_by from None
            raise
        except BaseException as error:
            admission.settle(Outcome.FAILED, NOTHING, detail=detail_of(error))
            if isinstance(error, Refused):
                error.headers.setdefault("x-request-id", admission.flight.facts.id)
            raise
        return self._exchange(reply, admission, asked, lambda: self.pool.leave(health))

    def _post(
        self, admission: Admission, asked: Asked, line: Line
    ) -> Callable[[Backend, Route], Awaitable[Reply]]:
        """How a backend is asked for the completion, on that line."""
        model = admission.model

        async def post(backend: Backend, route: Route) -> Reply:
            name = route.model or model.name
            self.ledger.move(admission.flight, route.backend, name)
            continuous = backend.config.usage is UsageReport.CONTINUOUS
            body = upstream_body(asked, model, name, stream=True, continuous=continuous)
            try:
                return await backend.post(
                    "/chat/completions", body, admission.flight.facts.id, line
                )
            except Away as away:
                if line.is_left:  # no fault of the backend's, and no other is asked
                    raise Refused(499, "client_left", "the client left") from away
                raise

        return post

    def _exchange(
        self, reply: Reply, admission: Admission, asked: Asked, on_end: Callable[[], None]
    ) -> Exchange:
        if admission.caller.content:
            admission.content = Content(asked.fields.messages)
        backend = self.pool.health[admission.flight.facts.backend].backend.config
        relay = Relay(
            public_model=admission.model.name,
            upstream_model=admission.flight.facts.backend_model,
            choice=asked.choice,
            named=asked.named,
            include_usage=asked.include_usage or not asked.stream,
            usage_at_end=asked.stream
            and not asked.continuous_usage
            and backend.usage is UsageReport.CONTINUOUS,
            likely_input=asked.likely_input,
            sent=asked.sent,
        )
        return Exchange(admission, reply, relay, on_end)

    async def _leave(self, admission: Admission, asked: Asked, line: Line) -> None:
        """Settle a request whose client left before its answer began: that may begin yet, and then
        what the backend produced is counted; else what it was likely to be reading."""
        reply: Reply | None = None
        try:
            if line.rest is not None:
                async with asyncio.timeout(STOP_S):
                    reply = await line.rest()
        except (TimeoutError, Away, Refused):
            pass
        except BaseException:
            admission.settle(Outcome.DISCONNECTED, NOTHING)
            raise
        if reply is None:
            usage = cut_usage(line, asked.likely_input)
            admission.settle(Outcome.DISCONNECTED, usage, estimated=usage != NOTHING)
            return
        async with self._exchange(reply, admission, asked, lambda: None):
            pass

    async def complete(
        self,
        caller: Caller,
        body: dict[str, Any],
        *,
        endpoint: Endpoint,
        until: float | None = None,
    ) -> dict[str, Any]:
        """One chat.completion for a body without `stream`. Raises Refused."""
        asked = read_chat(msgspec.json.encode({**body, "stream": False}))
        async with await self.chat(caller, asked, endpoint, until=until) as exchange:
            return await exchange.completion()

    async def stream(
        self,
        caller: Caller,
        body: dict[str, Any],
        *,
        endpoint: Endpoint,
        is_stream: bool = True,
        until: float | None = None,
    ) -> AsyncGenerator[dict[str, Any], None]:
        """The chat.completion.chunk objects of a body, the last with `usage`. Closing the generator
        stops the upstream. It counts as a stream of the caller's if `is_stream`. Raises Refused."""
        wanted = {**body, "stream": True, "stream_options": {"include_usage": True}}
        asked = read_chat(msgspec.json.encode(wanted))
        async with (
            await self.chat(caller, asked, endpoint, is_stream=is_stream, until=until) as exchange,
            aclosing(exchange.batches()) as batches,
        ):
            async for batch in batches:
                for data in batch:
                    yield msgspec.json.decode(data)


def raise_if_ended(admission: Admission) -> None:
    """Raises what the flight was ended by, where a wait ended because of it and nothing else."""
    task = asyncio.current_task()
    why = admission.flight.ended_by
    if why is not None and task is not None and not task.cancelling():
        raise why from None


def cut_usage(line: Line, likely_input: int) -> Usage:
    """What a request used that was cut before its answer began: a backend that has it was reading
    it, how far nobody tells; one that refused it, or never had it, read nothing."""
    return Usage(input_tokens=likely_input) if line.is_open else NOTHING


def detail_of(error: BaseException) -> str:
    """The code of a refusal."""
    return error.problem.code or "" if isinstance(error, Refused) else ""
