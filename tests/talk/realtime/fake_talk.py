"""A conversation that notes what it is asked and says what a test puts in; it never acts by itself.

Strict: an order that a test did not expect is seen in `orders`, and one after its end fails.
"""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

from edgewise.talk.events import TalkEvent
from edgewise.talk.item import Item
from edgewise.talk.settings import Settings
from edgewise.talk.talk import Aside


class FakeTalk:
    """Conforms to `Talk`."""

    def __init__(self) -> None:
        self.settings = Settings()
        self.items: tuple[Item, ...] = ()
        self.orders: list[tuple[Any, ...]] = []
        self.heard = b""
        self.closed = False
        self.is_broken = False
        self._events: asyncio.Queue[TalkEvent | None] = asyncio.Queue()

    def configure(self, settings: Settings) -> None:
        self._order("configure")
        self.settings = settings

    def hear(self, data: bytes) -> None:
        assert data, "no empty sound"
        assert len(data) % 2 == 0, "whole samples"
        self._order("hear")
        self.heard += data

    def commit(self, cause: str = "") -> None:
        self._order("commit", cause)

    def clear(self) -> None:
        self._order("clear")

    def add(self, item: Item, previous: str | None = None, cause: str = "") -> None:
        self._order("add", item, previous, cause)

    def delete(self, item: str, cause: str = "") -> None:
        self._order("delete", item, cause)

    def reply(
        self, settings: Settings | None = None, cause: str = "", aside: Aside | None = None
    ) -> None:
        self._order("reply", settings, cause, aside)

    def cancel(self, reply: str = "", cause: str = "") -> None:
        self._order("cancel", reply, cause)

    def truncate(self, item: str, heard_ms: int, cause: str = "") -> None:
        self._order("truncate", item, heard_ms, cause)

    async def events(self) -> AsyncGenerator[TalkEvent, None]:
        while (event := await self._events.get()) is not None:
            yield event

    async def close(self) -> None:
        assert not self.closed, "closed once"
        self.closed = True
        self._events.put_nowait(None)

    def happen(self, *events: TalkEvent) -> None:
        """It happens now."""
        for event in events:
            self._events.put_nowait(event)

    def end(self) -> None:
        """The conversation ends by itself."""
        self._events.put_nowait(None)

    def taken(self, name: str) -> list[tuple[Any, ...]]:
        """What was ordered by that name, in order, without the name."""
        return [order[1:] for order in self.orders if order[0] == name]

    def _order(self, name: str, *what: Any) -> None:
        assert not self.closed, f"{name} after the end"
        assert not self.is_broken, "broken, as the test wants it"
        self.orders.append((name, *what))
