"""A device's reach to clouds that plays a script, and keeps what would have left."""

import hashlib
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as replaced

from edgewise.agent.reach import CloudSaid, Outgoing
from edgewise.core.endpoint import Condition, Consent, Endpoint
from edgewise.core.event import Answered, Came, Checked, Event, Left, TextDelta, Weighed
from edgewise.core.message import Message
from edgewise.core.place import Mode
from edgewise.core.thought import Exchange
from edgewise.errors import TrustError
from edgewise.route.policy import DEFAULT, RoutePolicy
from edgewise.route.question import Need, Question, Score
from edgewise.think.chat import Said
from tests.agent.conftest import House

STEP = Endpoint("step", "https://step.example/v1", "step-3.7", "CN")
GIVEN = Consent("c1", "step", "assist", 0.0)
WHOLE = CloudSaid(input_tokens=3, output_tokens=2, cost=0.01)
SMALL = Condition(online=True, model="small", languages=("en",), context_tokens=2_048)


@dataclass
class ScriptedReach:
    """`says` is what the cloud says, `ends` how that ends; `wrong` and `answer_wrong` are the
    scores before and after the device's answer."""

    mode: Mode = Mode.PREFER_DEVICE
    consents: tuple[Consent, ...] = (GIVEN,)
    condition: Condition = SMALL
    wrong: float = 0.0
    answer_wrong: float = 0.0
    says: Sequence[str] = ("From the cloud.",)
    ends: CloudSaid = WHOLE
    is_safe: bool = True
    still_may: bool = True
    queueable: bool = False
    has_room: bool = True
    policy: RoutePolicy = DEFAULT
    sent: list[Outgoing] = field(default_factory=list[Outgoing])
    kept: list[Outgoing] = field(default_factory=list[Outgoing])
    lasts: list[str] = field(default_factory=list[str])

    def question(
        self,
        message: Message,
        exchanges: Sequence[Exchange],
        *,
        last: str,
        deadline_s: float,
        score: Score | None = None,
    ) -> Question:
        self.lasts.append(last)
        return Question(
            hashlib.sha256(message.text.encode()).hexdigest()[:12],
            self.mode,
            100.0,
            region="CN",
            need=Need(message.language, len(message.text) // 4),
            endpoints=(STEP,),
            consents=self.consents,
            condition=self.condition,
            score=score or Score(self.wrong, self.wrong),
            last=last,
            deadline_s=deadline_s,
            queueable=self.queueable,
        )

    def check(self, message: Message, said: Said, question: Question) -> Score:
        return Score(1.0 if said.declined else self.answer_wrong, self.answer_wrong)

    def outgoing(
        self,
        session: str,
        message: Message,
        exchanges: Sequence[Exchange],
        question: Question,
        endpoint: str,
    ) -> Outgoing:
        if not self.is_safe:
            raise TrustError("what is private in it could not be replaced", code="not_redacted")
        body = message.text.encode()
        return Outgoing(
            endpoint, "CN", "assist", body, hashlib.sha256(body).hexdigest(), {"phone": 1}
        )

    def may_leave(self, question: Question, endpoint: str) -> bool:
        return self.still_may

    async def send(
        self,
        outgoing: Outgoing,
        *,
        turn: str,
        deadline_s: float,
        note: Callable[[CloudSaid], object],
    ) -> AsyncGenerator[str, None]:
        self.sent.append(outgoing)
        for piece in self.says:
            yield piece
        note(self.ends)

    def keep_for_later(self, turn: str, outgoing: Outgoing) -> bool:
        self.kept.append(outgoing)
        return self.has_room


def reaching(house: House, reach: ScriptedReach) -> ScriptedReach:
    """The house's agent with that reach from now on."""
    house.agent.home = replaced(house.agent.home, reach=reach)
    return reach


def end_of(events: list[Event]) -> Answered:
    """The answer that a turn ended in."""
    last = events[-1]
    assert isinstance(last, Answered)
    return last


def kinds(events: list[Event]) -> list[str]:
    """The names of the events that tell of words, in order."""
    told = (Weighed, Checked, Left, Came, TextDelta)
    return [type(event).__name__ for event in events if isinstance(event, told)]
