"""A text as recognisers read it: one form for a digit, a letter, a blank and a dash.

Full-width and styled characters become plain ones, invisible ones go, digits that are spoken
(一三八零零) become digits. Each character knows where it stood, so that a finding is told in the
original text. Letters with accents keep them; nothing is decoded (base64, percent signs).
"""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\ufe00-\ufe0f\ufeff\u20e3\U000e0000-\U000e007f]+"
)
_DASHES = "‐‑‒–—―−﹣－─"
_SPOKEN = str.maketrans("零〇一二三四五六七八九幺", "001234567891")
_SPOKEN_RUN = re.compile(r"[零〇一二三四五六七八九幺](?:[ -]?[零〇一二三四五六七八九幺]){5,}")
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` in one form and `lower`, the same with small ASCII letters, equally long.

    `cuts` are pairs, ascending: from this place on, so many characters were left out before it.
    """

    text: str
    lower: str
    cuts: tuple[tuple[int, int], ...] = ()

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch stands in the text as it was given."""
        if not self.cuts:
            return start, end
        return start + self._left_out(start), end - 1 + self._left_out(end - 1) + 1

    def _left_out(self, place: int) -> int:
        index = bisect_right(self.cuts, place, key=lambda cut: cut[0])
        return self.cuts[index - 1][1] if index else 0


class _Plain(dict[int, int]):
    """Character to character, found out when it is first met."""

    def __missing__(self, code: int) -> int:
        self[code] = plain = _plain(code)
        return plain


def _plain(code: int) -> int:
    letter = chr(code)
    if letter in _DASHES:
        return ord("-")
    if code < 128 or code in range(0x3400, 0xA000):
        return code
    if letter != "\u2028" and unicodedata.category(letter) == "Zs":
        return ord(" ")
    if (digit := unicodedata.decimal(letter, None)) is not None:
        return ord("0") + int(digit)
    form = unicodedata.normalize("NFKC", letter)
    return ord(form) if len(form) == 1 and form.isascii() else code


def fold(text: str) -> Folded:
    """`text` in one form."""
    if text.isascii():
        return Folded(text, text.translate(_LOWER))
    plain = text.translate(_Plain())
    cuts: list[tuple[int, int]] = []
    pieces: list[str] = []
    kept = end = 0
    for hidden in _INVISIBLE.finditer(plain):
        pieces.append(plain[end : hidden.start()])
        kept += hidden.start() - end
        end = hidden.end()
        cuts.append((kept, end - kept))
    pieces.append(plain[end:])
    shown = _SPOKEN_RUN.sub(lambda run: run[0].translate(_SPOKEN), "".join(pieces))
    return Folded(shown, shown.translate(_LOWER), tuple(cuts))


def unaccented(text: str) -> str:
    """Its letters without accents, equally long."""
    if text.isascii():
        return text
    return "".join(unicodedata.normalize("NFD", one)[:1] if one.isalpha() else one for one in text)


def alike(folded: Folded) -> str:
    """Its text in small letters of any alphabet, equally long."""
    lower = folded.text.lower()
    if len(lower) == len(folded.text):
        return lower
    return "".join(low if len(low := one.lower()) == 1 else one for one in folded.text)
