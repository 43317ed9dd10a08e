"""A session of the device Agent API at work: its turns as tasks, and who waits for what.

It joins the pure session (`agent_session.py`) with thinking (`agent_mind.py`) and the event loop:
one task for each turn, bounded by its deadline; a wake-up for whoever writes to the connection; a
wait for room, for outcomes, for the person's answer. Whose the key is, it asks at each frame, step
and wake-up (`check`): what a key began ends with that key. It knows no WebSocket.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from edgewise.cloud.agent_mind import Ask, Spent, think
from edgewise.cloud.agent_prompt import Conversation
from edgewise.cloud.agent_session import AgentSession, Begun, Dropped, Reported
from edgewise.cloud.ports import Completer
from edgewise.cloud.refusal import Refused
from edgewise.core.clock import Clock
from edgewise.core.exchange import DeviceFrame, How, Outcome, Welcome
from edgewise.core.label import Label
from edgewise.core.signal import JsonValue
from edgewise.errors import LinkError

_log = logging.getLogger("edgewise.cloud.agent")


class Host:
    """One session and its turns."""

    def __init__(self, session: AgentSession, gateway: Completer, clock: Clock) -> None:
        self.session = session
        self.closed = False
        self.refused: Refused | None = None  # why the connection's key is in force no more
        self._conversation = Conversation(session.opening, session.bounds)
        self._gateway, self._clock = gateway, clock
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._asks: dict[str, Ask] = {}
        self._ask: Ask | None = None
        self._news = asyncio.Event()
        self._connection = 0

    @property
    def size_bytes(self) -> int:
        """About what the session takes in memory."""
        return self.session.size_bytes + self._conversation.size_bytes

    def connect(self, resume_after: int, ask: Ask) -> tuple[Welcome, int]:
        """A connection takes the session over from the one before: what to welcome it with, and its
        number. Raises LinkError when nothing can be resumed."""
        welcome = self.session.connect(resume_after)
        self._connection += 1
        self._ask, self.refused = ask, None
        self.tell()
        return welcome, self._connection

    def holds(self, connection: int) -> bool:
        """Whether that connection is still the session's, its key in force, the session open."""
        return connection == self._connection and not self.closed and self.refused is None

    def disconnect(self, connection: int) -> None:
        """That connection is gone; of one that was replaced, nobody cares."""
        if connection == self._connection:
            self._ask = None
            self.session.disconnect(self._clock.monotonic())

    def check(self) -> None:
        """End what a key that is in force no more has begun: its turns and its connection."""
        for turn, ask in list(self._asks.items()):
            if (refused := _refused_by(ask)) is not None:
                code = refused.problem.code or "refused"
                self._end(turn, How.FAILED, code, refused.problem.message)
                self._tasks[turn].cancel()
        if self._ask is not None and self.refused is None:
            self.refused = _refused_by(self._ask)
            if self.refused is not None:
                self.tell()

    def receive(self, frame: DeviceFrame, ask: Ask) -> None:
        """Take a frame that came with the key that `ask` asks about. Raises LinkError, Refused."""
        self.check()
        ask()
        match self.session.receive(frame, self._clock.monotonic()):
            case Begun(turn):
                task = asyncio.create_task(self._run(turn, ask))
                self._tasks[turn], self._asks[turn] = task, ask
                task.add_done_callback(lambda _: self._over(turn))
            case Dropped(turn):
                self._end(turn, How.CANCELLED, "cancelled", "the device cancelled it")
                if turn in self._tasks:
                    self._tasks[turn].cancel()
            case Reported(turn, call, late=True):
                reported = self.session.turns[turn].calls[call]
                if reported.settled and reported.outcome is not None:
                    self._conversation.note_late(reported.capability, reported.outcome)
            case _:
                pass
        self.tell()

    async def due(self, connection: int) -> list[bytes]:
        """Wait for frames to send on that connection; none when it does not hold the session."""
        while self.holds(connection):
            news = self._news
            self.check()
            if not self.holds(connection):
                break
            if frames := self.session.due():
                return frames
            await news.wait()
        return []

    def end(self) -> None:
        """End the session, and all turns with it."""
        self.closed = True
        for task in self._tasks.values():
            task.cancel()
        self.tell()

    async def close(self) -> None:
        """End the session, and wait for its turns to be over."""
        self.end()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait until something happened that makes it true."""
        while True:
            news = self._news
            if true():
                return
            await news.wait()

    def tell(self) -> None:
        """Wake all who wait for something to happen."""
        news, self._news = self._news, asyncio.Event()
        news.set()

    def _over(self, turn: str) -> None:
        self._tasks.pop(turn, None)
        self._asks.pop(turn, None)

    async def _run(self, turn: str, ask: Ask) -> None:
        """One turn to its end; whatever happens, the device is told one end."""
        current = self.session.turns[turn]
        deadline_s = min(current.say.deadline_s, self.session.bounds.deadline_s)
        spent = Spent()
        how, code, message = How.ANSWERED, "", ""
        try:
            async with asyncio.timeout(deadline_s):
                await think(
                    current.say,
                    self._conversation,
                    self._gateway,
                    ask,
                    self.session.model,
                    _Hands(self, turn),
                    spent,
                )
        except TimeoutError:
            how, code = How.TIMED_OUT, "timed_out"
            message = f"the turn took longer than {deadline_s:g} s"
        except asyncio.CancelledError:
            how, code, message = How.CANCELLED, "cancelled", "the session ended"
        except Refused as refused:
            how, code = How.FAILED, refused.problem.code or "refused"
            message = refused.problem.message
        except LinkError as error:
            how, code, message = How.FAILED, error.code, str(error)
        except Exception:  # noqa: BLE001 - the outermost loop of a turn: a fault must end it
            _log.exception("a turn of session %s ended by a fault", self.session.name)
            how, code, message = How.FAILED, "internal", "something failed in the cloud"
        self._end(turn, how, code, message, spent)

    def _end(
        self, turn: str, how: How, code: str, message: str, spent: Spent | None = None
    ) -> None:
        used = spent or Spent()
        self.session.end(
            turn,
            how,
            code,
            message,
            input_tokens=used.input_tokens,
            output_tokens=used.output_tokens,
        )
        self.tell()


def _refused_by(ask: Ask) -> Refused | None:
    try:
        ask()
    except Refused as refused:
        return refused
    return None


@dataclass(slots=True)
class _Hands:
    """What one turn's thinking can do (`agent_mind.Hands`)."""

    host: Host
    turn: str

    async def write(self, text: str) -> None:
        await self.host.until(self.host.session.has_room)
        self.host.session.write(self.turn, text)
        self.host.tell()

    async def propose(self, capability: str, arguments: dict[str, JsonValue], label: Label) -> str:
        session, turn = self.host.session, self.host.session.turns[self.turn]
        most = session.bounds.calls_at_once
        await self.host.until(lambda: session.has_room() and len(turn.open_calls) < most)
        key = session.propose(self.turn, capability, arguments, label)
        self.host.tell()
        return key

    async def outcomes(self, calls: Sequence[str]) -> dict[str, Outcome | None]:
        """Wait for all ends; for a person's answer no longer than `approval_s` after all others."""
        turn = self.host.session.turns[self.turn]
        known = [turn.calls[key] for key in calls]
        await self.host.until(lambda: all(call.outcome is not None for call in known))
        with suppress(TimeoutError):
            async with asyncio.timeout(self.host.session.bounds.approval_s):
                await self.host.until(lambda: all(call.waits_for_nothing for call in known))
        return {key: turn.calls[key].outcome for key in calls}
