"""What a recogniser wrote, in the form in which it would be typed. Pure.

Chinese: simplified characters, no spaces between them, digits for numbers that are spelled out
("一三八零零" is part of a telephone number); amounts stay as they were written. English: no
spelling of another time ("to-day"), abbreviations in one word ("A. C.", "p.m."), percent in
letters, amounts and telephone numbers in digits (`amounts_en.py`), as they are in the examples of
capabilities.
A single sentence ends without a full stop, as commands are typed.
"""

from functools import cache
from typing import Any

from edgewise.core.regex import regex
from edgewise.core.words import Language
from edgewise.perceive.amounts_en import with_digits

_BETWEEN_HAN = regex(r"(?<=[\u3400-\u9fff，。？！、])\s+(?=[\u3400-\u9fff，。？！、])")
_HALF_WIDTH = {",": "，", "?": "？", "!": "！", ";": "；"}
_MARK = regex(r"(?<=[\u3400-\u9fff])([,?!;])\s*|([,?!;])(?=[\u3400-\u9fff])")
_VOLUME = regex(r"^(?P<lead>8\.?|八|把|白|爸|罢)?[1一衣音][量亮](?=[调跳设开加减升降])[调跳]?")
"""把音量调到 as recognisers write it at the beginning of an order: 8.1量调到, 白衣量调到."""
_SPELLED = regex(r"[零〇一幺二三四五六七八九]{5,}")
_DIGITS = dict(zip("零〇一幺二三四五六七八九", "00112345678 9".replace(" ", ""), strict=True))
_ENGLISH = (
    (regex(r"(?i)\b(to)-(day|morrow|night)\b"), r"\1\2"),
    (regex(r"(?i)\bper cent\b"), "percent"),
    (regex(r"(?<=\d) ?%"), " percent"),
    (regex(r"(?i)\b([ap])\. ?m\b\.?"), r"\1m"),
    (regex(r"(?i)(?<=\d)([ap]m)\b"), r" \1"),
    (regex(r"\.{2,}$"), "."),
)
_SPOKEN = {
    "zero": "0", "oh": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
    "six": "6", "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
_SPOKEN_RUN = regex(rf"(?i)\b(?:{'|'.join(_SPOKEN)})(?:[ ,-]+(?:{'|'.join(_SPOKEN)})){{4,}}\b")
_GROUPED = regex(
    r"\b(?!\d{4}-\d\d-\d\d\b)(?=(?:-?\d){7})\d+(?:-\d+)+\b"
    r"|\b(?=(?:\d,? ?){7})\d{3,}(?:,? \d{3,})+\b"
)
"""A telephone number with strokes, commas or spaces between its groups, which nobody said; no
date."""
_SPELLED_OUT = regex(r"\b[A-Z]\.(?: ?[A-Z]\.)+|\b(?:[A-Z]\. ?)+[B-HJ-Z]\b")
"""A. C.: an abbreviation letter by letter. Behind a full stop "A" and "I" may be words."""
_SPACES = regex(r"\s+")
_NO_DIGIT = regex(r"\D")
_STOPS = ".。"


def written_form(text: str, language: Language) -> str:
    """The text as it would be typed in that language; already simplified, see `simplified`."""
    text = _SPACES.sub(" ", text).strip()
    if language is Language.CHINESE:
        text = _MARK.sub(lambda m: _HALF_WIDTH[m[1] or m[2]], _BETWEEN_HAN.sub("", text))
        text = _VOLUME.sub(_volume, text)
        text = _SPELLED.sub(lambda m: "".join(_DIGITS[c] for c in m[0]), text)
    else:
        for pattern, by in _ENGLISH:
            text = pattern.sub(by, text)
        text = _SPELLED_OUT.sub(lambda run: run[0].replace(".", "").replace(" ", ""), text)
        text = _SPOKEN_RUN.sub(_as_digits, text)
        text = _GROUPED.sub(lambda number: _NO_DIGIT.sub("", number[0]), text)
        text = with_digits(text)
    return _without_stop(text)


def simplified(text: str) -> str:
    """Traditional characters as simplified ones. Raises ImportError without OpenCC."""
    if not any("\u3400" <= c <= "\u9fff" for c in text):
        return text
    return _converter().convert(text)


def _without_stop(text: str) -> str:
    """Without the full stop of its one sentence; that of an abbreviation ("p.m.") stays."""
    bare = text.rstrip(_STOPS + " ")
    if any(stop in bare for stop in ("。", ". ", "? ", "! ", "？", "！")):
        return text
    tail = bare.rsplit(" ", 1)[-1]
    return text if "." in tail and not tail.replace(".", "").isdigit() else bare


def _volume(found: Any) -> str:
    lead = "把" if found["lead"] else ""
    return f"{lead}音量" + ("调" if found[0][-1] in "调跳" else "")


def _as_digits(run: Any) -> str:
    words = run[0].replace(",", " ").replace("-", " ").lower().split()
    return "".join(_SPOKEN[word] for word in words)


@cache
def _converter() -> Any:
    import opencc  # pyright: ignore[reportMissingTypeStubs]

    return opencc.OpenCC("t2s")
