"""A session of the device Agent API as the cloud keeps it: turns, proposed calls, bounds.

A state machine: frames of the device and words of the mind go in, frames for the device come out of
`due`; time is passed in. It proposes and records; nothing in it acts, and a report is only ever
about a call that it proposed itself. It knows no socket, no model and no key.
Source: docs/decisions/0008-device-agent-api.md.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import sha256

import msgspec

from edgewise.core.call import Status
from edgewise.core.exchange import (
    Ack,
    Bounds,
    Cancel,
    CloudMessage,
    DeviceFrame,
    DeviceMessage,
    Ended,
    FromDevice,
    How,
    NotTaken,
    Opening,
    Outcome,
    Proposed,
    Pulse,
    Report,
    Say,
    Started,
    Text,
    Welcome,
    Withdrawn,
    numbered,
)
from edgewise.core.label import Label
from edgewise.core.signal import JsonValue
from edgewise.errors import LinkError
from edgewise.web.sequence import Incoming, Outgoing

TURNS_BYTES = 1_048_576
"""What the ended turns of a session may take together; the oldest are forgotten before."""
PIECE_CHARACTERS = 4_096
"""A longer piece of text is sent as several messages: six bytes a character stay in one message."""


@dataclass(slots=True)
class Call:
    """A proposed call and what the device told of it; the last outcome counts."""

    capability: str
    outcome: Outcome | None = None

    @property
    def settled(self) -> bool:
        """Whether the device has told how it ended; being asked is no end."""
        return self.outcome is not None and self.outcome.status is not Status.ASKED

    @property
    def waits_for_nothing(self) -> bool:
        """Whether nothing more comes of it in this turn: the person may be asked after its end."""
        return self.settled or (self.outcome is not None and self.outcome.later)


@dataclass(slots=True)
class Turn:
    """A turn: what was said, what was answered and proposed, how it ended."""

    say: Say
    digest: bytes
    began_at: float
    size_bytes: int
    answer: str = ""
    calls: dict[str, Call] = field(default_factory=dict[str, Call])
    end: Ended | None = None

    @property
    def open_calls(self) -> tuple[str, ...]:
        """Calls that the device has not told the end of."""
        return tuple(key for key, call in self.calls.items() if not call.settled)


@dataclass(frozen=True, slots=True)
class Begun:
    """A new turn is to be thought about."""

    turn: str


@dataclass(frozen=True, slots=True)
class Reported:
    """The device told an outcome of a call; `late` after its turn's end."""

    turn: str
    call: str
    late: bool


@dataclass(frozen=True, slots=True)
class Dropped:
    """The device does not want a turn any more."""

    turn: str


Step = Begun | Reported | Dropped


class AgentSession:
    """One session. `expires_at` is when it ends if the device does not come back before."""

    def __init__(self, name: str, opening: Opening, model: str, bounds: Bounds, now: float) -> None:
        self.name, self.opening, self.model, self.bounds = name, opening, model, bounds
        self.turns: OrderedDict[str, Turn] = OrderedDict()
        self.connected = False
        self.expires_at = now + opening.resume_window_s
        # The longest answer to a message: a turn that is told again, from its start to its end. A
        # turn's own end is two messages at most.
        self._answers = 2 + -(-bounds.text_bytes // PIECE_CHARACTERS)
        spare = 2 * bounds.turns_at_once + 2 * self._answers
        self._outgoing = Outgoing(bounds.unacknowledged, bounds.unacknowledged_bytes, spare=spare)
        self._incoming = Incoming()
        self._opening_bytes = len(msgspec.json.encode(opening))
        self._told = 0
        self._pulse = 0
        self._calls_made = 0
        self._next_free = now - bounds.burst / bounds.messages_a_second

    @property
    def size_bytes(self) -> int:
        """About what the session takes: its opening, turns and messages that wait."""
        turns = sum(turn.size_bytes for turn in self.turns.values())
        return self._opening_bytes + self._outgoing.waiting_bytes + turns

    # -- the connection

    def connect(self, resume_after: int) -> Welcome:
        """A connection takes the session over. Raises LinkError when nothing can be resumed."""
        self._outgoing.resume(resume_after)
        self.connected = True
        self._told = self._incoming.received
        return Welcome(self.name, self._told)

    def disconnect(self, now: float) -> None:
        """The connection is gone; the session waits for the next one."""
        self.connected = False
        self.expires_at = now + self.opening.resume_window_s

    def expired(self, now: float) -> bool:
        """Whether the device has stayed away too long."""
        return not self.connected and now >= self.expires_at

    def pause_s(self, now: float) -> float:
        """How long to wait before the next frame is read, and count that frame: a device that sends
        faster than it may is slowed down, not cut off. (GCRA, as in ATM Forum TM 4.0.)"""
        each = 1.0 / self.bounds.messages_a_second
        begins = max(self._next_free, now - each * self.bounds.burst)
        self._next_free = begins + each
        return max(0.0, begins - now)

    def receive(self, frame: DeviceFrame, now: float) -> Step | None:
        """Take a frame; what is to be done about it, if anything.

        Raises LinkError for a frame against the protocol, which is not taken.
        """
        match frame:
            case Ack():
                self._outgoing.acknowledge(frame.ack)
            case Pulse():
                self._pulse = frame.pulse
            case FromDevice():
                self._outgoing.acknowledge(frame.ack)
                if not self._outgoing.has_spare(self._answers + 2 * self._running()):
                    raise LinkError(
                        f"{self._outgoing.waiting} messages to the device are not acknowledged;"
                        " acknowledge them and connect again",
                        code="unacknowledged",
                    )
                if self._incoming.take(frame.seq):
                    return self._take(frame.message, now)
        return None

    def due(self) -> list[bytes]:
        """The frames to send now: messages in order, or an acknowledgement alone."""
        received = self._incoming.received
        frames = [numbered(kept.seq, received, kept.body) for kept in self._outgoing.due()]
        if not frames and self._told < received:
            frames = [msgspec.json.encode(Ack(received))]
        self._told = received
        return frames

    # -- the mind

    def has_room(self) -> bool:
        """Whether there is room for text and proposals; else wait until the device acknowledges."""
        return self._outgoing.has_room(self.bounds.message_bytes)

    def write(self, turn: str, text: str) -> None:
        """Add `text` to the turn's answer. Raises LinkError when the answer gets too long."""
        current = self._running_turn(turn)
        if len((current.answer + text).encode()) > self.bounds.text_bytes:
            raise LinkError(
                f"the answer is longer than {self.bounds.text_bytes} bytes", code="too_long"
            )
        current.answer += text
        current.size_bytes += len(text.encode())
        self._write(turn, text)

    def propose(
        self, turn: str, capability: str, arguments: dict[str, JsonValue], label: Label
    ) -> str:
        """Propose a call; its name. Raises LinkError for one too many, or too large."""
        current = self._running_turn(turn)
        bounds = self.bounds
        for count, limit, code in (
            (len(current.calls), bounds.calls, "too_many_calls"),
            (len(current.open_calls), bounds.calls_at_once, "too_many_open_calls"),
        ):
            if count >= limit:
                raise LinkError(f"the turn has {count} calls, the limit is {limit}", code=code)
        key = f"c{self._calls_made + 1}"
        proposed = Proposed(turn, key, capability, arguments, label, self._pulse)
        size = len(msgspec.json.encode(proposed))
        if size > bounds.message_bytes - 128:
            raise LinkError(
                f"the call is {size} bytes long, the limit is {bounds.message_bytes - 128}",
                code="too_long",
            )
        self._calls_made += 1
        current.calls[key] = Call(capability)
        current.size_bytes += len(capability) + 64
        self._post(proposed)
        return key

    def end(
        self,
        turn: str,
        how: How,
        code: str = "",
        message: str = "",
        *,
        input_tokens: int = 0,
        output_tokens: int = 0,
    ) -> None:
        """End a turn; what it still proposed is withdrawn, unless the person is being asked."""
        current = self.turns.get(turn)
        if current is None or current.end is not None:
            return
        calls = tuple(key for key in current.open_calls if current.calls[key].outcome is None)
        if calls:
            self._post(Withdrawn(turn, calls))
        current.end = Ended(turn, how, code, message[:500], input_tokens, output_tokens)
        self._post(current.end)
        self._forget()

    # -- what the device says

    def _take(self, message: DeviceMessage, now: float) -> Step | None:
        match message:
            case Say():
                return self._say(message, now)
            case Report():
                return self._report(message)
            case Cancel():
                turn = self.turns.get(message.turn)
                if turn is None:
                    return self._refuse(message.turn, "no_such_turn", "there is no such turn")
                return Dropped(message.turn) if turn.end is None else None

    def _say(self, say: Say, now: float) -> Step | None:
        told = msgspec.json.encode(say, order="deterministic")
        digest = sha256(told).digest()
        known = self.turns.get(say.turn)
        if known is not None:
            if known.digest != digest:
                return self._refuse(say.turn, "key_reused", "this turn was about something else")
            self._post(Started(say.turn, self.model, again=True))
            if known.end is not None:
                self._write(say.turn, known.answer)
                self._post(known.end)
            return None
        if (running := self._running()) >= self.bounds.turns_at_once:
            return self._refuse(
                say.turn,
                "too_many_turns",
                f"{running} turns run, the limit is {self.bounds.turns_at_once}; wait for an end",
            )
        self.turns[say.turn] = Turn(say, digest, now, len(told))
        self._post(Started(say.turn, self.model))
        return Begun(say.turn)

    def _report(self, report: Report) -> Step | None:
        turn = self.turns.get(report.turn)
        call = turn.calls.get(report.call) if turn is not None else None
        if turn is None or call is None:
            return self._refuse(report.turn, "no_such_call", "nobody proposed it", report.call)
        if call.settled:
            if call.outcome == report.outcome:
                return None
            return self._refuse(
                report.turn, "already_settled", "how it ended was told before", report.call
            )
        call.outcome = report.outcome
        turn.size_bytes += len(msgspec.json.encode(report.outcome))
        return Reported(report.turn, report.call, late=turn.end is not None)

    def _refuse(self, turn: str, code: str, message: str, call: str = "") -> None:
        self._post(NotTaken(turn, code, message, call))

    def _write(self, turn: str, text: str) -> None:
        for start in range(0, len(text), PIECE_CHARACTERS):
            self._post(Text(turn, text[start : start + PIECE_CHARACTERS]))

    def _post(self, message: CloudMessage) -> None:
        self._outgoing.put(msgspec.json.encode(message))

    def _running(self) -> int:
        return sum(turn.end is None for turn in self.turns.values())

    def _running_turn(self, turn: str) -> Turn:
        current = self.turns.get(turn)
        if current is None or current.end is not None:
            raise LinkError(f"the turn {turn!r} is over", code="turn_over")
        return current

    def _forget(self) -> None:
        """Forget the oldest ended turns, those last that the person is still being asked about:
        all but so many, and all but so many bytes, but the newest."""
        surplus = len(self.turns) - self.bounds.turns_remembered
        size_bytes = sum(turn.size_bytes for turn in self.turns.values())
        ended = [key for key, turn in self.turns.items() if turn.end is not None]
        ended.sort(key=lambda key: bool(self.turns[key].open_calls))
        for number, key in enumerate(ended[:-1] if size_bytes > TURNS_BYTES else ended):
            if number >= surplus and size_bytes <= TURNS_BYTES:
                break
            size_bytes -= self.turns.pop(key).size_bytes
