"""An independent client lives through all of it: bootstrap, activation, hello, its tools, a spoken
command that moves its own tool, a picture of its own, speech back, an abort in the middle, a
reconnect. xiaozhi-sdk as it is published, from an environment of its own; ears and voice are this
machine's real ones."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont

from edgewise.answer.voice import LocalVoice, VoiceSettings
from edgewise.cloud.config import BackendConfig, Config, XiaozhiConfig, built_in
from edgewise.core.words import Language
from edgewise.errors import EdgewiseError
from edgewise.sound.pcm import LISTENING_HZ, Pcm
from edgewise.sound.resample import resample
from judges.environment import CannotInstall, python_environment
from tests.cloud.running import Running, serving
from tests.cloud.xiaozhi.test_ota import bind

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
LIMIT_S = 90.0

CLIENT = """
import asyncio, json, sys
from xiaozhi_sdk.core import XiaoZhiWebsocket

volume = 70

def tell(**told):
    print(json.dumps(told, ensure_ascii=False), flush=True)

async def heard(message):
    tell(**message)

def set_volume(arguments):
    global volume
    volume = arguments["volume"]
    tell(tool="set_volume", arguments=arguments)
    return True, False

def status(arguments):
    return {"audio_speaker": {"volume": volume}, "battery": {"level": 50}}, False

async def take_photo(arguments):
    with open(sys.argv[2], "rb") as file:
        told, failed = await client.async_analyze_image(file.read(), arguments["question"])
    tell(tool="take_photo", result=told)
    return told, failed

LEVEL = {"type": "integer", "minimum": 0, "maximum": 100}
TOOLS = [
    {"name": "self.get_device_status", "description": "", "tool_func": status,
     "inputSchema": {"type": "object", "properties": {}}},
    {"name": "self.audio_speaker.set_volume", "description": "", "tool_func": set_volume,
     "inputSchema": {"type": "object", "properties": {"volume": LEVEL}, "required": ["volume"]}},
    {"name": "self.camera.take_photo", "description": "", "tool_func": take_photo,
     "is_async": True,
     "inputSchema": {"type": "object", "properties": {"question": {"type": "string"}},
                     "required": ["question"]}},
]

async def say(client, sound):
    size = 960 * 2
    for at in range(0, len(sound), size):
        await client.send_audio(sound[at:at + size].ljust(size, bytes(1)))
        await asyncio.sleep(0.055)
    await client.send_silence_audio(1.2)

async def main(address):
    global client
    client = XiaoZhiWebsocket(heard, ota_url=address, audio_sample_rate=16000)
    await client.set_mcp_tool(TOOLS)
    await client.init_connection("02:00:00:00:00:01")
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        order = json.loads(line)
        if order["do"] == "say":
            with open(order["file"], "rb") as file:
                await say(client, file.read())
        elif order["do"] == "write":
            await client.send_text(order["text"])
        elif order["do"] == "abort":
            await client.send_abort()
        elif order["do"] == "count":
            tell(frames=len(client.output_audio_queue))
        elif order["do"] == "reconnect":
            await client.websocket.close()
            await client.connect_websocket(client.websocket_token)
            tell(reconnected=True)
    await client.close()

asyncio.run(main(sys.argv[1]))
"""


@pytest.fixture(scope="module")
def interpreter() -> Path:
    try:
        return python_environment("xiaozhi-sdk")
    except CannotInstall as error:
        pytest.skip(f"xiaozhi-sdk can not be installed here: {error}")


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """ "Set the volume to thirty", spoken by this machine's voice, in a file of samples."""

    async def made() -> bytes:
        voice = LocalVoice(VoiceSettings(remembers=False))
        try:
            told = voice.speak("Set the volume to thirty.", Language.ENGLISH)
            data = b"".join([clause.sound.data async for clause in told])
        finally:
            await voice.close()
        return resample(Pcm(data, 24_000), LISTENING_HZ).data

    try:
        sound = asyncio.run(made())
    except EdgewiseError as error:
        pytest.skip(f"there is no voice here: {error}")
    path = tmp_path_factory.mktemp("sound") / "command.pcm"
    path.write_bytes(sound)
    return path


class Client:
    """The process of the client: orders in, what it was told out."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.told: list[dict[str, Any]] = []

    async def order(self, **order: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        await self._process.stdin.drain()

    async def until(self, **wanted: Any) -> dict[str, Any]:
        """The next that it was told with these fields."""
        assert self._process.stdout is not None
        with suppress(TimeoutError):
            async with asyncio.timeout(LIMIT_S):
                while line := await self._process.stdout.readline():
                    told = json.loads(line)
                    self.told.append(told)
                    if all(told.get(name) == value for name, value in wanted.items()):
                        return told
        raise AssertionError(f"the client was not told {wanted}, but {self.told}")

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [told for told in self.told if told.get("type") == kind]


@asynccontextmanager
async def a_client(interpreter: Path, address: str, picture: Path) -> AsyncGenerator[Client]:
    process = await asyncio.create_subprocess_exec(
        interpreter, "-c", CLIENT, f"{address}/xiaozhi/ota", picture,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield Client(process)
    finally:
        process.kill()
        await process.wait()


def settings() -> Config:
    """The platform as it is without settings, but that voice devices may come."""
    own = built_in()
    assert isinstance(own.backend[0], BackendConfig)
    return Config(
        backend=own.backend,
        model=own.model,
        xiaozhi=XiaozhiConfig(enabled=True, language="en"),
    )


async def test_the_sdk_lives_through_all_of_it(tmp_path: Path, interpreter: Path, command: Path):
    async with serving(tmp_path, settings()) as (address, cloud):
        running = Running(address, cloud, None)  # type: ignore[arg-type]
        async with a_client(interpreter, address, pictured(tmp_path)) as client:
            shown = await client.until(type="tts", state="sentence_start")
            code = await _code_in(client, shown)
            bind(running, code)
            await client.until(type="stt", text="hi")

            await client.order(do="say", file=str(command))
            told = await client.until(tool="set_volume")
            assert told["arguments"] == {"volume": 30}
            await client.until(type="tts", state="stop")
            assert any("volume" in said["text"].lower() for said in client.of("stt"))
            await client.order(do="write", text="what can you do")
            await client.until(type="tts", state="start")
            await client.order(do="abort")
            await client.until(type="tts", state="stop")

            await client.order(do="write", text="what do you see")
            seen = await client.until(tool="take_photo")
            assert seen["result"]["success"], seen
            assert "MILK" in seen["result"]["result"]
            before = len(client.of("tts"))
            await client.until(type="tts", state="stop")
            assert "MILK" in str(client.of("tts")[before:])

            await client.order(do="reconnect")
            await client.until(reconnected=True)
            await client.order(do="say", file=str(command))
            await client.until(type="tts", state="stop")
            assert [one["text"] for one in client.of("stt")][-1].lower().startswith("set the vol")


def pictured(folder: Path) -> Path:
    """A picture of a carton, in a file."""
    image = Image.new("RGB", (800, 200), "white")
    font = ImageFont.load_default(64)
    ImageDraw.Draw(image).text((40, 60), "MILK 1 L", fill="black", font=font)
    path = folder / "carton.jpg"
    image.save(path)
    return path


async def _code_in(client: Client, first: dict[str, Any]) -> str:
    """The code that a device of nobody is told, digit by digit."""
    words = first["text"]
    while len(digits := [sign for sign in words if sign.isdigit()]) < 6:
        words += (await client.until(type="tts", state="sentence_start"))["text"]
    return "".join(digits)
