"""A connection over the fake conversation, and its events held to OpenAI's own types."""

import base64
import json
from collections.abc import Sequence
from typing import Any

from openai.types.realtime import RealtimeServerEvent
from pydantic import TypeAdapter

from edgewise.talk.realtime.connection import Connection
from edgewise.talk.realtime.playback import Playback
from edgewise.talk.realtime.session import Offer, Session
from tests.talk.realtime.fake_talk import FakeTalk

_GA = TypeAdapter[Any](RealtimeServerEvent)
NOT_IN_THE_SDK = {"output_audio_buffer.cleared"}
OFFER = Offer("edgewise", voices=frozenset({"af_heart", "zf_xiaobei"}), words=("seat heater",))


class Wire:
    """A client's end: sends events, keeps what comes, and holds each GA event to its type."""

    def __init__(self, *, beta: bool = False, offer: Offer = OFFER, by_track: bool = False) -> None:
        self.talk = FakeTalk()
        self.playback: Playback | None = None
        if by_track:
            self.playback = Playback(self.talk.truncate, self._played)
        self.connection = Connection(
            self.talk, Session("sess_1", offer), beta=beta, playback=self.playback
        )
        self.came: list[dict[str, Any]] = []
        self._keep(self.connection.opening())

    def send(self, type: str, **fields: Any) -> list[dict[str, Any]]:
        """What is answered at once."""
        return self.send_raw(json.dumps({"type": type, **fields}))

    def send_raw(self, message: str | bytes) -> list[dict[str, Any]]:
        return self._keep(self.connection.receive(message))

    def happen(self, *events: Any) -> list[dict[str, Any]]:
        """What the client is told of these."""
        return [told for event in events for told in self._keep(self.connection.tell(event))]

    def update(self, **session: Any) -> dict[str, Any]:
        """The session after an update that must be taken."""
        (updated,) = self.send("session.update", session=session)
        assert updated["type"] == "session.updated", updated
        return updated["session"]

    def refused(self, type: str, **fields: Any) -> dict[str, Any]:
        """The error of an event that must be refused."""
        before = list(self.talk.orders)
        (error,) = self.send(type, **fields)
        assert error["type"] == "error", error
        assert self.talk.orders == before, "what is refused changes nothing"
        return error["error"]

    def append(self, samples: bytes) -> list[dict[str, Any]]:
        return self.send("input_audio_buffer.append", audio=base64.b64encode(samples).decode())

    def hear(self, samples: bytes) -> list[dict[str, Any]]:
        """What is answered to sound of the track."""
        return self._keep(self.connection.hear(samples))

    def play(self, length_ms: int) -> list[dict[str, Any]]:
        """What is told while so much is played."""
        assert self.playback is not None
        before = len(self.came)
        self.playback.read(length_ms * 48)
        return self.came[before:]

    def _played(self, kind: str, reply: str) -> None:
        self._keep(self.connection.played(kind, reply))

    def _keep(self, events: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        told = [json.loads(json.dumps(event)) for event in events]
        self.came += told
        assert all(event["event_id"].startswith("event_") for event in told)
        if self.connection.dialect.name == "ga":
            for event in told:
                if event["type"] not in NOT_IN_THE_SDK:
                    _GA.validate_python(event)
        return told


def types(events: Sequence[dict[str, Any]]) -> list[str]:
    return [event["type"] for event in events]


def pcm(length_ms: int, rate_hz: int = 24_000) -> bytes:
    """A quiet square wave of that length."""
    return (b"\x00\x04" * 10 + b"\x00\xfc" * 10) * (rate_hz * length_ms // 1000 // 20)
