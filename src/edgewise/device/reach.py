"""The device's reach to clouds: asks `route`'s questions with what it knows, and sends what may go.

It is the only place where words meet a cloud's client, and they meet it as a `Payload` alone. Mode
and consents are read anew for each decision and again before each sending, so that a change counts
at once. What leaves is kept in memory for a while, so that the person can see it.
"""

import asyncio
import hmac
import random
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path

from msgspec.structs import replace

from edgewise.agent.reach import WRONG_LANGUAGE, CloudSaid, Outgoing, ToKeep, Waits
from edgewise.core.clock import Clock
from edgewise.core.endpoint import NO_KEY, Condition, Health
from edgewise.core.event import LeftPicture
from edgewise.core.label import Label, Residency, join
from edgewise.core.message import Message
from edgewise.core.part import ImagePart
from edgewise.core.place import Mode, Routing
from edgewise.core.thought import Exchange
from edgewise.core.words import Language, Words
from edgewise.device.agent_talk import AgentTalk
from edgewise.device.answer_language import Tongues, in_language
from edgewise.device.cloud_share import RecentScores
from edgewise.device.clouds import Cloud, key_of
from edgewise.device.config import Config
from edgewise.device.consents import Consents
from edgewise.device.later import Later, open_later
from edgewise.device.payloads import OnItsWay, Payloads
from edgewise.device.restored_answer import restored
from edgewise.device.route_learnt import LearntMaps, own_scorers
from edgewise.device.route_score import agreement_of, question_score
from edgewise.device.said_before import left_aside, said_before, turns_of
from edgewise.device.sight import Sight
from edgewise.device.spending import Spending
from edgewise.device.standing import Standing
from edgewise.errors import EdgewiseError, TrustError, UserError
from edgewise.perceive.perceive import language_of
from edgewise.route.answer_features import Given
from edgewise.route.asked import crosses, is_sensitive, lacks_consent
from edgewise.route.payload import MOST_CHARACTERS, Part, Payload, Sent, Turn, build_payload
from edgewise.route.policy import RoutePolicy
from edgewise.route.postcheck import BY_HAND, DECLINED, postcheck
from edgewise.route.question import Following, Need, Question, Score, labelled
from edgewise.route.recognise import sensitivity_of
from edgewise.route.recognise.known import Known, Names
from edgewise.route.restore import restore
from edgewise.route.rules import forbidding
from edgewise.route.scorer import scorer_id
from edgewise.think.chat import ChatTurn, Role, Said
from edgewise.think.cloud_answer import CloudAnswer
from edgewise.think.cloud_model import CloudModel
from edgewise.think.cloud_wire import CloudTurn, Pictured
from edgewise.think.latency import Latency
from edgewise.think.retry_budget import RetryBudget

PURPOSE = "assist"
MOST_TOKENS = 512
CHARACTERS_A_TOKEN = 3
CLOSING_S = 2.0
"""How long the end of talks with clouds' agents is waited for."""
_STAYS = Label(residency=Residency.DEVICE)
"""Of a talk with an agent nothing is kept to be sent later."""
ONCE_S = 120.0
"""How long a consent for one question holds: its answer, with all that is tried again."""
HEDGES_S = 86_400.0
"""The window of the budget for hedges: one person asks a cloud a few dozen things a day."""
INSTRUCTION = Words(
    "You answer a person who asks their device. Be brief and correct. Words in capitals between"
    " angle brackets stand for personal data; use them as they are. You can not do anything on the"
    " device: never claim that you did.",
    "你在回答一位向自己设备提问的人。请简短、准确。尖括号里的大写词代表个人信息，请原样使用。"
    "你不能在设备上做任何事，不要声称已经做了。",
)


@dataclass(slots=True)
class Own:
    """What the device's own model is, and how it is asked."""

    model: str = ""
    languages: tuple[str, ...] = ()
    context_tokens: int = 2_048
    tokens_a_second: float = 0.0


@dataclass(slots=True)
class DeviceReach:
    """Implements `agent.reach.Reach`; make it in the event loop, and `close` it. `names` are those
    the device knows, `score` gives a question's score; without a `sight` no picture leaves."""

    folder: Path
    config: Config
    clock: Clock
    policy: RoutePolicy
    key: bytes
    own: Own
    names: Callable[[], Mapping[str, tuple[str, ...]]]
    score: Callable[[str], Score | None] = question_score
    sight: Sight | None = None
    came: asyncio.Event = field(default_factory=asyncio.Event)
    """Set whenever a cloud has answered."""
    later: Later | None = field(init=False)
    spending: Spending = field(init=False)
    _models: dict[str, CloudModel] = field(default_factory=dict[str, CloudModel])
    _replaced: list[CloudModel] = field(default_factory=list[CloudModel])
    _ending: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])
    _payloads: Payloads = field(init=False)
    _standing: Standing = field(init=False)
    _own_times: Latency = field(init=False)
    _hedges: RetryBudget = field(init=False)
    _consents: Consents = field(init=False)
    _learnt: LearntMaps = field(init=False)
    _recent: RecentScores | None = None
    _ready: tuple[Known, Names] | None = None
    _tongues: Tongues = field(default_factory=Tongues)

    def __post_init__(self) -> None:
        self._own_times = Latency(self.clock)
        self._hedges = RetryBudget(
            self.clock, share=self.policy.hedge_share, spare=0, window_s=HEDGES_S
        )
        self._learnt = LearntMaps(self.folder)
        self.spending = Spending(self.folder, self.clock)
        self._consents = Consents(self.folder, self.clock)
        self._standing = Standing(
            self.folder, self.config, self.clock, self._consents, self.spending
        )
        self._payloads = Payloads(self.key)
        self.later = open_later(self.folder, self.clock, self.config.queue_hours)

    @property
    def online(self) -> bool:
        """False in a tunnel, as the owner says now."""
        return self._standing.online

    @property
    def health(self) -> tuple[Health, ...]:
        """How the clouds do that were asked since the start, and those without a usable key. What
        was known of one by another key than its present one counts no more."""
        return tuple(found for cloud in self.config.cloud if (found := self._health_of(cloud)))

    @property
    def mode(self) -> Mode:
        """Where the owner wants open questions to be thought about, now."""
        return self._standing.mode

    def question(
        self, message: Message, *, last: str, deadline_s: float, score: Score | None = None
    ) -> Question:
        """See `Reach.question`. On a device alone no score could change anything. What the words
        tell of somebody's sensitive matters makes the question sensitive."""
        label = message.label
        told = sensitivity_of(message.text[:MOST_CHARACTERS], self._known())
        tokens = len(message.text) // CHARACTERS_A_TOKEN + 1
        digest = hmac.digest(self.key, message.text.encode("utf-8", "replace"), "sha256")
        asked = Question(
            digest.hex()[:16],
            Mode.DEVICE_ONLY,
            0.0,
            residency=label.residency,
            sensitivity=max(label.sensitivity, told),
            readers=label.readers,
            purposes=label.purposes,
            expires_at=label.expires_at,
            origins=tuple(origin.kind.value for origin in label.origins),
            purpose=PURPOSE,
            need=Need(message.language, tokens, MOST_TOKENS),
            last=last,
            deadline_s=deadline_s,
            chance=random.random(),
            queueable=self.config.queue_hours > 0,
            following=self._following(),
        )
        asked = self.as_now(asked)
        alone = asked.mode is Mode.DEVICE_ONLY
        return replace(asked, score=None if alone else score or self._scored(message.text))

    def check(self, message: Message, said: Said) -> Score:
        """See `Reach.check`. An answer that was declined is none."""
        if said.declined:
            return DECLINED
        score = postcheck(BY_HAND, message.text, said.text, Given(said.log_probabilities))
        return self._learnt.after(score)

    def outgoing(
        self,
        session: str,
        message: Message,
        exchanges: Sequence[Exchange],
        question: Question,
        endpoint: str,
    ) -> Outgoing:
        """See `Reach.outgoing`."""
        cloud = self._cloud(endpoint)
        before = said_before(exchanges, question, cloud.endpoint, self._known())
        turns = [
            Turn(Part.INSTRUCTION, INSTRUCTION.said_in(message.language)),
            *turns_of(before),
            Turn(Part.USER, message.text, message.label, self._safe(message.pictures)),
        ]
        aside = left_aside(exchanges, before)
        return self.outgoing_turns(session, turns, question, endpoint, aside)

    async def make_safe(self, pictures: Sequence[ImagePart], *, deadline_s: float) -> None:
        """See `Reach.make_safe`."""
        if self.sight is None:
            raise _no_sight()
        await self.sight.make_safe(pictures, deadline_s=deadline_s)

    def _safe(self, pictures: Sequence[ImagePart]) -> tuple[LeftPicture, ...]:
        if pictures and self.sight is None:
            raise _no_sight()
        return tuple(self.sight.safe(one) for one in pictures) if self.sight is not None else ()

    def outgoing_turns(
        self,
        session: str,
        turns: Sequence[Turn],
        question: Question,
        endpoint: str,
        aside: Sequence[str] = (),
    ) -> Outgoing:
        """See `Reach.outgoing_turns`."""
        cloud, pseudonyms = self._cloud(endpoint), self._payloads.pseudonyms(session)
        names, now = self._known(), self.clock.now()
        payload = build_payload(turns, question.purpose, pseudonyms, names, now=now, aside=aside)
        label = join(turn.label for turn in turns if turn.part is not Part.INSTRUCTION)
        return self._leaving(question, cloud, OnItsWay(payload, label, pseudonyms))

    def talk(self, session: str, turn: str, question: Question, endpoint: str) -> AgentTalk:
        """See `Reach.talk`."""
        cloud, pseudonyms = self._cloud(endpoint), self._payloads.pseudonyms(session)

        def leaving(payload: Payload, about: Question) -> Outgoing:
            return self._leaving(about, cloud, OnItsWay(payload, _STAYS, pseudonyms))

        return AgentTalk(
            turn,
            question,
            cloud.endpoint,
            lambda: key_of(cloud, self.folder),
            pseudonyms,
            self._known,
            self.clock,
            leaving,
            self.spending,
            self._ending,
            may_leave=lambda: self.may_leave(question, endpoint),
        )

    def _leaving(self, question: Question, cloud: Cloud, one: OnItsWay) -> Outgoing:
        """A payload on its way, remembered so that the person can see it. Raises TrustError where
        what remains of it may not leave, DeviceError where what it costs could not be counted."""
        payload = one.payload
        remains = replace(question, sensitivity=max(question.sensitivity, payload.sensitivity))
        if rules := forbidding(remains, cloud.endpoint):
            raise TrustError(f"it may not leave: {rules[0].words.en}", code="may_not_leave")
        if question.shown and payload.digest != question.shown:
            raise TrustError("it is not what the person said yes to", code="not_as_shown")
        one.question = remains
        self.spending.check()
        return self._payloads.take_up(cloud, one)

    def take_up(
        self,
        payload: Payload,
        values: Mapping[str, str],
        endpoint: str,
        question: Question,
        label: Label,
    ) -> Outgoing:
        """What waited for `question`, made of what is labelled `label`, as what would leave for
        that cloud; `values` are put back in its answer. Raises DeviceError where what it costs
        could not be counted."""
        self.spending.check()
        one = OnItsWay(payload, label, None, values, question)
        return self._payloads.take_up(self._cloud(endpoint), one)

    def shown(self, digest: str) -> Payload | None:
        """What left under this digest, while it is remembered."""
        one = self._payloads.find(digest)
        return one.payload if one is not None else None

    def as_now(self, question: Question) -> Question:
        """A question that waited, as things are now; a yes to just it stays one."""
        now = self._standing.as_now(question, self.health, self._condition())
        return replace(now, endpoints=tuple(map(self._tongues.known, now.endpoints)))

    def may_leave(self, question: Question, endpoint: str) -> bool:
        """See `Reach.may_leave`."""
        cloud = next((one for one in self._standing.endpoints if one.name == endpoint), None)
        if cloud is None or not self.online or self.mode is Mode.DEVICE_ONLY:
            return False
        mode = self.mode
        now = replace(
            question,
            mode=mode,
            now=self.clock.now(),
            consents=(*self._consents.in_force(), *self._consents.once(question.shown)),
            drive=self._consents.drive,
        )
        agreed = question.agreed and question.agreed_to in ("", endpoint)
        asks = mode is Mode.ASK and not agreed
        return not asks and not forbidding(now, cloud)

    async def send(
        self,
        outgoing: Outgoing,
        *,
        turn: str,
        deadline_s: float,
        note: Callable[[CloudSaid], object],
        as_written: bool = False,
    ) -> AsyncGenerator[str, None]:
        """See `Reach.send`."""
        one = self._payloads.find(outgoing.digest)
        if one is None:
            note(CloudSaid(failed="forgotten"))
            return
        try:
            answer = self._asked(one, outgoing.endpoint, turn, deadline_s)
        except EdgewiseError as error:
            note(CloudSaid(failed=error.code))
            return

        strange: list[str] = []

        def ended(said: CloudSaid) -> None:
            said = replace(said, failed=WRONG_LANGUAGE) if strange else said
            if strange or not said.failed:
                self._tongues.note(outgoing.endpoint, language, is_wrong=bool(strange))
            if not said.failed:
                self.came.set()
            note(said)
            sent_bytes = sum(tried.sent_bytes for tried in said.attempts)
            if sent_bytes or said.cost:
                self.spending.add(said.cost, sent_bytes, turn=turn)

        asked = one.payload.turns[-1].text
        language = Language(one.question.need.language) if one.question else language_of(asked)
        answered = restored(answer, {} if as_written else one.values, ended)
        told = in_language(answered, language, asked, lambda: strange.append(WRONG_LANGUAGE))
        async with aclosing(answered if as_written else told) as pieces:
            async for piece in pieces:
                yield piece

    def put_back(self, outgoing: Outgoing, text: str) -> str:
        """See `Reach.put_back`. What is no longer remembered stays as it is."""
        one = self._payloads.find(outgoing.digest)
        return text if one is None else restore(text, one.values)

    def _asked(self, one: OnItsWay, endpoint: str, turn: str, deadline_s: float) -> CloudAnswer:
        """The payload, and nothing else, asked of that cloud; not sent before it is read. Whether
        it may leave is asked before each attempt."""
        said = [turn for turn in one.payload.turns if turn.role != "system"]
        told = [turn.text for turn in one.payload.turns if turn.role == "system"]
        question = one.question
        return self._model(endpoint).ask(
            [self._as_asked(one) for one in said],
            system="\n".join(told),
            deadline_s=deadline_s,
            max_tokens=MOST_TOKENS,
            request_id=turn,
            may_send=lambda: question is None or self.may_leave(question, endpoint),
        )

    def _as_asked(self, sent: Sent) -> CloudTurn:
        """A turn as the model is asked it. Raises TrustError for a picture that is forgotten."""
        if not sent.pictures:
            return ChatTurn(Role(sent.role), sent.text)
        found = [self.sight.sent(one.sha256) if self.sight else None for one in sent.pictures]
        pictures = tuple((one.media_type, one.data) for one in found if one is not None)
        if len(pictures) != len(sent.pictures):
            raise TrustError("a picture was forgotten before it left; ask again", code="forgotten")
        return Pictured(sent.text, pictures)

    def keep_for_later(self, asked: ToKeep, outgoing: Outgoing) -> Waits:
        """See `Reach.keep_for_later`."""
        if self.later is None:
            raise UserError("nothing is kept: set queue_hours in config.toml", code="queue_off")
        kept = self._payloads.find(outgoing.digest)
        if kept is None:
            raise UserError("it was forgotten meanwhile; ask again", code="forgotten")
        question = labelled(asked.question, kept.label)
        remains = max(question.sensitivity, kept.payload.sensitivity)
        question = replace(question, sensitivity=remains)
        now, endpoint = self.as_now(question), self._cloud(outgoing.endpoint).endpoint
        now = replace(now, consents=(*now.consents, *self._consents.once(now.shown)))
        if now.mode is Mode.DEVICE_ONLY or forbidding(now, endpoint):
            raise TrustError("it may not leave any more", code="consent_withdrawn")
        asked = replace(asked, question=question)
        return self.later.keep(asked, kept.payload, kept.values, kept.label, outgoing.endpoint)

    def agree(self, question: Question, endpoint: str, digest: str) -> Question:
        """See `Reach.agree`."""
        cloud = self._cloud(endpoint).endpoint
        if lacks_consent(question, cloud):
            self._consents.grant(
                cloud,
                question.purpose,
                sensitive=is_sensitive(question),
                crossing=crosses(question, cloud),
                expires_at=self.clock.now() + ONCE_S,
                once=digest,
            )
        held = (*self._consents.in_force(), *self._consents.once(digest))
        return replace(
            question,
            now=self.clock.now(),
            consents=held,
            agreed=True,
            agreed_to=endpoint,
            shown=digest,
        )

    def begin_drive(self) -> None:
        """End what was agreed to for the drive before. Raises as `Consents.begin_drive`."""
        self._consents.begin_drive()

    @property
    def hedges(self) -> RetryBudget:
        """See `Reach.hedges`."""
        return self._hedges

    def took(self, seconds: float) -> None:
        """See `Reach.took`."""
        self._own_times.add(seconds)

    def decided(self, question: Question, weighed: Routing, routing: Routing) -> None:
        """See `Reach.decided`. Nothing is kept unless the policy asks for a share."""
        if self.policy.cloud_share is not None:
            self._scores().add(question, weighed, routing)

    def agreement(self, one: str, other: str) -> float:
        """See `Reach.agreement`."""
        return agreement_of(one, other)

    def _scored(self, text: str) -> Score | None:
        return self._learnt.before(self.score(text))

    def _following(self) -> Following | None:
        share = self.policy.cloud_share
        return None if share is None else self._scores().following(share)

    def _scores(self) -> RecentScores:
        """The last scores; the usual ones of the scorer before there are any."""
        if self._recent is None:
            scorer = own_scorers().get("prescore")
            name = scorer_id(scorer) if scorer is not None else ""
            usual = scorer.calibration.raws if scorer is not None else ()
            self._recent = RecentScores(self.folder, name, usual)
        return self._recent

    def forget(self) -> None:
        """Forget what left, and what stands for what (rule P10)."""
        self._payloads.forget()
        if self.sight is not None:
            self.sight.forget_sent()

    async def close(self) -> None:
        """End all connections, and forget."""
        for model in (*self._models.values(), *self._replaced):
            await model.close()
        if self._ending:
            await asyncio.wait(list(self._ending), timeout=CLOSING_S)
        self.forget()
        if self.later is not None:
            self.later.close()

    def _condition(self) -> Condition:
        own = self.own
        return Condition(
            *(self.online, own.model, own.languages, own.context_tokens, own.tokens_a_second),
            p50_s=round(self._own_times.quantile(0.5), 4),
            p95_s=round(self._own_times.quantile(0.95), 4),
        )

    def _cloud(self, name: str) -> Cloud:
        return next(cloud for cloud in self.config.cloud if cloud.name == name)

    def _model(self, name: str) -> CloudModel:
        """That asks with the present key. One of another key ends what it has begun."""
        cloud, model = self._cloud(name), self._models.get(name)
        key = key_of(cloud, self.folder)
        if model is None or not model.has_key(key):
            if model is not None:
                self._replaced.append(model)
            model = self._models[name] = CloudModel(cloud.endpoint, key, clock=self.clock)
        return model

    def _health_of(self, cloud: Cloud) -> Health | None:
        try:
            key = key_of(cloud, self.folder)
        except EdgewiseError:
            return Health(cloud.name, open=True, why=NO_KEY)
        model = self._models.get(cloud.name)
        return model.health if model is not None and model.has_key(key) else None

    def _known(self) -> Names:
        """The names as last read, made ready anew only when they are others."""
        names = self.names()
        known = Known(people=names.get("contact", ()), places=names.get("place", ()))
        if self._ready is None or self._ready[0] != known:
            self._ready = known, Names(known)
        return self._ready[1]


def _no_sight() -> TrustError:
    return TrustError("this device hides nothing on pictures; they stay here", code="not_hidden")
