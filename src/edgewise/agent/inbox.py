"""What a cloud's agent says, taken as it comes and held, within bounds, until the turn gets to it.

A proposal ages, and may be withdrawn, while another one waits for a motor; so what comes is taken
at once, and only that is held which the turn can use: so much text, so many calls. Past that the
talk is over, whatever else is said. It performs nothing.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass

from edgewise.core.exchange import CloudMessage, Ended, Proposed, Text, Withdrawn
from edgewise.errors import EdgewiseError, LinkError

MOST_CALLS = 16
"""Of one turn, refused ones too; a cloud that proposes more is left (`core.exchange.Bounds`)."""
MOST_CHARACTERS = 16_384
MOST_MESSAGES = 2 * MOST_CHARACTERS
"""Of any kind; an answer whose every character comes alone has its place in it."""


class Over(Exception):
    """The talk ends before the cloud ended it; the code says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Arrived:
    """A proposal, and since when it is one by the device's clock."""

    proposed: Proposed
    made_at: float


News = Text | Arrived | Ended


class Inbox:
    """That of one turn. `made_at` tells since when a proposal that comes now is one."""

    def __init__(self, turn: str, made_at: Callable[[Proposed], float]) -> None:
        self._turn = turn
        self._made_at = made_at
        self._held: asyncio.Queue[News | Over | LinkError] = asyncio.Queue()
        self._proposed: set[str] = set()
        self._withdrawn: set[str] = set()
        self._characters = self._messages = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing is held."""
        return self._held.empty()

    def is_withdrawn(self, call: str) -> bool:
        """Whether the cloud has taken that call back by now."""
        return call in self._withdrawn

    async def next(self) -> News:
        """What came next. Raises Over and LinkError where it is the end."""
        news = await self._held.get()
        if isinstance(news, Over | LinkError):
            raise news
        return news

    async def receive(self, messages: AsyncGenerator[CloudMessage, None]) -> None:
        """Take all that comes, until the end or until it is too much."""
        try:
            async with aclosing(messages):
                async for message in messages:
                    if (news := self._taken(message)) is not None:
                        self._held.put_nowait(news)
            self._held.put_nowait(LinkError("the cloud said no end", code="cloud_broken"))
        except Over as over:
            self._held.put_nowait(over)
        except EdgewiseError as error:
            self._held.put_nowait(LinkError(str(error), code=error.code))

    def _taken(self, message: CloudMessage) -> News | None:
        """What is to be held of it. Raises Over where it is too much."""
        self._messages += 1
        if self._messages > MOST_MESSAGES:
            raise Over("too_many_messages")
        match message:
            case Text(text=text) if text:
                self._characters += len(text)
                if self._characters > MOST_CHARACTERS:
                    raise Over("too_long")
                return message
            case Proposed():
                return self._arrived(message)
            case Withdrawn(calls=calls):
                if len(self._withdrawn.union(calls)) > MOST_CALLS:
                    raise Over("too_many_calls")
                self._withdrawn.update(calls)
            case Ended():
                return message
            case _:
                pass
        return None

    def _arrived(self, proposed: Proposed) -> Arrived | None:
        """A proposal of this turn that was not made before."""
        if proposed.turn != self._turn or proposed.call in self._proposed:
            return None
        self._proposed.add(proposed.call)
        if len(self._proposed) > MOST_CALLS:
            raise Over("too_many_calls")
        return Arrived(proposed, self._made_at(proposed))
