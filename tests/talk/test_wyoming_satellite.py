"""A satellite as the ears of a conversation: what it sends is heard, what is said comes back."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from wyoming.pipeline import PipelineStage
from wyoming.wake import Detection

from edgewise.core.clock import SystemClock
from edgewise.talk.conversation import Conversation
from edgewise.talk.microphones import Channel
from edgewise.talk.mind import Answer, Say
from edgewise.talk.settings import Settings
from edgewise.talk.talk import Talk
from edgewise.talk.waking import Waking
from edgewise.talk.wyoming_satellite import Place, Satellite
from tests.talk.fake_satellite import LIMIT_S, FakeSatellite, a_satellite
from tests.talk.fakes import FakeMind
from tests.talk.realtime.loud import LoudActivity, LoudEars, LoudVoice, silent, spoken

OPENED: list[Answer] = [Say("The window is open.")]
HZ = 16_000


class Opened:
    """Makes the conversations of a satellite, and remembers how long was waited between them."""

    def __init__(self, mind: FakeMind, *sentences: str, waking: Waking | None = None) -> None:
        self.mind = mind
        self.ears = LoudEars(sentences)
        self.waking = waking
        self.pauses: list[float] = []
        self.was_away, self.is_back = asyncio.Event(), asyncio.Event()

    async def __call__(self) -> Talk:
        return Conversation(
            self.ears,
            LoudVoice(),
            self.mind,
            SystemClock(),
            Settings(),
            channels=(Channel(LoudActivity(), self.waking),),
        )

    async def wait(self, pause_s: float) -> None:
        self.pauses.append(pause_s)
        if len(self.pauses) == 8:
            self.was_away.set()
            await self.is_back.wait()
        await asyncio.sleep(0)


@asynccontextmanager
async def linked(
    opened: Opened, *, cancels_echo: bool = False
) -> AsyncGenerator[tuple[FakeSatellite, Satellite]]:
    async with a_satellite() as fake:
        place = Place("127.0.0.1", fake.port, cancels_echo)
        satellite = Satellite(place, opened, SystemClock(), wait=opened.wait)
        running = asyncio.create_task(satellite.run())
        try:
            yield fake, satellite
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


def said(sentence: int) -> bytes:
    return spoken(sentence, rate_hz=HZ) + silent(500, rate_hz=HZ)


async def test_what_is_said_to_it_is_answered_with_words_and_sound():
    opened = Opened(FakeMind(OPENED), "open the window")
    async with linked(opened) as (fake, satellite):
        await fake.run()
        await fake.send(said(1))
        events = await fake.until("audio-stop")
        assert satellite.is_connected
    types = [event.type for event in events]
    told = [kind for kind in types if kind != "audio-chunk"]
    assert told == [
        "voice-started",
        "voice-stopped",
        "transcript",
        "audio-start",
        "synthesize",
        "audio-stop",
    ]
    text = {event.type: event.data.get("text") for event in events}
    assert (text["transcript"], text["synthesize"]) == ("open the window", "The window is open.")
    sound = b"".join(event.payload or b"" for event in events)
    assert len(sound) == len("The window is open.") * 50 * 48


async def test_what_is_only_shown_is_not_sent_to_a_satellite():
    private = [Say("You have a message. "), Say("It is from the clinic.", aloud=False)]
    opened = Opened(FakeMind(private), "read my messages")
    async with linked(opened) as (fake, _):
        await fake.run()
        await fake.send(said(1))
        events = await fake.until("audio-stop")
    assert "clinic" not in str([event.data for event in events])
    assert "You have a message." in str([event.data for event in events])


async def test_sound_outside_a_pipeline_is_not_heard():
    opened = Opened(FakeMind(OPENED), "open the window", "close it")
    async with linked(opened) as (fake, _):
        await fake.until("run-satellite")
        await fake.send(said(2))
        await fake.begin()
        await fake.send(said(1))
        events = await fake.until("transcript")
    assert events[-1].data["text"] == "open the window"


async def test_one_turn_of_a_pipeline_is_heard_unless_it_begins_again():
    unheard = [Say("Done.", aloud=False)]
    opened = Opened(FakeMind(unheard, unheard), "one", "two", "three")
    async with linked(opened) as (fake, _):
        await fake.run()
        await fake.send(said(1))
        await fake.until("transcript")
        await fake.send(said(2))
        await fake.begin()
        await fake.send(said(3))
        events = await fake.until("transcript")
    assert events[-1].data["text"] == "three"


async def test_a_stop_of_the_sound_ends_the_turn():
    opened = Opened(FakeMind(OPENED), "open the window")
    async with linked(opened) as (fake, _):
        await fake.run()
        await fake.send(spoken(1, rate_hz=HZ))
        await fake.until("voice-started")
        await fake.end()
        assert (await fake.until("transcript"))[-1].data["text"] == "open the window"


async def test_behind_a_pipeline_from_wake_only_what_follows_the_wake_word_is_answered():
    waking = Waking(None, ("hey car",), lambda text, phrases: text.partition("hey car ")[2] or None)
    opened = Opened(FakeMind(OPENED), "nice weather", "hey car open", waking=waking)
    async with linked(opened) as (fake, _):
        await fake.run(PipelineStage.WAKE)
        await fake.send(said(1) + said(2))
        events = await fake.until("transcript")
    assert [event.type for event in events] == ["detection", "transcript"]
    assert events[-1].data["text"] == "open"


async def test_without_a_wake_word_such_a_pipeline_hears_nothing():
    opened = Opened(FakeMind(OPENED), "secret", "hello")
    async with linked(opened) as (fake, _):
        await fake.run(PipelineStage.WAKE)
        await fake.send(said(1))
        error = (await fake.until("error"))[-1]
        await fake.begin()
        await fake.send(said(2))
        assert (await fake.until("transcript"))[-1].data["text"] == "hello"
    assert error.data["code"] == "no_wake_word"


async def test_a_pipeline_that_needs_no_ears_is_refused():
    async with linked(Opened(FakeMind())) as (fake, _):
        await fake.run(PipelineStage.TTS)
        assert (await fake.until("error"))[-1].data["code"] == "not_offered"


async def test_what_is_heard_while_an_answer_plays_is_its_own_echo():
    opened = Opened(FakeMind([Say("A long answer " * 4)], OPENED), "one", "two")
    async with linked(opened) as (fake, _):
        await fake.run(again=True)
        await fake.send(said(1))
        await fake.until("audio-start")
        await fake.send(said(2))
        events = await fake.until("audio-stop")
    assert not [event for event in events if event.type == "voice-started"]


async def test_a_satellite_that_cancels_its_echo_is_interrupted_by_voice():
    opened = Opened(FakeMind([Say("A long answer " * 20)], OPENED), "one", "two")
    async with linked(opened, cancels_echo=True) as (fake, _):
        await fake.run(again=True)
        await fake.send(said(1))
        await fake.until("audio-start")
        await fake.send(said(2))
        events = await fake.until("audio-stop")
        sound_s = sum(len(event.payload or b"") for event in events) / 48_000
        assert sound_s < 2.0  # of fourteen seconds
        types = {event.type for event in events}
        if "transcript" not in types:
            await fake.until("transcript")
    assert [item.text for item in opened.mind.questions[1].items][-1] == "two"


async def test_its_own_wake_word_ends_an_answer():
    opened = Opened(FakeMind([Say("A long answer " * 20)], OPENED), "one", "two")
    async with linked(opened) as (fake, _):
        await fake.run()
        await fake.send(said(1))
        await fake.until("audio-start")
        await fake.say(Detection("hey_jarvis"))
        await fake.begin()
        await fake.until("audio-stop")
        assert not opened.mind.questions[1:]


async def test_a_satellite_that_is_away_is_tried_again_with_growing_pauses():
    opened = Opened(FakeMind(OPENED), "hello")
    async with a_satellite() as fake:
        port = fake.port
        await fake.stop()
        failing = Satellite(Place("127.0.0.1", port), opened, SystemClock(), wait=opened.wait)
        running = asyncio.create_task(failing.run())
        async with asyncio.timeout(LIMIT_S):
            await opened.was_away.wait()
        await fake.start()
        opened.is_back.set()
        await fake.run()
        await fake.send(said(1))
        await fake.until("transcript")
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert opened.pauses[:8] == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]


async def test_a_lost_connection_is_made_again_and_an_end_is_told():
    opened = Opened(FakeMind(OPENED), "hello")
    async with linked(opened) as (fake, satellite):
        await fake.until("run-satellite")
        fake.hang_up()
        await fake.run()
        await fake.send(said(1))
        await fake.until("transcript")
        assert fake.connections == 2
        assert satellite.is_connected
    assert [event.type for event in await fake.until("pause-satellite")][-1] == "pause-satellite"
