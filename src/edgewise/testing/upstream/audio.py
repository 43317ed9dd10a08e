"""Speech and transcriptions whose length follows from what was asked: real sound, no real words.

A text is said as a tone of 60 ms a character, in WAV or PCM, one piece a character under a
directive. What is heard is told by its length, measured by Python's own `wave`. No MP3 is made or
heard here.
"""

import io
import math
import struct
import wave
from typing import Any

import msgspec
from msgspec import Struct
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.types import Message, Scope

from edgewise.testing.upstream.connection import JSON, Client
from edgewise.testing.upstream.directive import Directive
from edgewise.testing.upstream.produced import Produced, Record
from edgewise.testing.upstream.refusal import Rejected

RATE_HZ = 8_000
CHARACTER_MS = 60
SPOKEN = frozenset(
    ["model", "input", "voice", "response_format", "speed", "instructions", "stream_format"]
)
HEARD = frozenset(
    [
        "file",
        "model",
        "language",
        "prompt",
        "response_format",
        "temperature",
        "timestamp_granularities[]",
    ]
)


class Job(Struct, frozen=True):
    """One request on its way."""

    asked: dict[str, Any]
    directive: Directive
    produced: Produced
    record: Record


async def read_form(scope: Scope, body: bytes) -> dict[str, Any]:
    """The fields of a form, its file as bytes."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    found: dict[str, Any] = {}
    async with Request(scope, receive).form() as form:
        for name, value in form.items():
            found[name] = await value.read() if isinstance(value, UploadFile) else value
    return found


async def speak(job: Job, client: Client) -> str:
    """Answer with sound; returns the outcome."""
    text, form = _spoken(job.asked)
    piece = tone(CHARACTER_MS)
    job.produced.add_characters(job.record, len(text))
    await client.start(200, (b"content-type", b"audio/wav" if form == "wav" else b"audio/pcm"))
    if form == "wav":
        await client.write(_head(len(piece) * len(text)))
    for number in range(len(text)):
        if number == job.directive.hang_after:
            await client.wait(None)
        await client.wait(job.directive.delay_ms / 1000)
        if client.is_gone:
            return "left"
        if number == job.directive.fail_after:
            client.cut()
            return "failed"
        if not await client.write(piece):
            return "left"
        job.produced.add_sound(job.record, CHARACTER_MS)
    return "finished" if await client.write(b"", last=True) else "left"


async def hear(job: Job, client: Client) -> str:
    """Answer with a text that tells how long the sound is; returns the outcome."""
    for name in job.asked:
        if name not in HEARD:
            raise Rejected(400, f"Unrecognized request argument supplied: {name}", name)
    length_ms = _length_ms(job.asked.get("file"))
    job.produced.add_sound(job.record, length_ms)
    text = f"a sound of {length_ms} ms"
    told: dict[str, Any] = {"text": text}
    told["usage"] = {"type": "duration", "seconds": math.ceil(length_ms / 1000)}
    form = job.asked.get("response_format", "json")
    if form == "verbose_json":
        told |= {"task": "transcribe", "language": "english", "duration": length_ms / 1000}
    elif form not in ("json", "text"):
        raise Rejected(400, f"'response_format' is {form!r}", "response_format")
    data, kind = msgspec.json.encode(told), JSON
    if form == "text":
        data, kind = f"{text}\n".encode(), (b"content-type", b"text/plain; charset=utf-8")
    await client.start(200, kind, (b"content-length", str(len(data)).encode()))
    return "finished" if await client.write(data, last=True) else "left"


def tone(milliseconds: int) -> bytes:
    """A tone of 400 Hz, in 16 bits of one channel."""
    count = milliseconds * RATE_HZ // 1000
    samples = [round(8_000 * math.sin(math.tau * 400 * at / RATE_HZ)) for at in range(count)]
    return struct.pack(f"<{count}h", *samples)


def _spoken(asked: dict[str, Any]) -> tuple[str, str]:
    for name in asked:
        if name not in SPOKEN:
            raise Rejected(400, f"Unrecognized request argument supplied: {name}", name)
    text, form = asked.get("input"), asked.get("response_format") or "mp3"
    if not isinstance(text, str) or not text:
        raise Rejected(400, "'input' must be a text", "input")
    if not asked.get("voice"):
        raise Rejected(400, "'voice' is missing", "voice")
    if form not in ("wav", "pcm"):
        raise Rejected(400, f"{form!r} is not made here; wav or pcm", "response_format")
    return text, form


def _head(size: int) -> bytes:
    """The head of a WAV whose sound has `size` bytes."""
    out = io.BytesIO()
    with wave.open(out, "wb") as made:
        made.setparams((1, 2, RATE_HZ, 0, "NONE", ""))
        made.writeframes(bytes(size))
    return out.getvalue()[:-size]


def _length_ms(file: Any) -> int:
    try:
        with wave.open(io.BytesIO(file), "rb") as heard:
            return round(heard.getnframes() * 1000 / heard.getframerate())
    except (wave.Error, EOFError, TypeError) as error:
        raise Rejected(400, f"the file is no WAV: {error}", "file") from error
