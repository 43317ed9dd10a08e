"""The clouds as a turn sees them: what may be asked, how it goes out, how it comes back.

The device makes one (`device/reach.py`). A turn hands it no words but through `payload`, which
replaces what must not leave or raises: there is no other way out.
"""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from edgewise.core.capability import Capability
from edgewise.core.event import Attempt, LeftPicture
from edgewise.core.exchange import CloudMessage, Opening, Outcome, Proposed
from edgewise.core.label import Label
from edgewise.core.message import Message
from edgewise.core.part import ImagePart
from edgewise.core.place import Routing
from edgewise.core.signal import JsonValue
from edgewise.core.thought import Exchange
from edgewise.route.payload import Turn
from edgewise.route.policy import RoutePolicy
from edgewise.route.question import Question, Score
from edgewise.think.chat import Said
from edgewise.think.retry_budget import RetryBudget


class Outgoing(Struct, frozen=True, weakref=True):
    """What would leave, exactly: its bytes, their digest, and how many values of which kind stand
    replaced in it; `earlier` is how many turns of before go with it, `label` that of all that it
    was made of, `pictures` what of pictures goes beside `body`, `recipient` the cloud's
    (`Endpoint.recipient`). What stands for what is the
    device's own affair (`Reach.send`), which keeps what it needs for that while this is held."""

    endpoint: str
    region: str
    purpose: str
    body: bytes
    digest: str
    replaced: dict[str, int] = {}
    earlier: int = 0
    label: Label = Label()
    pictures: tuple[LeftPicture, ...] = ()
    recipient: str = ""

    @property
    def size_bytes(self) -> int:
        """Of all of it."""
        return len(self.body) + sum(one.size_bytes for one in self.pictures)


ENDED = "ended"
"""The code of an answer that the device itself ended before it was whole."""


WRONG_LANGUAGE = "wrong_language"
"""The code of an answer that the device left as it was in another language than its question."""


class CloudSaid(Struct, frozen=True):
    """How a cloud's answer ended. `failed` is a code, empty for one that came whole; `began`
    whether words of it had come by then."""

    attempts: tuple[Attempt, ...] = ()
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float = 0.0
    failed: str = ""
    began: bool = False


class Talk(Protocol):
    """A turn's talk with a cloud's agent. `close` it, whatever happens: that ends the turn in the
    cloud too. Nothing leaves by it but an `Outgoing` of its own; what comes back is told as
    it came, but for words, in which the values are put back, and arguments, in which they are when
    asked for."""

    @property
    def offered(self) -> Mapping[str, Capability]:
        """What may be proposed: of the opening, what names nobody."""
        ...

    @property
    def read(self) -> Label:
        """The label of all that was sent in it."""
        ...

    def ask(
        self, message: Message, exchanges: Sequence[Exchange], opening: Opening, note: str
    ) -> Outgoing:
        """What leaves first: the words, the last exchanges, what may be proposed, and a `note` of
        the device. Raises TrustError when it can not be made safe."""
        ...

    def converse(self, *, deadline_s: float) -> AsyncGenerator[CloudMessage, None]:
        """Send what `ask` made; the cloud's messages, `Ended` the last. Raises LinkError."""
        ...

    def age_s(self, proposed: Proposed) -> float:
        """How old a proposal is at most, by the device's clock."""
        ...

    def arguments_of(self, proposed: Proposed) -> dict[str, JsonValue]:
        """Its arguments with the values put back that this turn had sent as stand-ins. Raises
        TrustError for any other stand-in: what was not sent here can not be asked for."""
        ...

    def words(self, text: str) -> str:
        """What can be told of the answer after this piece, with values put back."""
        ...

    def rest(self) -> str:
        """The rest of it."""
        ...

    def outcome(self, outcome: Outcome, label: Label) -> Outgoing:
        """What leaves about a call. Raises TrustError when it can not be made safe."""
        ...

    async def report(self, call: str, outgoing: Outgoing) -> None:
        """Send what `outcome` made. Raises LinkError."""
        ...

    def said(self, failed: str) -> CloudSaid:
        """What it took, and how it ended."""
        ...

    def close(self) -> None:
        """End it. Waits for nothing."""
        ...


class ToKeep(Struct, frozen=True):
    """A question that is to wait: in which turn of which session it was asked, and what was decided
    on."""

    turn: str
    session: str
    message: Message
    question: Question


class Waits(Struct, frozen=True):
    """Until when it is kept (wall seconds), and how many others had to go for it."""

    until: float
    crowded: int = 0


class Reach(Protocol):
    """What the device has of clouds, and the only way to them."""

    @property
    def policy(self) -> RoutePolicy: ...

    def question(
        self, message: Message, *, last: str, deadline_s: float, score: Score | None = None
    ) -> Question:
        """Everything that decides where this message's words are sought, as it is now. `score` is
        the message's where it is known already: it does not change."""
        ...

    def check(self, message: Message, said: Said) -> Score:
        """How likely the device's answer is wrong."""
        ...

    def outgoing(
        self,
        session: str,
        message: Message,
        exchanges: Sequence[Exchange],
        question: Question,
        endpoint: str,
    ) -> Outgoing:
        """What would leave for that cloud; the same value has the same stand-in through a session.
        Raises TrustError when it can not be made safe."""
        ...

    async def make_safe(self, pictures: Sequence[ImagePart], *, deadline_s: float) -> None:
        """Hide on `pictures` what tells who somebody is; `outgoing` takes none where that was not
        done. Raises EdgewiseError where it can not be done."""
        ...

    def may_leave(self, question: Question, endpoint: str) -> bool:
        """Whether it may go now: consent and mode are asked again at the moment of sending."""
        ...

    def send(
        self,
        outgoing: Outgoing,
        *,
        turn: str,
        deadline_s: float,
        note: Callable[[CloudSaid], object],
        as_written: bool = False,
    ) -> AsyncGenerator[str, None]:
        """The answer's words as they come, with what was replaced put back, or `as_written` by the
        cloud. `note` is told how it ended, `ENDED` for one that was closed or cancelled; nothing is
        raised for a cloud that failed."""
        ...

    def put_back(self, outgoing: Outgoing, text: str) -> str:
        """`text` of an answer to that, with what was replaced in it put back."""
        ...

    @property
    def hedges(self) -> RetryBudget:
        """How many of the answers asked of clouds may have the device's own beside them."""
        ...

    def took(self, seconds: float) -> None:
        """Note what an answer of the device's own took."""
        ...

    def keep_for_later(self, asked: ToKeep, outgoing: Outgoing) -> Waits:
        """Keep it, sealed, until it may be sent and can be. Raises EdgewiseError when it can not be
        kept; `outbox_full` where others are in its way."""
        ...

    def talk(self, session: str, turn: str, question: Question, endpoint: str) -> Talk:
        """A turn's talk with that cloud's agent; nothing is sent yet."""
        ...

    def agree(self, question: Question, endpoint: str, digest: str) -> Question:
        """The question once the person said yes to sending that cloud the payload with that digest.
        A consent that lacks is kept for this once: it counts for nothing else. Raises DeviceError
        when it can not be kept."""
        ...

    def outgoing_turns(
        self,
        session: str,
        turns: Sequence[Turn],
        question: Question,
        endpoint: str,
        aside: Sequence[str] = (),
    ) -> Outgoing:
        """What would leave of just these turns for the question's purpose; otherwise as
        `outgoing`. `aside` are words of the talk that stay, so that what is a secret is known."""
        ...

    def decided(self, question: Question, weighed: Routing, routing: Routing) -> None:
        """Be told the way of a turn: `weighed` before the device answered, `routing` at last."""
        ...

    def agreement(self, one: str, other: str) -> float:
        """How far two answers say the same, from 0 to 1."""
        ...


class Adviser(Protocol):
    """A language model of the same house as the agent, which may propose calls: nothing leaves the
    house by it, so no route is decided on."""

    @property
    def name(self) -> str:
        """What it is called in the record."""
        ...

    @property
    def proposes(self) -> bool:
        """Whether it can, as far as is known."""
        ...

    def talk(self, turn: str, before: Sequence[Exchange], *, only_calls: bool = False) -> Talk:
        """A turn's talk with it, which knows what was said `before`; nothing is asked yet. With
        `only_calls` nothing that it writes without a call is told."""
        ...
