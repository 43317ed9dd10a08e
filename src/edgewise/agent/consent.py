"""What a request means given what the session waits for: a yes, a no, or something new.

A yes only ever comes from a person's own words or touch, counts once, and only for exactly what was
shown (rules 31 and 32): what it covers when the calls are decided anew is `agreed.py`. Anything new
that is said to the device lets the pending request lapse; what is neither yes nor no ("hmm") is
told so and leaves it open.
"""

from dataclasses import dataclass

import msgspec

from edgewise.agent.asked import Answer
from edgewise.agent.pending import Pending
from edgewise.agent.session import Session
from edgewise.core.call import Call
from edgewise.core.clock import Clock
from edgewise.core.event import PendingCall
from edgewise.core.label import Label, join
from edgewise.core.message import PERSONAL, Message, Proposal, Request
from edgewise.core.thought import Context, MessageKind, Thought
from edgewise.core.words import Words
from edgewise.think.assent import begins_with_yes, is_unclear

_QUOTED_CHARACTERS = 60
CHOICE_OF_CALL = "(call)"
"""Stands among a call's labels for the choice of the call itself; no argument has such a name."""


@dataclass(frozen=True, slots=True)
class Consent:
    """A thought whose yes or no is settled, and the question that was answered with yes; `sending`
    is the answer to one about what may leave, `dropped` one that lapsed by it and is to be told."""

    thought: Thought
    answered: Pending | None = None
    sending: Answer | None = None
    dropped: Pending | None = None

    @property
    def agreed(self) -> dict[str, PendingCall]:
        """What the person was shown and has said yes to, by call."""
        return {w.call.id: w for w in self.answered.calls} if self.answered is not None else {}


def thought_of(request: Request, message: Message, context: Context) -> Thought | None:
    """The thought of a request that needs no understanding: overheard, a button, a typed call."""
    if not request.addressed:
        return Thought(MessageKind.CHAT, fixed="overheard")
    if request.approval is not None:
        fixed = "confirm" if request.approval.approved else "deny"
        return Thought(MessageKind.COMMAND, confidence=1.0, fixed=fixed)
    if request.proposal is not None:
        age_s = request.proposal.age_s
        asked_at = context.asked_at - max(0.0, age_s)
        call = call_of(request.proposal, message.label, f"{context.turn}.1", asked_at)
        return Thought(MessageKind.COMMAND, (call,), confidence=1.0)
    return None


def call_of(proposal: Proposal, program: Label, key: str, asked_at: float) -> Call:
    """The call that a program names. Where the program is not its only source, no argument is
    free of that, and neither is the choice of the call: it stands as an argument of no name, so
    that leaving arguments out makes nothing trusted."""
    labels: dict[str, Label] = {}
    if proposal.label is not None:
        label = join([program, proposal.label])
        labels = dict.fromkeys((CHOICE_OF_CALL, *proposal.arguments), label)
    return Call(
        id=key,
        capability=proposal.capability,
        arguments=proposal.arguments,
        label=program,
        labels=labels,
        asked_at=asked_at,
    )


def settle(
    thought: Thought, request: Request, session: Session, context: Context, clock: Clock
) -> Consent:
    """Answer the session's pending request by `thought`, or let it lapse."""
    if thought.fixed == "overheard":
        return Consent(thought)
    if thought.fixed in ("deny", "cancel") and (
        sending := _refused(request, session, context, clock)
    ):
        session.pending = None
        return Consent(msgspec.structs.replace(thought, calls=()), sending=sending)
    if thought.fixed != "confirm":
        asks = not thought.fixed and request.proposal is None and session.asks(clock)
        if asks and _repeats(thought, request.text, session):
            thought = msgspec.structs.replace(thought, fixed="confirm")
        elif asks and is_unclear(request.text):
            return Consent(_said(thought, _UNCLEAR))
        else:
            open_one = session.pending if session.asks(clock) else None
            lapsed = _lapsed(thought, session, asks=asks)
            tells = lapsed.question is thought.question and _is_told(thought, request)
            return Consent(lapsed, dropped=open_one if tells else None)
    if request.speaker.channel not in PERSONAL or not context.label.trusted:
        return Consent(_said(thought, _NOT_YOURS))
    if request.is_unsure and session.asks(clock):
        return Consent(_said(thought, _did_you_say(request.text)))
    taken = session.take_pending(request.approval, request.speaker, clock)
    if isinstance(taken, Words):
        return Consent(_said(thought, taken))
    if taken.leaving is not None:
        return _to_send(thought, taken, session)
    return _agreed(thought, taken, context)


def as_sure_as(thought: Thought, request: Request) -> Thought:
    """`thought` as one that was only guessed (rule 30) where its words may have been others; what
    stops, refuses or calls for help is not held up."""
    if not request.is_unsure or thought.fixed:
        return thought
    calls = tuple(msgspec.structs.replace(call, inferred=True) for call in thought.calls)
    return msgspec.structs.replace(thought, calls=calls)


def _did_you_say(text: str) -> Words:
    said = text[:_QUOTED_CHARACTERS]
    return Words(
        f"Did you say “{said}”? I did not hear it well. Please say it again.",
        f"您说的是“{said}”吗？我没听清，请再说一遍。",
    )


def _refused(request: Request, session: Session, context: Context, clock: Clock) -> Answer | None:
    """The person's no to sending a question, by which the device answers it itself."""
    pending, named = session.pending, request.approval
    mine = request.speaker.channel in PERSONAL and context.label.trusted
    if pending is None or pending.leaving is None or not mine or not session.asks(clock):
        return None
    if named is not None and named.id != pending.approval:
        return None
    asked = session.asked_by(pending)
    return Answer(asked, yes=False) if asked is not None else None


def _to_send(thought: Thought, taken: Pending, session: Session) -> Consent:
    """The yes to sending a question, which goes on with it."""
    asked = session.asked_by(taken)
    if asked is None:
        return Consent(_said(thought, _FORGOTTEN))
    thought = msgspec.structs.replace(thought, calls=())
    return Consent(thought, taken, Answer(asked, yes=True))


def _repeats(thought: Thought, text: str, session: Session) -> bool:
    """Whether it is a yes together with just what waits for one: "yes, call her"."""
    orders = [call for call in thought.calls if not _is_yes(call)]
    if session.pending is None or len(orders) != 1 or len(session.pending.calls) != 1:
        return False
    (said,), waiting = orders, session.pending.calls[0].call
    same = said.capability == waiting.capability
    return same and said.arguments.items() <= waiting.arguments.items() and begins_with_yes(text)


def _lapsed(thought: Thought, session: Session, *, asks: bool) -> Thought:
    """`thought` with the open question void, which is said where it seems to be about it."""
    had_pending, session.pending = session.pending is not None, None
    if had_pending and thought.fixed in ("deny", "cancel"):
        return msgspec.structs.replace(thought, calls=())
    if not asks:
        return thought
    calls = tuple(call for call in thought.calls if not _is_answer(call))
    if len(calls) < len(thought.calls):
        return msgspec.structs.replace(thought, calls=calls, question=_DROPPED)
    if thought.kind is MessageKind.UNKNOWN and not calls and thought.question is not None:
        en, zh = thought.question.en, thought.question.zh
        return _said(thought, Words(f"{en} {_DROPPED.en}", f"{zh}{_DROPPED.zh}"))
    if _answers_the_other(thought, session):
        return msgspec.structs.replace(thought, question=_DROPPED)
    return thought


def _is_told(thought: Thought, request: Request) -> bool:
    """Whether it is to be said that a question lapsed: not to a program, and not beside what is
    its answer or must be short."""
    return request.speaker.channel in PERSONAL and thought.fixed not in _UNTOLD


def _answers_the_other(thought: Thought, session: Session) -> bool:
    """Whether it answers what the same turn asked besides the yes: "tap Send and type" leaves both
    open, and whoever says what to type may believe that the yes still waits."""
    asked = session.awaiting
    return (
        asked is not None
        and thought.question is None
        and [call.capability for call in thought.calls] == [asked.capability]
    )


def _is_answer(call: Call) -> bool:
    action = call.arguments.get("action")
    return call.capability == "dialog.control" and action in ("confirm", "deny", "cancel")


def _is_yes(call: Call) -> bool:
    return _is_answer(call) and call.arguments.get("action") == "confirm"


def _agreed(thought: Thought, pending: Pending, context: Context) -> Consent:
    calls = tuple(
        msgspec.structs.replace(waiting.call, asked_at=context.asked_at)
        for waiting in pending.calls
    )
    return Consent(msgspec.structs.replace(thought, calls=calls), pending)


def _said(thought: Thought, words: Words) -> Thought:
    return msgspec.structs.replace(thought, calls=(), question=words)


_UNTOLD = ("deny", "cancel", "stop", "emergency", "accident")
_UNCLEAR = Words(
    "I did not take that for a yes. My question is still open: please say yes or no.",
    "这不算明确的同意。刚才的问题还在等您：请说“确认”或“取消”。",
)
_DROPPED = Words(
    "My question before that needs a plain yes, so I dropped it.",
    "之前的问题需要明确的“确认”，已放弃。",
)
_FORGOTTEN = Words(
    "I no longer have the words of that question, so nothing was sent; please ask again.",
    "那个问题的原话已不在内存中，没有发送任何内容；请重新提问。",
)
_NOT_YOURS = Words("Only the person in the car can say yes to that", "这一步只能由车内乘员本人确认")
