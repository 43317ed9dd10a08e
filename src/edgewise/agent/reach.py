"""The clouds as a turn sees them: what may be asked, how it goes out, how it comes back.

The device makes one (`device/reach.py`). A turn hands it no words but through `payload`, which
replaces what must not leave or raises: there is no other way out.
"""

from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Protocol

from msgspec import Struct

from edgewise.core.event import Attempt
from edgewise.core.message import Message
from edgewise.core.thought import Exchange
from edgewise.route.policy import RoutePolicy
from edgewise.route.question import Question, Score
from edgewise.think.chat import Said


class Outgoing(Struct, frozen=True):
    """What would leave, exactly: its bytes, their digest, and how many values of which kind stand
    replaced in it. `restore` is the device's own affair (`Reach.send`)."""

    endpoint: str
    region: str
    purpose: str
    body: bytes
    digest: str
    replaced: dict[str, int] = {}


class CloudSaid(Struct, frozen=True):
    """How a cloud's answer ended. `failed` is a code, empty for one that came whole; `began`
    whether words of it had come by then."""

    attempts: tuple[Attempt, ...] = ()
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float = 0.0
    failed: str = ""
    began: bool = False


class Reach(Protocol):
    """What the device has of clouds, and the only way to them."""

    @property
    def policy(self) -> RoutePolicy: ...

    def question(
        self,
        message: Message,
        exchanges: Sequence[Exchange],
        *,
        last: str,
        deadline_s: float,
        score: Score | None = None,
    ) -> Question:
        """Everything that decides where this message's words are sought, as it is now. `score` is
        the message's where it is known already: it does not change."""
        ...

    def check(self, message: Message, said: Said, question: Question) -> Score:
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
    ) -> AsyncGenerator[str, None]:
        """The answer's words as they come, with what was replaced put back. `note` is told how it
        ended, in every case but a cancellation; nothing is raised for a cloud that failed."""
        ...

    def keep_for_later(self, turn: str, outgoing: Outgoing) -> bool:
        """Keep it until there is a network; whether there was room."""
        ...
