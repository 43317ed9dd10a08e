"""The model of this machine as a backend: free text in a conversation, one answer at a time.

It is the device's small language model (`think/llama.py`) without the device's reserve: a client of
the platform asked for this model by name and gets what it writes. It knows no tools, pictures,
schemas or several answers; those are refused by name instead of being ignored.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from edgewise.cloud.backend import JSON, Away, Line
from edgewise.cloud.chat import ChatFields, ChatMessage
from edgewise.cloud.config import BackendConfig
from edgewise.cloud.refusal import Refused, bad_request
from edgewise.errors import EdgewiseError, LinkError, UserError
from edgewise.perceive.perceive import language_of
from edgewise.think.chat import ChatPrompt, ChatTurn, Role
from edgewise.think.llama import LlamaModel
from edgewise.think.models import EMBEDDED, settings

DEADLINE_S = 60.0
_fields = msgspec.json.Decoder(ChatFields)


class Embedded:
    """The backend; its model is loaded with the first question and unloaded when nobody asks."""

    def __init__(self, config: BackendConfig, models_folder: Path) -> None:
        self._config = config
        self._folder = models_folder
        self._model: LlamaModel | None = None

    @property
    def config(self) -> BackendConfig:
        return self._config

    async def post(
        self,
        path: str,
        body: bytes,
        request_id: str,
        line: Line | None = None,
        content_type: str = JSON,
    ) -> "EmbeddedReply":
        """See `Backend.post`. The answer has begun when its first words are there."""
        if path != "/chat/completions":
            raise Refused(404, "not_supported", f"the embedded model has no {path}")
        fields = _fields.decode(body)
        prompt = prompt_of(fields)
        most = fields.max_completion_tokens or fields.max_tokens or 256
        line = line or Line()
        try:
            line.opened(lambda: None)
            model = self._loaded()
            pieces = model.reply(prompt, deadline_s=DEADLINE_S, max_tokens=most)
            reply = EmbeddedReply(pieces, model, request_id, fields.model)
            await reply.begin()
        except EdgewiseError as error:
            line.closed()
            if isinstance(error, UserError):
                raise bad_request(f"messages: {error}", "messages", error.code) from error
            raise Away(str(error), is_slow=error.code == "model_timed_out") from error
        return reply

    async def healthy(self) -> bool:
        """Whether its file is there and genuine."""
        try:
            if self._model is None:
                await asyncio.to_thread(settings, EMBEDDED, self._folder)
        except EdgewiseError:
            return False
        return True

    async def close(self) -> None:
        if self._model is not None:
            await self._model.close()

    def _loaded(self) -> LlamaModel:
        if self._model is None:
            given = settings(EMBEDDED, self._folder)
            self._model = LlamaModel(replace(given, small=False, only_sure=False))
        return self._model


class EmbeddedReply:
    """An answer as the events of a stream."""

    def __init__(
        self, pieces: AsyncIterator[str], model: LlamaModel, request_id: str, name: str
    ) -> None:
        self._pieces = pieces
        self._model = model
        self._head = {"id": f"chatcmpl-{request_id}", "object": "chat.completion.chunk"}
        self._head |= {"created": int(time.time()), "model": name}
        self._first: str | None = None
        self._events = self._all()

    @property
    def is_stream(self) -> bool:
        return True

    @property
    def content_type(self) -> str:
        return "text/event-stream"

    async def begin(self) -> None:
        """Wait for the first words. Raises as `ChatModel.reply`."""
        self._first = await anext(self._pieces, None)

    async def read(self) -> bytes:
        try:
            return await anext(self._events, b"")
        except EdgewiseError as error:
            raise LinkError(str(error)) from error

    def stop(self) -> bool:
        return False

    async def close(self) -> None:
        await self._events.aclose()
        closing: Any = self._pieces
        await closing.aclose()

    async def _all(self) -> AsyncGenerator[bytes, None]:
        yield self._event({"role": "assistant", "content": ""})
        if self._first is not None:
            yield self._event({"content": self._first})
        async for text in self._pieces:
            yield self._event({"content": text})
        last = self._model.last
        cut = last is not None and last.ending.value == "length"
        yield self._event({}, "length" if cut else "stop")
        if last is not None:
            counts = {"prompt_tokens": last.prompt_tokens, "completion_tokens": last.tokens}
            counts["total_tokens"] = last.prompt_tokens + last.tokens
            yield _frame({**self._head, "choices": [], "usage": counts})
        yield b"data: [DONE]\n\n"

    def _event(self, delta: dict[str, str], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return _frame({**self._head, "choices": [choice]})


def prompt_of(fields: ChatFields) -> ChatPrompt:
    """The conversation as the small model takes it. Raises Refused (400) for what it can not do."""
    for name, given in (
        ("tools", fields.tools),
        ("response_format", fields.response_format and fields.response_format.type != "text"),
        ("n", (fields.n or 1) > 1),
    ):
        if given:
            raise bad_request(
                f"{name}: the embedded model answers in plain text only; leave it out, or"
                " configure a larger model",
                name,
                "unsupported_value",
            )
    system: list[str] = []
    turns: list[ChatTurn] = []
    for index, message in enumerate(fields.messages):
        text = _text_of(index, message)
        if message.role in ("system", "developer"):
            system.append(text)
        else:
            role = Role.USER if message.role == "user" else Role.ASSISTANT
            turns.append(ChatTurn(role, text))
    if not turns or turns[-1].role is not Role.USER:
        raise bad_request("messages: the last one must be the user's", "messages")
    return ChatPrompt("\n".join(system), _joined(turns), language_of(turns[-1].text))


def _text_of(index: int, message: ChatMessage) -> str:
    content = message.content
    if message.role not in ("system", "developer", "user", "assistant") or message.tool_calls:
        raise bad_request(
            f"messages[{index}]: the embedded model knows no tools", f"messages[{index}]"
        )
    if content is None or isinstance(content, str):
        return content or ""
    if any(part.type not in ("text", "input_text") for part in content):
        raise bad_request(
            f"messages[{index}].content: the embedded model reads text only",
            f"messages[{index}].content",
            "unsupported_value",
        )
    return "\n".join(part.text or "" for part in content)


def _joined(turns: Sequence[ChatTurn]) -> tuple[ChatTurn, ...]:
    """Lines of one speaker after another as one."""
    found: list[ChatTurn] = []
    for turn in turns:
        if found and found[-1].role is turn.role:
            found[-1] = ChatTurn(turn.role, f"{found[-1].text}\n{turn.text}")
        else:
            found.append(turn)
    return tuple(found)


def _frame(chunk: dict[str, Any]) -> bytes:
    return b"data: " + msgspec.json.encode(chunk) + b"\n\n"
