"""A call with real ears and a real voice: the window opens, and how soon the answer is heard after
the last sound of the question, beside the same question by WebSocket."""

import asyncio
import base64
import statistics
import sys
from array import array
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import openai
import pytest

from edgewise.core.words import Language
from edgewise.device.runtime import Device
from tests.device.conftest import TOKEN
from tests.device.test_realtime_door import silent
from tests.e2e.test_cockpit import WINDOW
from tests.talk.realtime import test_real_senses
from tests.talk.realtime.rtc import FRAME_S, LOUD, RATE_HZ, Caller, Microphone, calling

pytestmark = test_real_senses.pytestmark

OPEN, CLOSE = "Open the driver's window.", "Close the driver's window."
ROUNDS = 3
MOST_LATER_S = 1.0
"""Two jitter buffers of 80 ms, two coders and a clock of 20 ms cost a third of that."""
_PIECE = int(RATE_HZ * FRAME_S) * 2


@pytest.fixture
async def device(tmp_path: Path) -> AsyncIterator[tuple[str, Device]]:
    async with test_real_senses.served(tmp_path) as device:
        yield device


def trimmed(samples: bytes) -> bytes:
    """Without the silence at its end."""
    loud = [at for at, sample in enumerate(array("h", samples)) if abs(sample) > 100]
    return samples[: 2 * (loud[-1] + 1)]


def quiet_s(samples: bytes) -> float:
    """How long it takes until sound is as loud as on the track."""
    loud = (at for at, sample in enumerate(array("h", samples)) if abs(sample) > LOUD)
    return next(loud) / RATE_HZ


async def by_socket(address: str, speech: bytes) -> float:
    """Seconds from the last loud sound that was sent to the first that is heard, if what comes is
    played at once."""
    loop = asyncio.get_running_loop()
    async with (
        openai.AsyncOpenAI(base_url=f"{address}/v1", api_key=TOKEN, max_retries=0) as client,
        client.realtime.connect(model="edgewise", extra_query={"zone": "driver"}) as socket,
    ):

        async def speak() -> float:
            sound = speech + silent(2000)
            ended, begins = 0.0, loop.time()
            for begin in range(0, len(sound), _PIECE):
                await asyncio.sleep(begins + begin / (2 * RATE_HZ) - loop.time())
                piece = sound[begin : begin + _PIECE]
                await socket.input_audio_buffer.append(audio=base64.b64encode(piece).decode())
                if any(piece) and begin < len(speech):
                    ended = loop.time()
            return ended

        speaking = asyncio.create_task(speak())
        async with asyncio.timeout(60):
            async for event in socket:
                if event.type == "response.output_audio.delta":
                    break
        heard_at = loop.time() + quiet_s(base64.b64decode(event.delta))
        return heard_at - await speaking


async def by_call(address: str, speech: bytes) -> float:
    """The same by a call, to the first sound that is loud on the track."""
    microphone = Microphone()

    async def answered(offer: str) -> str:
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/sdp"}
        async with httpx.AsyncClient(base_url=address, headers=headers, timeout=30) as client:
            reply = await client.post("/v1/realtime/calls?zone=driver", content=offer)
        assert reply.status_code == 201, reply.text
        return reply.text

    caller: Caller
    async with calling(answered, microphone) as caller:
        await caller.until("session.created")
        microphone.say(speech)
        await caller.until("input_audio_buffer.speech_stopped")
        heard_at = await caller.until_heard(microphone.said_at)
        assert caller.of("error") == []
        return heard_at - microphone.said_at


async def test_the_window_opens_and_the_answer_is_heard_about_as_soon_as_by_a_socket(
    device: tuple[str, Device], capsys: pytest.CaptureFixture[str]
):
    address, here = device
    sound = {
        text: trimmed(await test_real_senses.said(text, Language.ENGLISH)) for text in (OPEN, CLOSE)
    }
    took: dict[str, list[float]] = {"socket": [], "call": []}
    for number in range(ROUNDS + 1):
        text = (OPEN, CLOSE)[number % 2]
        socket_s = await by_socket(address, sound[text])
        call_s = await by_call(address, sound[(OPEN, CLOSE)[(number + 1) % 2]])
        state = (await here.agent.drivers.read([WINDOW]))[WINDOW].value
        assert state == (0 if text == OPEN else 100)
        if number:  # the first wakes ears and voice
            took["socket"].append(socket_s)
            took["call"].append(call_s)
    by = {name: statistics.median(values) for name, values in took.items()}
    told = f"{by['socket']:.2f} s by socket, {by['call']:.2f} s by call"
    with capsys.disabled():
        sys.stdout.write(f"\nend of speech to first sound, median of {ROUNDS}: {told}\n")
    assert by["call"] < by["socket"] + MOST_LATER_S
