"""The contract of every model that writes free text, on the device or in a cloud.

A chat model answers in words only. It is handed no capability and its text is never read as a
call: commands become calls elsewhere (see `core.thought`). Source: design, "Understanding".
"""

from collections.abc import AsyncIterator, Callable
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from edgewise.core.words import Language


class Role(StrEnum):
    """Who said a line of a conversation."""

    USER = "user"
    ASSISTANT = "assistant"


class ChatTurn(Struct, frozen=True):
    """One line of a conversation."""

    role: Role
    text: str


class ChatPrompt(Struct, frozen=True):
    """What a model is asked: standing instructions, then the conversation, oldest line first.

    The last line is the user's. `language` is the one the answer should be in.
    """

    system: str
    turns: tuple[ChatTurn, ...]
    language: Language = Language.ENGLISH


class Said(Struct, frozen=True):
    """An answer after it was given: how sure the model was of each token (natural logarithm of its
    probability, where the model tells), whether it declined to answer, and what it took."""

    text: str
    log_probabilities: tuple[float, ...] = ()
    declined: bool = False
    took_s: float = 0.0


Note = Callable[[Said], object]


def unnoted(_: Said) -> None:
    """Who takes no note of an answer."""


class ChatModel(Protocol):
    """Writes an answer piece by piece.

    `languages` are those it can be relied on to answer in; a caller asks it nothing in others.

    `reply` yields pieces that are fit to be shown as they come. It raises UserError for a prompt
    it cannot take, and ModelError when there is no answer within `deadline_s` seconds or the model
    failed; what was yielded before stays valid. Ending the iteration early (`aclose`, or a
    cancelled task) stops the model. `note` is told the answer when it has come to its end,
    and before its first piece where it declines.
    """

    @property
    def name(self) -> str: ...

    @property
    def languages(self) -> tuple[Language, ...]: ...

    def reply(
        self, prompt: ChatPrompt, *, deadline_s: float, max_tokens: int, note: Note = unnoted
    ) -> AsyncIterator[str]: ...

    async def close(self) -> None: ...
