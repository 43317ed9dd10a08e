"""This machine's voice and ears behind `/v1/audio/speech` and `/v1/audio/transcriptions`.

Speech comes clause by clause as WAV or raw samples, and whole at the end in the packed formats,
which are made from all of it. A voice that only OpenAI has is answered in the machine's own; any
other unknown one is refused by name. It knows no key and no price.
Source: openai-openapi f85dbe2, `CreateSpeechRequest`, `CreateTranscriptionRequest`.
"""

import asyncio
import io
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import aclosing
from typing import Any

import msgspec
from msgspec import Struct

from edgewise.answer.speak import Spoken
from edgewise.cloud.backend import Away, Line, Reply
from edgewise.cloud.refusal import Refused, bad_request
from edgewise.cloud.senses import Senses
from edgewise.core.words import Language
from edgewise.errors import EdgewiseError, LinkError, UserError
from edgewise.perceive.hear import Ears, Heard, Vocabulary
from edgewise.perceive.perceive import language_of
from edgewise.sound.pcm import BYTES_PER_SAMPLE, LISTENING_HZ, SPEAKING_HZ, Pcm
from edgewise.sound.read import read_pieces
from edgewise.sound.write import STREAM_BYTES, wav_head
from edgewise.talk.realtime.fields import OTHERS_VOICES
from edgewise.talk.realtime.ga import words_in

SPEAK_S = 600.0
HEAR_S = 120.0
LONGEST_S = 2 * 3_600.0
PART_S, LOOK_S = 28.0, 8.0
_STEP_BYTES = LISTENING_HZ * BYTES_PER_SAMPLE // 10
SLOWEST, FASTEST = 0.5, 2.0
_STREAMED = {"wav": "audio/wav", "pcm": "audio/pcm"}
_PACKED = {
    "mp3": ("audio/mpeg", "MP3", "MPEG_LAYER_III"),
    "flac": ("audio/flac", "FLAC", "PCM_16"),
    "opus": ("audio/ogg", "OGG", "OPUS"),
}


class Said(Struct, frozen=True):
    """What is to be said; `speech.py` has checked it."""

    input: str
    voice: str | dict[str, Any] = ""
    response_format: str | None = None
    speed: float | None = None


class Listened(Struct, frozen=True):
    """What is to be heard: a file's bytes, and the fields of its form."""

    sound: bytes
    fields: dict[str, str]


async def speak(senses: Senses, body: bytes, line: Line) -> Reply:
    """The text of a body as sound. Raises Refused, or Away where the voice does not work."""
    said = msgspec.json.decode(body, type=Said)
    kind = said.response_format or "mp3"
    if kind not in _STREAMED and kind not in _PACKED:
        known = ", ".join((*_STREAMED, *_PACKED))
        raise _closed(line, bad_request(
            f"response_format: {kind!r}; this machine's voice gives: {known}", "response_format",
            "unsupported_value"))  # fmt: skip
    speed = said.speed or 1.0
    if not SLOWEST <= speed <= FASTEST:
        told = f"speed: {speed}; this machine's voice speaks at {SLOWEST} to {FASTEST}"
        raise _closed(line, bad_request(told, "speed", "unsupported_value"))
    try:
        clauses = senses.voice.speak(
            said.input,
            language_of(said.input),
            voice=_voice(said),
            speed=speed,
            deadline_s=SPEAK_S,
        )
        first = await anext(clauses, None)
    except EdgewiseError as error:
        raise _closed(line, _refused(error, "input")) from error
    pieces = _streamed(kind, first, clauses) if kind in _STREAMED else _packed(kind, first, clauses)
    return AudioReply(_STREAMED.get(kind) or _PACKED[kind][0], pieces)


async def hear(senses: Senses, body: bytes, line: Line) -> Reply:
    """The words of a sound. Raises Refused, or Away where the ears do not work."""
    given = msgspec.msgpack.decode(body, type=Listened)
    fields = given.fields
    try:
        language = _language(fields.get("language", ""))
        length_s = await asyncio.to_thread(_length_s, given.sound)
        words = Vocabulary(words_in(fields.get("prompt", "")))
        segments = await _segments(senses.ears, given.sound, language, words)
    except Refused as refused:
        raise _closed(line, refused) from None
    except EdgewiseError as error:
        raise _closed(line, _refused(error, "file")) from error
    kind, text = _written(fields.get("response_format", "json"), segments, length_s)

    async def whole() -> AsyncGenerator[bytes, None]:
        yield text

    return AudioReply(kind, whole())


AUDIO: dict[str, Callable[[Senses, bytes, Line], Awaitable[Reply]]] = {
    "/audio/speech": speak,
    "/audio/transcriptions": hear,
}


class AudioReply:
    """Implements `Reply` over pieces as they come."""

    def __init__(self, content_type: str, pieces: AsyncGenerator[bytes, None]) -> None:
        self._content_type = content_type
        self._pieces = pieces

    @property
    def is_stream(self) -> bool:
        """It is no stream of events."""
        return False

    @property
    def content_type(self) -> str:
        """What the bytes are."""
        return self._content_type

    async def read(self) -> bytes:
        """See `Reply`."""
        try:
            return await anext(self._pieces, b"")
        except EdgewiseError as error:
            raise LinkError(str(error)) from error

    def stop(self) -> bool:
        """There is nothing that would still come."""
        return False

    async def close(self, *, is_whole: bool = False) -> None:
        """See `Reply`: the voice stops."""
        del is_whole
        await self._pieces.aclose()


async def _all(
    first: Spoken | None, rest: AsyncGenerator[Spoken, None]
) -> AsyncGenerator[bytes, None]:
    async with aclosing(rest):
        if first is not None:
            yield first.sound.data
        async for spoken in rest:
            yield spoken.sound.data


async def _streamed(
    kind: str, first: Spoken | None, rest: AsyncGenerator[Spoken, None]
) -> AsyncGenerator[bytes, None]:
    async with aclosing(_all(first, rest)) as pieces:
        if kind == "wav":
            yield wav_head(STREAM_BYTES, SPEAKING_HZ)
        async for piece in pieces:
            yield piece


async def _packed(
    kind: str, first: Spoken | None, rest: AsyncGenerator[Spoken, None]
) -> AsyncGenerator[bytes, None]:
    async with aclosing(_all(first, rest)) as pieces:
        samples = b"".join([piece async for piece in pieces])
    yield await asyncio.to_thread(_pack, kind, samples)


def _pack(kind: str, samples: bytes) -> bytes:
    import numpy as np
    import soundfile  # pyright: ignore[reportMissingTypeStubs]

    out = io.BytesIO()
    _, container, coding = _PACKED[kind]
    soundfile.write(  # pyright: ignore[reportUnknownMemberType]
        out, np.frombuffer(samples, dtype="<i2"), SPEAKING_HZ, format=container, subtype=coding
    )
    return out.getvalue()


def _voice(said: Said) -> str:
    """The machine's own name of a voice; "" for its default. Raises UserError (`unknown_voice`)
    where the voice says it."""
    name = said.voice if isinstance(said.voice, str) else str(said.voice.get("id", ""))
    return "" if name in OTHERS_VOICES else name


def _language(given: str) -> Language | None:
    name = given.lower().partition("-")[0]
    if name and name not in tuple(Language):
        known = ", ".join(Language)
        told = f"language: {given[:20]!r}; this machine hears: {known}, or none to tell it itself"
        raise bad_request(told, "language", "unsupported_value")
    return Language(name) if name else None


class Segment(Struct, frozen=True):
    """What was heard in a part of the sound."""

    start: float
    end: float
    heard: Heard


def _length_s(sound: bytes) -> float:
    """How long a file is, all of which is good: before the ears work. Raises UserError."""
    pieces = read_pieces(sound, longest_s=LONGEST_S)
    return sum(len(piece) for piece in pieces) / (LISTENING_HZ * BYTES_PER_SAMPLE)


async def _segments(
    ears: Ears, sound: bytes, language: Language | None, words: Vocabulary
) -> list[Segment]:
    """The words, part by part: between two, others have their turn with the ears, and no more of
    the sound than one is held."""
    found: list[Segment] = []
    parts = parts_of(read_pieces(sound, longest_s=LONGEST_S))
    begin_s = 0.0
    while (part := await asyncio.to_thread(next, parts, None)) is not None:
        heard = await ears.transcribe(part, language=language, vocabulary=words, deadline_s=HEAR_S)
        end_s = begin_s + part.length_s
        found.append(Segment(round(begin_s, 3), round(end_s, 3), heard))
        begin_s = end_s
    return found


def parts_of(pieces: Iterable[bytes]) -> Iterator[Pcm]:
    """A sound in parts: cut at the quietest moment in the last `LOOK_S` of each `PART_S`."""
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) > PART_S * 10 * _STEP_BYTES:
            end = _quietest(held) * _STEP_BYTES
            yield Pcm(bytes(held[:end]))
            del held[:end]
    yield Pcm(bytes(held))


def _quietest(sound: bytearray) -> int:
    """The tenth of a second to cut at."""
    import numpy as np

    first, last = round((PART_S - LOOK_S) * 10), round(PART_S * 10)
    part = bytes(sound[first * _STEP_BYTES : last * _STEP_BYTES])
    steps = np.frombuffer(part, dtype="<i2").astype(np.float32).reshape(last - first, -1)
    return first + int(np.argmin(np.square(steps).mean(axis=1)))


def _written(kind: str, segments: Sequence[Segment], length_s: float) -> tuple[str, bytes]:
    """What was heard, in the format that is asked."""
    told = [segment for segment in segments if segment.heard.text]
    match kind:
        case "text":
            return "text/plain; charset=utf-8", (_joined(told) + "\n").encode()
        case "srt":
            cues = [
                f"{number}\n{_cue(one, ',')}\n{one.heard.text}\n"
                for number, one in enumerate(told, start=1)
            ]
            return "text/plain; charset=utf-8", "\n".join(cues).encode()
        case "vtt":
            cues = [f"{_cue(one, '.')}\n{one.heard.text}\n" for one in told]
            return "text/vtt; charset=utf-8", "\n".join(["WEBVTT\n", *cues]).encode()
        case _:
            usage = {"type": "duration", "seconds": round(length_s, 3)}
            answer: dict[str, Any] = {"text": _joined(told), "usage": usage}
            if kind == "verbose_json":
                answer |= {"task": "transcribe", "duration": round(length_s, 3)}
                answer["language"] = told[0].heard.language.value if told else ""
                answer["segments"] = [
                    {"id": number, "start": one.start, "end": one.end, "text": one.heard.text}
                    for number, one in enumerate(told)
                ]
            return "application/json", msgspec.json.encode(answer)


def _joined(segments: Sequence[Segment]) -> str:
    """One text; blanks stand between words of scripts that have them."""
    text = ""
    for segment in segments:
        is_chinese = segment.heard.language is Language.CHINESE
        text += ("" if is_chinese or not text else " ") + segment.heard.text
    return text


def _cue(segment: Segment, mark: str) -> str:
    return f"{_clock(segment.start, mark)} --> {_clock(segment.end, mark)}"


def _clock(at_s: float, mark: str) -> str:
    whole, milliseconds = divmod(round(at_s * 1000), 1000)
    minutes, seconds = divmod(whole, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}{mark}{milliseconds:03}"


def _refused(error: EdgewiseError, param: str) -> Refused | Away:
    """A fault of the request is the caller's to mend; any other is the machine's."""
    if isinstance(error, UserError):
        return bad_request(f"{param}: {error}", param, error.code)
    return Away(str(error), is_slow=error.code == "model_timed_out")


def _closed(line: Line, error: Refused | Away) -> Refused | Away:
    """Nothing was done for the request, so it is not billed."""
    line.closed()
    return error
