"""A turn's talk with a cloud's agent over the device Agent API, redacted on the way out.

Words and results leave as payloads for the purpose `tools`; the list of what the device can do is
public where it is Edgewise's own, and an add-on's declaration in which something personal is found
is not offered. A stand-in in an argument counts if this talk sent it; any other is refused.
It performs nothing and decides nothing about a call.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

import msgspec

from edgewise.agent.reach import CloudSaid, Outgoing
from edgewise.core.capability import Capability
from edgewise.core.clock import Clock
from edgewise.core.endpoint import Endpoint
from edgewise.core.event import Attempt
from edgewise.core.exchange import CloudMessage, Ended, Opening, Outcome, Proposed
from edgewise.core.label import Label, Origin, OriginKind, join, label_of
from edgewise.core.message import Message
from edgewise.core.part import TextPart
from edgewise.core.regex import regex
from edgewise.core.signal import JsonValue
from edgewise.core.thought import Exchange
from edgewise.core.words import Language, Words
from edgewise.device.said_before import left_aside, said_before, turns_of
from edgewise.device.spending import Spending
from edgewise.errors import LinkError, TrustError
from edgewise.route.ability import price_of
from edgewise.route.payload import Part, Payload, Sent, Turn, build_payload
from edgewise.route.pseudonym import HIDDEN, MENTION, Pseudonyms, standin_of
from edgewise.route.question import Question, labelled
from edgewise.route.recognise import Names, recognise
from edgewise.route.restore import StreamRestorer, restore_value
from edgewise.think.agent_client import AgentClient

OWN = "edgewise"
"""The provider of what Edgewise declares itself: its words are the same in every device."""
MOST_FAILURES = 2
"""A connection that is lost is resumed; two in a row that bring nothing end the talk."""


@dataclass(slots=True)
class AgentTalk:
    """Implements `agent.reach.Talk`. `leaving` checks a payload and remembers it; `ending` holds
    what ends talks in the background, so that a cancelled turn waits for no cloud; `may_leave` is
    asked before each connection, which sends again what the one before had lost."""

    turn: str
    question: Question
    endpoint: Endpoint
    key: Callable[[], str]
    pseudonyms: Pseudonyms
    names: Callable[[], Names]
    clock: Clock
    leaving: Callable[[Payload, Question], Outgoing]
    spending: Spending
    ending: set[asyncio.Task[None]]
    may_leave: Callable[[], bool] = lambda: True
    offered: Mapping[str, Capability] = field(default_factory=dict[str, Capability])
    read: Label = field(default_factory=Label)
    _parts: tuple[TextPart, ...] = ()
    _opening: Opening | None = None
    _locale: Language = Language.ENGLISH
    _client: AgentClient | None = None
    _standins: frozenset[str] = frozenset()
    _restorer: StreamRestorer = field(default_factory=lambda: StreamRestorer({}))
    _owed: str = ""
    _sent_bytes: int = 0
    _began_at: float = 0.0
    _opened: bool = False
    _ended: Ended | None = None
    _reports: dict[str, Outcome] = field(default_factory=dict[str, Outcome])

    def ask(
        self, message: Message, exchanges: Sequence[Exchange], opening: Opening, note: str
    ) -> Outgoing:
        """See `Talk.ask`."""
        names = self.names()
        capabilities = tuple(c for c in opening.capabilities if _names_nobody(c, names))
        self._opening = msgspec.structs.replace(
            opening, capabilities=capabilities, model=self.endpoint.model
        )
        self._locale = message.language
        before = said_before(exchanges, self.question, self.endpoint, names)
        turns = [*turns_of(before), Turn(Part.USER, message.text, message.label)]
        if note:
            turns.append(Turn(Part.NOTE, note, _DEVICE))
        payload = build_payload(
            turns,
            self.question.purpose,
            self.pseudonyms,
            names,
            now=self.clock.now(),
            aside=left_aside(exchanges, before),
        )
        read = [one.label for one in before]
        self._parts = _parts_of(payload, message.label, join([*read, _MODEL]))
        listed = msgspec.json.encode(capabilities).decode()
        whole = (Sent("tools", listed), *payload.turns)
        payload = msgspec.structs.replace(
            payload,
            turns=whole,
            size_bytes=payload.size_bytes + len(listed.encode()),
            digest=self.pseudonyms.digest(msgspec.json.encode(whole)),
        )
        outgoing = self._left(payload, self.question)
        self.offered = {capability.name: capability for capability in capabilities}
        self.read = join([message.label, *read])
        return outgoing

    async def converse(self, *, deadline_s: float) -> AsyncGenerator[CloudMessage, None]:
        """See `Talk.converse`."""
        assert self._opening is not None, "ask first"
        self._began_at = self.clock.monotonic()
        address = self.endpoint.address.rstrip("/").removesuffix("/v1")
        client = AgentClient(
            address,
            self.key(),
            self._opening,
            clock=self.clock,
            most_failures=MOST_FAILURES,
            may_connect=self.may_leave,
        )
        await client.__aenter__()
        self._client, self._opened = client, True
        messages = client.say(
            self._parts, turn=self.turn, locale=self._locale, deadline_s=min(600.0, deadline_s)
        )
        async with aclosing(messages):
            async for message in messages:
                if isinstance(message, Ended):
                    self._ended = message
                yield message

    def age_s(self, proposed: Proposed) -> float:
        """See `Talk.age_s`."""
        return self._client.age_s(proposed) if self._client is not None else float("inf")

    def arguments_of(self, proposed: Proposed) -> dict[str, JsonValue]:
        """See `Talk.arguments_of`."""
        values = self.pseudonyms.values(self._standins)
        said = json.dumps(proposed.arguments, ensure_ascii=False)
        strange = any(standin_of(one) not in values for one in MENTION.finditer(said))
        if strange or f"_{HIDDEN}" in said.upper():
            raise TrustError(
                "an argument holds a stand-in that is not put back here; nothing was done",
                code="unknown_standin",
            )
        return {name: restore_value(value, values) for name, value in proposed.arguments.items()}

    def words(self, text: str) -> str:
        """See `Talk.words`."""
        owed, self._owed = self._owed, ""
        return owed + self._restorer.feed(text)

    def rest(self) -> str:
        """See `Talk.rest`."""
        owed, self._owed = self._owed, ""
        return owed + self._restorer.finish()

    def outcome(self, outcome: Outcome, label: Label) -> Outgoing:
        """See `Talk.outcome`."""
        about = join([label, _DEVICE])
        told = {"words": outcome.words, "data": outcome.data, "changed": outcome.changed}
        payload = build_payload(
            [Turn(Part.TOOL, _apart(msgspec.json.encode(told).decode()), about)],
            self.question.purpose,
            self.pseudonyms,
            self.names(),
            now=self.clock.now(),
            asks=Part.TOOL,
        )
        outgoing = self._left(payload, labelled(self.question, about))
        self._reports[outgoing.digest] = _redacted(outcome, payload.turns[0].text)
        if outcome.data is not None:
            self.read = join([self.read, label])
        return outgoing

    async def report(self, call: str, outgoing: Outgoing) -> None:
        """See `Talk.report`."""
        outcome = self._reports.pop(outgoing.digest)
        if self._client is None:
            raise LinkError("there is no session", code="session_lost")
        await self._client.report(self.turn, call, outcome)

    def said(self, failed: str) -> CloudSaid:
        """See `Talk.said`."""
        ended = self._ended
        took_s = round(self.clock.monotonic() - self._began_at, 4) if self._began_at else 0.0
        sent_bytes = self._sent_bytes if self._opened else 0
        attempt = Attempt(self.endpoint.name, 0.0, took_s, failed, 0, sent_bytes)
        tokens = (ended.input_tokens, ended.output_tokens) if ended is not None else (0, 0)
        attempts = (attempt,) if self._began_at else ()
        return CloudSaid(attempts, *tokens, self._cost(), failed, began=ended is not None)

    def close(self) -> None:
        """See `Talk.close`. What a turn cost that was left before its end is not known; then it is
        taken as what the question was expected to cost."""
        if self._client is not None:
            self.spending.add(self._cost(), self._sent_bytes, turn=self.turn)
            client, self._client = self._client, None
            task = asyncio.create_task(client.__aexit__(None, None, None))
            self.ending.add(task)
            task.add_done_callback(self.ending.discard)

    def _cost(self) -> float:
        if self._ended is None:
            return price_of(self.question, self.endpoint) if self._opened else 0.0
        need = msgspec.structs.replace(
            self.question.need,
            input_tokens=max(0, self._ended.input_tokens),
            output_tokens=max(0, self._ended.output_tokens),
        )
        return price_of(msgspec.structs.replace(self.question, need=need), self.endpoint)

    def _left(self, payload: Payload, about: Question) -> Outgoing:
        """What leaves now; its stand-ins can be put back from here on."""
        outgoing = self.leaving(payload, about)
        self._sent_bytes += payload.size_bytes
        if not payload.standins <= self._standins:
            self._standins |= payload.standins
            self._owed += self._restorer.finish()
            self._restorer = StreamRestorer(self.pseudonyms.values(self._standins))
        return outgoing


def _parts_of(payload: Payload, own: Label, before: Label) -> tuple[TextPart, ...]:
    """The payload as parts: what was said before is content, the person's words and the device's
    note are theirs. Of a label only the kinds of its sources are told."""
    asked = max(at for at, turn in enumerate(payload.turns) if turn.role == "user")
    parts: list[TextPart] = []
    for at, turn in enumerate(payload.turns):
        label = own if at == asked else _DEVICE if turn.role == "system" else before
        parts.append(TextPart(turn.text, _kinds_of(label)))
    return tuple(parts)


def _kinds_of(label: Label) -> Label:
    return Label(tuple(sorted({Origin(origin.kind) for origin in label.origins})))


def _names_nobody(capability: Capability, names: Names) -> bool:
    if capability.provider == OWN:
        return True
    return not recognise(_apart(msgspec.json.encode(capability).decode()), names)


def _apart(text: str) -> str:
    """JSON in which no letter of an escape stands before a word, which would hide that word from
    the recognisers: a line's end stays one and is followed by a blank, other signs are blanks."""
    return _ESCAPE.sub(
        lambda one: one[0] if one[1] in _SIGNS else f"{_KEPT.get(one[1], '')} ", text
    )


class _Told(msgspec.Struct):
    words: Words | None = None
    data: JsonValue = None
    changed: dict[str, JsonValue] = {}


def _redacted(outcome: Outcome, text: str) -> Outcome:
    """`outcome` with what `text` holds of it, redacted; as text where that is no JSON any more."""
    try:
        told = msgspec.json.decode(text, type=_Told)
    except msgspec.MsgspecError:
        told = _Told(data=text)
    return msgspec.structs.replace(outcome, words=told.words, data=told.data, changed=told.changed)


_ESCAPE = regex(r"\\(u[0-9a-f]{4}|.)")
_SIGNS = frozenset('"\\/')
_KEPT = {"n": r"\n"}
_DEVICE = label_of(OriginKind.SYSTEM, "device")
_MODEL = label_of(OriginKind.MODEL, "device")
