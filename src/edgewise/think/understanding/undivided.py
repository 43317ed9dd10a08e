"""What only rules cut apart and is one order: "find and play X", "rate Who Goes There? 4 stars".

The clauses of an English sentence between two places where the command model saw an order begin are
taken together again where it surely reads them as one thing that a part of them would not be.
"""

from collections.abc import Sequence
from itertools import pairwise

from edgewise.core.regex import regex
from edgewise.think.understanding.command_model import NONE, UNEXPOSED
from edgewise.think.understanding.known import Known
from edgewise.think.understanding.normalise import Normal
from edgewise.think.understanding.numbers import find_numbers
from edgewise.think.understanding.things import find_things
from edgewise.think.understanding.verbs import VERB_EN

SURE_OF_ONE, SURE_OF_NAMES, SURE_OF_PART = 0.95, 0.75, 0.6
"""From the first the whole is one order, from the second if it holds a name; from the third a part
is an order of its own."""
_LINK = 12
"""Characters of the words that join two orders ("and then also")."""
_NEVER_WHOLE = (NONE, UNEXPOSED)
_IN_AN_APP = frozenset({("media.play", "app.open"), ("service.book", "app.open")})
"""What an app is opened for: "open iTunes and play ..." is one wish."""
_HOLDS_NAMES = frozenset({"media.play", "media.library_edit", "service.book"})
_ASKS_ITSELF = regex(
    rf"(?:(?:please|also|now|just|and|then) )*(?:{VERB_EN}|i|we|what|who|where|when|how|which|is"
    r"|are|do|does|will|can|could|would|any|it|that|this|no|not|but|if)\b"
)
"""How an order or a question of its own begins, and no name."""
_LEFT = regex(r"[ ,]*(?:\b(?:and|then|also)[ ,]*)*$")


def undivided(known: Known, whole: Normal, clauses: list[Normal]) -> list[Normal]:
    """The clauses of `whole`, those taken together that are one order."""
    if len(clauses) < 2 or not whole.plain.isascii():
        return clauses
    groups = _between_beginnings(known, whole, clauses)
    if not groups:
        return clauses
    found: list[Normal] = []
    for (start, group), (stop, _) in pairwise([*groups, (len(whole.plain), [])]):
        together = _without_link(whole.cut(start, stop))
        found += [together] if _is_one(known, together, group) else group
    return found


def _between_beginnings(
    known: Known, whole: Normal, clauses: Sequence[Normal]
) -> list[tuple[int, list[Normal]]]:
    """The clauses in groups, each with its place; a group begins where the model saw an order
    begin. None where a clause does not stand in the text as it is."""
    begins = known.model.see(whole.plain).begins
    groups: list[tuple[int, list[Normal]]] = []
    end = 0
    for clause in clauses:
        at = whole.plain.find(clause.plain, end)
        if at < 0:
            return []
        if not groups or any(at - _LINK <= begin <= at for begin in begins):
            groups.append((at, []))
        groups[-1][1].append(clause)
        end = at + len(clause.plain)
    return groups


def _is_one(known: Known, together: Normal, clauses: Sequence[Normal]) -> bool:
    """Whether clauses surely ask for one thing that a part of them would not."""
    if len(clauses) < 2:
        return False
    best = known.model.guess(together.plain)[0]
    own = any(_is_own(clause.plain) for clause in clauses[1:])
    if best.confidence >= SURE_OF_NAMES and best.name in _HOLDS_NAMES and not own:
        return True
    if best.confidence < SURE_OF_ONE or best.name in _NEVER_WHOLE:
        return False
    others = [g for c in clauses if (g := known.guess(c.plain)[0]).name != best.name]
    surely = any(
        guess.confidence >= SURE_OF_PART and (best.name, guess.name) not in _IN_AN_APP
        for guess in others
    )
    return bool(others) and not surely


def _is_own(plain: str) -> bool:
    """Whether a clause begins as an order or question, names a thing of the device or an amount."""
    amount = any(number.unit and number.unit != "count" for number in find_numbers(plain))
    named = find_things(plain) or _OF_DEVICE.search(plain)
    return bool(_ASKS_ITSELF.match(plain) or named) or (amount and not _RATED.search(plain))


_OF_DEVICE = regex(r"\b(?:navigat\w+|directions|route|home|temperature|cruise|mode)\b")
_RATED = regex(r"\bstars?\b|\bpoints?\b|\bout of\b")


def _without_link(said: Normal) -> Normal:
    """The text without a comma or a joining word that was left at its end."""
    end = _LEFT.search(said.plain)
    return said.cut(0, end.start()) if end else said
