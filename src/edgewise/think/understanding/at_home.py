"""What a clause comes to on a device that knows a home by its names.

What the grammar of homes reads whole (`home.py`) comes before the trained model. A clause that
names a thing or a room of the home and that it does not read whole is read without the words that
mean nothing to a home, if the model takes it for such an order.
"""

from dataclasses import replace

from edgewise.core.regex import regex
from edgewise.core.thought import Context, MessageKind
from edgewise.think.understanding import words as say
from edgewise.think.understanding.home import (
    CONTROL,
    SURE,
    is_car_part,
    names_home,
    read_home,
)
from edgewise.think.understanding.join import Part, make_part
from edgewise.think.understanding.kind import is_conditional, is_reported
from edgewise.think.understanding.known import Known
from edgewise.think.understanding.normalise import Normal, normalise
from edgewise.think.understanding.remark import is_remark

SURE_OF_HOME = 0.5
_LIKE_HOME = ("home.", "light.", "door.", "window.", "roof.", "climate.", "vehicle.", "fragrance")
"""Families whose things a home has as well."""
_EXCEPT = regex(
    r"\b(?:but|except\w*|besides|apart|aside|other than|minus|save for|exclud\w+|exception)\b"
    r"|\b(?:unless|until|instead|rather|without|not|never|no|none|nobody|nothing|neither|nor)\b|n't\b"
    r"|\b(?:forget|forgot|avoid|refuse|stop|should|must|ought|might|may|shall|will)\b"
    r"|\b(?:did|does|has|had|was|were|always|usually)\b"
    r"|^(?:the |my |our |a )?(?!you\b|i\b|we\b)[a-z]+ (?:can|could|would|needs? to|wants? to)\b"
    r"|除|以外|之外|不|别|勿|莫|休想|禁|忘|没|无需|已经|昨|应该|必须|可能|也许"
)
"""What changes an order, so that it is not read by its other words alone."""
_GUARDS = regex(r"\b(?:un)?lock|\bdoor|\bgate|\bgarage|\bopen|\bclose|\bshut|锁|门|开窗|窗")
"""What lets somebody in is read word by word."""


def home_parts(
    known: Known, clause: Normal, context: Context, *, loosely: bool = False
) -> list[Part]:
    """What a clause asks of the home that the device knows; empty when it asks nothing of it."""
    meant = read_home(clause, context.home, known.capabilities, loosely=loosely)
    if meant is None:
        return []
    if isinstance(meant, Part):
        return [replace(meant, clause=clause.text)]
    return [
        make_part(name, arguments, clause, context, SURE, kind=kind)
        for kind, name, arguments in meant
    ]


def meant_for_home(known: Known, clause: Normal, whole: Normal, context: Context) -> Part | None:
    """What a clause that names a thing or a room of the home asks of it, if the model takes it for
    an order or question of that kind: its other words are passed over."""
    if not names_home(clause.plain, context.home) or is_remark(clause.text):
        return None
    plain = clause.plain
    if (
        _EXCEPT.search(plain)
        or _GUARDS.search(plain)
        or is_conditional(plain)
        or is_reported(plain)
    ):
        return None
    best = known.model.guess(clause.plain, whole.plain)[0]
    if best.confidence < SURE_OF_HOME or not best.name.startswith(_LIKE_HOME):
        return None
    parts = home_parts(known, clause, context, loosely=True)
    return parts[0] if len(parts) == 1 else None


def beside_home(part: Part, known: Known, context: Context) -> Part:
    """A call that was guessed from words of the home is none of the car's or device's, and none on
    it that was not read word by word."""
    call = part.call
    if context.home is None or call is None or part.kind is not MessageKind.COMMAND:
        return part
    capability = known.capabilities[call.capability]
    own = is_car_part(capability) or capability.family == "device"
    of_car = own and names_home(normalise(call.clause).plain, context.home)
    if of_car or call.capability == CONTROL:
        return Part(MessageKind.UNKNOWN, None, say.UNCLEAR, part.alternatives, part.confidence)
    return part
