"""How far what was heard is from what was said: word error rate, in Chinese character error rate.

Both sides are brought into one form first, so that no error is a matter of spelling: small letters,
no punctuation, numbers as words, Chinese characters simplified. British and American spellings of
one word are one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from edgewise.answer import numbers_en, numbers_zh
from edgewise.core.regex import regex
from edgewise.core.words import Language
from edgewise.perceive.written_form import simplified

_IN_NUMBER = regex(r"(?<=\d)-(?=\d)")
_LONG_NUMBER = regex(r"\d{4,}")
"""Of a telephone, a code: its digits are said one by one."""
_NO_WORD = regex(r"[^a-z ]")
_NO_CHARACTER = regex(r"[^\u3400-\u9fffa-z]")
_SAME = {
    "mr": "mister", "mrs": "missus", "mum": "mom", "tyre": "tire", "tyres": "tires", "ok": "okay",
    "colour": "color", "centre": "center", "grey": "gray", "favourite": "favorite",
    "favourites": "favorites", "programme": "program", "metres": "meters", "metre": "meter",
    "kilometres": "kilometers", "litre": "liter", "theatre": "theater", "neighbour": "neighbor",
    "oh": "zero", "pm": "p m", "am": "a m", "alright": "all right", "cancelled": "canceled",
}  # fmt: skip
_SAME_ZH = {
    "两": "二",
    "俩": "二",
    "她": "他",
    "它": "他",
    "摄氏度": "度",
    "℃": "度",
    "挡": "档",
    "嘛": "吗",
    "幺": "一",
}


@dataclass(frozen=True, slots=True)
class Errors:
    """Words (characters) that were said, and how many must be changed, put in or taken out."""

    wrong: int
    of: int

    @property
    def percent(self) -> float:
        """The error rate; 0 of nothing."""
        return 100 * self.wrong / self.of if self.of else 0.0

    def __add__(self, other: "Errors") -> "Errors":
        return Errors(self.wrong + other.wrong, self.of + other.of)


NO_ERRORS = Errors(0, 0)


def errors_between(said: str, heard: str, language: Language) -> Errors:
    """The errors of one sentence."""
    if language is Language.CHINESE:
        wanted, found = characters_of(said), characters_of(heard)
        return Errors(edits(wanted, found), len(wanted))
    wanted, found = words_of(said), words_of(heard)
    # A compound is one word or two as one likes: "child lock" and "childlock" are no error.
    if "".join(wanted) == "".join(found):
        return Errors(0, len(wanted))
    return Errors(edits(wanted, found), len(wanted))


def words_of(text: str) -> list[str]:
    """English words in the form that is compared."""
    text = _LONG_NUMBER.sub(lambda run: " ".join(run[0]), _IN_NUMBER.sub("", text))
    text = numbers_en.said(text).lower().replace("'", "").replace("’", "").replace(".", "")
    words = _NO_WORD.sub(" ", text).split()
    return " ".join(_SAME.get(word, word) for word in words).split()


def characters_of(text: str) -> str:
    """Chinese characters in the form that is compared."""
    text = numbers_zh.said(simplified(text)).lower()
    for one, other in _SAME_ZH.items():
        text = text.replace(one, other)
    return _NO_CHARACTER.sub("", text)


def edits(wanted: Sequence[str], found: Sequence[str]) -> int:
    """The fewest insertions, deletions and substitutions (Levenshtein)."""
    row = list(range(len(found) + 1))
    for at, one in enumerate(wanted, 1):
        before, row[0] = row[0], at
        for place, other in enumerate(found, 1):
            kept = before if one == other else before + 1
            before, row[place] = row[place], min(kept, row[place] + 1, row[place - 1] + 1)
    return row[-1]
