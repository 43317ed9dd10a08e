"""One answer: asks the mind, tells its words as they come, and speaks them clause by clause.

The first clause is made into sound while the mind still writes the next. A voice that fails costs
the sound, not the words. It does not know who listens, nor when it must end: `conversation.py`
closes it.
"""

import asyncio
import json
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, field

from edgewise.answer.clauses import Clauses
from edgewise.answer.speak import Voice
from edgewise.core.clock import Clock
from edgewise.core.words import Language
from edgewise.errors import EdgewiseError, UserError
from edgewise.perceive.perceive import language_of
from edgewise.talk.events import (
    Failed,
    ReplyActed,
    ReplyCall,
    ReplySound,
    ReplyText,
    TalkEvent,
    Who,
)
from edgewise.talk.item import Item
from edgewise.talk.mind import Acted, Ask, Asking, Awaits, Began, Counted, Mind, Question, Say
from edgewise.talk.playing import Playing
from edgewise.talk.remembering import ITEM_CHARACTERS
from edgewise.talk.settings import Settings
from edgewise.talk.telling import Telling

MOST_CALLS = 64
"""Of one answer."""
_WAITING = 64
"""Pieces of text that may wait for the voice; then the mind waits."""


@dataclass(slots=True)
class Answering:
    """An answer in progress. `may_sound` is cleared while somebody else speaks; `keep` puts an item
    into what is remembered, behind the answer's last one; `played` is given the sound too."""

    reply: str
    item: str
    settings: Settings
    mind: Mind
    voice: Voice | None
    clock: Clock
    telling: Telling
    may_sound: asyncio.Event
    keep: Callable[[Item], None]
    new_item: Callable[[], str]
    cause: str = ""
    played: Callable[[bytes], None] = lambda data: None
    text: str = ""
    playing: Playing = field(default_factory=Playing)
    counted: Counted = field(default_factory=lambda: Counted(0, 0))
    failure: EdgewiseError | None = None
    calls: int = 0
    begun: set[str] = field(default_factory=set[str])
    has_begun: bool = False
    awaits: bool = False
    asking: Asking | None = None
    is_unspoken: bool = False
    """Words of it that were to be spoken were only shown: the voice failed."""
    is_over: bool = False
    is_muted: bool = False

    @property
    def has_acted(self) -> bool:
        """Whether something was done, begun or asked for, so that its words matter."""
        return self.calls > 0 or self.has_begun

    @property
    def is_acting(self) -> bool:
        """Whether something was begun that has not ended yet."""
        return bool(self.begun)

    @property
    def speaks(self) -> bool:
        """Whether its words are made into sound."""
        return self.settings.speaks and self.voice is not None

    @property
    def heard(self) -> str:
        """Its words as far as they were played; all where none are."""
        return self.playing.heard_words if self.speaks else self.text

    def settle(self, now: float) -> None:
        """Let what it asks wait for its yes from its last words on, or drop it where they were or
        will not be heard."""
        if (asking := self.asking) is None:
            return
        is_silent = self.is_muted or self.is_unspoken or not self.playing.has_sound
        if self.playing.is_cut or (self.speaks and is_silent):
            self.drop()
        else:
            asking.told_in(self.playing.left_s(now))

    def drop(self) -> None:
        """What it asks waits for no yes any more."""
        if self.asking is not None:
            self.asking.drop()
            self.asking = None

    async def run(self, question: Question) -> None:
        """All of it. What fails in the mind is `failure`; the words before it are spoken."""
        waiting: asyncio.Queue[Say | None] = asyncio.Queue(_WAITING)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._speak_all(waiting, question.language))
            try:
                await self._read(question, waiting)
            except EdgewiseError as error:
                self.failure = error
            await waiting.put(None)

    async def _read(self, question: Question, waiting: asyncio.Queue[Say | None]) -> None:
        """The mind's answer, its words cut into clauses for the voice."""
        cutter = Cutter(question.language)
        async with aclosing(self.mind.answer(question)) as answers:
            async for answer in answers:
                match answer:
                    case Say():
                        self._tell(answer.text)
                        for say in cutter.add(answer):
                            await waiting.put(say)
                    case Ask():
                        self._ask(answer)
                    case Began():
                        self.has_begun = True
                        self.begun.add(answer.call)
                    case Acted():
                        self.begun.discard(answer.call)
                        self._act(answer)
                    case Awaits():
                        self.awaits = True
                        self.asking = answer.asking or self.asking
                    case Counted():
                        self.counted = answer
        for say in cutter.rest():
            await waiting.put(say)

    def _emit(self, event: TalkEvent) -> None:
        """Nothing is told of an answer after its end, though it takes a moment to stop."""
        if not self.is_over:
            self.telling.tell(event)

    def _tell(self, text: str) -> None:
        if len(self.text) + len(text) > ITEM_CHARACTERS:
            raise UserError(
                f"an answer of more than {ITEM_CHARACTERS:,} characters; ask for a shorter one",
                code="answer_too_long",
            )
        self.text += text
        self._emit(ReplyText(self.reply, self.item, text))

    def _ask(self, ask: Ask) -> None:
        name = self._counted_item()
        self.keep(_item_of(name, ask.call, ask.name, ask.arguments, None))
        self._emit(ReplyCall(self.reply, name, ask.call, ask.name, ask.arguments))

    def _act(self, acted: Acted) -> None:
        name = self._counted_item()
        arguments = json.dumps(acted.arguments, ensure_ascii=False)
        self.keep(_item_of(name, acted.call, acted.name, arguments, acted.output))
        self._emit(
            ReplyActed(
                self.reply, name, acted.call, acted.name, acted.arguments, acted.output, acted.done
            )
        )

    def _counted_item(self) -> str:
        self.calls += 1
        if self.calls > MOST_CALLS:
            told = f"an answer with more than {MOST_CALLS} calls; ask for less at once"
            raise UserError(told, code="answer_too_long")
        return self.new_item()

    async def _speak_all(self, waiting: asyncio.Queue[Say | None], language: Language) -> None:
        voice = self.voice if self.settings.speaks else None
        while (say := await waiting.get()) is not None:
            if voice is not None and say.aloud and not self.is_muted:
                before = len(self.playing.text)
                try:
                    await self._speak(voice, say.text, language)
                except EdgewiseError as error:
                    self._emit(Failed(error.code, str(error), self.cause))
                    self.is_unspoken = True
                    voice = None
                    rest = say.text[len(self.playing.text) - before :]
                    self.playing.show(rest, self.clock.monotonic())
            else:
                self.playing.show(say.text, self.clock.monotonic())

    async def _speak(self, voice: Voice, text: str, language: Language) -> None:
        settings = self.settings
        language = language_of(text, language)
        spoken = voice.speak(text, language, voice=settings.voice, speed=settings.speed)
        async with aclosing(spoken) as clauses:
            async for clause in clauses:
                await self.may_sound.wait()
                await self.telling.room()
                if self.is_over or self.is_muted:
                    return
                now = self.clock.monotonic()
                self.playing.send(clause.text, clause.sound.samples, now)
                self.played(clause.sound.data)
                self._emit(ReplySound(self.reply, self.item, clause.sound.data, clause.text))


def _item_of(name: str, call: str, function: str, arguments: str, output: str | None) -> Item:
    return Item(name, Who.AGENT, call=call, name=function, arguments=arguments, output=output)


class Cutter:
    """Words as they come, cut where a voice can begin (`answer/clauses.py`)."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._clauses = Clauses(language)
        self._aloud = True
        self._begun = False

    def add(self, say: Say) -> list[Say]:
        """What can be spoken by now."""
        ready = self.rest() if say.aloud is not self._aloud else []
        self._aloud = say.aloud
        ready += self._joined(self._clauses.feed(say.text))
        return [*ready, *self.rest()] if say.ends else ready

    def rest(self) -> list[Say]:
        """What is left."""
        ready = self._joined(self._clauses.end())
        self._clauses = Clauses(self._language, starts=not self._begun)
        return ready

    def _joined(self, clauses: list[str]) -> list[Say]:
        text = "".join(clauses)
        self._begun = self._begun or bool(text)
        return [Say(text, self._aloud)] if text else []
