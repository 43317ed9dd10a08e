"""Answers, one at a time."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from edgewise.core.words import Language
from edgewise.errors import ModelError, UserError
from edgewise.talk.events import Ended, ReplyEnded, ReplyPaused, ReplyResumed, ReplyStarted, Who
from edgewise.talk.item import Item
from edgewise.talk.mind import Acted, Answer, Awaits, Question, Say
from edgewise.talk.remembering import Memory
from edgewise.talk.replying import PLAYED_KEPT, Replying
from edgewise.talk.settings import Settings
from edgewise.talk.speaking import Answering
from edgewise.talk.telling import Telling
from edgewise.testing.clock import ManualClock
from tests.talk.fakes import FakeMind, FakeVoice, Script


async def question() -> Question:
    return Question((), Language.ENGLISH)


async def faulty(asked: Question) -> AsyncGenerator[Answer, None]:
    yield Say("I ")
    raise RuntimeError("a fault of this mind")


class Waits:
    """A question that waits for a yes: what it was told, in order."""

    def __init__(self) -> None:
        self.told: list[float | str] = []

    def told_in(self, left_s: float) -> None:
        self.told.append(round(left_s, 3))

    def drop(self) -> None:
        self.told.append("dropped")

    @property
    def script(self) -> list[Answer]:
        return [Awaits(self), Say("Shall I? "), Say("(yes)", aloud=False)]


SPOKEN_S = 0.9
"""How long "Shall I? " is spoken by the fake voice."""


class Stage:
    """Answers of one conversation."""

    def __init__(self, *scripts: Script | list[Answer], voice: FakeVoice | None = None) -> None:
        self.clock, self.telling, self.memory = ManualClock(), Telling(), Memory()
        self.ended: list[Answering] = []
        self.end = asyncio.Event()
        self.replying = Replying(
            FakeMind(*scripts), voice, self.clock, self.telling, self.memory, self._note
        )

    def _note(self, answering: Answering) -> None:
        self.ended.append(answering)
        self.end.set()

    async def answered(self, *, keeps: bool = True) -> ReplyEnded:
        self.replying.begin(Settings(), question, keeps=keeps)
        await asyncio.wait_for(self.end.wait(), 5)
        self.end.clear()
        (ended,) = [e for e in self.telling.waiting if isinstance(e, ReplyEnded)][-1:]
        return ended


async def test_an_answer_stands_behind_what_it_answers_though_more_was_said():
    go = asyncio.Event()

    async def slow(asked: Question) -> AsyncGenerator[Answer, None]:
        await go.wait()
        yield Acted("c1", "f", {}, "done", done=True)
        yield Say("Yes.")

    stage = Stage(slow)
    stage.memory.add(Item("p1", Who.PERSON, "a"))
    stage.replying.begin(Settings(), question)
    stage.memory.add(Item("p2", Who.PERSON, "b"))
    go.set()
    await asyncio.wait_for(stage.end.wait(), 5)
    assert [item.text or item.name for item in stage.memory.items] == ["a", "f", "Yes.", "b"]
    (started,) = [e for e in stage.telling.waiting if isinstance(e, ReplyStarted)]
    assert started.previous == "p1"
    await stage.replying.close()


async def test_an_answer_beside_the_conversation_leaves_nothing_in_it():
    stage = Stage([Say("beside")])
    assert (await stage.answered(keeps=False)).text == "beside"
    assert stage.memory.items == ()


async def test_a_fault_ends_the_answer_and_not_the_conversation(caplog: pytest.LogCaptureFixture):
    stage = Stage(faulty, [Say("again")])
    ended = await stage.answered()
    assert (ended.ended, ended.code) == (Ended.FAILED, "internal")
    assert "a fault of this mind" in caplog.text
    assert (await stage.answered()).ended is Ended.COMPLETED


async def test_who_holds_is_told_when_to_go_on_and_only_then():
    stage = Stage([Say("one two three")], voice=FakeVoice())
    stage.replying.release()
    await stage.answered()
    stage.replying.pause()
    assert stage.replying.is_heard
    stage.clock.advance(60)
    assert stage.replying.is_heard
    stage.replying.release()
    stage.replying.release()
    kinds = [type(e) for e in stage.telling.waiting if isinstance(e, ReplyPaused | ReplyResumed)]
    assert kinds == [ReplyPaused, ReplyResumed]


async def test_what_was_played_long_ago_can_not_be_truncated():
    stage = Stage(*([[Say("a")]] * (PLAYED_KEPT + 1)), voice=FakeVoice())
    first = await stage.answered()
    for _ in range(PLAYED_KEPT):
        await stage.answered()
    with pytest.raises(UserError) as raised:
        stage.replying.truncate(first.item, 10)
    assert raised.value.code == "unknown_item"


async def test_an_answer_that_is_cut_is_told_at_once_and_tells_nothing_after():
    stage = Stage([Say("one two three")], voice=FakeVoice())
    stage.replying.begin(Settings(), question)
    await asyncio.sleep(0)
    stage.replying.cut(Ended.CANCELLED)
    told = stage.telling.waiting
    assert isinstance(told[-1], ReplyEnded)
    await stage.replying.close()
    assert stage.telling.waiting == told
    assert len(stage.ended) == 1


async def test_a_question_waits_from_the_end_of_its_words_on():
    waits = Waits()
    stage = Stage(waits.script, voice=FakeVoice())
    await stage.answered()
    assert waits.told == [SPOKEN_S]
    stage.clock.advance(0.5)
    stage.replying.pause()
    stage.clock.advance(60)
    stage.replying.release()
    assert waits.told == [SPOKEN_S, 0.4]


async def test_a_question_that_is_only_shown_waits_at_once():
    waits = Waits()
    await Stage(waits.script).answered()
    assert waits.told == [0.0]


@pytest.mark.parametrize(
    ("heard_s", "told"), [(0.3, [SPOKEN_S, "dropped"]), (0.7, [SPOKEN_S, 0.0])]
)
async def test_a_question_that_is_cut_before_its_last_words_is_dropped(
    heard_s: float, told: list[float | str]
):
    by_person, by_client = Waits(), Waits()
    stage = Stage(by_person.script, by_client.script, voice=FakeVoice())
    await stage.answered()
    stage.clock.advance(heard_s)
    stage.replying.cut(Ended.INTERRUPTED)
    assert by_person.told == told
    ended = await stage.answered()
    stage.replying.truncate(ended.item, round(heard_s * 1000))
    assert by_client.told == told


async def test_a_question_is_dropped_when_its_conversation_ends_before_its_end():
    waits = Waits()
    stage = Stage(waits.script, voice=FakeVoice())
    await stage.answered()
    stage.clock.advance(0.3)
    await stage.replying.close()
    assert waits.told == [SPOKEN_S, "dropped"]


async def test_a_question_that_is_still_made_is_dropped_by_a_cut():
    waits, voice = Waits(), FakeVoice()
    voice.may_speak.clear()
    stage = Stage(waits.script, voice=voice)
    stage.replying.begin(Settings(), question)
    for _ in range(50):
        await asyncio.sleep(0)
    stage.replying.cut(Ended.CANCELLED)
    assert waits.told == ["dropped"]


async def test_a_question_that_nobody_hears_is_dropped():
    muted, voiceless, voice = Waits(), Waits(), FakeVoice()
    voice.may_speak.clear()
    stage = Stage(muted.script, voiceless.script, voice=voice)
    stage.replying.begin(Settings(), question)
    stage.replying.mute()
    voice.may_speak.set()
    await asyncio.wait_for(stage.end.wait(), 5)
    stage.end.clear()
    voice.failure = ModelError("no voice", code="no_voice")
    await stage.answered()
    assert (muted.told, voiceless.told) == (["dropped"], ["dropped"])


async def test_what_is_said_while_a_question_is_spoken_is_no_answer_to_it():
    early, in_time = Waits(), Waits()
    stage = Stage(early.script, in_time.script, [Say("a")], voice=FakeVoice())
    await stage.answered()
    stage.clock.advance(0.3)
    await stage.answered()
    stage.clock.advance(60)
    await stage.answered()
    assert early.told == [SPOKEN_S, "dropped"]
    assert in_time.told == [SPOKEN_S]
