"""Feedback -> rows for evaluation: what was said, what was understood, what the person meant.

A row is made only of words that were kept: without `keep_text` the trail has none, and a row
without words teaches nothing. Words that only the owner may read stay on the device unless the
owner says otherwise (`private`).
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from msgspec import Struct

from edgewise.agent.redact import is_hidden
from edgewise.core.event import Corrected
from edgewise.core.thought import Alternative, MessageKind
from edgewise.core.words import Language


class FeedbackRow(Struct, frozen=True):
    """One corrected sentence. `chosen` is a capability, `other` (one that was not offered) or
    `nothing`; `time` is ISO 8601 in UTC; the hashes are of what understood the sentence."""

    text: str
    language: Language
    kind: MessageKind
    understood: tuple[Alternative, ...]
    chosen: str
    time: str
    catalogue_hash: str
    model_hash: str


class Rows(Struct, frozen=True):
    """The rows that may be had, and how many were left out: for want of words, as private."""

    rows: tuple[FeedbackRow, ...]
    wordless: int
    private: int


def rows_of(corrections: Iterable[Corrected], *, private: bool = False) -> Rows:
    """The corrections as rows, in their order; with `private` also those that are the owner's."""
    found = list(corrections)
    worded = [one for one in found if not is_hidden(one.text)]
    shown = [one for one in worded if private or not one.label.private]
    rows = tuple(_row(one) for one in shown)
    return Rows(rows, len(found) - len(worded), len(worded) - len(shown))


def _row(correction: Corrected) -> FeedbackRow:
    return FeedbackRow(
        correction.text,
        correction.language,
        correction.kind,
        correction.understood,
        correction.meant,
        datetime.fromtimestamp(correction.at, UTC).isoformat(timespec="seconds"),
        correction.catalogue_hash,
        correction.model_hash,
    )
