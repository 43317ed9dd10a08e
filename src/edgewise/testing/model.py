"""A chat model that plays a script, and fails on anything that is not in it.

For tests of what stands around a model. It fails when it is asked something else than the next
step expects, when it is asked more often than the script has steps, and, used as a context
manager, when a step was left over. It does not imitate a model's mistakes or speed.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from edgewise.core.words import Language
from edgewise.errors import EdgewiseError
from edgewise.think.chat import ChatPrompt, Note, Said, unnoted


@dataclass(frozen=True, slots=True)
class Step:
    """One question and its answer.

    `expect` is the user's last line, exactly. The pieces are yielded in order; then `error` is
    raised if there is one. With `gate`, each piece waits until the event is set.
    """

    expect: str
    pieces: tuple[str, ...] = ()
    error: EdgewiseError | None = None
    gate: asyncio.Event | None = None
    log_probabilities: tuple[float, ...] = ()
    declined: bool = False


class ScriptedModel:
    """A `ChatModel` that answers `steps` in order; `prompts` keeps what it was asked."""

    def __init__(
        self,
        steps: Sequence[Step],
        *,
        name: str = "scripted",
        languages: tuple[Language, ...] = tuple(Language),
    ) -> None:
        self.prompts: list[ChatPrompt] = []
        self.cancelled = 0
        self.closed = False
        self._steps = deque(steps)
        self._name = name
        self._languages = languages

    @property
    def name(self) -> str:
        return self._name

    @property
    def languages(self) -> tuple[Language, ...]:
        return self._languages

    async def reply(
        self, prompt: ChatPrompt, *, deadline_s: float, max_tokens: int, note: Note = unnoted
    ) -> AsyncIterator[str]:
        """Play the next step. Raises AssertionError for a question that is not in the script."""
        step = self._next(prompt, deadline_s, max_tokens)
        whole = Said("".join(step.pieces), step.log_probabilities, step.declined)
        if step.declined:
            note(whole)
        try:
            for piece in step.pieces:
                if step.gate is not None:
                    await step.gate.wait()
                yield piece
        except (GeneratorExit, asyncio.CancelledError):
            self.cancelled += 1
            raise
        if step.error is not None:
            raise step.error
        if not step.declined:
            note(whole)

    async def close(self) -> None:
        self.closed = True

    def check_finished(self) -> None:
        """Raise AssertionError when a step was not played."""
        left = [step.expect for step in self._steps]
        assert not left, f"{self.name} was never asked: {left}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if kind is None:
            self.check_finished()

    def _next(self, prompt: ChatPrompt, deadline_s: float, max_tokens: int) -> Step:
        assert not self.closed, f"{self.name} was asked after it was closed"
        assert deadline_s > 0, f"deadline_s is {deadline_s}"
        assert max_tokens > 0, f"max_tokens is {max_tokens}"
        self.prompts.append(prompt)
        asked = prompt.turns[-1].text if prompt.turns else ""
        assert self._steps, f"{self.name} was asked {asked!r}, the script is over"
        step = self._steps.popleft()
        assert asked == step.expect, f"{self.name} was asked {asked!r}, expected {step.expect!r}"
        return step
