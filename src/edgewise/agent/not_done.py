"""Results of calls that were not carried out: what lacks, what is away, what a rule said.

Pure; `acting.py` decides when each of them is so.
"""

from edgewise.core.call import (
    Ask,
    Call,
    Deny,
    Impossible,
    Missing,
    Resolved,
    Result,
    Status,
)
from edgewise.core.words import Words

MAX_QUESTIONS = 2
"""How often one argument is asked for; who gives no answer then meant something else."""


def unresolved(call: Call, resolution: Missing | Impossible | Resolved) -> Result:
    """The result of a call that lacks something, or can not be done here."""
    match resolution:
        case Missing(argument, _) if call.asked.count(argument) >= MAX_QUESTIONS:
            return Result(
                call.id, call.capability, Status.IMPOSSIBLE, code="not_answered", words=_LET_GO
            )
        case Missing(_, question):
            return Result(call.id, call.capability, Status.MISSING, code="missing", words=question)
        case Impossible(code, words):
            return Result(call.id, call.capability, Status.IMPOSSIBLE, code=code, words=words)
        case Resolved():
            raise AssertionError("a resolved call has a function")


def without(call: Call, away: Words) -> Result:
    """The result of a call whose device is away."""
    return Result(call.id, call.capability, Status.FAILED, code="part_away", words=away)


def held(call: Call, decision: Ask | Deny) -> Result:
    """The result of a call that may not be performed, or not without a yes."""
    status = Status.ASKED if isinstance(decision, Ask) else Status.DENIED
    words = decision.rules[0].words if decision.rules else None
    code = decision.rules[0].id if decision.rules else ""
    return Result(call.id, call.capability, status, code=code, words=words, rules=decision.rules)


_LET_GO = Words(
    "That does not tell me what I asked for, so I leave it. Please say all of it again.",
    "还是缺少需要的信息，我先不做了，请完整地再说一遍。",
)
