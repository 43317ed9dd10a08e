"""What a recogniser found in a text, and what becomes of findings that overlap.

A kind says what stands there, its sensitivity how much harm it does elsewhere, and whether the
device may ever put the value back into what a cloud answered.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from edgewise.core.label import Sensitivity


class Kind(StrEnum):
    """Kinds of personal data that have a recogniser; the value is the word of the placeholder."""

    PERSON = "PERSON"
    PLACE = "PLACE"
    ADDRESS = "ADDRESS"
    LOCATION = "LOCATION"
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    IP = "IP"
    URL = "URL"
    PLATE = "PLATE"
    VIN = "VIN"
    COMPANY = "COMPANY"
    BIRTHDAY = "BIRTHDAY"
    AGE = "AGE"
    TEXT = "TEXT"
    RESIDENT_ID = "IDNUMBER"
    SSN = "SSN"
    PASSPORT = "PASSPORT"
    LICENCE = "LICENCE"
    CARD = "CARD"
    IBAN = "IBAN"
    KEY = "KEY"
    PASSWORD = "PASSWORD"
    CODE = "CODE"


NEVER_RESTORED = frozenset(
    {
        Kind.RESIDENT_ID,
        Kind.SSN,
        Kind.PASSPORT,
        Kind.LICENCE,
        Kind.CARD,
        Kind.IBAN,
        Kind.KEY,
        Kind.PASSWORD,
        Kind.CODE,
    }
)
"""Kinds of which no map is kept: what an answer needs of them is that there was one."""
SENSITIVITY = {
    **dict.fromkeys(Kind, Sensitivity.PERSONAL),
    Kind.TEXT: Sensitivity.PLAIN,
    Kind.LOCATION: Sensitivity.SENSITIVE,
    **dict.fromkeys(NEVER_RESTORED, Sensitivity.SENSITIVE),
    Kind.KEY: Sensitivity.SECRET,
    Kind.PASSWORD: Sensitivity.SECRET,
    Kind.CODE: Sensitivity.SECRET,
}
"""PIPL Art. 28 for numbers of papers and accounts, and for where somebody is."""


class Found(NamedTuple):
    """A stretch of a text, from `start` to before `end` in characters, and what it is."""

    kind: Kind
    start: int
    end: int
    sensitivity: Sensitivity


def found(kind: Kind, start: int, end: int) -> Found:
    """A finding with the sensitivity of its kind."""
    return Found(kind, start, end, SENSITIVITY[kind])


def settle(findings: Iterable[Found]) -> tuple[Found, ...]:
    """Findings in order, none overlapping another: those that do become one over the whole stretch,
    so that no rest of a value stays; its kind is that of the most sensitive, then longest one."""
    settled: list[Found] = []
    strongest: Found | None = None
    for one in sorted(findings, key=lambda each: (each.start, -each.end)):
        if strongest is None or one.start >= settled[-1].end:
            settled.append(one)
            strongest = one
            continue
        if _strength(one) > _strength(strongest):
            strongest = one
        last = settled[-1]
        settled[-1] = Found(
            strongest.kind, last.start, max(last.end, one.end), strongest.sensitivity
        )
    return tuple(settled)


def _strength(one: Found) -> tuple[int, int, int]:
    return (one.sensitivity, one.kind in NEVER_RESTORED, one.end - one.start)
