"""A live conversation: what is played follows it, and it ends when all is answered."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from edgewise.core.words import Language
from edgewise.device.live_talk import Progress, converse, play
from edgewise.device.loudspeaker import Playing
from edgewise.device.microphone import as_spoken
from edgewise.errors import DeviceError
from edgewise.sound.pcm import Pcm
from edgewise.talk.events import (
    Committed,
    Ended,
    Overheard,
    ReplyEnded,
    ReplyPaused,
    ReplyResumed,
    ReplySound,
    ReplyStarted,
    SpeechStarted,
    SpeechStopped,
    TalkEvent,
    Transcribed,
    Truncated,
)
from edgewise.talk.mind import Say
from tests.talk.fakes import FakeMind
from tests.talk.realtime.loud import conversation, spoken

SOUND = ReplySound("r", "i", b"\x01\x00" * 24_000, "one")


class Recording(Playing):
    """Notes what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []

    def hold(self) -> None:
        self.told.append("hold")

    def resume(self) -> None:
        self.told.append("resume")

    def lower(self) -> None:
        self.told.append("lower")

    def restore(self) -> None:
        self.told.append("restore")

    def stop(self) -> None:
        self.told.append("stop")


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (SpeechStarted("i", 0), ["lower"]),
        (SpeechStopped("i", 0), ["restore"]),
        (Overheard("i", "own_voice"), ["restore"]),
        (ReplyPaused("r", "i"), ["hold"]),
        (ReplyResumed("r", "i"), ["resume"]),
        (Truncated("i", 0), ["stop"]),
        (ReplyEnded("r", "i", Ended.INTERRUPTED, "a", ""), ["stop"]),
        (ReplyEnded("r", "i", Ended.COMPLETED, "a", "a"), []),
    ],
)
def test_what_is_played_follows_who_speaks(event: TalkEvent, told: list[str]):
    playing = Recording()
    play(event, playing)
    assert playing.told == told


def test_sound_of_an_answer_is_played():
    playing = Playing()
    play(SOUND, playing)
    assert playing.left_s == 1.0


async def test_it_is_settled_when_words_and_answers_are_there():
    progress = Progress(None, lambda event: None)
    waiting = asyncio.create_task(progress.settled())
    ended = ReplyEnded("r", "j", Ended.COMPLETED, "", "")
    for event in (
        Committed("i", ""),
        Transcribed("i", "hello", Language.ENGLISH, 1.0, 1.0),
        ReplyStarted("r", "j", "i"),
    ):
        progress.take(event)
        await asyncio.sleep(0)
    done, _ = await asyncio.wait({waiting}, timeout=0.7)
    assert not done
    progress.take(ended)
    async with asyncio.timeout(5):
        await waiting


async def test_a_recording_is_heard_answered_and_then_it_ends():
    talk = conversation(FakeMind([Say("The window is open.")]), "open the window")
    shown: list[TalkEvent] = []
    answered = asyncio.Event()

    def show(event: TalkEvent) -> None:
        shown.append(event)
        if isinstance(event, ReplyEnded):
            answered.set()

    playing = Playing()
    sound = as_spoken(Pcm(spoken(1, rate_hz=16_000)), pace=20)
    async with asyncio.timeout(20):
        running = asyncio.create_task(converse(talk, sound, playing, show))
        await answered.wait()
        assert playing.left_s == pytest.approx(len("The window is open.") * 0.05)
        playing.take(24_000)
        await running
    await talk.close()
    assert [e.text for e in shown if isinstance(e, Transcribed)] == ["open the window"]


async def nothing() -> AsyncIterator[bytes]:
    await asyncio.Event().wait()
    yield b""


async def test_a_conversation_that_ends_by_itself_is_told():
    talk = conversation(FakeMind())
    running = asyncio.create_task(converse(talk, nothing(), None, lambda event: None))
    await asyncio.sleep(0)
    await talk.close()
    with pytest.raises(DeviceError) as ended:
        await running
    assert ended.value.code == "talk_ended"
