"""The person's side, where a wake word is wanted."""

import asyncio
from collections.abc import AsyncGenerator, Sequence

import pytest

from edgewise.talk.attending import MOST_PENDING
from edgewise.talk.events import (
    Committed,
    Failed,
    Hearing,
    Overheard,
    ReplyEnded,
    ReplyResumed,
    ReplySound,
    SpeechStarted,
    Transcribed,
    Truncated,
)
from edgewise.talk.mind import Answer, Awaits, Question, Say
from edgewise.talk.settings import Settings, TurnEnd, Turns
from edgewise.talk.waking import AWAKE_MS, Waking
from tests.talk.fakes import FakeEars, FakeMind, FakeVoice, Scene, quiet, speech
from tests.talk.test_own_voice import FakeEcho

WAKE = 99
"""The sentence that is the wake word."""
BY_WORD = Settings(wake=True)


class Spots:
    """Hears the word in the frames that are it."""

    def feed(self, data: bytes) -> str | None:
        return "hey_jarvis" if speech(32, WAKE) in data else None


def after(text: str, phrases: Sequence[str]) -> str | None:
    found = [text.removeprefix(phrase) for phrase in phrases if text.startswith(phrase)]
    return found[0].strip() if found else None


def scene(ears: FakeEars, mind: FakeMind, *, spots: bool = True, voice: bool = False) -> Scene:
    waking = Waking(Spots() if spots else None, ["hey jarvis"], after)
    return Scene(ears, mind, FakeVoice() if voice else None, BY_WORD, waking)


async def test_speech_without_the_wake_word_is_dropped_unheard():
    talk = scene(FakeEars("private"), FakeMind())
    await talk.say(1)
    assert (await talk.until(Overheard)).why == "no_wake_word"
    assert talk.ears.asked == []
    assert talk.talk.items == ()
    assert not talk.of(Hearing)
    assert not talk.of(Committed)
    await talk.talk.close()


async def test_what_follows_the_wake_word_is_answered_without_it():
    ears = FakeEars("hey jarvis open the window")
    ears.sentences = (*ears.sentences, *[""] * (WAKE - 2), "hey jarvis open the window")
    talk = scene(ears, FakeMind([Say("Open.")]))
    talk.talk.hear(quiet(96) + speech(640, 1))
    await talk.settle()
    assert not talk.of(Hearing)
    talk.talk.hear(speech(640, WAKE) + speech(640, 1) + quiet(320))
    assert (await talk.until(Transcribed)).text == "open the window"
    await talk.until(ReplyEnded)
    await talk.talk.close()


async def test_the_wake_word_alone_keeps_awake():
    ears = FakeEars("open the window")
    ears.sentences = (*ears.sentences, *[""] * (WAKE - 2), "hey jarvis")
    talk = scene(ears, FakeMind([Say("Open.")]))
    await talk.say(WAKE)
    assert (await talk.until(Transcribed)).text == ""
    talk.talk.hear(quiet(2000))
    await talk.say(1)
    assert (await talk.until(Transcribed)).text == "open the window"
    await talk.until(ReplyEnded)
    talk.talk.hear(quiet(AWAKE_MS + 1000))
    await talk.say(1)
    await talk.until(Overheard)
    await talk.talk.close()


async def test_an_answer_that_asks_is_answered_without_the_wake_word():
    ears = FakeEars("yes")
    ears.sentences = (*ears.sentences, *[""] * (WAKE - 2), "hey jarvis unlock")
    talk = scene(
        ears, FakeMind([Say("Shall I? (yes / no)"), Awaits()], [Say("Unlocked.")]), voice=True
    )
    await talk.say(WAKE)
    await talk.until(ReplyEnded)
    talk.talk.hear(quiet(8000))
    talk.clock.advance(3.0)
    await talk.say(1)
    assert (await talk.until(Transcribed)).text == "yes"
    assert (await talk.until(ReplyEnded)).text == "Unlocked."
    await talk.talk.close()


async def test_a_question_that_an_answer_only_quotes_opens_no_ear():
    ears = FakeEars("yes")
    ears.sentences = (*ears.sentences, *[""] * (WAKE - 2), "hey jarvis read it")
    talk = scene(ears, FakeMind([Say("From Bob: shall I open the boot?")]), voice=True)
    await talk.say(WAKE)
    await talk.until(ReplyEnded)
    talk.talk.hear(quiet(8000))
    talk.clock.advance(3.0)
    await talk.say(1)
    assert (await talk.until(Overheard)).why == "no_wake_word"
    await talk.talk.close()


async def test_the_wake_word_in_the_devices_own_voice_calls_nobody():
    ears = FakeEars("yes")
    ears.sentences = (*ears.sentences, *[""] * (WAKE - 2), "hey jarvis go on")
    echo = FakeEcho()
    mind = FakeMind([Say("From Bob: hey jarvis, open the boot")])
    talk = Scene(ears, mind, FakeVoice(), BY_WORD, Waking(Spots(), ["hey jarvis"], after), echo)
    talk.talk.reply()
    await talk.until(ReplySound)
    await talk.say(WAKE)
    echo.own = False
    talk.talk.hear(quiet(2000))
    await talk.say(1)
    assert [event.why for event in await talk.rest() if isinstance(event, Overheard)] == [
        "own_voice", "no_wake_word",
    ]  # fmt: skip


async def test_one_conversation_has_two_orders_at_the_ears_and_the_rest_waits():
    settings = Settings(turns=Turns(end=TurnEnd.CLIENT, replies=False), partials=False)
    talk = Scene(FakeEars("a"), FakeMind(), settings=settings)
    talk.ears.may_hear.clear()
    for _ in range(8):
        talk.talk.hear(speech(128))
        talk.talk.commit()
        await talk.settle()
    assert 1 <= talk.ears.working <= 2
    talk.ears.may_hear.set()
    await talk.until(Transcribed, 8)
    await talk.talk.close()


async def test_others_who_talk_do_not_end_the_answer_but_the_wake_word_does():
    ears = FakeEars("private")
    ears.sentences = (*ears.sentences, *[""] * (WAKE - 2), "hey jarvis wait")
    talk = scene(ears, FakeMind([Say("one two three four five six")], []), voice=True)
    await talk.say(WAKE)
    await talk.until(ReplySound)
    await talk.until(ReplyEnded)
    talk.talk.hear(quiet(AWAKE_MS + 100))
    talk.clock.advance(0.5)
    await talk.say(1)
    await talk.until(Overheard)
    assert not talk.of(Truncated)
    talk.talk.hear(speech(320, 1) + speech(320, WAKE))
    assert (await talk.until(Truncated)).at_ms == 500
    await talk.talk.close()


async def test_a_phrase_is_found_in_the_words_where_nothing_spots_it():
    ears = FakeEars("private", "hey jarvis open")
    talk = scene(ears, FakeMind([Say("Open.")]), spots=False)
    await talk.say(1)
    await talk.until(Overheard)
    assert talk.talk.items == ()
    await talk.say(2)
    assert (await talk.until(Transcribed)).text == "open"
    assert [type(e) for e in talk.told if isinstance(e, Committed | Transcribed)] == [
        Committed, Transcribed,
    ]  # fmt: skip
    await talk.until(ReplyEnded)
    await talk.talk.close()


async def test_a_wake_word_that_is_not_there_is_told():
    talk = Scene(FakeEars("hello"), FakeMind())
    talk.talk.configure(BY_WORD)
    assert (await talk.until(Failed)).code == "no_wake_word"
    assert talk.talk.settings == Settings()
    talk.talk.hear(speech(128))
    await talk.until(SpeechStarted)
    await talk.talk.close()


async def test_turns_that_pile_up_are_refused_and_hold_nothing_back():
    go = asyncio.Event()

    async def slow(question: Question) -> AsyncGenerator[Answer, None]:
        await go.wait()
        yield Say("late")

    settings = Settings(partials=False)
    talk = Scene(FakeEars("a", "b"), FakeMind(slow, []), FakeVoice(), settings)
    await talk.say(1)
    await talk.until(Transcribed)
    talk.ears.may_hear.clear()
    for _ in range(MOST_PENDING + 1):
        await talk.say(2)
    assert (await talk.until(Failed)).code == "talk_overrun"
    go.set()
    await talk.until(ReplySound)
    await talk.talk.close()


async def test_a_fault_in_one_turn_is_logged_and_the_next_is_answered(
    caplog: pytest.LogCaptureFixture,
):
    class Faulty(FakeMind):
        async def is_urgent(self, text: str) -> bool:
            if text == "a":
                raise RuntimeError("a fault of this mind")
            return await super().is_urgent(text)

    mind = Faulty([Say("one two three four five six")], [Say("yes")])
    talk = Scene(FakeEars("a", "b"), mind, FakeVoice(), Settings(turns=Turns(pauses=True)))
    await talk.say(2)
    await talk.until(ReplyEnded)
    await talk.say(1, 128)
    await talk.until(ReplyResumed)
    assert "a fault of this mind" in caplog.text
    await talk.say(2)
    assert (await talk.until(ReplyEnded)).text == "yes"
    await talk.talk.close()


async def test_no_look_begins_in_a_pause_where_it_would_hold_up_the_final_words():
    ears = FakeEars("open the window")
    talk = Scene(ears, FakeMind())
    talk.talk.hear(quiet(96) + speech(224) + quiet(64))  # a look is due in the silence
    await talk.settle()
    assert ears.asked == []
    talk.talk.hear(speech(32))
    await talk.settle()
    assert [is_final for _, is_final in ears.asked] == [False]
    await talk.rest()
