"""The routes of Anthropic's Messages API: a message, its stream, and a count of tokens.

The count is an estimate, and says so: `input_tokens` is the likely figure, `input_tokens_at_most` a
bound (`edgewise.cloud.estimate`). A client that leaves stops the upstream. Errors have Anthropic's
body. Source: docs.anthropic.com, Messages API, version 2023-06-01.
"""

import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from edgewise.cloud.answers import answer, common_headers
from edgewise.cloud.caller import Caller, Endpoint
from edgewise.cloud.config import Config, ModelConfig
from edgewise.cloud.doors import Left, while_client_stays
from edgewise.cloud.estimate import estimate
from edgewise.cloud.event_stream import EventStream
from edgewise.cloud.messages_in import (
    count_body,
    message_body,
    read_count,
    read_message,
    wants_thinking,
)
from edgewise.cloud.messages_out import Event, MessageStream, error_body, message_of
from edgewise.cloud.ports import Completer, Doors, close
from edgewise.cloud.refusal import Refused, unknown_model, wrong_key
from edgewise.web.frame import frame

_SEND_A_KEY = (
    "the API key is missing, unknown, revoked or expired; send 'x-api-key: KEY' (or 'Authorization:"
    " Bearer KEY') with a key of the console"
)
PING = frame(b'{"type":"ping"}', event="ping")

Handler = Callable[[Request, str], Awaitable[Response]]


class Messages:
    """The routes and what they share."""

    def __init__(self, completer: Completer, config: Config, doors: Doors) -> None:
        self._completer = completer
        self._config = config
        self._doors = doors

    def routes(self) -> list[Route]:
        """The routes, to be mounted at the root."""
        return [
            Route("/v1/messages", _told(self.create), methods=["POST"]),
            Route("/v1/messages/count_tokens", _told(self.count), methods=["POST"]),
        ]

    async def create(self, request: Request, request_id: str) -> Response:
        """`POST /v1/messages`."""
        caller = self._caller(request)
        self._completer.check_at_once(caller)
        asked = read_message(await self._body(request))
        body = message_body(asked)
        stream = MessageStream(
            f"msg_{secrets.token_hex(12)}",
            asked.model,
            thinking=wants_thinking(asked),
            stops=asked.stop_sequences,
        )
        if asked.stream:
            chunks = self._completer.stream(caller, body, endpoint=Endpoint.MESSAGES)
            frames = _frames(stream, chunks, request_id)
            with while_client_stays(request.scope, request.receive):
                first = await anext(frames)
            headers = {**common_headers(request), "request-id": request_id}
            return EventStream(first, frames, headers=headers, alive=PING)
        with while_client_stays(request.scope, request.receive):
            done = await self._completer.complete(caller, body, endpoint=Endpoint.MESSAGES)
        return _reply(request, message_of(stream, done), request_id)

    async def count(self, request: Request, request_id: str) -> Response:
        """`POST /v1/messages/count_tokens`."""
        caller = self._caller(request)
        asked = read_count(await self._body(request))
        model = self._model(caller, asked.model)
        counted = estimate(count_body(asked), model.image_tokens)
        told = {"input_tokens": counted.likely, "input_tokens_at_most": counted.at_most}
        return _reply(request, told, request_id)

    def _caller(self, request: Request) -> Caller:
        try:
            caller = self._doors.caller_of(request)
        except Refused as refused:
            raise wrong_key(_SEND_A_KEY) if refused.status == 401 else refused from None
        caller.check_endpoint(Endpoint.MESSAGES)
        return caller

    async def _body(self, request: Request) -> dict[str, Any]:
        return await self._doors.read_json(request, self._config.body_limit_bytes)

    def _model(self, caller: Caller, name: str) -> ModelConfig:
        caller.check_model(name)
        for model in self._config.model:
            if model.name == name:
                return model
        raise unknown_model(name)


async def _frames(
    stream: MessageStream, chunks: AsyncIterator[dict[str, Any]], request_id: str
) -> AsyncGenerator[bytes, None]:
    """The frames as the chunks come. Refused before the first chunk is raised as it is."""
    try:
        step = aiter(chunks)
        first = await anext(step, None)
        ready = [] if first is None else stream.feed(first)
        for event in [*stream.begin(), *ready]:
            yield _frame(event)
        try:
            async for chunk in step:
                for event in stream.feed(chunk):
                    yield _frame(event)
            for event in stream.finish():
                yield _frame(event)
        except Refused as refused:
            yield _frame(error_body(refused, request_id))
    finally:
        await close(chunks)


def _frame(event: Event) -> bytes:
    return frame(msgspec.json.encode(event), event=event["type"])


def _told(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """The handler, its refusals told as errors of the Messages API."""

    async def tell(request: Request) -> Response:
        request_id = f"req_{secrets.token_hex(12)}"
        try:
            return await handler(request, request_id)
        except Refused as refused:
            body = error_body(refused, request_id)
            headers = {**refused.headers, "request-id": request_id}
            return answer(request, body, refused.status, headers)
        except Left:
            return Response(status_code=499)  # nobody reads it

    return tell


def _reply(request: Request, value: dict[str, Any], request_id: str) -> Response:
    return answer(request, value, headers={"request-id": request_id})
