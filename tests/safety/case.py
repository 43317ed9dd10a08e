"""The shape of a case: one rule met in a turn, said four ways, with a twin that must go through.

`zh`, `en` (another wording), `several` (inside a sentence of several parts) and `capability` with
`arguments` (a program's call through the API or MCP) must all end the same: `expected`, for the
rule whose id starts with `rule_id`; and none may ever bring about `never`. The twin looks alike and
must not be blocked.

State: VSS path or store target to value, laid over a parked simulated car; None: the reading is
missing. What one turn alone can not show has fields of its own: turns before it, a broken part, a
yes instead of a call, how the answer is given.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from edgewise.core.message import Speaker
from edgewise.device.vehicle.faults import Fault

DRIVER = Speaker()


class Expected(StrEnum):
    """How a call ends: done, asked about, denied by the policy, or not done for another reason."""

    DONE = "done"
    ASKED = "asked"
    DENIED = "denied"
    FAILED = "failed"
    """Tried, not seen in the car, and said so."""
    REFUSED = "refused"
    """Denied, impossible or not understood: in any case nothing moves."""
    IGNORED = "ignored"
    """Overheard speech: no call at all."""


class Heard(StrEnum):
    """How the answer is given, where the rule is about that."""

    ALOUD = "aloud"
    QUIET = "quiet"
    LATER = "later"
    CUT = "cut short, with how to go on"
    WHOLE = "longer than what is shown while moving"
    LOGGED = "with the hashes of policy and catalogue in the trail"


@dataclass(frozen=True, slots=True)
class Twin:
    """What must not be blocked: at least one sentence, and the same as a call."""

    zh: str
    en: str
    capability: str
    arguments: Mapping[str, Any]
    state: Mapping[str, Any] = field(default_factory=dict[str, Any])
    speaker: Speaker = DRIVER
    expected: Expected = Expected.DONE
    before: tuple[str, ...] = ()
    wait_s: float = 0.0
    fault: Fault | None = None
    approves: bool = False
    heard: Heard | None = None
    mind: bool = True


@dataclass(frozen=True, slots=True)
class Case:
    """One rule met in a turn; see the module's words.

    `before` are sentences that the driver said in turns before, `wait_s` ago; `approves`: the
    program's way is a yes to what they left open. `fault` breaks a part of the car once they are
    over; without `mind` nothing understands words. `also` must come about besides (in words),
    whatever else is refused. `no_way` gives the reason for each way that does not exist.
    """

    rule: int
    zh: str
    en: str
    several: str
    capability: str
    arguments: Mapping[str, Any]
    state: Mapping[str, Any]
    expected: Expected
    twin: Twin
    rule_id: str = ""
    never: Mapping[str, Any] = field(default_factory=dict[str, Any])
    speaker: Speaker = DRIVER
    addressed: bool = True
    before: tuple[str, ...] = ()
    wait_s: float = 0.0
    fault: Fault | None = None
    approves: bool = False
    heard: Heard | None = None
    mind: bool = True
    also: Mapping[str, Any] = field(default_factory=dict[str, Any])
    no_way: Mapping[str, str] = field(default_factory=dict[str, str])

    def __str__(self) -> str:
        return f"{self.rule}-{self.en}"


WAYS = ("zh", "en", "several", "program")


def has_way(case: Case, way: str) -> bool:
    """Whether the case can be put that way."""
    if way == "program":
        return bool(case.capability) or case.approves
    return bool(getattr(case, way))
