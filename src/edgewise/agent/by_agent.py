"""A task in the hands of a cloud's agent: the cloud proposes, this turn decides and performs.

What is proposed goes through resolve, decide, perform like any call, in this turn, so that its
record tells it all; as a call without a seat, with the model as a source. What a rule asks about is
asked at the turn's end, by the device; the cloud learns only that. Each thing that leaves is
redacted, allowed at that moment and told by a `Left` before it. A turn that is cancelled or out of
time performs nothing more.
Source: docs/decisions/0008-device-agent-api.md.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass, field

import msgspec

from edgewise.agent.acting import Acting
from edgewise.agent.cloud_events import came, left
from edgewise.agent.consent import call_of
from edgewise.agent.inbox import Arrived, Inbox, News, Over
from edgewise.agent.proposed import NOT_OFFERED, SPEAKER, manifest_of, outcome_of, sources_of
from edgewise.agent.reach import Talk
from edgewise.agent.search import Chosen, Search
from edgewise.agent.session import Session, readings_of
from edgewise.core.call import Call, Status
from edgewise.core.event import Event, TextDelta
from edgewise.core.exchange import Ended, How, Opening, Outcome, Proposed, Text
from edgewise.core.label import Label, OriginKind, label_of
from edgewise.core.message import Proposal
from edgewise.core.regex import regex
from edgewise.core.words import Words
from edgewise.errors import EdgewiseError, LinkError
from edgewise.perceive.perceive import label_of_speaker

RESUME_WINDOW_S = 30.0


async def by_agent(search: Search, chosen: Chosen) -> AsyncGenerator[Event, None]:
    """The events of it. What was done and asked is in `search.found.ledger` afterwards."""
    reach, endpoint = chosen.reach, chosen.routing.endpoint

    def told(text: str) -> TextDelta:
        search.found.source = endpoint
        return search.said(text)

    def may_leave() -> bool:
        return reach.may_leave(chosen.question, endpoint)

    talk = reach.talk(search.session.name, search.mark.turn, chosen.question, endpoint)
    talking = Talking(search, talk, endpoint, may_leave, told)
    async with aclosing(talking.events()) as events:
        async for event in events:
            yield event
    if talking.failed:
        yield search.told(_BROKE_OFF if talking.broke else _NO_HELP)


class Talking:
    """A turn's talk with whoever proposes, called `endpoint` in the record. `may_leave` is asked
    before each thing that leaves; `told` makes the event of words that came."""

    def __init__(
        self,
        search: Search,
        talk: Talk,
        endpoint: str,
        may_leave: Callable[[], bool],
        told: Callable[[str], TextDelta],
    ) -> None:
        self.failed = ""
        self.broke = False
        """Whether it failed after words had come."""
        self._search, self._talk, self._endpoint = search, talk, endpoint
        self._told = told
        self._hands = _Hands(search, talk, may_leave, told)

    async def events(self) -> AsyncGenerator[Event, None]:
        """All that happens in it; the talk is closed then. `failed` tells how it ended."""
        search, talk, hands = self._search, self._talk, self._hands
        try:
            try:
                outgoing = talk.ask(
                    search.message, search.session.exchanges, _opening(search), _note(search)
                )
                hands.check()
                search.narrow((outgoing.recipient,))
                yield left(search.mark, outgoing)
                async with aclosing(hands.converse()) as events:
                    async for event in events:
                        yield event
                failed = hands.failed
            except Over as over:
                failed = over.code
            except EdgewiseError as error:  # fail closed: what could not be made safe did not leave
                failed = error.code
            async for event in hands.finish():
                yield event
            search.draw(talk.read)
            if rest := talk.rest():
                yield self._told(rest)
            self.failed = failed = _code(failed)
            self.broke = bool(failed and search.found.text)
            yield came(search.mark, self._endpoint, talk.said(failed), seam=self.broke)
            search.found.helped = not failed
        finally:
            hands.close()


def _code(failed: str) -> str:
    """A failure's code, as far as it is one: a cloud may say anything, and a record keeps it."""
    return failed if not failed or _CODE.fullmatch(failed) else "cloud_broken"


def _opening(search: Search) -> Opening:
    """What may be proposed: all but what the device did of the task itself."""
    home = search.home
    return Opening(
        manifest_of(home.catalogue, search.done),
        home.catalogue.hash,
        home.policy.hash,
        search.message.language,
        resume_window_s=RESUME_WINDOW_S,
    )


def _note(search: Search) -> str:
    if not search.done:
        return ""
    return _DONE.said_in(search.message.language).format(done=", ".join(dict.fromkeys(search.done)))


@dataclass
class _Hands:
    """What the turn does with what comes, until the cloud ends it or there is no time left."""

    search: Search
    talk: Talk
    may_leave: Callable[[], bool]
    told: Callable[[str], TextDelta]
    failed: str = ""
    _open: dict[str, tuple[str, Call]] = field(default_factory=dict[str, tuple[str, Call]])

    def __post_init__(self) -> None:
        search = self.search
        unseated = msgspec.structs.replace(search.message, speaker=SPEAKER)
        readings = readings_of(Session(""), unseated, search.home.clock.monotonic())
        self._acting = Acting(search.home, SPEAKER, search.mark, {}, readings)
        self._inbox = Inbox(search.mark.turn, self._made_at)
        self._pump: asyncio.Task[None] | None = None
        search.found.ledger = self._acting.ledger

    def check(self) -> None:
        """Raises Over where nothing may leave any more, or there is no time left."""
        if self.search.until <= self.search.home.clock.monotonic():
            raise Over("timed_out")
        if not self.may_leave():
            raise Over("consent_withdrawn")

    def close(self) -> None:
        """End it here and in the cloud; nothing is performed after this."""
        if self._pump is not None:
            self._pump.cancel()
        self._acting.close()
        self.talk.close()

    async def converse(self) -> AsyncGenerator[Event, None]:
        """The events of the talk. Raises Over, EdgewiseError."""
        messages = self.talk.converse(deadline_s=self.search.left_s)
        self._pump = asyncio.create_task(self._inbox.receive(messages))
        while True:
            if self._inbox.is_empty:
                async for event in self._settle():
                    yield event
            match await self._next():
                case Text(text=text):
                    if words := self.talk.words(text):
                        yield self.told(words)
                case Arrived() as arrived:
                    async for event in self._perform(arrived):
                        yield event
                case Ended() as ended:
                    self.failed = "" if ended.how is How.ANSWERED else ended.code or ended.how
                    return

    async def finish(self) -> AsyncGenerator[Event, None]:
        """Read back what was begun, past the deadline too. Nobody is told but the person."""
        async for event in self._acting.read_back():
            yield event

    def _made_at(self, proposed: Proposed) -> float:
        return self.search.home.clock.monotonic() - max(0.0, self.talk.age_s(proposed))

    async def _next(self) -> News:
        try:
            async with asyncio.timeout(self.search.left_s):
                return await self._inbox.next()
        except TimeoutError:
            raise Over("timed_out") from None

    async def _perform(self, arrived: Arrived) -> AsyncGenerator[Event, None]:
        """Carry a proposal out as far as it goes at once, and report it if it has ended."""
        proposed = arrived.proposed
        if self._inbox.is_withdrawn(proposed.call):
            return
        self.check()
        refused, call = self._call_of(arrived)
        if call is None:
            async for event in self._report(proposed.call, refused, Label()):
                yield event
            return
        self.search.found.calls.append(call)
        self._open[call.id] = (proposed.call, call)
        async for event in self._acting.carry_out((call,)):
            yield event
        async for event in self._reports():
            yield event

    def _call_of(self, arrived: Arrived) -> tuple[Outcome, Call | None]:
        """The call that it is on this device, or why it is none."""
        proposed = arrived.proposed
        if proposed.capability not in self.talk.offered:
            return NOT_OFFERED, None
        try:
            arguments = self.talk.arguments_of(proposed)
        except EdgewiseError as error:
            words = Words(str(error), str(error))
            return Outcome(Status.IMPOSSIBLE, error.code, words), None
        search = self.search
        sources = sources_of(proposed, self.talk.read)
        number = search.own_calls + len(search.found.calls) + 1  # the device's own come first
        call = call_of(
            Proposal(proposed.capability, arguments, sources),
            label_of_speaker(SPEAKER),
            f"{search.mark.turn}.{number}",
            arrived.made_at,
        )
        return NOT_OFFERED, call

    async def _settle(self) -> AsyncGenerator[Event, None]:
        """Wait for what moves, past the deadline too, and report it; nothing else is to be done
        meanwhile."""
        async for event in self._acting.read_back():
            yield event
        async for event in self._reports():
            yield event

    async def _reports(self) -> AsyncGenerator[Event, None]:
        """Report the calls that have ended."""
        for result in list(self._acting.ledger.results):
            key, call = self._open.pop(result.call, ("", None))
            if call is None:
                continue
            outcome = outcome_of(self.talk.offered[call.capability], result)
            later = outcome.status is Status.ASKED
            outcome = msgspec.structs.replace(outcome, later=later)
            told_here = result.changed or result.status in (Status.DENIED, Status.FAILED)
            if not told_here:
                self.search.found.untold.add(result.call)
            async for event in self._report(key, outcome, result.label or Label()):
                yield event

    async def _report(
        self, key: str, outcome: Outcome, label: Label
    ) -> AsyncGenerator[Event, None]:
        """Send an outcome; what can not be made safe is withheld from it."""
        self.check()
        try:
            outgoing = self.talk.outcome(outcome, label)
        except EdgewiseError as error:
            bare = Outcome(outcome.status, outcome.code, withheld=error.code, later=outcome.later)
            outgoing = self.talk.outcome(bare, _OWN)
        yield left(self.search.mark, outgoing)
        with suppress(LinkError):  # that it is lost is told by what comes
            await self.talk.report(key, outgoing)


_CODE = regex(r"[a-z][a-z0-9_]{0,31}")
_OWN = label_of(OriginKind.SYSTEM, "device")
_DONE = Words(
    "(Done by the device already, not to be proposed again: {done}. Do the rest.)",
    "（设备已经完成，无需再提出：{done}。请完成其余部分。）",
)
_NO_HELP = Words("The cloud's agent could not help.", "云端智能体没能帮上忙。")
_BROKE_OFF = Words(
    "\n[The cloud broke off here; nothing more is done.]\n",
    "\n【云端在此中断，不再执行任何操作。】\n",
)
