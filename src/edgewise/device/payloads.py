"""Payloads on their way to clouds, in memory alone: what left or would leave, and what stands for
what in it.

The last `SHOWN` are remembered, so that the person can see exactly what left, and besides each one
whose turn still has it in hand, however many others leave meanwhile; a session's stand-ins for as
long as the session is one of the last `MOST_SESSIONS`.
"""

import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

import msgspec

from edgewise.agent.reach import Outgoing
from edgewise.core.label import Label
from edgewise.device.clouds import Cloud
from edgewise.route.payload import Payload
from edgewise.route.pseudonym import Pseudonyms
from edgewise.route.question import Question

SHOWN = 32
MOST_SESSIONS = 256


@dataclass(slots=True)
class OnItsWay:
    """A payload, the label of what it was made of, and the question by which it may leave. What
    stands for what is the session's affair; of one that waited, its own."""

    payload: Payload
    label: Label
    pseudonyms: Pseudonyms | None
    own: Mapping[str, str] = field(default_factory=dict[str, str])
    question: Question | None = None

    @property
    def values(self) -> Mapping[str, str]:
        """What its stand-ins stand for."""
        held = self.pseudonyms
        return self.own if held is None else held.values(self.payload.standins)


class Payloads:
    """Those of one device; `key` makes its digests and stand-ins."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._sessions: OrderedDict[str, Pseudonyms] = OrderedDict()
        self._out: OrderedDict[str, OnItsWay] = OrderedDict()
        self._in_hand: WeakValueDictionary[int, Outgoing] = WeakValueDictionary()
        """What turns may still send or keep: each is in it until its turn lets go of it."""

    def take_up(self, cloud: Cloud, one: OnItsWay) -> Outgoing:
        """Remember it, as what would leave for that cloud. It can be found for as long as what is
        returned is held, and then while it is one of the last."""
        payload = one.payload
        self._out[payload.digest] = one
        self._out.move_to_end(payload.digest)
        outgoing = Outgoing(
            cloud.name,
            cloud.region,
            payload.purpose,
            msgspec.json.encode(payload.turns),
            payload.digest,
            payload.counts,
            sum(turn.role != "system" for turn in payload.turns) - 1,
            one.label,
            tuple(picture for turn in payload.turns for picture in turn.pictures),
            cloud.endpoint.recipient,
        )
        self._in_hand[id(outgoing)] = outgoing
        self._forget_oldest()
        return outgoing

    def _forget_oldest(self) -> None:
        used = {outgoing.digest for outgoing in self._in_hand.values()}
        spare = [digest for digest in self._out if digest not in used]
        for digest in spare[: max(0, len(self._out) - SHOWN)]:
            del self._out[digest]

    def find(self, digest: str) -> OnItsWay | None:
        """The one with that digest, while it is remembered."""
        return self._out.get(digest)

    def pseudonyms(self, session: str) -> Pseudonyms:
        """The stand-ins of a session, new ones for a new session."""
        held = self._sessions.get(session)
        if held is None:
            held = self._sessions[session] = Pseudonyms(self._key, session + secrets.token_hex(8))
            while len(self._sessions) > MOST_SESSIONS:
                self._sessions.popitem(last=False)[1].clear()
        self._sessions.move_to_end(session)
        return held

    def forget(self) -> None:
        """Forget what left, and what stands for what (rule P10)."""
        for pseudonyms in self._sessions.values():
            pseudonyms.clear()
        self._sessions.clear()
        self._out.clear()
