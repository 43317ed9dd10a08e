"""A talk with a cloud's agent that plays a script, and keeps what would have been sent."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field

import msgspec

from edgewise.agent.reach import CloudSaid, Outgoing
from edgewise.core.capability import Capability
from edgewise.core.exchange import CloudMessage, Ended, How, Opening, Outcome, Proposed, Text
from edgewise.core.label import Label, OriginKind, label_of
from edgewise.core.message import Message
from edgewise.core.signal import JsonValue
from edgewise.core.thought import Exchange
from edgewise.errors import LinkError, TrustError

MODEL = label_of(OriginKind.MODEL, "m")
Play = CloudMessage | LinkError | asyncio.Event | Callable[[], None]
"""A message, a link that breaks, something to wait for, or something that happens."""


def says(text: str) -> Text:
    return Text("", text)


def wants(capability: str, arguments: dict[str, JsonValue], call: str = "c1") -> Proposed:
    return Proposed("", call, capability, arguments, MODEL)


END = Ended("", How.ANSWERED, input_tokens=3, output_tokens=2)


@dataclass
class ScriptedTalk:
    """Plays `plays`, each as of its turn; before an end it waits until all calls are reported."""

    turn: str
    plays: Sequence[Play]
    is_safe: bool = True
    age: float = 0.0
    offered: dict[str, Capability] = field(default_factory=dict[str, Capability])
    read: Label = field(default_factory=Label)
    note: str = ""
    told: list[tuple[str, Outcome]] = field(default_factory=list[tuple[str, Outcome]])
    made: dict[str, Outcome] = field(default_factory=dict[str, Outcome])
    closed: bool = False
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def ask(
        self, message: Message, exchanges: Sequence[Exchange], opening: Opening, note: str
    ) -> Outgoing:
        if not self.is_safe:
            raise TrustError("what is private in it could not be replaced", code="not_redacted")
        self.offered = {one.name: one for one in opening.capabilities}
        self.read, self.note = message.label, note
        return _outgoing(message.text.encode())

    async def converse(self, *, deadline_s: float) -> AsyncGenerator[CloudMessage, None]:
        proposals = set[str]()
        for play in self.plays:
            match play:
                case LinkError():
                    raise play
                case asyncio.Event():
                    await play.wait()
                case Proposed():
                    proposals.add(play.call)
                    yield self._of_turn(play)
                case Ended():
                    while len(self.told) < len(proposals):
                        self._news.clear()
                        await self._news.wait()
                    yield self._of_turn(play)
                case Text():
                    yield self._of_turn(play)
                case _ if callable(play):
                    play()
                case _:
                    yield self._of_turn(play)  # type: ignore[arg-type]

    def _of_turn(self, message: CloudMessage) -> CloudMessage:
        return msgspec.structs.replace(message, turn=message.turn or self.turn)

    def age_s(self, proposed: Proposed) -> float:
        return self.age

    def arguments_of(self, proposed: Proposed) -> dict[str, JsonValue]:
        if "<" in str(proposed.arguments):
            raise TrustError("a stand-in of another", code="unknown_standin")
        return proposed.arguments

    def words(self, text: str) -> str:
        return text

    def rest(self) -> str:
        return ""

    def outcome(self, outcome: Outcome, label: Label) -> Outgoing:
        outgoing = _outgoing(msgspec.json.encode(outcome) + bytes(len(self.made)))
        self.made[outgoing.digest] = outcome
        return outgoing

    async def report(self, call: str, outgoing: Outgoing) -> None:
        self.told.append((call, self.made[outgoing.digest]))
        self._news.set()

    def said(self, failed: str) -> CloudSaid:
        return CloudSaid(input_tokens=3, output_tokens=2, cost=0.01, failed=failed)

    def close(self) -> None:
        self.closed = True


def _outgoing(body: bytes) -> Outgoing:
    return Outgoing("step", "CN", "tools", body, hashlib.sha256(body).hexdigest(), {})
