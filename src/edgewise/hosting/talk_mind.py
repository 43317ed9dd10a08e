"""An agent as the mind of a conversation by sound.

What is said becomes a request with who said it from where; the turn's events become words and acts.
Each turn is posted on the board, so that the cockpit shows it. An act that takes its time is
acknowledged as soon as its writes were handed over. A yes by voice is a turn like any other. What
was said is answered once: only words that were cut before anything was begun are asked again, with
those that follow them.

Private answers and questions are shown and not spoken (rule 43); what must wait for the driver's
attention waits a while, and is shown only if the moment does not come (rules 20 and 41).
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Protocol

import msgspec
from msgspec import Struct

from edgewise.agent.agent import Agent
from edgewise.answer.answer import YES_NO
from edgewise.answer.manner import is_moving, manner_of
from edgewise.core.call import Call, Result, Status
from edgewise.core.capability import Risk
from edgewise.core.event import (
    Answered,
    CallFinished,
    CallResolved,
    CallStarted,
    Event,
    Manner,
    NeedsApproval,
    PendingCall,
    Stopped,
    TextDelta,
    TurnStarted,
)
from edgewise.core.message import Channel, Request, Speaker
from edgewise.core.part import ImagePart, TextPart
from edgewise.core.words import Language, Words
from edgewise.core.zone import Zone
from edgewise.errors import UserError
from edgewise.hosting.board import Board
from edgewise.perceive.hear import UNSURE_BELOW
from edgewise.talk.events import Who
from edgewise.talk.item import Item
from edgewise.talk.mind import Acted, Answer, Awaits, Began, Question, Say
from edgewise.talk.remembering import MOST_ITEMS

MOMENT_LIMIT_S = 15.0
"""How long an answer waits for the driver's attention before it is only shown."""
MOMENT_EVERY_S = 0.5
OUTPUT_CHARACTERS = 4000

_CONFIRM = Words("Please confirm on the screen.", "请在屏幕上确认。")
_LOOK = Words("Please look at the screen.", "请看屏幕。")
_HEARD_AS = Words("Did you say “{said}”? ", "您说的是“{said}”吗？")
_QUOTED_CHARACTERS = 60
ACKNOWLEDGED = Words("OK.", "好的。")
"""Said at once of an act that was begun; a voice has it made beforehand."""


@dataclass(slots=True)
class _Turn:
    """A turn that some items were asked in; no `id`: it has not begun."""

    id: str = ""
    over: asyncio.Event = field(default_factory=asyncio.Event)


class Turns(OrderedDict[tuple[str, str], _Turn]):
    """What was asked in which turn, so that nothing is answered twice."""


class Shown(Protocol):
    """The pictures put into a conversation."""

    async def take(self, items: Sequence[Item], asked: Sequence[Item]) -> tuple[ImagePart, ...]:
        """Those that what is `asked` is about. Raises UserError (`bad_picture`, `empty_text`),
        ModelError."""
        ...


class TalkMind:
    """The mind of one conversation; `session` is that of its turns. Words by sound come from the
    question's zone, where the microphone is; what is typed, from the seat `typed`. A program speaks
    as a program, from no seat, whatever it sends. `shown` are the pictures put into it, where it
    takes any."""

    def __init__(
        self,
        agent: Agent,
        board: Board,
        session: str,
        *,
        typed: Zone | None = None,
        is_program: bool = False,
        shown: Shown | None = None,
        turns: Turns | None = None,
    ) -> None:
        """`turns` are those of the mind that it takes the place of."""
        self._shown = shown
        self._agent = agent
        self._board = board
        self._session = session
        self._typed = typed
        self._turns = Turns() if turns is None else turns
        self._is_program = is_program

    async def is_urgent(self, text: str) -> bool:
        """See `Mind`."""
        return self._agent.is_urgent(text)

    async def answer(self, question: Question) -> AsyncGenerator[Answer, None]:
        """See `Mind`; the instructions and tools of a client are not the device's own agent's.
        Raises UserError (`nothing_to_answer`, those of `Shown.take`), ModelError."""
        asked = await self._new_items(question)
        turn, is_told = self._note(asked), False
        pictures: tuple[ImagePart, ...] = ()
        try:
            if self._shown is not None:
                pictures = await self._shown.take(question.items, asked)
            request = self._request(question, asked, pictures)
            telling = _Telling(self._agent, question, request, turn)
            async with aclosing(self._board.posted(self._agent.run(request))) as events:
                async for event in events:
                    if isinstance(event, TurnStarted):
                        turn.id = event.turn
                    async for answer in telling.told(event):
                        yield answer
            is_told = True
        finally:
            turn.over.set()
            if not is_told and turn.id:
                self._agent.withdraw(self._session, turn.id)

    async def _new_items(self, question: Question) -> list[Item]:
        """What is to be answered of the question: what was not, or was cut before anything was
        begun for it and is asked together with more. Raises UserError (`nothing_to_answer`)."""
        items = asked_items(question)
        new: list[Item] = []
        for item in items:
            before = self._turns.get(_key(item))
            if before is None:
                new.append(item)
            elif len(items) > 1:
                await before.over.wait()
                if not await self._has_begun(before):
                    new.append(item)
        if not new:
            told = "everything that was said has been answered; say or write something new first"
            raise UserError(told, code="nothing_to_answer")
        return new

    async def _has_begun(self, turn: _Turn) -> bool:
        """Whether writes were handed over in it, as was recorded before each; where there is no
        record, they may have been."""
        if not turn.id:
            return False
        events = await self._agent.trail(turn.id)
        return events is None or any(isinstance(event, CallStarted) for event in events)

    def _note(self, items: list[Item]) -> _Turn:
        turn = _Turn()
        for item in items:
            self._turns[_key(item)] = turn
            self._turns.move_to_end(_key(item))
        while len(self._turns) > MOST_ITEMS:
            self._turns.popitem(last=False)
        return turn

    def _request(
        self, question: Question, asked: list[Item], pictures: tuple[ImagePart, ...]
    ) -> Request:
        text = " ".join(item.text for item in asked if item.text)
        language = next((item.language for item in reversed(asked) if item.language), None)
        return Request(
            parts=(TextPart(text), *pictures),
            session=self._session,
            speaker=self._speaker(question.zone, asked),
            language=language,
            is_unsure=is_unsure(asked),
        )

    def _speaker(self, zone: Zone | None, asked: list[Item]) -> Speaker:
        if self._is_program:
            return Speaker(None, Channel.API)
        if any(item.by_sound for item in asked):
            return Speaker(zone, Channel.VOICE)
        return Speaker(self._typed, Channel.TYPED)


def _key(item: Item) -> tuple[str, str]:
    """Which words of which item: a client may put in another under an id that is free again."""
    return item.id, item.text


def is_unsure(items: list[Item]) -> bool:
    """Whether the words of one that was heard may have been others (`hear.UNSURE_BELOW`): they are
    asked again before anything that weighs."""
    return any(
        item.by_sound and not item.confidence >= UNSURE_BELOW[item.language or Language.ENGLISH]
        for item in items
    )


def asked_items(question: Question) -> list[Item]:
    """What is to be answered: the items that are asked, as far as there are any still; where none
    are named the person's last."""
    if question.asked:
        return [item for item in question.items if item.id in question.asked]
    said = [item for item in question.items if item.who is Who.PERSON]
    return said[-1:]


class _Asking(Struct, frozen=True):
    """Implements `Asking` for the question of a turn."""

    agent: Agent
    session: str
    turn: str

    def told_in(self, left_s: float) -> None:
        """See `Asking`."""
        self.agent.told_in(self.session, self.turn, left_s)

    def drop(self) -> None:
        """See `Asking`."""
        self.agent.withdraw(self.session, self.turn)


class _Telling:
    """Turns one turn's events into an answer."""

    def __init__(self, agent: Agent, question: Question, request: Request, turn: _Turn) -> None:
        self._agent = agent
        self._question = question
        self._request = request
        self._zone = request.speaker.zone
        self._turn = turn
        self._calls: dict[str, Call] = {}
        self._streamed = ""
        self._acknowledged = False

    async def told(self, event: Event) -> AsyncIterator[Answer]:
        """What `event` adds to the answer."""
        match event:
            case CallResolved():
                self._calls[event.call.id] = event.call
            case CallStarted():
                yield Began(event.call)
                if await self._may_acknowledge():
                    yield self._acknowledgement()
            case CallFinished():
                async for answer in self._finished(event.result):
                    yield answer
            case TextDelta():
                if not self._calls and await self._may_stream():
                    self._streamed += event.text
                    yield Say(event.text)
            case Answered():
                if rest := self._rest(event.text):
                    yield Say(rest, aloud=await self._is_aloud(event.manner))
            case NeedsApproval() | Stopped():
                for answer in await self._ending(event):
                    yield answer
            case _:
                pass

    async def _finished(self, result: Result) -> AsyncIterator[Answer]:
        if self._is_act_done(result) and await self._may_acknowledge():
            yield self._acknowledgement()
        yield self._acted(result)
        if result.status is Status.MISSING:
            yield Awaits()

    async def _ending(self, event: NeedsApproval | Stopped) -> list[Answer]:
        """The words of a turn that waits for a yes, or could not finish."""
        if isinstance(event, Stopped):
            tried = [Result(c.id, c.capability, Status.FAILED) for c in self._calls.values()]
            return [*await self._discreet(event.text, tried, _LOOK)]
        asked = [_asked_as_result(waiting) for waiting in event.calls]
        sensitive = event.leaving is not None and event.leaving.sensitive
        text = self._heard_as + event.text
        asking = _Asking(self._agent, self._request.session, self._turn.id)
        return [Awaits(asking), *await self._discreet(text, asked, _CONFIRM, private=sensitive)]

    async def _discreet(
        self, text: str, about: list[Result], instead: Words, *, private: bool = False
    ) -> list[Say]:
        """`text` about these calls; only shown, with `instead` said of it, where it is private and
        others hear it."""
        if not (rest := self._rest(text)):
            return []
        snapshot = await self._agent.home.snapshot()
        by_name = {c.name: c for c in self._agent.catalogue.capabilities}
        manner = manner_of(about, by_name, snapshot, self._zone)
        if manner is not Manner.QUIET and not private:
            hint = YES_NO.said_in(self._question.language)
            if rest.endswith(hint):
                return [Say(rest.removesuffix(hint)), Say(hint, aloud=False)]
            return [Say(rest)]
        return [Say(rest, aloud=False), Say(self._gap + instead.said_in(self._question.language))]

    @property
    def _heard_as(self) -> str:
        """What was heard, before a question about it, where it may have been something else."""
        if not self._request.is_unsure:
            return ""
        said = self._request.text[:_QUOTED_CHARACTERS]
        return _HEARD_AS.said_in(self._question.language).format(said=said)

    @property
    def _gap(self) -> str:
        return "" if self._question.language is Language.CHINESE else " "

    def _is_act_done(self, result: Result) -> bool:
        """Whether something was asked to be done and is so, be it that it was so before. A no or
        a thanks has an answer that is an acknowledgement itself."""
        if result.capability == "dialog.control":
            return False
        function = self._agent.catalogue.get(result.capability)
        acts = function is not None and function.capability.risk is not Risk.READ
        return acts and result.status is Status.DONE

    async def _may_acknowledge(self) -> bool:
        wanted = self._question.by_sound and not self._acknowledged
        return wanted and await self._may_speak()

    def _acknowledgement(self) -> Say:
        self._acknowledged = True
        return Say(ACKNOWLEDGED.said_in(self._question.language), ends=True)

    def _acted(self, result: Result) -> Acted:
        call = self._calls.get(result.call)
        arguments = {} if call is None else call.arguments
        return Acted(
            result.call, result.capability, arguments, read_back(result, self._question.language),
            done=result.status is Status.DONE,
        )  # fmt: skip

    async def _may_speak(self) -> bool:
        snapshot = await self._agent.home.snapshot()
        return manner_of((), {}, snapshot, self._zone) is Manner.ALOUD

    async def _may_stream(self) -> bool:
        """Whether words may be told as they come: while the car moves they are capped first."""
        if self._streamed:
            return True
        return not is_moving(await self._agent.home.snapshot()) and await self._may_speak()

    async def _is_aloud(self, manner: Manner) -> bool:
        if manner is not Manner.LATER:
            return manner is Manner.ALOUD
        for _ in range(round(MOMENT_LIMIT_S / MOMENT_EVERY_S)):
            if await self._may_speak():
                return True
            await asyncio.sleep(MOMENT_EVERY_S)
        return False

    def _rest(self, text: str) -> str:
        """What of the whole answer was not told yet."""
        told = self._streamed.strip()
        rest = text[_alike(told, text) :]
        return self._gap + rest if rest and self._acknowledged else rest


def _asked_as_result(waiting: PendingCall) -> Result:
    """A call that waits, as if it had changed what it would."""
    changed = {effect.target: effect.value for effect in waiting.effects}
    return Result(waiting.call.id, waiting.call.capability, Status.ASKED, changed=changed)


def _alike(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def read_back(result: Result, language: Language) -> str:
    """What came of a call, as JSON: how it ended, what it changed to or found, why not."""
    told: dict[str, object] = {"status": result.status}
    if result.changed:
        told["changed"] = result.changed
    if result.data is not None:
        told["data"] = result.data
    if result.words is not None:
        told["reason"] = result.words.said_in(language)
    if result.rules:
        told["rules"] = [rule.words.said_in(language) for rule in result.rules]
    text = msgspec.json.encode(told).decode()
    if len(text) > OUTPUT_CHARACTERS:
        text = msgspec.json.encode({**told, "data": "too long to be told"}).decode()
    return text[:OUTPUT_CHARACTERS]
