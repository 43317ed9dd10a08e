"""Words by Whisper (arXiv 2212.04356) on CTranslate2, 8 bits: Chinese, and any language of its.

Three things make it quick and right on short commands. It reads a window of 10 s, not of 30, where
the sound is no longer: its encoder then costs a seventh. Its best guesses are corrected by the
vocabulary (`sound_alike.py`), and its own decoder says how well each corrected text fits the sound:
one that fits far worse is not taken, nor one that orders anything else than the best guess (another
direction, side, amount or name; `opposite.py`), but for a whole sentence of the vocabulary whose
opposites all fit clearly worse (`sentence_alike.py`). No text of the window before is carried over
and no timestamps are written, which keeps it from inventing. Runs in the ears' process.
"""

import importlib
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct

from edgewise.core.words import Language
from edgewise.engine.packages import find_file
from edgewise.errors import ModelError
from edgewise.perceive.hear import Vocabulary
from edgewise.perceive.mel import COLUMNS_PER_S, Samples, log_mel
from edgewise.perceive.recognise import LEAST_CONFIDENCE, LEAST_PROBABILITY, Guess, mean_probability
from edgewise.perceive.recognisers import WHISPER, WHISPER_FILES
from edgewise.perceive.sentence_alike import plain, sentences_of
from edgewise.perceive.sound_alike import SoundAlike, alike_of
from edgewise.perceive.vocabulary import prompt_words
from edgewise.perceive.written_form import simplified, written_form
from edgewise.sound.pcm import LISTENING_HZ

WINDOW_S = 30
SHORTEST_WINDOW_S = 10
"""Below, it hears worse: 6 s cost a fifth more errors on commands of 2 s."""
SILENCE_S = 2.0
"""At least so much stands behind the sound: it tells that the sound is over."""
BEAM = 4
TOKENS_PER_S = 12
PROMPT_CHARACTERS = 100
CHINESE_PROMPT = " 以下是普通话的句子。"
"""It has simplified characters written: 12.3 % of errors on MAC-SLU against 14.4 without."""
NO_SPEECH, UNSURE = 0.6, 0.37
"""Whisper's own rule: nobody spoke where it says so and is unsure of its text (e to the -1)."""
WORTH = 5.0
"""What a unit of vocabulary is worth against the sound's own log probability; by experiment on
commands of the catalogue and of MAC-SLU, as is the next."""
WORST_FIT = 20.0
CLEARLY = 5.0
"""By so much its rivals must fit worse than a whole sentence of the vocabulary."""
_CANDIDATES = 5


class Window(Struct, frozen=True):
    """An encoded sound."""

    encoded: Any
    columns: int
    length_s: float


class Whisper:
    """A loaded model of the family."""

    longest_s = float(WINDOW_S) - SILENCE_S

    def __init__(
        self, folder: Path | None = None, *, name: str = WHISPER, threads: int = 1
    ) -> None:
        """The model in `folder`, or the one of the packages. Raises ModelError, TrustError;
        ImportError without ctranslate2 or tokenizers."""
        if folder is None:
            found = [find_file(WHISPER, file) for file in WHISPER_FILES]
            folder = found[0].parent
        self.name = name
        runtime: Any = importlib.import_module("ctranslate2")
        tokenizers: Any = importlib.import_module("tokenizers")
        try:
            self._model: Any = runtime.models.Whisper(
                str(folder), device="cpu", compute_type="int8",
                inter_threads=1, intra_threads=threads,
            )  # fmt: skip
            self._tokens: Any = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
        except (RuntimeError, OSError, ValueError) as error:
            told = f"{folder} holds no Whisper model for CTranslate2: {error}"
            raise ModelError(told, code="model_missing") from error
        self._view: Any = runtime.StorageView
        self._bands: int = self._model.n_mels

    def encode(self, samples: Samples) -> Window:
        """The sound as the decoder reads it."""
        length_s = len(samples) / LISTENING_HZ
        wanted_s = min(WINDOW_S, max(SHORTEST_WINDOW_S, math.ceil(length_s + SILENCE_S)))
        columns = wanted_s * COLUMNS_PER_S
        picture = log_mel(samples, columns, self._bands)
        view = self._view.from_array(np.ascontiguousarray(picture[None]))
        return Window(self._model.encode(view), columns, length_s)

    def language_of(self, window: Window) -> tuple[Language, float]:
        """Which of the device's languages is spoken, and how likely against the others of them."""
        found = dict(self._model.detect_language(window.encoded)[0])
        likely = {one: found.get(f"<|{one.value}|>", 0.0) for one in Language}
        best = max(likely, key=likely.__getitem__)
        return best, likely[best] / max(sum(likely.values()), 1e-9)

    def recognise(
        self,
        samples: Samples,
        *,
        language: Language | None,
        vocabulary: Vocabulary,
        is_final: bool,
        is_cancelled: Callable[[], bool],
    ) -> Guess:
        """The words in `samples`."""
        window = self.encode(samples)
        if language is None:
            language, _ = self.language_of(window)
        if is_cancelled():
            return Guess("", language, 0.0)
        return self.write(window, language, vocabulary, is_final=is_final)

    def listen(
        self,
        samples: Samples,
        vocabulary: Vocabulary,
        language: Language,
        window: Window | None = None,
    ) -> "WhisperListening":
        """The words in `samples`, and what others would be worth; `window` is what they are
        encoded, where that is there already."""
        window = window or self.encode(samples)
        guesses = self._guesses(window, language, vocabulary, BEAM)
        return WhisperListening(self, window, language, guesses)

    def write(
        self, window: Window, language: Language, vocabulary: Vocabulary, *, is_final: bool
    ) -> Guess:
        """The words of an encoded sound. Not final: the first guess, as it is."""
        found = self._guesses(window, language, vocabulary, BEAM if is_final else 1)
        if not found:
            return Guess("", language, 0.0)
        if is_final and language is Language.CHINESE and vocabulary.words:
            own = {guess.text: guess.confidence for guess in reversed(found)}  # the first counts
            return self._corrected(window, [guess.text for guess in found], own, vocabulary)
        return found[0]

    def _guesses(
        self, window: Window, language: Language, vocabulary: Vocabulary, beam: int
    ) -> list[Guess]:
        """The likeliest texts, best first; none where nobody speaks."""
        begin = self._begin(language)
        prompt = self._prompt(language, vocabulary) + begin
        made = self._model.generate(
            window.encoded,
            [prompt],
            beam_size=beam,
            num_hypotheses=beam,
            max_length=len(prompt) + int(window.length_s * TOKENS_PER_S) + 8,
            return_scores=True,
            return_no_speech_prob=True,
        )[0]
        likely = [math.exp(min(0.0, score)) for score in made.scores]
        if made.no_speech_prob > NO_SPEECH and likely[0] < UNSURE:
            return []
        return [
            Guess(self._text(tokens, language), language, one)
            for tokens, one in zip(made.sequences_ids, likely, strict=True)
        ]

    def _corrected(
        self, window: Window, texts: Sequence[str], own: dict[str, float], vocabulary: Vocabulary
    ) -> Guess:
        """The text that fits the sound and the vocabulary best together, with its own confidence:
        that of the decoder's guess, or of its fit."""
        alike = alike_of(vocabulary.words, vocabulary.names)
        best, *others = candidates = candidates_of(texts, alike)
        if others:
            fits = [self.fit(window, Language.CHINESE, text) for text in candidates]
            heard = fits_by_sound(fits, [alike.sound(text) for text in candidates])
            best = chosen(candidates, heard, [alike.value(text) for text in candidates])
        best = self._whole(window, texts, best, vocabulary) or best
        if best in own:
            return Guess(best, Language.CHINESE, own[best])
        fit = mean_probability(self.likely(window, Language.CHINESE, best))
        least = min(LEAST_CONFIDENCE, own[texts[0]])  # a correction is no invention
        return Guess(best, Language.CHINESE, max(least, fit))

    def _whole(
        self, window: Window, texts: Sequence[str], best: str, vocabulary: Vocabulary
    ) -> str | None:
        """The sentence of the vocabulary that was said, if the sound leaves no doubt."""
        found = sentences_of(vocabulary.words, vocabulary.names).nearest([best, *texts])
        if found is None or found.text == best:
            return None
        alike = alike_of(vocabulary.words, vocabulary.names)
        fit = self.fit(window, Language.CHINESE, plain(found.text))
        rest = self.fit(window, Language.CHINESE, plain(best))
        if fit + WORTH * (alike.value(found.text) - alike.value(best)) < rest:
            return None
        rivals = (self.fit(window, Language.CHINESE, plain(one)) for one in found.rivals)
        return found.text if all(fit >= rival + CLEARLY for rival in rivals) else None

    def fit(self, window: Window, language: Language, text: str) -> float:
        """The log probability of a text, given the sound."""
        likely = self.likely(window, language, text)
        if not likely:
            return -math.inf
        return sum(math.log(max(one, LEAST_PROBABILITY)) for one in likely)

    def likely(self, window: Window, language: Language, text: str) -> Sequence[float]:
        """The probabilities of a text's tokens, given the sound."""
        written = text if language is Language.CHINESE else f" {text}"
        tokens: list[int] = self._tokens.encode(written, add_special_tokens=False).ids
        if not tokens:
            return []
        told = self._model.align(window.encoded, self._begin(language), [tokens], window.columns)
        return told[0].text_token_probs

    def _begin(self, language: Language) -> list[int]:
        names = ("<|startoftranscript|>", f"<|{language.value}|>", "<|transcribe|>",
                 "<|notimestamps|>")  # fmt: skip
        return [self._tokens.token_to_id(name) for name in names]

    def _prompt(self, language: Language, vocabulary: Vocabulary) -> list[int]:
        """What stands before, as if it had just been said: the first words of the vocabulary."""
        words = prompt_words(vocabulary, PROMPT_CHARACTERS)
        if language is Language.CHINESE:
            text = CHINESE_PROMPT  # the correction does more than words in a prompt
        elif words:
            text = " " + ", ".join(words) + "."
        else:
            return []
        tokens: list[int] = self._tokens.encode(text, add_special_tokens=False).ids
        return [self._tokens.token_to_id("<|startofprev|>"), *tokens]

    def _text(self, tokens: Sequence[int], language: Language) -> str:
        text: str = self._tokens.decode(list(tokens), skip_special_tokens=True)
        text = text.replace("\ufffd", "")
        return written_form(simplified(text), language)


class WhisperListening:
    """Implements `Listening`."""

    def __init__(
        self, model: Whisper, window: Window, language: Language, guesses: Sequence[Guess]
    ) -> None:
        self.guesses = guesses
        self._model = model
        self._window = window
        self._language = language

    def likely(self, text: str) -> Sequence[float]:
        """See `Listening`."""
        return self._model.likely(self._window, self._language, text)


def candidates_of(texts: Sequence[str], alike: SoundAlike) -> list[str]:
    """The best guess, what the vocabulary makes of the best three, and the next two; of these,
    what orders the same as the best guess."""
    others = [*(alike.best(text).text for text in texts[1:3]), *texts[1:3]]
    found = [texts[0], *(one.text for one in alike.proposals(texts[0]))]
    found += [text for text in others if alike.may_stand_for(text, texts[0])]
    return list(dict.fromkeys(text for text in found if text))[:_CANDIDATES] or [""]


def fits_by_sound(fits: Sequence[float], sounds: Sequence[str]) -> list[float]:
    """The fits, of texts that sound the same each moved halfway to the best: the sound does not
    tell them apart, only how usual each is elsewhere, which a vocabulary knows better."""
    best: dict[str, float] = {}
    for fit, sound in zip(fits, sounds, strict=True):
        best[sound] = max(fit, best.get(sound, fit))
    return [(fit + best[sound]) / 2 for fit, sound in zip(fits, sounds, strict=True)]


def chosen(candidates: Sequence[str], fits: Sequence[float], values: Sequence[float]) -> str:
    """The candidate with the best sum of fit and vocabulary, of those that fit at all."""
    worth = [
        fit + WORTH * value if fit >= fits[0] - WORST_FIT else -math.inf
        for fit, value in zip(fits, values, strict=True)
    ]
    return candidates[max(range(len(worth)), key=worth.__getitem__)]
