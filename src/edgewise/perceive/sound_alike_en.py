"""English words that sound like what a recogniser wrote: clear mine to do -> clear my to do.

As `sound_alike.py` for Chinese: stretches of words are compared by their sounds with the stretches
of the vocabulary's sentences, and the row of stretches that explains most is taken; whether the
sound agrees is asked of the recognisers afterwards. What sounds the same is spelled as the
vocabulary spells it (favorites, favourites). Sounds are guessed from the letters, which is rough;
words of one sound that the letters do not tell are listed.

A word of direction, side, amount, time or negation (`opposite.py`) never goes, and comes only by
exactly its sound where none was written; a known name neither goes nor comes. Nor does a word go by
which a text asks or tells.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from edgewise.core.regex import regex
from edgewise.core.words import Language
from edgewise.perceive.opposite import deciding_words, stands_in, telling_words
from edgewise.perceive.sound_alike import Alike
from edgewise.perceive.sounded_en import SIGNS, coded, distances, sounds_of

LONGEST = 8
"""Words of a stretch that are spelled anew; of one that is corrected, CORRECTED."""
CORRECTED = 5
SHORTEST = 3
"""Words of a stretch that changes one of them: fewer fit too much."""
_WORD = regex(r"[A-Za-z]+(?:['’][A-Za-z]+)?|\d+(?:[.:]\d+)*")
_MOST_A_SOUND = 0.2
MOST_A_SENTENCE = 0.25
"""The same where it is all that was said."""
_MOST = 2.0
_MOST_OTHERS = 2.5
"""Sounds that only one of two rows has, by the distance that is looked for at most."""
_CAUTION = (1.6, 0.6)
_CHANGED = _MORE_WORDS = 0.2


class Stretch(Struct, frozen=True):
    """A row of words of the vocabulary: as it is spelled, its words, and how usual it is."""

    text: str
    words: tuple[str, ...]
    usual: float


class EnglishAlike:
    """A vocabulary that can be asked for what sounds alike; the English twin of SoundAlike."""

    def __init__(self, words: Iterable[str], names: Iterable[str] = ()) -> None:
        """`names`: those of `words` that are names of people, places, songs."""
        self._names = frozenset(token.lower() for name in names for token in _tokens(name))
        words = tuple(words)
        known = _stretches(words)
        self._spelled: dict[str, list[Stretch]] = {}
        self._exact: dict[tuple[str, ...], Stretch] = {}
        for one in known:
            before = self._exact.get(one.words)
            self._exact[one.words] = one if before is None or one.usual > before.usual else before
            self._spelled.setdefault(sounds_of(one.words), []).append(one)
        whole = {_lowered(word): word for word in words if len(_lowered(word)) > 1}
        self._whole = list(whole.values())
        self._whole_words = np.array([len(one) for one in whole], np.int16)
        self._whole_codes, self._whole_lengths = _rows([coded(sounds_of(one)) for one in whole])
        self._near = [one for one in known if SHORTEST <= len(one.words) <= CORRECTED]
        codes_of = [coded(sounds_of(one.words)) for one in self._near]
        self._lengths = np.array([len(one) for one in codes_of], np.int16)
        self._codes = np.zeros((len(codes_of), int(self._lengths.max(initial=0))), np.int16)
        self._counts = np.zeros((len(SIGNS), len(codes_of)), np.int8)
        for row, codes in enumerate(codes_of):
            self._codes[row, : len(codes)] = codes
            np.add.at(self._counts[:, row], codes, 1)

    def spelled(self, text: str) -> str:
        """The text, what sounds exactly like the vocabulary spelled as the vocabulary spells it."""
        return self._explain(text, near=False)[0].text

    def proposals(self, text: str) -> tuple[Alike, ...]:
        """The text with the words of the vocabulary in it that sound as it does, by what each of
        _CAUTION holds a difference in sound against."""
        return self._explain(text, near=True)

    def sentence(self, text: str) -> str | None:
        """The sentence of the vocabulary of as many words that all of the text sounds like, if any
        does: with a word more or less it would be another."""
        words = _lowered(text)
        codes = coded(sounds_of(words))
        could = np.flatnonzero(self._whole_words == len(words))
        if not len(could) or not len(codes):
            return None
        far = distances(codes, self._whole_codes[could], self._whole_lengths[could])
        best = int(far.argmin())
        if far[best] > MOST_A_SENTENCE * len(codes):
            return None
        return self._whole[int(could[best])]

    def value(self, text: str) -> float:
        """How much of the text, as it stands, the vocabulary explains."""
        words = tuple(token.lower() for token in _tokens(text))
        best = [0.0]
        for end in range(1, len(words) + 1):
            values = [best[-1]]
            for begin in range(max(0, end - LONGEST), end - 1):
                known = self._exact.get(words[begin:end])
                if known is not None:
                    values.append(best[begin] + end - begin - 1 + known.usual)
            best.append(max(values))
        return best[-1]

    def may_stand_for(self, other: str, heard: str) -> bool:
        """Whether another text of the same sound orders the same as what was heard: nothing that
        decides its direction, side, amount or time differs, and no known name; and it still asks
        or tells what was asked or told."""
        if sounds_of(_lowered(other)) == sounds_of(_lowered(heard)):
            return self._keeps(heard, other)
        return self.deciding(heard) == self.deciding(other) and _tells(heard, other)

    def deciding(self, text: str) -> tuple[str, ...]:
        """The words that decide what `text` orders, and then the known names in it."""
        return deciding_words(text, Language.ENGLISH) + self._named(text)

    def _explain(self, text: str, *, near: bool) -> tuple[Alike, ...]:
        """The best row of stretches (Viterbi), for each caution."""
        spans = [match.span() for match in _WORD.finditer(text)]
        words = _lowered(text)
        explained = self._explained(words) if near else frozenset[int]()
        rows = [[Alike("", 0.0)] for _ in _CAUTION]
        for end in range(1, len(words) + 1):
            gap = text[spans[end - 2][1] if end > 1 else 0 : spans[end - 1][0]]
            own = gap + text[slice(*spans[end - 1])]
            best = [Alike(row[-1].text + own, row[-1].value) for row in rows]
            for begin in range(max(0, end - LONGEST), end - 1):
                heard = text[spans[begin][0] : spans[end - 1][1]]
                before = text[spans[begin - 1][1] if begin else 0 : spans[begin][0]]
                wanted = near and not explained.issuperset(range(begin, end))
                for at, found in enumerate(self._found(heard, words[begin:end], near=wanted)):
                    row = rows[at][begin]
                    if found is not None and row.value + found.value > best[at].value:
                        best[at] = Alike(row.text + before + found.text, row.value + found.value)
            for row, one in zip(rows, best, strict=True):
                row.append(one)
        rest = text[spans[-1][1] :] if spans else text
        return tuple(Alike(row[-1].text + rest, row[-1].value) for row in rows)

    def _explained(self, words: tuple[str, ...]) -> frozenset[int]:
        """Which words stand in a stretch of the vocabulary already."""
        return frozenset(
            at
            for begin in range(len(words))
            for end in range(begin + SHORTEST, min(len(words), begin + LONGEST) + 1)
            if words[begin:end] in self._exact
            for at in range(begin, end)
        )

    def _found(self, heard: str, words: tuple[str, ...], *, near: bool) -> Sequence[Alike | None]:
        known = self._exact.get(words)
        if known is not None:
            text = known.text if len(words) >= SHORTEST else heard
            return [Alike(text, len(words) - 1 + known.usual)] * len(_CAUTION)
        sounds = sounds_of(words)
        same = [one for one in self._spelled.get(sounds, ()) if len(one.words) >= SHORTEST]
        same = [one for one in same if self._keeps(heard, one.text)]
        if same:
            best = max(same, key=lambda one: one.usual)
            value = len(best.words) - 1 + best.usual - _CHANGED
            return [Alike(best.text, value)] * len(_CAUTION)
        if near and 1 < len(words) <= CORRECTED + 1:
            return self._nearest(heard, sounds, len(words))
        return [None] * len(_CAUTION)

    def _nearest(self, heard: str, sounds: str, words: int) -> list[Alike | None]:
        codes = coded(sounds)
        most = min(_MOST, _MOST_A_SOUND * len(codes))
        counts = np.bincount(codes, minlength=len(SIGNS)).astype(np.int8)
        signs = np.flatnonzero(counts)
        shared = np.minimum(self._counts[signs], counts[signs, None]).sum(axis=0, dtype=np.int16)
        differ = self._lengths + len(codes) - 2 * shared
        could = np.flatnonzero(differ <= _MOST_OTHERS * most)
        if not len(could):
            return [None] * len(_CAUTION)
        distance = distances(codes, self._codes[could], self._lengths[could])
        best: list[Alike | None] = [None] * len(_CAUTION)
        decide = self.deciding(heard)
        for place in np.argsort(distance)[:8]:
            if distance[place] > most:
                break
            one = self._near[int(could[place])]
            if self.deciding(one.text) != decide or not _tells(heard, one.text):
                continue
            for at, caution in enumerate(_CAUTION):
                value = len(one.words) - 1 + one.usual - _CHANGED
                value -= _MORE_WORDS * max(0, len(one.words) - words)
                value -= caution * float(distance[place])
                held = best[at]
                if held is None or value > held.value:
                    best[at] = Alike(one.text, value)
        return best

    def _keeps(self, heard: str, other: str) -> bool:
        """Whether a text of the same sound has all that decides what was heard, and no other name:
        sounds that are guessed from letters do not tell Bob from Barb."""
        kept, new = (deciding_words(text, Language.ENGLISH) for text in (heard, other))
        if self._named(heard) != self._named(other):
            return False
        return stands_in(kept, new) and _tells(heard, other)

    def _named(self, text: str) -> tuple[str, ...]:
        return tuple(word for word in _lowered(text) if word in self._names)


@lru_cache(maxsize=4)
def english_alike_of(words: tuple[str, ...], names: tuple[str, ...] = ()) -> EnglishAlike:
    """The one for a vocabulary's words."""
    return EnglishAlike(words, names)


def _rows(codes: Sequence[NDArray[np.int16]]) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    """The codes in rows of one length, and how long each is."""
    lengths = np.array([len(one) for one in codes], np.int16)
    rows = np.zeros((len(codes), int(lengths.max(initial=0))), np.int16)
    for row, one in enumerate(codes):
        rows[row, : len(one)] = one
    return rows, lengths


def _tells(heard: str, other: str) -> bool:
    """Whether all by which the one asks or tells stands in the other."""
    told = (telling_words(text, Language.ENGLISH) for text in (heard, other))
    return stands_in(*told)


def _tokens(text: str) -> list[str]:
    return _WORD.findall(text)


def _lowered(text: str) -> tuple[str, ...]:
    return tuple(token.lower().replace("’", "'") for token in _tokens(text))


def _stretches(sentences: Iterable[str]) -> list[Stretch]:
    counted: Counter[tuple[str, tuple[str, ...]]] = Counter()
    for sentence in sentences:
        spans = [match.span() for match in _WORD.finditer(sentence)]
        words = _lowered(sentence)
        for begin in range(len(words)):
            for end in range(begin + 2, min(len(words), begin + LONGEST) + 1):
                text = sentence[spans[begin][0] : spans[end - 1][1]]
                counted[text, words[begin:end]] += 1 + (end - begin == len(words))
    return [
        Stretch(text, words, 0.15 * float(np.log(count)))
        for (text, words), count in counted.items()
    ]
