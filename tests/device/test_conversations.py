"""Conversations with a real device: said, done, answered, within a caller's limits."""

import asyncio
import base64
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import TypeVar

import pytest
from msgspec.structs import replace

from edgewise.core.event import TurnStarted
from edgewise.core.message import Channel, Speaker
from edgewise.core.words import Language
from edgewise.core.zone import Zone
from edgewise.device.callers import Caller
from edgewise.device.conversations import NO_EARS, NO_VOICE, Conversations
from edgewise.device.limits import Allowance, Limits
from edgewise.device.runtime import Device, start_device
from edgewise.device.sight import ClosedEyes, Sight
from edgewise.errors import UserError
from edgewise.hosting.board import Board
from edgewise.perceive.hear import Vocabulary
from edgewise.sound.pcm import LISTENING_HZ
from edgewise.talk.events import Ended, ReplyActed, ReplyEnded, TalkEvent, Who
from edgewise.talk.item import Item
from edgewise.talk.realtime.coding import Coding, Incoming
from edgewise.talk.realtime.session import SERVER_VAD
from edgewise.talk.talk import Talk
from edgewise.talk.waking import Waking
from tests.device.fake_eyes import FakeEyes
from tests.talk.realtime.loud import LoudActivity, LoudEars, LoudVoice, silent, spoken

LIMIT_S = 20.0
E = TypeVar("E", bound=TalkEvent)


class Senses:
    """Fakes; or none."""

    def __init__(self, *sentences: str) -> None:
        self.ears = LoudEars(sentences) if sentences else None
        self.voice = LoudVoice() if sentences else None
        self.voices = frozenset({"af_heart"})
        self.activity: Callable[[], LoudActivity] | None = LoudActivity
        self.language: Language | None = Language.ENGLISH
        self.wakes: Waking | None = None
        self.words: Callable[[], tuple[str, ...]] = lambda: ("window",)

    def waking(self) -> Waking | None:
        """Its wake word."""
        return self.wakes

    def vocabulary(self) -> Vocabulary:
        """Words that are likely."""
        return Vocabulary(("window",))


@pytest.fixture
async def device(tmp_path: Path) -> AsyncIterator[Device]:
    (tmp_path / "config.toml").write_text('chat_model = ""\n')
    device = await start_device(tmp_path, pace=1000.0)
    try:
        yield device
    finally:
        await device.close()


def opened(device: Device, board: Board, senses: Senses, turns: int = 100) -> Conversations:
    limits = Limits(dict.fromkeys(Caller, Allowance(2, turns, 2)))
    return Conversations(device.agent, board, limits, senses)


async def next_of(talk: Talk, kind: type[E]) -> E:
    async with asyncio.timeout(LIMIT_S), aclosing(talk.events()) as events:
        async for event in events:
            if isinstance(event, kind):
                return event
    raise AssertionError(f"no {kind.__name__}")


def said(text: str) -> Item:
    return Item("said", Who.PERSON, text)


@asynccontextmanager
async def watched(board: Board) -> AsyncGenerator[asyncio.Queue[TurnStarted]]:
    """The turns that begin on the board."""
    started: asyncio.Queue[TurnStarted] = asyncio.Queue()
    reading = asyncio.Event()

    async def watch() -> None:
        async with aclosing(board.read()) as events:
            reading.set()
            async for event in events:
                if isinstance(event, TurnStarted):
                    started.put_nowait(event)

    watching = asyncio.create_task(watch())
    await reading.wait()
    await asyncio.sleep(0)  # it waits for the first event now
    try:
        yield started
    finally:
        watching.cancel()


async def test_what_is_heard_is_done_and_the_turn_is_on_the_board(device: Device):
    board = Board()
    conversations = opened(device, board, Senses("open the driver window to 50 percent"))
    talk = await conversations.open(Caller.PAGE, Zone.DRIVER, "mine")
    async with watched(board) as turns:
        try:
            talk.configure(replace(talk.settings, turns=SERVER_VAD))
            sound = base64.b64encode(spoken(1, 1000) + silent(900)).decode()
            samples, _ = Incoming(Coding.PCM).read(sound)
            talk.hear(samples)
            acted = await next_of(talk, ReplyActed)
        finally:
            await talk.close()
        started = turns.get_nowait()
    assert (acted.name, acted.done) == ("window.set", True)
    assert started.speaker == Speaker(Zone.DRIVER, Channel.VOICE)
    assert started.session == "mine"


async def test_a_program_speaks_as_a_program_whatever_seat_it_gives(device: Device):
    board = Board()
    conversations = opened(device, board, Senses("x"))
    talk = await conversations.open(Caller.PROGRAM, Zone.DRIVER, "program.x")
    async with watched(board) as turns:
        try:
            talk.add(said("unlock the doors"))
            talk.reply()
            started = await asyncio.wait_for(turns.get(), LIMIT_S)
        finally:
            await talk.close()
    assert started.speaker == Speaker(None, Channel.API)


async def test_answers_count_as_the_callers_turns_but_an_urgent_word_of_a_person_does_not(
    device: Device,
):
    conversations = opened(device, Board(), Senses("x"), turns=1)
    talk = await conversations.open(Caller.PAGE, Zone.DRIVER, "mine")
    try:
        for text, ended in (
            ("what time is it", Ended.COMPLETED),
            ("what time is it", Ended.FAILED),
            ("stop", Ended.COMPLETED),
        ):
            if text == "stop" or talk.items:
                talk.delete("said")
            talk.add(said(text))
            talk.reply()
            over = await next_of(talk, ReplyEnded)
            assert over.ended is ended, over
            assert (over.code == "too_many_turns") is (ended is Ended.FAILED)
    finally:
        await talk.close()


async def test_a_device_without_senses_converses_in_writing(device: Device):
    conversations = opened(device, Board(), Senses())
    assert conversations.offer.no_ears == NO_EARS
    assert conversations.offer.no_voice == NO_VOICE
    talk = await conversations.open(Caller.OWNER, Zone.DRIVER, "mine")
    try:
        assert not talk.settings.speaks
        talk.add(said("what time is it"))
        talk.reply()
        over = await next_of(talk, ReplyEnded)
    finally:
        await talk.close()
    assert over.ended is Ended.COMPLETED
    assert over.text


async def test_the_devices_offer_says_what_it_does_not_take(device: Device):
    offer = opened(device, Board(), Senses("x")).offer
    assert (offer.model, offer.tools, offer.instructs) == ("edgewise", False, False)
    assert "its own functions" in offer.no_tools
    assert offer.words == ("window",)


async def test_a_conversation_takes_pictures_only_where_the_eyes_are_open(device: Device):
    def sees(sight: Sight | None) -> bool:
        return Conversations(device.agent, Board(), Limits(), Senses(), sight=sight).sees

    assert sees(Sight(FakeEyes({})))
    assert not sees(Sight(ClosedEyes()))
    assert not sees(None)


async def test_a_wake_word_that_is_set_up_is_needed_unless_a_door_says_not(device: Device):
    senses = Senses("x")
    senses.wakes = Waking(None, ("小边",), lambda text, phrases: None)
    conversations = opened(device, Board(), senses)
    for wake, needed in ((None, True), (True, True), (False, False)):
        talk = await conversations.open(Caller.PAGE, None, "mine", wake=wake)
        assert talk.settings.wake is needed
        await talk.close()


async def test_a_wake_word_that_is_wanted_and_not_set_up_is_refused(device: Device):
    conversations = opened(device, Board(), Senses("x"))
    with pytest.raises(UserError, match="wake") as refused:
        await conversations.open(Caller.PAGE, None, "mine", wake=True)
    assert refused.value.code == "no_wake_word"


async def test_a_microphone_that_hears_the_loudspeaker_is_compared_with_it(device: Device):
    talk = await opened(device, Board(), Senses("x")).open(Caller.PAGE, None, "mine", echo=True)
    try:
        talk.configure(replace(talk.settings, turns=SERVER_VAD))
        talk.hear(silent(400, LISTENING_HZ))
        talk.add(said("what time is it"))
        talk.reply()
        assert (await next_of(talk, ReplyEnded)).ended is Ended.COMPLETED
    finally:
        await talk.close()


async def test_every_conversation_knows_the_words_that_are_likely_here(device: Device):
    talk = await opened(device, Board(), Senses("x")).open(Caller.OWNER, Zone.DRIVER, "mine")
    try:
        assert talk.settings.vocabulary == Vocabulary(("window",))
    finally:
        await talk.close()
