"""An order on "it" after a remark that names it: "my finger is stuck in the window, open it".

`lean.py` knows the pronouns that stand for the thing of a call; here no call came before.
"""

from edgewise.core.regex import regex
from edgewise.think.understanding.courtesy import strip_courtesy
from edgewise.think.understanding.lean import names_nothing
from edgewise.think.understanding.normalise import Normal, is_chinese
from edgewise.think.understanding.things import find_things
from edgewise.think.understanding.zones import find_places

_PRONOUN = regex(r"\b(?:it|this|that|them|these|those)\b|它们?|这[个些]?|那[个些]?")
_EXCEPTS = regex(r"\b(?:except|apart|other than|but|not)\b|n't\b|除|别|不要|没有?(?!关|开|锁)")
_OF_SEAT = regex(r"\b(?:seat|bum|butt|backside)\b(?!.*\b(?:ac|air|cabin)\b)")
_HEATER = regex(r"^((?:please )?(?:turn|switch) (?:(?:on|off|up|down) )?the )heat(?:er|ing)?\b")
"""The heater of whoever has just spoken of a seat."""
_OPENS = frozenset({"window", "roof", "shade", "trunk", "frunk", "door"})
_OPENED = regex(r"^(?:please )?(?:open|close|shut|lock|unlock)\b|打开|关|开")
_SWITCHED = regex(r"^(?:please )?(?:turn|switch|put) (?:\w+ )?(?:on|off)\b|打开|关|开")
"""What is done with the thing must be what can be done with it: nobody turns a window down."""
_PARTICLES = regex(r"(?:吧|了|一下|啊|呀)+$")


def with_thing(clause: Normal, remark: str) -> Normal:
    """The order `clause` with the one thing that `remark` names in the place of its pronoun; the
    clause itself when it names a thing, or the remark names none or several."""
    bare = strip_courtesy(clause)
    if remark and _OF_SEAT.search(remark) and _HEATER.search(bare.plain):
        said = _HEATER.sub(r"\1seat heating", bare.plain)
        return Normal(said, said)
    if not remark or not names_nothing(bare.plain) or _EXCEPTS.search(remark):
        return clause
    things = find_things(remark)
    if len({thing.name for thing in things}) != 1:
        return clause
    thing = things[0]
    fitting = _OPENED if thing.name in _OPENS else _SWITCHED
    if fitting.search(bare.plain) is None:
        return clause
    where = " ".join(remark[p.start : p.end] for p in find_places(remark) if p.end <= thing.start)
    if is_chinese(bare.plain):
        order = _PARTICLES.sub("", _PRONOUN.sub("", bare.plain))
        said = f"{order}{where.replace(' ', '')}{remark[thing.start : thing.end]}"
    else:
        named = f"{where or 'the'} {remark[thing.start : thing.end]}"
        order, pronouns = _PRONOUN.subn(named, bare.plain, count=1)
        said = order if pronouns else f"{order} {named}"
    return Normal(said, said)
