"""The word pieces of the command model: MiniLM's for Latin script, one a character for Chinese."""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from edgewise.think.understanding.word_pieces import SPECIAL

_LATIN = re.compile(r"(##)?[\x21-\x7e\u00a0-\u024f\u20ac]+")


def latin_pieces(vocabulary: Path) -> list[tuple[str, int]]:
    """MiniLM's pieces of Latin script with their numbers, the three special ones first."""
    known = vocabulary.read_text("utf-8").splitlines()
    special = [(piece, known.index(piece)) for piece in SPECIAL]
    kept = [
        (piece, number)
        for number, piece in enumerate(known)
        if _LATIN.fullmatch(piece) and not re.fullmatch(r"\[\w+\]", piece)
    ]
    return special + kept


def chinese_pieces(texts: Iterable[str], at_least: int = 2) -> list[str]:
    """Characters beyond Latin script that occur often enough to be learnt."""
    counts = Counter(char for text in texts for char in text if ord(char) > 0x2FF)
    return sorted(char for char, count in counts.items() if count >= at_least)
