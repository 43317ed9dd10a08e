"""The platform's chat model as the adviser of a device's agent: told of the tools, it may propose.

The same loop as the device Agent API's (`agent_mind.py`), in this process and metered as the
device's. It is told of what may be done by a model at all: nothing private (the camera), nothing
that can not be undone; what the firmware keeps for its owner's hand no agent knows. Each proposal
is a model's call, which the device's policy judges.

A spoken yes is enough for what is asked at the turn's end, since nothing of the model's stands
beside the question: words that came before a call are dropped with it or, once they are out, end
its proposing; a text in an asked call must be the person's own words. What a tool tells is a
stranger's text: after it nothing is proposed that would be done unasked, and why a call failed,
which may be its words, the model is not told.
Source: docs/decisions/0014-voice-devices.md.
"""

import asyncio
import hashlib
import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from edgewise.act.board_tools import PROVIDER
from edgewise.agent.reach import CloudSaid, Outgoing
from edgewise.cloud.agent_mind import Spent, think
from edgewise.cloud.agent_prompt import Conversation
from edgewise.cloud.caller import Caller, Endpoint
from edgewise.cloud.ports import Completer
from edgewise.cloud.refusal import Refused
from edgewise.cloud.xiaozhi.advice import Advice
from edgewise.core.call import Status
from edgewise.core.capability import Argument, Capability, Kind, Risk
from edgewise.core.exchange import (
    Bounds,
    CloudMessage,
    Ended,
    How,
    Opening,
    Outcome,
    Proposed,
    Say,
    Text,
)
from edgewise.core.label import Label, join
from edgewise.core.message import Message
from edgewise.core.part import TextPart
from edgewise.core.signal import JsonValue
from edgewise.core.thought import Exchange
from edgewise.errors import EdgewiseError, TrustError

BOUNDS = Bounds(calls=4, steps=4, text_bytes=8_192, history_bytes=16_384)
"""Of one turn: it is spoken, and somebody waits."""
MOST_ASKED = 2
"""Calls in one spoken question: four take 11 s to say."""
MAX_STEP_TOKENS = 400
"""Four calls, or an answer that takes a minute and a half to say."""
MOST_REFUSALS = 2
_RISKS = frozenset({Risk.READ, Risk.REVERSIBLE, Risk.DISRUPTIVE})


class PlatformAdviser:
    """Implements `agent.reach.Adviser`. `ask` gives the caller anew for each step, and raises
    Refused when its key is in force no more."""

    def __init__(self, gateway: Completer, ask: Callable[[], Caller], model: str) -> None:
        self._gateway = gateway
        self._ask = ask
        self._model = model
        self._refusals = 0

    @property
    def name(self) -> str:
        """See `Adviser`."""
        return self._model

    @property
    def proposes(self) -> bool:
        """See `Adviser`: not after its model refused tools in `MOST_REFUSALS` turns on end."""
        return self._refusals < MOST_REFUSALS

    def talk(
        self, turn: str, before: Sequence[Exchange], *, only_calls: bool = False
    ) -> "PlatformTalk":
        """See `Adviser`."""
        talk = PlatformTalk(self._gateway, self._ask, self._model, turn, before, self._ended)
        talk.only_calls = only_calls
        return talk

    def _ended(self, refused: Refused | None) -> None:
        """A model that knows no tools says so to each request that has any; one that refuses what
        is said (its content, its length) takes the next."""
        is_refusal = refused is not None and refused.status == 400
        self._refusals = self._refusals + 1 if is_refusal else 0


@dataclass(slots=True)
class _Queue:
    """What the model says and proposes, on its way to the turn; implements `agent_mind.Hands`."""

    turn: str
    messages: asyncio.Queue[CloudMessage] = field(default_factory=asyncio.Queue[CloudMessage])
    made: dict[str, float] = field(default_factory=dict[str, float])
    ends: dict[str, asyncio.Future[Outcome]] = field(
        default_factory=dict[str, "asyncio.Future[Outcome]"]
    )

    async def write(self, text: str) -> None:
        """See `Hands`."""
        self.messages.put_nowait(Text(self.turn, text))

    async def propose(self, capability: str, arguments: dict[str, JsonValue], label: Label) -> str:
        """See `Hands`."""
        key = f"c{len(self.made) + 1}"
        self.made[key] = time.monotonic()
        self.ends[key] = asyncio.get_running_loop().create_future()
        self.messages.put_nowait(Proposed(self.turn, key, capability, arguments, label))
        return key

    async def outcomes(self, calls: Sequence[str]) -> dict[str, Outcome | None]:
        """See `Hands`; what asks is answered after the turn, and not waited for."""
        return {key: await self.ends[key] for key in calls}


class PlatformTalk:
    """Implements `agent.reach.Talk` in this process."""

    def __init__(
        self,
        gateway: Completer,
        ask: Callable[[], Caller],
        model: str,
        turn: str,
        before: Sequence[Exchange],
        ended: Callable[[Refused | None], None],
    ) -> None:
        """`ended` is told of what its model took, or refused."""
        self._gateway, self._ask, self._model = gateway, ask, model
        self._before = before
        self._ended = ended
        self._queue = _Queue(turn)
        self._spent = Spent()
        self._offered: dict[str, Capability] = {}
        self._read = Label()
        self._said = ""
        self._asked = 0
        self._task: asyncio.Task[None] | None = None
        self.only_calls = False

    @property
    def offered(self) -> Mapping[str, Capability]:
        """See `Talk`."""
        return self._offered

    @property
    def read(self) -> Label:
        """See `Talk`."""
        return self._read

    def ask(
        self, message: Message, exchanges: Sequence[Exchange], opening: Opening, note: str
    ) -> Outgoing:
        """See `Talk`; of what was said before it knows what the device's own model may."""
        del exchanges
        capabilities = tuple(one for one in opening.capabilities if _may_propose(one))
        self._offered = {one.name: one for one in capabilities}
        opening = msgspec.structs.replace(opening, capabilities=capabilities)
        self._conversation = Conversation(opening, BOUNDS)
        for one in self._before:
            said = {"role": "user", "content": one.text}
            self._conversation.remember([said, {"role": "assistant", "content": one.answer}])
        self._said = message.text.casefold()
        self._advice = Advice(message.language, message.text, only_calls=self.only_calls)
        self._read = message.label
        text = f"{message.text}\n\n{note}" if note else message.text
        part = TextPart(text, message.label)
        self._say = Say(self._queue.turn, (part,), message.language)
        return self._outgoing(msgspec.json.encode([self._say, self._before]), message.label)

    async def converse(self, *, deadline_s: float) -> AsyncGenerator[CloudMessage, None]:
        """See `Talk`."""
        self._task = asyncio.create_task(self._think(deadline_s))
        while True:
            message = await self._queue.messages.get()
            yield message
            if isinstance(message, Ended):
                return

    def age_s(self, proposed: Proposed) -> float:
        """See `Talk`."""
        return time.monotonic() - self._queue.made.get(proposed.call, 0.0)

    def arguments_of(self, proposed: Proposed) -> dict[str, JsonValue]:
        """See `Talk`. Raises TrustError also for what may not be proposed at this point."""
        capability = self._offered[proposed.capability]
        if not self._advice.called():
            raise TrustError("words were said already; call tools first", code="words_first")
        if self._read.untrusted_origins() and capability.risk is Risk.REVERSIBLE:
            raise TrustError("not after content was read; tell the person", code="after_content")
        is_read = capability.risk is Risk.READ and not _asks(capability)
        if self._asked >= MOST_ASKED and not is_read:
            raise TrustError("the person is asked enough already; end here", code="asked_enough")
        for argument in capability.arguments:
            if _asks(capability) and _is_free(argument):
                self._check_said(argument, proposed.arguments.get(argument.name))
        return proposed.arguments

    def words(self, text: str) -> str:
        """See `Talk`."""
        return self._advice.feed(text)

    def rest(self) -> str:
        """See `Talk`."""
        return self._advice.finish()

    def outcome(self, outcome: Outcome, label: Label) -> Outgoing:
        """See `Talk`."""
        if outcome.status is Status.ASKED:
            self._advice.asked = True
            self._asked += 1
        if outcome.status is Status.FAILED:
            outcome = msgspec.structs.replace(outcome, words=None)
        self._next = outcome
        if outcome.data is not None:
            self._read = join([self._read, label])
        return self._outgoing(msgspec.json.encode(outcome), label)

    async def report(self, call: str, outgoing: Outgoing) -> None:
        """See `Talk`."""
        del outgoing
        end = self._queue.ends[call]
        if not end.done():
            end.set_result(self._next)

    def said(self, failed: str) -> CloudSaid:
        """See `Talk`."""
        spent = self._spent
        return CloudSaid((), spent.input_tokens, spent.output_tokens, failed=failed)

    def close(self) -> None:
        """See `Talk`."""
        if self._task is not None:
            self._task.cancel()

    async def _think(self, deadline_s: float) -> None:
        """Think to the end, whichever it is, and tell it."""
        queue = self._queue
        try:
            async with asyncio.timeout(deadline_s):
                await think(
                    self._say, self._conversation, self._gateway, self._ask, self._model,
                    queue, self._spent, endpoint=Endpoint.VOICE, max_tokens=MAX_STEP_TOKENS,
                )  # fmt: skip
            self._ended(None)
            end = Ended(queue.turn, How.ANSWERED)
        except TimeoutError:
            end = Ended(queue.turn, How.TIMED_OUT, "timed_out")
        except Refused as refused:
            self._ended(refused)
            end = Ended(queue.turn, How.FAILED, refused.problem.code or "refused")
        except EdgewiseError as error:
            end = Ended(queue.turn, How.FAILED, error.code)
        queue.messages.put_nowait(end)

    def _check_said(self, argument: Argument, value: JsonValue) -> None:
        if value is not None and str(value).casefold() not in self._said:
            told = f"{argument.name}: only words that the person said may stand there"
            raise TrustError(told, code="not_said")

    def _outgoing(self, body: bytes, label: Label) -> Outgoing:
        digest = hashlib.sha256(body).hexdigest()
        return Outgoing(
            self._model, "", "chat", body, digest, earlier=len(self._before), label=label
        )


def _may_propose(capability: Capability) -> bool:
    """Of the device's own tools what asks nobody (to stop its body) is the person's, as "stop"."""
    is_stop = capability.provider == PROVIDER and capability.risk is Risk.REVERSIBLE
    return capability.risk in _RISKS and not capability.private and not is_stop


def _asks(capability: Capability) -> bool:
    """Whether a call of it asks the person: of the device's own tools those that read, too."""
    return capability.risk is Risk.DISRUPTIVE or capability.provider == PROVIDER


def _is_free(argument: Argument) -> bool:
    """Whether any words may stand there, or in it."""
    return argument.kind in (Kind.TEXT, Kind.OBJECT) and not argument.choices
