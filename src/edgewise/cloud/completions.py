"""`/v1/chat/completions`, and the server-sent events of a stream.

The hot path: a raw ASGI application, no framework between. The events of one read of the upstream
go out in one write; a stream ends in `data: [DONE]`, one that fails in an event with an `error`.
"""

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Protocol

import msgspec

from edgewise.cloud.caller import Caller, Endpoint
from edgewise.cloud.chat import Asked, read_chat
from edgewise.cloud.deadline import HEADER, until_of
from edgewise.cloud.doors import (
    Left,
    Receive,
    Scope,
    Send,
    admit,
    header,
    read_body,
    reply_headers,
    send_json,
    send_refusal,
    while_client_stays,
)
from edgewise.cloud.exchange import Exchange
from edgewise.cloud.gateway import Gateway
from edgewise.cloud.identifier import new_request_id
from edgewise.cloud.refusal import Refused, bad_request, body_of
from edgewise.cloud.repeats import Recording, Repeats, Whole
from edgewise.cloud.streams import Streams, resume_of
from edgewise.web.frame import EVENT_STREAM_HEADERS

VERSION = "2020-10-01"
"""The value of `openai-version` that the API has had since its first day."""


class Serving(Protocol):
    """What the route needs of the platform."""

    @property
    def gateway(self) -> Gateway: ...
    @property
    def streams(self) -> Streams: ...
    @property
    def repeats(self) -> Repeats: ...
    def find(self, secret: str) -> Caller | None: ...


class ChatCompletions:
    """The route, as an ASGI application."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving
        self._limit_bytes = serving.gateway.config.body_limit_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        if scope["method"] != "POST":
            refused = Refused(405, "method_not_allowed", "send a POST", headers={"Allow": "POST"})
            await send_refusal(send, refused, reply_headers(began, {}))
            return
        caller: Caller | None = None
        try:
            caller = admit(scope, self._serving.find)
            caller.check_endpoint(Endpoint.CHAT)
            check_json(scope)
            self._serving.gateway.check_at_once(caller)
            raw = await read_body(scope, receive, self._limit_bytes)
            await self._answer(caller, raw, scope, receive, send, began)
        except Left:
            return
        except Refused as refused:
            told = {"x-request-id": new_request_id(), "openai-version": VERSION}
            if caller is not None:
                told["openai-organization"] = caller.organisation
                told |= self._serving.gateway.limits.headers(caller)
            await send_refusal(send, refused, reply_headers(began, told))

    async def _answer(
        self, caller: Caller, raw: bytes, scope: Scope, receive: Receive, send: Send, began: float
    ) -> None:
        asked = read_chat(raw)
        key = header(scope, b"idempotency-key")
        if not key:
            await self._made(caller, asked, scope, receive, send, began, None)
            return
        self._serving.gateway.model_for(caller, asked.fields.model)  # a repeat needs it, too
        found = self._serving.repeats.find(caller.project, key, raw)
        if isinstance(found, Whole):
            await found.send_again(send)
            return
        try:
            await self._made(caller, asked, scope, receive, found.watch(send), began, found)
        finally:
            found.end()

    async def _made(
        self,
        caller: Caller,
        asked: Asked,
        scope: Scope,
        receive: Receive,
        send: Send,
        began: float,
        recording: Recording | None,
    ) -> None:
        """Have an answer made, and send it as it comes."""
        trace = header(scope, b"traceparent")
        resume_s = resume_of(header(scope, b"x-edgewise-resume")) if asked.stream else 0.0
        until = until_of(header(scope, HEADER.encode()))
        gateway = self._serving.gateway
        with while_client_stays(scope, receive):
            exchange = await gateway.chat(caller, asked, Endpoint.CHAT, trace=trace, until=until)
            if resume_s:
                await self._resumable(exchange, caller, resume_s, send, began, recording)
                return
            async with exchange:
                if asked.stream:
                    await self._stream(exchange, send, began)
                    return
                body = msgspec.json.encode(await exchange.completion())
                await send_json(send, body, headers_of(exchange, began))

    async def _resumable(
        self,
        exchange: Exchange,
        caller: Caller,
        resume_s: float,
        send: Send,
        began: float,
        recording: Recording | None,
    ) -> None:
        """Send a stream that goes on without this client, for a while."""
        streams = self._serving.streams
        try:
            stream = streams.start(exchange, caller, resume_s)
        except Refused:
            async with exchange:  # settles it
                raise
        head = [(b"x-edgewise-stream", stream.id.encode()), *headers_of(exchange, began)]
        if recording is not None:
            recording.follow(stream, [*EVENT_STREAM_HEADERS, *head])
        await send_frames(send, streams.read(stream, 0), head)

    async def _stream(self, exchange: Exchange, send: Send, began: float) -> None:
        start = {"type": "http.response.start", "status": 200}
        head = [*EVENT_STREAM_HEADERS, *headers_of(exchange, began)]
        started = False
        last = b"data: [DONE]\n\n"
        try:
            async with aclosing(exchange.batches()) as batches:
                async for batch in batches:
                    if not started:
                        started = True
                        await send({**start, "headers": head})
                    body = b"data: " + b"\n\ndata: ".join(batch) + b"\n\n"
                    await send({"type": "http.response.body", "body": body, "more_body": True})
        except Refused as refused:
            if not started:
                raise
            last = b"data: " + body_of(refused) + b"\n\n"
        if not started:
            await send({**start, "headers": head})
        await send({"type": "http.response.body", "body": last, "more_body": False})


async def send_frames(
    send: Send, frames: AsyncGenerator[bytes, None], headers: list[tuple[bytes, bytes]]
) -> None:
    """Send frames of events as they come. Raises Refused before the first one only."""
    start = {"type": "http.response.start", "status": 200}
    started = False
    async with aclosing(frames) as whole:
        async for data in whole:
            if not started:
                started = True
                await send({**start, "headers": [*EVENT_STREAM_HEADERS, *headers]})
            await send({"type": "http.response.body", "body": data, "more_body": True})
    if not started:
        await send({**start, "headers": [*EVENT_STREAM_HEADERS, *headers]})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def check_json(scope: Scope) -> None:
    """Raises Refused (400) for a body that says it is no JSON; a form of a page can not send it."""
    kind = header(scope, b"content-type").partition(";")[0].strip().lower()
    if kind != "application/json" and not kind.endswith("+json"):
        raise bad_request(
            f"Content-Type: {kind[:60]!r}; send 'application/json'", code="unsupported_media_type"
        )


def headers_of(exchange: Exchange, began: float) -> list[tuple[bytes, bytes]]:
    """The headers of an admitted request's reply."""
    admission = exchange.admission
    facts = admission.flight.facts
    return reply_headers(
        began,
        {
            "x-request-id": facts.id,
            "openai-organization": facts.organisation,
            "openai-version": VERSION,
            **admission.place.headers,
        },
    )
