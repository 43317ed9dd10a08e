"""One turn's words: looks, guesses, the final."""

import asyncio

import pytest

from edgewise.core.words import Language
from edgewise.errors import ModelError
from edgewise.perceive.hear import Vocabulary
from edgewise.sound.pcm import Pcm
from edgewise.talk.settings import Settings
from edgewise.talk.transcribing import KEEPS_UP_S, LONGEST_LOOK_MS, Transcribing
from edgewise.testing.clock import ManualClock
from tests.talk.fakes import FakeEars, speech

SOUND = Pcm(speech(640))


def transcribing(
    ears: FakeEars, settings: Settings | None = None
) -> tuple[Transcribing, list[str], ManualClock]:
    shown: list[str] = []
    clock = ManualClock()
    return Transcribing(ears, settings or Settings(), clock, shown.append), shown, clock


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_a_look_is_taken_early_and_then_each_300_ms_of_speech():
    ears = FakeEars("open")
    words, shown, _ = transcribing(ears)
    for spoken_ms in (96, 224, 256, 540, 576):
        words.look(spoken_ms, lambda: SOUND)
        await settle()
    assert shown == ["open", "open"]
    words.close()


async def test_one_look_at_a_time_and_none_behind_a_slow_one():
    ears = FakeEars("open")
    words, shown, clock = transcribing(ears)
    ears.may_hear.clear()
    for spoken_ms in (320, 640, 960):
        words.look(spoken_ms, lambda: SOUND)
        await settle()
    assert len(ears.asked) == 1
    clock.advance(KEEPS_UP_S + 0.1)
    ears.may_hear.set()
    await settle()
    words.look(2000, lambda: SOUND)
    await settle()
    assert (len(ears.asked), shown) == (1, ["open"])


async def test_long_speech_is_not_looked_at():
    ears = FakeEars("open")
    words, _, _ = transcribing(ears)
    words.look(LONGEST_LOOK_MS + 1, lambda: SOUND)
    await settle()
    assert not ears.asked


async def test_a_guess_is_the_final_text_unless_speech_went_on():
    ears = FakeEars("open")
    words, _, _ = transcribing(ears)
    words.guess(640, SOUND, senses=True)
    assert (await words.final(SOUND)).text == "open"
    assert words.has_guessed(672)
    words.spoke(672)
    assert (await words.final(SOUND)).text == "open"
    assert len(ears.asked) == 1
    words.spoke(704)
    assert (await words.final(SOUND)).text == "open"
    assert len(ears.asked) == 2


async def test_a_guess_ends_the_look_in_progress():
    ears = FakeEars("open")
    words, _, _ = transcribing(ears)
    ears.may_hear.clear()
    words.look(320, lambda: SOUND)
    await settle()
    words.guess(640, SOUND, senses=True)
    await settle()
    assert ears.working == 1
    words.close()
    await settle()
    assert ears.working == 0


async def test_the_recogniser_is_told_language_and_likely_words():
    ears = FakeEars("开窗")
    settings = Settings(language=Language.CHINESE, vocabulary=Vocabulary(("车窗",)))
    words, _, _ = transcribing(ears, settings)
    heard = await words.final(SOUND)
    assert heard.language is Language.CHINESE
    assert ears.vocabularies == [Vocabulary(("车窗",))]


@pytest.mark.parametrize(("said", "language"), [("open", "en"), ("开窗", "zh")])
async def test_the_language_of_a_look_is_expected_of_what_follows(said: str, language: str):
    ears = FakeEars(said)
    words, _, _ = transcribing(ears)
    words.look(320, lambda: SOUND)
    await settle()
    await words.final(SOUND)
    assert ears.expected == [None, Language(language)]


async def test_a_look_in_which_nobody_spoke_makes_no_language_expected():
    ears = FakeEars("")
    words, _, _ = transcribing(ears)
    words.look(320, lambda: SOUND)
    await settle()
    await words.final(SOUND)
    assert ears.expected == [None, None]


async def test_what_fails_is_told_by_the_final_alone():
    ears = FakeEars("open")
    ears.failure = ModelError("gone", code="model_crashed")
    words, shown, _ = transcribing(ears)
    words.look(320, lambda: SOUND)
    await settle()
    assert shown == []
    with pytest.raises(ModelError):
        await words.final(SOUND)


async def test_whether_they_have_finished_is_asked_with_the_guess():
    ears = FakeEars("open")
    ears.finished_by = 0.7
    words, _, _ = transcribing(ears)
    assert await words.finished() == 0.0
    words.guess(640, SOUND, senses=True)
    assert await words.finished() == 0.7
    words.guess(900, SOUND, senses=False)
    assert await words.finished() == 0.0
    words.close()
