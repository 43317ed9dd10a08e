"""The device's side of the pair: what its own model answers, and what a person would be given.

Two readings of the same model, greedy, one thread, as a turn asks it (no instructions, no history):
`shown`, what the device as it ships says, which declines most of what such a model writes; and the
first sentence that it wrote, whatever it is worth, which the checks of an answer are judged by. A
language that the model does not know is not put to it: routing never does.
"""

import tempfile
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self, cast

from msgspec import Struct

from benchmarks.pair_questions import Asked
from edgewise.core.words import Language
from edgewise.think.chat import ChatPrompt, ChatTurn, Role, Said
from edgewise.think.llama import LlamaModel
from edgewise.think.models import EMBEDDED, settings
from edgewise.think.think import MAX_ANSWER_TOKENS
from edgewise.think.wording import CAUTION

DEADLINE_S = 60.0
WRITTEN_TOKENS = 48


class Answered(Struct, frozen=True):
    """`text` is the first sentence that the model wrote, `log_probabilities` those of its tokens;
    `shown` says that the device gives it to the person, `took_s` how long that took."""

    text: str = ""
    log_probabilities: tuple[float, ...] = ()
    shown: bool = False
    took_s: float = 0.0


class OwnModel:
    """The embedded model, asked both ways; two processes that take turns."""

    def __init__(self, name: str = EMBEDDED) -> None:
        self._folder = tempfile.TemporaryDirectory()
        given = settings(name, Path(self._folder.name))
        self.name, self._languages = given.name, given.languages
        self._shipped = LlamaModel(given)
        self._written = LlamaModel(replace(given, small=False, only_sure=False))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._shipped.close()
        await self._written.close()
        self._folder.cleanup()

    async def answer(self, asked: Asked) -> Answered:
        """What it answers."""
        if Language(asked.language) not in self._languages:
            return Answered()
        told: list[Said] = []
        prompt = ChatPrompt("", (ChatTurn(Role.USER, asked.text),), Language(asked.language))
        pieces = self._shipped.reply(
            prompt, deadline_s=DEADLINE_S, max_tokens=MAX_ANSWER_TOKENS, note=told.append
        )
        async for _ in pieces:
            pass
        (said,) = told
        if said.declined:
            text = await self._first_sentence(prompt)
        else:
            text = said.text.removeprefix(CAUTION.said_in(prompt.language)).strip()
        return Answered(text, said.log_probabilities, not said.declined, said.took_s)

    async def _first_sentence(self, prompt: ChatPrompt) -> str:
        written = self._written.reply(prompt, deadline_s=DEADLINE_S, max_tokens=WRITTEN_TOKENS)
        async with aclosing(cast("AsyncGenerator[str]", written)) as pieces:
            async for piece in pieces:
                if piece.strip():
                    return piece.strip()
        return ""
