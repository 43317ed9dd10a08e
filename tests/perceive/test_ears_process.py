"""Inside the ears' process: who is asked for what, with recognisers that fail on a surprise."""

from collections.abc import Iterator

import numpy as np
import pytest

from edgewise.core.words import Language
from edgewise.errors import ModelError
from edgewise.perceive import ears_process
from edgewise.perceive.ears_process import Hearing
from edgewise.perceive.ears_wire import Transcribe, encode, heards
from edgewise.perceive.hear_english import ASKS_BELOW
from edgewise.perceive.moonshine import Moonshine
from edgewise.perceive.recognise import Guess
from edgewise.perceive.recognisers import MOONSHINE
from edgewise.perceive.whisper import Whisper, Window
from edgewise.sound.pcm import BYTES_PER_SAMPLE, Pcm
from edgewise.sound.resample import resample
from tests.perceive.scripted_listening import ScriptedListening
from tests.perceive.sounds import hiss, needs_model, recorded

NAMES = {Language.ENGLISH: "english", Language.CHINESE: "chinese"}


class Scripted:
    """A recogniser that gives what it was told to, and nothing more often than that."""

    longest_s = 3.0

    def __init__(self, name: str, *guesses: Guess) -> None:
        self.name = name
        self._guesses: Iterator[Guess] = iter(guesses)
        self.lengths: list[int] = []
        self.words: list[tuple[str, ...]] = []

    def recognise(self, samples: np.ndarray, *, language, vocabulary, is_final, is_cancelled):
        del language, is_final, is_cancelled
        self.lengths.append(len(samples))
        self.words.append(vocabulary.words)
        return next(self._guesses)


def hearing(monkeypatch: pytest.MonkeyPatch, *recognisers: Scripted) -> Hearing:
    needs_model("silero-vad")
    known = {one.name: one for one in recognisers}
    monkeypatch.setattr(ears_process, "load_recogniser", lambda name, *_: known[name])
    return Hearing(NAMES)


def english(text: str, confidence: float = 0.9) -> Guess:
    return Guess(text, Language.ENGLISH, confidence)


def never() -> bool:
    return False


@pytest.mark.parametrize("sound", [Pcm(b""), hiss(2.0, 0), hiss(3.0), hiss(0.01)])
def test_where_nobody_speaks_no_recogniser_is_asked(sound: Pcm, monkeypatch: pytest.MonkeyPatch):
    ears = hearing(monkeypatch)  # it has none, so that asking one would fail
    told = heards.decode(next(iter(ears.answer(encode(Transcribe(sound)), never))))
    assert told.text == ""


def test_the_words_are_written_as_they_are_typed(monkeypatch: pytest.MonkeyPatch):
    one = Scripted("english", english("Go forward ten meters."))
    heard = hearing(monkeypatch, one).transcribe(
        Transcribe(recorded(), Language.ENGLISH, ("Bob",)), never
    )
    assert (heard.text, heard.engine) == ("Go forward 10 meters", "english")
    assert heard.confidence == 0.9
    assert one.words == [("Bob",)]


def test_any_rate_is_taken(monkeypatch: pytest.MonkeyPatch):
    one = Scripted("english", english("Go forward."))
    sound = resample(recorded(), 44_100)
    hearing(monkeypatch, one).transcribe(Transcribe(sound, Language.ENGLISH), never)
    assert one.lengths[0] <= recorded().samples + 512


def test_a_long_sound_is_heard_in_pieces(monkeypatch: pytest.MonkeyPatch):
    one = Scripted("english", *(english(f"Part {n}") for n in range(20)))
    sound = Pcm(recorded().data * 4)
    heard = hearing(monkeypatch, one).transcribe(Transcribe(sound, Language.ENGLISH), never)
    assert len(one.lengths) >= 4
    assert max(one.lengths) <= 3 * 16_000
    assert heard.text.startswith("Part 0 Part 1")
    assert sum(one.lengths) <= len(sound.data) // BYTES_PER_SAMPLE + 512


def test_what_is_invented_is_dropped(monkeypatch: pytest.MonkeyPatch):
    one = Scripted("english", english("Thank you.", 0.1))
    heard = hearing(monkeypatch, one).transcribe(Transcribe(recorded(), Language.ENGLISH), never)
    assert heard.text == ""


def test_without_a_language_the_chinese_one_is_asked_first(monkeypatch: pytest.MonkeyPatch):
    one = Scripted("chinese", Guess("向前十米", Language.CHINESE, 0.8))
    heard = hearing(monkeypatch, one, Scripted("english")).transcribe(Transcribe(recorded()), never)
    assert (heard.text, heard.language) == ("向前十米", Language.CHINESE)


class ScriptedMoonshine(Moonshine):
    """Hears what it was told to, once."""

    def __init__(self, *guesses: Guess) -> None:
        self._guesses = iter(guesses)

    def listen(self, samples: np.ndarray, is_cancelled) -> ScriptedListening:
        del samples, is_cancelled
        return ScriptedListening([next(self._guesses)], {})


WINDOW = Window(None, 1000, 3.0)


class ScriptedWhisper(Whisper):
    """Hears what it was told to, in the language of the first of it."""

    def __init__(self, *guesses: Guess) -> None:
        self._told = guesses
        self.name = "chinese"
        self.windows: list[Window | None] = []
        self.encoded = 0

    def encode(self, samples: np.ndarray) -> Window:
        del samples
        self.encoded += 1
        return WINDOW

    def language_of(self, window: Window) -> tuple[Language, float]:
        assert window is WINDOW
        return self._told[0].language, 0.9

    def write(self, window: Window, language: Language, vocabulary, *, is_final: bool) -> Guess:
        assert (window, language) == (WINDOW, Language.CHINESE)
        return self._told[0]

    def listen(
        self, samples: np.ndarray, vocabulary, language: Language, window: Window | None = None
    ) -> ScriptedListening:
        del samples, vocabulary
        assert language is Language.ENGLISH
        self.windows.append(window)
        return ScriptedListening(self._told, {})


def heard_twice(monkeypatch: pytest.MonkeyPatch, first: Guess, *second: Guess):
    needs_model("silero-vad")
    known = {MOONSHINE: ScriptedMoonshine(first), "chinese": ScriptedWhisper(*second)}
    monkeypatch.setattr(ears_process, "load_recogniser", lambda name, *_: known[name])
    ears = Hearing({Language.ENGLISH: MOONSHINE, Language.CHINESE: "chinese"})
    return ears.transcribe(Transcribe(recorded(), Language.ENGLISH), never)


def test_english_that_is_in_doubt_is_heard_by_the_other_recogniser_too(
    monkeypatch: pytest.MonkeyPatch,
):
    heard = heard_twice(monkeypatch, english("Open it.", 0.5), english("Open it.", 0.9))
    assert (heard.text, heard.confidence, heard.engine) == ("Open it", 0.9, "chinese")


def test_english_that_is_sure_is_heard_by_one(monkeypatch: pytest.MonkeyPatch):
    heard = heard_twice(monkeypatch, english("Open it.", 0.99))
    assert (heard.text, heard.engine) == ("Open it", MOONSHINE)


def test_english_is_heard_by_one_where_the_other_recogniser_is_not_installed(
    monkeypatch: pytest.MonkeyPatch,
):
    needs_model("silero-vad")
    known = {MOONSHINE: ScriptedMoonshine(english("Open it.", 0.5))}

    def load(name: str, *_: object) -> Moonshine:
        if name not in known:
            raise ModelError(f"{name} is not installed", code="model_missing")
        return known[name]

    monkeypatch.setattr(ears_process, "load_recogniser", load)
    ears = Hearing({Language.ENGLISH: MOONSHINE, Language.CHINESE: "chinese"})
    heard = ears.transcribe(Transcribe(recorded(), Language.ENGLISH), never)
    assert (heard.text, heard.confidence, heard.engine) == ("Open it", 0.5, MOONSHINE)


def expecting_english(
    monkeypatch: pytest.MonkeyPatch, first: Guess, second: ScriptedWhisper, *, is_final: bool = True
):
    """Heard without a language, where the sound began in English; the first hears it once."""
    needs_model("silero-vad")
    known = {MOONSHINE: ScriptedMoonshine(first), "chinese": second}
    monkeypatch.setattr(ears_process, "load_recogniser", lambda name, *_: known[name])
    ears = Hearing({Language.ENGLISH: MOONSHINE, Language.CHINESE: "chinese"})
    asked = Transcribe(recorded(), is_final=is_final, expected=Language.ENGLISH)
    return ears.transcribe(asked, never)


@pytest.mark.parametrize("is_final", [True, False])
def test_where_english_is_expected_and_sure_nobody_asks_which_language_it_is(
    monkeypatch: pytest.MonkeyPatch, is_final: bool
):
    other = ScriptedWhisper()
    first = english("Open it.", ASKS_BELOW)
    heard = expecting_english(monkeypatch, first, other, is_final=is_final)
    assert (heard.text, heard.language, heard.engine) == ("Open it", Language.ENGLISH, MOONSHINE)
    assert other.encoded == 0


@pytest.mark.parametrize("first", [english("She ang ting.", ASKS_BELOW - 0.01), english("", 0.99)])
@pytest.mark.parametrize("is_final", [True, False])
def test_chinese_that_begins_in_english_is_heard_as_chinese(
    monkeypatch: pytest.MonkeyPatch, first: Guess, is_final: bool
):
    other = ScriptedWhisper(Guess("向前十米", Language.CHINESE, 0.8))
    heard = expecting_english(monkeypatch, first, other, is_final=is_final)
    assert (heard.text, heard.language) == ("向前十米", Language.CHINESE)


def test_expected_english_in_doubt_is_heard_by_both_and_encoded_once(
    monkeypatch: pytest.MonkeyPatch,
):
    other = ScriptedWhisper(english("Open it.", 0.9))
    heard = expecting_english(monkeypatch, english("Open it.", 0.5), other)
    assert (heard.text, heard.confidence, heard.engine) == ("Open it", 0.9, "chinese")
    assert (other.encoded, other.windows) == (1, [WINDOW])


def test_where_chinese_is_expected_the_language_is_told_as_ever(monkeypatch: pytest.MonkeyPatch):
    needs_model("silero-vad")
    other = ScriptedWhisper(english("Open it.", 0.9))
    known = {MOONSHINE: ScriptedMoonshine(english("Open it.", 0.99)), "chinese": other}
    monkeypatch.setattr(ears_process, "load_recogniser", lambda name, *_: known[name])
    ears = Hearing({Language.ENGLISH: MOONSHINE, Language.CHINESE: "chinese"})
    heard = ears.transcribe(Transcribe(recorded(), expected=Language.CHINESE), never)
    assert (heard.text, other.encoded) == ("Open it", 1)


@pytest.mark.parametrize("language", list(Language))
def test_nothing_is_written_for_who_gave_up_while_the_language_was_told(
    monkeypatch: pytest.MonkeyPatch, language: Language
):
    needs_model("silero-vad")
    other = ScriptedWhisper(Guess("Open it.", language, 0.9))
    monkeypatch.setattr(other, "write", None)  # asking it would fail
    known = {MOONSHINE: ScriptedMoonshine(), "chinese": other}  # so would asking the first
    monkeypatch.setattr(ears_process, "load_recogniser", lambda name, *_: known[name])
    ears = Hearing({Language.ENGLISH: MOONSHINE, Language.CHINESE: "chinese"})
    heard = ears.transcribe(Transcribe(recorded(), is_final=False), lambda: other.encoded > 0)
    assert heard.text == ""
