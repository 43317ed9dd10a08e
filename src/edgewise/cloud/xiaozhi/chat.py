"""A chat model of the platform as the language model of an agent that runs here.

Each answer is a completion by the gateway, metered as the device's. What the model writes is free
text under the same screen as a device's own model: it never claims that it did something. It is
told of no tools.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from typing import Any

from edgewise.cloud.caller import Caller, Endpoint
from edgewise.cloud.chunk import ChunkReader
from edgewise.cloud.ports import Completer
from edgewise.cloud.refusal import Refused
from edgewise.core.words import Language
from edgewise.errors import ModelError
from edgewise.think.chat import ChatPrompt, Note, Said, unnoted
from edgewise.think.honesty import NOT_BY_GUESS, can_do_harm
from edgewise.think.wording import Wording

_LIKELY = 0.0
"""Logarithm of the probability of what a model wrote that does not tell it."""


class GatewayChat:
    """Implements `ChatModel`. `ask` gives the caller anew for each answer, and raises Refused when
    its key is in force no more; `small`: the model is one that is often wrong."""

    def __init__(
        self,
        gateway: Completer,
        ask: Callable[[], Caller],
        model: str,
        languages: tuple[Language, ...],
        *,
        small: bool = False,
    ) -> None:
        self._gateway = gateway
        self._ask = ask
        self._model = model
        self._languages = languages
        self._small = small

    @property
    def name(self) -> str:
        """See `ChatModel`."""
        return self._model

    @property
    def languages(self) -> tuple[Language, ...]:
        """See `ChatModel`."""
        return self._languages

    async def reply(
        self, prompt: ChatPrompt, *, deadline_s: float, max_tokens: int, note: Note = unnoted
    ) -> AsyncIterator[str]:
        """See `ChatModel.reply`."""
        asked = prompt.turns[-1].text
        if self._small and can_do_harm(asked):
            text = NOT_BY_GUESS.said_in(prompt.language)
            note(Said(text, declined=True))
            yield text
            return
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        wording = Wording(prompt.language, asked, small=self._small)
        shown: list[str] = []
        is_cut = False
        try:
            body = self._body(prompt, max_tokens)
            chunks: Any = self._gateway.stream(
                self._ask(), body, endpoint=Endpoint.VOICE, until=began_s + deadline_s
            )
            reader = ChunkReader()
            async with aclosing(chunks):
                async for chunk in chunks:
                    added = reader.read(chunk)
                    is_cut = is_cut or added.finish == "length"
                    if text := wording.feed(added.text, _LIKELY):
                        shown.append(text)
                        yield text
                    if wording.ended:
                        break
        except Refused as refused:
            code = refused.problem.code or "refused"
            raise ModelError(f"{self._model}: {refused.problem.message}", code=code) from refused
        rest = wording.finish(cut=is_cut)
        note(Said("".join((*shown, rest)), (), wording.declined, loop.time() - began_s))
        if rest:
            yield rest
        if wording.empty:
            raise ModelError(f"{self._model} wrote nothing; ask differently", code="model_empty")

    async def close(self) -> None:
        """See `ChatModel`; the gateway is the platform's own."""

    def _body(self, prompt: ChatPrompt, max_tokens: int) -> dict[str, Any]:
        messages = [{"role": turn.role.value, "content": turn.text} for turn in prompt.turns]
        if prompt.system:
            messages.insert(0, {"role": "system", "content": prompt.system})
        return {"model": self._model, "messages": messages, "max_tokens": max_tokens}
