"""How Chinese characters sound, by their syllables without tones, and how far two are apart.

A syllable is its initial and its final; each pair that speakers or recognisers often take for one
another is near. A character with several readings counts by the nearest. Needs pypinyin.
"""

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
_FAR = 2.2
_numbers: dict[tuple[str, str], int] = {}
_spellings: list[tuple[str, str]] = []
_MOST_SYLLABLES = 1600


def spoken(run: str) -> tuple[int, ...]:
    """The syllables of a run of characters, each by the reading that its word has."""
    from pypinyin import Style, lazy_pinyin

    initials = lazy_pinyin(run, style=Style.INITIALS, strict=False)
    finals = lazy_pinyin(run, style=Style.FINALS, strict=False)
    return tuple(_number(i, f) for i, f in zip(initials, finals, strict=True))


@lru_cache(maxsize=8192)
def syllables(character: str) -> tuple[int, ...]:
    """All readings of a character."""
    from pypinyin import Style, pinyin

    found: Any = pinyin(character, style=Style.TONE3, heteronym=True, errors="ignore")
    return tuple({_read(reading) for reading in found[0]}) if found else ()


def distances(character: str) -> NDArray[np.float32]:
    """How far each syllable is from the nearest reading of a character."""
    readings = syllables(character)
    if not readings:
        return np.full(_MOST_SYLLABLES, _FAR, np.float32)
    return np.min([_row(one, len(_spellings)) for one in readings], axis=0)


def _number(initial: str, final: str) -> int:
    key = (initial, final)
    if key not in _numbers:
        _numbers[key] = len(_spellings)
        _spellings.append(key)
    return _numbers[key]


@cache
def _read(reading: str) -> int:
    from pypinyin.contrib.tone_convert import to_finals, to_initials

    return _number(to_initials(reading, strict=False), to_finals(reading, strict=False))


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
