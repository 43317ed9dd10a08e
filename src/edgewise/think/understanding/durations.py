"""How long: durations in Chinese and English text, in seconds."""

import re
from dataclasses import dataclass

from edgewise.core.regex import regex
from edgewise.think.understanding.numbers import chinese_value, english_value


@dataclass(frozen=True, slots=True)
class Duration:
    """Seconds said at `start`..`end`."""

    seconds: int
    start: int
    end: int


DIGITS_ZH = r"[零〇一二两三四五六七八九十百]"
# Possessive (++): giving digits back never helps, and would cost seconds on a text of digits alone.
_N_ZH = rf"(?:\d++(?:\.\d++)?|{DIGITS_ZH}++(?:点{DIGITS_ZH}++)?|半)"
_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    "sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|ninety|hundred"
)
_N_EN = rf"(?:\d++(?:\.\d++)?|(?:{_WORDS})(?:[ -](?:{_WORDS}))*|an?|half an?|half)"
_LONGEST = 1e9  # no number before "minutes" is meant that is larger
_SECONDS = {"d": 86400, "h": 3600, "m": 60, "s": 1}

_DURATION_ZH = regex(
    rf"(?:(?P<d>{_N_ZH})天(?!气|窗|幕))?(?:(?P<h>{_N_ZH})(?P<hh>个半)?(?:个)?(?:小时|钟头|钟(?!头))(?P<hx>半)?)?"
    rf"零?(?:(?P<m>{_N_ZH})(?:分(?P<mh>半)?钟(?P<mx>半)?|分(?=\d|{DIGITS_ZH}|$|后|之后))|(?P<q>[一三])刻钟)?"
    rf"零?(?:(?P<s>{_N_ZH})秒钟?)?"
)
_UNIT_EN = {
    "d": r"days?",
    "h": r"hours?|hrs?|h",
    "m": r"minutes?|mins?|min|m",
    "s": r"seconds?|secs?|s",
}
_PART_EN = regex(
    rf"\b(?P<n>{_N_EN})(?P<ah> and a half| and a quarter)?[ -]?(?:"
    + "|".join(f"(?P<{k}>(?:{v})\\b)" for k, v in _UNIT_EN.items())
    + r")(?P<half> and a half)?(?P<quarter> and a quarter)?"
)
_JOIN_EN = regex(r"(?:,? and |, | )")


def find_durations(plain: str) -> list[Duration]:
    """All durations of a normalised text, in order, neighbouring parts joined."""
    found: list[Duration] = []
    for match in () if plain.isascii() else _DURATION_ZH.finditer(plain):
        seconds = match.group() and _chinese_seconds(match)
        if seconds:
            found.append(Duration(seconds, match.start(), match.end()))
    if found:
        return found
    for match in _PART_EN.finditer(plain):
        seconds = _english_seconds(match)
        if not seconds:
            continue
        if found and _JOIN_EN.fullmatch(plain[found[-1].end : match.start()]):
            last = found.pop()
            found.append(Duration(last.seconds + seconds, last.start, match.end()))
        else:
            found.append(Duration(seconds, match.start(), match.end()))
    return found


def number_said(text: str | None) -> float:
    """A number in digits or words of either language; 0 for none and for absurd ones."""
    if not text:
        return 0.0
    if text in ("a", "an"):
        return 1.0
    if text.startswith("half"):
        return 0.5
    try:
        value = float(text)
    except ValueError:
        value = chinese_value(text) or english_value(text) or 0.0
    return value if value < _LONGEST else 0.0


def _chinese_seconds(match: re.Match[str]) -> int:
    total = 0.0
    for name, size in _SECONDS.items():
        total += number_said(match[name]) * size
    if match["hh"] or match["hx"]:
        total += 1800
    if match["mh"] or match["mx"]:
        total += 30
    if match["q"]:
        total += number_said(match["q"]) * 900
    return round(total)


def _english_seconds(match: re.Match[str]) -> int:
    value = number_said(match["n"])
    if match["ah"]:
        value += 0.5 if "half" in match["ah"] else 0.25
    value += 0.5 if match["half"] else 0.25 if match["quarter"] else 0.0
    for name, size in _SECONDS.items():
        if match[name]:
            if len(match[name]) == 1 and match["n"] in ("a", "an"):
                return 0
            return round(value * size)
    return 0
