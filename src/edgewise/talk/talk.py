"""The contract of a conversation by sound, as its edges use it (`conversation.py` is the one).

An edge (realtime socket, satellite, microphone) feeds sound and takes events. All of a
conversation is its own: two never share state.
"""

from collections.abc import AsyncGenerator
from typing import Protocol

from msgspec import Struct

from edgewise.talk.events import TalkEvent
from edgewise.talk.item import Item
from edgewise.talk.settings import Settings


class Aside(Struct, frozen=True):
    """An answer to `items` alone (None: to those of the conversation), of which the conversation
    keeps nothing unless `keeps`."""

    items: tuple[Item, ...] | None = None
    keeps: bool = False


class Talk(Protocol):
    """One conversation. Methods return at once; what comes of them is in `events`."""

    @property
    def settings(self) -> Settings: ...
    @property
    def items(self) -> tuple[Item, ...]: ...

    def configure(self, settings: Settings) -> None:
        """From now on by these settings."""
        ...

    def hear(self, data: bytes) -> None:
        """Sound: samples at `LISTENING_HZ`, as they come, any length."""
        ...

    def commit(self, cause: str = "") -> None:
        """The person's turn is over (for TurnEnd.CLIENT; else what is there is taken)."""
        ...

    def clear(self) -> None:
        """Throw away the sound that is not committed."""
        ...

    def add(self, item: Item, previous: str | None = None, cause: str = "") -> None:
        """Put an item in, behind `previous` (None: at the end, "": first)."""
        ...

    def delete(self, item: str, cause: str = "") -> None:
        """Take an item out."""
        ...

    def reply(
        self, settings: Settings | None = None, cause: str = "", aside: Aside | None = None
    ) -> None:
        """Answer now, by `settings` for this answer alone; `aside`: to other items than these."""
        ...

    def cancel(self, reply: str = "", cause: str = "") -> None:
        """End the answer in progress; `reply` names it where the client knows which."""
        ...

    def truncate(self, item: str, heard_ms: int, cause: str = "") -> None:
        """The client played only `heard_ms` of an answer's sound (clamped to what there is)."""
        ...

    def events(self) -> AsyncGenerator[TalkEvent, None]:
        """All that happens, once, in order; ends when the conversation is closed."""
        ...

    async def close(self) -> None:
        """End everything of it."""
        ...
