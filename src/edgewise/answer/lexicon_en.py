"""The dictionaries of how English words sound, read where they lie: 6 MB, no index of their own.

Their entries are sorted by code point, one a line, so that a word is found by halving. A word that
sounds differently by its part of speech has one sound each. Source: misaki's US dictionaries, whose
signs are those of Kokoro (models.toml); of that package only these data are used.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import cast

from edgewise.engine.packages import find_file

ENTRY = b'\n  "'
DEFAULT = "DEFAULT"
NAMES = ("us_gold.json", "us_silver.json")
"""Checked by hand; made by a machine."""

Variants = dict[str, str | None]


class Lexicon:
    """Both dictionaries. Raises ModelError (`model_missing`), TrustError when made."""

    def __init__(self, cache_folder: Path | None = None) -> None:
        self._files = [find_file("misaki-en", name, cache_folder).read_bytes() for name in NAMES]
        self.variants = lru_cache(maxsize=4096)(self._variants)

    def _variants(self, word: str) -> Variants:
        """How exactly this word sounds, by part of speech; empty when it is in neither."""
        for data in self._files:
            found = find(data, word)
            if found is not None:
                return found
        return {}


def find(data: bytes, word: str) -> Variants | None:
    """The entry of `word` in a sorted dictionary."""
    wanted = word.encode()
    low, high = 0, len(data)
    while low < high:
        middle = (low + high) // 2
        begin = data.rfind(ENTRY, low, middle + len(ENTRY))
        if begin < 0:
            begin = data.find(ENTRY, middle, high)
            if begin < 0:
                return None
        end = data.find(b'": ', begin)
        key = data[begin + len(ENTRY) : end]
        if key == wanted:
            return _read(data, end + 3)
        if key < wanted:
            low = end
        elif begin <= low:
            return None
        else:
            high = begin
    return None


def _read(data: bytes, begin: int) -> Variants:
    closed = b"}" if data[begin : begin + 1] == b"{" else b"\n"
    text = data[begin : data.find(closed, begin) + 1].decode().rstrip().rstrip(",")
    value: object = json.loads(text)
    return {DEFAULT: value} if isinstance(value, str) else cast("Variants", value)
