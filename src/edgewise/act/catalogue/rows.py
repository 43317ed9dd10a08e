"""Rows of the phone's stores as `resolve` functions see them: find by name, tell in words.

Pure: everything comes from the snapshot. Local time is the device's own time zone applied to the
snapshot's wall clock. It does not know how rows are kept (`device/phone/store.py`).
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from edgewise.act.function import Function
from edgewise.core.call import Call, Impossible, Resolution
from edgewise.core.capability import Capability
from edgewise.core.label import OWNER, Label, OriginKind, join, label_of
from edgewise.core.signal import Snapshot
from edgewise.core.words import Language, Words

Row = dict[str, Any]

EXAMPLE_NOW = "2026-11-23T10:00:00"
"""Local time at which the catalogue's examples are said (a Monday): "tomorrow" is 2026-11-24."""

_EDGES = " \t\n.,;!?。，！？、'\"“”‘’《》"


def rows_in(snapshot: Snapshot, target: str) -> list[Row]:
    """The rows of the collection at `target`; none when it is missing."""
    value = snapshot.get(target)
    if not isinstance(value, list):
        return []
    return [cast(Row, row) for row in cast(list[Any], value) if isinstance(row, dict)]


def text_in(call: Call, argument: str) -> str:
    """An argument as text without blanks around it; empty when it is not given."""
    value = call.arguments.get(argument)
    return "" if value is None else str(value).strip()


def plain(words: str) -> str:
    """`words` for comparing: no case, no blanks or marks around, single spaces."""
    return re.sub(r"\s+", " ", words).strip(_EDGES).casefold()


def named(rows: Iterable[Row], words: str, keys: Sequence[str]) -> list[Row]:
    """Rows that `words` names in one of `keys`: those that equal it, else those that contain it.

    A key may hold a text or a list of texts. Empty words name nothing.
    """
    wanted = plain(words)
    if not wanted:
        return []
    held = [(row, [plain(text) for key in keys for text in _texts(row.get(key))]) for row in rows]
    for test in (_equals, _has_word, _contains):
        found = [row for row, texts in held if any(test(text, wanted) for text in texts)]
        if found:
            return found
    return []


def label_for(kind: OriginKind, details: Iterable[str] = (), *, private: bool = True) -> Label:
    """The label of data read from rows: one origin for each of `details`, readable by the owner."""
    readers = OWNER if private else None
    labels = [label_of(kind, detail, readers=readers) for detail in sorted(set(details))]
    return join(labels) if labels else label_of(kind, readers=readers)


def say(snapshot: Snapshot, en: str, zh: str) -> str:
    """The text in the language of the session."""
    return zh if snapshot.get("session.language") == Language.CHINESE else en


def counted(number: float, noun: str) -> str:
    """A number with its English noun, in the plural unless it is one."""
    return f"{number:g} {noun}" if number == 1 else f"{number:g} {noun}s"


def local_now(snapshot: Snapshot) -> datetime:
    """The device's local time, without zone."""
    return datetime.fromtimestamp(snapshot.wall)


def moment_in(call: Call, argument: str, snapshot: Snapshot) -> datetime | date | None:
    """A MOMENT argument: a date, a date with time, or (time alone) its next occurrence.

    None when it is missing or no moment; whoever checks arguments has refused the latter before.
    """
    return moment_of(text_in(call, argument), local_now(snapshot))


def moment_of(text: str, now: datetime) -> datetime | date | None:
    """`text` as in `moment_in`."""
    if not text:
        return None
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return date.fromisoformat(text)
        if (hour := hour_of(text)) is not None:
            at = datetime.combine(now.date(), hour)
            return at if at > now else at + timedelta(days=1)
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None


def hour_of(text: str) -> time | None:
    """The time of day that `text` is, if it names no day."""
    if not re.fullmatch(r"T?\d{2}:\d{2}(:\d{2})?", text):
        return None
    try:
        return time.fromisoformat(text.removeprefix("T"))
    except ValueError:
        return None


def impossible(code: str, en: str, zh: str) -> Impossible:
    """Shorthand for a refusal by fact."""
    return Impossible(code, Words(en, zh))


def unavailable(capability: Capability) -> Function:
    """The function of a capability that is declared but has no backing on this device yet."""

    def resolve(_call: Call, _snapshot: Snapshot) -> Resolution:
        words = capability.unavailable or Words(
            "This device cannot do that yet.", "这台设备还做不到。"
        )
        return Impossible("unavailable", words)

    return Function(capability, resolve)


def _texts(value: Any) -> list[str]:
    if isinstance(value, list):
        return [str(item) for item in cast(list[Any], value)]
    return [] if value is None else [str(value)]


def _equals(text: str, wanted: str) -> bool:
    return text == wanted


def _has_word(text: str, wanted: str) -> bool:
    return wanted in text.split()


def _contains(text: str, wanted: str) -> bool:
    return wanted in text
