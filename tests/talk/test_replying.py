"""Answers, one at a time."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from edgewise.core.words import Language
from edgewise.errors import UserError
from edgewise.talk.events import Ended, ReplyEnded, ReplyPaused, ReplyResumed, ReplyStarted, Who
from edgewise.talk.item import Item
from edgewise.talk.mind import Acted, Answer, Question, Say
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
