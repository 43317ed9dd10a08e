"""Two things after one verb: "turn off the massage and sport mode", 关闭按摩和运动模式.

`things` takes apart what its table names; here the command model is asked whether one of the two is,
with the verb before it, another order than the clause was read as. It only ever adds a clause for
words that the call would have dropped in silence.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

from edgewise.core.regex import regex
from edgewise.think.understanding.clauses import holds_free_text
from edgewise.think.understanding.command_model import NONE
from edgewise.think.understanding.courtesy import strip_courtesy
from edgewise.think.understanding.guards import acts_on_car
from edgewise.think.understanding.known import Known
from edgewise.think.understanding.normalise import Normal
from edgewise.think.understanding.zones import find_places

_SHARED = regex(
    r"^(?:please |just |and |then )*(?P<verb>(?:turn|switch) (?:on|off|up|down)|open|close|shut|lock|unlock|start|stop|enable|disable|activate|deactivate)"
    r" (?P<one>[a-z' -]{3,40}?) and (?P<two>(?:the |my |all )?[a-z' -]{3,30})$"
    r"|^(?:请|帮我|给我)*(?P<verb_zh>打开|开启|启动|关闭|关掉|关上|停止)(?P<one_zh>[\u4e00-\u9fff]{2,12}?)(?:和|跟|与|及|、)(?P<two_zh>[\u4e00-\u9fff]{2,8})$"
)
LIKELY, SURE = 0.4, 0.9
"""From the first the person is told that the second thing is left out, from the second it is done."""


def other_thing(known: Known, clause: Normal, read_as: str) -> tuple[Normal, bool] | None:
    """The order that one of two things of `clause` makes with its verb, where that is likely
    another function than `read_as`, the one that the clause was read as; and whether it is the
    first of the two."""
    clause = strip_courtesy(clause)
    match = _SHARED.match(clause.plain.rstrip(" .!?"))
    if match is None or holds_free_text(clause.plain):
        return None
    tail, between = ("", " ") if match["verb"] else ("_zh", "")
    verb = match.span("verb" + tail)
    for thing in (match.span("two" + tail), match.span("one" + tail)):
        plain, text = (
            between.join(of[start:end] for start, end in (verb, thing))
            for of in (clause.plain, clause.text)
        )
        if _is_place(clause.plain[slice(*thing)]):
            continue
        best = known.guess(plain)[0]
        if best.name not in (read_as, NONE) and best.confidence >= LIKELY:
            return Normal(text, plain), thing == match.span("one" + tail)
    return None


_SOMEBODYS = regex(
    r"(?<!for me )\band (?:hers|his|theirs|(?:my|our|the) (?:wife|husband|son|daughter|mom|dad|mother|father|friend|baby|kid)(?:'s)?)(?: (?:to|at|too|as)\b.*)?$"
)


def for_somebody_else(clause: Normal) -> Normal | None:
    """What a clause wants for a second person, of whom nobody knows where he sits: "and hers"."""
    match = _SOMEBODYS.search(clause.plain)
    return clause.cut(match.start() + len("and "), match.end()) if match else None


def _is_place(words: str) -> bool:
    """Whether nothing but places is named: "the left and right" are one thing's."""
    bare = words
    for place in reversed(find_places(words)):
        bare = bare[: place.start] + bare[place.end :]
    return not _SMALL.sub("", bare)


_SMALL = regex(r"\b(?:the|my|on|left|right|front|rear|back|side)\b|[ 的边侧左右前后]")


def is_sure(known: Known, order: Normal) -> bool:
    """Whether the second order may be carried out and not only be named as left out."""
    if known.example_of(order.plain):
        return True
    best = known.guess(order.plain)[0]
    capability = known.capabilities.get(best.name)
    if capability is None or best.confidence < SURE:
        return False
    return acts_on_car(capability) or capability.family in ("device", "drive", "adas")
