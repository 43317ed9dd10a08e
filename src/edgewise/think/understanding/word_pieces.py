"""Word pieces of a text with their places, for the command model.

The scheme of BERT's uncased models (Devlin et al., 2019): accents apart, each Chinese character and
each mark of punctuation is a word, a word is cut into the longest pieces that the vocabulary has,
one that cannot be is unknown. A library would do the same for 13 MB of memory.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from edgewise.core.regex import regex

SPECIAL = PAD, UNKNOWN, START = "[PAD]", "[UNK]", "[CLS]"
"""The first three of every vocabulary."""
FIRST = SPECIAL.index(START)
"""The piece that stands before every text."""
LONGEST_WORD = 60
Piece = tuple[int, int, int]
"""Number in the vocabulary, start and end in the text."""


class WordPieces:
    """Text -> numbers of word pieces, with their places in the text."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._numbers = {piece: number for number, piece in enumerate(vocabulary)}
        self._cut = lru_cache(maxsize=4096)(self._cut_word)

    @property
    def vocabulary(self) -> list[str]:
        """The pieces by their numbers."""
        return list(self._numbers)

    def __call__(self, text: str) -> list[Piece]:
        """The pieces of `text` from left to right."""
        found: list[Piece] = []
        for letters, places in _words(text):
            found += [
                (number, places[start], places[end - 1] + 1)
                for number, start, end in self._cut(letters)
            ]
        return found

    def _cut_word(self, letters: str) -> tuple[Piece, ...]:
        """The pieces of one word, with their places in it; the words last met are remembered."""
        pieces: list[Piece] = []
        start = 0
        while start < len(letters):
            number, end = self._longest(letters, start)
            if number is None:
                return ((self._numbers[UNKNOWN], 0, len(letters)),)
            pieces.append((number, start, end))
            start = end
        return tuple(pieces)

    def _longest(self, letters: str, start: int) -> tuple[int | None, int]:
        if len(letters) > LONGEST_WORD:
            return None, start
        mark = "##" if start else ""
        for end in range(len(letters), start, -1):
            number = self._numbers.get(mark + letters[start:end])
            if number is not None:
                return number, end
        return None, start


_ASCII_WORD = regex(r"[A-Za-z0-9]+|[^\sA-Za-z0-9]")


def _words(text: str) -> Iterator[tuple[str, Sequence[int]]]:
    """Words in lower case without accents, each letter's place in the text beside it."""
    if text.isascii() and text.isprintable():
        for match in _ASCII_WORD.finditer(text):
            yield match.group().lower(), range(*match.span())
        return
    word: list[tuple[str, int]] = []
    for place, char in enumerate(text):
        blank = char.isspace() or _is_control(char)
        apart = blank or _stands_alone(char)
        if apart and word:
            yield "".join(char for char, _ in word), [at for _, at in word]
            word = []
        if not apart:
            word.extend((each, place) for each in _plain(char))
        elif not blank:
            yield char, (place,)
    if word:
        yield "".join(char for char, _ in word), [at for _, at in word]


@lru_cache(maxsize=4096)
def _is_control(char: str) -> bool:
    return char == "\ufffd" or unicodedata.category(char) in ("Cc", "Cf", "Co", "Cn")


@lru_cache(maxsize=4096)
def _stands_alone(char: str) -> bool:
    if char.isascii():
        return not char.isalnum()
    return _is_chinese(ord(char)) or unicodedata.category(char)[0] == "P"


def _is_chinese(code: int) -> bool:
    return (
        0x3400 <= code <= 0x4DBF
        or 0x4E00 <= code <= 0x9FFF
        or 0xF900 <= code <= 0xFAFF
        or 0x20000 <= code <= 0x2CEAF
        or 0x2F800 <= code <= 0x2FA1F
    )


def _plain(char: str) -> str:
    """A letter in lower case, without accents."""
    if char.isascii():
        return char.lower()
    parts = unicodedata.normalize("NFD", char)
    return "".join(p for p in parts if unicodedata.category(p) != "Mn").lower()
