"""What the cloud's agent proposes, carried out or refused by this device like any program's call.

A proposal is a call without a seat (channel CLOUD), whose every argument and whose very choice
carry the model as a source, together with the sources of whatever content was sent up before. The
policy sees that and decides; what it asks about, the person answers here. Nothing of a proposal but
its capability and arguments is read, so none can be a yes. Private data does not leave.
It knows no network. Source: docs/decisions/0008-device-agent-api.md; rules 0, 31, 33 to 36.
"""

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Protocol, Self

from edgewise.agent.agent import Agent
from edgewise.agent.pending import APPROVAL_LIFETIME_S
from edgewise.agent.proposed import NOT_OFFERED, SPEAKER, offered, outcome_of, sources_of
from edgewise.core.call import Result, Status
from edgewise.core.capability import Capability
from edgewise.core.event import (
    Answered,
    CallFinished,
    End,
    Event,
    NeedsApproval,
    Stopped,
    TurnStarted,
)
from edgewise.core.exchange import (
    CloudMessage,
    Ended,
    Opening,
    Outcome,
    Proposed,
    Withdrawn,
)
from edgewise.core.label import Label, join
from edgewise.core.part import TextPart
from edgewise.core.words import Language, Words
from edgewise.errors import EdgewiseError, LinkError

SESSIONS = "cloud."
PLACES = 8
"""Calls that may run or be asked about at once; each has a session of its own, so that the next one
does not void the question about the one before."""
_REMEMBERED = 256


class Board(Protocol):
    """Where the device's turns are seen by its faces (`hosting/board.py`)."""

    def posted(self, events: AsyncIterator[Event]) -> AsyncGenerator[Event, None]: ...
    def read(self) -> AsyncGenerator[Event | None, None]: ...


class Link(Protocol):
    """A session with the cloud (`think/agent_client.py`)."""

    def say(
        self,
        parts: Sequence[TextPart],
        *,
        turn: str = "",
        locale: Language | None = None,
        deadline_s: float = 60.0,
    ) -> AsyncGenerator[CloudMessage, None]: ...
    async def report(self, turn: str, call: str, outcome: Outcome) -> None: ...
    def age_s(self, proposed: Proposed) -> float: ...


@dataclass(slots=True)
class _Asked:
    """A call that waits for the person: its outcome once there is one, and whether the person has
    answered, so that only the device is waited for."""

    answered: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    result: Result | None = None
    end: End | None = None


class Proposals:
    """Performs what one cloud session proposes; an async context, for it follows the board."""

    def __init__(
        self,
        agent: Agent,
        board: Board,
        *,
        language: Language = Language.ENGLISH,
        answer_s: float = APPROVAL_LIFETIME_S + 1.0,
    ) -> None:
        """`answer_s` is how long the person's answer is waited for: as long as it counts."""
        self._agent, self._board, self._language = agent, board, language
        self._answer_s = answer_s
        self._offered: dict[str, Capability] = {}
        self._read = Label()
        self._places: asyncio.Queue[str] = asyncio.Queue()
        for number in range(1, PLACES + 1):
            self._places.put_nowait(f"{SESSIONS}{number}")
        self._asked: dict[str, _Asked] = {}
        self._answering: dict[str, _Asked] = {}
        self._known: OrderedDict[tuple[str, str], Outcome | None] = OrderedDict()
        self._tasks: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._withdrawn: set[tuple[str, str]] = set()
        self._follower: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._follower = asyncio.create_task(self._follow())
        await asyncio.sleep(0)  # the follower reads the board from here on
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        tasks = [*self._tasks.values(), *([self._follower] if self._follower else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def settled(self) -> None:
        """Wait until no call of a conversation runs or waits for the person any more."""
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def opening(
        self,
        *,
        model: str = "",
        names: Collection[str] | None = None,
        resume_window_s: float = 300.0,
    ) -> Opening:
        """What this device says to open a session: the capabilities it can do now, all or `names`.
        Only these may be proposed from here on."""
        capabilities = offered(self._agent.catalogue, names)
        self._offered = {capability.name: capability for capability in capabilities}
        return Opening(
            capabilities,
            self._agent.catalogue.hash,
            self._agent.policy.hash,
            self._language,
            model,
            resume_window_s,
        )

    async def converse(
        self,
        link: Link,
        parts: Sequence[TextPart],
        *,
        turn: str = "",
        locale: Language | None = None,
        deadline_s: float = 60.0,
    ) -> AsyncGenerator[CloudMessage, None]:
        """One turn with the cloud: its messages as they come, its proposals performed beside.

        A call that the person is asked about may end after the turn; it is reported then. Raises
        LinkError as `link.say` does.
        """
        key = turn or f"t{secrets.token_hex(8)}"
        self._read = join([self._read, *(part.label for part in parts)])
        messages = link.say(parts, turn=key, locale=locale, deadline_s=deadline_s)
        ended = False
        try:
            async with aclosing(messages):
                async for message in messages:
                    match message:
                        case Proposed():
                            self._begin(link, message, link.age_s(message))
                        case Withdrawn():
                            self.withdraw(message)
                        case _:
                            ended = isinstance(message, Ended)
                    yield message
        finally:
            if not ended:
                calls = [call for of, call in self._tasks if of == key]
                self.withdraw(Withdrawn(key, tuple(calls)))

    async def outcomes(self, proposed: Proposed, age_s: float) -> AsyncGenerator[Outcome, None]:
        """What becomes of a proposal: one outcome, or `ASKED` and then how it ended.

        The same call again is told what is known of it and not performed again.
        """
        key = (proposed.turn, proposed.call)
        if key in self._known:
            yield self._known[key] or Outcome(Status.FAILED, "twice", _TWICE)
            return
        self._note(key, None)
        capability = self._offered.get(proposed.capability)
        if capability is None:
            yield self._note(key, NOT_OFFERED)
            return
        place = await self._places.get()
        try:
            async for outcome in self._carried_out(proposed, capability, place, age_s):
                yield self._note(key, outcome)
        finally:
            self._places.put_nowait(place)

    def withdraw(self, withdrawn: Withdrawn) -> None:
        """The calls are not wanted any more: what has not been handed to the device is left out.
        A question to the person stays: a yes to it is theirs."""
        for call in withdrawn.calls:
            key = (withdrawn.turn, call)
            known = self._known.get(key)
            if key in self._tasks and (known is None or known.status is not Status.ASKED):
                self._withdrawn.add(key)
                self._tasks[key].cancel()

    def _begin(self, link: Link, proposed: Proposed, age_s: float) -> None:
        key = (proposed.turn, proposed.call)
        if key in self._tasks:
            return

        def forget(_: asyncio.Task[None]) -> None:
            self._withdrawn.discard(key)
            self._tasks.pop(key, None)

        self._tasks[key] = asyncio.create_task(self._perform(link, proposed, age_s))
        self._tasks[key].add_done_callback(forget)

    async def _perform(self, link: Link, proposed: Proposed, age_s: float) -> None:
        """Carry a proposal out and report each outcome; a lost link is the link's affair. One that
        is withdrawn before it began is not spoken of again."""
        key = (proposed.turn, proposed.call)
        with suppress(LinkError):
            try:
                async with aclosing(self.outcomes(proposed, age_s)) as outcomes:
                    async for outcome in outcomes:
                        await link.report(*key, outcome)
            except asyncio.CancelledError:
                if key not in self._withdrawn:
                    raise
                await link.report(*key, Outcome(Status.FAILED, "withdrawn", _WITHDRAWN))

    async def _carried_out(
        self, proposed: Proposed, capability: Capability, place: str, age_s: float
    ) -> AsyncGenerator[Outcome, None]:
        sources = sources_of(proposed, self._read)
        events = self._board.posted(
            self._agent.run_call(
                proposed.capability,
                proposed.arguments,
                place,
                SPEAKER,
                self._language,
                label=sources,
                age_s=age_s,
            )
        )
        result: Result | None = None
        end: End | None = None
        try:
            async with aclosing(events):
                async for event in events:
                    if isinstance(event, CallFinished):
                        result = event.result
                    elif isinstance(event, Answered | NeedsApproval | Stopped):
                        end = event
                        if isinstance(event, NeedsApproval):
                            self._asked[event.turn] = _Asked()
        except EdgewiseError as error:
            yield Outcome(Status.FAILED, error.code, Words(str(error), str(error)))
            return
        yield self._told(capability, result, end)
        if isinstance(end, NeedsApproval):
            yield await self._answer(capability, end)

    async def _answer(self, capability: Capability, end: NeedsApproval) -> Outcome:
        """Wait for the person's answer as long as it counts, and then for the device."""
        asked = self._asked[end.turn]
        try:
            async with asyncio.timeout(self._answer_s):
                await asked.answered.wait()
            await asked.ended.wait()
        except TimeoutError:
            return Outcome(Status.EXPIRED, "no_answer", _NO_ANSWER)
        finally:
            self._asked = {turn: kept for turn, kept in self._asked.items() if kept is not asked}
        if asked.result is None and isinstance(asked.end, Answered):
            return Outcome(Status.DENIED, "declined", _DECLINED)
        return self._told(capability, asked.result, asked.end)

    async def _follow(self) -> None:
        """Learn from the board how what was asked about was answered."""
        async with aclosing(self._board.read()) as events:
            async for event in events:
                match event:
                    case TurnStarted() if event.resumes in self._asked:
                        self._answering[event.turn] = self._asked[event.resumes]
                        self._answering[event.turn].answered.set()
                    case CallFinished() if event.turn in self._answering:
                        self._answering[event.turn].result = event.result
                    case NeedsApproval() if event.turn in self._answering:
                        # Asked anew: another rule has come to ask.
                        asked = self._answering.pop(event.turn)
                        asked.answered.clear()
                        self._asked[event.turn] = asked
                    case Answered() | Stopped() if event.turn in self._answering:
                        asked = self._answering.pop(event.turn)
                        asked.end = event
                        asked.ended.set()
                    case _:
                        pass

    def _told(self, capability: Capability, result: Result | None, end: End | None) -> Outcome:
        outcome = outcome_of(capability, result, end)
        if outcome.data is not None and result is not None and result.label is not None:
            self._read = join([self._read, result.label])
        return outcome

    def _note(self, key: tuple[str, str], outcome: Outcome | None) -> Outcome:
        self._known[key] = outcome
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return outcome or Outcome(Status.FAILED, "twice", _TWICE)


_TWICE = Words("This was proposed before.", "这项操作之前已经提出过。")
_WITHDRAWN = Words(
    "It was withdrawn; what had already begun may still finish.",
    "已撤回，已经开始的动作可能仍会完成。",
)
_NO_ANSWER = Words("The person gave no answer in time.", "对方没有及时答复。")
_DECLINED = Words("The person said no.", "对方没有同意。")
