"""What the clauses of a sentence came to, put together into one thought.

No clause disappears: one that could not be understood is named in the thought's question beside
the calls of the others. What a screen shows after a step is another screen, so a step behind a
clause that was not understood is left, and told so (`agent/stepwise.py` does it for one that was
not done).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from edgewise.core.call import Call
from edgewise.core.signal import JsonValue
from edgewise.core.thought import Alternative, Context, MessageKind, Thought
from edgewise.core.words import Words
from edgewise.think.understanding import words as say
from edgewise.think.understanding.direction import is_felt
from edgewise.think.understanding.normalise import Normal
from edgewise.think.understanding.screen_heads import PAGES, SCREEN

_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Part:
    """What one clause came to; `idle` marks what nobody needs an answer to, such as thanks."""

    kind: MessageKind
    call: Call | None = None
    question: Words | None = None
    alternatives: tuple[Alternative, ...] = ()
    confidence: float = 0.0
    clause: str = ""
    idle: bool = False


def make_part(
    name: str, arguments: dict[str, JsonValue], clause: Normal, context: Context,
    confidence: float, *, kind: MessageKind = MessageKind.COMMAND, inferred: bool = False,
    alternatives: tuple[Alternative, ...] = (),
) -> Part:  # fmt: skip
    """A part with one call, labelled as the words that asked for it."""
    call = Call(
        id="", capability=name, arguments=arguments, label=context.label,
        confidence=round(confidence, 4), inferred=inferred, clause=clause.text,
        asked_at=context.asked_at,
    )  # fmt: skip
    return Part(kind, call, None, alternatives, confidence)


def join(parts: Sequence[Part], context: Context) -> Thought:
    """One thought: all calls in order, and one question for what is open."""
    parts, steps = _without_blind_steps(_without_doubles(parts))
    acting = [part for part in parts if part.call is not None]
    calls = tuple(
        numbered(part.call, number, context)
        for number, part in enumerate(acting, 1)
        if part.call is not None
    )
    open_first = sorted(parts, key=lambda part: part.call is not None or part.idle)
    alternatives = next((part.alternatives for part in open_first if part.alternatives), ())
    if calls:
        commands = any(part.kind is MessageKind.COMMAND for part in acting)
        kind = MessageKind.COMMAND if commands else MessageKind.QUESTION
        weakest = min(call.confidence for call in calls)
        return Thought(kind, calls, weakest, _and_left(_left_open(parts), steps), alternatives)
    question = next((part.question for part in parts if part.question is not None), None)
    if steps:
        vague = question is None or question is say.UNCLEAR
        question = _and_left(_left_open(parts) if vague else question, steps)
        return Thought(MessageKind.UNKNOWN, (), 0.0, question, alternatives)
    confidence = min((part.confidence for part in parts), default=0.0)
    kinds = {part.kind for part in parts}
    for kind in (MessageKind.UNKNOWN, MessageKind.QUESTION, MessageKind.CHAT):
        if kind in kinds:
            if kind is MessageKind.UNKNOWN and question is None:
                question = say.UNCLEAR
            return Thought(kind, (), confidence, question, alternatives)
    return unknown(say.UNCLEAR)


def numbered(call: Call, number: int, context: Context) -> Call:
    """The call with the id of its place in the turn."""
    return msgspec.structs.replace(call, id=f"{context.turn}.{number}")


def unknown(question: Words) -> Thought:
    """A thought without calls that asks."""
    return Thought(MessageKind.UNKNOWN, (), 0.0, question)


def _left_open(parts: Sequence[Part]) -> Words | None:
    """The question about the clauses that gave no call, naming them."""
    own = next((p.question for p in parts if p.call is not None and p.question is not None), None)
    open_parts = [part for part in parts if _is_open(part)]
    if not open_parts:
        return own
    if len(open_parts) == 1 and open_parts[0].question in _TOLD:
        return open_parts[0].question
    return _naming(say.LEFT_OUT, [part.clause for part in open_parts])


def _is_open(part: Part) -> bool:
    return part.call is None and not part.idle and bool(part.clause)


def _naming(words: Words, clauses: Sequence[str]) -> Words:
    shown = [f"“{clause[:_SHOWN]}”" for clause in clauses[:3]]
    return say.fill_words(words, {"clause": ", ".join(shown)}, {"clause": "、".join(shown)})


def _and_left(question: Words | None, steps: Sequence[str]) -> Words | None:
    """The question, and that `steps` were left because of what it is about."""
    if question is None or not steps:
        return question
    left = _naming(say.STEPS_LEFT, steps)
    return Words(f"{question.en} {left.en}", f"{question.zh}{left.zh}")


def _without_blind_steps(parts: Sequence[Part]) -> tuple[list[Part], list[str]]:
    """In a sentence that orders the screen, the parts without the steps on it behind one that was
    not understood, and the words of those steps."""
    kept: list[Part] = []
    steps: list[str] = []
    orders = any(part.call is not None and part.call.capability == SCREEN for part in parts)
    blind = False
    for part in parts:
        if orders and blind and part.call is not None and part.call.capability in PAGES:
            steps.append(part.clause or part.call.clause)
            continue
        blind = blind or (_is_open(part) and part.question not in _TOLD)
        kept.append(part)
    return kept, steps


def _without_doubles(parts: Sequence[Part]) -> list[Part]:
    """A need that the next clause spells out ("it's hot, down two degrees") counts once, and the
    same call said twice ("keep the air out, recirculate") is one call."""
    kept: list[Part] = []
    for part in parts:
        at = next((i for i in reversed(range(len(kept))) if not _leaves(kept[i])), -1)
        last, call = kept[at].call if kept else None, part.call
        again = last is not None and call is not None and last.capability == call.capability
        if again and last and call:
            reason = last.inferred or (is_felt(last.clause) and _same_place(last, call))
            spelt_out = reason and not call.inferred
            if spelt_out or last.arguments == call.arguments:
                kept.pop(at)
        elif last is not None and call is not None and last.inferred and not call.inferred:
            kept.pop(at)  # "it's getting dark, put the headlights on": a reason, then the order
        kept.append(part)
    return kept


def _leaves(part: Part) -> bool:
    """Whether a part asks for nothing: 我有点热，别开窗，空调调低两度 gives its reason first."""
    return part.call is None and part.question is say.NEGATED


def _same_place(last: Call, call: Call) -> bool:
    return call.arguments.get("zone") in (None, last.arguments.get("zone"))


_TOLD = (say.NEGATED, say.UNEXPOSED)
"""What is not done though it was understood."""
