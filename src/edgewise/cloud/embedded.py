"""The model of this machine as a backend: free text in a conversation, one answer at a time.

It is the device's small language model (`think/llama.py`) without the device's reserve: a client of
the platform asked for this model by name and gets what it writes. It knows no tools, pictures,
schemas, probabilities or several answers; those are refused by name instead of being ignored. What
it counted is told at the end, also of an answer that nobody wanted to the end.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
from msgspec import UNSET

from edgewise.cloud.backend import JSON, Away, Line, Reply
from edgewise.cloud.chat import ChatFields, ChatMessage, decode
from edgewise.cloud.config import BackendConfig
from edgewise.cloud.embedded_audio import AUDIO
from edgewise.cloud.refusal import Refused, bad_request
from edgewise.cloud.senses import Senses
from edgewise.cloud.stop_words import StopWords
from edgewise.errors import EdgewiseError, LinkError, UserError
from edgewise.perceive.perceive import language_of
from edgewise.think.chat import ChatPrompt, ChatTurn, Role
from edgewise.think.llama import LlamaModel, Writing
from edgewise.think.models import EMBEDDED, settings

DEADLINE_S = 60.0


class Fields(ChatFields, frozen=True):
    """What is read here beside what every backend is asked."""

    logprobs: bool | None = None
    top_logprobs: int | None = None


_fields = msgspec.json.Decoder(Fields)


class Embedded:
    """The backend; its model is loaded with the first question and unloaded when nobody asks."""

    def __init__(
        self, config: BackendConfig, models_folder: Path, senses: Senses | None = None
    ) -> None:
        """`senses` hear and speak; None: those requests are refused."""
        self._config = config
        self._folder = models_folder
        self._senses = senses
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
    ) -> Reply:
        """See `Backend.post`. The answer has begun when its first words are there."""
        if self._senses is not None and path in AUDIO:
            line = line or Line()
            line.opened(lambda: None)
            return await AUDIO[path](self._senses, body, line)
        if path != "/chat/completions":
            raise Refused(404, "not_supported", f"the embedded model has no {path}")
        fields = decode(body, _fields)
        prompt = prompt_of(fields)
        most = fields.max_completion_tokens or fields.max_tokens or 256
        line = line or Line()
        try:
            line.opened(lambda: None)
            model = self._loaded()
            writing = Writing()
            pieces = model.reply(prompt, deadline_s=DEADLINE_S, max_tokens=most, writing=writing)
            reply = EmbeddedReply(pieces, writing, stop_words_of(fields), request_id, fields.model)
            await begin(reply, line)
        except EdgewiseError as error:
            line.closed()
            if isinstance(error, UserError):
                raise refused_for(error) from error
            raise Away(str(error), is_slow=error.code == "model_timed_out") from error
        return reply

    async def ailing(self) -> Away | None:
        """Whether its file is missing or not genuine."""
        try:
            if self._model is None:
                await asyncio.to_thread(settings, EMBEDDED, self._folder)
        except EdgewiseError as error:
            return Away(str(error))
        return None

    async def close(self) -> None:
        if self._model is not None:
            await self._model.close()

    def _loaded(self) -> LlamaModel:
        if self._model is None:
            given = settings(EMBEDDED, self._folder)
            self._model = LlamaModel(replace(given, small=False, only_sure=False, as_written=True))
        return self._model


async def begin(reply: "EmbeddedReply", line: Line) -> None:
    """Wait for the first words of an answer; one that is given up meanwhile is left to the line."""

    async def rest() -> EmbeddedReply:
        return reply

    try:
        await reply.begin()
    except asyncio.CancelledError:
        if not line.leave(rest):
            await reply.close()
        raise


class EmbeddedReply:
    """An answer as the events of a stream."""

    def __init__(
        self,
        pieces: AsyncIterator[str],
        writing: Writing,
        stop: StopWords,
        request_id: str,
        name: str,
    ) -> None:
        self._pieces = pieces
        self._writing = writing
        self._stop = stop
        self._is_left = False
        self._has_told = False
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
        if self._is_left:
            return await self._end()
        try:
            return await anext(self._events, b"")
        except EdgewiseError as error:
            raise LinkError(str(error)) from error

    def stop(self) -> bool:
        self._is_left = True
        return True

    async def close(self, *, is_whole: bool = False) -> None:
        await self._events.aclose()
        await self._stop_model()

    async def _stop_model(self) -> None:
        closing: Any = self._pieces
        await closing.aclose()

    async def _end(self) -> bytes:
        """The last events, once: what the model counted, when it has stopped."""
        if self._has_told:
            return b""
        await self._stop_model()
        await self._writing.ended.wait()
        self._has_told = True
        return self._counts() + b"data: [DONE]\n\n"

    async def _all(self) -> AsyncGenerator[bytes, None]:
        yield self._event({"role": "assistant", "content": ""})
        text = self._first
        while text is not None and not self._stop.found:
            if shown := self._stop.feed(text):
                yield self._event({"content": shown})
            if not self._stop.found:
                text = await anext(self._pieces, None)
        if rest := self._stop.finish():
            yield self._event({"content": rest})
        cut = self._writing.is_cut and not self._stop.found
        yield self._event({}, "length" if cut else "stop")
        yield await self._end()

    def _counts(self) -> bytes:
        """What the model counted; nothing when its process was lost."""
        last = self._writing.finished
        if last is None:
            return b""
        counts: dict[str, Any] = {
            "prompt_tokens": last.prompt_tokens,
            "completion_tokens": last.tokens,
            "total_tokens": last.prompt_tokens + last.tokens,
            "prompt_tokens_details": {"cached_tokens": last.cached_tokens},
        }
        return _frame({**self._head, "choices": [], "usage": counts})

    def _event(self, delta: dict[str, str], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return _frame({**self._head, "choices": [choice]})


def prompt_of(fields: ChatFields) -> ChatPrompt:
    """The conversation as the small model takes it. Raises Refused (400) for what it can not do."""
    for name, given in (
        ("tools", fields.tools),
        ("response_format", fields.response_format and fields.response_format.type != "text"),
        ("n", (fields.n or 1) > 1),
        ("logprobs", isinstance(fields, Fields) and fields.logprobs),
        ("top_logprobs", isinstance(fields, Fields) and fields.top_logprobs),
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


def stop_words_of(fields: ChatFields) -> StopWords:
    given = fields.stop
    if given is UNSET or given is None:
        return StopWords(())
    return StopWords([given] if isinstance(given, str) else given)


def refused_for(error: UserError) -> Refused:
    """What is wrong with a conversation, as the API tells it."""
    code = "context_length_exceeded" if error.code == "prompt_too_long" else error.code
    return bad_request(f"messages: {error}", "messages", code)


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
