"""A device's reach to clouds that plays a script, and keeps what would have left."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as replaced

from msgspec.structs import replace

from edgewise.agent.reach import ENDED, CloudSaid, Outgoing, ToKeep, Waits
from edgewise.core.clock import SystemClock
from edgewise.core.endpoint import Condition, Consent, Endpoint, Health
from edgewise.core.event import (
    Answered,
    Came,
    Checked,
    Compared,
    Event,
    Kept,
    Left,
    TextDelta,
    Weighed,
)
from edgewise.core.label import Label
from edgewise.core.message import Message
from edgewise.core.place import Mode, Routing
from edgewise.core.thought import Exchange
from edgewise.errors import DeviceError, TrustError
from edgewise.route.asked import supposing
from edgewise.route.payload import Turn
from edgewise.route.policy import DEFAULT, RoutePolicy
from edgewise.route.question import Need, Question, Score
from edgewise.think.chat import Said
from edgewise.think.retry_budget import RetryBudget
from tests.agent.conftest import House
from tests.agent.scripted_talk import Play, ScriptedTalk

STEP = Endpoint("step", "https://step.example/v1", "step-3.7", "CN")
GIVEN = Consent("c1", "step", "assist", 0.0)
WHOLE = CloudSaid(input_tokens=3, output_tokens=2, cost=0.01)
SMALL = Condition(online=True, model="small", languages=("en",), context_tokens=2_048)


@dataclass
class ScriptedReach:
    """`says` is what the cloud says, `ends` how that ends; `wrong` and `answer_wrong` are the
    scores before and after the device's answer. `silent_s` is how long the cloud says nothing,
    `begins_p95_s` what is known of that, `given_s` what time it was given. `why` is why it is left
    alone, if so. `values` are put back for what they stand for, `drawn` is the label of what a
    cloud is sent."""

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
    crowded: int = 0
    policy: RoutePolicy = DEFAULT
    sent: list[Outgoing] = field(default_factory=list[Outgoing])
    kept: list[Outgoing] = field(default_factory=list[Outgoing])
    told: list[Exchange] = field(default_factory=list[Exchange])
    """The talk as it stood at the last question, from which what may go along is taken."""
    lasts: list[str] = field(default_factory=list[str])
    endpoint: Endpoint = STEP
    plays: Sequence[Play] = ()
    talks: list[ScriptedTalk] = field(default_factory=list[ScriptedTalk])
    agreed: list[str] = field(default_factory=list[str])
    silent_s: float = 0.0
    begins_p95_s: float = 0.0
    budget: RetryBudget = field(default_factory=lambda: RetryBudget(SystemClock(), share=1.0))
    given_s: list[float] = field(default_factory=list[float])
    own_times: list[float] = field(default_factory=list[float])
    chance: float = 1.0
    why: str = ""
    values: dict[str, str] = field(default_factory=dict[str, str])
    drawn: Label = field(default_factory=Label)
    decisions: list[tuple[Question, Routing, Routing]] = field(
        default_factory=list[tuple[Question, Routing, Routing]]
    )

    def question(
        self, message: Message, *, last: str, deadline_s: float, score: Score | None = None
    ) -> Question:
        self.lasts.append(last)
        return Question(
            hashlib.sha256(message.text.encode()).hexdigest()[:12],
            self.mode,
            100.0,
            residency=message.label.residency,
            region="CN",
            need=Need(message.language, len(message.text) // 4),
            endpoints=(self.endpoint,),
            consents=self.consents,
            condition=self.condition,
            health=(Health("step", bool(self.why), begins_p95_s=self.begins_p95_s, why=self.why),),
            score=score or Score(self.wrong, self.wrong),
            last=last,
            deadline_s=deadline_s,
            queueable=self.queueable,
            chance=self.chance,
        )

    def check(self, message: Message, said: Said) -> Score:
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
        self.told = list(exchanges)
        body = message.text.encode()
        digest = hashlib.sha256(body).hexdigest()
        return Outgoing(endpoint, "CN", "assist", body, digest, {"phone": 1}, label=self.drawn)

    def may_leave(self, question: Question, endpoint: str) -> bool:
        return self.still_may

    async def send(
        self,
        outgoing: Outgoing,
        *,
        turn: str,
        deadline_s: float,
        note: Callable[[CloudSaid], object],
        as_written: bool = False,
    ) -> AsyncGenerator[str, None]:
        self.sent.append(outgoing)
        self.given_s.append(deadline_s)
        try:
            if self.silent_s:
                await asyncio.sleep(min(self.silent_s, deadline_s))
            for piece in self.says if self.silent_s <= deadline_s else ():
                yield piece
        except (GeneratorExit, asyncio.CancelledError):
            note(replace(self.ends, failed=ENDED))
            raise
        note(self.ends if self.silent_s <= deadline_s else CloudSaid(failed="cloud_slow"))

    def put_back(self, outgoing: Outgoing, text: str) -> str:
        for standin, value in self.values.items():
            text = text.replace(standin, value)
        return text

    def keep_for_later(self, asked: ToKeep, outgoing: Outgoing) -> Waits:
        if not self.has_room:
            raise DeviceError("no room", code="outbox_full")
        self.kept.append(outgoing)
        return Waits(200.0, self.crowded)

    def talk(self, session: str, turn: str, question: Question, endpoint: str) -> ScriptedTalk:
        assert question.purpose == "tools"
        self.talks.append(ScriptedTalk(turn, self.plays, is_safe=self.is_safe))
        return self.talks[-1]

    def agree(self, question: Question, endpoint: str, digest: str) -> Question:
        self.agreed.append(digest)
        supposed = supposing(question, STEP)
        return replace(supposed, shown=digest)

    @property
    def hedges(self) -> RetryBudget:
        return self.budget

    def took(self, seconds: float) -> None:
        self.own_times.append(seconds)

    def outgoing_turns(
        self,
        session: str,
        turns: Sequence[Turn],
        question: Question,
        endpoint: str,
        aside: Sequence[str] = (),
    ) -> Outgoing:
        if not self.is_safe:
            raise TrustError("what is private in it could not be replaced", code="not_redacted")
        body = "\n".join(turn.text for turn in turns).encode()
        digest = hashlib.sha256(body).hexdigest()
        return Outgoing(endpoint, "CN", question.purpose, body, digest)

    def decided(self, question: Question, weighed: Routing, routing: Routing) -> None:
        self.decisions.append((question, weighed, routing))

    def agreement(self, one: str, other: str) -> float:
        return float(one == other)


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
    told = (Weighed, Checked, Left, Came, Kept, Compared, TextDelta)
    return [type(event).__name__ for event in events if isinstance(event, told)]
