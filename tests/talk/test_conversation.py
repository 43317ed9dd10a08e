"""A conversation with ears, voice and mind that are told what to hear, say and answer."""

import asyncio
from collections.abc import AsyncGenerator

from edgewise.core.words import Language
from edgewise.core.zone import Zone
from edgewise.errors import ModelError
from edgewise.talk.conversation import MOST_WAITING
from edgewise.talk.events import (
    Cleared,
    Committed,
    Ended,
    Failed,
    Hearing,
    ItemAdded,
    NotTranscribed,
    ReplyEnded,
    ReplyPaused,
    ReplyResumed,
    ReplySound,
    ReplyStarted,
    ReplyText,
    SpeechStarted,
    SpeechStopped,
    Transcribed,
    Truncated,
    Who,
)
from edgewise.talk.item import Item
from edgewise.talk.mind import Acted, Answer, Began, Question, Say
from edgewise.talk.settings import Settings, TurnEnd, Turns
from tests.talk.fakes import FakeEars, FakeMind, FakeVoice, Scene, quiet, speech

BY_CLIENT = Settings(turns=Turns(end=TurnEnd.CLIENT, replies=False))
PLAYS = Settings(turns=Turns(pauses=True))


async def endless(question: Question) -> AsyncGenerator[Answer, None]:
    await asyncio.Event().wait()
    yield Say("never")


async def act_and_wait(question: Question) -> AsyncGenerator[Answer, None]:
    yield Acted("c1", "window.open", {"zone": "driver"}, "open", done=True)
    await asyncio.Event().wait()


async def test_a_turn_is_heard_answered_and_remembered():
    scene = Scene(FakeEars("open the window"), FakeMind([Say("It is open.")]), FakeVoice())
    await scene.say(1)
    ended = await scene.until(ReplyEnded)
    kinds = [type(event) for event in scene.told if not isinstance(event, Hearing)]
    assert kinds == [
        SpeechStarted, SpeechStopped, Committed, Transcribed,
        ReplyStarted, ReplyText, ReplySound, ReplyEnded,
    ]  # fmt: skip
    assert scene.of(Transcribed)[0].text == "open the window"
    assert (ended.ended, ended.heard) == (Ended.COMPLETED, "It is open.")
    said, answered = scene.talk.items
    assert (said.who, said.text, said.by_sound) == (Who.PERSON, "open the window", True)
    assert (answered.who, answered.text) == (Who.AGENT, "It is open.")
    await scene.talk.close()


async def test_the_mind_is_told_who_spoke_from_where_and_how():
    settings = Settings(zone=Zone.PASSENGER, instructions="be brief", most_tokens=9)
    scene = Scene(FakeEars("开窗"), FakeMind([Say("好的")]), settings=settings)
    await scene.say(1)
    await scene.until(ReplyEnded)
    question = scene.mind.questions[0]
    assert (question.zone, question.language) == (Zone.PASSENGER, Language.CHINESE)
    assert (question.instructions, question.most_tokens, question.by_sound) == ("be brief", 9, True)
    await scene.talk.close()


async def test_the_first_clause_sounds_while_the_rest_is_thought():
    more = asyncio.Event()

    async def slowly(question: Question) -> AsyncGenerator[Answer, None]:
        yield Say("First, ")
        await more.wait()
        yield Say("second.")

    scene = Scene(FakeEars("go"), FakeMind(slowly), FakeVoice())
    await scene.say(1)
    assert (await scene.until(ReplySound)).says == "First,"
    assert not scene.of(ReplyEnded)
    more.set()
    assert (await scene.until(ReplyEnded)).text == "First, second."
    await scene.talk.close()


async def test_words_are_shown_while_speech_goes_on():
    scene = Scene(FakeEars("open the window"), FakeMind([]))
    scene.talk.hear(speech(640))
    assert (await scene.until(Hearing)).text == "open the window"
    assert scene.ears.asked[0][1] is False
    await scene.talk.close()


async def test_looks_wait_for_a_recogniser_that_does_not_keep_up():
    scene = Scene(FakeEars("open the window"), FakeMind([]))
    scene.ears.may_hear.clear()
    for _ in range(10):
        scene.talk.hear(speech(320))
        await scene.settle()
    assert len(scene.ears.asked) == 1
    scene.clock.advance(2.0)
    scene.ears.may_hear.set()
    await scene.until(Hearing)
    scene.talk.hear(speech(640))
    await scene.settle()
    assert len(scene.ears.asked) == 1
    await scene.talk.close()


async def test_the_text_of_the_first_silence_is_the_final_one():
    scene = Scene(FakeEars("open the window"), FakeMind([]), settings=Settings(partials=False))
    scene.ears.may_hear.clear()
    scene.talk.hear(speech(640) + quiet(256))
    await scene.until(SpeechStopped)
    scene.ears.may_hear.set()
    await scene.until(Transcribed)
    assert [final for _, final in scene.ears.asked] == [True]
    await scene.talk.close()


async def test_the_words_are_guessed_before_the_turn_can_be_over():
    scene = Scene(FakeEars("open the window"), FakeMind([]), settings=Settings(partials=False))
    scene.talk.hear(speech(640) + quiet(96))
    await scene.settle()
    assert [final for _, final in scene.ears.asked] == [True]
    scene.talk.hear(quiet(160))
    await scene.until(Transcribed)
    assert len(scene.ears.asked) == 1
    await scene.talk.close()


async def test_who_goes_on_after_a_pause_is_heard_whole():
    ears = FakeEars("open the", "open the window")
    ears.finished_by = 0.1
    scene = Scene(ears, FakeMind([]), settings=Settings(partials=False))
    scene.talk.hear(speech(640, 1) + quiet(320))
    await scene.settle()
    ears.finished_by = 0.9
    scene.talk.hear(speech(640, 2) + quiet(320))
    assert (await scene.until(Transcribed)).text == "open the window"
    assert len(scene.of(SpeechStarted)) == 1
    await scene.talk.close()


async def test_silence_alone_ends_a_turn_that_nobody_can_judge():
    ears = FakeEars("open the window")
    ears.finished_by = 0.0
    scene = Scene(ears, FakeMind([]))
    scene.talk.hear(speech(640) + quiet(1000))
    await scene.settle()
    assert not scene.of(SpeechStopped)
    scene.talk.hear(quiet(640))
    await scene.until(SpeechStopped)
    await scene.talk.close()


async def test_speech_ends_the_answer_and_only_what_was_heard_is_remembered():
    scene = Scene(FakeEars("hello", "wait"), FakeMind([Say("one two three four")], []), FakeVoice())
    await scene.say(1)
    await scene.until(ReplyEnded)
    scene.clock.advance(0.8)  # eight characters: "one two "
    scene.talk.hear(speech(128, 2))
    truncated = await scene.until(Truncated)
    assert truncated.at_ms == 800
    assert scene.talk.items[1].text == "one two "
    await scene.talk.close()


async def test_an_answer_that_is_still_made_ends_as_interrupted():
    async def long(question: Question) -> AsyncGenerator[Answer, None]:
        yield Say("one two three, ")
        await asyncio.Event().wait()

    scene = Scene(FakeEars("hello", "wait"), FakeMind(long, []), FakeVoice())
    await scene.say(1)
    await scene.until(ReplySound)
    scene.clock.advance(0.5)
    scene.talk.hear(speech(128, 2))
    ended = await scene.until(ReplyEnded)
    assert (ended.ended, ended.heard, ended.text) == (Ended.INTERRUPTED, "one ", "one two three, ")
    await scene.settle()
    assert scene.mind.closed == 1
    sounds = len(scene.of(ReplySound))
    await scene.rest()
    assert len(scene.of(ReplySound)) == sounds


async def test_a_player_that_can_pause_holds_at_once_and_goes_on_after_a_noise():
    ears, mind = FakeEars("hello", ""), FakeMind([Say("one two three four")])
    scene = Scene(ears, mind, FakeVoice(), PLAYS)
    await scene.say(1)
    await scene.until(ReplyEnded)
    scene.clock.advance(0.5)
    scene.talk.hear(speech(128, 2))
    await scene.until(ReplyPaused)
    scene.clock.advance(5.0)
    scene.talk.hear(quiet(320))
    await scene.until(ReplyResumed)
    assert not scene.of(Truncated)
    scene.clock.advance(1.2)
    assert scene.talk.items[1].text == "one two three four"
    await scene.talk.close()


async def test_a_player_that_can_pause_is_stopped_by_speech_longer_than_a_noise():
    scene = Scene(
        FakeEars("hello", "wait"), FakeMind([Say("one two three")], []), FakeVoice(), PLAYS
    )
    await scene.say(1)
    await scene.until(ReplyEnded)
    scene.clock.advance(0.4)
    scene.talk.hear(speech(128, 2))
    await scene.until(ReplyPaused)
    scene.clock.advance(0.2)
    scene.talk.hear(speech(160, 2))
    assert (await scene.until(Truncated)).at_ms == 400
    assert not scene.of(ReplyResumed)
    await scene.talk.close()


async def test_a_short_mhm_takes_no_turn_but_a_short_no_does():
    ears, mind = FakeEars("hello", "mhm", "no"), FakeMind([Say("one two three four five")], [])
    scene = Scene(ears, mind, FakeVoice(), PLAYS)
    await scene.say(1)
    await scene.until(ReplyEnded)
    await scene.say(2, 128)
    await scene.until(ReplyResumed)
    assert len(mind.questions) == 1
    await scene.say(3, 128)
    await scene.until(Truncated)
    await scene.until(ReplyEnded)
    assert mind.questions[1].items[-1].text == "no"
    await scene.talk.close()


async def test_no_sound_of_an_answer_begins_while_somebody_speaks():
    scene = Scene(FakeEars("hello", ""), FakeMind([Say("hi")]), FakeVoice())
    scene.voice.may_speak.clear()
    await scene.say(1)
    scene.talk.hear(speech(128, 2))
    await scene.until(SpeechStarted, 2)
    scene.voice.may_speak.set()
    await scene.settle()
    assert scene.voice.spoken == ["hi"]
    assert not scene.of(ReplySound)
    scene.talk.hear(quiet(320))
    await scene.until(ReplySound)
    assert [event.text for event in scene.of(Transcribed)] == ["hello", ""]
    await scene.talk.close()


async def test_words_said_before_anything_was_done_are_answered_together():
    mind = FakeMind(endless, [Say("done")])
    scene = Scene(FakeEars("open the", "window"), mind, FakeVoice())
    await scene.say(1)
    await scene.until(ReplyStarted)
    await scene.say(2)
    assert (await scene.until(ReplyEnded)).ended is Ended.INTERRUPTED
    assert (await scene.until(ReplyEnded)).ended is Ended.COMPLETED
    said = [item.text for item in mind.questions[1].items if item.text]
    assert said == ["open the", "window"]
    people = [item.id for item in mind.questions[1].items if item.who is Who.PERSON]
    assert mind.questions[1].asked == tuple(people)
    await scene.talk.close()


async def test_what_was_done_is_told_before_the_next_is_answered():
    go = asyncio.Event()

    async def act_then_tell(question: Question) -> AsyncGenerator[Answer, None]:
        yield Acted("c1", "window.open", {}, "open", done=True)
        await go.wait()
        yield Say("It is open.")

    mind = FakeMind(act_then_tell, [Say("next")])
    scene = Scene(FakeEars("open", "close"), mind, FakeVoice())
    await scene.say(1)
    await scene.until(ReplyStarted)
    await scene.say(2)
    await scene.settle()
    go.set()
    assert (await scene.until(ReplyEnded)).heard == "It is open."
    assert (await scene.until(ReplyEnded)).text == "next"
    await scene.talk.close()


async def test_what_was_begun_is_neither_cut_nor_asked_again_with_what_follows():
    go = asyncio.Event()

    async def begin_then_tell(question: Question) -> AsyncGenerator[Answer, None]:
        yield Began("c1")
        await go.wait()
        yield Acted("c1", "window.set", {}, "20", done=True)
        yield Say("It is lower.")

    mind = FakeMind(begin_then_tell, [Say("next")])
    scene = Scene(FakeEars("lower it by 20 percent", "please"), mind, FakeVoice())
    await scene.say(1)
    await scene.until(ReplyStarted)
    await scene.say(2)
    await scene.settle()
    go.set()
    assert (await scene.until(ReplyEnded)).ended is Ended.COMPLETED
    assert (await scene.until(ReplyEnded)).text == "next"
    assert len(mind.questions[1].asked) == 1
    await scene.talk.close()


async def test_who_speaks_over_an_answer_that_acts_silences_it_and_what_it_began_ends():
    go = asyncio.Event()

    async def tell_and_begin(question: Question) -> AsyncGenerator[Answer, None]:
        yield Began("c1")
        yield Say("OK all right", ends=True)
        await go.wait()
        yield Acted("c1", "window.set", {}, "20", done=True)
        yield Say(" It is lower.")

    mind = FakeMind(tell_and_begin, [Say("next")])
    scene = Scene(FakeEars("lower it", "and the mirror"), mind, FakeVoice())
    await scene.say(1)
    await scene.until(ReplySound)
    scene.clock.advance(0.2)
    await scene.say(2)
    assert (await scene.until(Truncated)).at_ms == 200
    assert mind.closed == 0
    go.set()
    ended = await scene.until(ReplyEnded)
    assert (ended.ended, ended.heard) == (Ended.COMPLETED, "OK")
    assert (await scene.until(ReplyEnded)).text == "next"
    assert scene.voice.spoken == ["OK all right", "next"]
    await scene.talk.close()


async def test_urgent_words_are_obeyed_at_once_where_speech_interrupts_nothing():
    settings = Settings(turns=Turns(interrupts=False))
    mind = FakeMind(act_and_wait, [Say("Stopped.")])
    scene = Scene(FakeEars("open all", "stop"), mind, FakeVoice(), settings)
    await scene.say(1)
    await scene.until(ReplyStarted)
    await scene.say(2)
    assert (await scene.until(ReplyEnded)).ended is Ended.INTERRUPTED
    assert (await scene.until(ReplyEnded)).text == "Stopped."
    await scene.talk.close()


async def test_urgent_words_cut_in_whatever_was_done():
    mind = FakeMind(act_and_wait, [Say("Stopped.")])
    scene = Scene(FakeEars("open all", "stop"), mind, FakeVoice())
    await scene.say(1)
    await scene.until(ReplyStarted)
    await scene.say(2)
    assert (await scene.until(ReplyEnded)).ended is Ended.INTERRUPTED
    assert (await scene.until(ReplyEnded)).text == "Stopped."
    assert len(mind.questions[1].asked) == 1
    await scene.talk.close()


async def test_without_interruption_speech_leaves_the_answer_alone():
    settings = Settings(turns=Turns(interrupts=False))
    scene = Scene(FakeEars("a", "b"), FakeMind([Say("one two")], [Say("x")]), FakeVoice(), settings)
    await scene.say(1)
    await scene.until(ReplyEnded)
    await scene.say(2)
    await scene.until(ReplyEnded)
    assert not scene.of(Truncated)
    assert scene.talk.items[1].text == "one two"
    await scene.talk.close()


async def test_a_client_that_ends_its_own_turns_commits_and_asks():
    scene = Scene(FakeEars("hello"), FakeMind([Say("hi")]), settings=BY_CLIENT)
    scene.talk.hear(speech(640))
    scene.talk.commit()
    scene.talk.reply()
    await scene.until(ReplyEnded)
    assert not scene.of(SpeechStarted)
    assert [item.text for item in scene.mind.questions[0].items] == ["hello"]
    await scene.talk.close()


async def test_nothing_is_committed_of_no_sound():
    scene = Scene(FakeEars(), FakeMind(), settings=BY_CLIENT)
    scene.talk.commit("c7")
    failed = await scene.until(Failed)
    assert (failed.code, failed.cause) == ("nothing_heard", "c7")
    await scene.talk.close()


async def test_cleared_sound_is_gone():
    scene = Scene(FakeEars("hello"), FakeMind(), settings=BY_CLIENT)
    scene.talk.hear(speech(640))
    scene.talk.clear()
    scene.talk.commit()
    await scene.until(Cleared)
    assert (await scene.until(Failed)).code == "nothing_heard"
    await scene.talk.close()


async def test_sound_that_nobody_commits_is_bounded_and_told_once():
    scene = Scene(FakeEars("hello"), FakeMind(), settings=BY_CLIENT)
    for _ in range(130):
        scene.talk.hear(quiet(1000))
    scene.talk.commit()
    await scene.until(Committed)
    assert [failed.code for failed in scene.of(Failed)] == ["sound_too_long"]
    transcribed = await scene.until(Transcribed)
    assert 120 <= transcribed.length_s < 121
    await scene.talk.close()


async def test_two_answers_at_once_are_refused():
    scene = Scene(FakeEars(), FakeMind(endless))
    scene.talk.reply()
    scene.talk.reply(cause="r2")
    failed = await scene.until(Failed)
    assert (failed.code, failed.cause) == ("reply_active", "r2")
    await scene.talk.close()


async def test_an_answer_is_cancelled_by_its_name_or_none():
    scene = Scene(FakeEars(), FakeMind(endless))
    scene.talk.reply()
    reply = (await scene.until(ReplyStarted)).reply
    scene.talk.cancel("resp_other", "x")
    assert (await scene.until(Failed)).code == "no_active_reply"
    scene.talk.cancel(reply)
    assert (await scene.until(ReplyEnded)).ended is Ended.CANCELLED
    scene.talk.cancel(cause="y")
    assert (await scene.until(Failed)).cause == "y"
    await scene.settle()
    assert scene.mind.closed == 1
    await scene.talk.close()


async def test_the_client_knows_best_what_was_played():
    scene = Scene(FakeEars("hello"), FakeMind([Say("one two three")]), FakeVoice())
    await scene.say(1)
    item = (await scene.until(ReplyEnded)).item
    scene.talk.truncate(item, 300)
    assert (await scene.until(Truncated)).at_ms == 300
    assert scene.talk.items[-1].text == "one"
    scene.talk.truncate(item, 99_999)
    assert (await scene.until(Truncated)).at_ms == 1300
    scene.talk.truncate("item_x", 1, "t3")
    assert (await scene.until(Failed)).code == "unknown_item"
    await scene.talk.close()


async def test_items_are_put_in_and_taken_out():
    scene = Scene(FakeEars(), FakeMind())
    scene.talk.add(Item("a", Who.PERSON, "first"))
    scene.talk.add(Item("b", Who.SYSTEM, "before"), "")
    scene.talk.add(Item("c", Who.PERSON, "x"), "nowhere", "c3")
    scene.talk.delete("a")
    assert (await scene.until(ItemAdded, 2)).previous == ""
    assert (await scene.until(Failed)).cause == "c3"
    await scene.settle()
    assert [item.id for item in scene.talk.items] == ["b"]
    await scene.talk.close()


async def test_ears_that_fail_cost_a_turn_and_not_the_conversation():
    scene = Scene(FakeEars("hello"), FakeMind([Say("hi")]), settings=Settings(partials=False))
    scene.ears.failure = ModelError("no ears", code="model_missing")
    await scene.say(1)
    assert (await scene.until(NotTranscribed)).code == "model_missing"
    scene.ears.failure = None
    await scene.say(1)
    await scene.until(ReplyEnded)
    await scene.talk.close()


async def test_a_voice_that_fails_costs_the_sound_and_not_the_words():
    scene = Scene(FakeEars("hello"), FakeMind([Say("one, two")]), FakeVoice())
    scene.voice.failure = ModelError("no voice", code="model_missing")
    await scene.say(1)
    ended = await scene.until(ReplyEnded)
    assert (ended.ended, ended.heard) == (Ended.COMPLETED, "one, two")
    assert [failed.code for failed in scene.of(Failed)] == ["model_missing"]
    await scene.talk.close()


async def test_a_mind_that_fails_ends_the_answer_as_failed():
    async def broken(question: Question) -> AsyncGenerator[Answer, None]:
        yield Say("I think")
        raise ModelError("it crashed", code="model_crashed")

    scene = Scene(FakeEars("hello"), FakeMind(broken))
    await scene.say(1)
    ended = await scene.until(ReplyEnded)
    assert (ended.ended, ended.code, ended.heard) == (Ended.FAILED, "model_crashed", "I think")
    await scene.talk.close()


async def test_what_is_not_for_all_ears_is_shown_without_sound():
    mind = FakeMind([Say("Here it is. "), Say("A secret.", aloud=False)])
    scene = Scene(FakeEars("hello"), mind, FakeVoice())
    await scene.say(1)
    ended = await scene.until(ReplyEnded)
    assert scene.voice.spoken == ["Here it is. "]
    assert ended.heard == "Here it is. A secret."
    await scene.talk.close()


async def test_one_who_reads_nothing_and_sends_all_loses_the_conversation():
    scene = Scene(FakeEars(), FakeMind())
    for number in range(MOST_WAITING + 1):
        scene.talk.delete(f"item{number}")
    await scene.rest()
    assert scene.told[-1] == scene.of(Failed)[-1]
    assert scene.of(Failed)[-1].code == "talk_overrun"


async def test_closing_leaves_no_task_behind():
    before = asyncio.all_tasks()
    scene = Scene(FakeEars("hello", "more"), FakeMind(endless), FakeVoice())
    await scene.say(1)
    await scene.until(ReplyStarted)
    scene.ears.may_hear.clear()
    scene.talk.hear(speech(640, 2) + quiet(160))
    await scene.settle()
    assert scene.ears.working
    await scene.rest()
    await scene.settle()
    assert asyncio.all_tasks() == before
    assert scene.ears.working == 0
    assert scene.mind.closed == 1


async def test_two_conversations_share_ears_and_nothing_else():
    ears = FakeEars("one", "two")
    first = Scene(ears, FakeMind([Say("a")]))
    second = Scene(ears, FakeMind([Say("b")]))
    await first.say(1)
    await second.say(2)
    assert (await first.until(ReplyEnded)).text == "a"
    assert (await second.until(ReplyEnded)).text == "b"
    assert [item.text for item in first.talk.items] == ["one", "a"]
    await first.talk.close()
    await second.talk.close()
