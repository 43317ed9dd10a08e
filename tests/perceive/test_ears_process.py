"""Inside the ears' process: who is asked for what, with recognisers that fail on a surprise."""

from collections.abc import Iterator

import numpy as np
import pytest

from edgewise.core.words import Language
from edgewise.perceive import ears_process
from edgewise.perceive.ears_process import SURE, Hearing
from edgewise.perceive.ears_wire import Transcribe, encode, heards
from edgewise.perceive.hear import IN_DOUBT, UNSURE_BELOW
from edgewise.perceive.moonshine import NAME as MOONSHINE
from edgewise.perceive.recognise import LEAST_CONFIDENCE, Guess
from edgewise.sound.pcm import BYTES_PER_SAMPLE, Pcm
from edgewise.sound.resample import resample
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
    assert (heard.text, heard.engine) == ("Go forward ten meters", "english")
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


def heard_twice(monkeypatch: pytest.MonkeyPatch, first: Guess, second: Guess):
    needs_model("silero-vad")
    known = {MOONSHINE: Scripted(MOONSHINE, first), "chinese": Scripted("chinese", second)}
    monkeypatch.setattr(ears_process, "load_recogniser", lambda name, *_: known[name])
    ears = Hearing({Language.ENGLISH: MOONSHINE, Language.CHINESE: "chinese"})
    return ears.transcribe(Transcribe(recorded(), Language.ENGLISH), never)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("lock the doors", "unlock the doors"),
        ("unlock the doors", "and lock the doors"),
        ("open the left window", "open the right window"),
        ("close the boot", "open the boot"),
        ("don't call Bob", "do call Bob"),
        ("set it to 15 degrees", "set it to fifty degrees"),
    ],
)
@pytest.mark.parametrize("sure", [0.81, 0.4])
def test_two_recognisers_of_different_orders_leave_it_in_doubt(
    first: str, second: str, sure: float, monkeypatch: pytest.MonkeyPatch
):
    guesses = english(first, sure), english(second, 0.6)
    heard = heard_twice(monkeypatch, *guesses)
    assert heard.text == (first if sure > 0.6 else second)
    assert heard.confidence == IN_DOUBT < UNSURE_BELOW[Language.ENGLISH]
    assert heard.confidence > LEAST_CONFIDENCE


@pytest.mark.parametrize(("sure", "taken"), [(0.81, "Open the widow"), (0.4, "Open the window")])
def test_of_two_texts_of_one_order_the_surer_one_is_taken(
    sure: float, taken: str, monkeypatch: pytest.MonkeyPatch
):
    guesses = english("Open the widow", sure), english("Open the window", 0.7)
    heard = heard_twice(monkeypatch, *guesses)
    assert (heard.text, heard.confidence) == (taken, max(sure, 0.7))


def test_a_second_recogniser_that_invents_changes_nothing(monkeypatch: pytest.MonkeyPatch):
    heard = heard_twice(monkeypatch, english("lock it", 0.7), english("unlock it", 0.1))
    assert (heard.text, heard.confidence) == ("lock it", 0.7)


def test_what_is_sure_is_heard_once(monkeypatch: pytest.MonkeyPatch):
    sure = english("lock the doors", SURE)
    assert heard_twice(monkeypatch, sure, english("unlock it")).text == "lock the doors"
