"""Whether an answer to one of the pair's questions is right, by its key alone.

Words are compared without case and accents' other spellings, whole; a number must be the only one
that the question did not name. It judges the answer, not its manners: a right answer in a wrong
sentence counts, an answer that names two things where one is right does not.
"""

import re

from benchmarks.pair_questions import Asked, Key

_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
_NOT_LETTERS = re.compile(r"[^a-z]")
_SAYS_YES = re.compile(r"^\W*(?:yes|true|correct)\b", re.IGNORECASE)
_SAYS_NO = re.compile(r"^\W*(?:no|false|incorrect)\b", re.IGNORECASE)
_DENIES = re.compile(r"\b(?:not|cannot|no|never|isn't|aren't|don't|doesn't|can't)\b", re.IGNORECASE)
_NUMBER_WORDS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve",
)  # fmt: skip


def is_right(asked: Asked, answer: str) -> bool:
    """Whether `answer` is right."""
    key = asked.key
    if not answer.strip():
        return False
    if key.number is not None:
        return _has_number(asked.text, answer, key.number)
    if key.yes is not None:
        return _says(answer) is key.yes
    if key.spelt:
        return _spells(answer, key.spelt)
    return _has_words(asked, answer, key)


def _has_number(question: str, answer: str, wanted: float) -> bool:
    """The numbers of the answer that the question has not are the one that is wanted."""
    named = _numbers(question)
    new = [number for number in _numbers(answer) if number not in named]
    if wanted in named:
        return not new and wanted in _numbers(answer)[-1:]
    return bool(new) and set(new) == {wanted}


def _numbers(text: str) -> list[float]:
    for value, name in enumerate(_NUMBER_WORDS):
        text = re.sub(rf"\b{name}\b", str(value), text, flags=re.IGNORECASE)
    return [float(found.replace(",", "")) for found in _NUMBER.findall(text)]


def _says(answer: str) -> bool | None:
    """What a yes or no question was answered with; without either word, whether it is denied."""
    if _SAYS_YES.search(answer):
        return True
    if _SAYS_NO.search(answer):
        return False
    return _DENIES.search(answer) is None


def _spells(answer: str, word: str) -> bool:
    """Its letters stand there one by one, parted by signs or blanks, and no others so."""
    runs = re.findall(r"(?:(?<![A-Za-z])[A-Za-z](?:[^A-Za-z\n]{1,3}|$)){3,}", answer)
    return {_NOT_LETTERS.sub("", run.lower()) for run in runs} == {word}


def _has_words(asked: Asked, answer: str, key: Key) -> bool:
    if asked.language == "zh":
        told = answer.replace(asked.text, "")
        return any(word in told for word in key.words)
    symbol = asked.kind == "symbol"
    if symbol:  # He is helium, "he" is somebody; the question's own word is no symbol
        return any(re.search(rf"(?<!\w){word}(?!\w)", answer) for word in key.words)
    return any(_stands(answer, word) for word in key.words) and not any(
        _stands(answer, word) for word in key.others
    )


def _stands(answer: str, word: str) -> bool:
    """As a word of its own, in any case."""
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", answer, re.IGNORECASE) is not None
