"""A Step-3 folder of this machine as a backend: a conversation with pictures, streamed.

The model is in a process of its own, the only one that loads torch; it is started with the first
question and ended when nobody asks. It answers in plain text: tools, schemas, probabilities and
several answers are refused by name. Pictures come in the request itself (`data:`): nothing is
fetched. What was written is counted token by token, so an answer that nobody wanted to the end is
counted as far as it came.
"""

import asyncio
import importlib.util
import os
from binascii import Error as NoBase64
from binascii import a2b_base64
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from edgewise.cloud.backend import JSON, Away, Cause, Line, Reply
from edgewise.cloud.chat import ChatMessage, decode
from edgewise.cloud.config import BackendConfig
from edgewise.cloud.embedded import EmbeddedReply, Fields, begin, refused_for, stop_words_of
from edgewise.cloud.media import Media, Part
from edgewise.cloud.refusal import Refused, bad_request
from edgewise.engine.child import EngineSettings
from edgewise.engine.shared import SharedEngine
from edgewise.errors import EdgewiseError, UserError
from edgewise.step3.config_file import read_config
from edgewise.think.llama import Writing
from edgewise.think.llama_wire import Ending, Finished
from edgewise.think.step3_wire import Ask, encode, wrotes

ANSWER_S = 600.0
LOAD_S = 600.0
MOST_AT_ONCE = 64
MODULE = "edgewise.think.step3_process"
ASKED_WRONG = frozenset({"bad_message", "bad_picture", "prompt_too_long"})
"""Codes of what is wrong with a request; any other error is of the folder or the process."""


class SampledFields(Fields, frozen=True):
    """What is read here beside what the embedded model is asked."""

    seed: Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)] | None = None


_fields = msgspec.json.Decoder(SampledFields)


class Step3:
    """The backend. Raises UserError when the folder or the extra is missing."""

    def __init__(self, config: BackendConfig, engine: SharedEngine | None = None) -> None:
        self._config = config
        self._folder = Path(config.step3).expanduser().resolve()
        check_folder(config)
        threads = max(1, (os.cpu_count() or 2) // 2)  # the other half serves the platform
        settings = EngineSettings(
            f"the model {config.name}",
            MODULE,
            (f"--folder={self._folder}", f"--threads={threads}"),
            load_limit_s=LOAD_S,
            most_waiting=MOST_AT_ONCE,
        )
        self._engine = engine or SharedEngine(settings)

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
        if path != "/chat/completions":
            raise Refused(404, "not_supported", f"a Step-3 model has no {path}")
        fields = decode(body, _fields)
        ask = ask_of(fields)
        line = line or Line()
        writing = Writing()
        try:
            line.opened(lambda: None)
            pieces = self._pieces(ask, writing)
            reply = EmbeddedReply(pieces, writing, stop_words_of(fields), request_id, fields.model)
            await begin(reply, line)
        except EdgewiseError as error:
            line.closed()
            if isinstance(error, UserError) and error.code in ASKED_WRONG:
                raise refused_for(error) from error
            raise _away(error) from error
        return reply

    async def _pieces(self, ask: Ask, writing: Writing) -> AsyncIterator[str]:
        async with aclosing(self._engine.ask(encode(ask), deadline_s=ANSWER_S)) as reports:
            async for report in reports:
                wrote = wrotes.decode(report)
                writing.is_cut = wrote.finish == "length"
                ending = Ending(wrote.finish or Ending.CANCELLED)
                writing.finished = Finished(0, ending, wrote.prompt_tokens, 0, wrote.tokens)
                if wrote.text:
                    yield wrote.text

    async def ailing(self) -> Away | None:
        """Whether its folder has gone or its runtime is missing."""
        try:
            await asyncio.to_thread(check_folder, self._config)
        except UserError as error:
            return Away(str(error))
        return None

    async def close(self) -> None:
        await self._engine.close()


def check_folder(config: BackendConfig) -> None:
    """Raises UserError where a backend's folder holds no Step-3, or the extra is not installed."""
    try:
        read_config(Path(config.step3).expanduser())
    except UserError as error:
        raise UserError(f"backend {config.name!r}: {error}", code=error.code) from error
    if importlib.util.find_spec("torch") is None:
        raise UserError(
            f"backend {config.name!r}: a Step-3 model needs torch; install: pip install"
            " 'edgewise[step3]'",
            code="missing_extra",
        )


def ask_of(fields: SampledFields) -> Ask:
    """The conversation as the process takes it. Raises Refused (400) for what it can not do."""
    for name, given in (
        ("tools", fields.tools),
        ("response_format", fields.response_format and fields.response_format.type != "text"),
        ("n", (fields.n or 1) > 1),
        ("logprobs", fields.logprobs),
        ("top_logprobs", fields.top_logprobs),
    ):
        if given:
            raise bad_request(
                f"{name}: a Step-3 model answers in plain text only; leave it out, or ask another"
                " model",
                name,
                "unsupported_value",
            )
    pictures: list[bytes] = []
    messages = [
        _message(f"messages[{index}]", message, pictures)
        for index, message in enumerate(fields.messages)
    ]
    if messages[-1]["role"] != "user":
        raise bad_request("messages: the last one must be the user's", "messages")
    return Ask(
        messages,
        pictures,
        fields.max_completion_tokens or fields.max_tokens or 256,
        1.0 if fields.temperature is None else fields.temperature,
        1.0 if fields.top_p is None else fields.top_p,
        fields.seed,
    )


def _message(place: str, message: ChatMessage, pictures: list[bytes]) -> dict[str, Any]:
    """One message of the wire; its pictures are added to `pictures`."""
    roles = {"developer": "system"}
    role = roles.get(message.role, message.role)
    if role not in ("system", "user", "assistant") or message.tool_calls:
        raise bad_request(f"{place}: a Step-3 model here knows no tools", place)
    content = message.content
    if content is None or isinstance(content, str):
        return {"role": role, "content": content or ""}
    parts: list[dict[str, str]] = []
    for number, part in enumerate(content):
        at = f"{place}.content[{number}]"
        if part.type in ("text", "refusal"):
            parts.append({"type": "text", "text": part.text or ""})
        elif part.type == "image_url":
            pictures.append(_picture(at, part))
            parts.append({"type": "image"})
        else:
            raise bad_request(
                f"{at}.type: {part.type!r}; a Step-3 model reads text and image_url",
                f"{at}.type",
                "unsupported_value",
            )
    return {"role": role, "content": parts}


def _picture(place: str, part: Part) -> bytes:
    """A picture's file out of its `data:` address (RFC 2397). Raises Refused (400)."""
    place = f"{place}.image_url"
    given = part.image_url.url if isinstance(part.image_url, Media) else part.image_url or ""
    head, comma, data = given.partition(",")
    if not (comma and head.startswith("data:") and head.endswith(";base64")):
        raise bad_request(
            f"{place}: this model fetches nothing; send the picture itself, as"
            " data:image/png;base64,...",
            place,
            "unsupported_value",
        )
    try:
        return a2b_base64(data, strict_mode=True)
    except (NoBase64, ValueError) as error:
        raise bad_request(f"{place}: it is no base64: {error}", place) from error


def _away(error: EdgewiseError) -> Away:
    if error.code == "model_busy":
        return Away(str(error), 429, cause=Cause.BUSY)
    return Away(str(error), is_slow=error.code == "model_timed_out")
