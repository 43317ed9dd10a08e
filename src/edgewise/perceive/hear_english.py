"""English words by up to two recognisers: the first alone where it is sure, else both.

Where the first is not quite sure, what it wrote is weighed against what the vocabulary makes of it
by its sound (`sound_alike_en.py`), in part and as a whole sentence: how well each text fits the
sound, and how much of it the vocabulary explains. Where that is not enough the other one hears the
sound too, and every text is weighed by both. Where the two order different things (`opposite.py`),
name another, or only one of them asks or tells, the answer is in doubt, so that it is asked again.
It knows neither model.
"""

import math
from collections.abc import Callable

from edgewise.core.words import Language
from edgewise.perceive.hear import IN_DOUBT, Vocabulary
from edgewise.perceive.opposite import telling_words
from edgewise.perceive.recognise import (
    LEAST_CONFIDENCE,
    LEAST_PROBABILITY,
    Guess,
    Listening,
    is_invented,
    mean_probability,
)
from edgewise.perceive.sound_alike_en import EnglishAlike, english_alike_of
from edgewise.perceive.written_form import written_form

SURE = 0.95
"""Confidence of the first recogniser at which its text is only spelled as the vocabulary is."""
ASKS_BELOW = 0.82
"""The same below which the other one is asked: so it is with one command in six."""
WORTH = 3.0
"""What a pair of words of the vocabulary is worth against one recogniser's log probability; by
experiment on commands of the catalogue and of public sets."""
WORST_FIT = 20.0
"""By so much a correction may fit worse than what was written."""
_WEIGHED = 2
"""Texts of the first that the other one weighs; each takes it 30 ms."""
_OTHERS = 1
"""Texts of the other that are taken."""
_MARKS = ".?!"


def hear_english(
    heard: Listening,
    other: Callable[[], Listening | None],
    vocabulary: Vocabulary,
    length_s: float,
    is_cancelled: Callable[[], bool],
) -> tuple[Guess, bool]:
    """The words of one sound of `length_s`, and whether the other recogniser wrote them. `heard` is
    what the first one hears; `other` gives None where there is no other that knows English."""
    alike = english_alike_of(vocabulary.words, vocabulary.names)
    guess = _tidy(heard.guesses[0])
    if guess.confidence >= SURE or not guess.text or is_cancelled():
        return _spelled(guess, alike), False
    weighing = Weighing(heard, alike)
    best = weighing.best()
    if guess.confidence >= ASKS_BELOW or is_cancelled():
        return best, False
    second = other()
    if second is None or not second.guesses or is_invented(_tidy(second.guesses[0]), length_s):
        return best, False
    weighing.hear_other(second)
    best = weighing.best()
    texts = guess.text, _tidy(second.guesses[0]).text, best.text
    if len({alike.deciding(text) + telling_words(text, Language.ENGLISH) for text in texts}) > 1:
        best = Guess(best.text, best.language, min(best.confidence, IN_DOUBT))
    theirs = {alike.spelled(_tidy(one).text) for one in second.guesses[:_OTHERS]}
    return best, best.text in theirs


class Weighing:
    """The texts that may have been said, with what each is worth to those who heard."""

    def __init__(self, heard: Listening, alike: EnglishAlike) -> None:
        self._alike = alike
        self._first = heard
        self._other: Listening | None = None
        self._sentences: dict[str, str] = {}
        self._own: dict[str, float] = {}
        self._fits: dict[tuple[int, str], float] = {}
        self._take(heard, 1)

    def hear_other(self, other: Listening) -> None:
        """Take the hearing of the other one, and leave only the best of the texts before."""
        kept = sorted(self._sentences, key=self._worth, reverse=True)[:_WEIGHED]
        self._sentences = {text: self._sentences[text] for text in kept}
        self._other = other
        self._take(other, _OTHERS)

    def best(self) -> Guess:
        """The text that is worth the most, with the confidence of who wrote it; of a correction
        with what its sound alone is worth."""
        if len(self._sentences) == 1:
            (text,) = self._sentences
            return Guess(text, Language.ENGLISH, self._own[text])
        written = max((text for text in self._sentences if text in self._own), key=self._fit)
        least = self._fit(written) - WORST_FIT
        texts = [text for text in self._sentences if self._fit(text) >= least]
        text = max(texts, key=self._worth)
        if text in self._own:
            return Guess(text, Language.ENGLISH, self._own[text])
        likely = mean_probability(self._first.likely(self._sentences[text]))
        least = min(LEAST_CONFIDENCE, *self._own.values())  # a correction is no invention
        return Guess(text, Language.ENGLISH, max(least, likely))

    def _take(self, hearing: Listening, count: int) -> None:
        for guess in hearing.guesses[:count]:
            text = _tidy(guess).text
            spelled = self._alike.spelled(text)
            for one in (text, spelled):
                self._own[one] = max(guess.confidence, self._own.get(one, 0.0))
            self._sentences.setdefault(spelled, _sentence(spelled, guess.text))
            found = [one.text for one in self._alike.proposals(text)]
            for one in (*found, self._alike.sentence(text)):
                if one is not None and self._alike.may_stand_for(one, text):
                    self._sentences.setdefault(one, _sentence(one, guess.text))

    def _worth(self, text: str) -> float:
        recognisers = 1 if self._other is None else 2
        return self._fit(text) + WORTH * recognisers * self._alike.value(text)

    def _fit(self, text: str) -> float:
        """The log probability, given the sound; of both recognisers the sum."""
        fit = self._heard(self._first, text)
        return fit if self._other is None else fit + self._heard(self._other, text)

    def _heard(self, hearing: Listening, text: str) -> float:
        key = id(hearing), text
        if key not in self._fits:
            likely = hearing.likely(self._sentences[text])
            self._fits[key] = sum(math.log(max(one, LEAST_PROBABILITY)) for one in likely)
        return self._fits[key]


def _tidy(guess: Guess) -> Guess:
    return Guess(written_form(guess.text, guess.language), guess.language, guess.confidence)


def _spelled(guess: Guess, alike: EnglishAlike) -> Guess:
    return Guess(alike.spelled(guess.text), guess.language, guess.confidence)


def _sentence(text: str, like: str) -> str:
    """The text as recognisers write: with a capital, and the mark that the sentence `like` ends
    with."""
    bare = text.rstrip(_MARKS)
    end = like[-1] if like[-1:] in tuple(_MARKS) else "."
    return bare[:1].upper() + bare[1:] + end
