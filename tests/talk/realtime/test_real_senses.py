"""OpenAI's realtime client against real ears and a real voice: said, done, answered aloud."""

import asyncio
import base64
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import openai
import pytest

from edgewise.answer.voice import LocalVoice
from edgewise.core.words import Language
from edgewise.device.api import create_app
from edgewise.device.config import SensesConfig
from edgewise.device.conversations import Conversations
from edgewise.device.doorkeeper import Doorkeeper
from edgewise.device.limits import Limits
from edgewise.device.runtime import Device, start_device
from edgewise.device.senses import lacks, senses_of
from edgewise.hosting.board import Board
from tests.device.conftest import PROGRAM_TOKEN, TOKEN, listen
from tests.device.test_realtime_door import silent, until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(
        bool(lacks(SensesConfig(see=""))), reason="no ears or voice: edgewise models install"
    ),
]


@pytest.fixture
async def device(tmp_path: Path) -> AsyncIterator[tuple[str, Device]]:
    async with served(tmp_path) as device:
        yield device


@asynccontextmanager
async def served(tmp_path: Path) -> AsyncGenerator[tuple[str, Device]]:
    """Where a device with ears and a voice listens, and the device."""
    (tmp_path / "config.toml").write_text('chat_model = ""\n')
    device = await start_device(tmp_path, pace=1000.0)
    board, limits = Board(), Limits()
    senses = senses_of(device, SensesConfig(see=""), tmp_path)
    app = create_app(
        device.agent,
        doorkeeper=Doorkeeper(TOKEN, PROGRAM_TOKEN),
        limits=limits,
        board=board,
        conversations=Conversations(device.agent, board, limits, senses),
    )
    try:
        async with listen(app) as address:
            yield address, device
    finally:
        await senses.close()
        await device.close()


async def said(text: str, language: Language) -> bytes:
    """A sentence, spoken by the machine's own voice (synthetic speech)."""
    voice = LocalVoice()
    try:
        return b"".join([clause.sound.data async for clause in voice.speak(text, language)])
    finally:
        await voice.close()


@pytest.mark.parametrize(
    ("text", "language", "capability"),
    [
        ("Open the driver's window.", Language.ENGLISH, "window.set"),
        ("打开主驾车窗。", Language.CHINESE, "window.set"),
    ],
)
async def test_a_spoken_command_is_done_and_answered_aloud(
    device: tuple[str, Device], text: str, language: Language, capability: str
):
    address, _ = device
    speech = await said(text, language)
    sdk = openai.AsyncOpenAI(base_url=f"{address}/v1", api_key=TOKEN, max_retries=0)
    async with (
        sdk as client,
        client.realtime.connect(model="edgewise", extra_query={"zone": "driver"}) as socket,
    ):
        wanted = {"input": {"transcription": {"language": language.value}}}
        await socket.session.update(session={"type": "realtime", "audio": wanted})
        await until(socket, "session.updated")
        sound = speech + silent(1500)
        for begin in range(0, len(sound), 4800):
            piece = base64.b64encode(sound[begin : begin + 4800]).decode()
            await socket.input_audio_buffer.append(audio=piece)
        async with asyncio.timeout(120):
            events = []
            async for event in socket:
                assert event.type != "error", event
                events.append(event)
                if event.type == "response.done":
                    break
    heard = next(one for one in events if one.type.endswith("transcription.completed"))
    calls = [item for item in events[-1].response.output if item.type == "mcp_call"]
    assert [call.name for call in calls] == [capability], heard.transcript
    assert calls[0].error is None
    spoken = b"".join(
        base64.b64decode(one.delta) for one in events if one.type == "response.output_audio.delta"
    )
    assert len(spoken) > 24_000  # half a second of it at least
