"""Running turns for callers over HTTP: within limits, posted on the board, ended when they leave.

It knows the agent by its Protocol and nothing of routes or bodies (`api.py`).
"""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from typing import Protocol

from edgewise.act.cedar import Policy
from edgewise.act.driver import Drivers
from edgewise.act.function import Catalogue
from edgewise.core.event import Corrected, Event, Judged
from edgewise.core.label import Label
from edgewise.core.message import Request, Speaker
from edgewise.core.signal import JsonValue
from edgewise.core.words import Language
from edgewise.device import wire
from edgewise.device.callers import Caller
from edgewise.device.limits import Leave, Limits
from edgewise.device.sse import EventStream, frame_of
from edgewise.hosting.board import Board


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
        self,
        call_name: str,
        arguments: dict[str, JsonValue],
        session: str,
        speaker: Speaker,
        language: Language | None = None,
        *,
        label: Label | None = None,
    ) -> AsyncIterator[Event]: ...
    def is_urgent(self, text: str) -> bool: ...
    async def cancel(self, turn: str) -> bool: ...
    async def trail(self, turn: str) -> Sequence[Event] | None: ...
    async def after(self, turn: str) -> Mapping[str, Sequence[Event]]: ...
    async def correct(self, turn: str, session: str, meant: str) -> Corrected | None: ...
    async def correction(self, turn: str) -> Corrected | None: ...
    async def judge(self, turn: str, session: str, *, good: bool) -> Judged | None: ...
    async def judgement(self, turn: str) -> Judged | None: ...
    async def recent(self, limit: int) -> Sequence[str]: ...


class Doors:
    """Runs turns for HTTP callers: each within `limits`, each cancelled when its reader goes."""

    def __init__(self, agent: Agent, board: Board, limits: Limits, keep_alive_s: float) -> None:
        self.agent = agent
        self.board = board
        self._limits = limits
        self._keep_alive_s = keep_alive_s

    def open(self, request: Request, caller: Caller) -> EventStream:
        """A reply that runs `request`. Raises ApiError (429) when `caller` runs too many."""
        said_no = request.approval is not None and not request.approval.approved
        urgent = said_no or self.agent.is_urgent(request.text)
        leave = self._limits.enter_turn(caller, urgent=urgent)
        return self._stream(self.agent.run(request), leave)

    def open_call(
        self, body: wire.CallBody, speaker: Speaker, caller: Caller, label: Label | None = None
    ) -> EventStream:
        """A reply that runs one typed call; `label` is that of what it was made from, where that
        is not the caller alone. Raises ApiError (429) when `caller` runs too many."""
        leave = self._limits.enter_turn(caller)
        events = self.agent.run_call(
            body.capability, body.arguments, body.session, speaker, body.language, label=label
        )
        return self._stream(events, leave)

    def show(self, frames: AsyncGenerator[bytes, None], caller: Caller) -> EventStream:
        """A reply that shows `frames` as long as it is read. Raises ApiError (429) when `caller`
        holds too many open."""
        leave = self._limits.enter_stream(caller)
        return EventStream(frames, on_end=leave, keep_alive_s=self._keep_alive_s)

    def _stream(self, events: AsyncIterator[Event], leave: Leave) -> EventStream:
        turns: set[str] = set()

        async def frames() -> AsyncGenerator[bytes, None]:
            async with aclosing(self.board.posted(events)) as posted:
                async for event in posted:
                    turns.add(event.turn)
                    yield frame_of(event)

        async def cancel() -> None:
            for turn in turns:
                await self.agent.cancel(turn)

        return EventStream(frames(), on_leave=cancel, on_end=leave, keep_alive_s=self._keep_alive_s)
