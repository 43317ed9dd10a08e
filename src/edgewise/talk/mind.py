"""The contract of who answers: a conversation's items in, words and calls out.

The device answers with its agent (policy and all), the platform with a chat model.
"""

from collections.abc import AsyncGenerator, Sequence
from typing import Protocol

from msgspec import Struct

from edgewise.core.signal import JsonValue
from edgewise.core.words import Language
from edgewise.core.zone import Zone
from edgewise.talk.item import Item


class Say(Struct, frozen=True, tag="say"):
    """More words to say; not `aloud`: they are shown, and no sound is made of them. `ends`: they
    are whole, so that sound of them can be made without waiting for what follows."""

    text: str
    aloud: bool = True
    ends: bool = False


class Ask(Struct, frozen=True, tag="ask"):
    """The client is to run a function of its own."""

    call: str
    name: str
    arguments: str


class Began(Struct, frozen=True, tag="began"):
    """The writes of a call of the device's own are handed over: from here on it counts as done, for
    nobody can take it back. Its `Acted` follows."""

    call: str


class Acted(Struct, frozen=True, tag="acted"):
    """A call of the device's own was carried out, or refused, as `output` tells."""

    call: str
    name: str
    arguments: dict[str, JsonValue]
    output: str
    done: bool


class Asking(Protocol):
    """A question that waits for a yes, which counts only behind all of its words."""

    def told_in(self, left_s: float) -> None:
        """All of it is on its way to the person, who has heard it in `left_s`."""
        ...

    def drop(self) -> None:
        """It was cut before its end. Also behind `told_in`, or again."""
        ...


class Awaits(Struct, frozen=True, tag="awaits"):
    """The answer asks the person for something that the agent waits for: what they say behind it is
    meant for the agent. Not of words that only look like a question. `asking` is what waits for a
    yes."""

    asking: Asking | None = None


class Counted(Struct, frozen=True, tag="counted"):
    """What the answer took; `is_cut`: it has as many tokens as it may, and ends in the middle."""

    input_tokens: int
    output_tokens: int
    is_cut: bool = False


Answer = Say | Ask | Began | Acted | Awaits | Counted


class Tool(Struct, frozen=True):
    """A function of the client's; `parameters` is its JSON Schema."""

    name: str
    description: str = ""
    parameters: dict[str, JsonValue] = {}


class Question(Struct, frozen=True):
    """What is to be answered: the items up to now, and under which terms. `asked` are those that
    are one request, said in pieces: a person went on before anything was done; empty: the last."""

    items: Sequence[Item]
    language: Language
    asked: tuple[str, ...] = ()
    zone: Zone | None = None
    instructions: str = ""
    tools: tuple[Tool, ...] = ()
    tool_choice: str = "auto"
    by_sound: bool = False
    most_tokens: int | None = None
    temperature: float | None = None


class Mind(Protocol):
    """Who answers. Closing the generator ends the work; it raises EdgewiseError."""

    def answer(self, question: Question) -> AsyncGenerator[Answer, None]: ...
    async def is_urgent(self, text: str) -> bool:
        """Whether words must be obeyed at once, also in the middle of an answer ("stop")."""
        ...
