"""A strict double of the gateway: it answers in order, and fails on a call that nobody planned."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request

from edgewise.cloud.caller import Caller, Endpoint, KeyKind
from edgewise.cloud.refusal import Refused, bad_request, wrong_key
from edgewise.cloud.response_store import TooLarge

USAGE = {
    "prompt_tokens": 20,
    "completion_tokens": 7,
    "total_tokens": 27,
    "prompt_tokens_details": {"cached_tokens": 12},
    "completion_tokens_details": {"reasoning_tokens": 3},
}


def completion(**message: Any) -> dict[str, Any]:
    """A `chat.completion` with that message."""
    finish = "tool_calls" if message.get("tool_calls") else "stop"
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": None, **message},
                "finish_reason": message.pop("finish_reason", finish),
            }
        ],
        "usage": USAGE,
    }


def call(id: str, name: str, arguments: str) -> dict[str, Any]:
    """A call of a chat message."""
    return {"id": id, "type": "function", "function": {"name": name, "arguments": arguments}}


def chunk(finish: str | None = None, **delta: Any) -> dict[str, Any]:
    """A `chat.completion.chunk` with that delta."""
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "model": "m",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }


def piece(index: int, id: str = "", name: str = "", arguments: str = "") -> dict[str, Any]:
    """A fragment of a call, as vLLM and OpenAI send it."""
    function = {"name": name} if name else {}
    return {
        "index": index,
        **({"id": id, "type": "function"} if id else {}),
        "function": {**function, "arguments": arguments},
    }


def last_chunk() -> dict[str, Any]:
    """The chunk with the counts."""
    return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "choices": [], "usage": USAGE}


def spoken(*words: str, finish: str = "stop") -> list[dict[str, Any]]:
    """The chunks of an answer in words."""
    said = [chunk(content=word) for word in words]
    return [chunk(role="assistant", content=""), *said, chunk(finish), last_chunk()]


class FakeCompleter:
    """Answers what was planned. A planned `Refused` is raised, an `asyncio.Event` waited for."""

    def __init__(self, *answers: Any) -> None:
        self._answers = list(answers)
        self._held: list[object] = []
        self.bodies: list[dict[str, Any]] = []
        self.endpoints: list[Endpoint] = []
        self.streams: list[bool] = []
        self.asked = asyncio.Event()
        self.closed = asyncio.Event()

    def check_at_once(self, caller: Caller) -> None:
        """It has room for everybody."""

    async def complete(
        self,
        caller: Caller,
        body: dict[str, Any],
        *,
        endpoint: Endpoint,
        until: float | None = None,
    ) -> dict[str, Any]:
        answer = self._next(body, endpoint)
        if isinstance(answer, Refused):
            raise answer
        if isinstance(answer, asyncio.Event):
            try:
                await answer.wait()
            finally:
                self.closed.set()
        return answer

    def stream(
        self,
        caller: Caller,
        body: dict[str, Any],
        *,
        endpoint: Endpoint,
        is_stream: bool = True,
        until: float | None = None,
    ) -> AsyncIterator[dict[str, Any]]:
        self.streams.append(is_stream)
        chunks = self._stream(body, endpoint)
        self._held.append(chunks)  # so that only closing it closes it, not forgetting it
        return chunks

    async def _stream(
        self, body: dict[str, Any], endpoint: Endpoint
    ) -> AsyncIterator[dict[str, Any]]:
        try:
            for step in self._next(body, endpoint):
                if isinstance(step, Exception):
                    raise step
                if isinstance(step, asyncio.Event):
                    await step.wait()
                else:
                    yield step
        finally:
            self.closed.set()

    def _next(self, body: dict[str, Any], endpoint: Endpoint) -> Any:
        assert self._answers, f"a call that nobody planned: {body}"
        self.bodies.append(body)
        self.endpoints.append(endpoint)
        self.asked.set()
        return self._answers.pop(0)


class FakeDoors:
    """The key is the project's name; "device" is a device's key, which may not call these."""

    def caller_of(self, request: Request, /) -> Caller:
        key = request.headers.get("x-api-key") or request.headers.get("authorization", "")[7:]
        if not key:
            raise wrong_key()
        kind = KeyKind.DEVICE if key == "device" else KeyKind.DEVELOPER
        return Caller(f"key_{key}", kind, "org", key)

    async def read_json(self, request: Request, limit_bytes: int, /) -> dict[str, Any]:
        body = await request.json()
        if not isinstance(body, dict):
            raise bad_request("the body is no JSON object")
        return body


class MemoryStore:
    """A ResponseStore without a database."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], dict[str, Any]] = {}
        self.away: Exception | None = None
        self.wrote = asyncio.Event()

    async def get(self, project: str, id: str, most_bytes: int = 0) -> dict[str, Any] | None:
        kept = self.kept.get((project, id))
        if kept is not None and most_bytes and len(json.dumps(kept)) > most_bytes:
            raise TooLarge
        return kept

    async def put(self, project: str, key: str, id: str, kept: dict[str, Any]) -> None:
        if self.away is not None:
            raise self.away
        self.kept[project, id] = kept
        self.wrote.set()

    async def delete(self, project: str, id: str) -> bool:
        return self.kept.pop((project, id), None) is not None
