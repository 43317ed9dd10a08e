"""What a person says that a turn's answer was worth: good or bad, beside the turn in the trail.

It does nothing else: how the routing's scores become better by it is `edgewise learn route`.
"""

from edgewise.agent.trail import Trail
from edgewise.core.event import Answered, Judged
from edgewise.errors import UserError


def judge(trail: Trail, turn: str, *, good: bool, at: float) -> Judged:
    """Keep that the answer of `turn` was good or bad; said twice it is kept once.

    Raises UserError for a turn that is not recorded or has no answer, DeviceError when the disk
    does not take it.
    """
    events = trail.read(turn)
    if not isinstance(events[-1], Answered):
        raise UserError(
            f"turn {turn!r} has no answer that can be good or bad; name one that was answered"
            " (`edgewise explain` lists the last)",
            code="nothing_answered",
        )
    before = trail.judgement(turn)
    if before is not None and before.good is good:
        return before
    said = Judged(seq=(before or events[-1]).seq + 1, at=at, turn=turn, good=good)
    trail.append(said)
    return said
