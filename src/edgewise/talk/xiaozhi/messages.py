"""The protocol's messages in JSON: what a device sends, read; what it is sent, written.

The firmware joins some of its messages out of pieces without escaping them, so a wake word with a
quotation mark makes no JSON: what can be read of such a message is read. Types nobody knows are
ignored by both sides.
"""

import re
from enum import StrEnum
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from edgewise.errors import LinkError

MOST_MESSAGE_BYTES = 65_536
MOST_TEXT = 2_000
"""Characters of what is said by text."""
_Text = Annotated[str, Meta(max_length=MOST_TEXT)]


class Mode(StrEnum):
    """How turns end while a device listens: by themselves; by its button; by themselves, with its
    microphone open also while it speaks, its own sound taken out."""

    AUTO = "auto"
    MANUAL = "manual"
    REALTIME = "realtime"


class AudioParams(Struct, frozen=True):
    """How sound is coded; all of it is Opus, mono."""

    format: str = "opus"
    sample_rate: int = 16_000
    channels: int = 1
    frame_duration: int = 60


class Features(Struct, frozen=True):
    """What a device can: be a server of tools; take its own sound out with the server's help."""

    mcp: bool = False
    aec: bool = False


class Hello(Struct, frozen=True, tag="hello"):
    """The first message of a connection."""

    version: int = 1
    transport: str = "websocket"
    features: Features = Features()
    audio_params: AudioParams = AudioParams()


class Listen(Struct, frozen=True, tag="listen"):
    """The microphone: `start` by a mode, `stop`, or `detect`: a wake word was heard, or the person
    wrote `text`."""

    state: str
    mode: Mode = Mode.AUTO
    text: _Text = ""


class Abort(Struct, frozen=True, tag="abort"):
    """Whatever is said, be silent."""

    reason: str | None = None


class Mcp(Struct, frozen=True, tag="mcp"):
    """A message of the device's own server of tools: JSON-RPC 2.0."""

    payload: dict[str, Any]


class Goodbye(Struct, frozen=True, tag="goodbye"):
    """The device ends the session."""


FromDevice = Hello | Listen | Abort | Mcp | Goodbye


class _Kind(Struct):
    type: str


_KIND = msgspec.json.Decoder(_Kind)
_KNOWN: dict[str, msgspec.json.Decoder[FromDevice]] = {
    "hello": msgspec.json.Decoder(Hello, strict=False),
    "listen": msgspec.json.Decoder(Listen, strict=False),
    "abort": msgspec.json.Decoder(Abort, strict=False),
    "mcp": msgspec.json.Decoder(Mcp, strict=False),
    "goodbye": msgspec.json.Decoder(Goodbye, strict=False),
}


def read(text: str | bytes) -> FromDevice | None:
    """A device's message; None for a type that is not known. Raises LinkError (`bad_message`)."""
    raw = text.encode("utf-8", "replace") if isinstance(text, str) else text
    if len(raw) > MOST_MESSAGE_BYTES:
        raise _bad(f"{len(raw):,} bytes; the limit is {MOST_MESSAGE_BYTES:,}")
    try:
        decoder = _KNOWN.get(_KIND.decode(raw).type)
        return None if decoder is None else decoder.decode(raw)
    except (msgspec.ValidationError, RecursionError) as error:
        raise _bad(str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        if (mended := _unescaped(raw.decode("utf-8", "replace"))) is not None:
            return mended
        raise _bad(str(error)) from error


_FIELD = re.compile(r'"(type|state|mode|reason)"\s*:\s*"(\w*)"')
_SAID = re.compile(r'"text"\s*:\s*"(.*)"\s*}\s*$', re.DOTALL)


def _unescaped(text: str) -> FromDevice | None:
    """A listen or abort whose text was not escaped."""
    if not (text.startswith("{") and text.rstrip().endswith("}")):
        return None
    fields = dict(_FIELD.findall(text.partition('"text"')[0]))
    match fields.get("type"):
        case "listen" if fields.get("state") in ("start", "stop", "detect"):
            said = _SAID.search(text)
            return Listen(fields["state"], text=said[1][:MOST_TEXT] if said is not None else "")
        case "abort":
            return Abort(fields.get("reason"))
        case _:
            return None


def _bad(told: str) -> LinkError:
    return LinkError(f"a message that is not as in the protocol: {told}", code="bad_message")


# What a device is sent


def hello(session: str, *, sample_rate: int, frame_duration_ms: int) -> str:
    """The server's hello; `transport` must be there, the firmware falls over it."""
    return _written(
        {
            "type": "hello",
            "transport": "websocket",
            "session_id": session,
            "audio_params": {
                "format": "opus",
                "sample_rate": sample_rate,
                "channels": 1,
                "frame_duration": frame_duration_ms,
            },
        }
    )


def stt(session: str, text: str) -> str:
    """What the person said."""
    return _written({"type": "stt", "text": text, "session_id": session})


def emotion(session: str, name: str, sign: str) -> str:
    """The face that the device shows."""
    return _written({"type": "llm", "emotion": name, "text": sign, "session_id": session})


def tts(session: str, state: str, text: str = "") -> str:
    """Speech begins (`start`), says these words (`sentence_start`), or is over (`stop`)."""
    told = {"type": "tts", "state": state, "session_id": session}
    return _written({**told, "text": text} if text else told)


def alert(session: str, status: str, message: str, face: str) -> str:
    """Something the person should know; all three are needed."""
    told = {"type": "alert", "status": status, "message": message, "emotion": face}
    return _written({**told, "session_id": session})


def mcp(session: str, payload: dict[str, Any]) -> str:
    """To the device's server of tools."""
    return _written({"type": "mcp", "payload": payload, "session_id": session})


def still_here(session: str) -> str:
    """Something to hear on a quiet line, of a type that every firmware ignores: a device takes a
    line that is silent for two minutes as dead."""
    return _written({"type": "ping", "session_id": session})


def _written(message: dict[str, Any]) -> str:
    return msgspec.json.encode(message).decode()
