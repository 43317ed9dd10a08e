"""One answer: the mind's words, cut for the voice."""

import asyncio
from collections.abc import Sequence

import pytest

from edgewise.core.words import Language
from edgewise.talk.events import ReplyActed, ReplyCall, ReplySound, ReplyText
from edgewise.talk.item import Item
from edgewise.talk.mind import Acted, Answer, Ask, Counted, Question, Say
from edgewise.talk.remembering import ITEM_CHARACTERS, Memory
from edgewise.talk.settings import Settings
from edgewise.talk.speaking import MOST_CALLS, Answering, Cutter
from edgewise.talk.telling import Telling
from edgewise.testing.clock import ManualClock
from tests.talk.fakes import FakeMind, FakeVoice

QUESTION = Question((), Language.ENGLISH)


class Kept:
    """An answer, what it told and what it kept."""

    def __init__(self, answers: Sequence[Answer], voice: FakeVoice | None = None) -> None:
        self.memory = Memory()
        self.telling = Telling()
        may_sound = asyncio.Event()
        may_sound.set()
        names = (f"n{number}" for number in range(1000))
        self.answering = Answering(
            "r", "i", Settings(), FakeMind(answers), voice, ManualClock(), self.telling,
            may_sound, self._keep, lambda: next(names),
        )  # fmt: skip

    @property
    def items(self) -> tuple[Item, ...]:
        return self.memory.items

    def _keep(self, item: Item) -> None:
        self.memory.add(item)

    async def run(self) -> Answering:
        await asyncio.wait_for(self.answering.run(QUESTION), 5)
        return self.answering


def cut(pieces: Sequence[str], language: Language = Language.ENGLISH) -> list[str]:
    cutter = Cutter(language)
    said = [say.text for piece in pieces for say in cutter.add(Say(piece))]
    return said + [say.text for say in cutter.rest()]


def test_the_first_clause_is_short_and_nothing_is_lost():
    pieces = ["The range is 21.5 km, ", "which takes you ", "home. Charge", " soon."]
    said = cut(pieces)
    assert said[0] == "The range is 21.5 km, "
    assert "".join(said) == "".join(pieces)


def test_chinese_is_cut_at_its_own_marks():
    assert cut(["好的，车窗", "已打开。还有", "别的吗？"], Language.CHINESE)[0] == "好的，"


def test_words_that_end_are_not_held_back():
    cutter = Cutter(Language.ENGLISH)
    assert cutter.add(Say("OK.")) == []
    cutter = Cutter(Language.ENGLISH)
    assert cutter.add(Say("OK.", ends=True)) == [Say("OK.")]


def test_what_is_aloud_is_never_joined_with_what_is_not():
    cutter = Cutter(Language.ENGLISH)
    assert cutter.add(Say("Read it")) == []
    assert cutter.add(Say("secret", aloud=False)) == [Say("Read it")]
    assert cutter.rest() == [Say("secret", aloud=False)]


async def test_all_that_a_mind_gives_is_told_in_order():
    kept = Kept([
        Ask("c1", "weather", '{"place": "here"}'),
        Acted("c2", "window.open", {"zone": "driver"}, "open", done=True),
        Say("Done."),
        Counted(3, 4),
    ])  # fmt: skip
    answering = await kept.run()
    assert [type(event) for event in kept.telling.waiting] == [ReplyCall, ReplyActed, ReplyText]
    assert [(item.call, item.output) for item in kept.items] == [("c1", None), ("c2", "open")]
    assert (answering.counted, answering.has_acted) == (Counted(3, 4), True)
    assert answering.heard == "Done."


async def test_sound_says_the_very_words():
    kept = Kept([Say("One, two, "), Say("three.")], FakeVoice())
    await kept.run()
    sounds = [event for event in kept.telling.waiting if isinstance(event, ReplySound)]
    assert "".join(sound.says for sound in sounds) == "One, two, three."
    assert all(sound.data for sound in sounds)


@pytest.mark.parametrize(
    "answers",
    [
        [Say("x" * (ITEM_CHARACTERS // 2))] * 3,
        [Acted("c", "f", {}, "", done=True)] * (MOST_CALLS + 1),
        [Ask("c", "f", "x" * (ITEM_CHARACTERS + 1))],
    ],
    ids=["words", "calls", "arguments"],
)
async def test_an_answer_without_end_is_ended(answers: list[Answer]):
    answering = await Kept(answers).run()
    assert answering.failure is not None
    assert answering.failure.code in ("answer_too_long", "item_too_long")
    assert len(answering.text) <= ITEM_CHARACTERS
