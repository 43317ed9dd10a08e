"""English amounts that were heard as words, in the digits that would be typed. Pure.

Amounts from ten to ninety-nine and the days of a month become digits; below, words are as usual.
What is part of a longer number or of a time of day ("ten to six") stays as it was heard.
"""

from re import Match

from edgewise.core.regex import regex

_TENS_SAID = "twenty thirty forty fifty sixty seventy eighty ninety"
TENS = {word: 10 * value for value, word in enumerate(_TENS_SAID.split(), 2)}
_TEENS_SAID = """ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"""
TEENS = {word: value for value, word in enumerate(_TEENS_SAID.split(), 10)}
_UNITS_SAID = "one two three four five six seven eight nine"
UNITS = {word: value for value, word in enumerate(_UNITS_SAID.split(), 1)}
"""Words of numbers with their values; zero is in none."""
_OTHER_PARTS = ("zero", "oh", "hundred", "thousand", "million", "point", "half")
_LONGER = "|".join((*TENS, *TEENS, *UNITS, *_OTHER_PARTS))
_ORDINALS = "first|third|fourth|fifth|sixth|seventh|eighth|ninth"
"""Behind tens the day is one number, "twenty first"; "thirty second" may be of a timer."""
_AMOUNT = regex(
    rf"(?i)(?<![\w-])(?:({'|'.join(TENS)})(?:[ -]({'|'.join(UNITS)}))?|({'|'.join(TEENS)}))"
    rf"(?![\w-])(?!,? (?:{_LONGER}|and|to|past)\b)(?![ -](?:{_ORDINALS}|second of)\b)"
)
_BEFORE = regex(rf"(?i)\b(?:{_LONGER})(?:,| and)? $")
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_DAYS_SAID = """first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth
thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"""
_UNITS_OF_DAYS = {word: value for value, word in enumerate(_DAYS_SAID.split(), 1)}
_DAYS = {
    **{f"{tens} {word}": TENS[tens] + value for tens in ("twenty", "thirty")
       for word, value in _UNITS_OF_DAYS.items() if value < 10 and TENS[tens] + value < 32},
    **_UNITS_OF_DAYS,
    "thirtieth": 30,
}  # fmt: skip
_DATE = regex(rf"(?i)\b({_MONTHS})( the)? ({'|'.join(_DAYS).replace(' ', '[ -]')})\b(?!-)")
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}


def with_digits(text: str) -> str:
    """The text with its amounts and days in digits."""
    return _AMOUNT.sub(_as_digits, _DATE.sub(_as_day, text))


def _as_digits(found: Match[str]) -> str:
    if _BEFORE.search(found.string[: found.start()]):
        return found[0]
    if found[3]:
        return str(TEENS[found[3].lower()])
    return str(TENS[found[1].lower()] + UNITS.get((found[2] or "").lower(), 0))


def _as_day(found: Match[str]) -> str:
    day = _DAYS[found[3].lower().replace("-", " ")]
    ending = "th" if day in range(11, 14) else _ENDINGS.get(day % 10, "th")
    return f"{found[1]}{found[2] or ''} {day}{ending}"
