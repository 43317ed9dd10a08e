"""What a look at an installation found: one value for the device's doctor and the platform's."""

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from edgewise.core.words import Words


class State(StrEnum):
    """What a check found."""

    OK = "ok"
    MISSING = "missing"
    BROKEN = "broken"


class Finding(Struct, frozen=True):
    """One check: what was looked at, what was found, and what to do (None when all is well)."""

    name: str
    state: State
    found: Words
    remedy: Words | None = None
    optional: bool = False


def is_fit(findings: Iterable[Finding]) -> bool:
    """Whether nothing that is needed is missing or broken."""
    return all(finding.optional or finding.state is State.OK for finding in findings)
