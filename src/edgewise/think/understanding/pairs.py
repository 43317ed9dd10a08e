"""Sentences of nothing but things, each with its verb before it or its state behind it.

开车窗|把蓝牙关闭, 空调关|窗户开, "window open|ac off", 把大灯和雾灯都关掉: such a sentence is read
from left to right and falls into one clause for each thing, in a list with the verb or the state
that all of it has. One that holds anything else is left to the other rules: between two things a
verb could belong to either.
"""

import re
from dataclasses import dataclass

from edgewise.core.regex import regex
from edgewise.think.understanding.normalise import Normal, is_chinese
from edgewise.think.understanding.things import PLACES_ZH, Thing, find_things

_LEAD = regex(
    r"(?:请|帮我|给我|麻烦你?|我要|我想|我|顺便|然后再?|再|并且|并|还有|同时|和|跟|也|[ ,])*"
)
_TAKE = regex(r"(?:把|将)?")
_VERB = regex(r"打开|开启|启动|关闭|关掉|关上|关了|开(?!着)|关")
_WHERE = regex(rf"(?:{PLACES_ZH}|我这边|的)*")
_STATE = regex(
    r"(?:[开关锁亮]?着(?:吧|就行|就好)?|(?:都|全|给我)*别?(?:打开|开启|关闭|关上|关掉|[开关])(?:一?下)?(?:了|吧|啊)*)"
)
_AND = regex(r" ?(?:和|跟|与|及|以及|、|还有) ?")
_PARTICLE = regex(r"(?:一下|了|吧)*")
_ALL = regex(r"都|全")
_LEAD_EN = regex(r"(?:(?:and|then|the|my|all|please)\b|[ ,])*")
_STATE_EN = regex(r" (?:on|off|open|opened|closed|shut)\b")


@dataclass(frozen=True, slots=True)
class _Unit:
    """Things from `start` to `end` with what stands before and behind all of them."""

    start: int
    end: int
    things: tuple[Thing, ...]
    verb: tuple[int, int] = (0, 0)
    state: tuple[int, int] = (0, 0)


def pairs(said: Normal) -> list[Normal]:
    """One clause for each thing; empty for a sentence that is not all pairs, or a single one."""
    things = {thing.start: thing for thing in find_things(said.plain)}
    if len(things) < 2:
        return []
    chinese = is_chinese(said.plain)
    read, lead = (_unit, _LEAD) if chinese else (_unit_en, _LEAD_EN)
    found: list[Normal] = []
    at = 0
    while at < len(said.plain.rstrip(" ,.!")):
        unit = read(said.plain, _end(lead, said.plain, at), things)
        if unit is None:
            return []
        found += _clauses(said, unit)
        at = unit.end
    return found if len(found) > 1 else []


def _clauses(said: Normal, unit: _Unit) -> list[Normal]:
    """The unit as it stands if it is about one thing; else each thing with its verb or state."""
    if len(unit.things) == 1:
        return [said.cut(unit.start, unit.end)]
    made: list[Normal] = []
    for thing in unit.things:
        parts = (unit.verb, (thing.start, thing.end), unit.state)
        text, plain = ("".join(form[a:b] for a, b in parts) for form in (said.text, said.plain))
        skipped = re.sub(r"都|全(?=[打开关])", "", plain)
        made.append(Normal(text if skipped == plain else skipped, skipped))
    return made


def _unit(plain: str, at: int, things: dict[int, Thing]) -> _Unit | None:
    """What begins at `at`: a verb with things, or things with their state; None for neither."""
    taken = _end(_TAKE, plain, at)
    verb = _VERB.match(plain, at) if taken == at else None
    begin = verb.end() if verb else taken
    first = things.get(_end(_WHERE, plain, begin))
    if first is None:
        return None
    several = _several(plain, first, things) if first.start == begin else (first,)
    last = several[-1]
    state = _STATE.match(plain, last.end)
    if verb and state and state.group() and state.end() == len(plain):
        several = several[:1]  # 打开雨刮|和氛围灯关了: the last has a state of its own
        last = first
    if verb:
        return _Unit(at, _end(_PARTICLE, plain, last.end), several, verb.span())
    if state is None or not state.group():
        return None
    return _Unit(at, state.end(), several, (0, 0), state.span())


def _several(plain: str, first: Thing, things: dict[int, Thing]) -> tuple[Thing, ...]:
    """The things of a list: joined by a word, or side by side before one that says "all"."""
    found = [first]
    while True:
        joined = _AND.match(plain, found[-1].end)
        other = things.get(joined.end() if joined else found[-1].end)
        if other is None or (joined is None and not _says_all(plain, other, things)):
            return tuple(found)
        if joined and _STATE.match(plain, found[-1].end):
            return tuple(found)
        found.append(other)


def _says_all(plain: str, thing: Thing, things: dict[int, Thing]) -> bool:
    """Whether things stand side by side up to a word for all of them."""
    while (following := things.get(thing.end)) is not None:
        thing = following
    return _ALL.match(plain, thing.end) is not None


def _unit_en(plain: str, at: int, things: dict[int, Thing]) -> _Unit | None:
    thing = things.get(at)
    state = _STATE_EN.match(plain, thing.end) if thing else None
    return _Unit(at, state.end(), (thing,), (0, 0), state.span()) if state and thing else None


def _end(pattern: re.Pattern[str], plain: str, at: int) -> int:
    match = pattern.match(plain, at)
    return match.end() if match else at
