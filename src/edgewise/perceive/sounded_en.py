"""How English words sound, roughly, and how far two rows of sounds are from each other. Pure.

Sounds are guessed from the letters and folded over what accents do not keep apart (the r of "lark",
the vowels of "lock" and "talk"); words of one sound that the letters do not tell are listed. Good
enough to find what a recogniser may have meant; not to say that it did.
"""

from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from edgewise.perceive.amounts_en import TEENS, UNITS
from edgewise.sound.letters_en import sounds_of_letters

_ONE_SOUND = """buy by bye|hear here|mail male|brake break|route root|our hour|their there they're|
its it's|your you're|weather whether|know no|new knew|see sea|week weak|wait weight|meet meat|
plane plain|read red|sale sail|song sung|sum some|sun son|tale tail|waist waste|wear where|
would wood|write right rite|won one|to too two|for four fore|ate eight|mum mom|tire tyre|
center centre|program programme"""
_SAME = {
    word: group.split()[0]
    for group in _ONE_SOUND.replace("\n", "").split("|")
    for word in group.split()
}
_NUMBERS = {
    word: str(value) for word, value in ({"zero": 0} | UNITS | TEENS).items() if value <= 12
}
_FOLDED = {
    "ɔ": "ɑ", "ɒ": "ɑ", "ʌ": "ə", "ᵊ": "ə", "ɪ": "i", "ᵻ": "i", "ɜ": "ə", "ɾ": "t", "ɡ": "g",
    "ʊ": "u", "ɐ": "ə",
}  # fmt: skip
_VOWELS = "AIOQWYaeiouæɛɑə"
SIGNS = {
    sign: code for code, sign in enumerate(f" {_VOWELS}bcdfghjklmnpqrstvwxyzðŋɹʃʒʤʧθ#0123456789.:'")
}
_NEAR_PAIRS = """pb td kg fv sz ʃʒ ʧʤ θð θf θt ðd sθ mn nŋ ʃs ʧʃ vb lɹ wv zʒ tk pt vð wl jʤ"""
LEAST_COST = 0.4
"""Of a vowel for another, or a consonant for its neighbour."""
_WEAK, _WEAK_COST = "əihɹ", 0.4
_LOST_COST = 0.8
"""Of a sound more or less; less where it is weak."""


def sounds_of(words: tuple[str, ...]) -> str:
    """The sounds of small-letter words, one sign each, without bounds between words; a number is
    itself."""
    return "".join(map(_sound, words))


def coded(sounds: str) -> NDArray[np.int16]:
    """A number for each sound."""
    return np.array([SIGNS.get(sign, 0) for sign in sounds], np.int16)


def distances(
    one: NDArray[np.int16], others: NDArray[np.int16], lengths: NDArray[np.int16]
) -> NDArray[np.float32]:
    """How far (weighted edits) a row of sounds is from each of (n, longest) others."""
    swap, lost = _costs()
    row = np.zeros((len(others), others.shape[1] + 1), np.float32)
    row[:, 1:] = np.cumsum(lost[others], axis=1)
    for sound in one:
        before, row = row, np.empty_like(row)
        row[:, 0] = before[:, 0] + lost[sound]
        changed = np.minimum(before[:, :-1] + swap[sound][others], before[:, 1:] + lost[sound])
        for at in range(others.shape[1]):
            row[:, at + 1] = np.minimum(changed[:, at], row[:, at] + lost[others[:, at]])
    return row[np.arange(len(others)), lengths]


@lru_cache(maxsize=8192)
def _sound(word: str) -> str:
    if word[0].isdigit() or word in _NUMBERS:
        return f"#{_NUMBERS.get(word, word)}#"
    spelled = _SAME.get(word, word).replace("'", "")
    signs = (_FOLDED.get(sign, sign) for sign in sounds_of_letters(spelled) if sign not in "ˈˌ")
    kept = "".join(signs)
    pairs = [*pairwise(kept), (kept[-1:], " ")]
    return "".join(a for a, b in pairs if a != b and not (a == "ɹ" and b not in _VOWELS))


@lru_cache(maxsize=1)
def _costs() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Of one sound for another, and of one too many or too few."""
    swap = np.ones((len(SIGNS), len(SIGNS)), np.float32)
    near = [(a, b) for a in _VOWELS for b in _VOWELS] + [tuple(p) for p in _NEAR_PAIRS.split()]
    for a, b in near:
        swap[SIGNS[a], SIGNS[b]] = swap[SIGNS[b], SIGNS[a]] = LEAST_COST
    np.fill_diagonal(swap, 0.0)
    lost = np.full(len(SIGNS), _LOST_COST, np.float32)
    lost[[SIGNS[sign] for sign in _WEAK]] = _WEAK_COST
    return swap, lost
