"""What one clause says, read once for all its arguments: places, numbers, times, free text.

Free text, times and degrees that are only told are blanked out of `plain`, so that a number in a
message is no temperature, nor is that of the weather.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from edgewise.core.capability import Kind
from edgewise.core.signal import JsonValue
from edgewise.core.zone import Zone
from edgewise.think.understanding.courtesy import strip_courtesy
from edgewise.think.understanding.declared import Declared
from edgewise.think.understanding.durations import Duration, find_durations
from edgewise.think.understanding.measured import find_measured
from edgewise.think.understanding.normalise import ENDS, Normal
from edgewise.think.understanding.numbers import Number, find_numbers
from edgewise.think.understanding.polarity import Polarity, read_polarity
from edgewise.think.understanding.spans import find_spans
from edgewise.think.understanding.times import Moment, find_moments
from edgewise.think.understanding.verbatim import dictation
from edgewise.think.understanding.zones import Place, find_places


@dataclass(slots=True)
class Reading:
    """What one clause says, read once; `plain` has free text and times blanked out."""

    declared: Declared
    clause: Normal
    plain: str
    polarity: Polarity
    places: Sequence[Place]
    numbers: list[Number]
    durations: list[Duration]
    moments: list[Moment]
    arguments: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    doubt: str = ""


_VERBATIM = frozenset({"body", "fact"})


def read_clause(
    declared: Declared, said: Normal, clause: Normal, names: tuple[str, ...], now: str,
    speaker: Zone | None,
) -> Reading:  # fmt: skip
    early = declared.capability.family == "alarm" and not re.search(r"remind|提醒", clause.plain)
    durations = find_durations(clause.plain) if declared.timed else []
    moments = find_moments(clause.plain, now, early=early) if declared.timed else []
    bare, kept = clause, clause.plain
    if declared.timed:
        bare = _without(clause, [(m.start, m.end) for m in [*moments, *durations]])
        kept = bare.plain
    spans: dict[str, str] = {}
    if declared.slots:
        if declared.slots & _VERBATIM:
            spans = _spans_of_told(declared, strip_courtesy(said, tail=False), names)
        spans = spans or find_spans(declared.templates, bare, names)
        if not spans and declared.capability.family == "gui":  # "tap OK" is no courtesy
            spans = find_spans(declared.templates, strip_courtesy(said, tail=False), names)
    plain = kept
    for value in spans.values():
        low = Normal(value, value.lower()).plain
        at = plain.find(low)
        if at >= 0 and not declared.words:
            plain = plain[:at] + " " * len(low) + plain[at + len(low) :]
    for told in find_measured(plain) if declared.capability.family == "climate" else ():
        plain = plain[: told.start] + " " * (told.end - told.start) + plain[told.end :]
    reading = Reading(
        declared, clause, plain, read_polarity(clause.plain), find_places(clause.plain, speaker),
        find_numbers(plain) if _wants_number(declared) else [], durations, moments,
    )  # fmt: skip
    reading.arguments.update(spans)
    return reading


def _spans_of_told(declared: Declared, said: Normal, names: tuple[str, ...]) -> dict[str, str]:
    """Free text that is kept to the last word; of a message, all that was dictated."""
    spans = find_spans(declared.templates, said, names)
    told = dictation(said) if "body" in declared.slots else None
    if told is None:
        return spans
    if spans.get("body", "").strip(ENDS) != told.body.strip(ENDS):
        spans = find_spans(declared.templates, told.order, names)
    return {name: value for name, value in spans.items() if name != "body"} | {"body": told.body}


def _without(clause: Normal, spans: list[tuple[int, int]]) -> Normal:
    """The clause without `spans` and without the small words that led to them."""
    text, plain = clause.text, clause.plain
    for first, last in _merged(spans):
        start, end = first, last
        head = re.search(
            r"(?: ?\b(?:at|on|for|in|by|from|to|until|the|of|around|about|this|after)\b ?)*$",
            plain[:start],
        )
        start = head.start() if head else start
        tail = re.match(r"(?:'s|的|之?后)?", plain[end:])
        end += tail.end() if tail else 0
        text, plain = text[:start] + " " + text[end:], plain[:start] + " " + plain[end:]
    shorter = Normal(re.sub(r" +", " ", text), re.sub(r" +", " ", plain))
    if len(shorter.text) != len(shorter.plain):
        return clause
    return shorter.cut(0, len(shorter.plain))


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Overlapping spans as one, the last first."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged[::-1]


def _wants_number(declared: Declared) -> bool:
    return any(a.kind in (Kind.NUMBER, Kind.INTEGER) for a in declared.capability.arguments)
