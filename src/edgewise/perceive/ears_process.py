"""The ears' own process: `python -m edgewise.perceive.ears_process`.

Each model is loaded when first wanted: that of Chinese for English too, where the one of English is
not sure (`hear_english.py`), if it is installed. A sound goes through voice activity first: where
nobody speaks no recogniser is asked, for it would find words in noise. Without a language the one
of Chinese tells which is spoken; for English the other one then writes. Where the beginning of the
same speech was English already, it writes at once, and only what it is not sure of is looked into.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from edgewise.core.words import Language
from edgewise.engine.serving import serve
from edgewise.errors import ModelError
from edgewise.perceive.ears_wire import (
    Finished,
    Likely,
    Order,
    Transcribe,
    Warm,
    encode,
    orders,
)
from edgewise.perceive.hear import Heard, Vocabulary
from edgewise.perceive.hear_english import ASKS_BELOW, hear_english
from edgewise.perceive.hub_ears import load_recogniser
from edgewise.perceive.mel import Samples, samples_of
from edgewise.perceive.moonshine import Moonshine
from edgewise.perceive.recognise import Guess, Listening, Recogniser, is_invented
from edgewise.perceive.recognisers import MOONSHINE, WHISPER
from edgewise.perceive.sentence_alike import sentences_of
from edgewise.perceive.smart_turn import SmartTurn
from edgewise.perceive.sound_alike import alike_of
from edgewise.perceive.sound_alike_en import english_alike_of
from edgewise.perceive.speech_parts import pieces_of, spoken_part
from edgewise.perceive.voice_activity import FRAME_SAMPLES, VoiceActivity
from edgewise.perceive.whisper import Whisper, Window
from edgewise.perceive.written_form import simplified, written_form
from edgewise.sound.pcm import BYTES_PER_SAMPLE, LISTENING_HZ, Pcm
from edgewise.sound.resample import resample

MARGIN_FRAMES = 10
"""0.3 s before and behind speech: soft consonants are no speech to the detector."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until the input ends."""
    parser = argparse.ArgumentParser(prog="edgewise.perceive.ears_process")
    parser.add_argument("--parent", type=int, default=0)
    parser.add_argument("--memory-limit-bytes", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--english", default=MOONSHINE)
    parser.add_argument("--chinese", default=WHISPER)
    parser.add_argument("--hub-folder", type=Path, default=None)
    given = parser.parse_args(arguments)
    names = {Language.ENGLISH: given.english, Language.CHINESE: given.chinese}
    return serve(
        lambda: Hearing(names, given.hub_folder, given.threads),
        extra="hear",
        parent=given.parent,
        memory_limit_bytes=given.memory_limit_bytes,
    )


class Hearing:
    """Voice activity at once, the others as they are wanted."""

    def __init__(
        self, names: dict[Language, str], hub_folder: Path | None = None, threads: int = 1
    ) -> None:
        self._names = names
        self._hub_folder = hub_folder
        self._threads = threads
        self._activity = VoiceActivity()
        self._loaded: dict[str, Recogniser] = {}
        self._turn: SmartTurn | None = None

    def answer(self, order: bytes, is_cancelled: Callable[[], bool]) -> Iterable[bytes]:
        """The reports on one order."""
        given: Order = orders.decode(order)
        match given:
            case Transcribe() as asked:
                yield encode(self.transcribe(asked, is_cancelled))
            case Finished() as asked:
                self._turn = self._turn or SmartTurn()
                samples = samples_of(resample(asked.sound, LISTENING_HZ).data)
                yield encode(Likely(self._turn.finished(samples)))
            case Warm() as asked:
                self._warm(asked)

    def transcribe(self, asked: Transcribe, is_cancelled: Callable[[], bool]) -> Heard:
        """What is said in a sound of any rate and length."""
        began = time.perf_counter()
        sound = resample(asked.sound, LISTENING_HZ)
        language = asked.language or Language.ENGLISH
        likely = self._speech_in(sound)
        part = spoken_part(likely, margin_frames=MARGIN_FRAMES)
        if part is None:
            return Heard("", language, took_ms=_ms_since(began))
        guesses: list[Guess] = []
        engine = ""
        longest = int(self._longest_s(asked.language) * LISTENING_HZ / FRAME_SAMPLES)
        samples = samples_of(sound.data)
        for first, end in pieces_of(likely, *part, longest):
            if is_cancelled():
                break
            piece = samples[first * FRAME_SAMPLES : end * FRAME_SAMPLES]
            guess, engine = self._recognise(piece, asked, is_cancelled)
            if not is_invented(guess, len(piece) / LISTENING_HZ):
                guesses.append(guess)
        return _joined(guesses, language, engine, _ms_since(began))

    def _speech_in(self, sound: Pcm) -> list[float]:
        """The probability of speech, frame by frame, the last one filled up with silence."""
        self._activity.reset()
        rest = -len(sound.data) % (FRAME_SAMPLES * BYTES_PER_SAMPLE)
        return self._activity.feed(sound.data + bytes(rest))

    def _recognise(
        self, samples: Samples, asked: Transcribe, is_cancelled: Callable[[], bool]
    ) -> tuple[Guess, str]:
        if asked.language is None:
            return self._recognise_any(samples, asked, is_cancelled)
        recogniser = self._recogniser(asked.language)
        if asked.is_final and isinstance(recogniser, Moonshine):
            heard = recogniser.listen(samples, is_cancelled)
            return self._weighed(heard, samples, asked, is_cancelled)
        guess = recogniser.recognise(
            samples, language=asked.language, vocabulary=_vocabulary_of(asked),
            is_final=asked.is_final, is_cancelled=is_cancelled,
        )  # fmt: skip
        return _tidy(guess), recogniser.name

    def _recognise_any(
        self, samples: Samples, asked: Transcribe, is_cancelled: Callable[[], bool]
    ) -> tuple[Guess, str]:
        """In the language that is spoken. To tell it takes the recogniser of Chinese three times as
        long as English takes to be heard: where English is expected it is heard first, and stands
        if it is sure."""
        chinese = self._recogniser(Language.CHINESE)
        vocabulary = _vocabulary_of(asked)
        if not isinstance(chinese, Whisper):
            guess = chinese.recognise(
                samples, language=None, vocabulary=vocabulary, is_final=asked.is_final,
                is_cancelled=is_cancelled,
            )  # fmt: skip
            return _tidy(guess), chinese.name
        heard: Listening | None = None
        english = self._recogniser(Language.ENGLISH)
        if asked.expected is Language.ENGLISH and isinstance(english, Moonshine):
            heard = english.listen(samples, is_cancelled)
            if is_cancelled() or _is_sure(heard.guesses[0]):
                return self._weighed(heard, samples, asked, is_cancelled)
        window = chinese.encode(samples)
        language, _ = chinese.language_of(window)
        if is_cancelled():
            return Guess("", language, 0.0), chinese.name
        if self._names[language] == chinese.name:
            guess = chinese.write(window, language, vocabulary, is_final=asked.is_final)
            return _tidy(guess), chinese.name
        recogniser = self._recogniser(language)
        if isinstance(recogniser, Moonshine):
            heard = heard or recogniser.listen(samples, is_cancelled)
            return self._weighed(heard, samples, asked, is_cancelled, window)
        guess = recogniser.recognise(
            samples, language=language, vocabulary=vocabulary, is_final=asked.is_final,
            is_cancelled=is_cancelled,
        )  # fmt: skip
        return _tidy(guess), recogniser.name

    def _weighed(
        self, heard: Listening, samples: Samples, asked: Transcribe,
        is_cancelled: Callable[[], bool], window: Window | None = None,
    ) -> tuple[Guess, str]:  # fmt: skip
        """English, as it was first heard; the final words with the recogniser of Chinese where that
        is not sure, by its `window` of the same sound."""
        if not asked.is_final:
            return _tidy(heard.guesses[0]), self._names[Language.ENGLISH]
        vocabulary = _vocabulary_of(asked)

        def other() -> Listening | None:
            try:
                found = self._recogniser(Language.CHINESE)
            except ModelError:  # it is not installed: one recogniser is enough for English
                return None
            if not isinstance(found, Whisper):
                return None
            return found.listen(samples, vocabulary, Language.ENGLISH, window)

        length_s = len(samples) / LISTENING_HZ
        guess, by_other = hear_english(heard, other, vocabulary, length_s, is_cancelled)
        return guess, self._names[Language.CHINESE if by_other else Language.ENGLISH]

    def _longest_s(self, language: Language | None) -> float:
        wanted = [language] if language is not None else list(Language)
        return min(self._recogniser(one).longest_s for one in wanted)

    def _recogniser(self, language: Language) -> Recogniser:
        name = self._names[language]
        if name not in self._loaded:
            try:
                self._loaded[name] = load_recogniser(name, self._hub_folder, self._threads)
            except ImportError as error:
                told = f"{name} needs {error.name}; install: pip install 'edgewise[hear]'"
                raise ModelError(told, code="missing_package") from error
        return self._loaded[name]

    def _warm(self, asked: Warm) -> None:
        self._recogniser(asked.language)
        if asked.language is Language.CHINESE:
            alike_of(asked.words, asked.names)
            sentences_of(asked.words, asked.names)
            simplified("預")
        else:
            english_alike_of(asked.words, asked.names)


def _vocabulary_of(asked: Transcribe) -> Vocabulary:
    return Vocabulary(asked.words, asked.names)


def _is_sure(guess: Guess) -> bool:
    return bool(guess.text.strip()) and guess.confidence >= ASKS_BELOW


def _tidy(guess: Guess) -> Guess:
    text = simplified(guess.text) if guess.language is Language.CHINESE else guess.text
    return Guess(written_form(text, guess.language), guess.language, guess.confidence)


def _joined(guesses: Sequence[Guess], language: Language, engine: str, took_ms: float) -> Heard:
    """The pieces as one text, with the mean of their confidence by length."""
    letters = sum(len(guess.text) for guess in guesses)
    if not letters:
        return Heard("", language, took_ms=took_ms, engine=engine)
    language = max(guesses, key=lambda guess: len(guess.text)).language
    text = (" " if language is Language.ENGLISH else "").join(guess.text for guess in guesses)
    confidence = sum(guess.confidence * len(guess.text) for guess in guesses) / letters
    return Heard(text, language, round(confidence, 3), took_ms, engine)


def _ms_since(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 1)


if __name__ == "__main__":
    sys.exit(main())
