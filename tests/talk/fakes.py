"""Small ears, voice and mind for a conversation's tests: what they say is told to them before.

Sound is made of frames that are speech or not by their first sample; each says so to `Frames`, and
what a whole turn says is in its samples too: the number of a sentence in `FakeEars.sentences`.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import TypeVar

from edgewise.answer.speak import Spoken
from edgewise.core.words import Language
from edgewise.errors import ModelError
from edgewise.perceive.hear import NO_WORDS, Heard, Vocabulary
from edgewise.sound.pcm import SPEAKING_HZ, Pcm
from edgewise.talk.conversation import Conversation
from edgewise.talk.events import TalkEvent
from edgewise.talk.microphones import Channel
from edgewise.talk.mind import Answer, Question
from edgewise.talk.own_voice import Echo
from edgewise.talk.settings import Settings
from edgewise.talk.waking import Waking
from edgewise.testing.clock import ManualClock

FRAME = 512
LIMIT_S = 5.0


def speech(length_ms: int, sentence: int = 1) -> bytes:
    """Speech of about that length."""
    return _frame(sentence) * max(1, round(length_ms / 32))


def quiet(length_ms: int) -> bytes:
    """Nothing, for about that long."""
    return _frame(0) * max(1, round(length_ms / 32))


def _frame(value: int) -> bytes:
    return value.to_bytes(2, "little", signed=True) * FRAME


class Frames:
    """Voice activity that reads the first sample of each frame."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[float]:
        data = self._rest + data
        whole = len(data) // (2 * FRAME) * 2 * FRAME
        self._rest = data[whole:]
        return [1.0 if data[i] else 0.0 for i in range(0, whole, 2 * FRAME)]


class FakeEars:
    """Hears the sentence whose number is in the samples; `finished` is what was set, by turn."""

    def __init__(self, *sentences: str) -> None:
        self.sentences = ("", *sentences)
        self.finished_by = 1.0
        self.asked: list[tuple[float, bool]] = []
        self.vocabularies: list[Vocabulary] = []
        self.expected: list[Language | None] = []
        self.failure: ModelError | None = None
        self.may_hear = asyncio.Event()
        self.may_hear.set()
        self.working = 0

    async def transcribe(
        self,
        sound: Pcm,
        *,
        language: Language | None = None,
        vocabulary: Vocabulary = NO_WORDS,
        is_final: bool = True,
        expected: Language | None = None,
        deadline_s: float = 20.0,
    ) -> Heard:
        self.asked.append((sound.length_s, is_final))
        self.vocabularies.append(vocabulary)
        self.expected.append(expected)
        self.working += 1
        try:
            await self.may_hear.wait()
        finally:
            self.working -= 1
        if self.failure is not None:
            raise self.failure
        text = self.words_in(sound)
        is_chinese = any(c >= "\u4e00" for c in text)
        return Heard(text, language or Language("zh" if is_chinese else "en"), 0.9, 1.0, "fake")

    def words_in(self, sound: Pcm) -> str:
        return self.sentences[max(sound.data[0::2], default=0)]

    async def finished(self, sound: Pcm, *, deadline_s: float = 2.0) -> float:
        assert sound.samples
        return self.finished_by

    async def warm(self, language: Language) -> None:
        raise AssertionError("nobody asked for this")

    async def close(self) -> None:
        raise AssertionError("a conversation does not own its ears")


class FakeVoice:
    """A tenth of a second of sound for each character, clause by clause at commas."""

    def __init__(self) -> None:
        self.spoken: list[str] = []
        self.may_speak = asyncio.Event()
        self.may_speak.set()
        self.failure: ModelError | None = None

    async def speak(
        self,
        text: str,
        language: Language,
        *,
        voice: str = "",
        speed: float = 1.0,
        deadline_s: float = 60.0,
    ) -> AsyncGenerator[Spoken, None]:
        for clause in _clauses(text):
            await self.may_speak.wait()
            if self.failure is not None:
                raise self.failure
            self.spoken.append(clause)
            yield Spoken(clause, Pcm(bytes(2 * SPEAKING_HZ // 10 * len(clause)), SPEAKING_HZ))

    async def warm(self, language: Language) -> None:
        raise AssertionError("nobody asked for this")

    async def close(self) -> None:
        raise AssertionError("a conversation does not own its voice")


def _clauses(text: str) -> list[str]:
    parts = text.split(",")
    return [part + "," for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


E = TypeVar("E", bound=TalkEvent)
Script = Callable[[Question], AsyncGenerator[Answer, None]]


class FakeMind:
    """Answers by one script after the other; one more question than scripts fails the test."""

    def __init__(self, *scripts: Script | Sequence[Answer]) -> None:
        self._scripts = list(scripts)
        self.questions: list[Question] = []
        self.closed = 0
        self.urgent: set[str] = {"stop"}

    async def answer(self, question: Question) -> AsyncGenerator[Answer, None]:
        self.questions.append(question)
        assert self._scripts, f"an unexpected question: {question.items}"
        script = self._scripts.pop(0)
        try:
            if callable(script):
                async for answer in script(question):
                    yield answer
            else:
                for answer in script:
                    yield answer
        finally:
            self.closed += 1

    async def is_urgent(self, text: str) -> bool:
        return text in self.urgent


class Scene:
    """A conversation and what it has told."""

    def __init__(
        self,
        ears: FakeEars,
        mind: FakeMind,
        voice: FakeVoice | None = None,
        settings: Settings | None = None,
        waking: Waking | None = None,
        echo: Echo | None = None,
        channels: Sequence[Channel] = (),
    ) -> None:
        self.clock = ManualClock()
        self.ears, self.mind, self.voice = ears, mind, voice
        self.talk = Conversation(
            ears,
            voice,
            mind,
            self.clock,
            settings or Settings(),
            channels=channels or (Channel(Frames(), waking, echo),),
        )
        self.told: list[TalkEvent] = []
        self._events = self.talk.events()

    async def until(self, kind: type[E], count: int = 1) -> E:
        """The next event of that kind (the `count`th), all before it noted."""
        async with asyncio.timeout(LIMIT_S):
            async for event in self._events:
                self.told.append(event)
                if isinstance(event, kind):
                    count -= 1
                    if count == 0:
                        return event
        raise AssertionError(f"no {kind.__name__}; told: {self.told}")

    async def settle(self) -> None:
        """Let everything that can go on now go on."""
        for _ in range(50):
            await asyncio.sleep(0)

    async def say(self, sentence: int, length_ms: int = 640) -> None:
        """A person says a sentence and is silent."""
        self.talk.hear(quiet(96) + speech(length_ms, sentence) + quiet(320))
        await self.settle()

    def of(self, kind: type[E]) -> list[E]:
        """What was told of that kind."""
        return [event for event in self.told if isinstance(event, kind)]

    async def rest(self) -> list[TalkEvent]:
        """Close, and all that was told."""
        await self.talk.close()
        self.told += [event async for event in self._events]
        return self.told
