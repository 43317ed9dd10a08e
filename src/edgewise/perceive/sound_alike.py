"""Chinese words that sound like what a recogniser wrote: 刀行去外摊 -> 导航去外滩.

A recogniser writes some word of the right sound; which one is meant, the vocabulary tells. Each
stretch of a text is compared by its syllables (initial and final, without tone) with the stretches
of the vocabulary's words, and the row of stretches that explains most of it is taken. Whether the
sound agrees is asked of the recogniser's own model afterwards (`whisper.py`); this knows no sound.

Words of direction (开, 关, 锁 and so on) and numbers are never exchanged for others: a mistake
there would do the opposite (`opposite.py`). Where none was written, one comes in only by exactly
its sound. So does a name (whom to call, where to drive), and a name that is known is never
exchanged for another.
"""

from collections import Counter
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import groupby
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from edgewise.core.regex import regex
from edgewise.core.words import Language
from edgewise.perceive.opposite import GUARDED, changes_between, deciding_words

_HAN = regex(r"[\u3400-\u9fff]+")
LONGEST = 8
"""Characters of a stretch."""
_NEAR_INITIALS = (
    "zh z", "ch c", "sh s", "n l", "f h", "b p", "d t", "g k", "j q", "zh ch", "z c", "q x", "sh x",
    "zh j", "ch q", "b d", "l r", "h k", "f w", "m n", "j z", "q c", "x s", "t k", "p t", "h g",
)  # fmt: skip
_NEAR_FINALS = (
    "an ang", "en eng", "in ing", "ian iang", "uan uang", "ian ing", "ai ei", "ao ou", "e en",
    "u ou", "uo u", "uo o", "uo ou", "e uo", "an en", "ang eng", "ai a", "ia a", "ua a", "uang ang",
    "uan an", "i v", "v u", "i ei", "ie ei", "ie e", "ie i", "iu u", "ian in", "un en", "un uan",
    "ong eng", "iong ong", "ui ei", "ui uai", "ia ie", "iao ao", "iao ie", "ve ie", "ian an",
    "iang ang", "e ei", "a e", "i e",
)  # fmt: skip
_NEAR = 0.4
_MOST_A_SYLLABLE = 0.34
_CHANGED = 0.25
_FAR = 2.2


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

    def best(self, text: str) -> Alike:
        """The text with the words of the vocabulary in it that sound as it does."""
        parts: list[str] = []
        value, end = 0.0, 0
        for match in _HAN.finditer(text):
            found = self._explain(match.group())
            parts += [text[end : match.start()], found.text]
            value, end = value + found.value, match.end()
        return Alike("".join(parts) + text[end:], value)

    def value(self, text: str) -> float:
        """How much of the text, as it stands, the vocabulary explains."""
        return sum(self._explain(m.group(), exact=True).value for m in _HAN.finditer(text))

    def may_stand_for(self, other: str, heard: str) -> bool:
        """Whether another text of the same sound orders the same as what was heard: what decides
        its direction, side or amount, and its names, differ by nothing but spelling."""
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

    def _explain(self, text: str, *, exact: bool = False) -> Alike:
        """The best row of stretches for a run of Chinese characters (Viterbi)."""
        far = [_distances(character) for character in text]
        known = self._names.places(text)
        free = [at not in known for at in range(len(text))]
        best: list[tuple[float, str]] = [(0.0, "")]
        for end in range(1, len(text) + 1):
            value, written = best[end - 1]
            choices = [(value, written + text[end - 1])]
            for length, stretches in self._stretches.items():
                if length <= end:
                    begin = end - length
                    said = Said(text[begin:end], far[begin:end], free[begin:end])
                    found = _nearest(said, stretches, exact=exact)
                    if found is not None:
                        value, written = best[begin]
                        choices.append((value + found.value, written + found.text))
            best.append(max(choices, key=lambda one: one[0]))
        return Alike(best[-1][1], best[-1][0])


@lru_cache(maxsize=8)
def alike_of(words: tuple[str, ...], names: tuple[str, ...] = ()) -> SoundAlike:
    """The one for a vocabulary's words; making it takes a fifth of a second."""
    return SoundAlike(words, names)


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


def _nearest(said: Said, known: Stretches, *, exact: bool) -> Alike | None:
    """The stretch that sounds most like `said`, if any is near."""
    length = len(said.text)
    distance = np.zeros(len(known.texts), np.float32)
    for at in range(length):
        distance += said.far[at][known.syllables[:, at]]
    near = np.flatnonzero(distance <= (0.0 if exact else _MOST_A_SYLLABLE * length))
    best: Alike | None = None
    for index in near[np.argsort(distance[near])][:24]:
        text = known.texts[int(index)]
        changed = sum(a != b for a, b in zip(said.text, text, strict=True))
        if changed and (exact or not _may_replace(said, text, known.named[int(index)])):
            continue
        value = length - 1 + float(known.usual[index]) - 2 * float(distance[index])
        value -= _CHANGED * changed
        if best is None or value > best.value:
            best = Alike(text, value)
    return best


def _may_replace(said: Said, text: str, named: frozenset[int]) -> bool:
    return all(
        old == new or (free and _is_near_enough(old, new, at in named))
        for at, (old, new, free) in enumerate(zip(said.text, text, said.free, strict=True))
    )


def _is_near_enough(old: str, new: str, is_name: bool) -> bool:
    """Whether `new`, which sounds about like `old`, may stand for it."""
    return old not in GUARDED and (_is_same_sound(old, new) or not (is_name or new in GUARDED))


def _is_same(old: str, new: str, is_name: bool) -> bool:
    return old == new or _is_near_enough(old, new, is_name)


def _is_same_sound(one: str, other: str) -> bool:
    """The same syllable in one of their readings; tones may differ."""
    return not set(_syllables(one)).isdisjoint(_syllables(other))


def _stretches(words: Iterable[str], names: Names) -> dict[int, Stretches]:
    counted: Counter[tuple[str, tuple[int, ...]]] = Counter()
    named: dict[str, set[int]] = {}
    for word in words:
        for run in _HAN.findall(word):
            spoken = _spoken(run)
            places = names.places(run)
            for begin in range(len(run)):
                for end in range(begin + 2, min(len(run), begin + LONGEST) + 1):
                    counted[run[begin:end], spoken[begin:end]] += 1
                    if here := {at - begin for at in places if begin <= at < end}:
                        named.setdefault(run[begin:end], set()).update(here)
            counted[run, spoken] += 2  # a whole word is worth more than a piece of one
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


_numbers: dict[tuple[str, str], int] = {}
_spellings: list[tuple[str, str]] = []
_MOST_SYLLABLES = 1600


def _number(initial: str, final: str) -> int:
    key = (initial, final)
    if key not in _numbers:
        _numbers[key] = len(_spellings)
        _spellings.append(key)
    return _numbers[key]


def _spoken(run: str) -> tuple[int, ...]:
    """The syllables of a run of characters, each by the reading that its word has."""
    from pypinyin import Style, lazy_pinyin

    initials = lazy_pinyin(run, style=Style.INITIALS, strict=False)
    finals = lazy_pinyin(run, style=Style.FINALS, strict=False)
    return tuple(_number(i, f) for i, f in zip(initials, finals, strict=True))


@lru_cache(maxsize=8192)
def _syllables(character: str) -> tuple[int, ...]:
    """All readings of a character."""
    from pypinyin import Style, pinyin

    found: Any = pinyin(character, style=Style.TONE3, heteronym=True, errors="ignore")
    return tuple({_read(reading) for reading in found[0]}) if found else ()


@cache
def _read(reading: str) -> int:
    from pypinyin.contrib.tone_convert import to_finals, to_initials

    return _number(to_initials(reading, strict=False), to_finals(reading, strict=False))


def _distances(character: str) -> NDArray[np.float32]:
    """How far each syllable is from the nearest reading of a character."""
    readings = _syllables(character)
    if not readings:
        return np.full(_MOST_SYLLABLES, _FAR, np.float32)
    return np.min([_row(one, len(_spellings)) for one in readings], axis=0)


@lru_cache(maxsize=2048)
def _row(syllable: int, known: int) -> NDArray[np.float32]:
    row = np.full(_MOST_SYLLABLES, _FAR, np.float32)
    initial, final = _spellings[syllable]
    for other in range(known):
        first, last = _spellings[other]
        row[other] = _part(initial, first, _near_initials()) + _part(final, last, _near_finals())
    return row


def _part(one: str, other: str, near: frozenset[tuple[str, str]]) -> float:
    if one == other:
        return 0.0
    return _NEAR if (one, other) in near else 1.0


@cache
def _near_initials() -> frozenset[tuple[str, str]]:
    return _both_ways(_NEAR_INITIALS)


@cache
def _near_finals() -> frozenset[tuple[str, str]]:
    return _both_ways(_NEAR_FINALS)


def _both_ways(pairs: Iterable[str]) -> frozenset[tuple[str, str]]:
    split = [tuple(pair.split()) for pair in pairs]
    return frozenset([(a, b) for a, b in split] + [(b, a) for a, b in split])
