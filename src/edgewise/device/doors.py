"""Running turns for callers over HTTP: so many at once, posted on the board, ended when they leave.

It knows the agent by its Protocol and nothing of routes or bodies (`api.py`).
"""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from typing import Protocol

from edgewise.act.decide import Policy
from edgewise.act.driver import Drivers
from edgewise.act.function import Catalogue
from edgewise.core.event import Event
from edgewise.core.message import Request, Speaker
from edgewise.core.signal import JsonValue
from edgewise.device import wire
from edgewise.device.board import Board
from edgewise.device.sse import EventStream, frame_of
from edgewise.device.wire import ApiError


class Agent(Protocol):
    """The agent as its doors see it (`agent/agent.py`)."""

    @property
    def catalogue(self) -> Catalogue: ...
    @property
    def policy(self) -> Policy: ...
    @property
    def drivers(self) -> Drivers: ...
    def run(self, request: Request) -> AsyncIterator[Event]: ...
    def run_call(
        self, call_name: str, arguments: dict[str, JsonValue], session: str, speaker: Speaker
    ) -> AsyncIterator[Event]: ...
    async def cancel(self, turn: str) -> bool: ...
    async def trail(self, turn: str) -> Sequence[Event] | None: ...
    async def recent(self, limit: int) -> Sequence[str]: ...


class Doors:
    """Runs turns for HTTP callers: at most so many at once, each cancelled when its reader goes."""

    def __init__(self, agent: Agent, board: Board, at_most: int, keep_alive_s: float) -> None:
        self.agent = agent
        self.board = board
        self.keep_alive_s = keep_alive_s
        self._at_most = at_most
        self._running = 0

    def open(self, request: Request) -> EventStream:
        """A reply that runs `request`. Raises ApiError (429) when too many turns run."""
        self._enter()
        return self._stream(self.agent.run(request))

    def open_call(self, body: wire.CallBody, speaker: Speaker) -> EventStream:
        """A reply that runs one typed call. Raises ApiError (429) when too many turns run."""
        self._enter()
        events = self.agent.run_call(body.capability, body.arguments, body.session, speaker)
        return self._stream(events)

    def _enter(self) -> None:
        if self._running >= self._at_most:
            raise ApiError(
                429,
                "too_many_turns",
                f"{self._running} turns are running; the limit is {self._at_most}",
                "wait for one to end, or cancel one with DELETE /v1/agent/turns/{id}",
                {"Retry-After": "1"},
            )
        self._running += 1

    def _leave(self) -> None:
        self._running -= 1

    def _stream(self, events: AsyncIterator[Event]) -> EventStream:
        turns: set[str] = set()

        async def frames() -> AsyncGenerator[bytes, None]:
            async with aclosing(self.board.posted(events)) as posted:
                async for event in posted:
                    turns.add(event.turn)
                    yield frame_of(event)

        async def cancel() -> None:
            for turn in turns:
                await self.agent.cancel(turn)

        return EventStream(
            frames(), on_leave=cancel, on_end=self._leave, keep_alive_s=self.keep_alive_s
        )
