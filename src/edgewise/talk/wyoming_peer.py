"""One peer of the Wyoming server: what it asks, in order, with the engines of this device.

It may describe, transcribe, synthesize (whole or as text comes), detect wake words, and hand over
words to be done (`transcript` -> `handled`). Sound and text are bounded; a request at a time is
worked on, a few wait. What fails is told by `error`, and the connection ends: clients of older
versions know no such event and would wait.

Words become a turn of `mind`; who they count as is decided by who made it. The protocol has no
authentication, so nothing here trusts a peer.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, TypeVar

from wyoming.asr import Transcribe, Transcript
from wyoming.audio import AudioChunk, AudioStart
from wyoming.error import Error
from wyoming.event import Event
from wyoming.handle import Handled, NotHandled
from wyoming.ping import Ping, Pong
from wyoming.tts import Synthesize, SynthesizeChunk, SynthesizeStart, SynthesizeStop
from wyoming.wake import Detect

from edgewise.answer.speak import Voice
from edgewise.core.words import Language, Words
from edgewise.core.zone import Zone
from edgewise.errors import EdgewiseError, LinkError, ModelError, UserError
from edgewise.perceive.hear import NO_WORDS, Ears, Vocabulary
from edgewise.perceive.perceive import language_of
from edgewise.talk.events import Who
from edgewise.talk.item import Item
from edgewise.talk.mind import Acted, Mind, Question, Say
from edgewise.talk.waking import Spotter
from edgewise.talk.wyoming_hearing import Hearing
from edgewise.talk.wyoming_offer import Offer, info_of
from edgewise.talk.wyoming_saying import Saying
from edgewise.talk.wyoming_sound import Incoming
from edgewise.talk.wyoming_waking import Watching
from edgewise.talk.wyoming_wire import Wire

_log = logging.getLogger("edgewise.talk")

MOST_CHARACTERS = 4000
"""Of text in one request."""
MOST_WAITING = 4
"""Requests behind the one that is worked on."""
MOST_NAMES = 100
MOST_NAME_CHARACTERS = 80
"""Of the words that a client expects in a transcription."""


@dataclass(frozen=True, slots=True)
class House:
    """What a peer may use. `mind` makes who answers words, by the name of a conversation (empty:
    one of its own), for a person at `zone` or a program; `spotter` what hears the wake words of
    these names (none: the usual one)."""

    offer: Offer
    ears: Ears | None = None
    voice: Voice | None = None
    spotter: Callable[[Sequence[str]], Spotter] | None = None
    mind: Callable[[str], Mind] | None = None
    vocabulary: Callable[[Language | None], Vocabulary] = lambda language: NO_WORDS
    language: Language | None = None
    zone: Zone | None = None


class Peer:
    """Serves one connection until it ends."""

    def __init__(self, wire: Wire, house: House) -> None:
        self._wire = wire
        self._house = house
        self._incoming = Incoming()
        self._hearing: Hearing | None = None
        self._ending: set[asyncio.Task[None]] = set()
        self._watching: Watching | None = None
        self._saying: Saying | None = None
        self._jobs: asyncio.Queue[Coroutine[Any, Any, None]] = asyncio.Queue(MOST_WAITING)

    async def serve(self) -> None:
        """All that it asks. What is wrong of a request is told to the peer, and ends it."""
        work = asyncio.create_task(self._work_off())
        reading = asyncio.create_task(self._read_all())
        try:
            await asyncio.wait({work, reading}, return_when=asyncio.FIRST_COMPLETED)
            failed = work if work.done() else reading
            error = failed.exception()
            if isinstance(error, EdgewiseError):
                await self._refuse(error)
            elif error is not None:
                raise error
        finally:
            await self._end({work, reading})

    async def _end(self, tasks: set[asyncio.Task[None]]) -> None:
        for task in tasks:
            task.cancel()
        self._drop_hearing()
        await asyncio.gather(*tasks, *self._ending, return_exceptions=True)
        self._drop_watching()
        while not self._jobs.empty():
            self._jobs.get_nowait().close()

    async def _refuse(self, error: EdgewiseError) -> None:
        _log.info("wyoming: a request of %s failed: %s", self._wire.peer, error)
        try:
            await self._wire.write(Error(str(error), error.code))
        except LinkError:
            return

    async def _work_off(self) -> None:
        while True:
            await (await self._jobs.get())

    async def _read_all(self) -> None:
        while (event := await self._wire.read()) is not None:
            try:
                await self._take(event)
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                told = f"{event.type} is not as in the protocol: {error!r}"
                raise LinkError(told, code="bad_event") from error
        await self._rest()

    async def _rest(self) -> None:
        """A peer that sends no more may still read: what it asked is finished."""
        if self._saying is not None:
            self._saying.end()
        finished = asyncio.Event()

        async def mark() -> None:
            finished.set()

        self._add(mark())
        await finished.wait()

    def _add(self, job: Coroutine[Any, Any, None]) -> None:
        try:
            self._jobs.put_nowait(job)
        except asyncio.QueueFull as error:
            job.close()
            told = f"more than {MOST_WAITING} requests wait; wait for their answers"
            raise UserError(told, code="too_many_requests") from error

    async def _take(self, event: Event) -> None:
        """Events that are not known are dropped, as the protocol wants it."""
        match event.type:
            case "audio-chunk":
                await self._hear(event)
            case "audio-stop":
                await self._stop()
            case "audio-start":
                self._start(event)
            case "describe":
                await self._wire.write(info_of(self._house.offer))
            case "ping":
                await self._wire.write(Pong(Ping.from_event(event).text))
            case "transcribe":
                self._transcribe(Transcribe.from_event(event))
            case "detect":
                self._detect(Detect.from_event(event))
            case "transcript":
                said = Transcript.from_event(event)
                self._add(self._handle(_checked_text(said.text), said))
            case "synthesize" | "synthesize-start" | "synthesize-chunk" | "synthesize-stop":
                await self._speak(event)
            case _:
                pass

    # Ears

    def _transcribe(self, asked: Transcribe) -> None:
        self._drop_watching()
        ears = _there(self._house.ears, "ears", "hear")
        language = _language(asked.language) or self._house.language
        named = (*(asked.transcript_names or ()), *(asked.transcript_terms or ()))[:MOST_NAMES]
        names = (str(name)[:MOST_NAME_CHARACTERS] for name in named)
        known = self._house.vocabulary(language)
        vocabulary = Vocabulary((*names, *known.words))
        self._drop_hearing()
        self._hearing = Hearing(self._wire, ears, language, vocabulary)

    def _start(self, event: Event) -> None:
        AudioStart.from_event(event)
        self._incoming = Incoming()
        if self._watching is None and self._hearing is None:
            self._transcribe(Transcribe())

    async def _hear(self, event: Event) -> None:
        data = self._incoming.feed(event)
        if self._watching is not None:
            at_ms = AudioChunk.from_event(event).timestamp
            if (found := self._watching.feed(data, at_ms)) is not None:
                await self._wire.write(found)
        elif self._hearing is not None:
            self._hearing.add(data)

    async def _stop(self) -> None:
        if self._watching is not None:
            self._watching.feed(self._incoming.end(), None)
            if not self._watching.has_found:
                await self._wire.write(self._watching.not_found())
            self._drop_watching()
        elif self._hearing is not None:
            hearing, self._hearing = self._hearing, None
            hearing.add(self._incoming.end())
            self._add(hearing.finish())

    def _drop_hearing(self) -> None:
        if self._hearing is not None:
            self._ending.add(ended := asyncio.create_task(self._hearing.close()))
            ended.add_done_callback(self._ending.discard)
            self._hearing = None

    # Wake words

    def _detect(self, asked: Detect) -> None:
        if self._house.spotter is None:
            raise ModelError(_NONE.format("wake words", "hear"), code="model_missing")
        names = tuple(str(name) for name in asked.names or ())
        self._drop_watching()
        self._drop_hearing()
        self._watching = Watching(self._house.spotter(names))

    def _drop_watching(self) -> None:
        if self._watching is not None:
            self._watching.close()
            self._watching = None

    # Voice

    async def _speak(self, event: Event) -> None:
        voice = _there(self._house.voice, "voice", "speak")
        match event.type:
            case "synthesize":
                if self._saying is None:  # else it is the same text again, for older servers
                    asked = Synthesize.from_event(event)
                    text = _checked_text(asked.text)
                    _check_plain(asked.text_format)
                    saying = Saying(self._wire, voice, asked.voice, self._house.language)
                    saying.add(text)
                    saying.end()
                    self._add(saying.run(streams=False))
            case "synthesize-start":
                if self._saying is not None:
                    self._saying.end()
                begun = SynthesizeStart.from_event(event)
                _check_plain(begun.text_format)
                self._saying = Saying(self._wire, voice, begun.voice, self._house.language)
                self._add(self._saying.run(streams=True))
            case "synthesize-chunk" if self._saying is not None:
                text = _checked_text(SynthesizeChunk.from_event(event).text)
                if self._saying.characters + len(text) > MOST_CHARACTERS:
                    raise _too_long(self._saying.characters + len(text))
                self._saying.add(text)
            case "synthesize-stop" if self._saying is not None:
                SynthesizeStop.from_event(event)
                self._saying.end()
                self._saying = None
            case _:
                pass

    # The agent

    async def _handle(self, text: str, said: Transcript) -> None:
        if self._house.mind is None:
            raise UserError("this device hands no words to its agent here", code="not_offered")
        context = said.context if isinstance(said.context, dict) else None
        named: Any = (context or {}).get("conversation_id")
        mind = self._house.mind(named if isinstance(named, str) else "")
        language = _language(said.language) or self._house.language or language_of(text)
        item = Item("said", Who.PERSON, text, language=language)
        words, done = await _answered(mind, Question((item,), language, zone=self._house.zone))
        result = Handled if done else NotHandled
        await self._wire.write(result(words, context))


async def _answered(mind: Mind, question: Question) -> tuple[str, bool]:
    """The words of the answer that may be said aloud, which a client does with them, and whether
    what was asked was done: not where all that was tried failed or was refused, or the mind did."""
    words: list[str] = []
    acts: list[bool] = []
    is_shown = False
    answers: AsyncGenerator[Any, None] = mind.answer(question)
    try:
        async with aclosing(answers):
            async for answer in answers:
                match answer:
                    case Say() if answer.aloud:
                        words.append(answer.text)
                    case Say():
                        is_shown = True
                    case Acted():
                        acts.append(answer.done)
                    case _:
                        pass
    except EdgewiseError as error:
        return str(error), False
    text = "".join(words).strip()
    if is_shown and not text:
        text = _SHOWN.said_in(question.language)
    return text, bool(text) and (not acts or any(acts))


def _language(named: str | None) -> Language | None:
    """`zh-CN` is zh; None for none and for one that is not spoken here."""
    short = (named or "").replace("_", "-").split("-")[0].lower()
    return Language(short) if short in tuple(Language) else None


def _checked_text(text: Any) -> str:
    if not isinstance(text, str):
        raise LinkError("a text that is none", code="bad_event")
    if len(text) > MOST_CHARACTERS:
        raise _too_long(len(text))
    return text


def _too_long(characters: int) -> UserError:
    told = f"a text of {characters:,} characters; the limit is {MOST_CHARACTERS:,}"
    return UserError(told, code="text_too_long")


def _check_plain(text_format: Any) -> None:
    named = getattr(text_format, "value", text_format)
    if named not in (None, "text"):
        raise UserError(f"text as {named!r}; only plain text is spoken", code="not_offered")


_SHOWN = Words("The answer is shown on the device only.", "答案仅在设备上显示。")
_NONE = "this device has no {0}; install: pip install 'edgewise[{1}]', edgewise models"


Sense = TypeVar("Sense")


def _there(sense: Sense | None, name: str, extra: str) -> Sense:
    if sense is None:
        raise ModelError(_NONE.format(name, extra), code="model_missing")
    return sense
