"""Satellites and Wyoming clients of a whole device: what is said to them moves the car."""

import asyncio
import socket
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from wyoming.asr import Transcribe, Transcript
from wyoming.client import AsyncTcpClient
from wyoming.info import Describe, Info
from wyoming.pipeline import PipelineStage
from wyoming.tts import Synthesize, SynthesizeVoice

from edgewise.core.message import Channel, Speaker
from edgewise.core.words import Language
from edgewise.core.zone import Zone
from edgewise.device.config import SensesConfig
from edgewise.device.conversations import Conversations
from edgewise.device.limits import Limits
from edgewise.device.runtime import Device, start_device
from edgewise.device.satellites import Satellites
from edgewise.device.senses import Senses, lacks, senses_of
from edgewise.device.wyoming_config import SatelliteConfig, Seat, WyomingConfig
from edgewise.hosting.board import Board
from edgewise.perceive.hear import NO_WORDS, Vocabulary
from edgewise.sound.pcm import SPEAKING_HZ, Pcm
from edgewise.sound.resample import resample
from tests.device.test_conversations import watched
from tests.talk.fake_satellite import FakeSatellite, a_satellite
from tests.talk.realtime.loud import LoudActivity, LoudEars, LoudVoice, silent, spoken
from tests.talk.wyoming_scene import events_until, send_sound

WINDOW = "Vehicle.Cabin.Door.Row1.DriverSide.Window.Position"
NO_MODELS = pytest.mark.skipif(
    bool(lacks(SensesConfig(see=""))), reason="no ears or voice: edgewise models install"
)


class FakeSenses:
    """Of a machine that hears what is loud."""

    voices = frozenset({"af_heart"})
    activity = LoudActivity
    language: Language | None = Language.ENGLISH

    def __init__(self, *sentences: str) -> None:
        self.ears = LoudEars(sentences)
        self.voice = LoudVoice()

    def waking(self, otherwise: str = "") -> None:
        assert otherwise

    def vocabulary(self, language: Language | None = None) -> Vocabulary:
        return NO_WORDS

    def words(self) -> tuple[str, ...]:
        return ()


@pytest.fixture
async def device(tmp_path: Path) -> AsyncIterator[Device]:
    (tmp_path / "config.toml").write_text('chat_model = ""\n')
    device = await start_device(tmp_path, pace=1000.0)
    try:
        yield device
    finally:
        await device.close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@asynccontextmanager
async def begun(
    device: Device, config: WyomingConfig, senses: Any, board: Board | None = None
) -> AsyncGenerator[tuple[str, ...]]:
    conversations = Conversations(device.agent, board or Board(), Limits(), senses)
    satellites = Satellites(config, conversations, senses)
    try:
        yield tuple(words.en for words in await satellites.start())
    finally:
        await satellites.close()


async def window(device: Device) -> object:
    return (await device.agent.home.snapshot()).get(WINDOW)


def heard_by(fake: FakeSatellite, zone: Seat = "driver") -> WyomingConfig:
    return WyomingConfig(satellite=(SatelliteConfig(f"tcp://127.0.0.1:{fake.port}", zone),))


async def test_it_is_off_unless_it_is_set(device: Device):
    async with begun(device, WyomingConfig(), None) as told:
        assert told == ()


@pytest.mark.parametrize(
    ("zone", "speaker"),
    [("driver", Speaker(Zone.DRIVER, Channel.VOICE)), ("", Speaker(None, Channel.API))],
)
async def test_who_speaks_to_a_satellite_is_what_the_owner_set(
    device: Device, zone: Seat, speaker: Speaker
):
    board = Board()
    senses = FakeSenses("open the driver's window")
    async with a_satellite() as fake, watched(board) as turns:
        async with begun(device, heard_by(fake, zone), senses, board):
            await fake.run()
            await fake.send(spoken(1, rate_hz=16_000) + silent(500, rate_hz=16_000))
            events = await fake.until("synthesize" if zone else "audio-chunk")
        turn = turns.get_nowait()
    assert turn.speaker == speaker
    assert [e.data["text"] for e in events if e.type == "transcript"] == [
        "open the driver's window"
    ]
    assert any(event.payload for event in events)
    if zone:
        assert await window(device) == 100


async def handled(port: int, text: str, **context: str) -> str:
    async with AsyncTcpClient("127.0.0.1", port, read_timeout=20) as client:
        await client.write_event(Transcript(text, language="en", context=context or None).event())
        event = await client.read_event()
    assert event is not None
    return event.type


@pytest.mark.parametrize(
    ("zone", "speaker"),
    [("driver", Speaker(Zone.DRIVER, Channel.TYPED)), ("", Speaker(None, Channel.API))],
)
async def test_words_of_a_client_are_those_of_a_program_unless_a_person_sits_there(
    device: Device, zone: Seat, speaker: Speaker
):
    board, port = Board(), free_port()
    config = WyomingConfig(listen=f"127.0.0.1:{port}", zone=zone)
    async with watched(board) as turns, begun(device, config, FakeSenses("x"), board) as told:
        assert told == (f"Wyoming is served on 127.0.0.1:{port}",)
        assert await handled(port, "open the driver's window") in ("handled", "not-handled")
        one = turns.get_nowait()
        await handled(port, "close it", conversation_id="a")
        await handled(port, "open it", conversation_id="a")
        sessions = [turns.get_nowait().session for _ in range(2)]
    assert one.speaker == speaker
    assert sessions[0] == sessions[1] != one.session
    assert one.session.startswith("program.") is (zone == "")


async def test_a_taken_port_is_told_and_the_device_runs_on(device: Device):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        config = WyomingConfig(listen=f"127.0.0.1:{port}")
        async with begun(device, config, FakeSenses("x")) as told:
            assert f"127.0.0.1:{port} can not be listened on" in told[0]


async def test_closing_leaves_nothing_behind(device: Device):
    port = free_port()
    async with begun(device, WyomingConfig(listen=f"127.0.0.1:{port}"), FakeSenses("x")):
        pass
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)


# With the models


@pytest.fixture
async def senses(device: Device, tmp_path: Path) -> AsyncIterator[Senses]:
    senses = senses_of(device, SensesConfig(see=""), tmp_path)
    try:
        yield senses
    finally:
        await senses.close()


async def said(senses: Senses, text: str, language: Language) -> bytes:
    """A sentence in the machine's own voice (synthetic speech)."""
    assert senses.voice is not None
    return b"".join([part.sound.data async for part in senses.voice.speak(text, language)])


@pytest.mark.slow
@pytest.mark.timeout(300)
@NO_MODELS
@pytest.mark.parametrize(
    ("text", "language", "word"),
    [
        ("Open the driver's window.", Language.ENGLISH, "window"),
        ("打开主驾车窗。", Language.CHINESE, "车窗"),
    ],
)
async def test_a_client_gets_sound_that_it_can_have_transcribed(
    device: Device, senses: Senses, text: str, language: Language, word: str
):
    port = free_port()
    client = AsyncTcpClient("127.0.0.1", port, read_timeout=120)
    config = WyomingConfig(listen=f"127.0.0.1:{port}")
    async with begun(device, config, senses), client:
        await client.write_event(Describe().event())
        info = Info.from_event((await events_until(client, "info"))[-1])
        assert {len(info.asr), len(info.tts), len(info.wake), len(info.handle)} == {1}
        voice = SynthesizeVoice(language=language.value)
        await client.write_event(Synthesize(text, voice).event())
        sound = b""
        while (event := await client.read_event()) is not None and event.type != "audio-stop":
            sound += event.payload or b""
        await client.write_event(Transcribe(language=language.value).event())
        await send_sound(client, sound, SPEAKING_HZ)
        while (event := await client.read_event()) is not None and event.type != "transcript":
            assert event.type != "error", event.data
    assert event is not None
    assert word in event.data["text"].lower()


@pytest.mark.slow
@pytest.mark.timeout(300)
@NO_MODELS
async def test_a_command_spoken_to_a_satellite_moves_the_window_and_is_answered_aloud(
    device: Device, senses: Senses
):
    speech = await said(senses, "Open the driver's window.", Language.ENGLISH)
    at_16k = resample(Pcm(speech, SPEAKING_HZ), 16_000).data
    await senses.warm(Language.ENGLISH)
    async with a_satellite() as fake, begun(device, heard_by(fake), senses):
        await fake.run(PipelineStage.ASR)
        await fake.send(at_16k + silent(2000, rate_hz=16_000))
        events = await fake.until("audio-stop")
        answer = b"".join(event.payload or b"" for event in events)
        told = {event.type: event.data.get("text") for event in events}
    assert await window(device) == 100
    assert "window" in told["transcript"].lower()
    assert senses.ears is not None
    back = await senses.ears.transcribe(Pcm(answer, SPEAKING_HZ), language=Language.ENGLISH)
    assert "window" in back.text.lower(), (back.text, told["synthesize"])
