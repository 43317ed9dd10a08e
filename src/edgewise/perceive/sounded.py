"""Words as they sound, so that two spellings of one sound are the same: what a recogniser writes is
compared with what was meant or said.

English words are their lower-case letters; a Chinese character is its syllable without the tone and
without what speakers of many regions do not tell apart (zh/z, ch/c, sh/s, l/n, -ng/-n). A character
with several readings counts by the likeliest. Needs pypinyin for Chinese (extra `speak`).
"""

import re
from collections.abc import Sequence

from msgspec import Struct

from edgewise.sound.missing import missing_package

_PIECE = re.compile(r"[一-鿿]+|[a-z0-9]+(?:['’][a-z]+)?", re.IGNORECASE)
_ALIKE = ((r"^([zcs])h", r"\1"), (r"^l", "n"), (r"ng$", "n"))


class Sound(Struct, frozen=True):
    """A word or syllable as it sounds, and where its text ends in what it was made from."""

    sound: str
    end: int


def sounds_of(text: str) -> list[Sound]:
    """The words and syllables of `text`, in order; punctuation and spaces are no sound.

    Raises ModelError (`missing_package`) where there is Chinese and no pypinyin.
    """
    found: list[Sound] = []
    for piece in _PIECE.finditer(text):
        word = piece.group()
        if "一" <= word[0] <= "鿿":
            syllables = _syllables(word)
            found += [Sound(one, piece.start() + n + 1) for n, one in enumerate(syllables)]
        else:
            letters = re.sub(r"['’]", "", word.lower())
            found.append(Sound(letters, piece.end()))
    return found


def differences(one: Sequence[object], other: Sequence[object]) -> int:
    """How many must be put in, taken out or replaced to make one into the other (Levenshtein)."""
    row = list(range(len(other) + 1))
    for n, left in enumerate(one, 1):
        above, row[0] = row[0], n
        for m, right in enumerate(other, 1):
            above, row[m] = row[m], min(row[m] + 1, row[m - 1] + 1, above + (left != right))
    return row[-1]


def _syllables(characters: str) -> list[str]:
    try:
        from pypinyin import lazy_pinyin  # pyright: ignore[reportMissingTypeStubs]
    except ImportError as error:
        raise missing_package(error, what="the sound of Chinese", extra="speak") from error
    made: list[str] = []
    for syllable in lazy_pinyin(characters):
        alike = syllable
        for pattern, same in _ALIKE:
            alike = re.sub(pattern, same, alike)
        made.append(alike)
    return made
