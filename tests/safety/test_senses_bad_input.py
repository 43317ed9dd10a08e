"""Bad sounds and pictures at a device and a platform that serve: a clear error, bounded memory,
and the next good request works. The real programs, with their real ears and eyes.
"""

import base64
import io
import json
import os
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import soundfile
from PIL import Image, ImageDraw, ImageFont
from websockets.sync.client import ClientConnection, connect

from edgewise.device.config import SensesConfig
from edgewise.device.senses import lacks
from edgewise.sound.write import wav_head
from tests.cli.served import ServedDevice, serve_device
from tests.perceive.test_picture import file_of, png_header
from tests.recording import FOLDER

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(bool(lacks(SensesConfig(speak=""))), reason="edgewise models install"),
]

KNOWN = "no sound that is known; send WAV, MP3, FLAC or Ogg"
MOST_MB = {"platform": 220, "device": 250, "sense": 540}
"""What each process may ever hold. Measured with all of this: the platform 153, the device 165,
ears 197, eyes 268 MB."""


def check_memory(process: int, name: str) -> None:
    """Each process, from this one down, ever held less than its bound."""
    status = Path(f"/proc/{process}/status").read_text("ascii", "replace").splitlines()
    most_kb = next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
    assert most_kb < MOST_MB[name] * 1024, name
    for task in Path(f"/proc/{process}/task").iterdir():
        for child in (task / "children").read_text().split():
            check_memory(int(child), "sense")


# Sounds, at the platform's /v1/audio/transcriptions


class Platform:
    """`edgewise serve cloud` and a key of it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        self.process = process
        self._client = httpx.Client(
            base_url=said["address"],
            headers={"Authorization": f"Bearer {said['key']}"},
            timeout=200,
        )

    def hear(self, data: bytes) -> httpx.Response:
        fields = {"model": "edgewise-ears", "language": "en"}
        files = {"file": ("sound", data)}
        return self._client.post("/v1/audio/transcriptions", data=fields, files=files)


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    folder = tmp_path_factory.mktemp("platform")
    command = [sys.executable, "-m", "edgewise.cli", "serve", "cloud", "--port", "0"]
    with subprocess.Popen(
        [*command, "--folder", str(folder), "--print-key"],
        env=os.environ | {"EDGEWISE_HOME": str(folder)},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Platform(process)
        finally:
            process.kill()


def said() -> bytes:
    return (FOLDER / "go_forward.flac").read_bytes()


def written(kind: str, coding: str, length_s: float = 8.0, rate_hz: int = 16_000) -> bytes:
    noise = np.random.default_rng(7).standard_normal(round(length_s * rate_hz)) * 0.1
    stream = io.BytesIO()
    soundfile.write(stream, noise.astype("float32"), rate_hz, format=kind, subtype=coding)
    return stream.getvalue()


def silent_flac(length_s: int) -> bytes:
    stream = io.BytesIO()
    soundfile.write(stream, np.zeros(length_s * 8_000, "int16"), 8_000, format="FLAC")
    return stream.getvalue()


def cut(data: bytes) -> bytes:
    return data[: len(data) * 6 // 10]


def damaged(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes(64) + data[middle + 64 :]


def without_its_length(data: bytes) -> bytes:
    """FLAC whose header does not tell how many samples there are (RFC 9639 8.2)."""
    return data[:21] + bytes([data[21] & 0xF0]) + bytes(4) + data[26:]


def zipped(data: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a", data)
    return stream.getvalue()


SOUNDS: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", KNOWN),
    "no sound": (lambda: b"open the window, please\n" * 99, KNOWN),
    "a zip bomb": (lambda: zipped(bytes(50_000_000)), KNOWN),
    "truncated WAV": (lambda: cut(written("WAV", "PCM_16")), "ends early or is damaged"),
    "truncated FLAC": (lambda: cut(written("FLAC", "PCM_16")), "ends early or is damaged"),
    "truncated Ogg": (lambda: cut(written("OGG", "VORBIS")), "ends early or is damaged"),
    "truncated MP3": (lambda: cut(written("MP3", "MPEG_LAYER_III")), "ends early or is damaged"),
    "corrupt Ogg (Vorbis)": (lambda: damaged(written("OGG", "VORBIS")), "damaged"),
    "corrupt Ogg (Opus)": (lambda: damaged(written("OGG", "OPUS")), "damaged"),
    "corrupt FLAC": (lambda: damaged(written("FLAC", "PCM_16")), "damaged"),
    "wrong rate, too low": (
        lambda: wav_head(8_000, 4_000) + bytes(8_000),
        "4,000 samples a second, taken are 8,000 to 192,000",
    ),
    "wrong rate, absurd": (
        lambda: wav_head(8_000, 2_000_000_000) + bytes(8_000),
        "a sample rate of 2000000000 Hz; send 1000 to 768000",
    ),
    "more than two hours": (lambda: silent_flac(7_201), "the limit is 7200 s; send a part of it"),
    "more than two hours, not told": (
        lambda: without_its_length(silent_flac(7_201)),
        "longer than the limit of 7200 s; send a part of it",
    ),
    "a header that lies": (
        lambda: wav_head(7_200 * 32_000, 16_000) + bytes(32_000),
        "of the 230,400,000 bytes that its header tells are there",
    ),
}


def test_bad_sounds_are_refused_by_name_and_the_platform_lives(
    platform: Platform, subtests: pytest.Subtests
):
    assert "forward" in platform.hear(said()).json()["text"]
    for name, (make, words) in SOUNDS.items():
        with subtests.test(name=name):
            refused = platform.hear(make())
            assert refused.status_code == 400, refused.text
            error = refused.json()["error"]
            assert error["type"] == "invalid_request_error"
            assert error["param"] == "file", error
            assert words in error["message"], error
    assert "forward" in platform.hear(said()).json()["text"]
    check_memory(platform.process.pid, "platform")


def test_a_long_file_is_written_down_in_little_memory(platform: Platform):
    heard = platform.hear(silent_flac(1_200))
    assert heard.status_code == 200, heard.text
    assert heard.json()["usage"]["seconds"] == 1_200
    check_memory(platform.process.pid, "platform")


# Pictures, at the device's turns and in a conversation


@pytest.fixture(scope="module")
def device(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedDevice]:
    with serve_device(tmp_path_factory.mktemp("device")) as served:
        yield served


def key_of(device: ServedDevice) -> str:
    return (device.home / "token").read_text("ascii").strip()


def look(device: ServedDevice, data: bytes) -> httpx.Response:
    body = {
        "text": "what stands on it",
        "pictures": [{"data": base64.b64encode(data).decode(), "name": "p"}],
    }
    headers = {"Authorization": f"Bearer {key_of(device)}"}
    return httpx.post(f"{device.address}/v1/agent/turns", json=body, headers=headers, timeout=120)


def answer_of(response: httpx.Response) -> str:
    assert response.status_code == 200, response.text
    events = [line[6:] for line in response.text.splitlines() if line.startswith("data: ")]
    return json.loads(events[-1])["text"]


def with_words(text: str) -> Image.Image:
    image = Image.new("RGB", (700, 120), "white")
    ImageDraw.Draw(image).text((40, 30), text, fill="black", font=ImageFont.load_default(48))
    return image


def turned(text: str) -> bytes:
    """As a camera that was held on its side stores it."""
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees clockwise
    return file_of(with_words(text).rotate(90, expand=True), "JPEG", exif=exif, quality=95)


def animated(*texts: str) -> bytes:
    frames = [with_words(text) for text in texts]
    return file_of(frames[0], "GIF", save_all=True, append_images=frames[1:])


def text_bomb() -> bytes:
    """A PNG with a text of 200 MB, well packed."""
    whole = file_of(with_words("x"), "PNG")
    packed = b"zTXt" + b"Comment\0\0" + zlib.compress(bytes(200_000_000), 9)
    chunk = struct.pack(">I", len(packed) - 4) + packed + struct.pack(">I", zlib.crc32(packed))
    return whole[:33] + chunk + whole[33:]


GOOD: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "animated: the first frame": (lambda: animated("FIRST", "SECOND"), "FIRST", "SECOND"),
    "turned by EXIF": (lambda: turned("Total 42.00"), "Total 42.00", "nothing"),
    "20,000 pixels long": (
        lambda: file_of(Image.new("L", (20_000, 500), 255), "PNG"), "", "Traceback"),
}  # fmt: skip
BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "truncated PNG": (lambda: cut(file_of(with_words("x"), "PNG")), "damaged or cut off"),
    "truncated JPEG": (lambda: cut(file_of(with_words("x"), "JPEG")), "damaged or cut off"),
    "20,000 by 20,000 pixels": (lambda: png_header(20_000, 20_000), "64,000,000"),
    "a bomb by its size": (lambda: png_header(2**31 - 1, 2**31 - 1), "64,000,000"),
    "a bomb by its depth": (
        lambda: file_of(Image.new("RGBA", (9_000, 9_000)), "PNG"), "64,000,000"),
    "a bomb in its text": (text_bomb, "a longer text in it than is read; save it anew"),
    "a zip bomb": (lambda: zipped(bytes(50_000_000)), "no picture"),
    "a page": (lambda: b"<!doctype html><img src=x>", "no picture"),
}  # fmt: skip


def test_odd_pictures_are_read_as_they_are_meant(device: ServedDevice, subtests: pytest.Subtests):
    for name, (make, there, absent) in GOOD.items():
        with subtests.test(name=name):
            answer = answer_of(look(device, make()))
            assert there in answer
            assert absent not in answer
    check_memory(device.process.pid, "device")


def test_bad_pictures_are_refused_by_name_and_the_device_lives(
    device: ServedDevice, subtests: pytest.Subtests
):
    for name, (make, words) in BAD.items():
        with subtests.test(name=name):
            refused = look(device, make())
            assert refused.status_code == 400, refused.text
            error = refused.json()["error"]
            assert error["code"] == "bad_picture"
            assert words in str(error), error
            assert error["message"]
    assert "EXIT 9" in answer_of(look(device, file_of(with_words("EXIT 9"), "PNG")))
    check_memory(device.process.pid, "device")


class Conversation:
    """A client of the realtime API."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    def send(self, kind: str, **fields: Any) -> None:
        self._socket.send(json.dumps({"type": kind, **fields}))

    def until(self, *kinds: str) -> dict[str, Any]:
        while (event := json.loads(self._socket.recv(timeout=60)))["type"] not in kinds:
            pass
        return event

    def ask(self, data: bytes) -> dict[str, Any]:
        """The error of the event, or the answer."""
        address = f"data:image/png;base64,{base64.b64encode(data).decode()}"
        content = [
            {"type": "input_text", "text": "what stands on it"},
            {"type": "input_image", "image_url": address},
        ]
        item = {"type": "message", "role": "user", "content": content}
        self.send("conversation.item.create", item=item)
        added = self.until("conversation.item.added", "error")
        if added["type"] == "error":
            return added["error"]
        self.send("response.create")
        return self.until("response.done")["response"]


def test_bad_pictures_in_a_conversation_cost_one_answer_each(
    device: ServedDevice, subtests: pytest.Subtests
):
    address = device.address.replace("http", "ws") + "/v1/realtime"
    headers = {"Authorization": f"Bearer {key_of(device)}"}
    with connect(address, additional_headers=headers) as socket:
        talk = Conversation(socket)
        talk.send("session.update", session={"type": "realtime", "output_modalities": ["text"]})
        talk.until("session.updated")
        for name, (make, _) in BAD.items():
            with subtests.test(name=name):
                ended = talk.ask(make())
                assert ended["status"] == "failed", ended
                assert ended["status_details"]["error"]["code"] == "bad_picture"
        answer = talk.ask(file_of(with_words("EXIT 9"), "PNG"))
        assert "EXIT 9" in answer["output"][0]["content"][0]["text"]
        wrong = {"type": "audio/pcm", "rate": 16_000}
        talk.send(
            "session.update", session={"type": "realtime", "audio": {"input": {"format": wrong}}}
        )
        error = talk.until("error")["error"]
        assert error["param"] == "session.audio.input.format.rate"
        talk.send("input_audio_buffer.append", audio="no sound at all")
        assert talk.until("error")["error"]["param"] == "audio"
    check_memory(device.process.pid, "device")
