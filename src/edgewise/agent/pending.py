"""A question that waits for a yes: what exactly it is about, whose yes it wants, and until when.

Who took it up, once and in time, is the session's to know (`session.py`, rules 31 and 32).
"""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from edgewise.agent.agreed import asks_driver
from edgewise.agent.asked import Asked, hash_of_leaving
from edgewise.core.call import payload_hash
from edgewise.core.clock import Clock
from edgewise.core.event import Leaving, PendingCall
from edgewise.core.message import PERSONAL, Speaker
from edgewise.core.zone import Zone

APPROVAL_LIFETIME_S = 15.0
"""How long a question waits for its yes (rule 32); a spoken one from the end of its words on."""
LONGEST_LIFETIME_S = 60.0
"""From the decision on, however long a question takes to be spoken."""


class Pending(Struct, frozen=True):
    """Calls that wait for a yes: their exact payload, who may say it, until when.

    `expires_at` is wall time; `until` is `Clock.monotonic` and counts within one process, where
    setting the clock back must not keep a question open. `by_program` marks one that a program
    raised: it is the driver's to answer, and a bare "yes" is never for it. `leaving` is what would
    leave by the yes, where that is what is asked. `asked_at` and `asked_s` are when it was decided,
    by either clock.
    """

    approval: str
    turn: str
    payload_hash: str
    calls: tuple[PendingCall, ...]
    zone: Zone | None
    expires_at: float
    by_program: bool = False
    until: float | None = None
    leaving: Leaving | None = None
    asked_at: float = 0.0
    asked_s: float | None = None


def to_do(
    turn: str,
    calls: Sequence[PendingCall],
    speaker: Speaker,
    clock: Clock,
    *,
    by_program: bool,
) -> Pending:
    """The question of `turn` whether these calls may be made."""
    digest = payload_hash([(waiting.call, waiting.effects, waiting.rules) for waiting in calls])
    for_driver = by_program or any(asks_driver(waiting.rules) for waiting in calls)
    zone = Zone.DRIVER if for_driver else speaker.zone
    return _pending(turn, digest, zone, clock, tuple(calls), by_program=by_program)


def to_send(turn: str, asked: Asked, clock: Clock) -> Pending:
    """The question of `turn` whether something may leave."""
    speaker = asked.message.speaker
    by_program = speaker.channel not in PERSONAL
    zone = Zone.DRIVER if by_program else speaker.zone
    digest = hash_of_leaving(asked.leaving)
    return _pending(turn, digest, zone, clock, by_program=by_program, leaving=asked.leaving)


def is_closed(pending: Pending, clock: Clock) -> bool:
    """Whether its time is over, by either clock."""
    late = pending.until is not None and clock.monotonic() > pending.until
    return late or clock.now() > pending.expires_at


def told_in(pending: Pending, left_s: float, clock: Clock) -> Pending:
    """The same question, whose last words are spoken in `left_s`: its time begins then."""
    more_s = left_s + APPROVAL_LIFETIME_S
    until = None
    if pending.until is not None and pending.asked_s is not None:
        until = min(clock.monotonic() + more_s, pending.asked_s + LONGEST_LIFETIME_S)
    latest = pending.asked_at + LONGEST_LIFETIME_S
    return replace(pending, until=until, expires_at=min(clock.now() + more_s, latest))


def _pending(
    turn: str,
    digest: str,
    zone: Zone | None,
    clock: Clock,
    calls: tuple[PendingCall, ...] = (),
    *,
    by_program: bool,
    leaving: Leaving | None = None,
) -> Pending:
    now, now_s = clock.now(), clock.monotonic()
    return Pending(
        approval=f"{turn}-{digest[:8]}",
        turn=turn,
        payload_hash=digest,
        calls=calls,
        zone=zone,
        expires_at=now + APPROVAL_LIFETIME_S,
        by_program=by_program,
        until=now_s + APPROVAL_LIFETIME_S,
        leaving=leaving,
        asked_at=now,
        asked_s=now_s,
    )
