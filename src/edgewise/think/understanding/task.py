"""Whether a sentence sets a task that this understanding could make no calls of.

A task is an order that takes several steps: it plans something, a step hangs on what another one
finds, or it says more orders than were understood. It is told of by clauses that are open alone:
where the device refuses on purpose, asks back or is told a remark, and in doubt, it is none. What
is done about it, and by whom, is not known here.
"""

from collections.abc import Sequence

from edgewise.core.regex import regex
from edgewise.core.thought import MessageKind
from edgewise.core.words import Words
from edgewise.think.understanding import words as say
from edgewise.think.understanding.join import Part

LIKELY = 0.3
"""From here on a clause is taken for an order that was not understood, not for a noise."""
_WHICH = say.WHICH.en.partition("{")[0]
_PLANS = regex(
    r"^(?:(?:please|can|could|would|will|you|help me|i want you|i'd like you|to) )*"
    r"(?:plan|prepare|organi[sz]e|arrange|sort out|take care of|work out|figure out|wrap up"
    r"|set (?:up|the (?:mood|scene|stage))|get .{1,40} ready)\b"
)
_PLANS_ZH = regex("(?:安排|准备|规划|计划|布置|张罗|策划|打点)")
_DEPENDS = regex(
    r"\b(?:otherwise|depending on|according to|based on|whichever|the (?:cheapest|nearest|quietest"
    r"|best|first) of (?:them|those|these))\b|^if\b|, if\b"
)
_FORETOLD = regex(r"\b(?:otherwise|tomorrow|tonight)\b|否则|不然|明天|今晚")
"""With a condition: what it hangs on can be looked up now, so that nobody must wait for it."""
_GOES_ON = regex(r"\b(?:and|then)\b|然后|再|并|顺便")
"""Without one of these what is left over is a reason or a remark: "give me air, open the roof"."""
_DEPENDS_ZH = regex("(?:如果|要是|假如|否则|不然|根据|按照|看情况)")


def is_task(plain: str, parts: Sequence[Part]) -> bool:
    """Whether the `parts` of the sentence `plain` leave a task open. Calls that were made of others
    are no part of it."""
    left = [part for part in parts if part.call is None and not part.idle]
    if not left or not all(_is_open(part) for part in left):
        return False
    depends = bool(_DEPENDS.search(plain) or _DEPENDS_ZH.search(plain))
    if any(part.question is say.CONDITION for part in left):
        return depends and bool(_FORETOLD.search(plain))
    likely = all(_is_likely(part) for part in left)
    told = [part for part in parts if not part.idle]
    if len(left) < len(told):
        return likely and told[0].call is not None and bool(_GOES_ON.search(plain))
    plans = bool(_PLANS.search(plain) or _PLANS_ZH.search(plain))
    return plans or ((depends or len(left) > 1) and likely)


def _is_open(part: Part) -> bool:
    """Whether the clause was simply not understood: of all else the device knows what it does."""
    if part.kind is not MessageKind.UNKNOWN:
        return False
    question = part.question
    return question in (None, say.UNCLEAR, say.CANNOT, say.CONDITION) or _asks_which(question)


def _asks_which(question: Words | None) -> bool:
    return question is not None and question.en.startswith(_WHICH)


def _is_likely(part: Part) -> bool:
    return bool(part.alternatives) and part.alternatives[0].confidence >= LIKELY
