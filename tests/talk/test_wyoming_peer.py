"""What a peer of the Wyoming server asks, by the package's own client."""

from collections.abc import AsyncGenerator

import pytest
from wyoming.asr import Transcribe, Transcript
from wyoming.audio import AudioChunk, AudioStart
from wyoming.error import Error
from wyoming.event import Event
from wyoming.handle import Handled, NotHandled
from wyoming.info import Describe, Info
from wyoming.ping import Ping, Pong
from wyoming.tts import Synthesize, SynthesizeChunk, SynthesizeStart, SynthesizeStop
from wyoming.wake import Detect, Detection

from edgewise.core.words import Language
from edgewise.core.zone import Zone
from edgewise.errors import ModelError
from edgewise.talk.mind import Acted, Answer, Question, Say
from tests.talk.fakes import FakeMind
from tests.talk.realtime.loud import spoken
from tests.talk.wyoming_scene import events_until, send_sound, send_spoken, served


async def test_describe_tells_what_is_there():
    async with served() as house, house.client() as client:
        await client.write_event(Describe().event())
        info = Info.from_event((await events_until(client, "info"))[-1])
    assert info.asr[0].models[0].languages == ["en", "zh"]
    assert [voice.languages for voice in info.tts[0].voices] == [["en"], ["zh"]]
    assert [model.name for model in info.wake[0].models] == ["hey_jarvis"]
    assert info.handle[0].supports_home_control


async def test_sound_becomes_a_transcript():
    async with served("open the window") as house, house.client() as client:
        await client.write_event(Transcribe(language="en").event())
        await send_spoken(client, 1)
        events = await events_until(client, "transcript-stop")
    types = [event.type for event in events]
    assert types == ["transcript-start", "transcript-chunk", "transcript", "transcript-stop"]
    assert Transcript.from_event(events[2]) == Transcript("open the window", language="en")


async def test_sound_without_a_request_is_transcribed():
    async with served("hello") as house, house.client() as client:
        await send_spoken(client, 1)
        transcript = (await events_until(client, "transcript"))[-1]
    assert transcript.data["text"] == "hello"


@pytest.mark.parametrize(("rate", "channels"), [(16_000, 1), (48_000, 2), (44_100, 1)])
async def test_sound_of_any_format_is_heard(rate: int, channels: int):
    mono = spoken(2, rate_hz=rate)
    both = b"".join(mono[at : at + 2] * channels for at in range(0, len(mono), 2))
    async with served("one", "two") as house, house.client() as client:
        await client.write_event(Transcribe().event())
        await send_sound(client, both, rate, 2, channels)
        transcript = (await events_until(client, "transcript"))[-1]
    assert transcript.data["text"] == "two"


async def test_two_requests_on_one_connection_are_answered_in_order():
    async with served("one", "two") as house, house.client() as client:
        for sentence in (1, 2):
            await client.write_event(Transcribe(language="zh-CN").event())
            await send_spoken(client, sentence)
        first = (await events_until(client, "transcript-stop"))[-2]
        second = (await events_until(client, "transcript-stop"))[-2]
    assert (first.data["text"], second.data["text"]) == ("one", "two")
    assert first.data["language"] == "zh"


async def test_too_long_sound_is_refused_and_the_connection_ends():
    second = AudioChunk(16_000, 2, 1, bytes(32_000)).event()
    async with served("x") as house, house.client() as client:
        await client.write_event(AudioStart(16_000, 2, 1).event())
        for _ in range(61):
            await client.write_event(second)
        error = Error.from_event((await events_until(client, "error"))[-1])
        assert await client.read_event() is None
    assert error.code == "sound_too_long"
    assert "60 s" in error.text


async def test_text_becomes_sound():
    async with served() as house, house.client() as client:
        await client.write_event(Synthesize("Hello there.").event())
        events = await events_until(client, "audio-stop")
    assert events[0].type == "audio-start"
    assert events[0].data["rate"] == 24_000
    payload = b"".join(event.payload or b"" for event in events[1:-1])
    assert len(payload) == len("Hello there.") * 50 * 48


async def test_text_that_comes_in_pieces_is_spoken_once():
    pieces = ("The window ", "is open. ", "Anything else?")
    async with served() as house, house.client() as client:
        await client.write_event(SynthesizeStart().event())
        for piece in pieces:
            await client.write_event(SynthesizeChunk(piece).event())
        await client.write_event(Synthesize("".join(pieces)).event())
        await client.write_event(SynthesizeStop().event())
        events = await events_until(client, "synthesize-stopped")
        assert client._writer is not None
        client._writer.write_eof()
        assert await client.read_event() is None
    assert [event.type for event in events].count("audio-start") == 1
    assert [event.type for event in events][-2:] == ["audio-stop", "synthesize-stopped"]
    payload = b"".join(event.payload or b"" for event in events)
    assert len(payload) == len("".join(pieces)) * 50 * 48


async def test_too_long_text_is_refused():
    async with served() as house, house.client() as client:
        await client.write_event(Synthesize("a" * 4001).event())
        error = (await events_until(client, "error"))[-1]
    assert error.data["code"] == "text_too_long"


async def test_a_wake_word_is_detected_and_its_absence_told():
    async with served() as house, house.client() as client:
        await client.write_event(Detect(["hey_jarvis"]).event())
        await send_spoken(client, 3)
        found = Detection.from_event((await events_until(client, "detection"))[-1])
        await client.write_event(Detect().event())
        await send_spoken(client, 1)
        await events_until(client, "not-detected")
    assert found.name == "hey_jarvis"
    assert house.asked == [("hey_jarvis",), ()]
    assert all(spotter.closed for spotter in house.spotters)


async def test_words_are_handed_to_the_mind_and_what_it_did_comes_back():
    mind = FakeMind([Acted("c1", "window.set", {}, "done", True), Say("The window is open.")])
    async with served(mind=mind, zone=Zone.PASSENGER) as house, house.client() as client:
        said = Transcript("open my window", context={"conversation_id": "a"}, language="en-GB")
        await client.write_event(said.event())
        handled = Handled.from_event((await events_until(client, "handled"))[-1])
    assert handled == Handled("The window is open.", {"conversation_id": "a"})
    question = mind.questions[0]
    assert (question.language, question.zone) == (Language.ENGLISH, Zone.PASSENGER)
    assert [item.text for item in question.items] == ["open my window"]
    assert not question.by_sound


async def test_what_is_only_shown_on_the_device_is_not_handed_to_a_client():
    mind = FakeMind([Say("It is from the clinic.", aloud=False)])
    async with served(mind=mind) as house, house.client() as client:
        await client.write_event(Transcript("读一下消息", language="zh").event())
        handled = Handled.from_event((await events_until(client, "handled"))[-1])
    assert handled.text == "答案仅在设备上显示。"


async def failing(question: Question) -> AsyncGenerator[Answer, None]:
    raise ModelError("no model is there", code="model_missing")
    yield Say("never")


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ([Acted("c1", "brake.set", {}, "forbidden", False), Say("That is forbidden.")], "That is"),
        (failing, "no model is there"),
        ([], ""),
    ],
)
async def test_what_was_not_done_is_not_handled(script: object, words: str):
    async with served(mind=FakeMind(script)) as house, house.client() as client:
        await client.write_event(Transcript("do it").event())
        event = (await events_until(client, "not-handled"))[-1]
    assert (NotHandled.from_event(event).text or "").startswith(words)


async def test_what_this_device_lacks_is_told_with_a_remedy():
    async with served(ears=None) as house, house.client() as client:
        await client.write_event(Transcribe().event())
        error = (await events_until(client, "error"))[-1]
    assert error.data["code"] == "model_missing"
    assert "edgewise[hear]" in error.data["text"]


async def test_an_unknown_event_is_dropped_and_a_ping_answered():
    async with served() as house, house.client() as client:
        await client.write_event(Event("of-the-future", {"x": 1}))
        await client.write_event(Ping("are you there").event())
        pong = Pong.from_event((await events_until(client, "pong"))[-1])
    assert pong.text == "are you there"


@pytest.mark.parametrize(
    "event",
    [
        Event("audio-chunk", {"rate": 16_000, "width": 2}),
        Event("synthesize", {}),
        Event("synthesize", {"text": 7}),
        Event("transcript", {"text": ["a"]}),
        Event("audio-start", {}),
    ],
)
async def test_an_event_with_wrong_fields_is_refused(event: Event):
    async with served(mind=FakeMind()) as house, house.client() as client:
        await client.write_event(event)
        error = (await events_until(client, "error"))[-1]
        assert await client.read_event() is None
    assert error.data["code"] == "bad_event"


async def test_a_half_closed_peer_still_gets_its_answer():
    async with served("hello") as house, house.client() as client:
        await client.write_event(Transcribe().event())
        await send_spoken(client, 1)
        assert client._writer is not None
        client._writer.write_eof()
        transcript = (await events_until(client, "transcript-stop"))[-2]
    assert transcript.data["text"] == "hello"
