"""A clause that leans on the call before it: "and the passenger's too", 再低一点, "both of them".

How the call changes is in `lean.py`; here is which call it leans on, and when it leans on none.
"""

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from edgewise.core.call import Call
from edgewise.core.regex import regex
from edgewise.core.thought import Context, MessageKind
from edgewise.think.understanding import words as say
from edgewise.think.understanding.clauses import begins_with_verb
from edgewise.think.understanding.join import Part, make_part
from edgewise.think.understanding.known import Known
from edgewise.think.understanding.lean import lean_on, twin_of
from edgewise.think.understanding.list_talk import of_list
from edgewise.think.understanding.normalise import Normal
from edgewise.think.understanding.together import gathered, singular
from edgewise.think.understanding.zones import find_places

_ASKS = regex(r"(?:is|are|was|were|has|did|does|isn'?t|aren'?t)\b")
"""How a question begins; "is the window open" is none of what came before it."""


def names_in(context: Context) -> tuple[str, ...]:
    """All names that the device knows."""
    return tuple(name for names in context.names.values() for name in names)


def leaning_part(
    known: Known, bare: Normal, before: Sequence[Part], context: Context
) -> Part | None:
    """A clause that leans on the call before it, in this sentence or in the last exchange."""
    last = next((part.call for part in reversed(before) if part.call is not None), None)
    inside = last is not None
    if last is None and not before and context.exchanges:
        exchange = context.exchanges[-1]
        last = exchange.calls[-1] if exchange.calls and exchange.label.trusted else None
    if (
        last is None
        or _ASKS.match(bare.plain)
        or _names_another(known, bare.plain, last.capability)
        or (not inside and _tells_degrees(bare.plain, last.capability))
    ):
        return None
    listed = of_list(last, bare)
    if listed is not None and "list.manage" in known.declared:
        return make_part("list.manage", listed, bare, context, 0.9)
    several = singular(bare)
    if several is not None and last.capability in known.capabilities:
        bare, two = several
        capability = known.capabilities[last.capability]
        last = gathered(_spoken_of(before, context), capability, two=two)
        if last is None:
            return Part(MessageKind.UNKNOWN, question=say.NAME_IT)
    declared = known.declared.get(twin_of(last.capability, bare.plain))
    if declared is None:
        return None
    leaning = lean_on(declared, last, bare, names_in(context), context, same_sentence=inside)
    if leaning is None or leaning.capability not in known.declared:
        return None
    sure = min(0.9, last.confidence)
    part = make_part(leaning.capability, leaning.arguments, bare, context, sure)
    assert part.call is not None
    labels = {name: last.label_of(name) for name in leaning.kept}
    foreign = {name: label for name, label in labels.items() if label != context.label}
    return replace(part, call=msgspec.structs.replace(part.call, labels=foreign))


def _names_another(known: Known, plain: str, last: str) -> bool:
    """Whether a clause orders something of a window by itself, after the lock that windows have."""
    if last != "window.set_child_lock" or not begins_with_verb(plain):
        return False
    best = known.guess(plain)[0]
    return best.name == "window.set" and best.confidence >= 0.9


_OPENED = frozenset({"window.set", "roof.set"})
_DEGREES = regex(r"^(?!.*(?:%|percent|open|half|开|关)).*(?<!\d)(?:1[6-9]|2\d|3[0-2])(?!\d)")


def _tells_degrees(plain: str, last: str) -> bool:
    """Whether places have numbers that are told to the climate, whatever was opened before:
    "driver 21"."""
    return last in _OPENED and bool(find_places(plain)) and _DEGREES.search(plain) is not None


def _spoken_of(before: Sequence[Part], context: Context) -> list[Call]:
    """The calls of the dialogue that the person asked for, this sentence's last."""
    earlier = [call for e in context.exchanges if e.label.trusted for call in e.calls]
    return [*earlier, *(part.call for part in before if part.call is not None)]
