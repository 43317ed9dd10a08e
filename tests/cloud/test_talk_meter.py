"""Hearing and speaking are billed once each, however an answer ends; over a budget they stop."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from edgewise.cloud.budget import Budget, Period, ScopeKind
from edgewise.cloud.caller import Caller
from edgewise.cloud.config import ModelConfig, ModelKind, Route
from edgewise.cloud.ledger import Outcome
from edgewise.cloud.prices import Price
from edgewise.cloud.refusal import key_revoked
from edgewise.cloud.talk_meter import MOST_SPOKEN, MeteredTalk
from edgewise.core.words import Language
from edgewise.talk.events import (
    Cleared,
    Committed,
    Ended,
    Failed,
    Hearing,
    NotTranscribed,
    ReplyEnded,
    ReplySound,
    ReplyStarted,
    ReplyText,
    TalkEvent,
    Transcribed,
    Truncated,
    Who,
)
from edgewise.talk.item import Item
from tests.cloud.running import Running, running_cloud
from tests.talk.realtime.fake_talk import FakeTalk

EARS = ModelConfig("ears", (Route("up"),), kind=ModelKind.TRANSCRIPTION)
VOICE = ModelConfig("voice", (Route("up"),), kind=ModelKind.SPEECH)
PRICES = (
    Price("ears", date(2020, 1, 1), audio_input=Decimal(60)),
    Price("voice", date(2020, 1, 1), characters=Decimal(1_000_000)),
)
HEARD = Transcribed("i", "hi", Language.ENGLISH, 0.9, 1.25)
SOUND = ReplySound("r", "i", bytes(4800), "abc")


class Scene:
    """A fake conversation, metered by a real gateway."""

    def __init__(self, platform: Running) -> None:
        self.platform = platform
        self.talk = FakeTalk()
        made = platform.cloud.first_start
        assert made is not None
        found = platform.cloud.find(platform.key)
        assert found is not None
        self.caller: Caller = found
        self.revoked = False
        self.ended = 0
        self.metered = MeteredTalk(
            self.talk, platform.cloud.gateway, self.ask, EARS, VOICE, self.end
        )
        self._events = self.metered.events()

    def ask(self) -> Caller:
        if self.revoked:
            raise key_revoked()
        return self.caller

    def end(self) -> None:
        self.ended += 1

    async def happen(self, *events: TalkEvent) -> list[TalkEvent]:
        """What is told of these."""
        marker = Truncated("marker", 0)
        self.talk.happen(*events, marker)
        told: list[TalkEvent] = []
        async for event in self._events:
            if event is marker:
                return told
            told.append(event)
        raise AssertionError("it ended")

    @property
    def entries(self) -> list[Any]:
        return list(self.platform.cloud.ledger.recent)

    def limit(self, whole: int) -> None:
        """A budget of that many units for the key's project."""
        budget = Budget(
            "b", ScopeKind.PROJECT, self.caller.project, Period.TOTAL, whole * 1_000_000_000
        )
        self.platform.cloud.budgets.load([budget], {})


@asynccontextmanager
async def scene(folder: Path) -> AsyncGenerator[Scene]:
    models = (ModelConfig("fake", (Route("up"),)), EARS, VOICE)
    async with running_cloud(folder, price=PRICES, model=models) as platform:
        yield Scene(platform)


async def test_what_was_heard_is_billed_by_its_length_once(tmp_path: Path):
    async with scene(tmp_path) as at:
        assert await at.happen(HEARD) == [HEARD]
        (entry,) = at.entries
    assert (entry.facts.endpoint, entry.facts.model) == ("realtime", "ears")
    assert (entry.usage.audio_input_ms, entry.outcome) == (1250, Outcome.DONE)


@pytest.mark.parametrize(
    ("ended", "outcome"),
    [
        (Ended.COMPLETED, Outcome.DONE),
        (Ended.CANCELLED, Outcome.CANCELLED),
        (Ended.INTERRUPTED, Outcome.CANCELLED),
        (Ended.FAILED, Outcome.FAILED),
    ],
)
async def test_an_answers_sound_is_billed_when_it_ends(
    tmp_path: Path, ended: Ended, outcome: Outcome
):
    async with scene(tmp_path) as at:
        await at.happen(SOUND, SOUND)
        assert at.entries == []
        assert len(at.platform.cloud.ledger.running) == 1
        await at.happen(ReplyEnded("r", "i", ended, "abcabc", "abc"))
        (entry,) = at.entries
        assert not at.platform.cloud.ledger.running
    assert (entry.usage.characters, entry.usage.audio_output_ms) == (6, 200)
    assert entry.outcome is outcome


async def test_a_conversation_that_is_left_is_billed_for_what_was_said(tmp_path: Path):
    async with scene(tmp_path) as at:
        await at.happen(SOUND)
        await at.metered.close()
        (entry,) = at.entries
        assert not at.platform.cloud.ledger.running
    assert (entry.outcome, entry.usage.characters) == (Outcome.DISCONNECTED, 3)


async def test_a_key_that_is_revoked_hears_and_says_no_more(tmp_path: Path):
    async with scene(tmp_path) as at:
        await at.happen(SOUND)
        (flight,) = at.platform.cloud.ledger.running.values()
        flight.end(key_revoked())
        assert at.ended == 1
        at.revoked = True
        (told,) = await at.happen(HEARD)
        assert isinstance(told, NotTranscribed)
        assert told.code == "key_revoked"
        other = ReplySound("r2", "i", bytes(4800), "abc")
        (failed,) = await at.happen(other, other)
        assert isinstance(failed, Failed)
        assert at.talk.taken("cancel")[-1] == ("r2", "")
        assert not [one for one in at.entries if one.usage.characters == 6]
        await at.metered.close()  # else the platform waits for what is still said


async def test_a_budget_that_is_spent_ends_the_sound_of_an_answer(tmp_path: Path):
    async with scene(tmp_path) as at:
        at.limit(MOST_SPOKEN.characters)
        long = ReplySound("r", "i", bytes(4800), "x" * MOST_SPOKEN.characters)
        assert await at.happen(long) == [long]
        (failed,) = await at.happen(SOUND, SOUND)
        assert isinstance(failed, Failed)
        assert failed.code == "budget_exceeded"
        assert at.talk.taken("cancel") == [("r", "")]
        await at.happen(ReplyEnded("r", "i", Ended.CANCELLED, "", ""))
        (entry,) = at.entries
        assert entry.usage.characters >= MOST_SPOKEN.characters
        (told,) = await at.happen(HEARD)
        assert isinstance(told, NotTranscribed)
        assert told.code == "budget_exceeded"


SECOND = bytes(32_000)  # of sound, as it is heard


async def test_words_told_while_one_speaks_are_billed_though_the_sound_is_thrown_away(
    tmp_path: Path,
):
    async with scene(tmp_path) as at:
        at.metered.hear(SECOND * 2)
        partial = Hearing("i", "turn on")
        assert await at.happen(partial, partial) == [partial, partial]
        assert at.entries == []
        await at.happen(Cleared())
        (entry,) = at.entries
        assert not at.platform.cloud.ledger.running
    assert (entry.facts.model, entry.usage.audio_input_ms) == ("ears", 2000)


async def test_words_told_on_the_way_and_at_the_end_are_billed_once_by_their_length(
    tmp_path: Path,
):
    async with scene(tmp_path) as at:
        at.metered.hear(SECOND * 2)
        await at.happen(Hearing("i", "h"), Committed("i", "", 1.25), HEARD)
        at.metered.hear(SECOND)
        await at.happen(Hearing("j", "h"))
        await at.metered.close()
        assert [entry.usage.audio_input_ms for entry in at.entries] == [1250, 1000]
        assert not at.platform.cloud.ledger.running


async def test_sound_that_only_the_model_is_told_is_billed_when_it_is_committed(tmp_path: Path):
    async with scene(tmp_path) as at:
        at.talk.settings = replace(at.talk.settings, transcribes=False)
        await at.happen(Committed("i", "", 1.25))
        (entry,) = at.entries
        assert (entry.usage.audio_input_ms, entry.outcome) == (1250, Outcome.DONE)
        await at.happen(HEARD)
        assert len(at.entries) == 1


async def test_where_nothing_may_be_heard_no_words_are_told_and_the_sound_is_dropped(
    tmp_path: Path,
):
    async with scene(tmp_path) as at:
        at.revoked = True
        at.metered.hear(SECOND)
        told = await at.happen(Hearing("i", "my"), Hearing("i", "my secret"))
        (failed,) = told
        assert isinstance(failed, Failed)
        assert failed.code == "key_revoked"
        assert at.talk.taken("clear") == [()]


async def test_what_may_not_be_heard_is_forgotten_and_not_answered(tmp_path: Path):
    async with scene(tmp_path) as at:
        at.revoked = True
        at.talk.items = (Item("i", Who.PERSON, "my secret", by_sound=True),)
        told = await at.happen(
            Committed("i", "", 1.25), ReplyStarted("r", "a", "i"), ReplyText("r", "a", "my secret")
        )
        assert told == [Committed("i", "", 1.25), ReplyStarted("r", "a", "i")]
        assert [item.text for item in at.metered.items] == [""]
        assert at.talk.taken("delete") == [("i", "")]
        assert at.talk.taken("cancel") == [("r", "")]
        (told,) = await at.happen(HEARD)
        assert isinstance(told, NotTranscribed)


async def test_what_is_said_beyond_what_was_held_is_held_too_or_ends(tmp_path: Path):
    async with scene(tmp_path) as at:
        at.limit(31)  # a unit a second; thirty are held first
        at.metered.hear(SECOND * 30)
        assert len(await at.happen(Hearing("i", "a"))) == 1
        at.metered.hear(SECOND * 10)
        (failed,) = await at.happen(Hearing("i", "a b"))
        assert isinstance(failed, Failed)
        assert at.talk.taken("clear") == [()]
