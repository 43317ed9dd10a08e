"""Chinese words that sound like what a recogniser wrote: 刀行去外摊 -> 导航去外滩.

A recogniser writes some word of the right sound; which one is meant, the vocabulary tells. Each
stretch of a text is compared by its syllables (initial and final, without tone) with the stretches
of the vocabulary's words, and the row of stretches that explains most of it is taken. Whether the
sound agrees is asked of the recogniser's own model afterwards (`whisper.py`); this knows no sound.

Words of direction (开, 关, 锁 and so on) and numbers are never exchanged for others: a mistake
there would do the opposite (`opposite.py`). Where none was written, one comes in only by exactly
its sound. So does a name (whom to call, where to drive), and a name that is known is never
exchanged for another, nor is a word by which a text asks or tells (谁, 吗, 昨天).
"""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from edgewise.core.regex import regex
from edgewise.core.words import Language
from edgewise.perceive.opposite import (
    GUARDED,
    changes_between,
    deciding_words,
    stands_in,
    telling_places,
    telling_words,
)
from edgewise.perceive.sounded_zh import distances, spoken, syllables

_HAN = regex(r"[\u3400-\u9fff]+")
LONGEST = 8
"""Characters of a stretch."""
_BEFORE_AMOUNT = "第到为成加减大小多少约用"
_COUNTED = "个点度档级挡条座张位次下分秒小时天周公里米千百万元块样些首部通层半刻刀种件号月日年直"
_MOST_A_SYLLABLE = 0.34
_CAUTION = (2.0, 0.7)
"""What a unit of distance costs."""
_CHANGED = 0.25


class Alike(Struct, frozen=True):
    """A text, and how much of it the vocabulary explains."""

    text: str
    value: float


class Stretches(Struct, frozen=True):
    """All stretches of one length: their characters, syllables (n, length), how usual, and which
    of their characters are of a name."""

    texts: list[str]
    syllables: NDArray[np.int16]
    usual: NDArray[np.float32]
    named: list[frozenset[int]]


class SoundAlike:
    """A vocabulary that can be asked for what sounds alike."""

    def __init__(self, words: Iterable[str], names: Iterable[str] = ()) -> None:
        """`names`: those of `words` that are names of people, places, songs."""
        self._names = Names(names)
        self._stretches = _stretches(words, self._names)
        self._usual = {length: _usual(known) for length, known in self._stretches.items()}

    def best(self, text: str) -> Alike:
        """The text with the words of the vocabulary in it that sound as it does."""
        return self.proposals(text)[0]

    def proposals(self, text: str) -> tuple[Alike, ...]:
        """The same by what each of _CAUTION holds a difference in sound against: the bolder ones
        are for who can ask the sound itself afterwards."""
        parts = ["" for _ in _CAUTION]
        values = [0.0 for _ in _CAUTION]
        end = 0
        for match in _HAN.finditer(text):
            for at, found in enumerate(self._explain(match.group())):
                parts[at] += text[end : match.start()] + found.text
                values[at] += found.value
            end = match.end()
        return tuple(map(Alike, (part + text[end:] for part in parts), values))

    def value(self, text: str) -> float:
        """How much of the text, as it stands, the vocabulary explains."""
        return sum(self._worth(match.group()) for match in _HAN.finditer(text))

    def sound(self, text: str) -> str:
        """How it sounds, without tones: texts of one sound are no matter of hearing."""
        from pypinyin import lazy_pinyin

        return " ".join(lazy_pinyin(text))

    def may_stand_for(self, other: str, heard: str) -> bool:
        """Whether another text of the same sound orders the same as what was heard: what decides
        its direction, side or amount, and its names, differ by nothing but spelling; and it still
        asks or tells what was asked or told."""
        told = (telling_words(text, Language.CHINESE) for text in (heard, other))
        if not stands_in(*told):
            return False
        known, kept = self._names.places(heard), self._names.pieces(other)
        for begin, end, first, last in changes_between(heard, other):
            old, new = heard[begin:end], other[first:last]
            if known & set(range(begin, end)):
                return False
            pairs = list(zip(old, new, range(first, last), strict=False))
            if len(old) == len(new) and all(_is_same(a, b, at in kept) for a, b, at in pairs):
                continue
            named = kept & set(range(first, last))
            decide = [deciding_words(text, Language.CHINESE) for text in (old, new)]
            if named or decide[0] != decide[1]:
                return False
        return True

    def _explain(self, text: str) -> list[Alike]:
        """The best row of stretches for a run of Chinese characters (Viterbi), for each caution."""
        far = [distances(character) for character in text]
        known = self._names.places(text) | telling_places(text)
        free = [at not in known and _may_go(text, at) for at in range(len(text))]
        rows = [[Alike("", 0.0)] for _ in _CAUTION]
        for end in range(1, len(text) + 1):
            best = [Alike(row[-1].text + text[end - 1], row[-1].value) for row in rows]
            for length, stretches in self._stretches.items():
                if length > end:
                    continue
                begin = end - length
                said = Said(text[begin:end], far[begin:end], free[begin:end])
                for at, found in enumerate(_nearest(said, stretches)):
                    before = rows[at][begin]
                    if found is not None and before.value + found.value > best[at].value:
                        best[at] = Alike(before.text + found.text, before.value + found.value)
            for row, one in zip(rows, best, strict=True):
                row.append(one)
        return [row[-1] for row in rows]

    def _worth(self, text: str) -> float:
        """The value of the best row of stretches that are written just so."""
        best = [0.0]
        for end in range(1, len(text) + 1):
            values = [best[-1]]
            for length, usual in self._usual.items():
                if length <= end and (own := usual.get(text[end - length : end])) is not None:
                    values.append(best[end - length] + length - 1 + own)
            best.append(max(values))
        return best[-1]


@lru_cache(maxsize=8)
def alike_of(words: tuple[str, ...], names: tuple[str, ...] = ()) -> SoundAlike:
    """The one for a vocabulary's words; making it takes a fifth of a second."""
    return SoundAlike(words, names)


def is_same_sound(one: str, other: str) -> bool:
    """The same syllable in one of their readings; tones may differ."""
    return not set(syllables(one)).isdisjoint(syllables(other))


class Names:
    """The names that are known, to be found in a text."""

    def __init__(self, names: Iterable[str]) -> None:
        whole = {run for name in names for run in _HAN.findall(name) if len(run) > 1}
        self._lengths = sorted({len(name) for name in whole})
        self._whole = whole
        self._pairs = {name[at : at + 2] for name in whole for at in range(len(name) - 1)}

    def places(self, text: str) -> frozenset[int]:
        """Where in `text` a name stands."""
        return _covered(text, self._whole, self._lengths)

    def pieces(self, text: str) -> frozenset[int]:
        """Where in `text` a name or a piece of one stands."""
        return _covered(text, self._pairs, [2])


def _covered(text: str, known: set[str], lengths: list[int]) -> frozenset[int]:
    return frozenset(
        at
        for length in lengths
        for begin in range(len(text) - length + 1)
        if text[begin : begin + length] in known
        for at in range(begin, begin + length)
    )


class Said(Struct, frozen=True):
    """A stretch of what was heard: how far its characters are from each syllable, and which of
    them may be replaced."""

    text: str
    far: list[NDArray[np.float32]]
    free: list[bool]


def _nearest(said: Said, known: Stretches) -> list[Alike | None]:
    """The stretch that sounds most like `said`, if any is near, for each caution."""
    length = len(said.text)
    distance = np.zeros(len(known.texts), np.float32)
    for at in range(length):
        distance += said.far[at][known.syllables[:, at]]
    near = np.flatnonzero(distance <= _MOST_A_SYLLABLE * length)
    best: list[Alike | None] = [None for _ in _CAUTION]
    for index in near[np.argsort(distance[near])][:24]:
        text = known.texts[int(index)]
        changed = sum(a != b for a, b in zip(said.text, text, strict=True))
        if changed and not _may_replace(said, text, known.named[int(index)]):
            continue
        kept = length - 1 + float(known.usual[index]) - _CHANGED * changed
        for at, caution in enumerate(_CAUTION):
            value = kept - caution * float(distance[index])
            before = best[at]
            if before is None or value > before.value:
                best[at] = Alike(text, value)
    return best


def _usual(known: Stretches) -> dict[str, float]:
    """How usual each stretch is, in its most usual reading."""
    found: dict[str, float] = {}
    for text, usual in zip(known.texts, known.usual, strict=True):
        found[text] = max(found.get(text, 0.0), float(usual))
    return found


def _may_replace(said: Said, text: str, named: frozenset[int]) -> bool:
    return all(
        old == new or (free and _may_come(old, new, at in named))
        for at, (old, new, free) in enumerate(zip(said.text, text, said.free, strict=True))
    )


def _may_go(text: str, at: int) -> bool:
    """Whether the character there decides nothing. 一 is often written for 椅 and 以: it is an
    amount only beside other numbers, before what is counted and behind what is set to it."""
    if text[at] != "一":
        return text[at] not in GUARDED
    before, behind = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    return bool(before and behind) and not (
        before in _BEFORE_AMOUNT or behind in _COUNTED or before in GUARDED or behind in GUARDED
    )


def _may_come(old: str, new: str, is_name: bool) -> bool:
    """Whether `new` may stand for `old`, which decides nothing or is an 一 that is no amount."""
    return is_same_sound(old, new) or not (is_name or new in GUARDED or old in GUARDED)


def _is_same(old: str, new: str, is_name: bool) -> bool:
    """Whether `new`, which sounds about like `old`, is it or may stand for it."""
    return old == new or (old not in GUARDED and _may_come(old, new, is_name))


def _stretches(words: Iterable[str], names: Names) -> dict[int, Stretches]:
    counted: Counter[tuple[str, tuple[int, ...]]] = Counter()
    named: dict[str, set[int]] = {}
    for word in words:
        for run in _HAN.findall(word):
            said = spoken(run)
            places = names.places(run)
            for begin in range(len(run)):
                for end in range(begin + 2, min(len(run), begin + LONGEST) + 1):
                    counted[run[begin:end], said[begin:end]] += 1
                    if here := {at - begin for at in places if begin <= at < end}:
                        named.setdefault(run[begin:end], set()).update(here)
            counted[run, said] += 2  # a whole word is worth more than a piece of one
    ordered = sorted(
        (one for one in counted.items() if 2 <= len(one[0][0]) <= LONGEST),
        key=lambda one: len(one[0][0]),
    )
    found: dict[int, Stretches] = {}
    for length, group in groupby(ordered, key=lambda one: len(one[0][0])):
        rows = list(group)
        found[length] = Stretches(
            [text for (text, _), _ in rows],
            np.array([spoken for (_, spoken), _ in rows], np.int16),
            np.array([0.15 * np.log(count) for _, count in rows], np.float32),
            [frozenset(named.get(text, ())) for (text, _), _ in rows],
        )
    return found
