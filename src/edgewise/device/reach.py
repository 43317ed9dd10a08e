"""The device's reach to clouds: asks `route`'s questions with what it knows, and sends what may go.

It is the only place where words meet a cloud's client, and they meet it as a `Payload` alone. Mode
and consents are read anew for each decision and again before each sending, so that a change counts
at once. What leaves is kept in memory for a while, so that the person can see it.
"""

import hmac
import random
import secrets
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from msgspec.structs import replace

from edgewise.agent.reach import CloudSaid, Outgoing
from edgewise.core.clock import Clock
from edgewise.core.endpoint import Allowance, Condition, Endpoint
from edgewise.core.event import Attempt
from edgewise.core.label import Label
from edgewise.core.message import Message
from edgewise.core.place import Mode
from edgewise.core.thought import Exchange
from edgewise.core.words import Words
from edgewise.device.chosen_mode import mode_of
from edgewise.device.clouds import Cloud, key_of
from edgewise.device.config import Config
from edgewise.device.consents import Consents
from edgewise.device.route_score import question_score
from edgewise.device.spending import Spending
from edgewise.errors import EdgewiseError, LinkError, TrustError
from edgewise.route.answer_features import Given
from edgewise.route.payload import Part, Payload, Turn, build_payload
from edgewise.route.policy import RoutePolicy
from edgewise.route.postcheck import BY_HAND, postcheck
from edgewise.route.pseudonym import Pseudonyms
from edgewise.route.question import Need, Question, Score
from edgewise.route.recognise.known import Known, Names
from edgewise.route.restore import StreamRestorer
from edgewise.route.rules import forbidding
from edgewise.think.chat import ChatTurn, Role, Said
from edgewise.think.cloud_answer import CloudAnswer
from edgewise.think.cloud_line import Attempt as Tried
from edgewise.think.cloud_model import CloudModel
from edgewise.think.cloud_wire import CloudCut, CloudText

PURPOSE = "assist"
MOST_EXCHANGES = 2
MOST_TOKENS = 512
CHARACTERS_A_TOKEN = 3
SHOWN = 32
"""Payloads that are kept to be shown."""
MOST_SESSIONS = 256
INSTRUCTION = Words(
    "You answer a person who asks their device. Be brief and correct. Words in capitals between"
    " angle brackets stand for personal data; use them as they are. You can not do anything on the"
    " device: never claim that you did.",
    "你在回答一位向自己设备提问的人。请简短、准确。尖括号里的大写词代表个人信息，请原样使用。"
    "你不能在设备上做任何事，不要声称已经做了。",
)


@dataclass(slots=True)
class _Kept:
    """A payload on its way: what it was made of is the session's affair."""

    payload: Payload
    pseudonyms: Pseudonyms


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
    the device knows, `score` gives a question's score, `online` is false in a tunnel."""

    folder: Path
    config: Config
    clock: Clock
    policy: RoutePolicy
    key: bytes
    own: Own
    names: Callable[[], Mapping[str, tuple[str, ...]]]
    score: Callable[[str], Score | None] = question_score
    online: bool = True
    _models: dict[str, CloudModel] = field(default_factory=dict[str, CloudModel])
    _sessions: OrderedDict[str, Pseudonyms] = field(default_factory=OrderedDict[str, Pseudonyms])
    _out: OrderedDict[str, _Kept] = field(default_factory=OrderedDict[str, _Kept])
    _spending: Spending = field(init=False)
    _consents: Consents = field(init=False)

    def __post_init__(self) -> None:
        self._spending = Spending(self.folder, self.clock)
        self._consents = Consents(self.folder, self.clock)

    @property
    def mode(self) -> Mode:
        """Where the owner wants open questions to be thought about, now."""
        return mode_of(self.folder, self.config.mode)[0]

    def question(
        self,
        message: Message,
        exchanges: Sequence[Exchange],
        *,
        last: str,
        deadline_s: float,
        score: Score | None = None,
    ) -> Question:
        """See `Reach.question`. On a device alone no score could change anything."""
        label, endpoints, mode = message.label, self._endpoints(), self.mode
        tokens = len(message.text) // CHARACTERS_A_TOKEN + 1
        spent = self._spending.today()
        return Question(
            hmac.digest(self.key, message.text.encode("utf-8", "replace"), "sha256").hex()[:16],
            mode,
            self.clock.now(),
            residency=label.residency,
            sensitivity=label.sensitivity,
            readers=label.readers,
            purposes=label.purposes,
            expires_at=label.expires_at,
            origins=tuple(origin.kind.value for origin in label.origins),
            purpose=PURPOSE,
            region=self.config.region,
            regions=self.config.cloud_regions or None,
            drive=self._consents.drive,
            need=Need(message.language, tokens, MOST_TOKENS),
            endpoints=endpoints,
            consents=self._consents.in_force(),
            health=tuple(self._models[one.name].health for one in endpoints
                         if one.name in self._models),
            condition=self._condition(),
            allowance=Allowance(
                spent.left_money(self.config.money_a_day), spent.left_bytes(self.config.bytes_a_day)
            ),
            score=None if mode is Mode.DEVICE_ONLY else score or self.score(message.text),
            last=last,
            deadline_s=deadline_s,
            chance=random.random(),
            queueable=False,
        )  # fmt: skip

    def check(self, message: Message, said: Said, question: Question) -> Score:
        """See `Reach.check`. An answer that was declined is none."""
        if said.declined:
            return Score(1.0, 1.0, features={"declined": 1.0}, calibration="declined")
        return postcheck(BY_HAND, message.text, said.text, Given(said.log_probabilities))

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
        pseudonyms = self._pseudonyms(session)
        turns = [Turn(Part.INSTRUCTION, INSTRUCTION.said_in(message.language))]
        for one in exchanges[-MOST_EXCHANGES:]:
            if not one.calls and not forbidding(_about(question, one.label), cloud.endpoint):
                turns.append(Turn(Part.USER, one.text, one.label))
                turns.append(Turn(Part.ASSISTANT, one.answer, one.label))
        turns.append(Turn(Part.USER, message.text, message.label))
        payload = build_payload(
            turns, question.purpose, pseudonyms, Names(self._known()), now=self.clock.now()
        )
        remains = replace(question, sensitivity=max(question.sensitivity, payload.sensitivity))
        if rules := forbidding(remains, cloud.endpoint):
            raise TrustError(f"it may not leave: {rules[0].words.en}", code="may_not_leave")
        self._out[payload.digest] = _Kept(payload, pseudonyms)
        while len(self._out) > SHOWN:
            self._out.popitem(last=False)
        return Outgoing(
            endpoint,
            cloud.region,
            payload.purpose,
            msgspec.json.encode(payload.turns),
            payload.digest,
            payload.counts,
        )

    def shown(self, digest: str) -> Payload | None:
        """What left under this digest, while it is remembered."""
        kept = self._out.get(digest)
        return kept.payload if kept is not None else None

    def may_leave(self, question: Question, endpoint: str) -> bool:
        """See `Reach.may_leave`."""
        cloud = next((one for one in self._endpoints() if one.name == endpoint), None)
        if cloud is None or not self.online or self.mode is Mode.DEVICE_ONLY:
            return False
        mode = self.mode
        now = replace(
            question,
            mode=mode,
            now=self.clock.now(),
            consents=self._consents.in_force(),
            drive=self._consents.drive,
        )
        asks = mode is Mode.ASK and not question.agreed
        return not asks and not forbidding(now, cloud)

    async def send(
        self,
        outgoing: Outgoing,
        *,
        turn: str,
        deadline_s: float,
        note: Callable[[CloudSaid], object],
    ) -> AsyncGenerator[str, None]:
        """See `Reach.send`."""
        kept = self._out[outgoing.digest]
        restorer = StreamRestorer(kept.pseudonyms.values(kept.payload.standins))
        try:
            answer = self._asked(kept.payload, outgoing.endpoint, turn, deadline_s)
        except EdgewiseError as error:
            note(CloudSaid(failed=error.code))
            return
        failed, began = "", False
        async with aclosing(answer):
            try:
                async for piece in answer:
                    text = restorer.feed(piece.text) if isinstance(piece, CloudText) else ""
                    failed = piece.code if isinstance(piece, CloudCut) else failed
                    if text:
                        began = True
                        yield text
                if rest := restorer.finish():
                    yield rest
            except LinkError as error:
                failed = error.code
            finally:
                sent = sum(one.sent_bytes for one in answer.attempts)
                self._spending.add(answer.spent.cost, sent)
        spent = answer.spent
        attempts = _attempts(answer.attempts)
        note(
            CloudSaid(
                attempts, spent.input_tokens, spent.output_tokens, spent.cost, failed, began=began
            )
        )

    def _asked(self, payload: Payload, endpoint: str, turn: str, deadline_s: float) -> CloudAnswer:
        """The payload, and nothing else, asked of that cloud; not sent before it is read."""
        said = [one for one in payload.turns if one.role != "system"]
        told = [one.text for one in payload.turns if one.role == "system"]
        return self._model(endpoint).ask(
            [ChatTurn(Role(one.role), one.text) for one in said],
            system="\n".join(told),
            deadline_s=deadline_s,
            max_tokens=MOST_TOKENS,
            request_id=turn,
        )

    def keep_for_later(self, turn: str, outgoing: Outgoing) -> bool:
        """See `Reach.keep_for_later`: nothing is kept yet."""
        return False

    def forget(self) -> None:
        """Forget what left, and what stands for what (rule P10)."""
        for pseudonyms in self._sessions.values():
            pseudonyms.clear()
        self._sessions.clear()
        self._out.clear()

    async def close(self) -> None:
        """End all connections, and forget."""
        for model in self._models.values():
            await model.close()
        self.forget()

    def _endpoints(self) -> tuple[Endpoint, ...]:
        return tuple(cloud.endpoint for cloud in self.config.cloud)

    def _condition(self) -> Condition:
        own = self.own
        return Condition(
            self.online, own.model, own.languages, own.context_tokens, own.tokens_a_second
        )

    def _cloud(self, name: str) -> Cloud:
        return next(cloud for cloud in self.config.cloud if cloud.name == name)

    def _model(self, name: str) -> CloudModel:
        model = self._models.get(name)
        if model is None:
            cloud = self._cloud(name)
            model = CloudModel(cloud.endpoint, key_of(cloud, self.folder), clock=self.clock)
            self._models[name] = model
        return model

    def _pseudonyms(self, session: str) -> Pseudonyms:
        held = self._sessions.get(session)
        if held is None:
            held = self._sessions[session] = Pseudonyms(self.key, session + secrets.token_hex(8))
            while len(self._sessions) > MOST_SESSIONS:
                self._sessions.popitem(last=False)[1].clear()
        self._sessions.move_to_end(session)
        return held

    def _known(self) -> Known:
        names = self.names()
        return Known(people=names.get("contact", ()), places=names.get("place", ()))


def _about(question: Question, label: Label) -> Question:
    """The same question about a value with another label."""
    return replace(
        question,
        residency=label.residency,
        sensitivity=label.sensitivity,
        readers=label.readers,
        purposes=label.purposes,
        expires_at=label.expires_at,
    )


def _attempts(attempts: Sequence[Tried]) -> tuple[Attempt, ...]:
    """The attempts as the trail keeps them, their beginnings counted from the first."""
    return tuple(
        Attempt(
            one.endpoint,
            round(one.began - attempts[0].began, 4),
            round(one.took_s, 4),
            one.trouble,
            one.status,
            one.sent_bytes,
            one.received_bytes,
        )
        for one in attempts
    )
